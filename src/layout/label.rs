//! Labels: which run of its edge each one stands on, and where along it.
//!
//! Chooses the stretch that has the most room in the present drawing; `widen` makes whatever room is missing.

use super::nudge::{Run, Tag, Wire};
use super::tree::Tree;
use super::widen::{CORNER, END, OVERHANG, Scene, halo};
use super::{Rect, Size};

/// A vertical run is this much worse for a label than a horizontal one: text across it pushes neighbours aside.
const UPRIGHT: i32 = 10;

/// Chooses places for all labels that have none or a banned one; `banned` lists runs (wire, run) that led to contradictions.
pub(super) fn choose(scene: &mut Scene, tree: &Tree, sizes: &[Option<Size>], banned: &[(usize, usize)]) {
    let mut placed: Vec<Rect> = scene.wires.iter().filter_map(tag_rect).collect();
    for w in 0..scene.wires.len() {
        if scene.wires[w].tag.is_some_and(|tag| !banned.contains(&(w, tag.run))) {
            continue;
        }
        let Some(size) = sizes[scene.wires[w].edge] else { continue };
        let mut best: Option<(i32, Tag)> = None;
        for k in 0..scene.wires[w].runs.len() {
            if banned.contains(&(w, k)) {
                continue;
            }
            for candidate in candidates(scene, tree, (w, k), size, &placed) {
                if best.is_none_or(|(price, _)| candidate.0 < price) {
                    best = Some(candidate);
                }
            }
        }
        scene.wires[w].tag = best.map(|(_, tag)| tag);
        if let Some(rect) = tag_rect(&scene.wires[w]) {
            placed.push(rect);
        }
    }
}

/// The rectangle of a wire's label.
pub(super) fn tag_rect(wire: &Wire) -> Option<Rect> {
    let tag = wire.tag?;
    let run = wire.runs.get(tag.run)?;
    let across = run.pos + tag.off;
    let (x, y) = if run.vertical { (across, tag.at) } else { (tag.at, across) };
    Some(Rect { x: x - tag.width / 2, y: y - tag.height / 2, width: tag.width, height: tag.height })
}

/// Ends of a run along itself, from tail to head.
pub(super) fn run_span(wire: &Wire, k: usize, rects: &[Rect]) -> (i32, i32) {
    let border = |item: usize, side: usize| {
        let r = rects[item];
        match side {
            0 => r.y,
            1 => r.x + r.width,
            2 => r.y + r.height,
            _ => r.x,
        }
    };
    let a = k.checked_sub(1).map_or_else(|| border(wire.from.item, wire.from.side), |p| wire.runs[p].pos);
    let b = wire.runs.get(k + 1).map_or_else(|| border(wire.to.item, wire.to.side), |n| n.pos);
    (a, b)
}

/// Stretches of a run between the edges that cross it, each with the pixels it lacks.
fn candidates(
    scene: &Scene,
    tree: &Tree,
    (w, k): (usize, usize),
    size: Size,
    placed: &[Rect],
) -> Vec<(i32, Tag)> {
    let wire = &scene.wires[w];
    let run = wire.runs[k];
    let (a, b) = run_span(wire, k, &scene.rects);
    let tail = if k == 0 { END } else { CORNER };
    let head = if k + 1 == wire.runs.len() { END } else { CORNER };
    let (low, high) = if a <= b { (a + tail, b - head) } else { (b + head, a - tail) };
    let (length, thick) = if run.vertical { (size.height, size.width) } else { (size.width, size.height) };
    let mut cuts = obstacles_along(scene, tree, w, run, (a.min(b), a.max(b)));
    cuts.sort_unstable();
    cuts.push((high, high));
    let mut from = low;
    let mut result = Vec::new();
    for (start, end) in cuts {
        if start >= from || start == high {
            let at = i32::midpoint(from, start.min(high));
            let lacking = (length - (start.min(high) - from)).max(0);
            let narrow =
                lacking_across(scene, tree, (w, k), run, (at - length / 2, at + length / 2), thick, placed);
            let price = lacking + narrow + if run.vertical { UPRIGHT } else { 0 };
            let tag = Tag { run: k, at, off: 0, width: size.width, height: size.height };
            result.push((price, tag));
        }
        from = from.max(end);
    }
    result
}

/// Spans along the run that foreign edges and box borders cross, margins included.
fn obstacles_along(scene: &Scene, tree: &Tree, w: usize, run: Run, span: (i32, i32)) -> Vec<(i32, i32)> {
    let mut cuts = Vec::new();
    let gap = halo::RUN + halo::TAG;
    for (v, other) in scene.wires.iter().enumerate() {
        for (k, r) in other.runs.iter().enumerate() {
            if v == w || r.vertical == run.vertical || r.pos <= span.0 - gap || r.pos >= span.1 + gap {
                continue;
            }
            let (a, b) = run_span(other, k, &scene.rects);
            if a.min(b) - gap < run.pos && run.pos < a.max(b) + gap {
                cuts.push((r.pos - gap, r.pos + gap));
            }
        }
    }
    for item in tree.nodes..tree.root() {
        let r = scene.rects[item];
        let (low, high, across_low, across_high) = if run.vertical {
            (r.y, r.y + r.height, r.x, r.x + r.width)
        } else {
            (r.x, r.x + r.width, r.y, r.y + r.height)
        };
        if across_low <= run.pos && run.pos <= across_high {
            for border in [low, high] {
                if span.0 < border && border < span.1 {
                    cuts.push((border - halo::OUTSIDE - halo::TAG, border + halo::OUTSIDE + halo::TAG));
                }
            }
        }
    }
    cuts
}

/// Pixels missing on both sides of the run for something of this thickness over this span.
fn lacking_across(
    scene: &Scene,
    tree: &Tree,
    (w, k): (usize, usize),
    run: Run,
    span: (i32, i32),
    thick: i32,
    placed: &[Rect],
) -> i32 {
    let mut room = [i32::MAX / 4; 2];
    let mut see = |low: i32, high: i32, from: i32, to: i32, gap: i32| {
        if from - gap < span.1 && span.0 < to + gap {
            if high <= run.pos {
                room[0] = room[0].min(run.pos - high - gap);
            } else if low >= run.pos {
                room[1] = room[1].min(low - run.pos - gap);
            }
        }
    };
    for (v, other) in scene.wires.iter().enumerate() {
        for (j, r) in other.runs.iter().enumerate() {
            if r.vertical == run.vertical && !(v == w && j == k) {
                let (a, b) = run_span(other, j, &scene.rects);
                see(r.pos, r.pos, a.min(b), a.max(b), halo::RUN + halo::TAG);
            }
        }
    }
    for item in 0..tree.root() {
        let r = scene.rects[item];
        let (low, high, from, to) = if run.vertical {
            (r.x, r.x + r.width, r.y, r.y + r.height)
        } else {
            (r.y, r.y + r.height, r.x, r.x + r.width)
        };
        if tree.is_block(item) {
            see(low, high, from, to, halo::NODE + halo::TAG);
        } else {
            see(low, low, from, to, halo::OUTSIDE + halo::TAG);
            see(high, high, from, to, halo::OUTSIDE + halo::TAG);
        }
    }
    for r in placed {
        let (low, high, from, to) = if run.vertical {
            (r.x, r.x + r.width, r.y, r.y + r.height)
        } else {
            (r.y, r.y + r.height, r.x, r.x + r.width)
        };
        see(low, high, from, to, 2 * halo::TAG);
    }
    // A label may hang to one side of its edge, though not leave it, and not gladly.
    let most = thick - OVERHANG;
    let centred: i32 = room.iter().map(|&free| (thick / 2 - free).max(0)).sum();
    let hanging = (thick - room[0].clamp(0, most) - room[1].clamp(0, most)).max(0);
    hanging + (centred - hanging) / 4
}
