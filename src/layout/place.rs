//! Placement: which item stands in which line of its box, and in which order.
//!
//! Boxes are improved one at a time against everything outside, from the leaves to the root and back, by threshold
//! accepting (Dueck, Scheuer 1990: like annealing, without an exponential in the decision); small drawings get a pass
//! over the whole as well. Edges count as straight lines between centres. The price list is [`price`].

use super::arrange::{self, Lines, Plan};
use super::rng::Rng;
use super::tree::Tree;
use super::{Direction, Edge, Graph, Hint, Rect, Size};

/// Prices in pixels of edge length.
mod price {
    /// Two straight lines that cross: about the detour that a reader would accept to avoid it.
    pub(super) const CROSSING: i64 = 130;
    /// A line over a card or box that it has no business with: it will have to go around.
    pub(super) const THROUGH: i64 = 110;
    /// An edge against the reading direction.
    pub(super) const AGAINST: i64 = 220;
    /// Two items against the order of their ranks, for each step of rank.
    pub(super) const RANK: i64 = 14;
    /// Square pixels of drawing that weigh as much as one pixel of edge.
    pub(super) const AREA: i64 = 190;
    /// A pixel outside the wanted proportions of the whole drawing.
    pub(super) const ASPECT: i64 = 5;
    /// A wish of the author that is not met.
    pub(super) const HINT: i64 = 100_000;
}

/// Widest and narrowest wanted proportion of a drawing, in sixteenths: 1.15 and 1.8.
const ASPECT_RANGE: (i64, i64) = (18, 29);
/// Above this number of edges at one box crossings are not counted any more: the count is quadratic.
const CROSSING_LIMIT: usize = 400;

/// A straight line of an edge, with the two items that it joins (as children of the box at work, or nodes).
#[derive(Clone, Copy)]
struct Wire {
    ends: [(i32, i32); 2],
    items: [usize; 2],
    /// Whether its direction counts.
    flows: bool,
}

/// Everything that does not change while places are sought.
pub(super) struct Placer<'a> {
    graph: &'a Graph,
    tree: &'a Tree,
    /// Ends of each edge as items; edges to nowhere and loops are left out.
    links: Vec<(usize, usize)>,
    /// Mean rank of the nodes inside an item, in hundredths.
    ranks: Vec<Option<i64>>,
    /// Strict flow: an edge against the reading direction costs as much as an unmet hint.
    strict: bool,
}

impl<'a> Placer<'a> {
    pub(super) fn new(graph: &'a Graph, tree: &'a Tree, strict: bool) -> Self {
        let links = graph.edges.iter().filter_map(|e| link(tree, e)).collect();
        let mut sums = vec![(0_i64, 0_i64); tree.root() + 1];
        for (i, node) in graph.nodes.iter().enumerate() {
            let Some(rank) = node.rank else { continue };
            let mut item = i;
            loop {
                sums[item].0 += i64::from(rank) * 100;
                sums[item].1 += 1;
                if item == tree.root() {
                    break;
                }
                item = tree.parent[item];
            }
        }
        let ranks = sums.iter().map(|&(sum, n)| (n > 0).then(|| sum / n)).collect();
        Self { graph, tree, links, ranks, strict }
    }

    /// The first guess: one line a rank in every box, in source order inside; lines of about equal length.
    pub(super) fn first_plan(&self) -> Plan {
        let mut plan: Plan = vec![Lines::default(); self.tree.root() + 1];
        for &item in &self.tree.boxes {
            let mut children = self.tree.children[item].clone();
            children.sort_by_key(|&c| self.ranks[c].unwrap_or(500) / 100);
            let per_line = children.len().isqrt().max(1);
            let lists: Vec<Vec<usize>> = children.chunks(per_line).map(<[usize]>::to_vec).collect();
            plan[item] = Lines::from_lists(self.graph.direction == Direction::Down, &lists);
        }
        plan
    }

    /// Improves a plan with a number of trials in all.
    pub(super) fn improve(&self, plan: &mut Plan, rng: &mut Rng, effort: usize) {
        let sweeps = 4;
        let busy: Vec<usize> =
            self.tree.boxes.iter().copied().filter(|&b| self.tree.children[b].len() > 1).collect();
        let items: usize = busy.iter().map(|&b| self.tree.children[b].len()).sum::<usize>().max(1);
        for sweep in 0..sweeps {
            let mut order = busy.clone();
            if sweep % 2 == 0 {
                order.reverse();
            }
            for item in order {
                let share = effort * self.tree.children[item].len() / items / sweeps;
                self.improve_box(plan, item, rng, share, sweep == 0);
            }
        }
        if self.links.len() <= CROSSING_LIMIT {
            self.improve_whole(plan, rng, effort / 6);
        }
    }

    /// Cost of a whole plan.
    pub(super) fn cost(&self, plan: &Plan) -> i64 {
        let rects = arrange::locate(self.graph, self.tree, plan);
        self.cost_of(&rects)
    }

    fn cost_of(&self, rects: &[Rect]) -> i64 {
        let tree = self.tree;
        let wires: Vec<Wire> = self
            .links
            .iter()
            .map(|&(a, b)| Wire { ends: [centre(rects[a]), centre(rects[b])], items: [a, b], flows: true })
            .collect();
        let mut cost = self.wire_cost(&wires);
        for wire in &wires {
            for (item, &rect) in rects.iter().enumerate().take(tree.root()) {
                if !tree.contains(item, wire.items[0])
                    && !tree.contains(item, wire.items[1])
                    && passes(rect, wire.ends)
                {
                    cost += price::THROUGH;
                }
            }
        }
        for item in &tree.boxes {
            cost += self.rank_cost(&tree.children[*item], |i| centre(rects[i]));
        }
        let whole = rects[tree.root()];
        cost + Self::extent_cost(whole.width, whole.height) + self.hint_cost(|i| centre(rects[i]))
    }

    /// Length, direction and crossings of straight lines.
    fn wire_cost(&self, wires: &[Wire]) -> i64 {
        let mut cost = 0;
        let against = if self.strict { price::HINT / 10 } else { price::AGAINST };
        for wire in wires {
            let [(ax, ay), (bx, by)] = wire.ends;
            cost += i64::from((ax - bx).abs() + (ay - by).abs());
            let back = if self.graph.direction == Direction::Down { ay - by } else { ax - bx };
            if wire.flows && back > 1 {
                cost += against;
            }
        }
        if wires.len() <= CROSSING_LIMIT {
            for (i, a) in wires.iter().enumerate() {
                for b in &wires[..i] {
                    if cross(a.ends, b.ends) {
                        cost += price::CROSSING;
                    }
                }
            }
        }
        cost
    }

    fn rank_cost(&self, children: &[usize], at: impl Fn(usize) -> (i32, i32)) -> i64 {
        let mut cost = 0;
        if children.len() > 60 {
            return 0;
        }
        for (k, &a) in children.iter().enumerate() {
            for &b in &children[..k] {
                let (Some(ra), Some(rb)) = (self.ranks[a], self.ranks[b]) else { continue };
                let (pa, pb) = (at(a), at(b));
                let step = if self.graph.direction == Direction::Down { pa.1 - pb.1 } else { pa.0 - pb.0 };
                if i64::from(step) * (ra - rb) < 0 {
                    cost += price::RANK * (ra - rb).abs() / 100;
                }
            }
        }
        cost
    }

    fn extent_cost(width: i32, height: i32) -> i64 {
        let (w, h) = (i64::from(width), i64::from(height));
        let (least, most) = ASPECT_RANGE;
        let tall = (h * least - w * 16).max(0) / 16;
        let wide = (w * 16 - h * most).max(0) / 16;
        w * h / price::AREA + (tall + wide) * price::ASPECT
    }

    fn hint_cost(&self, at: impl Fn(usize) -> (i32, i32)) -> i64 {
        let mut cost = 0;
        for hint in &self.graph.hints {
            let met = match *hint {
                Hint::LeftOf(a, b) => a >= self.tree.nodes || b >= self.tree.nodes || at(a).0 < at(b).0,
                Hint::Above(a, b) => a >= self.tree.nodes || b >= self.tree.nodes || at(a).1 < at(b).1,
                Hint::Pin(..) => true,
            };
            if !met {
                cost += price::HINT;
            }
        }
        cost
    }

    /// Threshold accepting over the whole drawing.
    fn improve_whole(&self, plan: &mut Plan, rng: &mut Rng, trials: usize) {
        let busy: Vec<usize> =
            self.tree.boxes.iter().copied().filter(|&b| self.tree.children[b].len() > 1).collect();
        if busy.is_empty() {
            return;
        }
        let mut current = self.cost(plan);
        let (mut best, mut best_plan) = (current, plan.clone());
        for trial in 0..trials {
            let item = busy[rng.below(busy.len())];
            let before = plan[item].clone();
            if !shake(&mut plan[item], rng) {
                continue;
            }
            let cost = self.cost(plan);
            if cost < current + threshold(trial, trials) {
                current = cost;
                if cost < best {
                    best = cost;
                    best_plan[item].clone_from(&plan[item]);
                    best_plan.clone_from(plan);
                }
            } else {
                plan[item] = before;
            }
        }
        *plan = best_plan;
    }

    /// Threshold accepting inside one box; the outside stays where it is.
    fn improve_box(&self, plan: &mut Plan, item: usize, rng: &mut Rng, trials: usize, alone: bool) {
        let mut bench = Bench::new(self, plan, item, alone);
        let mut lines = plan[item].clone();
        let mut current = bench.cost(&lines);
        let (mut best, mut best_lines) = (current, lines.clone());
        let mut before = lines.clone();
        for trial in 0..trials {
            before.clone_from(&lines);
            if !shake(&mut lines, rng) {
                continue;
            }
            let cost = bench.cost(&lines);
            if cost < current + threshold(trial, trials) {
                current = cost;
                if cost < best {
                    best = cost;
                    best_lines.clone_from(&lines);
                }
            } else {
                std::mem::swap(&mut lines, &mut before);
            }
        }
        plan[item] = best_lines;
    }
}

/// What an end of a wire moves with (or none), and its offset from that child's corner or its place.
type Hold = (Option<usize>, (i32, i32));

/// The work place for one box: its items move, everything else stands still.
struct Bench<'a> {
    placer: &'a Placer<'a>,
    item: usize,
    sizes: Vec<Size>,
    at: Vec<(i32, i32)>,
    middle: (i32, i32),
    /// For each wire and end: the child it moves with (or none) and its offset from that child's corner or its place.
    ends: Vec<[Hold; 2]>,
    wires: Vec<Wire>,
    inset: (i32, i32),
}

impl<'a> Bench<'a> {
    fn new(placer: &'a Placer<'a>, plan: &Plan, item: usize, alone: bool) -> Self {
        let tree = placer.tree;
        let rects = arrange::locate(placer.graph, tree, plan);
        let sizes: Vec<Size> = rects.iter().map(|r| Size { width: r.width, height: r.height }).collect();
        let mut ends = Vec::new();
        let mut wires = Vec::new();
        for &(a, b) in &placer.links {
            let inner = [tree.child_towards(item, a), tree.child_towards(item, b)];
            if inner[0] == inner[1] || (alone && (inner[0].is_none() || inner[1].is_none())) {
                continue;
            }
            let end = |inner: Option<usize>, leaf: usize| {
                let (x, y) = centre(rects[leaf]);
                inner.map_or((None, (x, y)), |c| (Some(c), (x - rects[c].x, y - rects[c].y)))
            };
            ends.push([end(inner[0], a), end(inner[1], b)]);
            let items = [inner[0].unwrap_or(usize::MAX), inner[1].unwrap_or(usize::MAX)];
            wires.push(Wire { ends: [(0, 0); 2], items, flows: true });
        }
        let band = arrange::title(placer.graph, tree, item);
        Self {
            placer,
            item,
            sizes,
            at: vec![(0, 0); rects.len()],
            middle: centre(rects[item]),
            ends,
            wires,
            inset: (arrange::PADDING, arrange::PADDING + band.height),
        }
    }

    fn cost(&mut self, lines: &Lines) -> i64 {
        let tree = self.placer.tree;
        let content = lines.spread(&self.sizes, &mut self.at);
        let band = arrange::title(self.placer.graph, tree, self.item);
        let size = arrange::box_size(band, content, false);
        let corner =
            (self.middle.0 - size.width / 2 + self.inset.0, self.middle.1 - size.height / 2 + self.inset.1);
        for &child in &lines.order {
            self.at[child].0 += corner.0;
            self.at[child].1 += corner.1;
        }
        for (wire, ends) in self.wires.iter_mut().zip(&self.ends) {
            for (point, (child, (x, y))) in wire.ends.iter_mut().zip(ends) {
                *point = child.map_or((*x, *y), |c| (self.at[c].0 + x, self.at[c].1 + y));
            }
        }
        let mut cost = self.placer.wire_cost(&self.wires);
        if self.wires.len() <= CROSSING_LIMIT {
            for &child in &lines.order {
                let rect = self.rect(child);
                for wire in &self.wires {
                    if wire.items[0] != child && wire.items[1] != child && passes(rect, wire.ends) {
                        cost += price::THROUGH;
                    }
                }
            }
        }
        let middle =
            |i: usize| (self.at[i].0 + self.sizes[i].width / 2, self.at[i].1 + self.sizes[i].height / 2);
        cost += self.placer.rank_cost(&lines.order, middle);
        if self.item == tree.root() {
            cost += Placer::extent_cost(size.width, size.height);
        } else {
            // An inner box may have any shape that the outer ones can use, but not a thread.
            let (w, h) = (i64::from(size.width), i64::from(size.height));
            cost += w * h / price::AREA + ((w - 4 * h).max(0) + (h - 2 * w).max(0)) * 2;
        }
        if !self.placer.graph.hints.is_empty() {
            let inside =
                |i: usize| tree.child_towards(self.item, i).map_or((0, 0), |c| (self.at[c].0, self.at[c].1));
            cost += self.placer.hint_cost(inside);
        }
        cost
    }

    fn rect(&self, item: usize) -> Rect {
        let (x, y) = self.at[item];
        Rect { x, y, width: self.sizes[item].width, height: self.sizes[item].height }
    }
}

/// How much worse a trial may be: falls from two crossings to nothing, linearly.
fn threshold(trial: usize, trials: usize) -> i64 {
    let left = trials.saturating_sub(trial * 5 / 4);
    i64::try_from(left * 300 / trials.max(1)).unwrap_or(0)
}

/// One random change of a box; false if it came to nothing.
fn shake(lines: &mut Lines, rng: &mut Rng) -> bool {
    let count = lines.order.len();
    if count < 2 {
        return false;
    }
    match rng.below(16) {
        0..=5 => {
            let (a, b) = (rng.below(count), rng.below(count));
            lines.order.swap(a, b);
            a != b
        }
        6..=11 => move_item(lines, rng),
        12 => {
            lines.rows = !lines.rows;
            true
        }
        13 => {
            // Break a line, or join two.
            let at = 1 + rng.below(count - 1);
            lines.starts[at] = !lines.starts[at];
            true
        }
        14 => move_line(lines, rng),
        _ => {
            let lists = lines.to_lists();
            let at = rng.below(lists.len());
            let mut lists = lists;
            lists[at].reverse();
            *lines = Lines::from_lists(lines.rows, &lists);
            true
        }
    }
}

fn move_item(lines: &mut Lines, rng: &mut Rng) -> bool {
    let mut lists = lines.to_lists();
    let line = rng.below(lists.len());
    let at = rng.below(lists[line].len());
    let item = lists[line].remove(at);
    if rng.below(5) == 0 {
        let to = rng.below(lists.len() + 1);
        lists.insert(to, vec![item]);
    } else {
        let to = rng.below(lists.len());
        let at = rng.below(lists[to].len() + 1);
        lists[to].insert(at, item);
    }
    let changed = Lines::from_lists(lines.rows, &lists);
    let different = changed != *lines;
    *lines = changed;
    different
}

fn move_line(lines: &mut Lines, rng: &mut Rng) -> bool {
    let mut lists = lines.to_lists();
    if lists.len() < 2 {
        return false;
    }
    let (a, b) = (rng.below(lists.len()), rng.below(lists.len()));
    if rng.below(2) == 0 {
        lists.swap(a, b);
    } else {
        let line = lists.remove(a);
        lists.insert(b, line);
    }
    *lines = Lines::from_lists(lines.rows, &lists);
    a != b
}

/// The items of an edge whose length and direction mean something: no loops, no ends inside one another.
fn link(tree: &Tree, edge: &Edge) -> Option<(usize, usize)> {
    let (a, b) = (tree.item(edge.from)?, tree.item(edge.to)?);
    (!tree.contains(a, b) && !tree.contains(b, a)).then_some((a, b))
}

fn centre(rect: Rect) -> (i32, i32) {
    (rect.x + rect.width / 2, rect.y + rect.height / 2)
}

/// Which side of the line from `a` to `b` the point is on.
fn side(a: (i32, i32), b: (i32, i32), p: (i32, i32)) -> i64 {
    let (ux, uy) = (i64::from(b.0 - a.0), i64::from(b.1 - a.1));
    let (vx, vy) = (i64::from(p.0 - a.0), i64::from(p.1 - a.1));
    (ux * vy - uy * vx).signum()
}

/// Whether two straight lines cross properly.
fn cross(a: [(i32, i32); 2], b: [(i32, i32); 2]) -> bool {
    if a[0].0.max(a[1].0) < b[0].0.min(b[1].0)
        || b[0].0.max(b[1].0) < a[0].0.min(a[1].0)
        || a[0].1.max(a[1].1) < b[0].1.min(b[1].1)
        || b[0].1.max(b[1].1) < a[0].1.min(a[1].1)
    {
        return false;
    }
    side(a[0], a[1], b[0]) * side(a[0], a[1], b[1]) < 0 && side(b[0], b[1], a[0]) * side(b[0], b[1], a[1]) < 0
}

/// Whether a straight line passes through a rectangle.
fn passes(rect: Rect, ends: [(i32, i32); 2]) -> bool {
    let [a, b] = ends;
    let (right, bottom) = (rect.x + rect.width, rect.y + rect.height);
    if a.0.max(b.0) < rect.x || a.0.min(b.0) > right || a.1.max(b.1) < rect.y || a.1.min(b.1) > bottom {
        return false;
    }
    let corners = [(rect.x, rect.y), (right, rect.y), (rect.x, bottom), (right, bottom)];
    let first = side(a, b, corners[0]);
    corners[1..].iter().any(|&c| side(a, b, c) != first) || first == 0
}
