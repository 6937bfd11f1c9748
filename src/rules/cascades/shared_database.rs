//! A store that elements of several groups reach into.

use crate::diagnostic::Finding;
use crate::model::{ElementId, GroupId};
use crate::rules::{Context, Hop, declare_rule};
use crate::schema::Kind;
use crate::words;
use std::collections::BTreeMap;

declare_rule!("CAS008", "shared-database", Warning, "shared_database");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut users: BTreeMap<ElementId, BTreeMap<GroupId, Hop>> = BTreeMap::new();
    for hop in ctx.hops() {
        let (source, target) = (ctx.element(hop.step.from), ctx.element(hop.step.to));
        if target.kind == Kind::Store
            && source.kind.is_compute()
            && let Some(group) = source.group
        {
            users.entry(hop.step.to).or_default().entry(group).or_insert(hop);
        }
    }
    let shared = users.into_iter().filter(|(_, groups)| groups.len() > 1);
    shared
        .map(|(store, groups)| {
            let names: Vec<&str> = groups.keys().map(|g| ctx.model.group(*g).head.name.as_str()).collect();
            let name = ctx.name(store);
            let message = format!("{} reach into `{name}`", words::enumeration(&names));
            let mut finding = Finding::new(CODE, ctx.element(store).head.name_span, message).subject(name);
            for (group, hop) in &groups {
                finding = finding
                    .related(hop.step.span, format!("from group `{}`", ctx.model.group(*group).head.name));
            }
            finding.help("let one group own the store, and the others ask an element of that group")
        })
        .collect()
}
