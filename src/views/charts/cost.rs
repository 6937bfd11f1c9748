//! What each element costs, and its share of the whole.

use super::super::common::{anchor, system_title};
use super::super::{View, ViewKind};
use super::{MOST_BARS, hue};
use crate::analysis::derivation::show;
use crate::analysis::derive::COST;
use crate::compile::Design;
use crate::model::ElementId;
use crate::quantity::percent;
use crate::render::scene::{Bar, BarChart, Hue, Scene};
use crate::schema::Kind;

/// What is paid for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Spender {
    /// An element.
    Element(ElementId),
    /// Machines that run containers, by position.
    Nodes(usize),
}

pub(in crate::views) fn view(design: &Design) -> Option<View> {
    let facts = &design.analysis.base;
    let model = &design.lowered.model;
    let mut priced: Vec<(Spender, f64)> = Vec::new();
    let mut unpriced = 0_usize;
    for (at, nodes) in facts.nodes.iter().enumerate() {
        priced.extend(nodes.cost.and_then(|cost| facts.value(cost)).map(|cost| (Spender::Nodes(at), cost)));
    }
    for (id, _) in model.elements().filter(|(_, e)| e.kind != Kind::Actor) {
        match facts.elements.get(id.index()).and_then(|e| facts.value(e.cost)) {
            Some(cost) => priced.push((Spender::Element(id), cost)),
            // It is paid for with the machines that it runs on.
            None if model.runs_on(id).is_some_and(|n| model.nodes[n.index()].props.has("cost")) => {}
            None => unpriced += 1,
        }
    }
    let total: f64 = priced.iter().map(|(_, cost)| cost).sum();
    if total <= 0.0 {
        return None;
    }
    priced.retain(|(_, cost)| *cost > 0.0);
    priced.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let title = format!("{}: cost", system_title(design));
    let subtitle = match unpriced {
        0 => format!("{} in all", show(total, COST)),
        1 => format!("{} for what has a price; one element has none", show(total, COST)),
        n => format!("{} for what has a price; {n} elements have none", show(total, COST)),
    };
    let mut bars: Vec<Bar> =
        priced.iter().take(MOST_BARS).map(|(id, cost)| bar(design, *id, *cost, total)).collect();
    let rest: f64 = priced.iter().skip(MOST_BARS).map(|(_, cost)| cost).sum();
    if rest > 0.0 {
        let label = format!("{} others", priced.len() - MOST_BARS);
        bars.push(Bar { label, value: rest, text: text(rest, total), ..Bar::default() });
    }
    let scene =
        BarChart { id: "cost".to_string(), title: title.clone(), subtitle, bars, ..BarChart::default() };
    Some(View {
        name: "cost".to_string(),
        title,
        kind: ViewKind::Cost,
        flow: None,
        scene: Scene::Bars(scene),
    })
}

fn text(cost: f64, total: f64) -> String {
    format!("{} · {}", show(cost, COST), percent((cost / total * 1000.0).round() / 1000.0))
}

fn bar(design: &Design, spender: Spender, cost: f64, total: f64) -> Bar {
    let model = &design.lowered.model;
    let bar = Bar { value: cost, text: text(cost, total), ..Bar::default() };
    match spender {
        Spender::Element(id) => {
            let element = model.element(id);
            let (name, link) = (&element.head.name, Some(format!("#{}", anchor(&element.head.name))));
            Bar { label: name.to_string(), hue: Some(hue(element)), link, ..bar }
        }
        Spender::Nodes(at) => {
            let label = model.nodes[at].head.name.to_string();
            Bar { label, hue: Some(Hue::Slate), ..bar }
        }
    }
}
