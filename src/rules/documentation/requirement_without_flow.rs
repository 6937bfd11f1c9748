//! A functional requirement that no flow meets.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("DOC001", "requirement-without-flow", Warning, "requirement_without_flow");

fn check(ctx: &Context) -> Vec<Finding> {
    let lonely = ctx.model.functional.iter().filter(|f| f.flows.is_empty());
    lonely
        .map(|f| {
            Finding::new(CODE, f.span, format!("no flow meets the requirement \"{}\"", f.text))
                .help("name the flows that do: `functional \"…\" via upload view_feed`")
        })
        .collect()
}
