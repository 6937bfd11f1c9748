//! Writes that a cache acknowledges before the store has them.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("CON008", "write-back-loss", Warning, "write_back_loss");

fn check(ctx: &Context) -> Vec<Finding> {
    let caches = ctx.facts().correctness.caches.iter().filter(|c| c.write_back);
    caches
        .map(|cache| {
            let name = ctx.name(cache.element);
            Finding::new(
                CODE,
                ctx.place(cache.element, "policy"),
                format!(
                    "`{name}` acknowledges writes before its origin has them: if it fails, they are lost"
                ),
            )
            .subject(name)
            .help("use `policy write_through`, or accept the loss by `allow write_back_loss \"…\"`")
        })
        .collect()
}
