//! Data whose only home is a cache or an index.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};
use crate::words;

declare_rule!("CON015", "derived-store-as-source-of-truth", Error, "derived_store_as_source_of_truth");

fn check(ctx: &Context) -> Vec<Finding> {
    let derived = ctx.facts().correctness.derived_sources.iter();
    derived
        .map(|source| {
            let name = ctx.name(source.element);
            let data: Vec<&str> =
                source.data.iter().map(|id| ctx.model.datum(*id).head.name.as_str()).collect();
            let held = if data.len() == 1 { "is" } else { "are" };
            Finding::new(
                CODE,
                ctx.place(source.element, "holds"),
                format!(
                    "{} {held} kept in `{name}` only, which is {} {}",
                    words::enumeration(&data),
                    words::article(source.why),
                    source.why
                ),
            )
            .subject(name)
            .help("keep the data in a store of record, and fill this one from it")
        })
        .collect()
}
