//! The first screen: what it is, whether it holds, the worst finding, the figures that matter most.

use super::findings::{FindingEntry, entry};
use super::{Cell, Grid, Rows};
use crate::analysis::{FactId, Status};
use crate::compile::Design;
use crate::diagnostic::Severity;
use crate::document::cells::link;
use crate::document::setting::Setting;
use crate::quantity::availability_percent;

pub(super) struct Overview {
    pub status: String,
    pub owner: String,
    pub version: String,
    pub state: &'static str,
    pub verdict: String,
    pub worst: Option<FindingEntry>,
    pub glance: Rows,
}

pub(super) fn overview(design: &Design, setting: &Setting) -> Overview {
    let props = &design.lowered.model.system.props;
    let text = |key: &str| props.text(key).map(ToString::to_string).unwrap_or_default();
    let (state, verdict) = verdict(design);
    let grave = design.open_findings().filter(|f| f.severity > Severity::Info);
    // Of several that are as grave, the first in the text.
    let worst = grave.reduce(|worst, f| if f.severity > worst.severity { f } else { worst });
    Overview {
        status: props.word("status").unwrap_or("").to_string(),
        owner: text("owner"),
        version: text("version"),
        state,
        verdict,
        worst: worst.map(|f| entry(design, f, setting)),
        glance: glance(design, setting),
    }
}

pub(super) fn many(n: usize, one: &str) -> String {
    format!("{n} {one}{}", if n == 1 { "" } else { "s" })
}

/// Whether the design holds, in a word and in a sentence.
pub(super) fn verdict(design: &Design) -> (&'static str, String) {
    let of = |status| design.analysis.base.requirements.iter().filter(|r| r.status == status).count();
    let (met, violated, open) = (of(Status::Met), of(Status::Violated), of(Status::NotEvaluated));
    let errors = design.open_findings().filter(|f| f.severity == Severity::Error).count();
    let all = met + violated + open;
    if all == 0 && errors == 0 {
        return ("silent", "It promises nothing yet, and no error is open.".to_string());
    }
    let mut parts = match all {
        0 => vec!["it promises nothing yet".to_string()],
        _ => vec![format!("{met} of {} met", many(all, "requirement"))],
    };
    if violated > 0 {
        parts.push(format!("{violated} violated"));
    }
    if open > 0 {
        parts.push(format!("{open} not evaluated"));
    }
    parts.push(if errors == 0 { "no open error".to_string() } else { many(errors, "open error") });
    let (state, holds) = match (violated + errors, open) {
        (0, 0) => ("holds", "The design holds"),
        (0, _) => ("open", "Nothing is broken, and not everything could be judged"),
        _ => ("broken", "The design does not hold yet"),
    };
    (state, format!("{holds}: {}.", parts.join(", ")))
}

/// The figures of the first screen.
fn glance(design: &Design, setting: &Setting) -> Rows {
    let model = &design.lowered.model;
    let facts = &design.analysis.base;
    let mut grid = Grid::new(&["figure", ">value", "of"]);
    let mut row = |what: &str, value: String, of: Cell| {
        grid.push(vec![Cell::Text(what.to_string()), Cell::Number(value), of]);
    };
    let flow = |at: usize| {
        let head = &model.flows[at].head;
        Cell::Link(head.label().to_string(), setting.flow(&head.name))
    };
    let greatest = |of: &dyn Fn(usize) -> Option<FactId>| {
        let known = (0..facts.flows.len()).filter_map(|i| Some((i, facts.value(of(i)?)?)));
        known.fold(None, |best: Option<(usize, f64)>, (i, v)| match best {
            Some((_, most)) if most >= v => best,
            _ => Some((i, v)),
        })
    };
    if let Some((at, _)) = greatest(&|i| Some(facts.flows[i].rate.peak)).filter(|(_, rate)| *rate > 0.0) {
        row("Busiest flow at peak", facts.derivation.show(facts.flows[at].rate.peak), flow(at));
    }
    // An answer is what somebody waits for: not the end of work that a message set off.
    let answer = |i: usize| model.flows[i].trigger.is_none().then_some(facts.flows[i].latency.p99);
    if let Some((at, _)) = greatest(&answer) {
        row("Slowest answer, p99", facts.derivation.show(facts.flows[at].latency.p99), flow(at));
    }
    if let Some((at, share)) = greatest(&|i| Some(facts.flows[i].reliability.unavailability)) {
        row("Least availability", availability_percent(share), flow(at));
    }
    if let Some(scale) = facts.value(facts.scales_to).filter(|s| s.is_finite()) {
        let unit = crate::analysis::Unit::Factor;
        let label = "of today's peak load is carried";
        row("Room", crate::analysis::derivation::show(scale, unit), Cell::Text(label.to_string()));
    }
    if let Some(limit) = facts.limits.iter().find(|l| facts.value(l.time).is_some_and(f64::is_finite)) {
        let head = &model.element(limit.element).head;
        let left = match facts.value(limit.time) {
            Some(time) if time <= 0.0 => "now".to_string(),
            _ => facts.derivation.show(limit.time),
        };
        let what = format!("{} of {}", limit.what.replace('_', " "), head.label());
        row("Growth breaks first, in", left, Cell::Link(what, setting.element(&head.name)));
    }
    if facts.value(facts.cost).is_some_and(|cost| cost > 0.0) {
        row(
            "Cost",
            facts.derivation.show(facts.cost),
            Cell::Text("all elements whose cost is stated".to_string()),
        );
    }
    grid.finish()
}

/// Files whose names this design uses, each with the first line of its documentation.
pub(super) fn imports(design: &Design, setting: &Setting) -> Rows {
    let mut grid = Grid::new(&["file", "what it is"]);
    for (_, file) in design.lowered.sources.iter().skip(1) {
        let name =
            file.path.rsplit('/').next().unwrap_or(&file.path).trim_end_matches(".sysd").replace('_', " ");
        let says = file.text.lines().find_map(|line| line.strip_prefix("//!")).unwrap_or_default();
        grid.push(vec![Cell::Link(name, setting.other(&file.path)), Cell::Text(says.trim().to_string())]);
    }
    grid.finish()
}

/// Other designs that use names of this one.
pub(super) fn users(setting: &Setting) -> Rows {
    let mut grid = Grid::new(&["design"]);
    for folder in &setting.users {
        let name = folder.rsplit('/').next().unwrap_or(folder).replace('_', " ");
        grid.push(vec![Cell::Link(name, Some(setting.document(folder)))]);
    }
    grid.finish()
}

/// Later versions of the design.
pub(super) fn superseded_by(setting: &Setting) -> String {
    let links = setting.successors.iter().map(|(title, folder)| link(title, Some(&setting.document(folder))));
    links.collect::<Vec<_>>().join(", ")
}
