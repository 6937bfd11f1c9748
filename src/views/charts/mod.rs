//! Numbers of a design as charts: utilization, cost, growth, where the time of a flow goes, and what moves
//! a target.

mod cost;
mod growth;
mod latency;
mod tornado;
mod utilization;

use super::View;
use crate::compile::Design;
use crate::model::Element;
use crate::render::scene::Hue;
use crate::schema::Kind;

/// More bars than this are not read at a glance.
const MOST_BARS: usize = 25;

/// Every chart that has something to show.
pub(super) fn views(design: &Design) -> Vec<View> {
    let mut views = Vec::new();
    views.extend(utilization::view(design));
    views.extend(growth::view(design));
    views.extend(cost::view(design));
    views.extend(latency::views(design));
    views.extend(tornado::views(design));
    views
}

/// The hue of an element's family, as on its card.
fn hue(element: &Element) -> Hue {
    match element.kind {
        Kind::Service | Kind::Worker | Kind::Function | Kind::Job => Hue::Blue,
        Kind::Balancer | Kind::Gateway | Kind::Cdn => Hue::Magenta,
        Kind::Store => Hue::Green,
        Kind::Cache => Hue::Orange,
        Kind::Queue | Kind::Topic => Hue::Violet,
        Kind::Actor | Kind::External => Hue::Slate,
    }
}

/// What a chart leaves out: `and 12 more below 3%`; empty where it leaves out nothing.
fn left_out(count: usize, below: &str) -> String {
    if count == 0 { String::new() } else { format!("and {count} more below {below}") }
}
