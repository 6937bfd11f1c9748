//! Data that a mistake would delete for good.

use crate::analysis::consistency::Ground;
use crate::catalog::Class;
use crate::diagnostic::Finding;
use crate::model::{Element, ElementId};
use crate::rules::{Context, declare_rule};
use crate::schema::Kind;

declare_rule!("REL013", "no-backup", Warning, "no_backup");

fn check(ctx: &Context) -> Vec<Finding> {
    let written =
        |id: ElementId| ctx.facts().correctness.writes.iter().any(|w| w.element == id && w.only_holder);
    let stores = ctx.model.elements().filter(|(_, e)| e.kind == Kind::Store && !e.props.has("backup"));
    stores
        .filter(|(id, e)| (e.holds().next().is_some() || written(*id)) && !derived(e))
        .filter_map(|(id, element)| {
            let by_provider = element.tech().and_then(|t| Some((t, t.backed_up_default()?)));
            let grounds = match by_provider {
                Some((_, known)) if known.value => return None,
                Some((technology, known)) => vec![Ground::catalogue(technology, &known, "no")],
                None => Vec::new(),
            };
            let name = ctx.name(id);
            let finding = Finding::new(CODE, element.head.name_span, format!("`{name}` has no backup"))
                .subject(name)
                .help("add `backup { every 24h, keep 30 day }`, and try to restore it: replicas copy a mistake at once");
            Some(ctx.resting_on(finding, &grounds))
        })
        .collect()
}

/// Indexes can be rebuilt, and object stores keep versions of their own.
fn derived(element: &Element) -> bool {
    element.tech().is_some_and(|t| t.is_derived_store() || t.is(Class::Object))
}
