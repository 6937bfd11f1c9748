//! Designs to scenes: what each picture shows, worded for a reader.
//!
//! A view chooses elements, aggregates steps into arrows, and puts numbers and findings on
//! them; it computes no fact and knows nothing of pixels, colours or formats.

mod blast;
mod charts;
mod common;
mod consistency;
mod containers;
mod context;
mod custom;
mod data;
mod deployment;
mod difference;
mod fold;
mod reliability;
mod sequence;
mod trust;

use crate::compile::Design;
use crate::render::scene::Scene;

/// What a view shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ViewKind {
    /// The system among people and other systems.
    Context,
    /// Its elements and how they call each other.
    Containers,
    /// Where its replicas stand.
    Deployment,
    /// Its data and where they are kept.
    Data,
    /// Which data cross which trust boundary.
    Trust,
    /// A flow step by step.
    Sequence,
    /// How busy each element is, as a chart.
    Utilization,
    /// What breaks first as the load grows, as a chart.
    Growth,
    /// What each element costs, as a chart.
    Cost,
    /// Where the time of a flow goes, as a chart.
    Latency,
    /// What the reads of a flow are given, hop by hop.
    Consistency,
    /// How a flow fails, as a fault tree.
    FaultTree,
    /// What must work for a flow, as a reliability block diagram.
    Blocks,
    /// What goes down with an element.
    Blast,
    /// What moves a number, as a chart.
    Tornado,
    /// What changed between two versions.
    Difference,
    /// A view of the author's own.
    Custom,
}

impl ViewKind {
    /// The word for it in file names and headings.
    pub fn word(self) -> &'static str {
        match self {
            ViewKind::Context => "context",
            ViewKind::Containers => "containers",
            ViewKind::Deployment => "deployment",
            ViewKind::Data => "data",
            ViewKind::Trust => "trust",
            ViewKind::Sequence => "sequence",
            ViewKind::Utilization => "utilization",
            ViewKind::Growth => "growth",
            ViewKind::Cost => "cost",
            ViewKind::Latency => "latency",
            ViewKind::Consistency => "consistency",
            ViewKind::FaultTree => "fault tree",
            ViewKind::Blocks => "blocks",
            ViewKind::Blast => "blast",
            ViewKind::Tornado => "tornado",
            ViewKind::Difference => "difference",
            ViewKind::Custom => "view",
        }
    }

    /// Whether it shows numbers, not elements.
    pub fn is_chart(self) -> bool {
        matches!(
            self,
            ViewKind::Utilization | ViewKind::Growth | ViewKind::Cost | ViewKind::Latency | ViewKind::Tornado
        )
    }
}

/// A picture of a design.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Its name, unique in the design: `containers`, `flow_view_feed`, `media`.
    pub name: String,
    /// Its heading.
    pub title: String,
    /// What it shows.
    pub kind: ViewKind,
    /// The flow that it is about, where it is about one.
    pub flow: Option<crate::model::FlowId>,
    /// The picture.
    pub scene: Scene,
}

/// Every view of a design: the standard ones that have something to show, one for each flow, the author's own.
pub fn views(design: &Design) -> Vec<View> {
    let mut views = Vec::new();
    views.extend(context::view(design));
    views.extend(containers::views(design));
    views.extend(deployment::view(design));
    views.extend(data::view(design));
    views.extend(trust::view(design));
    views.extend(sequence::views(design));
    views.extend(charts::views(design));
    views.extend(consistency::views(design));
    views.extend(custom::views(design));
    views
}

/// The fault tree and the reliability block diagram of every flow; a document does without them.
pub fn reliability_views(design: &Design) -> Vec<View> {
    reliability::views(design)
}

/// What goes down with an element, and how fast: one for each element, drawn where it is asked for.
pub fn blast_radius(design: &Design, element: crate::model::ElementId) -> View {
    blast::view(design, element)
}

/// The view of this name in two versions as one picture: what came, went and changed, with what is gone as a ghost.
pub use difference::{NoDifference, difference};

/// The name under which the title of a design stands.
pub fn system_title(design: &Design) -> String {
    common::system_title(design)
}
