//! A cache whose entries never learn of a change.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};
use crate::words;

declare_rule!("CON013", "cache-never-invalidated", Warning, "cache_never_invalidated");

fn check(ctx: &Context) -> Vec<Finding> {
    let blind = ctx
        .facts()
        .correctness
        .caches
        .iter()
        .filter(|c| c.ttl_s.is_none_or(f64::is_infinite) && !c.unseen_writes.is_empty());
    blind
        .map(|cache| {
            let name = ctx.name(cache.element);
            let origins: Vec<&str> = cache.of.iter().map(|id| ctx.name(*id)).collect();
            let mut finding = Finding::new(
                CODE,
                ctx.element(cache.element).head.name_span,
                format!("`{name}` keeps what it has for ever, and does not see writes to {}", words::enumeration(&origins)),
            )
            .subject(name);
            for (flow, step) in cache.unseen_writes.iter().take(3) {
                finding = finding.related(ctx.model.flow(*flow).step(*step).span, "written here, past the cache");
            }
            finding.help("give it a `ttl`, write through it, or delete the entry in the same flow: `api -> feeds delete feed`")
        })
        .collect()
}
