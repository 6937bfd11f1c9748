//! The order of the stages: plans, ways, distances, labels; the best of several drawings wins.

use super::arrange::{self, Plan};
use super::grid::Grid;
use super::label;
use super::nudge;
use super::place::Placer;
use super::rng::Rng;
use super::route::{Request, Router};
use super::score::{Score, score};
use super::tree::Tree;
use super::widen::{self, Rules, Scene, Stage, Stuck};
use super::{Graph, Layout, Options, Point, Rect, Route, Size};

/// Contradictions that may be resolved before a pass is given up.
const ATTEMPTS: usize = 80;
/// Distances may be squeezed so far before a label is moved.
const EASY_SQUEEZE: usize = 2;
/// Axis (x or not) and treatment of labels of each pass.
const PASSES: [(bool, Stage); 6] = [
    (true, Stage::Along),
    (false, Stage::Along),
    (true, Stage::Along),
    (false, Stage::Across),
    (true, Stage::Whole),
    (false, Stage::Whole),
];
/// The first two passes only pull the tracks apart, so that labels find out where there is room.
const FIRST_WITH_LABELS: usize = 2;

/// Everything about a graph that no stage changes.
struct Workshop<'a> {
    graph: &'a Graph,
    tree: Tree,
    titles: Vec<Size>,
    /// Edges that exist, by index of the graph.
    requests: Vec<Request>,
    edges: Vec<usize>,
    /// Sizes of labels, by request.
    labels: Vec<Option<Size>>,
    ends: Vec<bool>,
}

/// Lays out a graph.
pub(super) fn run(graph: &Graph, options: &Options) -> Layout {
    let shop = Workshop::new(graph);
    let placer = Placer::new(graph, &shop.tree, options.strict_flow);
    let mut best: Option<(i64, Layout)> = None;
    let size = graph.nodes.len().max(1);
    let effort = (6_000 + 300 * size).min(400_000);
    for seed in 0..options.seeds.max(1) {
        let mut plan = placer.first_plan();
        placer.improve(&mut plan, &mut Rng::new(seed), effort);
        let layout = shop.draw(&plan);
        let price = worth(&score(graph, &layout), graph.edges.len());
        if best.as_ref().is_none_or(|(least, _)| price < *least) {
            best = Some((price, layout));
        }
    }
    best.map(|(_, layout)| layout).unwrap_or_default()
}

/// One number for a drawing, in thousandths of a crossing per ten edges; less is better.
fn worth(score: &Score, edges: usize) -> i64 {
    let edges = i64::try_from(edges.max(1)).unwrap_or(i64::MAX);
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let area = i64::from(score.width) * i64::from(score.height);
    let (w, h) = (i64::from(score.width.max(1)), i64::from(score.height.max(1)));
    let wide = (w * 1000 / h - 1900).max(0) + (h * 1100 / w - 1000).max(0);
    1_000_000 * count(score.faults())
        + (10_000 * count(score.crossings) + 1_500 * count(score.bends) + 8_000 * count(score.against))
            / edges
        + score.length * 10 / edges
        + area * 333 / score.card_area.max(1)
        + wide * 4
}

impl<'a> Workshop<'a> {
    fn new(graph: &'a Graph) -> Self {
        let tree = Tree::new(graph);
        let titles = (0..=tree.root()).map(|i| arrange::title(graph, &tree, i)).collect();
        let mut ends = vec![false; tree.root() + 1];
        let (mut requests, mut edges, mut labels) = (Vec::new(), Vec::new(), Vec::new());
        for (e, edge) in graph.edges.iter().enumerate() {
            let (Some(from), Some(to)) = (tree.item(edge.from), tree.item(edge.to)) else { continue };
            (ends[from], ends[to]) = (true, true);
            requests.push(Request { from, to });
            edges.push(e);
            labels.push(
                edge.label.map(|l| Size { width: l.width.clamp(1, 4_000), height: l.height.clamp(1, 4_000) }),
            );
        }
        Self { graph, tree, titles, requests, edges, labels, ends }
    }

    /// From a plan to a drawing.
    fn draw(&self, plan: &Plan) -> Layout {
        let rects = arrange::locate(self.graph, &self.tree, plan);
        let heights: Vec<i32> = self.titles.iter().map(|t| t.height).collect();
        let grid = Grid::new(&self.tree, &rects, plan, &self.ends, &heights);
        let mut router = Router::new(&self.tree, &rects, &self.titles, &grid, &self.requests);
        router.route_all(if self.requests.len() > 300 { 1 } else { 3 });
        let wires = nudge::wires(&grid, &router.paths, &self.requests);
        let mut scene = Scene { rects, wires };
        self.settle(&mut scene, plan);
        self.finish(&scene)
    }

    /// Distances without labels, then with them.
    fn settle(&self, scene: &mut Scene, plan: &Plan) {
        let steps = 40_000_000 / (scene.wires.len() * 10 + self.tree.root() + 100);
        let mut squeeze = vec![0; scene.wires.len()];
        let mut stubborn = vec![false; scene.wires.len()];
        let mut banned = Vec::new();
        let mut at = 0;
        for _ in 0..ATTEMPTS {
            let Some(&(x, stage)) = PASSES.get(at) else { break };
            if at == FIRST_WITH_LABELS {
                label::choose(scene, &self.tree, &self.labels, &banned);
            }
            let rules = Rules {
                tree: &self.tree,
                titles: &self.titles,
                plan,
                steps,
                squeeze: &squeeze,
                stubborn: &stubborn,
                stage,
            };
            let Err(Stuck { labels, runs }) = widen::pass(scene, rules, x) else {
                join(scene);
                at += 1;
                continue;
            };
            let slack = runs.iter().any(|&w| squeeze[w] < EASY_SQUEEZE);
            for &w in &runs {
                squeeze[w] += usize::from(labels.is_empty() || squeeze[w] < EASY_SQUEEZE);
            }
            if !slack {
                for &w in &labels {
                    if stubborn[w] {
                        banned.extend(scene.wires[w].tag.map(|tag| (w, tag.run)));
                    }
                    stubborn[w] = !stubborn[w];
                }
            }
            at = at.min(FIRST_WITH_LABELS);
        }
    }

    fn finish(&self, scene: &Scene) -> Layout {
        let nodes = self.tree.nodes;
        let mut layout = Layout {
            size: Size::default(),
            nodes: scene.rects[..nodes].to_vec(),
            groups: scene.rects[nodes..self.tree.root()].to_vec(),
            edges: vec![Route::default(); self.graph.edges.len()],
        };
        let whole = scene.rects[self.tree.root()];
        layout.size = Size { width: whole.width, height: whole.height };
        for wire in &scene.wires {
            let route = &mut layout.edges[self.edges[wire.edge]];
            route.points = points(wire, &scene.rects);
            route.label = label::tag_rect(wire);
        }
        layout
    }
}

/// Corners of a wire.
fn points(wire: &nudge::Wire, rects: &[Rect]) -> Vec<Point> {
    let mut points = Vec::new();
    let mut add = |vertical: bool, pos: i32, along: i32| {
        let p = if vertical { Point { x: pos, y: along } } else { Point { x: along, y: pos } };
        if points.last() != Some(&p) {
            points.push(p);
        }
    };
    for (k, run) in wire.runs.iter().enumerate() {
        let (from, to) = label::run_span(wire, k, rects);
        add(run.vertical, run.pos, from);
        add(run.vertical, run.pos, to);
    }
    points
}

/// Makes one run of two that a jog of no length joins.
fn join(scene: &mut Scene) {
    for wire in &mut scene.wires {
        let mut k = 1;
        while k + 1 < wire.runs.len() {
            let labelled = wire.tag.is_some_and(|tag| tag.run == k);
            if wire.runs[k - 1].pos != wire.runs[k + 1].pos || labelled {
                k += 1;
                continue;
            }
            wire.runs.drain(k..k + 2);
            if let Some(tag) = &mut wire.tag
                && tag.run > k
            {
                tag.run = if tag.run == k + 1 { k - 1 } else { tag.run - 2 };
            }
        }
    }
}
