//! Drawings that an author keeps: where the cards and boxes of each view stood, as a readable file.
//!
//! Holds names and rectangles only; routes and labels are found anew. Pure: text in, text out; who reads and
//! writes the file is decided above.

use super::{Graph, Group, Layout, Node, Options, Rect, Size, lay_out, lay_out_again};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The kept drawings of a design, by view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    views: BTreeMap<String, Drawing>,
}

/// Where the things of one view stood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Drawing {
    #[serde(default)]
    boxes: BTreeMap<String, Place>,
    #[serde(default)]
    cards: BTreeMap<String, Place>,
}

/// One rectangle: the box that it stands in (empty at the top), its top left corner, its width and height.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    #[serde(default, rename = "in")]
    parent: String,
    at: [i32; 2],
    size: [i32; 2],
}

/// The largest coordinate that a kept drawing may have: far beyond any picture, and far from an overflow.
const LARGEST: i32 = 1_000_000;

impl Lock {
    /// Reads the file; the error names the place in it.
    ///
    /// # Errors
    ///
    /// The text of the TOML reader, or which view has a rectangle outside every picture.
    pub fn read(text: &str) -> Result<Lock, String> {
        let views: BTreeMap<String, Drawing> =
            toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
        for (name, drawing) in &views {
            for (id, place) in drawing.boxes.iter().chain(&drawing.cards) {
                let [x, y] = place.at;
                let [width, height] = place.size;
                let fits = [x, y].iter().all(|v| (-LARGEST..=LARGEST).contains(v))
                    && [width, height].iter().all(|v| (1..=LARGEST).contains(v));
                if !fits {
                    return Err(format!("`{id}` of view `{name}` stands outside every picture"));
                }
            }
        }
        Ok(Lock { views })
    }

    /// The file: views, boxes and cards by name, a line each.
    pub fn write(&self) -> String {
        let mut out = String::from(
            "# Where things stand in the pictures; `--lock` writes it, every drawing keeps to it.\n",
        );
        for (view, drawing) in &self.views {
            for (table, places) in [("boxes", &drawing.boxes), ("cards", &drawing.cards)] {
                if places.is_empty() {
                    continue;
                }
                let _ = writeln!(out, "\n[{}.{table}]", key(view));
                for (id, Place { parent, at: [x, y], size: [width, height] }) in places {
                    let parent =
                        if parent.is_empty() { String::new() } else { format!("in = {}, ", quoted(parent)) };
                    let id = key(id);
                    let _ = writeln!(out, "{id} = {{ {parent}at = [{x}, {y}], size = [{width}, {height}] }}");
                }
            }
        }
        out
    }

    /// Keeps the drawing of a view, in place of the one before.
    pub fn keep(&mut self, view: &str, graph: &Graph, layout: &Layout) {
        let name = |parent: Option<usize>| {
            parent.and_then(|p| graph.groups.get(p)).map(|g| g.id.clone()).unwrap_or_default()
        };
        let place = |parent, rect: &Rect| Place {
            parent: name(parent),
            at: [rect.x, rect.y],
            size: [rect.width, rect.height],
        };
        let boxes = graph.groups.iter().zip(&layout.groups).map(|(g, r)| (g.id.clone(), place(g.parent, r)));
        let cards = graph.nodes.iter().zip(&layout.nodes).map(|(n, r)| (n.id.clone(), place(n.parent, r)));
        let drawing = Drawing { boxes: boxes.collect(), cards: cards.collect() };
        self.views.insert(view.to_owned(), drawing);
    }

    /// Whether it keeps no drawing.
    pub fn is_empty(&self) -> bool {
        self.views.is_empty()
    }

    /// The kept drawing of a view as the engine knows drawings.
    fn earlier(&self, view: &str) -> Option<(Graph, Layout)> {
        let drawing = self.views.get(view)?;
        let mut graph = Graph::default();
        let mut layout = Layout::default();
        let at: BTreeMap<&str, usize> = drawing.boxes.keys().map(String::as_str).zip(0..).collect();
        let parent = |place: &Place| at.get(place.parent.as_str()).copied();
        let rect = |place: &Place| Rect {
            x: place.at[0],
            y: place.at[1],
            width: place.size[0],
            height: place.size[1],
        };
        for (id, place) in &drawing.boxes {
            graph.groups.push(Group { id: id.clone(), parent: parent(place), title: Size::default() });
            layout.groups.push(rect(place));
        }
        for (id, place) in &drawing.cards {
            let size = Size { width: place.size[0], height: place.size[1] };
            graph.nodes.push(Node { id: id.clone(), parent: parent(place), size, rank: None });
            layout.nodes.push(rect(place));
        }
        Some((graph, layout))
    }
}

/// Lays out the graph of a view close to the drawing that is kept of it, else afresh.
pub fn lay_out_kept(view: &str, graph: &Graph, lock: Option<&Lock>) -> Layout {
    match lock.and_then(|lock| lock.earlier(view)) {
        Some((earlier, drawing)) => lay_out_again(graph, &earlier, &drawing, &Options::default()),
        None => lay_out(graph),
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A name as a key of TOML: bare where it may be.
fn key(text: &str) -> String {
    let bare = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if bare { text.to_owned() } else { quoted(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{Edge, End};

    /// Two boxes with a row of cards each, every card calling the one below it.
    fn graph(cards: usize) -> Graph {
        let mut graph = Graph::default();
        for (at, name) in ["upper \"one\"", "lower"].into_iter().enumerate() {
            let title = Size { width: 80, height: 24 };
            graph.groups.push(Group { id: name.to_owned(), parent: None, title });
            for card in 0..cards {
                let size = Size { width: 120, height: 56 };
                let id = format!("{name}.{card}");
                graph.nodes.push(Node { id, parent: Some(at), size, rank: Some(at as u8) });
            }
        }
        for card in 0..cards {
            let (from, to) = (End::Node(card), End::Node(cards + card));
            graph.edges.push(Edge { id: format!("edge {card}"), from, to, label: None });
        }
        graph
    }

    fn kept(graph: &Graph) -> (Lock, Layout) {
        let layout = lay_out(graph);
        let mut lock = Lock::default();
        lock.keep("containers", graph, &layout);
        (lock, layout)
    }

    #[test]
    fn a_file_reads_back_as_what_was_kept() {
        let (lock, _) = kept(&graph(4));
        assert_eq!(Lock::read(&lock.write()), Ok(lock));
    }

    #[test]
    fn an_unchanged_view_is_drawn_again_to_the_pixel() {
        let graph = graph(4);
        let (lock, layout) = kept(&graph);
        assert_eq!(lay_out_kept("containers", &graph, Some(&lock)), layout);
    }

    #[test]
    fn a_new_leaf_flips_no_pair_of_the_others() {
        let before = graph(5);
        let (lock, old) = kept(&before);
        let mut after = before.clone();
        let size = Size { width: 120, height: 56 };
        after.nodes.push(Node { id: "new".to_owned(), parent: Some(0), size, rank: None });
        let new = lay_out_kept("containers", &after, Some(&lock));
        for a in 0..old.nodes.len() {
            for b in 0..old.nodes.len() {
                let order = |nodes: &[Rect]| (nodes[a].x.cmp(&nodes[b].x), nodes[a].y.cmp(&nodes[b].y));
                assert_eq!(order(&old.nodes), order(&new.nodes), "cards {a} and {b}");
            }
        }
    }

    #[test]
    fn what_is_no_drawing_is_refused_with_its_place() {
        assert!(
            Lock::read("[containers.cards]\nx = { at = [1], size = [1, 2] }")
                .is_err_and(|e| e.contains("line 2"))
        );
        assert!(
            Lock::read("[containers.cards]\nx = { at = [1, 2], size = [0, 2] }")
                .is_err_and(|e| e.contains("`x`"))
        );
        assert!(Lock::read("[containers.spots]\n").is_err());
    }
}
