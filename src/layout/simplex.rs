//! Least total weighted length under difference constraints: the network simplex method.
//!
//! Gansner, Koutsofios, North, Vo: A technique for drawing directed graphs, 1993, section 2, used there for ranks.
//! Every intermediate state is a feasible answer, so a limit on the steps only costs quality, never correctness.

/// `to - from >= min`, at a price of `weight` for every pixel of `to - from`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arc {
    /// The lesser variable.
    pub(super) from: usize,
    /// The greater variable.
    pub(super) to: usize,
    /// Least difference; may be negative.
    pub(super) min: i32,
    /// Price of a pixel.
    pub(super) weight: i32,
}

const NONE: usize = usize::MAX;
/// Tree arcs looked at for the most negative cut value before the best one found is taken (Gansner et al. use 30).
const SEARCH: usize = 30;

/// Sweeps before contradictions are looked for; without one, few are needed.
const PATIENCE: usize = 6;

/// The least values from zero that meet a growing set of arcs.
pub(super) struct Least {
    /// The values.
    pub(super) value: Vec<i32>,
    out: Vec<Vec<usize>>,
}

impl Least {
    /// Meets all arcs, or names those of a contradiction. `order` holds the variables so that most arcs run forwards;
    /// it only saves time.
    pub(super) fn new(order: &[usize], arcs: &[Arc]) -> Result<Self, Vec<usize>> {
        let count = order.len();
        let mut out = vec![Vec::new(); count];
        for (i, arc) in arcs.iter().enumerate() {
            out[arc.from].push(i);
        }
        let mut value = vec![0; count];
        let mut reason = vec![NONE; count];
        for sweep in 0.. {
            let mut raised = None;
            for &v in order {
                for &i in &out[v] {
                    let arc = arcs[i];
                    if value[arc.to] < value[v] + arc.min {
                        value[arc.to] = value[v] + arc.min;
                        reason[arc.to] = i;
                        raised = Some(arc.to);
                    }
                }
            }
            let Some(last) = raised else { break };
            if sweep >= PATIENCE
                && let Some(cycle) = contradiction(last, &reason, arcs)
            {
                return Err(cycle);
            }
        }
        Ok(Self { value, out })
    }

    /// Meets one more arc, the last of `arcs`; false, and nothing changes, if that is a contradiction.
    pub(super) fn add(&mut self, arcs: &[Arc]) -> bool {
        let Some(&added) = arcs.last() else { return true };
        let before = self.value.clone();
        self.out[added.from].push(arcs.len() - 1);
        let mut queue = std::collections::VecDeque::from([added.from]);
        while let Some(v) = queue.pop_front() {
            for &i in &self.out[v] {
                let arc = arcs[i];
                if self.value[arc.to] >= self.value[v] + arc.min {
                    continue;
                }
                self.value[arc.to] = self.value[v] + arc.min;
                // Whatever raises the tail of the new arc goes round in a circle through it.
                if arc.to == added.from {
                    self.out[added.from].pop();
                    self.value = before;
                    return false;
                }
                queue.push_back(arc.to);
            }
        }
        true
    }
}

/// The arcs of a circle of reasons through `v`, if there is one.
fn contradiction(v: usize, reason: &[usize], arcs: &[Arc]) -> Option<Vec<usize>> {
    let mut seen = vec![false; reason.len()];
    let mut at = v;
    while reason[at] != NONE && !seen[at] {
        seen[at] = true;
        at = arcs[reason[at]].from;
    }
    if reason[at] == NONE {
        return None;
    }
    let first = at;
    let mut cycle = Vec::new();
    loop {
        cycle.push(reason[at]);
        at = arcs[reason[at]].from;
        if at == first {
            return Some(cycle);
        }
    }
}

struct Simplex<'a> {
    arcs: &'a [Arc],
    value: Vec<i32>,
    touching: Vec<Vec<usize>>,
    /// Position of each arc in `basis`, or none.
    in_basis: Vec<usize>,
    basis: Vec<usize>,
    cut: Vec<i64>,
    parent: Vec<usize>,
    low: Vec<usize>,
    lim: Vec<usize>,
    next: usize,
}

/// Improves a feasible assignment by at most `steps` exchanges.
pub(super) fn improve(value: Vec<i32>, arcs: &[Arc], steps: usize) -> Vec<i32> {
    let count = value.len();
    if count < 2 {
        return value;
    }
    let mut touching = vec![Vec::new(); count];
    for (i, arc) in arcs.iter().enumerate() {
        if arc.from != arc.to {
            touching[arc.from].push(i);
            touching[arc.to].push(i);
        }
    }
    let mut simplex = Simplex {
        arcs,
        value,
        touching,
        in_basis: vec![NONE; arcs.len()],
        basis: Vec::new(),
        cut: vec![0; arcs.len()],
        parent: vec![NONE; count],
        low: vec![0; count],
        lim: vec![0; count],
        next: 0,
    };
    if !simplex.grow_basis() {
        return simplex.value;
    }
    simplex.number(0, NONE, 1);
    simplex.first_cuts();
    for _ in 0..steps {
        let Some(leaving) = simplex.leaving() else { break };
        let Some(entering) = simplex.entering(leaving) else { break };
        simplex.exchange(leaving, entering);
    }
    simplex.value
}

impl Simplex<'_> {
    fn slack(&self, i: usize) -> i32 {
        let arc = self.arcs[i];
        self.value[arc.to] - self.value[arc.from] - arc.min
    }

    /// Grows a spanning tree of tight arcs from variable 0, shifting it to the nearest outside variable when stuck.
    fn grow_basis(&mut self) -> bool {
        let count = self.value.len();
        let mut inside = vec![false; count];
        inside[0] = true;
        let mut members = vec![0];
        let mut scanned = 0;
        loop {
            while scanned < members.len() {
                let v = members[scanned];
                scanned += 1;
                for k in 0..self.touching[v].len() {
                    let i = self.touching[v][k];
                    let arc = self.arcs[i];
                    let other = if arc.from == v { arc.to } else { arc.from };
                    if !inside[other] && self.slack(i) == 0 {
                        inside[other] = true;
                        self.in_basis[i] = self.basis.len();
                        self.basis.push(i);
                        members.push(other);
                    }
                }
            }
            if members.len() == count {
                return true;
            }
            let nearest = (0..self.arcs.len())
                .filter(|&i| inside[self.arcs[i].from] != inside[self.arcs[i].to])
                .min_by_key(|&i| self.slack(i));
            let Some(i) = nearest else { return false };
            let slack = self.slack(i);
            let shift = if inside[self.arcs[i].to] { -slack } else { slack };
            for &v in &members {
                self.value[v] += shift;
            }
            scanned = 0;
        }
    }

    /// Postorder numbers below `root` (low = least number of its subtree), without recursion.
    fn number(&mut self, root: usize, parent: usize, first: usize) {
        self.parent[root] = parent;
        self.low[root] = first;
        self.next = first;
        let mut stack = vec![(root, 0)];
        while let Some((v, k)) = stack.pop() {
            let Some(&i) = self.touching[v].get(k) else {
                self.lim[v] = self.next;
                self.next += 1;
                continue;
            };
            stack.push((v, k + 1));
            if self.in_basis[i] == NONE || self.parent[v] == i {
                continue;
            }
            let child = if self.arcs[i].from == v { self.arcs[i].to } else { self.arcs[i].from };
            self.parent[child] = i;
            self.low[child] = self.next;
            stack.push((child, 0));
        }
    }

    fn up(&self, v: usize) -> usize {
        let arc = self.arcs[self.parent[v]];
        if arc.from == v { arc.to } else { arc.from }
    }

    /// Cut values from the leaves upwards: what leaves a subtree is what leaves its variables, since arcs inside cancel.
    fn first_cuts(&mut self) {
        let mut surplus = vec![0_i64; self.value.len()];
        for arc in self.arcs {
            surplus[arc.from] += i64::from(arc.weight);
            surplus[arc.to] -= i64::from(arc.weight);
        }
        let mut order: Vec<usize> = (0..self.value.len()).collect();
        order.sort_by_key(|&v| self.lim[v]);
        for v in order {
            let up = self.parent[v];
            if up != NONE {
                let above = self.up(v);
                surplus[above] += surplus[v];
                self.cut[up] = if self.arcs[up].from == v { surplus[v] } else { -surplus[v] };
            }
        }
    }

    fn leaving(&mut self) -> Option<usize> {
        let mut best: Option<usize> = None;
        let mut seen = 0;
        let count = self.basis.len();
        for offset in 0..count {
            let position = (self.next + offset) % count;
            let i = self.basis[position];
            if self.cut[i] < 0 {
                if best.is_none_or(|b| self.cut[i] < self.cut[b]) {
                    best = Some(i);
                }
                seen += 1;
                if seen >= SEARCH {
                    self.next = position + 1;
                    return best;
                }
            }
        }
        best
    }

    /// The tightest arc that joins the two parts in the direction opposite to the leaving one.
    fn entering(&self, leaving: usize) -> Option<usize> {
        let arc = self.arcs[leaving];
        let (child, child_is_tail) =
            if self.parent[arc.from] == leaving { (arc.from, true) } else { (arc.to, false) };
        let (low, lim) = (self.low[child], self.lim[child]);
        let within = |v: usize| low <= self.lim[v] && self.lim[v] <= lim;
        let mut best: Option<(i32, usize)> = None;
        let mut stack = vec![child];
        while let Some(v) = stack.pop() {
            for &i in &self.touching[v] {
                let a = self.arcs[i];
                let other = if a.from == v { a.to } else { a.from };
                if self.in_basis[i] != NONE {
                    if self.parent[other] == i && self.parent[v] != i {
                        stack.push(other);
                    }
                    continue;
                }
                let enters_child = a.to == v;
                if within(other) || enters_child != child_is_tail {
                    continue;
                }
                let candidate = (self.slack(i), i);
                if best.is_none_or(|b| candidate < b) {
                    best = Some(candidate);
                }
            }
        }
        best.map(|(_, i)| i)
    }

    fn exchange(&mut self, leaving: usize, entering: usize) {
        let arc = self.arcs[leaving];
        let (child, child_is_tail) =
            if self.parent[arc.from] == leaving { (arc.from, true) } else { (arc.to, false) };
        let slack = self.slack(entering);
        // The entering arc runs from the outside into the child's part exactly if the child is the tail.
        let shift = if child_is_tail { -slack } else { slack };
        let mut stack = vec![child];
        while let Some(v) = stack.pop() {
            self.value[v] += shift;
            for &i in &self.touching[v] {
                let a = self.arcs[i];
                let other = if a.from == v { a.to } else { a.from };
                if self.in_basis[i] != NONE && self.parent[other] == i && self.parent[v] != i {
                    stack.push(other);
                }
            }
        }
        self.update_cuts(leaving, entering);
        let position = self.in_basis[leaving];
        self.in_basis[leaving] = NONE;
        self.in_basis[entering] = position;
        self.basis[position] = entering;
        // Renumber below the lowest common ancestor of the new arc's ends only.
        let top = self.meet(entering);
        let (parent, first) = (self.parent[top], self.low[top]);
        let next = self.next;
        self.number(top, parent, first);
        self.next = next;
    }

    fn meet(&self, entering: usize) -> usize {
        let arc = self.arcs[entering];
        let mut top = arc.from;
        while !(self.low[top] <= self.lim[arc.to] && self.lim[arc.to] <= self.lim[top]) {
            top = self.up(top);
        }
        top
    }

    /// Along the circle that the entering arc closes, every cut value changes by that of the leaving arc.
    fn update_cuts(&mut self, leaving: usize, entering: usize) {
        let change = self.cut[leaving];
        let top = self.meet(entering);
        let arc = self.arcs[entering];
        for (end, from_tail) in [(arc.from, true), (arc.to, false)] {
            let mut v = end;
            while v != top {
                let i = self.parent[v];
                let upwards = self.arcs[i].from == v;
                // Arcs that run around the circle in the sense of the entering arc gain, others lose.
                if upwards == from_tail {
                    self.cut[i] += change;
                } else {
                    self.cut[i] -= change;
                }
                v = self.up(v);
            }
        }
        self.cut[entering] = -change;
        self.cut[leaving] = 0;
    }
}
