//! A flow step by step: lifelines, calls and answers, frames for what is conditional.

use super::common::{anchor, card_kind, short_rate};
use super::{View, ViewKind};
use crate::compile::Design;
use crate::model::{
    Arrow, BlockId, BlockKind, ElementId, Flow, FlowId, Guarded, Node, Step, StepId, Touched,
};
use crate::quantity::{Quantity, count, percent};
use crate::render::scene::{
    Frame, FrameKind, Item, Message, MessageKind, Participant, Scene, Section, Sequence,
};
use std::collections::BTreeSet;
use std::fmt::Write;

pub(super) fn views(design: &Design) -> Vec<View> {
    design
        .lowered
        .model
        .flows()
        .filter(|(_, flow)| !flow.steps.is_empty())
        .map(|(id, flow)| view(design, id, flow))
        .collect()
}

fn view(design: &Design, id: FlowId, flow: &Flow) -> View {
    let drawing = Drawing { design, flow };
    let title = flow.head.label().to_string();
    let name = format!("flow_{}", flow.head.name.replace(".", "_"));
    let scene = Scene::Sequence(Sequence {
        id: name.clone(),
        title: title.clone(),
        subtitle: subtitle(design, id),
        participants: participants(design, flow),
        items: drawing.items(&flow.body),
        ..Sequence::default()
    });
    View { name, title, kind: ViewKind::Sequence, flow: Some(id), scene }
}

/// Load and latency in one line, where they are known.
fn subtitle(design: &Design, id: FlowId) -> String {
    let facts = &design.analysis.base;
    let Some(numbers) = facts.flows.get(id.index()) else { return String::new() };
    let mut parts = Vec::new();
    if let Some(peak) = facts.value(numbers.rate.peak) {
        parts.push(format!("{} at peak", short_rate(peak)));
    }
    if let Some(p99) = facts.value(numbers.latency.p99) {
        parts.push(format!("p99 {}", Quantity::seconds(p99).human()));
    }
    if let Some(share) = facts.value(numbers.reliability.unavailability) {
        parts.push(format!("available {}", crate::quantity::availability_percent(share)));
    }
    parts.join(" · ")
}

/// Lifelines in the order in which the flow reaches them.
fn participants(design: &Design, flow: &Flow) -> Vec<Participant> {
    let mut seen: BTreeSet<ElementId> = BTreeSet::new();
    let ends = flow.steps.iter().flat_map(|s| [s.from, s.to]);
    ends.filter(|id| seen.insert(*id))
        .map(|id| {
            let element = design.lowered.model.element(id);
            Participant {
                id: element.head.name.to_string(),
                title: element.head.short.to_string(),
                technology: element.tech().map(|t| t.name.clone()).unwrap_or_default(),
                kind: card_kind(element),
                link: Some(format!("#{}", anchor(&element.head.name))),
                tooltip: element.head.title.iter().map(ToString::to_string).collect(),
            }
        })
        .collect()
}

struct Drawing<'a> {
    design: &'a Design,
    flow: &'a Flow,
}

impl Drawing<'_> {
    fn name(&self, id: ElementId) -> String {
        self.design.lowered.model.element(id).head.name.to_string()
    }

    /// The messages and frames of a body; an answer is drawn when everything below its call is done.
    fn items(&self, body: &[Node]) -> Vec<Item> {
        let mut items = Vec::new();
        // Calls whose answer is still to come, innermost last.
        let mut open: Vec<StepId> = Vec::new();
        for node in body {
            match node {
                Node::Step(id) => {
                    let step = self.flow.step(*id);
                    self.answer_until(&mut open, &mut items, |top| step.parent == Some(top));
                    items.push(Item::Message(self.message(step)));
                    if step.arrow == Arrow::Sync {
                        open.push(*id);
                    }
                }
                Node::Block(id) => {
                    let belongs = self.belongs_to(*id);
                    self.answer_until(&mut open, &mut items, |top| {
                        self.reaches(*id, top) || belongs == Some(top)
                    });
                    items.extend(self.block(*id));
                }
            }
        }
        self.answer_until(&mut open, &mut items, |_| false);
        items
    }

    /// Draws the answers of open calls down to one that passes.
    fn answer_until(&self, open: &mut Vec<StepId>, items: &mut Vec<Item>, keep: impl Fn(StepId) -> bool) {
        while let Some(top) = open.last().copied().filter(|top| !keep(*top)) {
            open.pop();
            let step = self.flow.step(top);
            items.push(Item::Message(Message {
                from: self.name(step.to),
                to: self.name(step.from),
                label: step.props.quantity("response").map(|s| s.quantity.human()).unwrap_or_default(),
                kind: MessageKind::Return,
                deactivate: true,
                ..Message::default()
            }));
        }
    }

    /// The step that a block is written below.
    fn belongs_to(&self, id: BlockId) -> Option<StepId> {
        match self.flow.block(id).kind {
            BlockKind::Nested(step) => Some(step),
            _ => None,
        }
    }

    /// Whether a step of the block, or of one inside it, hangs under this step.
    fn reaches(&self, id: BlockId, parent: StepId) -> bool {
        self.flow.block(id).body.iter().any(|node| match node {
            Node::Step(step) => self.flow.step(*step).parent == Some(parent),
            Node::Block(inner) => self.reaches(*inner, parent),
        })
    }

    fn block(&self, id: BlockId) -> Vec<Item> {
        let block = self.flow.block(id);
        let items = self.items(&block.body);
        let (kind, title) = match &block.kind {
            BlockKind::Nested(_) => return items,
            BlockKind::OnMiss(step) => {
                (FrameKind::Opt, format!("{} misses", self.short(self.flow.step(*step).to)))
            }
            BlockKind::OnFailure(Guarded::Step(step)) => {
                (FrameKind::Alt, format!("{} fails", self.short(self.flow.step(*step).to)))
            }
            BlockKind::OnFailure(Guarded::Block(_)) => (FrameKind::Alt, "the above fails".to_string()),
            BlockKind::Try => (FrameKind::Group, "try".to_string()),
            BlockKind::Parallel => (FrameKind::Par, String::new()),
            BlockKind::Chance(p) => (FrameKind::Opt, format!("{} of cases", percent(p.value()))),
            BlockKind::Repeat(n) => (FrameKind::Loop, format!("{} times", count(n.value()))),
            BlockKind::Transaction(level) => (
                FrameKind::Critical,
                format!(
                    "transaction{}",
                    level.as_ref().map(|l| format!(" {l}")).unwrap_or_default().replace('_', " ")
                ),
            ),
            BlockKind::Compensate => (FrameKind::Opt, "undo".to_string()),
        };
        vec![Item::Frame(Frame { kind, title, sections: vec![Section { title: String::new(), items }] })]
    }

    fn short(&self, id: ElementId) -> String {
        self.design.lowered.model.element(id).head.short.to_string()
    }

    fn message(&self, step: &Step) -> Message {
        Message {
            from: self.name(step.from),
            to: self.name(step.to),
            label: self.label(step),
            kind: if step.arrow == Arrow::Sync { MessageKind::Sync } else { MessageKind::Async },
            activate: step.arrow == Arrow::Sync,
            ..Message::default()
        }
    }

    /// Of a hop to something that passes requests on: what the last hop of its run is titled.
    fn passed_on(&self, step: &Step) -> Option<String> {
        if !self.design.lowered.model.element(step.to).kind.passes_through() {
            return None;
        }
        let last = self.flow.steps.iter().rfind(|other| other.run == step.run)?;
        last.title.as_ref().map(ToString::to_string)
    }

    /// The title, else operation and data; then how often, where not once.
    fn label(&self, step: &Step) -> String {
        let data: Vec<String> = step
            .touches
            .iter()
            .map(|t| match t {
                Touched::Data(id) => self.design.lowered.model.datum(*id).head.short.to_string(),
                Touched::Label(word, _) => word.to_string(),
            })
            .collect();
        let mut label = match &step.title {
            Some(title) => title.to_string(),
            None if data.is_empty() => {
                self.passed_on(step).unwrap_or_else(|| step.operation.word().to_string())
            }
            None => format!("{} {}", step.operation.word(), data.join(", ")),
        };
        for (key, word) in [("fan_out", "at once"), ("times", "in turn"), ("pages", "pages")] {
            if let Some(n) = step.props.number(key) {
                let _ = write!(label, " ×{} {word}", count(n));
            }
        }
        if let Some(p) = step.props.number("chance") {
            let _ = write!(label, " ({})", percent(p));
        }
        label
    }
}
