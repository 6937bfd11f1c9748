//! Verdicts on promises about data: no loss, available under partition, invariants, the recovery point.

use super::writes::Durability;
use crate::analysis::facts::{Facts, Status};
use crate::analysis::requirements::{Question, Verdict};
use crate::model::{ElementId, FlowId, Model};
use crate::quantity::Quantity;
use ecow::eco_format;

/// The verdict on a promise about data; `None` for what others judge.
pub fn judge(model: &Model, facts: &Facts, question: Question) -> Option<Verdict> {
    match question {
        Question::Loss(flow) => Some(loss(model, facts, flow)),
        Question::AvailableUnderPartition(flow) => Some(available(facts, flow)),
        Question::Invariant(at) => invariant(model, facts, at),
        Question::Rpo => recovery_point(model, facts),
        Question::Revocable(_) | Question::Rto | Question::Survives => None,
    }
}

/// The worst of several verdicts: a broken one, else one that is not known, else that everything holds.
fn worst(verdicts: &[Verdict], holds: Verdict) -> Verdict {
    let find = |status: Status| verdicts.iter().find(|v| v.status == status).cloned();
    find(Status::Violated).or_else(|| find(Status::NotEvaluated)).unwrap_or(holds)
}

fn loss(model: &Model, facts: &Facts, flow: FlowId) -> Verdict {
    let correctness = &facts.correctness;
    let own = correctness.writes.iter().filter(|w| w.flow == flow && w.acknowledged);
    let verdicts: Vec<Verdict> = own
        .filter_map(|write| {
            let name = &model.element(write.element).head.name;
            if write.write_back {
                let why = eco_format!("{name} acknowledges writes before the origin has them");
                return Some(Verdict::of(false, "write_back", why));
            }
            let durability = durability(facts, write.element)?;
            Some(kept(name, durability))
        })
        .collect();
    let none = verdicts.is_empty();
    let why = if none {
        "it acknowledges no write"
    } else {
        "acknowledged writes survive a failover and a restart"
    };
    worst(&verdicts, Verdict::of(true, "none", why))
}

fn kept(name: &str, durability: &Durability) -> Verdict {
    for (event, survival) in [("failover", &durability.failover), ("restart", &durability.restart)] {
        if survival.keeps() == Some(false) {
            let window = durability.window_s().map(|s| Quantity::seconds(s).human());
            let window = window.map_or_else(|_| "an unknown tail".to_owned(), |w| format!("up to {w}"));
            let why = eco_format!("a {event} of {name} may lose acknowledged writes: {window}");
            return Verdict::of(false, window, why);
        }
    }
    match durability.window_s() {
        Ok(_) => Verdict::of(true, "none", eco_format!("{name} keeps what it acknowledged")),
        Err(need) => Verdict::needs(need),
    }
}

fn durability(facts: &Facts, element: ElementId) -> Option<&Durability> {
    facts.correctness.durability.get(element.index())?.as_ref()
}

fn available(facts: &Facts, flow: FlowId) -> Verdict {
    let own = facts.correctness.partitions.iter().filter(|p| p.flow == flow);
    let verdicts: Vec<Verdict> = own
        .map(|p| match (p.contradiction, p.class) {
            (Some(true), Some(class)) => {
                let why = eco_format!("{} is {} under a partition", p.level, class.word());
                Verdict::of(false, class.word(), why)
            }
            (None, _) => Verdict::needs(eco_format!("a published availability class of {}", p.level)),
            _ => Verdict::of(true, "available", eco_format!("{} can be offered under a partition", p.level)),
        })
        .collect();
    let none = verdicts.is_empty();
    let first = verdicts.first().cloned();
    let holds = match first {
        Some(first) if !none => first,
        // Nothing is required that a partition could take away.
        _ => return Verdict::needs("the consistency that it requires"),
    };
    worst(&verdicts, holds)
}

fn invariant(model: &Model, facts: &Facts, at: usize) -> Option<Verdict> {
    let found = facts.correctness.invariants.iter().find(|i| i.invariant == at)?;
    let guard = found.guard.as_deref().map_or_else(String::new, |guard| format!("guard {guard}"));
    Some(match found.kept {
        None => Verdict::needs(found.needs.as_deref().unwrap_or("the isolation of its writes")),
        Some(true) if guard.is_empty() => Verdict::of(true, "kept", "the isolation level in force keeps it"),
        Some(true) => Verdict::of(true, "kept", guard),
        Some(false) => {
            let lost = found.sites.iter().find(|s| s.lost_update == Some(true));
            let skew = found.sites.iter().find(|s| s.write_skew == Some(true));
            let (site, what) = match (lost, skew) {
                (Some(site), _) => (Some(site), "lost update"),
                (None, site) => (site, "write skew"),
            };
            let why = site.map(|site| {
                let level = site.level.as_ref().map_or("an unknown level", |l| l.level.as_str());
                eco_format!("{what} is possible at {}: {level}", model.element(site.element).head.name)
            });
            Verdict::of(false, eco_format!("{what} possible"), why.unwrap_or_default())
        }
    })
}

/// The worst loss of everything that acknowledges writes, against the recovery point objective.
fn recovery_point(model: &Model, facts: &Facts) -> Option<Verdict> {
    let rpo = model.recovery.as_ref()?.props.number("rpo")?;
    let mut elements: Vec<ElementId> =
        facts.correctness.writes.iter().filter(|w| w.acknowledged).map(|w| w.element).collect();
    elements.sort_unstable();
    elements.dedup();
    if elements.is_empty() {
        return Some(Verdict::needs("a flow that writes"));
    }
    let mut longest = 0.0_f64;
    let verdicts: Vec<Verdict> = elements
        .iter()
        .filter_map(|id| Some((&model.element(*id).head.name, durability(facts, *id)?)))
        .map(|(name, durability)| match durability.worst_window_s() {
            Err(_) if rpo <= 0.0 && durability.loses() == Some(true) => {
                Verdict::of(false, "an unknown tail", eco_format!("{name} may lose acknowledged writes"))
            }
            Err(need) => Verdict::needs(need),
            Ok(None) => {
                Verdict::of(false, "everything", eco_format!("{name} is the only copy and has no backup"))
            }
            Ok(Some(window)) => {
                longest = longest.max(window);
                let window_text = Quantity::seconds(window).human();
                let why = eco_format!("{name} may lose the last {window_text}");
                Verdict::of(window <= rpo, window_text, why)
            }
        })
        .collect();
    let text = Quantity::seconds(longest).human();
    let why = eco_format!("the longest loss of acknowledged writes is {text}");
    Some(worst(&verdicts, Verdict::of(true, text, why)))
}
