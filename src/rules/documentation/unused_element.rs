//! An element that nothing touches.

use crate::diagnostic::Finding;
use crate::model::{ElementId, Entity, Model, Prop, Props, Trigger};
use crate::rules::{Context, declare_rule};
use std::collections::BTreeSet;

declare_rule!("DOC003", "unused-element", Warning, "unused_element");

fn check(ctx: &Context) -> Vec<Finding> {
    let used = used_elements(ctx.model);
    let unused = ctx.model.elements().filter(|(id, element)| !used.contains(id) && !element.head.imported);
    unused
        .map(|(_, element)| {
            let name = &element.head.name;
            Finding::new(CODE, element.head.name_span, format!("no flow or relation touches `{name}`"))
                .subject(name.as_str())
                .help("add the step that uses it, or remove it: a box that nothing touches says nothing")
        })
        .collect()
}

/// Elements that a flow, a relation or another element names.
fn used_elements(model: &Model) -> BTreeSet<ElementId> {
    let mut used = BTreeSet::new();
    for flow in &model.flows {
        used.extend(flow.steps.iter().flat_map(|s| [s.from, s.to]));
        if let Some(Trigger::Messages(broker, _)) = &flow.trigger {
            used.insert(*broker);
        }
        used.extend(limits(&flow.props).chain(flow.steps.iter().flat_map(|s| limits(&s.props))));
    }
    used.extend(model.relations.iter().flat_map(|r| [r.from, r.to]));
    for element in &model.elements {
        used.extend(element.props.elements("of").chain(element.props.elements("dead_letter")));
        used.extend(limits(&element.props));
        let named =
            ["auth.issuer", "discovery.registry"].into_iter().filter_map(|path| element.props.at(path));
        used.extend(named.flat_map(Prop::entities).filter_map(|e| match e {
            Entity::Element(id) => Some(id),
            _ => None,
        }));
        if let Some(registry) = element.props.word("discovery.registry") {
            used.extend(model.element_named(registry));
        }
    }
    used
}

/// Where the counters of rate limits live.
fn limits(props: &Props) -> impl Iterator<Item = ElementId> + '_ {
    props.all("limit").filter_map(|p| p.block.as_ref()).flat_map(|b| b.elements("counters"))
}
