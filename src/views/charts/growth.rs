//! What breaks first: the share of each limit that is used, from today to the horizon.

use super::super::common::system_title;
use super::super::{View, ViewKind};
use crate::analysis::{Limit as Reached, PATH};
use crate::compile::Design;
use crate::model::Scalar;
use crate::quantity::{DAY, YEAR, count, percent, plain};
use crate::render::scene::{Limit, LineChart, Scene, Series};

/// Lines beyond these would hide one another.
const MOST_LINES: usize = 6;
/// A line ends where it is so far above its limit: what comes first would lie flat on the axis.
const HIGHEST: f64 = 2.0;

pub(in crate::views) fn view(design: &Design) -> Option<View> {
    let facts = &design.analysis.base;
    let horizon = facts.derivation.named("workload.horizon").and_then(|id| facts.value(id))?;
    let lines: Vec<&Reached> = facts.limits.iter().filter(|l| !l.path.is_empty()).take(MOST_LINES).collect();
    if lines.is_empty() {
        return None;
    }
    let title = format!("{}: growth to the horizon", system_title(design));
    let scene = LineChart {
        id: "growth".to_string(),
        title: title.clone(),
        subtitle: subtitle(design, horizon),
        ticks: (0..=PATH).map(|step| tick(horizon * step as f64 / PATH as f64, horizon)).collect(),
        levels: [0.5].iter().map(|share| Limit { value: *share, label: percent(*share) }).collect(),
        series: lines.iter().map(|limit| series(design, limit)).collect(),
        limits: vec![Limit { value: 1.0, label: "100%: used up".to_string() }],
        footer: footer(design, horizon),
        ..LineChart::default()
    };
    Some(View {
        name: "growth".to_string(),
        title,
        kind: ViewKind::Growth,
        flow: None,
        scene: Scene::Lines(scene),
    })
}

fn subtitle(design: &Design, horizon: f64) -> String {
    let far = format!("share of each limit that is used at peak, over {}", time(horizon));
    match design.lowered.model.workload.as_ref().and_then(|w| w.props.get("growth")) {
        Some(growth) => {
            let factor = growth.quantity().map_or(1.0, Scalar::value);
            format!("{far}; the load grows {}x per {}", count(factor), growth.word().unwrap_or("year"))
        }
        None => far,
    }
}

/// Today, then months up to two years, else years.
fn tick(at: f64, horizon: f64) -> String {
    if at == 0.0 {
        return "today".to_string();
    }
    let (unit, word) = if horizon <= 2.0 * YEAR { (YEAR / 12.0, "mo") } else { (YEAR, "y") };
    format!("{} {word}", plain((at / unit * 100.0).round() / 100.0))
}

/// A long time in words: `14 months`, `2 years`.
fn time(seconds: f64) -> String {
    let (unit, word) = match seconds {
        s if s >= 2.0 * YEAR => (YEAR, "year"),
        s if s >= YEAR / 12.0 => (YEAR / 12.0, "month"),
        _ => (DAY, "day"),
    };
    let number = plain((seconds / unit * 10.0).round() / 10.0);
    if number == "1" { format!("1 {word}") } else { format!("{number} {word}s") }
}

fn name(design: &Design, limit: &Reached) -> String {
    let element = &design.lowered.model.element(limit.element).head;
    format!("{} {}", element.short, limit.what.replace('_', " "))
}

fn series(design: &Design, limit: &Reached) -> Series {
    let highest = limit.path.iter().position(|share| *share > HIGHEST).map_or(limit.path.len(), |at| at + 1);
    Series {
        label: name(design, limit),
        values: limit.path.iter().take(highest).map(|share| share.min(HIGHEST * 1.1)).collect(),
        texts: limit.path.iter().take(highest).map(|share| percent(*share)).collect(),
        hue: None,
    }
}

/// What is used up within the horizon, and when: the first three.
fn footer(design: &Design, horizon: f64) -> String {
    let facts = &design.analysis.base;
    let reached = |limit: &Reached| facts.value(limit.time).filter(|time| *time <= horizon);
    let within: Vec<(&Reached, f64)> =
        facts.limits.iter().filter_map(|limit| Some((limit, reached(limit)?))).collect();
    let mut parts: Vec<String> = within
        .iter()
        .take(3)
        .map(|(limit, at)| match *at {
            0.0 => format!("{} now", name(design, limit)),
            at => format!("{} in {}", name(design, limit), time(at)),
        })
        .collect();
    if within.len() > 3 {
        parts.push(format!("{} more", within.len() - 3));
    }
    match within.len() {
        0 => "no limit is reached before the horizon".to_string(),
        _ => {
            format!("used up: {}", parts.join(", "))
        }
    }
}
