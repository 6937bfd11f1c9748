//! Scenes as SVG: one theme for light and dark, whole pixels, the same bytes everywhere.
//!
//! Browsers, resvg and librsvg shall agree, so there is no `var()`, no `foreignObject` and no
//! script; every baseline is a number; colours are class rules.

mod boundaries;
mod cards;
mod chart;
mod diagram;
mod document;
mod edges;
mod escape;
mod icons;
mod legend;
mod path;
mod sequence;
mod theme;

pub use diagram::{diagram, graph};
pub use document::{FONT_400, FONT_600, FontSource, Options, Theme};

use super::scene::Scene;
use crate::layout::{self, Layout};

/// Draws any scene; diagrams are laid out afresh.
pub fn scene(scene: &Scene, options: &Options) -> String {
    match scene {
        Scene::Diagram(scene) => diagram(scene, &lay_out(&graph(scene)), options),
        Scene::Sequence(scene) => sequence::draw(scene, options),
        Scene::Bars(scene) => chart::bars(scene, options),
        Scene::Waterfall(scene) => chart::waterfall(scene, options),
        Scene::Lines(scene) => chart::lines(scene, options),
    }
}
