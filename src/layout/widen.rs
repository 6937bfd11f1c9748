//! Distances: moves everything along one axis so that nothing is too close, and wires and boxes are as short as can be.
//!
//! The order along the axis is given; every pair that could meet gets a least distance, and the network simplex finds
//! the best positions. Channels become exactly as wide as their tracks and labels need, so no second placement is
//! necessary. After the compaction of circuit layouts (Lengauer: Combinatorial Algorithms for Integrated Circuit
//! Layout, 1990, chapter 10). The text speaks of x; y is done on the transposed scene.

use super::arrange::Lines;
use super::nudge::{Anchor, Wire};
use super::simplex::{self, Arc, Least};
use super::tree::Tree;
use super::{Rect, Size};
use std::collections::BTreeMap;

/// Distances in pixels. Two things keep the sum of their halos.
pub(super) mod halo {
    /// Edge: two tracks 12 apart.
    pub(crate) const RUN: i32 = 6;
    /// Card: 16 to an edge, 20 to another card.
    pub(crate) const NODE: i32 = 10;
    /// Border of a box, outside.
    pub(crate) const OUTSIDE: i32 = 10;
    /// Border of a box, inside: 14 to an edge, 18 to a card.
    pub(crate) const INSIDE: i32 = 8;
    /// Label: 9 to a foreign edge, 6 to another label.
    pub(crate) const TAG: i32 = 3;
    /// Border of the drawing.
    pub(crate) const PAGE: i32 = 6;
}

/// A label keeps this far from a corner of its edge.
pub(super) const CORNER: i32 = 4;
/// … from the card at either end, which leaves room for the arrow head.
pub(super) const END: i32 = halo::NODE + halo::TAG;
/// An edge runs at least this far inside a label that hangs to one side of it.
pub(super) const OVERHANG: i32 = 5;
/// Shorter jogs look like mistakes.
const LEAST_JOG: i32 = 8;

/// Prices of a pixel.
mod price {
    /// Of an edge.
    pub(super) const EDGE: i32 = 4;
    /// Of a label off the middle of its edge.
    pub(super) const OFF_CENTRE: i32 = 1;
    /// Of a card away from where it stood in an earlier drawing: a little crooked is better than jumping.
    pub(super) const AWAY: i32 = 12;
    /// Of the extent of a box.
    pub(super) const BOX: i32 = 1;
    /// Of the extent of the drawing.
    pub(super) const PAGE: i32 = 6;
}

/// Placed items and edges under way.
#[derive(Clone, Debug)]
pub(super) struct Scene {
    /// By item, the root last.
    pub(super) rects: Vec<Rect>,
    /// Edges that have a way.
    pub(super) wires: Vec<Wire>,
}

/// What a pass needs to know beside the scene.
#[derive(Clone, Copy)]
pub(super) struct Rules<'a> {
    /// Nesting.
    pub(super) tree: &'a Tree,
    /// Title bands by item.
    pub(super) titles: &'a [Size],
    /// Lines whose cards stay on a common axis.
    pub(super) plan: &'a [Lines],
    /// Exchanges of the simplex method at most.
    pub(super) steps: usize,
    /// Where items stood in an earlier drawing, by item; empty without one.
    pub(super) earlier: &'a [Option<Rect>],
    /// How labels count.
    pub(super) stage: Stage,
    /// By wire: whether its label claims its thickness from the start, and so pushes neighbours along instead of aside.
    pub(super) stubborn: &'a [bool],
    /// By wire: how far it gives up its usual distances, index into [`SQUEEZE`].
    pub(super) squeeze: &'a [usize],
}

/// New labels are let in step by step: room along their runs first, room across after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Labels claim room along their runs only, on runs that lie along the axis.
    Along,
    /// Labels whose runs lie across the axis have their room along it, and claim their thickness.
    Across,
    /// All labels are what they are.
    Whole,
}

/// Halo of a run and distance of its ports from corners, from the usual to the least, for sides with too many ports.
pub(super) const SQUEEZE: [(i32, i32); 8] =
    [(halo::RUN, 10), (6, 6), (5, 4), (4, 3), (3, 2), (2, 2), (1, 1), (0, 0)];

/// A contradiction: the wires whose labels, and those whose runs take part in it.
#[derive(Debug)]
pub(super) struct Stuck {
    /// Wires by their labels.
    pub(super) labels: Vec<usize>,
    /// Wires by their runs.
    pub(super) runs: Vec<usize>,
}

/// A place: variable and offset.
#[derive(Clone, Copy, Debug)]
struct Place {
    var: usize,
    off: i32,
}

/// Something with an extent along the axis that others must not meet.
struct Body {
    low: Place,
    high: Place,
    /// Extent across the axis, halo included.
    across: (i32, i32),
    /// Free space before and behind.
    before: i32,
    behind: i32,
    /// Place in the order along the axis: twice the middle, then class and rank.
    key: (i32, u8, usize),
    /// The wire whose label it is.
    tag: Option<usize>,
}

/// One pass: the scene seen along the axis.
struct Pass<'a> {
    rules: Rules<'a>,
    x: bool,
    rects: Vec<Rect>,
    wires: &'a [Wire],
    /// Low and high border of each item.
    borders: Vec<(Place, Place)>,
    /// Place of each run across the axis, by wire and run.
    run_vars: Vec<Vec<usize>>,
    /// Start of each label that moves along its run.
    tag_vars: Vec<Option<usize>>,
    /// Start of each label whose run lies across the axis.
    ride_vars: Vec<Option<usize>>,
    guess: Vec<i32>,
    /// Bodies in their order along the axis.
    sequence: Vec<usize>,
    /// Variables in the order of things along the axis.
    order: Vec<usize>,
    /// The wire of each variable that is a run.
    wire_of: Vec<Option<usize>>,
    bodies: Vec<Body>,
    arcs: Vec<Arc>,
    /// Wire to blame for each arc.
    blame: Vec<Option<usize>>,
}

fn transposed(r: Rect) -> Rect {
    Rect { x: r.y, y: r.x, width: r.height, height: r.width }
}

/// Improves one axis; the scene is left alone if the distances cannot be kept.
pub(super) fn pass(scene: &mut Scene, rules: Rules, x: bool) -> Result<(), Stuck> {
    let (value, places) = {
        let mut pass = Pass::new(scene, rules, x);
        pass.enter_bodies();
        pass.separate();
        pass.bind();
        pass.reward();
        pass.hold();
        pass.sort_variables();
        let value = pass.solve()?;
        (value, (pass.borders, pass.run_vars, pass.tag_vars, pass.ride_vars))
    };
    let (borders, run_vars, tag_vars, ride_vars) = places;
    let at = |p: Place| value[p.var] + p.off;
    for (rect, (low, high)) in scene.rects.iter_mut().zip(borders) {
        let (low, length) = (at(low), at(high) - at(low));
        if x {
            (rect.x, rect.width) = (low, length);
        } else {
            (rect.y, rect.height) = (low, length);
        }
    }
    for (((wire, vars), tag_var), ride_var) in
        scene.wires.iter_mut().zip(run_vars).zip(tag_vars).zip(ride_vars)
    {
        for (run, var) in wire.runs.iter_mut().zip(vars) {
            if run.vertical == x {
                run.pos = value[var];
            }
        }
        if let (Some(tag), Some(var)) = (&mut wire.tag, tag_var) {
            tag.at = value[var] + (if x { tag.width } else { tag.height }) / 2;
        }
        if let (Some(tag), Some(var)) = (&mut wire.tag, ride_var) {
            let middle = value[var] + (if x { tag.width } else { tag.height }) / 2;
            tag.off = middle - wire.runs[tag.run].pos;
        }
    }
    Ok(())
}

impl<'a> Pass<'a> {
    fn new(scene: &'a Scene, rules: Rules<'a>, x: bool) -> Self {
        let rects: Vec<Rect> =
            if x { scene.rects.clone() } else { scene.rects.iter().map(|&r| transposed(r)).collect() };
        let mut pass = Self {
            rules,
            x,
            rects,
            wires: &scene.wires,
            borders: Vec::new(),
            run_vars: Vec::new(),
            tag_vars: Vec::new(),
            ride_vars: Vec::new(),
            guess: Vec::new(),
            sequence: Vec::new(),
            order: Vec::new(),
            wire_of: Vec::new(),
            bodies: Vec::new(),
            arcs: Vec::new(),
            blame: Vec::new(),
        };
        pass.enter_items();
        pass.enter_wires();
        pass
    }

    fn var(&mut self, guess: i32) -> usize {
        self.guess.push(guess);
        self.guess.len() - 1
    }

    /// Variables of items. Cards of a line that lies across the axis share one: their common middle.
    fn enter_items(&mut self) {
        let tree = self.rules.tree;
        let mut shared: Vec<Option<usize>> = vec![None; self.rects.len()];
        for &item in &tree.boxes {
            if self.rules.plan[item].rows == self.x {
                continue;
            }
            for line in self.rules.plan[item].lines() {
                let cards: Vec<usize> = line.iter().copied().filter(|&i| i < tree.nodes).collect();
                let middle = |i: usize| self.rects[i].x + self.rects[i].width / 2;
                let Some(&first) = cards.first() else { continue };
                let together: Vec<usize> =
                    cards.iter().copied().filter(|&i| middle(i) == middle(first)).collect();
                let var = self.var(self.rects[first].x + self.rects[first].width / 2);
                for i in together {
                    shared[i] = Some(var);
                }
            }
        }
        for (item, var) in shared.into_iter().enumerate() {
            let r = self.rects[item];
            let borders = if let Some(var) = var {
                let off = -(r.width / 2);
                (Place { var, off }, Place { var, off: off + r.width })
            } else if item < tree.nodes || tree.is_block(item) {
                let var = self.var(r.x);
                (Place { var, off: 0 }, Place { var, off: r.width })
            } else {
                let (low, high) = (self.var(r.x), self.var(r.x + r.width));
                (Place { var: low, off: 0 }, Place { var: high, off: 0 })
            };
            self.borders.push(borders);
        }
    }

    /// Variables of runs and labels, and the distance that each run keeps.
    fn enter_wires(&mut self) {
        for (w, wire) in self.wires.iter().enumerate() {
            let mut vars = vec![usize::MAX; wire.runs.len()];
            for (var, run) in vars.iter_mut().zip(&wire.runs) {
                if run.vertical == self.x {
                    *var = self.var(run.pos);
                    self.wire_of.resize(*var, None);
                    self.wire_of.push(Some(w));
                }
            }
            self.run_vars.push(vars);
            let tag = wire.tag.filter(|tag| wire.runs[tag.run].vertical != self.x);
            let var = tag.map(|tag| self.var(tag.at - self.along(tag.width, tag.height) / 2));
            self.tag_vars.push(var);
            let ride = wire
                .tag
                .filter(|tag| wire.runs[tag.run].vertical == self.x && self.rules.stage != Stage::Along);
            let var = ride.map(|tag| {
                self.var(wire.runs[tag.run].pos + tag.off - self.along(tag.width, tag.height) / 2)
            });
            self.ride_vars.push(var);
        }
    }

    /// Halo of the runs of a wire, and the distance of its ports from corners.
    fn squeezed(&self, w: usize) -> (i32, i32) {
        SQUEEZE[self.rules.squeeze[w].min(SQUEEZE.len() - 1)]
    }

    fn along(&self, width: i32, height: i32) -> i32 {
        if self.x { width } else { height }
    }

    /// The ends of a wire that move with a border: the anchor and the run there.
    fn anchored(&self, wire: &Wire) -> Vec<(Anchor, usize)> {
        let last = wire.runs.len() - 1;
        let ends = [(wire.from, 0), (wire.to, last)];
        ends.into_iter().filter(|&(_, run)| wire.runs[run].vertical == self.x).collect()
    }

    /// The border that an anchor lies on, across the axis.
    fn border_across(&self, anchor: Anchor) -> i32 {
        let r = self.rects[anchor.item];
        if anchor.side == 0 || anchor.side == 3 { r.y } else { r.y + r.height }
    }

    /// The border that an anchor lies on, along the axis.
    fn border_along(&self, anchor: Anchor) -> Place {
        let (low, high) = self.borders[anchor.item];
        if anchor.side == 0 || anchor.side == 3 { low } else { high }
    }

    /// Extent of a run across the axis, cut short at borders so that it does not meet the card that it ends at.
    fn extent(&self, w: usize, run: usize) -> (i32, i32) {
        let wire = &self.wires[w];
        let end = |neighbour: Option<&super::nudge::Run>, anchor: Anchor| {
            neighbour.map_or((self.border_across(anchor), self.trim(w, anchor)), |n| (n.pos, 0))
        };
        let before = run.checked_sub(1).and_then(|k| wire.runs.get(k));
        let (a, cut_a) = end(before, wire.from);
        let (b, cut_b) = end(wire.runs.get(run + 1), wire.to);
        let (low, high) = if a <= b { (a + cut_a, b - cut_b) } else { (b + cut_b, a - cut_a) };
        if low <= high { (low, high) } else { (i32::midpoint(low, high), i32::midpoint(low, high)) }
    }

    /// A card must not be kept away from its own edge; the borders of a box lie along other axes than its ports.
    fn trim(&self, w: usize, anchor: Anchor) -> i32 {
        if self.rules.tree.is_block(anchor.item) { self.squeezed(w).0 + halo::NODE } else { 0 }
    }

    fn place_now(&self, p: Place) -> i32 {
        self.guess[p.var] + p.off
    }

    fn enter_bodies(&mut self) {
        let tree = self.rules.tree;
        for item in 0..self.rects.len() {
            let r = self.rects[item];
            let (low, high) = self.borders[item];
            if tree.is_block(item) {
                let across = (r.y - halo::NODE, r.y + r.height + halo::NODE);
                self.body(low, high, across, (halo::NODE, halo::NODE), (1, 0), None);
                continue;
            }
            let (outside, inside) =
                if item == tree.root() { (0, halo::PAGE) } else { (halo::OUTSIDE, halo::INSIDE) };
            let title = if self.x { 0 } else { self.rules.titles[item].height };
            let across = (r.y - outside, r.y + r.height + outside);
            self.body(low, low, across, (outside, inside + title), (0, 0), None);
            self.body(high, high, across, (inside, outside), (2, 0), None);
        }
        for w in 0..self.wires.len() {
            let wire = &self.wires[w];
            for (k, run) in wire.runs.iter().enumerate() {
                if run.vertical == self.x {
                    self.enter_run(w, k, run.rank);
                }
            }
            if let (Some(tag), Some(var)) = (wire.tag, self.tag_vars[w]) {
                let (length, thick) = if self.x { (tag.width, tag.height) } else { (tag.height, tag.width) };
                let top = wire.runs[tag.run].pos + tag.off - thick / 2;
                let across = if self.rules.stage == Stage::Whole || self.rules.stubborn[w] {
                    (top - halo::TAG, top + thick + halo::TAG)
                } else {
                    (wire.runs[tag.run].pos - 1, wire.runs[tag.run].pos + 1)
                };
                let ends = (Place { var, off: 0 }, Place { var, off: length });
                self.body(ends.0, ends.1, across, (halo::TAG, halo::TAG), (1, 0), Some(w));
            }
        }
    }

    /// A run, in two pieces around its own label.
    fn enter_run(&mut self, w: usize, k: usize, rank: usize) {
        let wire = &self.wires[w];
        let place = Place { var: self.run_vars[w][k], off: 0 };
        let (low, high) = self.extent(w, k);
        // Only ports may come to lie on one another, on a side with more of them than pixels.
        let at_card = k == 0 || k + 1 == wire.runs.len();
        let gap = self.squeezed(w).0.max(i32::from(!at_card));
        let across = (low - gap, high + gap);
        let (Some(tag), Some(var)) = (wire.tag.filter(|tag| tag.run == k), self.ride_vars[w]) else {
            self.body(place, place, across, (gap, gap), (1, rank), None);
            return;
        };
        let (thick, length) = if self.x { (tag.width, tag.height) } else { (tag.height, tag.width) };
        let start = tag.at - length / 2;
        let covered = (start - halo::TAG, start + length + halo::TAG);
        for piece in [(across.0, covered.0), (covered.1, across.1)] {
            if piece.0 < piece.1 {
                self.body(place, place, piece, (gap, gap), (1, rank), None);
            }
        }
        let ends = (Place { var, off: 0 }, Place { var, off: thick });
        // In the order of things the label stands where its run does.
        self.body(ends.0, ends.1, covered, (halo::TAG, halo::TAG), (1, rank), Some(w));
        if let Some(body) = self.bodies.last_mut() {
            body.key.0 = 2 * wire.runs[k].pos;
        }
        let inside = OVERHANG.min(thick / 2);
        self.arc(place, ends.1, inside, 0, Some(w));
        self.arc(ends.0, place, inside, 0, Some(w));
        let middle = Place { var, off: thick / 2 };
        let lesser = Place { var: self.var(self.guess[place.var]), off: 0 };
        self.arc(lesser, place, 0, price::OFF_CENTRE, None);
        self.arc(lesser, middle, 0, price::OFF_CENTRE, None);
    }

    fn body(
        &mut self,
        low: Place,
        high: Place,
        across: (i32, i32),
        (before, behind): (i32, i32),
        (class, rank): (u8, usize),
        tag: Option<usize>,
    ) {
        let key = (self.place_now(low) + self.place_now(high), class, rank);
        self.bodies.push(Body { low, high, across, before, behind, key, tag });
    }

    fn arc(&mut self, from: Place, to: Place, min: i32, weight: i32, blame: Option<usize>) {
        if from.var != to.var {
            self.arcs.push(Arc { from: from.var, to: to.var, min: min + from.off - to.off, weight });
            self.blame.push(blame);
        }
    }

    /// Least distances between bodies that see each other: a sweep along the axis with the skyline behind it.
    fn separate(&mut self) {
        let bodies = std::mem::take(&mut self.bodies);
        let mut order: Vec<usize> = (0..bodies.len()).collect();
        order.sort_by_key(|&b| (bodies[b].key, b));
        let mut skyline: BTreeMap<i32, (i32, usize)> = BTreeMap::new();
        for &b in &order {
            let body = &bodies[b];
            let (low, high) = body.across;
            if low >= high {
                continue;
            }
            let mut hit: Vec<(i32, i32, usize)> =
                skyline.range(low..high).map(|(&from, &(to, a))| (from, to, a)).collect();
            if let Some((&from, &(to, a))) = skyline.range(..low).next_back()
                && to > low
            {
                hit.push((from, to, a));
            }
            let mut seen: Vec<usize> = hit.iter().map(|h| h.2).collect();
            seen.sort_unstable();
            seen.dedup();
            for a in seen {
                let other = &bodies[a];
                self.arc(other.high, body.low, other.behind + body.before, 0, body.tag.or(other.tag));
            }
            for (from, to, a) in hit {
                skyline.remove(&from);
                if from < low {
                    skyline.insert(from, (low, a));
                }
                if to > high {
                    skyline.insert(high, (to, a));
                }
            }
            skyline.insert(low, (high, b));
        }
        self.bodies = bodies;
        self.sequence = order;
    }

    /// Variables by the first thing that they place; those that place nothing come where they are now.
    fn sort_variables(&mut self) {
        let mut key: Vec<(i32, usize)> = self.guess.iter().map(|&g| (2 * g, 0)).collect();
        for (rank, &b) in self.sequence.iter().enumerate().rev() {
            for place in [self.bodies[b].low, self.bodies[b].high] {
                key[place.var] = (self.bodies[b].key.0, rank);
            }
        }
        self.order = (0..self.guess.len()).collect();
        self.order.sort_by_key(|&v| key[v]);
    }

    /// Ports stay on their sides, labels on their runs, boxes are as wide as their titles, everything is on the page.
    fn bind(&mut self) {
        let tree = self.rules.tree;
        for (w, wire) in self.wires.iter().enumerate() {
            for (anchor, run) in self.anchored(wire) {
                let place = Place { var: self.run_vars[w][run], off: 0 };
                let (low, high) = self.borders[anchor.item];
                let margin = if tree.is_block(anchor.item) {
                    self.squeezed(w).1.min(self.rects[anchor.item].width / 3)
                } else {
                    halo::RUN + halo::INSIDE
                };
                let head = if self.x { 0 } else { self.rules.titles[anchor.item].height };
                let head = if tree.is_block(anchor.item) { 0 } else { head };
                self.arc(low, place, margin + head, 0, None);
                self.arc(place, high, margin, 0, None);
            }
            self.bind_tag(w, wire);
        }
        self.bind_lines();
        let page = self.borders[tree.root()];
        for item in 0..tree.root() {
            let (low, high) = self.borders[item];
            self.arc(page.0, low, 0, 0, None);
            self.arc(high, page.1, 0, 0, None);
            if !tree.is_block(item) {
                let least = if self.x { self.rules.titles[item].width } else { 0 };
                self.arc(low, high, least, price::BOX, None);
            }
        }
        self.arc(page.0, page.1, 0, price::PAGE, None);
    }

    /// Lines stay lines, and items keep their order in them, so that a reader sees rows and columns, and a later
    /// drawing can be started from this one.
    fn bind_lines(&mut self) {
        let tree = self.rules.tree;
        for &item in &tree.boxes {
            let lines = self.rules.plan[item].lines();
            if self.rules.plan[item].rows == self.x {
                for line in &lines {
                    for pair in line.windows(2) {
                        self.arc(self.borders[pair[0]].1, self.borders[pair[1]].0, 1, 0, None);
                    }
                }
                continue;
            }
            for pair in lines.windows(2) {
                // A middle between the lines saves comparing every item with every other.
                let between =
                    pair[0].iter().map(|&i| self.rects[i].x + self.rects[i].width).max().unwrap_or(0);
                let between = Place { var: self.var(between), off: 0 };
                for &i in pair[0] {
                    self.arc(self.borders[i].1, between, 1, 0, None);
                }
                for &i in pair[1] {
                    self.arc(between, self.borders[i].0, 0, 0, None);
                }
            }
        }
    }

    fn bind_tag(&mut self, w: usize, wire: &Wire) {
        let (Some(tag), Some(var)) = (wire.tag, self.tag_vars[w]) else { return };
        let [first, second] = self.run_ends(w, wire, tag.run);
        let last = wire.runs.len() - 1;
        let margin_first = if tag.run == 0 { END } else { CORNER };
        let margin_second = if tag.run == last { END } else { CORNER };
        let (a, b, near, far) = if self.place_now(first) <= self.place_now(second) {
            (first, second, margin_first, margin_second)
        } else {
            (second, first, margin_second, margin_first)
        };
        let length = self.along(tag.width, tag.height);
        self.arc(a, Place { var, off: 0 }, near, 0, Some(w));
        self.arc(Place { var, off: length }, b, far, 0, Some(w));
    }

    /// The places between which a run along the axis stretches.
    fn run_ends(&self, w: usize, wire: &Wire, run: usize) -> [Place; 2] {
        let at = |k: usize| Place { var: self.run_vars[w][k], off: 0 };
        let first = if run == 0 { self.border_along(wire.from) } else { at(run - 1) };
        let second = if run + 1 == wire.runs.len() { self.border_along(wire.to) } else { at(run + 1) };
        [first, second]
    }

    /// The price of edges, by runs along the axis.
    fn reward(&mut self) {
        for (w, wire) in self.wires.iter().enumerate() {
            for (k, run) in wire.runs.iter().enumerate() {
                if run.vertical == self.x {
                    continue;
                }
                let [a, b] = self.run_ends(w, wire, k);
                let (a, b) = if self.place_now(a) <= self.place_now(b) { (a, b) } else { (b, a) };
                // A straight edge between two cards leaves room for the halos at both ends.
                let least = if wire.runs.len() == 1 { 2 * (halo::RUN + halo::NODE) } else { 0 };
                self.arc(a, b, least, price::EDGE, None);
            }
        }
    }

    /// The price of cards that leave their earlier places; in the last passes only, so that an unchanged graph goes
    /// through the same stages to the same places.
    fn hold(&mut self) {
        if self.rules.stage != Stage::Whole {
            return;
        }
        let tree = self.rules.tree;
        let page = self.borders[tree.root()].0;
        for (item, earlier) in self.rules.earlier.iter().enumerate().take(tree.nodes) {
            let Some(r) = *earlier else { continue };
            let place = self.borders[item].0;
            let wanted = Place { var: page.var, off: page.off + if self.x { r.x } else { r.y } };
            let lesser = Place { var: self.var(self.place_now(place).min(self.guess[page.var])), off: 0 };
            self.arc(lesser, place, 0, price::AWAY, None);
            self.arc(lesser, wanted, 0, price::AWAY, None);
        }
    }

    fn solve(&mut self) -> Result<Vec<i32>, Stuck> {
        let mut least = self.least()?;
        let mut value = simplex::improve(least.value.clone(), &self.arcs, self.rules.steps);
        if self.straighten(&value, &mut least) {
            value = simplex::improve(least.value, &self.arcs, self.rules.steps);
        }
        let origin = value[self.borders[self.rules.tree.root()].0.var];
        for v in &mut value {
            *v -= origin;
        }
        Ok(value)
    }

    fn least(&self) -> Result<Least, Stuck> {
        Least::new(&self.order, &self.arcs).map_err(|cycle| {
            let mut labels: Vec<usize> = cycle.iter().filter_map(|&arc| self.blame[arc]).collect();
            let mut runs: Vec<usize> = cycle
                .iter()
                .filter_map(|&arc| self.wire_of.get(self.arcs[arc].from).copied().flatten())
                .collect();
            for list in [&mut labels, &mut runs] {
                list.sort_unstable();
                list.dedup();
            }
            Stuck { labels, runs }
        })
    }

    /// Short jogs become none, or long enough to look meant; true if there were any.
    fn straighten(&mut self, value: &[i32], least: &mut Least) -> bool {
        let mut changed = false;
        for (w, wire) in self.wires.iter().enumerate() {
            for k in 1..wire.runs.len().max(1) - 1 {
                if wire.runs[k].vertical == self.x || wire.tag.is_some_and(|tag| tag.run == k) {
                    continue;
                }
                let [a, b] = self.run_ends(w, wire, k);
                let (a, b) = if self.place_now(a) <= self.place_now(b) { (a, b) } else { (b, a) };
                let length = value[b.var] - value[a.var];
                if length == 0 || length >= LEAST_JOG {
                    continue;
                }
                changed |= self.try_arc(b, a, 0, least) || self.try_arc(a, b, LEAST_JOG, least);
            }
        }
        changed
    }

    /// One more distance, if it contradicts nothing.
    fn try_arc(&mut self, from: Place, to: Place, min: i32, least: &mut Least) -> bool {
        let mark = self.arcs.len();
        self.arc(from, to, min, 0, None);
        if self.arcs.len() > mark && !least.add(&self.arcs) {
            self.arcs.truncate(mark);
            self.blame.truncate(mark);
        }
        self.arcs.len() > mark
    }
}
