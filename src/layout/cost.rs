//! What a placement costs, before anything is routed: the terms of the trade between length, order and space.
//!
//! Edges count as straight lines between middles. [`Whole`] judges a drawing, [`Bench`] one box while everything else
//! stands still, which is cheaper by as much as the box is smaller than the drawing.

use super::arrange::{self, Desk, Lines, Plan};
use super::tally::{Cards, Strokes};
use super::tree::Tree;
use super::{Direction, Edge, Graph, Hint, Point, Rect, Size};

/// Prices in pixels of edge length. Their sizes were found by trial over forty graphs of 12 to 100 nodes.
mod price {
    /// Two straight lines that cross: about the detour that a reader would accept to avoid it.
    pub(super) const CROSSING: i64 = 130;
    /// A line over a card or box that it has no business with: it will have to go around.
    pub(super) const THROUGH: i64 = 110;
    /// An edge against the reading direction.
    pub(super) const AGAINST: i64 = 350;
    /// Two neighbours against the order of their ranks, for each step of rank.
    pub(super) const RANK: i64 = 4;
    /// Square pixels of drawing that weigh as much as one pixel of edge.
    pub(super) const AREA: i64 = 190;
    /// A pixel outside the wanted proportions of the whole drawing.
    pub(super) const ASPECT: i64 = 16;
    /// A wish of the author that is not met.
    pub(super) const WISH: i64 = 100_000;
    /// An edge against the reading direction when none is wanted: only better than an unmet wish.
    pub(super) const AGAINST_STRICT: i64 = WISH / 10;
}

/// Narrowest and widest wanted proportion of a drawing, in sixteenths: 1.15 and 1.8.
const ASPECT_RANGE: (i64, i64) = (18, 29);
/// Above this number of edges at one box lines are not compared any more: the count is quadratic.
pub(super) const CROSSING_LIMIT: usize = 400;
/// Above this number of neighbours ranks are not compared, for the same reason.
const RANK_LIMIT: usize = 60;

/// Pairs of children of one box whose ranks differ: the first belongs before the second, by so many hundredths.
type RankPair = (usize, usize, i64);

/// Everything about a graph that its cost depends on.
pub(super) struct Terms<'a> {
    pub(super) graph: &'a Graph,
    pub(super) tree: &'a Tree,
    /// Ends of each edge as items; edges to nowhere, loops, and ends inside one another are left out.
    pub(super) links: Vec<(usize, usize)>,
    /// Mean rank of the nodes inside an item, in hundredths.
    pub(super) ranks: Vec<Option<i64>>,
    /// By box.
    rank_pairs: Vec<Vec<RankPair>>,
    /// Nodes that belong left of others (true) or above them.
    wishes: Vec<(usize, usize, bool)>,
    against: i64,
}

impl<'a> Terms<'a> {
    pub(super) fn new(graph: &'a Graph, tree: &'a Tree, strict: bool) -> Self {
        let ranks = mean_ranks(graph, tree);
        let mut rank_pairs = vec![Vec::new(); tree.root() + 1];
        for &item in tree.boxes.iter().filter(|&&b| tree.children[b].len() <= RANK_LIMIT) {
            for &a in &tree.children[item] {
                for &b in &tree.children[item] {
                    if let (Some(ra), Some(rb)) = (ranks[a], ranks[b])
                        && ra < rb
                    {
                        rank_pairs[item].push((a, b, rb - ra));
                    }
                }
            }
        }
        let against = if strict { price::AGAINST_STRICT } else { price::AGAINST };
        let links = graph.edges.iter().filter_map(|e| link(tree, e)).collect();
        Self { graph, tree, links, ranks, rank_pairs, wishes: wishes(graph, tree), against }
    }

    /// Length and direction of a line.
    fn line_cost(&self, a: (i32, i32), b: (i32, i32)) -> i64 {
        let back = if self.graph.direction == Direction::Down { a.1 - b.1 } else { a.0 - b.0 };
        let against = if back > 1 { self.against } else { 0 };
        i64::from((a.0 - b.0).abs() + (a.1 - b.1).abs()) + against
    }

    fn rank_cost(&self, item: usize, at: impl Fn(usize) -> (i32, i32)) -> i64 {
        let down = self.graph.direction == Direction::Down;
        let cost = |&(a, b, step): &RankPair| {
            let (a, b) = (at(a), at(b));
            let wrong = if down { a.1 > b.1 } else { a.0 > b.0 };
            if wrong { price::RANK * step / 100 } else { 0 }
        };
        self.rank_pairs[item].iter().map(cost).sum()
    }

    fn extent_cost(width: i32, height: i32) -> i64 {
        let (w, h) = (i64::from(width), i64::from(height));
        let (least, most) = ASPECT_RANGE;
        let tall = (h * least - w * 16).max(0) / 16;
        let wide = (w * 16 - h * most).max(0) / 16;
        w * h / price::AREA + (tall + wide) * price::ASPECT
    }

    fn wish_cost(&self, at: impl Fn(usize) -> (i32, i32)) -> i64 {
        price::WISH * i64::try_from(self.unmet_wishes(at)).unwrap_or(0)
    }

    /// How many wishes of the author are not met by items whose middles stand there.
    pub(super) fn unmet_wishes(&self, at: impl Fn(usize) -> (i32, i32)) -> usize {
        let unmet = |&&(a, b, beside): &&(usize, usize, bool)| {
            let (a, b) = (at(a), at(b));
            if beside { a.0 >= b.0 } else { a.1 >= b.1 }
        };
        self.wishes.iter().filter(unmet).count()
    }

    fn lines_cost(strokes: &Strokes, cards: &Cards) -> i64 {
        price::CROSSING * i64::from(strokes.crossings()) + price::THROUGH * i64::from(strokes.passages(cards))
    }
}

fn mean_ranks(graph: &Graph, tree: &Tree) -> Vec<Option<i64>> {
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
    sums.iter().map(|&(sum, n)| (n > 0).then(|| sum / n)).collect()
}

/// Hints as orders of two nodes. Pins give their nodes the order of their places.
pub(super) fn wishes(graph: &Graph, tree: &Tree) -> Vec<(usize, usize, bool)> {
    let mut wishes = Vec::new();
    let mut pins: Vec<(usize, Point)> = Vec::new();
    for hint in &graph.hints {
        match *hint {
            Hint::LeftOf(a, b) => wishes.push((a, b, true)),
            Hint::Above(a, b) => wishes.push((a, b, false)),
            Hint::Pin(node, place) => pins.push((node, place)),
        }
    }
    for (i, &(a, p)) in pins.iter().enumerate() {
        for &(b, q) in &pins[..i] {
            let apart = |node: usize| graph.nodes.get(node).map_or(0, |n| n.size.width / 2);
            if (p.x - q.x).abs() > apart(a).min(apart(b)) {
                wishes.push(if p.x < q.x { (a, b, true) } else { (b, a, true) });
            } else if p.y != q.y {
                wishes.push(if p.y < q.y { (a, b, false) } else { (b, a, false) });
            }
        }
    }
    wishes.retain(|&(a, b, _)| a < tree.nodes && b < tree.nodes && a != b);
    wishes
}

/// The items of an edge whose length and direction mean something.
fn link(tree: &Tree, edge: &Edge) -> Option<(usize, usize)> {
    let (a, b) = (tree.item(edge.from)?, tree.item(edge.to)?);
    (!tree.contains(a, b) && !tree.contains(b, a)).then_some((a, b))
}

fn centre(rect: Rect) -> (i32, i32) {
    (rect.x + rect.width / 2, rect.y + rect.height / 2)
}

/// The judge of whole drawings.
pub(super) struct Whole<'a> {
    terms: &'a Terms<'a>,
    desk: Desk,
    strokes: Strokes,
    cards: Cards,
}

impl<'a> Whole<'a> {
    pub(super) fn new(terms: &'a Terms<'a>) -> Self {
        let desk = Desk::new(terms.graph, terms.tree);
        Self { terms, desk, strokes: Strokes::default(), cards: Cards::default() }
    }

    /// Cost of a plan.
    pub(super) fn cost(&mut self, plan: &Plan) -> i64 {
        let (terms, tree) = (self.terms, self.terms.tree);
        self.desk.locate(tree, plan);
        let rects = &self.desk.rects;
        self.strokes.clear();
        self.cards.clear();
        let mut cost = 0;
        for &(a, b) in &terms.links {
            let ends = [centre(rects[a]), centre(rects[b])];
            cost += terms.line_cost(ends[0], ends[1]);
            self.strokes.push(ends);
        }
        for &rect in &rects[..tree.root()] {
            self.cards.push(rect);
        }
        if terms.links.len() <= CROSSING_LIMIT {
            cost += Terms::lines_cost(&self.strokes, &self.cards);
        }
        for &item in &tree.boxes {
            cost += terms.rank_cost(item, |i| centre(rects[i]));
        }
        let whole = rects[tree.root()];
        cost + Terms::extent_cost(whole.width, whole.height) + terms.wish_cost(|i| centre(rects[i]))
    }
}

/// What an end of a line moves with (or none), and its offset from that child's corner or its place.
type Hold = (Option<usize>, (i32, i32));

/// The work place for one box: its items move, everything else stands still.
pub(super) struct Bench<'a> {
    terms: &'a Terms<'a>,
    item: usize,
    sizes: Vec<Size>,
    at: Vec<(i32, i32)>,
    middle: (i32, i32),
    ends: Vec<[Hold; 2]>,
    strokes: Strokes,
    cards: Cards,
    band: Size,
}

impl<'a> Bench<'a> {
    /// `alone`: lines that leave the box do not count, since nobody knows yet where to.
    pub(super) fn new(terms: &'a Terms<'a>, plan: &Plan, item: usize, alone: bool) -> Self {
        let tree = terms.tree;
        let rects = arrange::locate(terms.graph, tree, plan);
        let sizes: Vec<Size> = rects.iter().map(|r| Size { width: r.width, height: r.height }).collect();
        let mut ends = Vec::new();
        for &(a, b) in &terms.links {
            let inner = [tree.child_towards(item, a), tree.child_towards(item, b)];
            if inner[0] == inner[1] || (alone && (inner[0].is_none() || inner[1].is_none())) {
                continue;
            }
            let end = |inner: Option<usize>, leaf: usize| {
                let (x, y) = centre(rects[leaf]);
                inner.map_or((None, (x, y)), |c| (Some(c), (x - rects[c].x, y - rects[c].y)))
            };
            ends.push([end(inner[0], a), end(inner[1], b)]);
        }
        Self {
            terms,
            item,
            sizes,
            at: vec![(0, 0); rects.len()],
            middle: centre(rects[item]),
            ends,
            strokes: Strokes::default(),
            cards: Cards::default(),
            band: arrange::title(terms.graph, tree, item),
        }
    }

    /// Number of lines that move with the box's items.
    pub(super) fn lines(&self) -> usize {
        self.ends.len()
    }

    /// Cost of arranging the box so.
    pub(super) fn cost(&mut self, lines: &Lines) -> i64 {
        let terms = self.terms;
        let content = lines.spread(&self.sizes, &mut self.at);
        let size = arrange::box_size(self.band, content, false);
        let corner = (
            self.middle.0 - content.width / 2,
            self.middle.1 - size.height / 2 + arrange::PADDING + self.band.height,
        );
        self.strokes.clear();
        self.cards.clear();
        for &child in &lines.order {
            let at = &mut self.at[child];
            *at = (at.0 + corner.0, at.1 + corner.1);
            let Size { width, height } = self.sizes[child];
            self.cards.push(Rect { x: at.0, y: at.1, width, height });
        }
        let mut cost = 0;
        for ends in &self.ends {
            let place =
                |(child, (x, y)): Hold| child.map_or((x, y), |c| (self.at[c].0 + x, self.at[c].1 + y));
            let ends = [place(ends[0]), place(ends[1])];
            cost += terms.line_cost(ends[0], ends[1]);
            self.strokes.push(ends);
        }
        if self.ends.len() <= CROSSING_LIMIT {
            cost += Terms::lines_cost(&self.strokes, &self.cards);
        }
        let middle =
            |i: usize| (self.at[i].0 + self.sizes[i].width / 2, self.at[i].1 + self.sizes[i].height / 2);
        cost += terms.rank_cost(self.item, middle);
        if self.item == terms.tree.root() {
            cost += Terms::extent_cost(size.width, size.height);
        } else {
            // An inner box may have any shape that the outer ones can use, but not a thread.
            let (w, h) = (i64::from(size.width), i64::from(size.height));
            cost += w * h / price::AREA + ((w - 4 * h).max(0) + (h - 2 * w).max(0)) * 2;
        }
        if !terms.wishes.is_empty() {
            let inside = |i: usize| {
                terms.tree.child_towards(self.item, i).map_or((i32::MIN, i32::MIN), |c| self.at[c])
            };
            cost += terms.wish_cost(inside);
        }
        cost
    }
}
