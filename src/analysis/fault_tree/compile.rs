//! From gates to a diagram: modules first, then Shannon expansion of what is shared inside each.
//!
//! 1. A gate whose variables occur nowhere else is a module (Dutuit & Rauzy, IEEE Trans.
//!    Reliability 45(3), 1996, found in linear time); it is compiled by itself and is one variable
//!    to the gates above it.
//! 2. Inside a module, inputs of a gate that share no variable are independent and multiply.
//! 3. What is left is expanded on its first shared variable in the variable order
//!    ([`VariableOrder`]), and simplified; equal formulas are compiled once.
//!
//! Nothing recurses: a chain of ten thousand gates needs a longer vector, not a deeper stack.

use rustc_hash::{FxHashMap, FxHashSet};

use super::arena::{Arena, Formula, Gate, Term};
use super::diagram::{ALWAYS, Diagram, Input, NEVER, Node, NodeId, Selector};
use super::order::{VariableOrder, postorder};
use super::tree::{EventId, FaultTree};

/// The diagram of `top`, or nothing where it would need more than `budget` edges.
pub(super) fn compile(tree: &FaultTree, top: Formula, budget: usize) -> Option<Diagram> {
    let arena = &tree.arena;
    let modules = modules(arena, top);
    let mut output = Output { nodes: vec![Node::Never, Node::Always], edges: 0, budget };
    let mut compiled: FxHashMap<Formula, NodeId> = FxHashMap::default();
    for module in postorder(arena, top, |_| false) {
        if modules.contains(&module) {
            let mut workspace = Workspace::new(arena, module, &modules, &compiled);
            let node = workspace.compile(&mut output)?;
            compiled.insert(module, node);
        }
    }
    let top = compiled.get(&top).copied().unwrap_or(NEVER);
    Some(Diagram { nodes: output.nodes, top })
}

/// Gates that share no variable with anything outside them, and `top`.
fn modules(arena: &Arena, top: Formula) -> FxHashSet<Formula> {
    let visits = Visits::new(arena, top);
    let mut found = FxHashSet::default();
    found.insert(top);
    let mut spans: FxHashMap<Formula, (u32, u32)> = FxHashMap::default();
    for formula in postorder(arena, top, |_| false) {
        let mut span = (u32::MAX, 0);
        let mut widen = |first: u32, last: u32| span = (span.0.min(first), span.1.max(last));
        arena.inputs(formula, |input| {
            let (first, last) = visits.gate(input);
            let (below_first, below_last) = spans.get(&input).copied().unwrap_or((u32::MAX, 0));
            widen(first.min(below_first), last.max(below_last));
        });
        arena.own_variables(formula, |var| {
            let (first, last) = visits.variable(var);
            widen(first, last);
        });
        spans.insert(formula, span);
        let (first, second) = visits.expansion(formula);
        let gate = !matches!(arena.gate(formula), Gate::Down { .. } | Gate::True | Gate::False);
        if gate && span.0 > first && span.1 < second {
            found.insert(formula);
        }
    }
    found
}

/// Dates of a depth-first walk along all edges: first visit, end of the expansion, last visit.
struct Visits {
    gates: Vec<(u32, u32, u32)>,
    variables: Vec<(u32, u32)>,
}

impl Visits {
    fn new(arena: &Arena, top: Formula) -> Self {
        let mut visits =
            Self { gates: vec![(0, 0, 0); arena.len()], variables: vec![(0, 0); arena.variables()] };
        let mut clock = 0_u32;
        // (formula, whether its inputs have been walked)
        let mut stack = vec![(top, false)];
        while let Some((formula, walked)) = stack.pop() {
            clock += 1;
            let Some(dates) = visits.gates.get_mut(formula.0 as usize) else { continue };
            if walked {
                dates.1 = clock;
                dates.2 = dates.2.max(clock);
                continue;
            }
            dates.2 = clock;
            if dates.0 > 0 {
                continue;
            }
            dates.0 = clock;
            stack.push((formula, true));
            arena.own_variables(formula, |var| {
                clock += 1;
                if let Some(dates) = visits.variables.get_mut(var as usize) {
                    dates.0 = if dates.0 == 0 { clock } else { dates.0 };
                    dates.1 = clock;
                }
            });
            let at = stack.len();
            arena.inputs(formula, |input| {
                stack.push((input, false));
            });
            if let Some(inputs) = stack.get_mut(at..) {
                inputs.reverse();
            }
        }
        visits
    }

    fn gate(&self, formula: Formula) -> (u32, u32) {
        self.gates.get(formula.0 as usize).map_or((0, u32::MAX), |dates| (dates.0, dates.2))
    }

    fn expansion(&self, formula: Formula) -> (u32, u32) {
        self.gates.get(formula.0 as usize).map_or((0, 0), |dates| (dates.0, dates.1))
    }

    fn variable(&self, var: u32) -> (u32, u32) {
        self.variables.get(var as usize).copied().unwrap_or((0, u32::MAX))
    }
}

/// The diagram as it grows.
struct Output {
    nodes: Vec<Node>,
    edges: usize,
    budget: usize,
}

impl Output {
    fn push(&mut self, node: Node) -> NodeId {
        self.edges += 1 + match &node {
            Node::Decide { branches, .. } => branches.len(),
            Node::All(inputs) | Node::Any(inputs) => inputs.len(),
            Node::Threshold { inputs, .. } => 2 * inputs.len(),
            Node::Never | Node::Always => 0,
        };
        self.nodes.push(node);
        self.nodes.len() as NodeId - 1
    }
}

/// How a formula is put together from others.
enum Plan {
    Node(NodeId),
    Same(Formula),
    Replicas { event: EventId, at_least: u32 },
    Decide { selector: Selector, branches: Vec<Formula> },
    All(Vec<Formula>),
    Any(Vec<Formula>),
    Threshold { at_least: u32, terms: Vec<Term> },
}

impl Plan {
    fn needs(&self, mut visit: impl FnMut(Formula)) {
        match self {
            Self::Node(_) | Self::Replicas { .. } => {}
            Self::Same(other) => visit(*other),
            Self::Decide { branches: inputs, .. } | Self::All(inputs) | Self::Any(inputs) => {
                inputs.iter().copied().for_each(visit);
            }
            Self::Threshold { terms, .. } => {
                for term in terms {
                    match *term {
                        Term::One(input) | Term::Replicas { domain: input, .. } => visit(input),
                    }
                }
            }
        }
    }
}

/// A number per formula, emptied at no cost; formulas are dense, so that a vector beats a hash table.
#[derive(Default)]
struct Table {
    /// Round of writing and value.
    slots: Vec<(u32, u32)>,
    round: u32,
}

impl Table {
    fn clear(&mut self) {
        self.round += 1;
    }

    fn get(&self, formula: Formula) -> Option<u32> {
        let slot = self.slots.get(formula.0 as usize)?;
        (slot.0 == self.round + 1).then_some(slot.1)
    }

    fn set(&mut self, formula: Formula, value: u32) {
        let at = formula.0 as usize;
        if at >= self.slots.len() {
            self.slots.resize((at + 1).max(2 * self.slots.len()), (0, 0));
        }
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = (self.round + 1, value);
        }
    }
}

/// One module: its gates over events and submodules, and which of them are shared.
struct Workspace {
    arena: Arena,
    top: Formula,
    /// By local variable.
    selectors: Vec<Selector>,
    /// Shared variables in the order in which they are decided.
    shared: Vec<u32>,
    /// By local variable: its place in `shared`.
    place: Vec<Option<usize>>,
    /// Words of a support; a support is the bit set of the shared variables under a formula.
    words: usize,
    /// Supports of all formulas, one after the other.
    supports: Vec<u64>,
    supported: usize,
    /// Scratch space of `restrict`.
    restricted: Table,
}

impl Workspace {
    fn new(
        arena: &Arena,
        module: Formula,
        modules: &FxHashSet<Formula>,
        compiled: &FxHashMap<Formula, NodeId>,
    ) -> Self {
        let (local, top, selectors) = localise(arena, module, modules, compiled);
        let order = VariableOrder::new(&local, top);
        let is_shared = |var: &u32| order.paths.get(*var as usize).is_some_and(|paths| *paths > 1.0);
        let shared: Vec<u32> = order.variables.iter().copied().filter(is_shared).collect();
        let mut place = vec![None; local.variables()];
        for (at, var) in shared.iter().enumerate() {
            if let Some(place) = place.get_mut(*var as usize) {
                *place = Some(at);
            }
        }
        let words = shared.len().div_ceil(64);
        Self {
            arena: local,
            top,
            selectors,
            shared,
            place,
            words,
            supports: Vec::new(),
            supported: 0,
            restricted: Table::default(),
        }
    }

    fn compile(&mut self, output: &mut Output) -> Option<NodeId> {
        let mut done = Table::default();
        let mut plans: FxHashMap<Formula, Plan> = FxHashMap::default();
        let mut stack = vec![self.top];
        while let Some(&formula) = stack.last() {
            if done.get(formula).is_some() {
                stack.pop();
                continue;
            }
            let plan = match plans.remove(&formula) {
                Some(plan) => plan,
                None => self.plan(formula),
            };
            if self.arena.edges() + self.supports.len() + output.edges > output.budget {
                return None;
            }
            let before = stack.len();
            plan.needs(|input| {
                if done.get(input).is_none() {
                    stack.push(input);
                }
            });
            if stack.len() > before {
                plans.insert(formula, plan);
            } else {
                let node = self.build(plan, &done, output);
                done.set(formula, node);
                stack.pop();
            }
        }
        done.get(self.top)
    }

    fn build(&self, plan: Plan, done: &Table, output: &mut Output) -> NodeId {
        let node = |formula: Formula| done.get(formula).unwrap_or(NEVER);
        let nodes = |inputs: Vec<Formula>| -> Vec<NodeId> { inputs.into_iter().map(node).collect() };
        match plan {
            Plan::Node(known) => known,
            Plan::Same(other) => node(other),
            Plan::Replicas { event, at_least } => {
                let inputs = vec![Input::Replicas { event, domain: NEVER }];
                output.push(Node::Threshold { at_least, inputs })
            }
            Plan::Decide { selector, branches } => {
                output.push(Node::Decide { selector, branches: nodes(branches) })
            }
            Plan::All(inputs) => output.push(Node::All(nodes(inputs))),
            Plan::Any(inputs) => output.push(Node::Any(nodes(inputs))),
            Plan::Threshold { at_least, terms } => {
                let input = |term| match term {
                    Term::One(formula) => Input::One(node(formula)),
                    Term::Replicas { var, domain } => match self.selector(var) {
                        Selector::Event(event) => Input::Replicas { event, domain: node(domain) },
                        // Submodules have a count of 1, and such terms are units.
                        Selector::Node(known) => Input::One(known),
                    },
                };
                output.push(Node::Threshold { at_least, inputs: terms.into_iter().map(input).collect() })
            }
        }
    }

    fn selector(&self, var: u32) -> Selector {
        self.selectors.get(var as usize).copied().unwrap_or(Selector::Node(NEVER))
    }

    fn plan(&mut self, formula: Formula) -> Plan {
        self.extend_supports();
        match self.arena.gate(formula) {
            Gate::False => Plan::Node(NEVER),
            Gate::True => Plan::Node(ALWAYS),
            Gate::Down { var, at_least } => match self.selector(*var) {
                Selector::Event(event) => Plan::Replicas { event, at_least: *at_least },
                Selector::Node(node) => Plan::Node(node),
            },
            Gate::And(children) => {
                let children = children.clone();
                self.plan_junction(formula, &children, true)
            }
            Gate::Or(children) => {
                let children = children.clone();
                self.plan_junction(formula, &children, false)
            }
            Gate::Sum { at_least, terms } => {
                let (at_least, terms) = (*at_least, terms.clone());
                if self.independent(&terms) {
                    return Plan::Threshold { at_least, terms };
                }
                // A junction may fall apart into parts that the sum as a whole does not.
                match self.arena.as_junction(at_least, &terms) {
                    Some(junction) => Plan::Same(junction),
                    None => self.plan_decision(formula),
                }
            }
        }
    }

    fn plan_junction(&mut self, formula: Formula, children: &[Formula], all: bool) -> Plan {
        let groups = self.components(children);
        if groups.len() == 1 && children.len() > 1 {
            return self.plan_decision(formula);
        }
        let mut inputs = Vec::with_capacity(groups.len());
        for group in groups {
            inputs.push(match group[..] {
                [only] => only,
                _ if all => self.arena.and(group),
                _ => self.arena.or(group),
            });
        }
        if all { Plan::All(inputs) } else { Plan::Any(inputs) }
    }

    /// Shannon expansion on the first shared variable.
    fn plan_decision(&mut self, formula: Formula) -> Plan {
        let words = self.support(formula).iter().enumerate();
        let first =
            words.filter(|(_, word)| **word != 0).map(|(at, word)| 64 * at + word.trailing_zeros() as usize);
        let Some(var) = first.min().and_then(|at| self.shared.get(at).copied()) else {
            // Only shared variables make inputs dependent, so there is one.
            return Plan::Node(NEVER);
        };
        let branches = (0..=self.arena.count(var)).map(|down| self.restrict(formula, var, down)).collect();
        Plan::Decide { selector: self.selector(var), branches }
    }

    fn support(&self, formula: Formula) -> &[u64] {
        let at = formula.0 as usize * self.words;
        self.supports.get(at..at + self.words).unwrap_or(&[])
    }

    fn extend_supports(&mut self) {
        let mut bits = vec![0_u64; self.words];
        while self.supported < self.arena.len() {
            let formula = Formula(self.supported as u32);
            bits.fill(0);
            self.arena.inputs(formula, |input| join(&mut bits, self.support(input)));
            self.arena.own_variables(formula, |var| self.mark(&mut bits, var));
            self.supports.extend_from_slice(&bits);
            self.supported += 1;
        }
    }

    fn mark(&self, bits: &mut [u64], var: u32) {
        if let Some(Some(place)) = self.place.get(var as usize)
            && let Some(word) = bits.get_mut(place / 64)
        {
            *word |= 1 << (place % 64);
        }
    }

    /// Whether no variable is read by two terms, nor by the replicas and the domain of one term.
    fn independent(&self, terms: &[Term]) -> bool {
        let mut seen = vec![0_u64; self.words];
        let mut bits = vec![0_u64; self.words];
        let mut claim = |formula: Formula, own: Option<u32>| {
            bits.fill(0);
            join(&mut bits, self.support(formula));
            if let Some(var) = own {
                self.mark(&mut bits, var);
            }
            let apart = seen.iter().zip(&bits).all(|(seen, bits)| seen & bits == 0);
            join(&mut seen, &bits);
            apart
        };
        terms.iter().all(|term| match *term {
            Term::One(formula) => claim(formula, None),
            Term::Replicas { var, domain } => claim(domain, None) && claim(Formula::FALSE, Some(var)),
        })
    }

    /// Children grouped so that different groups share no variable, in order of their first child.
    fn components(&self, children: &[Formula]) -> Vec<Vec<Formula>> {
        let mut group: Vec<usize> = (0..children.len()).collect();
        let mut owner = vec![usize::MAX; self.shared.len()];
        for (at, child) in children.iter().enumerate() {
            for (word_at, word) in self.support(*child).iter().enumerate() {
                let mut word = *word;
                while word != 0 {
                    let bit = 64 * word_at + word.trailing_zeros() as usize;
                    word &= word - 1;
                    match owner.get_mut(bit) {
                        Some(owner) if *owner == usize::MAX => *owner = at,
                        Some(owner) => unite(&mut group, *owner, at),
                        None => {}
                    }
                }
            }
        }
        let mut groups: Vec<Vec<Formula>> = Vec::new();
        let mut slots = vec![usize::MAX; children.len()];
        for (at, child) in children.iter().enumerate() {
            let root = find(&mut group, at);
            let Some(slot) = slots.get_mut(root) else { continue };
            if let Some(members) = groups.get_mut(*slot) {
                members.push(*child);
            } else {
                *slot = groups.len();
                groups.push(vec![*child]);
            }
        }
        groups
    }

    /// The formula with exactly `down` replicas of a variable down.
    fn restrict(&mut self, top: Formula, var: u32, down: u32) -> Formula {
        let place = self.place.get(var as usize).copied().flatten().unwrap_or(usize::MAX);
        let mut done = std::mem::take(&mut self.restricted);
        done.clear();
        let mut stack = vec![top];
        while let Some(&formula) = stack.last() {
            if done.get(formula).is_some() {
                stack.pop();
                continue;
            }
            let before = stack.len();
            self.arena.inputs(formula, |input| {
                if self.reads(input, place) && done.get(input).is_none() {
                    stack.push(input);
                }
            });
            if stack.len() == before {
                let restricted = self.restrict_gate(formula, var, down, &done);
                done.set(formula, restricted.0);
                stack.pop();
            }
        }
        let result = done.get(top).map_or(top, Formula);
        self.restricted = done;
        result
    }

    fn reads(&self, formula: Formula, place: usize) -> bool {
        self.support(formula).get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    fn restrict_gate(&mut self, formula: Formula, var: u32, down: u32, done: &Table) -> Formula {
        let known = |input: Formula| done.get(input).map_or(input, Formula);
        match self.arena.gate(formula) {
            Gate::Down { var: own, at_least } if *own == var => {
                if down >= *at_least {
                    Formula::TRUE
                } else {
                    Formula::FALSE
                }
            }
            Gate::False | Gate::True | Gate::Down { .. } => formula,
            Gate::And(children) => {
                let children = children.iter().copied().map(known).collect();
                self.arena.and(children)
            }
            Gate::Or(children) => {
                let children = children.iter().copied().map(known).collect();
                self.arena.or(children)
            }
            Gate::Sum { at_least, terms } => {
                let mut threshold = *at_least;
                let mut kept = Vec::with_capacity(terms.len());
                for term in terms {
                    match *term {
                        Term::Replicas { var: own, domain } if own == var => {
                            threshold = threshold.saturating_sub(down);
                            let left = self.arena.count(own).saturating_sub(down) as usize;
                            kept.extend(std::iter::repeat_n(Term::One(known(domain)), left));
                        }
                        Term::Replicas { var, domain } => {
                            kept.push(Term::Replicas { var, domain: known(domain) });
                        }
                        Term::One(input) => kept.push(Term::One(known(input))),
                    }
                }
                self.arena.sum(threshold, kept)
            }
        }
    }
}

fn join(bits: &mut [u64], more: &[u64]) {
    for (bits, more) in bits.iter_mut().zip(more) {
        *bits |= more;
    }
}

fn find(group: &mut [usize], member: usize) -> usize {
    let mut at = member;
    while let Some(&next) = group.get(at)
        && next != at
    {
        let after = group.get(next).copied().unwrap_or(next);
        if let Some(slot) = group.get_mut(at) {
            *slot = after;
        }
        at = after;
    }
    at
}

fn unite(group: &mut [usize], a: usize, b: usize) {
    let (a, b) = (find(group, a), find(group, b));
    // The smaller index leads, so that groups keep the order of their first member.
    if let Some(slot) = group.get_mut(a.max(b)) {
        *slot = a.min(b);
    }
}

/// The gates of one module in an arena of its own, with submodules as variables.
fn localise(
    arena: &Arena,
    module: Formula,
    modules: &FxHashSet<Formula>,
    compiled: &FxHashMap<Formula, NodeId>,
) -> (Arena, Formula, Vec<Selector>) {
    let mut local = Arena::default();
    let mut selectors = Vec::new();
    let mut variables: FxHashMap<u32, u32> = FxHashMap::default();
    let mut done: FxHashMap<Formula, Formula> = FxHashMap::default();
    for formula in postorder(arena, module, |formula| modules.contains(&formula)) {
        let node = compiled.get(&formula).copied();
        if formula != module
            && let Some(node) = node
        {
            let lowered = match node {
                NEVER => Formula::FALSE,
                ALWAYS => Formula::TRUE,
                node => {
                    selectors.push(Selector::Node(node));
                    let var = local.variable(1);
                    local.down(var, 1)
                }
            };
            done.insert(formula, lowered);
            continue;
        }
        let mut variable = |var: u32, local: &mut Arena| {
            *variables.entry(var).or_insert_with(|| {
                selectors.push(Selector::Event(EventId(var)));
                local.variable(arena.count(var))
            })
        };
        let known = |input: &Formula| done.get(input).copied().unwrap_or(Formula::FALSE);
        let lowered = match arena.gate(formula) {
            Gate::False => Formula::FALSE,
            Gate::True => Formula::TRUE,
            Gate::Down { var, at_least } => {
                let var = variable(*var, &mut local);
                local.down(var, *at_least)
            }
            Gate::And(children) => local.and(children.iter().map(known).collect()),
            Gate::Or(children) => local.or(children.iter().map(known).collect()),
            Gate::Sum { at_least, terms } => {
                let mut kept = Vec::with_capacity(terms.len());
                for term in terms {
                    kept.push(match term {
                        Term::One(input) => Term::One(known(input)),
                        Term::Replicas { var, domain } => {
                            Term::Replicas { var: variable(*var, &mut local), domain: known(domain) }
                        }
                    });
                }
                local.sum(*at_least, kept)
            }
        };
        done.insert(formula, lowered);
    }
    (local, done.get(&module).copied().unwrap_or(Formula::FALSE), selectors)
}
