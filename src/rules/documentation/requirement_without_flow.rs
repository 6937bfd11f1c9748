//! A functional requirement that no flow meets.

use crate::diagnostic::Finding;
use crate::model::Functional;
use crate::rules::{Context, declare_rule};

declare_rule!("DOC001", "requirement-without-flow", Warning, "requirement_without_flow");

fn check(ctx: &Context) -> Vec<Finding> {
    ctx.model.functional.iter().filter_map(|f| judge(ctx, f)).collect()
}

fn judge(ctx: &Context, functional: &Functional) -> Option<Finding> {
    if functional.flows.is_empty() {
        let message = format!("no flow meets the requirement \"{}\"", functional.text);
        let help = "name the flows that do: `functional \"…\" via upload view_feed`";
        return Some(Finding::new(CODE, functional.span, message).help(help));
    }
    let empty = functional.flows.iter().map(|f| ctx.model.flow(*f)).find(|f| f.steps.is_empty())?;
    let name = &empty.head.name;
    let message = format!("the requirement \"{}\" rests on `{name}`, which has no step", functional.text);
    let finding =
        Finding::new(CODE, functional.span, message).related(empty.head.name_span, "nothing happens here");
    Some(finding.help(format!("write its steps, as in `user -> api \"GET /v1/{name}\"`")))
}
