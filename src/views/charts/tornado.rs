//! What moves a target: one uncertain input at a time at the ends of its interval.

use super::super::common::system_title;
use super::super::{View, ViewKind};
use crate::analysis::derivation::show;
use crate::analysis::{FactId, Unit};
use crate::compile::Design;
use crate::estimate::{Swing, swings};
use crate::render::scene::{Limit, Scene, Stage, Waterfall};

/// More inputs than this are not read at a glance.
const MOST_BARS: usize = 15;

/// A tornado for each number that a target speaks of and that an uncertain input moves; without such a target,
/// for the cost of the whole and for what it scales to.
pub(in crate::views) fn views(design: &Design) -> Vec<View> {
    if design.lowered.uncertain.is_empty() || design.has_language_errors() {
        return Vec::new();
    }
    let swings = swings(&design.lowered, &design.analysis);
    let facts = &design.analysis.base;
    let targets = facts.requirements.iter().filter(|r| r.kind == "target" && r.scenario.is_none());
    let mut asked: Vec<(String, FactId)> =
        targets.filter_map(|r| Some((r.id.to_string(), r.fact?))).collect();
    if asked.is_empty() {
        asked = vec![("cost".to_string(), facts.cost), ("scales_to".to_string(), facts.scales_to)];
    }
    asked.into_iter().filter_map(|(target, id)| view(design, &swings, &target, id)).collect()
}

fn view(design: &Design, swings: &[Swing], target: &str, id: FactId) -> Option<View> {
    let graph = &design.analysis.base.derivation;
    let fact = graph.fact(id);
    let base = fact.value.filter(|v| v.is_finite())?;
    let ends = |swing: &Swing| swing.of(&fact.name).filter(|[a, b]| a != b && a.is_finite() && b.is_finite());
    let mut moving: Vec<(&Swing, [f64; 2])> = swings.iter().filter_map(|s| Some((s, ends(s)?))).collect();
    if moving.is_empty() {
        return None;
    }
    let width = |ends: &[f64; 2]| (ends[1] - ends[0]).abs();
    moving.sort_by(|a, b| width(&b.1).total_cmp(&width(&a.1)));
    let least = moving.iter().flat_map(|(_, ends)| *ends).fold(base, f64::min);
    let most = moving.iter().flat_map(|(_, ends)| *ends).fold(base, f64::max);
    // Far from zero the bars would be slivers at the end of the axis.
    let origin = if least > (most - least) * 0.5 { least - (most - least) * 0.1 } else { 0.0 };
    let name = format!("tornado_{}", target.replace('.', "_"));
    let title = format!("{}: what moves {}", system_title(design), fact.name);
    let scene = Waterfall {
        id: name.clone(),
        title: title.clone(),
        subtitle: "one uncertain input at a time at the 5th and 95th percentile, the others at their medians"
            .to_string(),
        stages: moving
            .iter()
            .take(MOST_BARS)
            .map(|(s, ends)| stage(s, *ends, base, origin, fact.unit))
            .collect(),
        limits: vec![Limit {
            value: base - origin,
            label: format!("{} at the medians", show(base, fact.unit)),
        }],
        footer: if origin == 0.0 {
            String::new()
        } else {
            format!("the axis begins at {}", show(origin, fact.unit))
        },
        ..Waterfall::default()
    };
    Some(View { name, title, kind: ViewKind::Tornado, flow: None, scene: Scene::Waterfall(scene) })
}

fn stage(swing: &Swing, [low, high]: [f64; 2], base: f64, origin: f64, unit: Unit) -> Stage {
    Stage {
        label: format!("{}: {}", swing.input, swing.interval),
        start: low.min(high) - origin,
        length: (high - low).abs(),
        turn: Some((base - origin).clamp(low.min(high) - origin, low.max(high) - origin)),
        text: format!("{} to {}", show(low, unit), show(high, unit)),
        ..Stage::default()
    }
}
