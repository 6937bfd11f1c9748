//! The JSON form of graphs and layouts, for measuring the engine against others and for looking at one graph alone.
//!
//! Reads `{name, dir, groups: [{id, label, parent}], nodes: [{id, kind, parent, w, h}], edges: [{id, src, dst, label,
//! lw, lh}]}`; writes `{dir, nodes: [{id, x, y, w, h, parent, group}], edges: [{id, src, dst, points, label}]}`.
//! Pure: text in, text out.

use super::{Direction, Edge, End, Graph, Group, Layout, Node, Rect, Size};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct GraphText {
    #[serde(default)]
    dir: Option<String>,
    #[serde(default)]
    groups: Vec<GroupText>,
    nodes: Vec<NodeText>,
    #[serde(default)]
    edges: Vec<EdgeText>,
}

#[derive(Deserialize)]
struct GroupText {
    id: String,
    #[serde(default)]
    label: String,
    #[serde(default)]
    parent: Option<String>,
}

#[derive(Deserialize)]
struct NodeText {
    id: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    parent: Option<String>,
    w: f64,
    h: f64,
}

#[derive(Deserialize)]
struct EdgeText {
    id: String,
    src: String,
    dst: String,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    lw: f64,
    #[serde(default)]
    lh: f64,
}

/// Height of a title band: a line of 12 px and its margins.
const TITLE_HEIGHT: i32 = 24;
/// Mean width of a bold letter of a 12 px title, and both its margins.
const TITLE_LETTER: i32 = 7;
const TITLE_MARGIN: i32 = 24;

/// Why a graph could not be read.
#[derive(Debug, thiserror::Error)]
pub enum GraphError {
    /// The text is not JSON of the expected form.
    #[error("not a graph in JSON: {0}")]
    Form(#[from] serde_json::Error),
    /// A parent or an end of an edge names nothing.
    #[error("`{0}` names no node or box of this graph")]
    Unknown(String),
    /// A box stands in itself.
    #[error("box `{0}` stands inside itself")]
    Circle(String),
}

/// Where kinds of nodes like to stand along the reading direction; none for kinds that say nothing.
fn rank_of(kind: &str) -> Option<u8> {
    Some(match kind {
        "client" => 0,
        "cdn" | "lb" => 1,
        "gateway" => 2,
        "service" => 4,
        "queue" => 5,
        "worker" => 6,
        "cache" => 7,
        "db" | "blob" => 8,
        "ext" => 9,
        _ => return None,
    })
}

fn pixels(length: f64) -> i32 {
    length.ceil().clamp(0.0, 20_000.0) as i32
}

/// Reads a graph.
///
/// # Errors
/// If the text has another form, names something unknown, or nests a box in itself.
pub fn read(text: &str) -> Result<Graph, GraphError> {
    let source: GraphText = serde_json::from_str(text)?;
    let order = parents_first(&source.groups)?;
    let groups: FxHashMap<&str, usize> =
        order.iter().enumerate().map(|(at, &i)| (source.groups[i].id.as_str(), at)).collect();
    let nodes: FxHashMap<&str, usize> =
        source.nodes.iter().enumerate().map(|(i, n)| (n.id.as_str(), i)).collect();
    let inside = |parent: &Option<String>| match parent {
        None => Ok(None),
        Some(id) => groups.get(id.as_str()).map(|&g| Some(g)).ok_or_else(|| GraphError::Unknown(id.clone())),
    };
    let end = |id: &str| {
        let node = nodes.get(id).map(|&n| End::Node(n));
        node.or_else(|| groups.get(id).map(|&g| End::Group(g)))
            .ok_or_else(|| GraphError::Unknown(id.to_owned()))
    };
    let mut graph = Graph {
        direction: if source.dir.as_deref() == Some("LR") { Direction::Right } else { Direction::Down },
        ..Graph::default()
    };
    for &i in &order {
        let group = &source.groups[i];
        let letters = i32::try_from(group.label.chars().count().min(1000)).unwrap_or(0);
        let width = if letters == 0 { 0 } else { letters * TITLE_LETTER + TITLE_MARGIN };
        let height = if letters == 0 { 0 } else { TITLE_HEIGHT };
        let title = Size { width, height };
        graph.groups.push(Group { id: group.id.clone(), parent: inside(&group.parent)?, title });
    }
    for node in &source.nodes {
        let size = Size { width: pixels(node.w), height: pixels(node.h) };
        let rank = rank_of(&node.kind);
        graph.nodes.push(Node { id: node.id.clone(), parent: inside(&node.parent)?, size, rank });
    }
    for edge in &source.edges {
        let named = edge.label.as_deref().is_some_and(|l| !l.is_empty());
        let label = named.then(|| Size { width: pixels(edge.lw), height: pixels(edge.lh) });
        graph.edges.push(Edge { id: edge.id.clone(), from: end(&edge.src)?, to: end(&edge.dst)?, label });
    }
    Ok(graph)
}

/// An order of the boxes in which parents precede their children.
fn parents_first(groups: &[GroupText]) -> Result<Vec<usize>, GraphError> {
    let index: FxHashMap<&str, usize> = groups.iter().enumerate().map(|(i, g)| (g.id.as_str(), i)).collect();
    let mut done = vec![false; groups.len()];
    let mut order = Vec::with_capacity(groups.len());
    for start in 0..groups.len() {
        let mut chain = Vec::new();
        let mut at = start;
        while !done[at] {
            if chain.len() > groups.len() {
                return Err(GraphError::Circle(groups[start].id.clone()));
            }
            chain.push(at);
            let Some(parent) = groups[at].parent.as_deref() else { break };
            at = *index.get(parent).ok_or_else(|| GraphError::Unknown(parent.to_owned()))?;
        }
        for &i in chain.iter().rev() {
            done[i] = true;
            order.push(i);
        }
    }
    Ok(order)
}

fn rect_json(r: Rect) -> Value {
    json!({"x": r.x, "y": r.y, "w": r.width, "h": r.height})
}

/// Writes a layout in the generic form, one line of JSON.
pub fn write(graph: &Graph, layout: &Layout) -> String {
    let group_id = |g: Option<usize>| g.and_then(|g| graph.groups.get(g)).map(|g| g.id.as_str());
    let item = |id: &str, parent: Option<usize>, r: Rect, group: bool| {
        json!({"id": id, "parent": group_id(parent), "group": group,
            "x": r.x, "y": r.y, "w": r.width, "h": r.height})
    };
    let boxes = graph.groups.iter().zip(&layout.groups).map(|(g, &r)| item(&g.id, g.parent, r, true));
    let cards = graph.nodes.iter().zip(&layout.nodes).map(|(n, &r)| item(&n.id, n.parent, r, false));
    let end_id = |end: End| match end {
        End::Node(i) => graph.nodes.get(i).map(|n| n.id.as_str()),
        End::Group(i) => graph.groups.get(i).map(|g| g.id.as_str()),
    };
    let edges = graph.edges.iter().zip(&layout.edges).map(|(edge, route)| {
        let points: Vec<[i32; 2]> = route.points.iter().map(|p| [p.x, p.y]).collect();
        json!({"id": edge.id, "src": end_id(edge.from), "dst": end_id(edge.to),
            "points": points, "label": route.label.map(rect_json)})
    });
    let dir = if graph.direction == Direction::Right { "LR" } else { "TB" };
    let nodes: Vec<Value> = boxes.chain(cards).collect();
    let edges: Vec<Value> = edges.collect();
    json!({"dir": dir, "nodes": nodes, "edges": edges}).to_string()
}
