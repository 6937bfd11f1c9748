//! Secrets that are copied into a cache.

use crate::diagnostic::Finding;
use crate::model::{DataId, ElementId};
use crate::rules::{Context, declare_rule};
use crate::schema::Kind;
use std::collections::BTreeSet;

declare_rule!("SEC009", "secret-data-in-cache", Warning, "secret_data_in_cache");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    let secret = |id: DataId| ctx.model.datum(id).class() == Some("secret");
    let caches = |id: ElementId| matches!(ctx.element(id).kind, Kind::Cache | Kind::Cdn);
    let held = ctx
        .model
        .elements()
        .filter(|(id, _)| caches(*id))
        .flat_map(|(id, e)| e.holds().map(move |d| (id, d, e.head.name_span)));
    let touched = ctx
        .hops()
        .filter(|h| caches(h.step.to))
        .flat_map(|h| h.step.data().map(move |d| (h.step.to, d, h.step.span)));
    for (cache, datum, span) in held.chain(touched).filter(|(_, d, _)| secret(*d)) {
        if seen.insert((cache, datum)) {
            let (name, data) = (ctx.name(cache), &ctx.model.datum(datum).head.name);
            findings.push(
                Finding::new(CODE, span, format!("secret data `{data}` are copied into `{name}`"))
                    .subject(name)
                    .related(ctx.model.datum(datum).head.name_span, "classed here")
                    .help("read secrets from their store, or keep a digest in the cache"),
            );
        }
    }
    findings
}
