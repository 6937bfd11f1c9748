//! What a rule sees: the model, the facts, the thresholds, and where it notes what it lacked.

use crate::analysis::consistency::{Ground, confidence};
use crate::analysis::{Change, FactId, Facts};
use crate::catalog::Confidence;
use crate::diagnostic::{Finding, Severity};
use crate::model::{Element, ElementId, Flow, FlowId, Model, Step, StepId};
use crate::quantity::Quantity;
use crate::schema::Kind;
use crate::source::Span;
use crate::words;
use std::cell::RefCell;

/// Limits that a team may set in `sysd.toml`.
#[derive(Clone, Debug, PartialEq)]
pub struct Thresholds {
    /// Share of capacity that must stay free at peak where the design states no headroom.
    pub headroom: f64,
    /// Longest chain of synchronous calls that passes.
    pub depth: usize,
    /// Product of retry attempts along a chain that passes.
    pub amplification: f64,
    /// Seconds within which a failure should be noticed.
    pub detection_s: f64,
    /// How grave a finding may be that rests on facts of the catalogue.
    pub backing: Backing,
}

/// The gravest severity that facts of each confidence may back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backing {
    /// Documented by whoever makes the technology.
    pub high: Severity,
    /// Measured or told by others.
    pub medium: Severity,
    /// A rule of thumb.
    pub low: Severity,
}

impl Default for Backing {
    fn default() -> Self {
        Backing { high: Severity::Error, medium: Severity::Warning, low: Severity::Info }
    }
}

impl Default for Thresholds {
    fn default() -> Self {
        // Headroom: the usual 70–80% line of capacity planning. Depth and amplification: three layers of
        // three attempts is where a brief overload keeps itself alive (Google SRE book, chapter 22).
        Thresholds {
            headroom: 0.2,
            depth: 5,
            amplification: 9.0,
            detection_s: 60.0,
            backing: Backing::default(),
        }
    }
}

/// Something that could not be evaluated, and what it needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// What was asked: a number or a rule about an element.
    pub what: String,
    /// What it needs, as in `api.capacity`.
    pub needs: String,
}

/// A step with its flow.
#[derive(Clone, Copy)]
pub struct Hop<'a> {
    /// The flow's handle.
    pub flow_id: FlowId,
    /// The flow.
    pub flow: &'a Flow,
    /// The step's handle in the flow.
    pub id: StepId,
    /// The step.
    pub step: &'a Step,
}

/// What a rule sees.
pub struct Context<'a> {
    /// The design.
    pub model: &'a Model,
    /// The numbers of the case that is looked at.
    facts: &'a Facts,
    /// Limits.
    pub thresholds: &'a Thresholds,
    missing: RefCell<Vec<Missing>>,
}

impl<'a> Context<'a> {
    /// A context over a design and the numbers of one case.
    pub fn new(model: &'a Model, facts: &'a Facts, thresholds: &'a Thresholds) -> Self {
        Context { model, facts, thresholds, missing: RefCell::default() }
    }

    /// The numbers of the case.
    pub fn facts(&self) -> &'a Facts {
        self.facts
    }

    /// The value of a number.
    pub fn value(&self, id: FactId) -> Option<f64> {
        self.facts().value(id)
    }

    /// The value of a number; where it has none, what it needs is noted under `what`.
    pub fn known(&self, id: FactId, what: impl FnOnce() -> String) -> Option<f64> {
        let value = self.value(id);
        if value.is_none() {
            let needs = self.facts().derivation.need(id).unwrap_or("more facts");
            self.lacks(what(), needs);
        }
        value
    }

    /// Notes that something could not be evaluated.
    pub fn lacks(&self, what: impl Into<String>, needs: impl Into<String>) {
        self.missing.borrow_mut().push(Missing { what: what.into(), needs: needs.into() });
    }

    /// A number as a reader sees it, with its unit.
    pub fn show(&self, id: FactId) -> String {
        self.facts().derivation.show(id)
    }

    /// The value as text: `250 ms`.
    pub fn seconds(&self, value: f64) -> String {
        Quantity::seconds(value).human()
    }

    /// The element of a handle.
    pub fn element(&self, id: ElementId) -> &'a Element {
        self.model.element(id)
    }

    /// The full name of an element.
    pub fn name(&self, id: ElementId) -> &'a str {
        &self.model.element(id).head.name
    }

    /// The place of the property at a dotted path of an element, else of the element's name.
    pub fn place(&self, id: ElementId, path: &str) -> Span {
        let element = self.model.element(id);
        element.props.at(path).map_or(element.head.name_span, |p| p.span)
    }

    /// Every hop of every flow.
    pub fn hops(&self) -> impl Iterator<Item = Hop<'a>> {
        let flows = self.model.flows();
        flows.flat_map(|(flow_id, flow)| flow.steps().map(move |(id, step)| Hop { flow_id, flow, id, step }))
    }

    /// Runs by which people or outside systems enter the system: from the outsider to the first element
    /// that does more than pass the request on.
    pub fn entries(&self) -> Vec<Vec<Hop<'a>>> {
        let outside = |id: ElementId| matches!(self.element(id).kind, Kind::Actor | Kind::External);
        let mut entries = Vec::new();
        for (flow_id, flow) in self.model.flows() {
            for run in flow.runs() {
                let hop = |id: StepId| Hop { flow_id, flow, id, step: flow.step(id) };
                let Some(first) = run.first().map(|id| hop(*id)) else { continue };
                if !outside(first.step.from) || outside(first.step.to) {
                    continue;
                }
                let passed = run
                    .iter()
                    .take_while(|id| self.element(flow.step(**id).to).kind.passes_through())
                    .count();
                entries.push(run.iter().take(passed + 1).map(|id| hop(*id)).collect());
            }
        }
        entries
    }

    /// The finding with the facts that it rests on, and no graver than they allow: facts of high confidence
    /// may back an error, of medium a warning, of low a hint, where the team says nothing else.
    pub fn resting_on(&self, mut finding: Finding, grounds: &[Ground]) -> Finding {
        let backing = self.thresholds.backing;
        let most = match confidence(grounds) {
            Confidence::High => backing.high,
            Confidence::Medium => backing.medium,
            Confidence::Low => backing.low,
        };
        finding.severity = finding.severity.min(most);
        for ground in grounds {
            let how = if ground.fact.is_empty() {
                String::new()
            } else {
                format!("; a `technology` item may state `{}` otherwise", ground.fact)
            };
            finding
                .notes
                .push(format!("{} ({}, confidence {}{how})", ground.text, ground.source, ground.confidence));
        }
        finding
    }

    /// A step as a reader knows it: `api -> posts`.
    pub fn step_name(&self, step: &Step) -> String {
        format!("{} {} {}", self.name(step.from), step.arrow.symbol(), self.name(step.to))
    }

    /// How a flow comes to the end of a step: `user -> api -> posts`.
    pub fn way_to(&self, flow: FlowId, step: StepId) -> String {
        let flow = self.model.flow(flow);
        // A parent stands before its children, so that the walk ends.
        let up = |id: &StepId| flow.step(*id).parent.filter(|parent| parent < id);
        let mut steps: Vec<StepId> = std::iter::successors(Some(step), up).collect();
        steps.reverse();
        let mut way = steps.first().map_or("", |first| self.name(flow.step(*first).from)).to_string();
        for step in steps.iter().map(|id| flow.step(*id)) {
            way = format!("{way} {} {}", step.arrow.symbol(), self.name(step.to));
        }
        way
    }

    /// `` `a`, `b` and 3 more ``: at most so many by name.
    pub fn some_of(names: &[&str], most: usize) -> String {
        let shown: Vec<&str> = names.iter().take(most).copied().collect();
        let rest = names.len() - shown.len();
        let text = words::enumeration(&shown);
        if rest == 0 { text } else { format!("{} and {rest} more", text.replace("` and `", "`, `")) }
    }

    /// What to change, as a design states it: `api: replicas 2; db: replicas 3, zones 3`.
    pub fn changes(&self, changes: &[(ElementId, Change)]) -> String {
        let texts: Vec<String> = changes
            .iter()
            .map(|(id, change)| format!("{}: {}", self.name(*id), change.text(self.element(*id))))
            .collect();
        texts.join("; ")
    }

    /// The peak load of a hop, per second.
    pub fn hop_peak(&self, hop: &Hop) -> Option<f64> {
        let facts = self.facts().flows.get(hop.flow_id.index())?;
        self.value(facts.hops.get(hop.id.index())?.peak)
    }

    /// What was noted as missing, each once, in order.
    pub(super) fn take_missing(&self) -> Vec<Missing> {
        let mut missing = self.missing.take();
        missing.sort();
        missing.dedup();
        missing
    }
}
