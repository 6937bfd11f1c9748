//! The order of the stages: plans, ways, distances, labels; the best of several drawings wins.

use super::arrange::{self, Plan};
use super::cost::{Terms, Whole};
use super::grid::Grid;
use super::label;
use super::nudge;
use super::peace::{Peace, Verdict};
use super::place::Placer;
use super::route::{Request, Router};
use super::score::{Score, score};
use super::stability;
use super::tree::Tree;
use super::widen::{self, Rules, Scene, Stage};
use super::{Graph, Layout, Options, Point, Rect, Route, Size};
use crate::numeric::random::Rng;

/// Changes that placement tries for one seed: so many, so many more for each node, and no more than that.
const BASE_TRIALS: usize = 1_500;
const NODE_TRIALS: usize = 75;
const MOST_TRIALS: usize = 100_000;
/// Changes of the best plan that are routed, for each seed, and by how much they may look worse before they are.
const POLISH: u64 = 4;
const POLISH_SLACK: i64 = 400;
/// Times that edges are routed anew until all labels have room.
const ATTEMPTS: usize = 4;
/// Drawings with more edges get less of everything that takes long.
const LARGE: usize = 300;
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
    /// Where items stood in an earlier drawing; empty without one.
    earlier: Vec<Option<Rect>>,
}

/// Lays out a graph.
pub(super) fn run(graph: &Graph, options: &Options) -> Layout {
    let shop = Workshop::new(graph);
    let placer = Placer::new(graph, &shop.tree, options.strict_flow);
    let size = graph.nodes.len();
    let trials = (BASE_TRIALS + NODE_TRIALS * size).min(MOST_TRIALS);
    let seeds = match size {
        0..=60 => options.seeds.max(1),
        61..=120 => options.seeds.clamp(1, 3),
        _ => 1,
    };
    let mut best: Option<(i64, Plan)> = None;
    for seed in 0..seeds {
        let mut plan = placer.first_plan(seed);
        placer.improve(&mut plan, &mut Rng::new(seed), trials, trials / 2);
        if seeds == 1 {
            return shop.draw(&plan);
        }
        let price = shop.appraise(&placer.terms, &plan);
        if best.as_ref().is_none_or(|(least, _)| price < *least) {
            best = Some((price, plan));
        }
    }
    best.map(|best| shop.draw(&polish(&shop, &placer, best, seeds))).unwrap_or_default()
}

/// Changes of the best plan, kept if the routed drawing is better for them.
fn polish(shop: &Workshop, placer: &Placer, (mut price, mut plan): (i64, Plan), seeds: u64) -> Plan {
    let mut judge = Whole::new(&placer.terms);
    let mut rng = Rng::new(seeds);
    for _ in 0..seeds * POLISH {
        let Some(trial) = placer.vary(&plan, POLISH_SLACK, &mut judge, &mut rng) else { break };
        let worth = shop.appraise(&placer.terms, &trial);
        if worth < price {
            (price, plan) = (worth, trial);
        }
    }
    plan
}

/// Lays out a graph after an earlier drawing.
pub(super) fn run_again(graph: &Graph, earlier: (&Graph, &Layout), options: &Options) -> Layout {
    let mut shop = Workshop::new(graph);
    let placer = Placer::new(graph, &shop.tree, options.strict_flow);
    match stability::plan(&placer.terms, earlier) {
        Some((plan, places)) => {
            shop.earlier = places;
            shop.draw(&plan)
        }
        None => run(graph, options),
    }
}

/// What makes one drawing better than another, in tenths of a pixel of mean edge length.
mod merit {
    /// A fault outweighs everything else.
    pub(super) const FAULT: i64 = 1_000_000;
    /// A wish of the author that is not met: worse than anything but a fault.
    pub(super) const WISH: i64 = 500_000;
    /// A crossing for every edge.
    pub(super) const CROSSING: i64 = 34_000;
    /// A corner for every edge.
    pub(super) const BEND: i64 = 1_500;
    /// All edges against the reading direction.
    pub(super) const AGAINST: i64 = 16_000;
    /// A pixel of mean edge length.
    pub(super) const LENGTH: i64 = 10;
    /// A drawing as large as its cards.
    pub(super) const AREA: i64 = 600;
    /// The same for what goes beyond [`ROOMY`], in thousandths.
    pub(super) const WASTE: i64 = 10;
    /// Times the area of its cards, in thousandths: 15 % are covered.
    pub(super) const ROOMY: i64 = 6_700;
    /// A thousandth of proportion outside 10 to 11 and 19 to 10.
    pub(super) const ASPECT: i64 = 12;
}

/// One number for a drawing; less is better.
fn worth(score: &Score, edges: usize) -> i64 {
    let edges = i64::try_from(edges.max(1)).unwrap_or(i64::MAX);
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let area = i64::from(score.width) * i64::from(score.height);
    let (w, h) = (i64::from(score.width.max(1)), i64::from(score.height.max(1)));
    let lopsided = (w * 1000 / h - 1800).max(0) + (h * 1100 / w - 1000).max(0);
    let cards = score.card_area.max(1);
    let of_edges = merit::CROSSING * count(score.crossings)
        + merit::BEND * count(score.bends)
        + merit::AGAINST * count(score.against)
        + merit::LENGTH * score.length;
    merit::FAULT * count(score.faults())
        + of_edges / edges
        + merit::AREA * area / cards
        + merit::WASTE * (area * 1000 / cards - merit::ROOMY).max(0)
        + merit::ASPECT * lopsided
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
            requests.push(Request { from, to, lonely: 0 });
            edges.push(e);
            labels.push(
                edge.label.map(|l| Size { width: l.width.clamp(1, 4_000), height: l.height.clamp(1, 4_000) }),
            );
        }
        Self { graph, tree, titles, requests, edges, labels, ends, earlier: Vec::new() }
    }

    /// What a drawing by this plan would be worth: edges are routed and pulled apart, but labels left out.
    fn appraise(&self, terms: &Terms, plan: &Plan) -> i64 {
        let rects = arrange::locate(self.graph, &self.tree, plan);
        let heights: Vec<i32> = self.titles.iter().map(|t| t.height).collect();
        let grid = Grid::new(&self.tree, &rects, plan, &self.ends, &heights);
        let mut router = Router::new(&self.tree, &rects, &self.titles, &grid, &self.requests);
        router.route_all(self.rounds().min(2));
        let wires = nudge::wires(&grid, &router.paths, &self.requests);
        let mut scene = Scene { rects, wires };
        self.settle(&mut scene, plan, 0..FIRST_WITH_LABELS);
        let mut score = score(self.graph, &self.finish(&scene));
        score.label_missing = 0;
        let middle = |i: usize| {
            let r = scene.rects[i];
            (r.x + r.width / 2, r.y + r.height / 2)
        };
        let unmet = i64::try_from(terms.unmet_wishes(middle)).unwrap_or(0);
        worth(&score, self.graph.edges.len()) + merit::WISH * unmet
    }

    /// From a plan to a drawing. An edge whose label found no room is routed anew, away from others.
    fn draw(&self, plan: &Plan) -> Layout {
        let rects = arrange::locate(self.graph, &self.tree, plan);
        let heights: Vec<i32> = self.titles.iter().map(|t| t.height).collect();
        let grid = Grid::new(&self.tree, &rects, plan, &self.ends, &heights);
        let mut router = Router::new(&self.tree, &rects, &self.titles, &grid, &self.requests);
        router.route_all(self.rounds());
        let attempts = if self.requests.len() > LARGE { 2 } else { ATTEMPTS };
        for attempt in 0..attempts {
            let wires = nudge::wires(&grid, &router.paths, &self.requests);
            let mut scene = Scene { rects: rects.clone(), wires };
            if attempt > 0 {
                self.loosen(&mut scene);
            }
            let first = if attempt == 0 { 0 } else { FIRST_WITH_LABELS };
            self.settle(&mut scene, plan, first..PASSES.len());
            let bare = |w: &&nudge::Wire| w.tag.is_none() && self.labels[w.edge].is_some();
            let bare: Vec<usize> = scene.wires.iter().filter(bare).map(|w| w.edge).collect();
            if bare.is_empty() || attempt + 1 == attempts {
                return self.finish(&scene);
            }
            router.isolate(&bare);
        }
        Layout::default()
    }

    /// Times that every edge is routed again in view of all others.
    fn rounds(&self) -> usize {
        match self.requests.len() {
            0..LARGE => 8,
            LARGE..1000 => 1,
            _ => 0,
        }
    }

    /// Moves everything to twice its distance, cards at their sizes: what only happens to lie side by side does so no
    /// more, and labels find room before anything is drawn together.
    fn loosen(&self, scene: &mut Scene) {
        for (item, r) in scene.rects.iter_mut().enumerate() {
            if self.tree.is_block(item) {
                (r.x, r.y) = (2 * r.x + r.width - r.width / 2, 2 * r.y + r.height - r.height / 2);
                (r.x, r.y) = (r.x - r.width % 2, r.y - r.height % 2);
            } else {
                *r = Rect { x: 2 * r.x, y: 2 * r.y, width: 2 * r.width, height: 2 * r.height };
            }
        }
        for run in scene.wires.iter_mut().flat_map(|w| &mut w.runs) {
            run.pos *= 2;
        }
    }

    /// Distances without labels, then with them.
    fn settle(&self, scene: &mut Scene, plan: &Plan, passes: std::ops::Range<usize>) {
        let steps = 40_000_000 / (scene.wires.len() * 10 + self.tree.root() + 100);
        let mut peace = Peace::new(scene.wires.len());
        let mut at = passes.start;
        while let Some(&(x, stage)) = PASSES[..passes.end].get(at) {
            if at == FIRST_WITH_LABELS {
                label::choose(scene, &self.tree, &self.labels, &peace.banned);
            }
            let rules = Rules {
                tree: &self.tree,
                titles: &self.titles,
                plan,
                steps,
                squeeze: &peace.squeeze,
                stubborn: &peace.stubborn,
                stage,
                earlier: &self.earlier,
            };
            match widen::pass(scene, rules, x) {
                Ok(()) => {
                    join(scene);
                    at += 1;
                }
                Err(stuck) => match peace.settle(scene, &stuck) {
                    Verdict::Again => {}
                    Verdict::FromLabels => at = at.min(FIRST_WITH_LABELS),
                    Verdict::Skip => at += 1,
                },
            }
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
