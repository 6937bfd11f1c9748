//! Laws of a drawing, on the graphs of `tests/layout` and on random ones.

use super::score::score;
use super::*;

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
