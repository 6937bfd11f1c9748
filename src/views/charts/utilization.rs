//! How busy each element is at peak, against what it can take and what is kept free.

use super::super::common::{anchor, system_title};
use super::super::{View, ViewKind};
use super::{MOST_BARS, hue, left_out};
use crate::compile::Design;
use crate::model::ElementId;
use crate::quantity::percent;
use crate::render::scene::{Bar, BarChart, Limit, Scene, Severity};
use crate::schema::Kind;

pub(in crate::views) fn view(design: &Design) -> Option<View> {
    let facts = &design.analysis.base;
    let model = &design.lowered.model;
    let mut busy: Vec<(ElementId, f64)> = model
        .elements()
        .filter(|(_, element)| element.kind != Kind::Actor)
        .filter_map(|(id, _)| Some((id, facts.value(facts.elements.get(id.index())?.utilization.peak)?)))
        .filter(|(_, share)| *share > 0.0)
        .collect();
    if busy.is_empty() {
        return None;
    }
    busy.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let below = busy.get(MOST_BARS).map(|(_, share)| percent(*share)).unwrap_or_default();
    let footer = left_out(busy.len().saturating_sub(MOST_BARS), &below);
    let headroom = headroom(design);
    let title = format!("{}: utilization at peak", system_title(design));
    let mut limits = vec![Limit { value: 1.0, label: "100%".to_string() }];
    if headroom > 0.0 {
        let label = format!("{} (headroom {})", percent(1.0 - headroom), percent(headroom));
        limits.insert(0, Limit { value: 1.0 - headroom, label });
    }
    let bars = busy.iter().take(MOST_BARS).map(|(id, share)| bar(design, *id, *share, headroom)).collect();
    let scene = BarChart {
        id: "utilization".to_string(),
        title: title.clone(),
        bars,
        limits,
        footer,
        ..BarChart::default()
    };
    let name = "utilization".to_string();
    Some(View { name, title, kind: ViewKind::Utilization, flow: None, scene: Scene::Bars(scene) })
}

/// The share that the design keeps free.
fn headroom(design: &Design) -> f64 {
    let graph = &design.analysis.base.derivation;
    graph.named("workload.headroom").and_then(|id| graph.value(id)).unwrap_or(0.0)
}

fn bar(design: &Design, id: ElementId, share: f64, headroom: f64) -> Bar {
    let facts = &design.analysis.base;
    let element = design.lowered.model.element(id);
    let numbers = facts.element(id);
    let lines = [
        ("on average", numbers.utilization.average),
        ("with the fullest zone lost", numbers.utilization.zone_loss),
        ("at the horizon", numbers.utilization.horizon),
    ];
    let tooltip =
        lines.iter().filter_map(|(what, id)| Some(format!("{what}: {}", percent(facts.value(*id)?))));
    Bar {
        label: element.head.name.to_string(),
        value: share,
        text: percent(share),
        hue: Some(hue(element)),
        severity: match share {
            s if s > 1.0 => Some(Severity::Error),
            // The last digit of a product is no lack of headroom.
            s if headroom > 0.0 && s > (1.0 - headroom) * (1.0 + 1e-12) => Some(Severity::Warning),
            _ => None,
        },
        link: Some(format!("#{}", anchor(&element.head.name))),
        tooltip: tooltip.collect(),
        ..Bar::default()
    }
}
