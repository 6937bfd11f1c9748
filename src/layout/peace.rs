//! What gives way when distances contradict each other: first the usual distances of the tracks at crowded cards,
//! then the places of labels, one at a time, and in the very end a label.

use super::widen::{SQUEEZE, Scene, Stuck};

/// Distances may be squeezed so far before a label is moved.
const EASY_SQUEEZE: usize = 2;
/// Labels that may be moved before labels are left out, beside two for every edge; each move costs a few passes.
const MOVES: usize = 24;
/// The same for drawings of more edges than [`MANY`], where passes take long.
const MOVES_OF_MANY: usize = 16;
const MANY: usize = 300;

/// How to go on after a contradiction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The same pass again.
    Again,
    /// Back to the choice of places for labels.
    FromLabels,
    /// Nothing is left to give; the pass cannot be had.
    Skip,
}

/// All that has been given up so far.
pub(super) struct Peace {
    /// By wire: index into [`SQUEEZE`].
    pub(super) squeeze: Vec<usize>,
    /// By wire: its label pushes others along its run rather than aside.
    pub(super) stubborn: Vec<bool>,
    /// Runs (wire, run) that cannot take a label.
    pub(super) banned: Vec<(usize, usize)>,
    moves: usize,
}

impl Peace {
    pub(super) fn new(wires: usize) -> Self {
        Self { squeeze: vec![0; wires], stubborn: vec![false; wires], banned: Vec::new(), moves: 0 }
    }

    /// Gives something up so that a contradiction goes away.
    pub(super) fn settle(&mut self, scene: &mut Scene, stuck: &Stuck) -> Verdict {
        let limit = if stuck.labels.is_empty() { SQUEEZE.len() - 1 } else { EASY_SQUEEZE };
        let mut given = false;
        for &w in &stuck.runs {
            if self.squeeze[w] < limit {
                self.squeeze[w] += 1;
                given = true;
            }
        }
        if given {
            return Verdict::Again;
        }
        // The label that has most other runs to go to.
        let choices = |w: usize| {
            scene.wires[w].runs.len().saturating_sub(self.banned.iter().filter(|b| b.0 == w).count())
        };
        let Some(&w) = stuck.labels.iter().max_by_key(|&&w| choices(w)) else { return Verdict::Skip };
        self.moves += 1;
        let wires = scene.wires.len();
        if self.moves > if wires > MANY { MOVES_OF_MANY } else { MOVES + 2 * wires } {
            scene.wires[w].tag = None;
            self.banned.extend((0..scene.wires[w].runs.len()).map(|run| (w, run)));
            return Verdict::Again;
        }
        // A label at a card cannot push the other ports there, so it rather goes to another run if there is one.
        let last = scene.wires[w].runs.len() - 1;
        let at_card = last > 0 && scene.wires[w].tag.is_some_and(|tag| tag.run == 0 || tag.run == last);
        if self.stubborn[w] || at_card {
            self.banned.extend(scene.wires[w].tag.map(|tag| (w, tag.run)));
            self.stubborn[w] = false;
        } else {
            self.stubborn[w] = true;
        }
        Verdict::FromLabels
    }
}
