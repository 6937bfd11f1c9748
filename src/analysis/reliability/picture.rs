//! The fault tree and the reliability block diagram of each flow, in sizes that can be drawn.

use super::super::case::Case;
use super::super::fault_tree::{self, EventId, Formula, Gate, Options, Probability, Term};
use super::super::overrides::Overrides;
use super::super::placement::Zone;
use super::super::shape;
use super::elements;
use super::grounds::Grounds;
use super::group::Group;
use super::tree::{Builder, Meaning};
use super::wiring::{Item, Need, Wiring};
use crate::model::{ElementId, FlowId, Model, RegionId};
use ecow::{EcoString, eco_format};
use rustc_hash::FxHashMap;

/// What a node of a fault tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Happens where all of its inputs do.
    All,
    /// Happens where any of its inputs does.
    Any,
    /// Happens where so many of so many replicas are down.
    AtLeast(u32, u32),
    /// Replicas of an element fail by themselves.
    Replicas(ElementId),
    /// A cause that takes all replicas of an element at once.
    Common(ElementId),
    /// Something outside, as a whole.
    Provider(ElementId),
    /// A zone is lost.
    Zone(Zone),
    /// A region is lost.
    Region(RegionId),
    /// An element fails; its parts are not drawn.
    Undeveloped(ElementId),
    /// So many others, which are not drawn.
    Others(usize),
}

/// A gate or event of a fault tree.
#[derive(Clone, Debug, PartialEq)]
pub struct FaultNode {
    /// What it is.
    pub kind: FaultKind,
    /// What fails: `api`, `psh 2 of 3`, `us.zone1`; empty for a gate that stands for nothing by itself.
    pub text: EcoString,
    /// How many replicas it is about.
    pub count: u32,
    /// How likely it is: of replicas that are counted by a gate, that of one of them.
    pub unavailability: Option<f64>,
    /// Its inputs, by position.
    pub inputs: Vec<usize>,
}

/// A part of a reliability block diagram.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// An element that must work.
    Part {
        /// The element.
        element: ElementId,
        /// `2 of 3 up, over 3 zones`.
        needs: EcoString,
        /// Its replicas.
        replicas: u32,
        /// How likely what is needed of it is down, domains included.
        unavailability: Option<f64>,
    },
    /// One of two must work.
    Either {
        /// What is tried first.
        first: Vec<Block>,
        /// What stands in for it.
        then: Vec<Block>,
    },
}

/// The pictures of a flow.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowPictures {
    /// The flow.
    pub flow: FlowId,
    /// The fault tree, its top first; at most as many nodes as were asked for.
    pub tree: Vec<FaultNode>,
    /// What must work one after another.
    pub blocks: Vec<Block>,
}

/// The pictures of every flow, with at most so many nodes each.
pub fn pictures(model: &Model, most: usize) -> Vec<FlowPictures> {
    let overrides = Overrides::default();
    let mut case = Case::new(model, &overrides);
    let shapes = shape::shapes(&mut case);
    let grounds = Grounds::of(&mut case, &shapes);
    let flows = model.flows().map(|(flow, _)| {
        let wiring = Wiring::of(model, flow);
        let mut builder = Builder::new(model, &grounds);
        let top = builder.any_fails(&wiring.items);
        let known = builder.unknown.is_empty() && wiring.lacks.is_empty();
        let mut drawing = Drawing { builder, grounds: &grounds, known, most, limit: most, nodes: Vec::new() };
        let tree = drawing.tree(model.flow(flow).head.name.as_str(), &wiring.items, top);
        FlowPictures { flow, tree, blocks: drawing.blocks(&wiring.items) }
    });
    flows.collect()
}

/// A tree down to its events crosses itself when it has more nodes than this: zones are inputs of every element.
const DEVELOPED: usize = 18;

struct Drawing<'g> {
    builder: Builder<'g>,
    grounds: &'g Grounds,
    /// Whether every probability is.
    known: bool,
    most: usize,
    /// How many nodes the attempt under way may have.
    limit: usize,
    nodes: Vec<FaultNode>,
}

/// The picture has more nodes than it may.
struct TooMany;

/// Nodes that are drawn already.
type Seen = FxHashMap<(Formula, Option<EventId>), usize>;

impl Drawing<'_> {
    /// In full where that fits, else with elements undeveloped, else with the likeliest of them.
    fn tree(&mut self, name: &str, items: &[Item], top: Formula) -> Vec<FaultNode> {
        for developed in [true, false] {
            self.nodes.clear();
            self.limit = if developed { self.most.min(DEVELOPED) } else { self.most };
            if self.any(name, items, top, developed, &mut Seen::default()).is_ok() {
                return std::mem::take(&mut self.nodes);
            }
        }
        self.likeliest(name, items, top);
        std::mem::take(&mut self.nodes)
    }

    fn push(&mut self, node: FaultNode) -> Result<usize, TooMany> {
        if self.nodes.len() >= self.limit {
            return Err(TooMany);
        }
        self.nodes.push(node);
        Ok(self.nodes.len() - 1)
    }

    fn gate(&mut self, kind: FaultKind, text: EcoString, formula: Formula) -> Result<usize, TooMany> {
        let unavailability = self.probability(formula);
        self.push(FaultNode { kind, text, count: 1, unavailability, inputs: Vec::new() })
    }

    fn put_under(&mut self, at: usize, input: usize) {
        if let Some(node) = self.nodes.get_mut(at)
            && !node.inputs.contains(&input)
        {
            node.inputs.push(input);
        }
    }

    fn probability(&self, formula: Formula) -> Option<f64> {
        if !self.known {
            return None;
        }
        match fault_tree::probability(&self.builder.tree, formula, &Options::default()) {
            Probability::Exact { unavailability, .. } => Some(unavailability),
            Probability::Bounded(_) => None,
        }
    }

    /// A gate over what items need.
    fn any(
        &mut self,
        text: &str,
        items: &[Item],
        formula: Formula,
        developed: bool,
        seen: &mut Seen,
    ) -> Result<usize, TooMany> {
        let at = self.gate(FaultKind::Any, text.into(), formula)?;
        for item in items {
            if let Some(input) = self.item(item, developed, seen)? {
                self.put_under(at, input);
            }
        }
        Ok(at)
    }

    /// `None` for what never fails.
    fn item(&mut self, item: &Item, developed: bool, seen: &mut Seen) -> Result<Option<usize>, TooMany> {
        let formula = self.builder.any_fails(std::slice::from_ref(item));
        if formula == Formula::FALSE {
            return Ok(None);
        }
        if let Some(known) = seen.get(&(formula, None)) {
            return Ok(Some(*known));
        }
        let at = match item {
            Item::Need(need) if developed => self.develop(formula, &self.name(need), seen)?,
            Item::Need(need) => self.gate(FaultKind::Undeveloped(need.element), self.name(need), formula)?,
            Item::Either { first, then } => {
                let at = self.gate(FaultKind::All, EcoString::new(), formula)?;
                for side in [first, then] {
                    let input = match &side[..] {
                        [only] => self.item(only, developed, seen)?,
                        several => {
                            let formula = self.builder.any_fails(several);
                            Some(self.any("", several, formula, developed, seen)?)
                        }
                    };
                    if let Some(input) = input {
                        self.put_under(at, input);
                    }
                }
                at
            }
        };
        seen.insert((formula, None), at);
        Ok(Some(at))
    }

    fn name(&self, need: &Need) -> EcoString {
        self.builder.model().element(need.element).head.name.clone()
    }

    /// The gates of an element down to its events; every call adds a node or ends, so that it ends.
    fn develop(&mut self, formula: Formula, text: &str, seen: &mut Seen) -> Result<usize, TooMany> {
        if let Some(known) = seen.get(&(formula, None)) {
            return Ok(*known);
        }
        let at = match self.builder.tree.gate(formula).clone() {
            Gate::False | Gate::True => self.gate(FaultKind::Any, text.into(), formula)?,
            Gate::Down { var, at_least } => {
                let Some(event) = self.builder.tree.ids().nth(var as usize) else { return Err(TooMany) };
                let text = self.builder.text(event, Some(at_least));
                self.event(event, text, formula)?
            }
            Gate::And(inputs) => self.junction(FaultKind::All, text, formula, &inputs, seen)?,
            Gate::Or(inputs) => self.junction(FaultKind::Any, text, formula, &inputs, seen)?,
            Gate::Sum { at_least, terms } => self.threshold(text, formula, at_least, &terms, seen)?,
        };
        seen.insert((formula, None), at);
        Ok(at)
    }

    fn junction(
        &mut self,
        kind: FaultKind,
        text: &str,
        formula: Formula,
        inputs: &[Formula],
        seen: &mut Seen,
    ) -> Result<usize, TooMany> {
        let text = if text.is_empty() { self.part_name(inputs) } else { text.into() };
        let at = self.gate(kind, text, formula)?;
        for input in inputs {
            let input = self.develop(*input, "", seen)?;
            self.put_under(at, input);
        }
        Ok(at)
    }

    /// The replicas among the inputs of a gate, whose place makes up the others; else nothing.
    fn part_name(&self, inputs: &[Formula]) -> EcoString {
        let replicas = inputs.iter().filter_map(|input| match self.builder.tree.gate(*input) {
            Gate::Down { var, .. } => self.builder.tree.ids().nth(*var as usize),
            _ => None,
        });
        let mut own = replicas.filter(|e| matches!(self.builder.meaning(*e), Some(Meaning::Replicas { .. })));
        match (own.next(), own.next()) {
            (Some(event), None) => self.builder.text(event, None),
            _ => EcoString::new(),
        }
    }

    fn threshold(
        &mut self,
        text: &str,
        formula: Formula,
        at_least: u32,
        terms: &[Term],
        seen: &mut Seen,
    ) -> Result<usize, TooMany> {
        let weight = |term: &Term| match term {
            Term::One(_) => 1,
            Term::Replicas { var, .. } => {
                self.builder.tree.events().get(*var as usize).map_or(0, |event| event.count)
            }
        };
        let total = terms.iter().map(weight).sum();
        let kind = match at_least {
            1 => FaultKind::Any,
            all if all == total => FaultKind::All,
            some => FaultKind::AtLeast(some, total),
        };
        let at = self.gate(kind, text.into(), formula)?;
        for term in terms {
            let input = match *term {
                Term::One(input) => self.develop(input, "", seen)?,
                Term::Replicas { var, domain } => self.part(var, domain, seen)?,
            };
            self.put_under(at, input);
        }
        Ok(at)
    }

    /// Replicas with what takes all of them down.
    fn part(&mut self, var: u32, domain: Formula, seen: &mut Seen) -> Result<usize, TooMany> {
        let Some(event) = self.builder.tree.ids().nth(var as usize) else { return Err(TooMany) };
        if let Some(known) = seen.get(&(domain, Some(event))) {
            return Ok(*known);
        }
        let own = self.builder.tree.at_least_down(event, 1);
        let at = if domain == Formula::FALSE {
            self.event(event, self.builder.text(event, None), own)?
        } else {
            let at = self.push(FaultNode {
                kind: FaultKind::Any,
                text: self.builder.text(event, None),
                count: 1,
                unavailability: None,
                inputs: Vec::new(),
            })?;
            let event = self.event(event, self.builder.text(event, None), own)?;
            self.put_under(at, event);
            // The zone and the region of a place are inputs side by side.
            let domains = match self.builder.tree.gate(domain).clone() {
                Gate::Or(inputs) => inputs,
                _ => vec![domain],
            };
            for domain in domains {
                let domain = self.develop(domain, "", seen)?;
                self.put_under(at, domain);
            }
            at
        };
        seen.insert((domain, Some(event)), at);
        Ok(at)
    }

    fn event(&mut self, event: EventId, text: EcoString, formula: Formula) -> Result<usize, TooMany> {
        let kind = match self.builder.meaning(event) {
            Some(Meaning::Common(element)) => FaultKind::Common(element),
            Some(Meaning::Provider(element)) => FaultKind::Provider(element),
            Some(Meaning::Zone(zone)) => FaultKind::Zone(zone),
            Some(Meaning::Region(region)) => FaultKind::Region(region),
            Some(Meaning::Replicas { element, .. }) => FaultKind::Replicas(element),
            None => FaultKind::Any,
        };
        let count = self.builder.tree.get(event).map_or(1, |event| event.count);
        let one = self.builder.tree.get(event).map(|event| event.unavailability).filter(|_| self.known);
        // What a gate counts is one replica; what stands by itself is as many as its text says.
        let counted = text == self.builder.text(event, None) && count > 1;
        let unavailability = if counted { one } else { self.probability(formula) };
        self.push(FaultNode { kind, text, count, unavailability, inputs: Vec::new() })
    }

    /// The top with the likeliest of its inputs, and how many others there are.
    fn likeliest(&mut self, name: &str, items: &[Item], top: Formula) {
        self.nodes.clear();
        let mut inputs: Vec<(Formula, &Item, Option<f64>)> = Vec::new();
        for item in items {
            let formula = self.builder.any_fails(std::slice::from_ref(item));
            if formula != Formula::FALSE && !inputs.iter().any(|(known, ..)| *known == formula) {
                inputs.push((formula, item, self.probability(formula)));
            }
        }
        let mut order: Vec<usize> = (0..inputs.len()).collect();
        let down = |at: &usize| inputs.get(*at).and_then(|(.., p)| *p).unwrap_or(0.0);
        order.sort_by(|a, b| down(b).total_cmp(&down(a)).then(a.cmp(b)));
        let rest = order.split_off(self.most.saturating_sub(2).min(order.len()));
        order.sort_unstable();
        let Ok(at) = self.gate(FaultKind::Any, name.into(), top) else { return };
        for (formula, item, _) in order.into_iter().filter_map(|at| inputs.get(at)) {
            let (kind, text) = match item {
                Item::Need(need) => (FaultKind::Undeveloped(need.element), self.name(need)),
                Item::Either { .. } => (FaultKind::All, EcoString::new()),
            };
            if let Ok(input) = self.gate(kind, text, *formula) {
                self.put_under(at, input);
            }
        }
        if !rest.is_empty() {
            let others: Vec<Formula> =
                rest.iter().filter_map(|at| inputs.get(*at)).map(|(formula, ..)| *formula).collect();
            let any = self.builder.tree.or(others);
            let text = eco_format!("{} others", rest.len());
            if let Ok(input) = self.gate(FaultKind::Others(rest.len()), text, any) {
                self.put_under(at, input);
            }
        }
    }

    /// What must work, each once.
    fn blocks(&mut self, items: &[Item]) -> Vec<Block> {
        let mut seen: Vec<Formula> = Vec::new();
        let mut blocks = Vec::new();
        for item in items {
            let formula = self.builder.any_fails(std::slice::from_ref(item));
            if formula == Formula::FALSE || seen.contains(&formula) {
                continue;
            }
            seen.push(formula);
            blocks.push(match item {
                Item::Need(need) => self.block(need, formula),
                Item::Either { first, then } => {
                    Block::Either { first: self.blocks(first), then: self.blocks(then) }
                }
            });
        }
        blocks
    }

    fn block(&self, need: &Need, formula: Formula) -> Block {
        let group = self.grounds.group(need.element);
        Block::Part {
            element: need.element,
            needs: match group {
                Some(group @ Group::Replicas { .. }) => elements::needs(group, need.operation, need.from),
                _ => "as a whole".into(),
            },
            replicas: group.map_or(1, |g| g.total()),
            unavailability: self.probability(formula),
        }
    }
}
