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
mod outline;
mod path;
mod sequence;
pub(in crate::render) mod theme;

pub use chart::{bars, lines, waterfall};
pub use diagram::{diagram, graph};
pub use document::{FONT_400, FONT_600, FontSource, Options, Theme};
pub use sequence::draw as sequence;

use super::scene::Scene;
use crate::layout;

/// Draws any scene; diagrams are laid out afresh.
pub fn scene(scene: &Scene, options: &Options) -> String {
    match scene {
        Scene::Diagram(scene) => diagram(scene, &layout::lay_out(&graph(scene)), options),
        Scene::Sequence(scene) => sequence(scene, options),
        Scene::Bars(scene) => bars(scene, options),
        Scene::Waterfall(scene) => waterfall(scene, options),
        Scene::Lines(scene) => lines(scene, options),
    }
}
