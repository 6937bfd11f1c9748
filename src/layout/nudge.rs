//! Order on shared tracks: which of the edges that run along one line is left of which.
//!
//! Two edges on a common stretch are ordered by the sides on which they part, so that they cross at most once, and not
//! at all if the router found them free of crossings. Distances come later, in `widen`.

use super::grid::{Grid, NONE, Way, is_vertical};
use super::route::{Request, turn, way};
use std::collections::BTreeMap;

/// A straight piece of an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// Vertical (its place is an x) or horizontal.
    pub(super) vertical: bool,
    /// Place across its own direction.
    pub(super) pos: i32,
    /// Order among runs of the same place.
    pub(super) rank: usize,
}

/// Where an edge meets the border of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Anchor {
    /// The item.
    pub(super) item: usize,
    /// The side of it.
    pub(super) side: Way,
}

/// A label on one of the runs of its edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    /// Index of the run.
    pub(super) run: usize,
    /// Middle of the label along the run.
    pub(super) at: i32,
    /// How far its middle is off the run.
    pub(super) off: i32,
    /// Its size.
    pub(super) width: i32,
    /// Its size.
    pub(super) height: i32,
}

/// The way of an edge as alternating runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wire {
    /// Index of the edge.
    pub(super) edge: usize,
    /// Tail.
    pub(super) from: Anchor,
    /// Head.
    pub(super) to: Anchor,
    /// At least one.
    pub(super) runs: Vec<Run>,
    /// Where its label stands.
    pub(super) tag: Option<Tag>,
}

/// A run in terms of the grid.
struct Piece {
    wire: usize,
    run: usize,
    /// First and last position in the path.
    span: (usize, usize),
    /// Extent along its line.
    low: i32,
    high: i32,
}

/// Turns paths into runs and orders those that share a line. Edges without a path are left out.
pub(super) fn wires(grid: &Grid, paths: &[Vec<usize>], requests: &[Request]) -> Vec<Wire> {
    let mut wires = Vec::new();
    let mut lines: BTreeMap<(bool, i32), Vec<Piece>> = BTreeMap::new();
    for (edge, path) in paths.iter().enumerate() {
        let (Some(&first), Some(&last)) = (path.first(), path.last()) else { continue };
        let side = |v: usize| grid.vertices[v].port.map_or(0, |(_, side)| side);
        let request = requests[edge];
        let mut wire = Wire {
            edge,
            from: Anchor { item: request.from, side: side(first) },
            to: Anchor { item: request.to, side: side(last) },
            runs: Vec::new(),
            tag: None,
        };
        let mut start = 0;
        for at in 1..path.len() {
            let ends = at + 1 == path.len()
                || way(grid, path[at], path[at + 1]) != way(grid, path[at - 1], path[at]);
            if !ends {
                continue;
            }
            let (a, b) = (&grid.vertices[path[start]], &grid.vertices[path[at]]);
            let vertical = is_vertical(way(grid, path[start], path[start + 1]));
            let (pos, p, q) = if vertical { (a.x, a.y, b.y) } else { (a.y, a.x, b.x) };
            let piece = Piece {
                wire: wires.len(),
                run: wire.runs.len(),
                span: (start, at),
                low: p.min(q),
                high: p.max(q),
            };
            lines.entry((vertical, pos)).or_default().push(piece);
            wire.runs.push(Run { vertical, pos, rank: 0 });
            start = at;
        }
        wires.push(wire);
    }
    for ((vertical, _), pieces) in &lines {
        let order = sort(grid, paths, &wires, pieces, *vertical);
        for (rank, piece) in order.into_iter().enumerate() {
            let piece = &pieces[piece];
            wires[piece.wire].runs[piece.run].rank = rank;
        }
    }
    wires
}

/// An order of the pieces of one line that agrees with as many pairs as possible: topological, first come first on circles.
fn sort(grid: &Grid, paths: &[Vec<usize>], wires: &[Wire], pieces: &[Piece], vertical: bool) -> Vec<usize> {
    let count = pieces.len();
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut waiting = vec![0_usize; count];
    for b in 0..count {
        for a in 0..b {
            if let Some(a_first) = precedes(grid, paths, wires, (&pieces[a], &pieces[b]), vertical) {
                let (x, y) = if a_first { (a, b) } else { (b, a) };
                after[x].push(y);
                waiting[y] += 1;
            }
        }
    }
    let mut order = Vec::with_capacity(count);
    let mut left: Vec<usize> = (0..count).collect();
    while !left.is_empty() {
        let at = left.iter().position(|&p| waiting[p] == 0).unwrap_or(0);
        let piece = left.remove(at);
        for &next in &after[piece] {
            waiting[next] = waiting[next].saturating_sub(1);
        }
        order.push(piece);
    }
    order
}

/// Whether the first of two pieces of one line must lie before the second, if it matters.
fn precedes(
    grid: &Grid,
    paths: &[Vec<usize>],
    wires: &[Wire],
    (a, b): (&Piece, &Piece),
    vertical: bool,
) -> Option<bool> {
    let (low, high) = (a.low.max(b.low), a.high.min(b.high));
    if low > high || a.wire == b.wire {
        return None;
    }
    let (p, q) = (&paths[wires[a.wire].edge], &paths[wires[b.wire].edge]);
    if low == high {
        let side = |path: &[usize], piece: &Piece| outer_turn(grid, path, piece, low, vertical);
        let (s, t) = (side(p, a), side(q, b));
        return (s != t).then_some(s < t);
    }
    let place = |v: usize| if vertical { grid.vertices[v].y } else { grid.vertices[v].x };
    let find = |path: &[usize], piece: &Piece| (piece.span.0..=piece.span.1).find(|&k| place(path[k]) == low);
    let (i, j) = (find(p, a)?, find(q, b)?);
    let step_p = place(p[a.span.1]) > place(p[a.span.0]);
    let step_q = place(q[b.span.1]) > place(q[b.span.0]);
    let same = step_p == step_q;
    let ahead = parting(grid, (p, i, true), (q, j, same));
    // Looking back, the clockwise order is the reverse of the order to the left of travel.
    let left =
        ahead.or_else(|| parting(grid, (p, i, false), (q, j, !same)).map(|first| !first)).unwrap_or(true);
    let towards_low_side = if vertical { !step_p } else { step_p };
    Some(left == towards_low_side)
}

/// Where two paths part, whether the first turns off first, clockwise from where they came; none if they never part.
fn parting(
    grid: &Grid,
    (p, mut i, p_forwards): (&[usize], usize, bool),
    (q, mut j, q_forwards): (&[usize], usize, bool),
) -> Option<bool> {
    let step = |path: &[usize], at: usize, forwards: bool| {
        let to = if forwards { Some(at + 1) } else { at.checked_sub(1) };
        to.filter(|&k| k < path.len())
    };
    let mut back = NONE;
    loop {
        let (x, y) = (step(p, i, p_forwards)?, step(q, j, q_forwards)?);
        if p[x] != q[y] {
            if back == NONE {
                // The search began at the very end of the common stretch.
                back = way(grid, p[i], p[step(p, i, !p_forwards)?]);
            }
            let (first, second) = (way(grid, p[i], p[x]), way(grid, q[j], q[y]));
            return Some(turn(back, first) < turn(back, second));
        }
        back = way(grid, p[x], p[i]);
        (i, j) = (x, y);
    }
}

/// The side to which a piece leaves its line at one of its ends: -1, 1, or 0 if it ends there.
fn outer_turn(grid: &Grid, path: &[usize], piece: &Piece, at: i32, vertical: bool) -> i32 {
    let place = |v: usize| if vertical { grid.vertices[v].y } else { grid.vertices[v].x };
    let across = |v: usize| if vertical { grid.vertices[v].x } else { grid.vertices[v].y };
    let (start, end) = piece.span;
    let next = if place(path[start]) == at { start.checked_sub(1) } else { Some(end + 1) };
    let here = if place(path[start]) == at { path[start] } else { path[end] };
    next.and_then(|k| path.get(k)).map_or(0, |&v| (across(v) - across(here)).signum())
}
