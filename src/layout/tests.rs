//! Laws of a drawing, on the graphs of `tests/layout` and on random ones.

use super::score::score;
use super::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn graph(text: &str) -> Graph {
    graph_json::read(text).expect("a graph of tests/layout")
}

fn given_graphs() -> Vec<Graph> {
    [
        include_str!("../../tests/layout/instagram.json"),
        include_str!("../../tests/layout/set12.json"),
        include_str!("../../tests/layout/set24.json"),
    ]
    .map(graph)
    .into()
}

#[test]
fn given_graphs_are_drawn_without_fault() {
    for graph in given_graphs() {
        let score = score(&graph, &lay_out(&graph));
        assert_eq!(score.faults(), 0, "{score:?}");
    }
}

#[test]
fn the_same_graph_gives_the_same_drawing() {
    let graph = graph(include_str!("../../tests/layout/set12.json"));
    assert_eq!(lay_out(&graph), lay_out(&graph));
}

#[test]
fn an_unchanged_graph_is_drawn_again_to_the_pixel() {
    let graph = graph(include_str!("../../tests/layout/set24.json"));
    let drawing = lay_out(&graph);
    assert_eq!(lay_out_again(&graph, &graph, &drawing, &Options::default()), drawing);
}

/// Pairs of nodes of the same box whose order along an axis differs between two drawings.
fn flipped_pairs(graph: &Graph, a: &Layout, b: &Layout) -> usize {
    let mut flips = 0;
    for i in 0..a.nodes.len() {
        for j in (0..i).filter(|&j| graph.nodes[i].parent == graph.nodes[j].parent) {
            let apart = |l: &Layout| {
                let (r, s) = (l.nodes[i], l.nodes[j]);
                let x = i32::from(r.x + r.width <= s.x) - i32::from(s.x + s.width <= r.x);
                let y = i32::from(r.y + r.height <= s.y) - i32::from(s.y + s.height <= r.y);
                (x, y)
            };
            let (p, q) = (apart(a), apart(b));
            flips += usize::from(p.0 * q.0 < 0 || p.1 * q.1 < 0);
        }
    }
    flips
}

#[test]
fn a_small_edit_flips_no_pair() {
    for graph in given_graphs() {
        let before = lay_out(&graph);
        let mut edited = graph.clone();
        edited.edges.pop();
        edited.nodes.push(Node {
            id: "new".into(),
            size: Size { width: 120, height: 52 },
            ..Node::default()
        });
        edited.edges.push(Edge {
            id: "new".into(),
            from: End::Node(0),
            to: End::Node(graph.nodes.len()),
            label: None,
        });
        let after = lay_out_again(&edited, &graph, &before, &Options::default());
        assert_eq!(score(&edited, &after).faults(), 0);
        assert_eq!(flipped_pairs(&graph, &before, &after), 0);
    }
}

#[test]
fn hints_are_followed() {
    let mut graph = graph(include_str!("../../tests/layout/set12.json"));
    graph.hints = vec![Hint::LeftOf(1, 0), Hint::Above(2, 1)];
    let layout = lay_out(&graph);
    let middle = |i: usize| {
        (layout.nodes[i].x + layout.nodes[i].width / 2, layout.nodes[i].y + layout.nodes[i].height / 2)
    };
    assert!(middle(1).0 < middle(0).0 && middle(2).1 < middle(1).1);
}

#[test]
fn nothing_is_drawn_of_an_empty_graph() {
    let layout = lay_out(&Graph::default());
    assert!(layout.nodes.is_empty() && layout.groups.is_empty() && layout.edges.is_empty());
}

#[test]
fn a_parent_that_does_not_exist_counts_as_none() {
    let mut graph = Graph::default();
    graph.nodes.push(Node {
        id: "a".into(),
        parent: Some(7),
        size: Size { width: 80, height: 40 },
        rank: None,
    });
    graph.groups.push(Group { id: "g".into(), parent: Some(3), title: Size::default() });
    graph.edges.push(Edge { id: "e".into(), from: End::Node(0), to: End::Node(5), label: None });
    let layout = lay_out(&graph);
    assert_eq!((layout.nodes.len(), layout.groups.len()), (1, 1));
    assert!(layout.edges[0].points.is_empty());
}

#[test]
fn two_thousand_nodes_are_drawn() {
    let mut graph = Graph::default();
    for g in 0..100 {
        graph.groups.push(Group { id: format!("g{g}"), parent: None, title: Size { width: 60, height: 24 } });
        for n in 0..20 {
            let size = Size { width: 120 + 8 * (n % 5), height: 52 };
            graph.nodes.push(Node { id: format!("n{g}.{n}"), parent: Some(g as usize), size, rank: None });
        }
    }
    for e in 0..60_usize {
        let (from, to) = (End::Node(e * 13), End::Node((e * 13 + 31) % 2_000));
        graph.edges.push(Edge { id: format!("e{e}"), from, to, label: None });
    }
    let layout = lay_out(&graph);
    assert_eq!(score(&graph, &layout).faults(), 0);
}

/// Nodes in boxes in boxes, edges between any two ends: loops, parallels, ends inside one another.
fn any_graph() -> impl Strategy<Value = Graph> {
    let sizes = (60..200_i32, 40..90_i32);
    let nodes = prop::collection::vec((sizes, 0..6_usize, prop::option::of(0..10_u8)), 0..11);
    let groups = prop::collection::vec((0..5_usize, 0..160_i32), 0..5);
    let edges = prop::collection::vec((0..16_usize, 0..16_usize, prop::option::of(20..90_i32)), 0..12);
    (nodes, groups, edges, any::<bool>()).prop_map(|(nodes, groups, edges, down)| {
        let mut graph =
            Graph { direction: if down { Direction::Down } else { Direction::Right }, ..Graph::default() };
        for (i, (parent, title)) in groups.iter().enumerate() {
            let parent = parent.checked_sub(1).filter(|&p| p < i);
            graph.groups.push(Group {
                id: format!("g{i}"),
                parent,
                title: Size { width: *title, height: 24 },
            });
        }
        for (i, ((width, height), parent, rank)) in nodes.iter().enumerate() {
            let parent = parent.checked_sub(1).filter(|&p| p < graph.groups.len());
            let size = Size { width: *width, height: *height };
            graph.nodes.push(Node { id: format!("n{i}"), parent, size, rank: *rank });
        }
        let count = graph.nodes.len() + graph.groups.len();
        for (i, (from, to, label)) in edges.iter().enumerate().filter(|_| count > 0) {
            let end = |k: usize| {
                let k = k % count;
                if k < graph.nodes.len() { End::Node(k) } else { End::Group(k - graph.nodes.len()) }
            };
            let label = label.map(|width| Size { width, height: 18 });
            graph.edges.push(Edge { id: format!("e{i}"), from: end(*from), to: end(*to), label });
        }
        graph
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24, rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn any_graph_is_drawn_without_fault(graph in any_graph()) {
        let layout = lay_out_with(&graph, &Options { seeds: 1, ..Options::default() });
        let score = score(&graph, &layout);
        prop_assert_eq!(score.faults(), 0, "{:?}\n{:?}", score, layout);
    }

    #[test]
    fn everything_lies_inside_the_drawing(graph in any_graph()) {
        let layout = lay_out_with(&graph, &Options { seeds: 1, ..Options::default() });
        let inside = |x: i32, y: i32| 0 <= x && x <= layout.size.width && 0 <= y && y <= layout.size.height;
        for r in layout.nodes.iter().chain(&layout.groups) {
            prop_assert!(inside(r.x, r.y) && inside(r.x + r.width, r.y + r.height));
        }
        for p in layout.edges.iter().flat_map(|e| &e.points) {
            prop_assert!(inside(p.x, p.y));
        }
    }
}
