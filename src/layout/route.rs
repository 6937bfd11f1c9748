//! Routing: the cheapest way of every edge along the lines of the grid, given the ways of all others.
//!
//! A* over (vertex, direction of arrival). Edges may share lines here; `nudge` pulls them apart. Whether two edges
//! that share a stretch cross is decided exactly, by the sides on which they part at both ends of it.

use super::grid::{Grid, NONE, Way, is_vertical};
use super::tree::Tree;
use super::{Rect, Size};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Prices in pixels.
mod price {
    /// A corner.
    pub(super) const BEND: i32 = 32;
    /// A crossing with another edge.
    pub(super) const CROSSING: i32 = 220;
    /// The same when there are thousands of them, and each would only send the search astray.
    pub(super) const CROSSING_OF_MANY: i32 = 40;
    /// A line through the title of a box.
    pub(super) const TITLE: i32 = 60;
    /// One more edge on a side that has no room for it at the usual distance.
    pub(super) const CROWD: i32 = 90;
    /// One more edge on a side at all, for an edge whose label found no room among its neighbours.
    pub(super) const COMPANY: i32 = 250;
    /// A stretch inside a box that the edge has no business with: only if there is no other way at all.
    pub(super) const FOREIGN: i32 = 100_000;
}

/// Above this number of edges the search may miss the cheapest way a little: it grows too slow otherwise.
const MANY: usize = 400;
const VERY_MANY: usize = 1_000;
/// Distance of ports on a side, for counting how many have room.
const PORT_ROOM: i32 = 12;

/// One edge to be routed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request {
    /// Item at the tail.
    pub(super) from: usize,
    /// Item at the head.
    pub(super) to: usize,
    /// How badly it needs a side of a card for itself; usually zero.
    pub(super) lonely: i32,
}

#[derive(Clone, Copy)]
struct Use {
    edge: usize,
    /// Position in the path of the edge.
    at: usize,
    /// Directions of the previous and the next vertex of that path.
    ways: [Way; 2],
}

/// State of a search: best price so far and where it came from, valid if stamped by the current search.
#[derive(Clone, Copy)]
struct Mark {
    stamp: u32,
    price: i32,
    from: usize,
}

/// The router: grid, ways found so far, and scratch space.
pub(super) struct Router<'a> {
    tree: &'a Tree,
    rects: &'a [Rect],
    titles: &'a [Size],
    grid: &'a Grid,
    pub(super) requests: Vec<Request>,
    uses: Vec<Vec<Use>>,
    /// Vertices of each edge's way; empty if it has none.
    pub(super) paths: Vec<Vec<usize>>,
    /// Edges at each side of each item.
    crowd: Vec<[i32; 4]>,
    /// How badly those edges need to be alone there.
    quiet: Vec<[i32; 4]>,
    marks: Vec<Mark>,
    stamp: u32,
    allowed: Vec<bool>,
    /// How many times the distance left counts against the way so far.
    haste: i32,
    crossing: i32,
}

impl<'a> Router<'a> {
    pub(super) fn new(
        tree: &'a Tree,
        rects: &'a [Rect],
        titles: &'a [Size],
        grid: &'a Grid,
        requests: &[Request],
    ) -> Self {
        let count = grid.vertices.len();
        Self {
            tree,
            rects,
            titles,
            grid,
            requests: requests.to_vec(),
            uses: vec![Vec::new(); count],
            paths: vec![Vec::new(); requests.len()],
            crowd: vec![[0; 4]; rects.len()],
            quiet: vec![[0; 4]; rects.len()],
            marks: vec![Mark { stamp: 0, price: 0, from: NONE }; count * 4],
            stamp: 0,
            allowed: vec![false; rects.len()],
            haste: if requests.len() > MANY { 2 } else { 1 },
            crossing: if requests.len() > VERY_MANY { price::CROSSING_OF_MANY } else { price::CROSSING },
        }
    }

    /// Routes all edges, short ones first, then takes each up again up to `rounds` times while that changes anything.
    pub(super) fn route_all(&mut self, rounds: usize) {
        let mut order: Vec<usize> = (0..self.requests.len()).collect();
        order.sort_by_key(|&e| (self.span(e), e));
        for &edge in &order {
            self.route(edge);
        }
        for _ in 0..rounds {
            let mut changed = false;
            for &edge in &order {
                let before = self.take_up(edge);
                self.route(edge);
                changed |= before != self.paths[edge];
            }
            if !changed {
                break;
            }
        }
    }

    /// Routes some edges anew, away from others.
    pub(super) fn isolate(&mut self, edges: &[usize]) {
        for &edge in edges {
            self.take_up(edge);
            self.requests[edge].lonely = 4 * self.requests[edge].lonely + 1;
            self.route(edge);
        }
    }

    fn span(&self, edge: usize) -> i32 {
        let (a, b) = (self.rects[self.requests[edge].from], self.rects[self.requests[edge].to]);
        (a.x + a.width / 2 - b.x - b.width / 2).abs() + (a.y + a.height / 2 - b.y - b.height / 2).abs()
    }

    fn take_up(&mut self, edge: usize) -> Vec<usize> {
        let path = std::mem::take(&mut self.paths[edge]);
        for &v in &path {
            self.uses[v].retain(|u| u.edge != edge);
        }
        self.count_ports(edge, &path, -1);
        path
    }

    fn count_ports(&mut self, edge: usize, path: &[usize], by: i32) {
        for v in [path.first(), path.last()].into_iter().flatten() {
            if let Some((item, way)) = self.grid.vertices[*v].port {
                self.crowd[item][way] += by;
                self.quiet[item][way] += by * self.requests[edge].lonely;
            }
        }
    }

    fn lay(&mut self, edge: usize, path: Vec<usize>) {
        for (at, &v) in path.iter().enumerate() {
            let before = at.checked_sub(1).map_or(NONE, |k| self.way(v, path[k]));
            let after = path.get(at + 1).map_or(NONE, |&next| self.way(v, next));
            self.uses[v].push(Use { edge, at, ways: [before, after] });
        }
        self.count_ports(edge, &path, 1);
        self.paths[edge] = path;
    }

    fn way(&self, from: usize, to: usize) -> Way {
        way(self.grid, from, to)
    }

    /// Vertices at which a way may start or end, with the direction in which it runs there.
    fn doors(
        &self,
        item: usize,
        other: usize,
        outwards: bool,
        sides: impl Fn(Way) -> bool,
    ) -> Vec<(usize, Way)> {
        // The way between a box and its own content stays inside the box.
        let inside = item != other && self.tree.contains(item, other);
        let mut doors = Vec::new();
        for &v in &self.grid.ports[item] {
            let Some((_, side)) = self.grid.vertices[v].port else { continue };
            if sides(side) {
                doors.push((v, if inside == outwards { side ^ 2 } else { side }));
            }
        }
        doors
    }

    fn route(&mut self, edge: usize) {
        let Request { from, to, lonely } = self.requests[edge];
        self.allowed.fill(false);
        for end in [from, to] {
            let mut item = end;
            while item != self.tree.root() {
                item = self.tree.parent[item];
                self.allowed[item] = true;
            }
        }
        // A loop leaves at the side and comes back at the top or bottom.
        let turned = from == to;
        let starts = self.doors(from, to, true, |side| !turned || !is_vertical(side));
        let goals = self.doors(to, from, false, |side| !turned || is_vertical(side));
        if let Some(path) = self.search(&starts, &goals, lonely) {
            self.lay(edge, path);
        }
    }

    fn search(&mut self, starts: &[(usize, Way)], goals: &[(usize, Way)], lonely: i32) -> Option<Vec<usize>> {
        self.stamp += 1;
        let target = self.bounds(goals);
        let mut heap = BinaryHeap::new();
        for &(v, way) in starts {
            let (item, side) = self.grid.vertices[v].port?;
            let price = self.crowding(item, side, lonely);
            self.marks[v * 4 + way] = Mark { stamp: self.stamp, price, from: NONE };
            heap.push(Reverse((price + self.distance(v, target), v * 4 + way)));
        }
        let mut goal_of = goals.to_vec();
        goal_of.sort_unstable();
        while let Some(Reverse((estimate, state))) = heap.pop() {
            let (v, way) = (state / 4, state % 4);
            let mark = self.marks[state];
            if mark.price + self.distance(v, target) < estimate {
                continue;
            }
            if mark.from != NONE && goal_of.binary_search(&(v, way)).is_ok() {
                return Some(self.trace(state));
            }
            for out in 0..4 {
                let next = self.grid.vertices[v].next[out];
                if out == way ^ 2 || next == NONE || (mark.from == NONE && out != way) {
                    continue;
                }
                let goal = goal_of.binary_search(&(next, out)).is_ok();
                let price = mark.price
                    + self.step(state, out, next)
                    + if goal { self.arrival(next, lonely) } else { 0 };
                let known = self.marks[next * 4 + out];
                if known.stamp != self.stamp || price < known.price {
                    self.marks[next * 4 + out] = Mark { stamp: self.stamp, price, from: state };
                    heap.push(Reverse((price + self.distance(next, target), next * 4 + out)));
                }
            }
        }
        None
    }

    /// Price of going on from a state in a direction.
    fn step(&self, state: usize, out: Way, next: usize) -> i32 {
        let (v, way) = (state / 4, state % 4);
        let (a, b) = (&self.grid.vertices[v], &self.grid.vertices[next]);
        let mut price = (a.x - b.x).abs() + (a.y - b.y).abs();
        if way != out {
            price += price::BEND;
        }
        if !self.allowed[b.inside] {
            price += price::FOREIGN;
        }
        if is_vertical(out) && a.inside != b.inside {
            let inner =
                if self.tree.depth[a.inside] > self.tree.depth[b.inside] { a.inside } else { b.inside };
            if a.x - self.rects[inner].x < self.titles[inner].width {
                price += price::TITLE;
            }
        }
        price + self.crossing * self.crossings(state, out)
    }

    fn arrival(&self, v: usize, lonely: i32) -> i32 {
        self.grid.vertices[v].port.map_or(0, |(item, side)| self.crowding(item, side, lonely))
    }

    fn crowding(&self, item: usize, side: Way, lonely: i32) -> i32 {
        let rect = self.rects[item];
        let length = if is_vertical(side) { rect.width } else { rect.height };
        let room = ((length - PORT_ROOM) / PORT_ROOM).max(1);
        let company = (lonely * self.crowd[item][side] + self.quiet[item][side]) * price::COMPANY;
        (self.crowd[item][side] + 1 - room).max(0) * price::CROWD + company
    }

    fn bounds(&self, goals: &[(usize, Way)]) -> [i32; 4] {
        let mut b = [i32::MAX, i32::MAX, i32::MIN, i32::MIN];
        for &(v, _) in goals {
            let v = &self.grid.vertices[v];
            b = [b[0].min(v.x), b[1].min(v.y), b[2].max(v.x), b[3].max(v.y)];
        }
        b
    }

    /// Estimate of what is left to the goals.
    fn distance(&self, v: usize, b: [i32; 4]) -> i32 {
        let v = &self.grid.vertices[v];
        let across = (b[0] - v.x).max(v.x - b[2]).max(0) + (b[1] - v.y).max(v.y - b[3]).max(0);
        across * self.haste
    }

    fn trace(&self, state: usize) -> Vec<usize> {
        let mut path = vec![state / 4];
        let mut at = state;
        while self.marks[at].from != NONE {
            at = self.marks[at].from;
            path.push(at / 4);
        }
        path.reverse();
        path
    }

    /// How many edges are crossed at the vertex of `state` when it is left in direction `out`.
    fn crossings(&self, state: usize, out: Way) -> i32 {
        if self.marks[state].from == NONE {
            return 0;
        }
        let back = (state % 4) ^ 2;
        let mut count = 0;
        for u in &self.uses[state / 4] {
            let [before, after] = u.ways;
            let shares_in = before == back || after == back;
            let shares_out = before == out || after == out;
            let crosses = match (shares_in, shares_out) {
                (false, false) => {
                    before != NONE
                        && after != NONE
                        && (turn(back, before) < turn(back, out)) != (turn(back, after) < turn(back, out))
                }
                (true, false) => {
                    let other = if before == back { after } else { before };
                    other != NONE && self.parted(state, u, turn(back, other) < turn(back, out))
                }
                _ => false,
            };
            count += i32::from(crosses);
        }
        count
    }

    /// Follows a shared stretch back to where it began; whether the sides there make the two edges cross.
    fn parted(&self, state: usize, u: &Use, other_first: bool) -> bool {
        let path = &self.paths[u.edge];
        let backwards = u.ways[0] == (state % 4) ^ 2;
        let (mut at, mut here) = (u.at, state);
        loop {
            let forth = here % 4;
            here = self.marks[here].from;
            let moved = if backwards { at.checked_sub(1) } else { Some(at + 1) };
            let Some(now) = moved else { return false };
            at = now;
            let beyond = if backwards { at.checked_sub(1) } else { Some(at + 1) };
            let Some(&beyond) = beyond.and_then(|k| path.get(k)) else { return false };
            if self.marks[here].from == NONE {
                return false;
            }
            let ours = (here % 4) ^ 2;
            let theirs = self.way(here / 4, beyond);
            if ours != theirs {
                return (turn(forth, theirs) < turn(forth, ours)) == other_first;
            }
        }
    }
}

/// Quarter turns clockwise from one direction to another.
pub(super) fn turn(from: Way, to: Way) -> Way {
    (to + 4 - from) % 4
}

/// Direction from a vertex to a neighbour on a common line.
pub(super) fn way(grid: &Grid, from: usize, to: usize) -> Way {
    grid.vertices[from].next.iter().position(|&next| next == to).unwrap_or(0)
}
