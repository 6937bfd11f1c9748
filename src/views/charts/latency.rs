//! Where the time of each flow goes: a waterfall of its steps.

use super::super::{View, ViewKind};
use crate::analysis::{FlowFacts, Spent, SpentOn};
use crate::compile::Design;
use crate::model::{Flow, FlowId, Step, StepId};
use crate::quantity::{Quantity, count};
use crate::render::scene::{Hue, Scene, Stage, Waterfall};

/// Stages below this share of the mean are one stage at the end: they would be lines without a length.
const LEAST: f64 = 0.005;
/// More stages than this are not read at a glance.
const MOST_STAGES: usize = 40;

pub(in crate::views) fn views(design: &Design) -> Vec<View> {
    let flows = design.lowered.model.flows();
    flows.filter_map(|(id, flow)| view(design, id, flow)).collect()
}

fn view(design: &Design, id: FlowId, flow: &Flow) -> Option<View> {
    let facts = design.analysis.base.flows.get(id.index())?;
    let mean = design.analysis.base.value(facts.latency.mean).filter(|mean| *mean > 0.0)?;
    let name = format!("latency_{}", flow.head.name.replace(".", "_"));
    let title = format!("{}: where the time goes", flow.head.label());
    let scene = Waterfall {
        id: name.clone(),
        title: title.clone(),
        subtitle: subtitle(design, flow, facts),
        stages: stages(design, flow, facts, mean),
        footer: "means over all requests: what some of them take counts with its share".to_string(),
        ..Waterfall::default()
    };
    Some(View { name, title, kind: ViewKind::Latency, flow: Some(id), scene: Scene::Waterfall(scene) })
}

fn time(seconds: f64) -> String {
    Quantity::seconds(seconds).human()
}

/// Mean and percentiles, and what is promised of them.
fn subtitle(design: &Design, flow: &Flow, facts: &FlowFacts) -> String {
    let latency = &facts.latency;
    let figures =
        [("mean", latency.mean), ("p50", latency.p50), ("p99", latency.p99), ("p999", latency.p999)];
    let parts = figures.iter().filter_map(|(what, id)| {
        let value = design.analysis.base.value(*id)?;
        let promised = flow.props.quantity(&format!("require.{what}"));
        let shown = format!("{what} {}", time(value));
        Some(match promised {
            Some(limit) => format!("{shown} of {} promised", time(limit.value())),
            None => shown,
        })
    });
    parts.collect::<Vec<_>>().join(" · ")
}

fn stages(design: &Design, flow: &Flow, facts: &FlowFacts, mean: f64) -> Vec<Stage> {
    let mut shown: Vec<&Spent> = facts.waterfall.iter().filter(|s| s.mean >= LEAST * mean).collect();
    if shown.len() > MOST_STAGES {
        shown.sort_by(|a, b| b.mean.total_cmp(&a.mean).then(a.step.cmp(&b.step)).then(a.what.cmp(&b.what)));
        shown.truncate(MOST_STAGES);
        shown.sort_by(|a, b| a.start.total_cmp(&b.start).then(a.step.cmp(&b.step)).then(a.what.cmp(&b.what)));
    }
    let kept: f64 = shown.iter().map(|s| s.mean).sum();
    let all: f64 = facts.waterfall.iter().map(|s| s.mean).sum();
    let left = facts.waterfall.len() - shown.len();
    let mut stages: Vec<Stage> = shown.into_iter().map(|spent| stage(design, flow, spent)).collect();
    if left > 0 && all - kept > 0.0 {
        let label = if left == 1 { "one shorter part".to_string() } else { format!("{left} shorter parts") };
        let (start, length) = ((mean - (all - kept)).max(0.0), all - kept);
        stages.push(Stage {
            label,
            start,
            length,
            text: time(length),
            hue: Some(Hue::Slate),
            ..Stage::default()
        });
    }
    stages
}

fn stage(design: &Design, flow: &Flow, spent: &Spent) -> Stage {
    let step = flow.step(spent.step);
    let what = match spent.what {
        SpentOn::Slowest => slowest(step),
        other => other.word().to_string(),
    };
    let mut tooltip = Vec::new();
    tooltip.extend(step.title.as_ref().map(ToString::to_string));
    tooltip.push(format!("from {}", time(spent.start)));
    Stage {
        label: format!("{} {what}", step_name(design, step)),
        depth: depth(flow, spent.step),
        start: spent.start,
        length: spent.mean,
        turn: None,
        text: time(spent.mean),
        hue: Some(match spent.what {
            SpentOn::Network => Hue::Slate,
            SpentOn::Wait => Hue::Orange,
            SpentOn::Work => Hue::Blue,
            SpentOn::Slowest => Hue::Violet,
        }),
        severity: None,
        tooltip,
    }
}

fn slowest(step: &Step) -> String {
    match step.props.number("fan_out") {
        Some(n) if n != 1.0 => format!("the slowest of {}", count(n)),
        _ => "until the slowest branch".to_string(),
    }
}

fn step_name(design: &Design, step: &Step) -> String {
    let name = |id| design.lowered.model.element(id).head.short.as_str();
    format!("{} → {}", name(step.from), name(step.to))
}

/// How deep a step is in the call tree.
fn depth(flow: &Flow, step: StepId) -> u8 {
    let mut depth = 0;
    let mut at = step;
    // Parents come before their children, so that the climb ends.
    while let Some(parent) = flow.step(at).parent.filter(|parent| parent.index() < at.index()) {
        depth += 1;
        at = parent;
        if depth == u8::MAX {
            break;
        }
    }
    depth
}
