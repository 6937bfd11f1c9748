//! Graph in, coordinates out: nested boxes placed as rows and columns, edges routed
//! orthogonally, labels on their own edge.
//!
//! The module knows nothing of designs, colours or text: it sees sizes, nesting,
//! ranks and hints, and answers in whole pixels. The same graph gives the same
//! coordinates on every machine: own seeded generator, no transcendental function in
//! a decision, no hash order.

mod arrange;
mod cost;
mod engine;
mod grid;
mod label;
mod nudge;
mod peace;
mod place;
mod route;
mod simplex;
mod stability;
mod tally;
mod tree;
mod widen;

pub mod graph_json;
pub mod lock;
pub mod score;

#[cfg(test)]
mod tests;

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Size {
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
}

/// A point; y grows downwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Point {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
}

/// An axis-parallel rectangle by its top left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Rect {
    /// Left.
    pub x: i32,
    /// Top.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
}

/// The main reading direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Direction {
    /// Top to bottom.
    #[default]
    Down,
    /// Left to right.
    Right,
}

/// A node: a card of a fixed size.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Node {
    /// Stable name, unique among nodes and boxes; ties are broken by it.
    pub id: String,
    /// The box that it stands in, by index; `None` at the top.
    pub parent: Option<usize>,
    /// Size of the card.
    pub size: Size,
    /// Preferred place along the reading direction, small first (clients 0 … stores 9); `None`: no preference.
    pub rank: Option<u8>,
}

/// A box around nodes and other boxes.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Group {
    /// Stable name, unique among nodes and boxes.
    pub id: String,
    /// The box that it stands in, by index into `groups`, always smaller than its own.
    pub parent: Option<usize>,
    /// The title band: the box is at least this wide and keeps this height free at its top.
    pub title: Size,
}

/// One end of an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    /// A node, by index.
    Node(usize),
    /// A box, by index.
    Group(usize),
}

/// A directed edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Stable name.
    pub id: String,
    /// Where it starts.
    pub from: End,
    /// Where its arrow points.
    pub to: End,
    /// Size of its label, if it has one.
    pub label: Option<Size>,
}

/// An author's wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// The first node stands left of the second.
    LeftOf(usize, usize),
    /// The first node stands above the second.
    Above(usize, usize),
    /// The node keeps this place.
    Pin(usize, Point),
}

/// What is to be laid out.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Graph {
    /// Reading direction.
    pub direction: Direction,
    /// Cards, in source order: the order in which the author wrote them is the first guess.
    pub nodes: Vec<Node>,
    /// Boxes, parents before children.
    pub groups: Vec<Group>,
    /// Edges.
    pub edges: Vec<Edge>,
    /// Wishes.
    pub hints: Vec<Hint>,
}

/// The way of one edge.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Route {
    /// Corners from the border of the source to the border of the target; at least two points, horizontal and
    /// vertical runs only.
    pub points: Vec<Point>,
    /// Where its label stands.
    pub label: Option<Rect>,
}

/// Where everything stands; indexes are those of the [`Graph`].
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Layout {
    /// Extent of the whole drawing; everything lies inside.
    pub size: Size,
    /// One rectangle a node.
    pub nodes: Vec<Rect>,
    /// One rectangle a box.
    pub groups: Vec<Rect>,
    /// One route an edge.
    pub edges: Vec<Route>,
}

/// How much work a drawing is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Independent attempts, of which the best is taken; at least one. Large graphs get fewer.
    pub seeds: u64,
    /// Whether edges against the reading direction are to be avoided at any price.
    pub strict_flow: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { seeds: 7, strict_flow: false }
    }
}

/// Lays out a graph with the usual effort.
pub fn lay_out(graph: &Graph) -> Layout {
    lay_out_with(graph, &Options::default())
}

/// Lays out a graph.
pub fn lay_out_with(graph: &Graph, options: &Options) -> Layout {
    engine::run(graph, options)
}

/// Lays out a graph so that it stays close to an earlier drawing of an earlier version of it: what both have keeps its
/// line and order, new items get the cheapest slots. Items are known by their names.
pub fn lay_out_again(graph: &Graph, earlier: &Graph, drawing: &Layout, options: &Options) -> Layout {
    engine::run_again(graph, (earlier, drawing), options)
}
