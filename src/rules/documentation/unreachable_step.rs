//! A step whose source nothing before it reaches.

use crate::diagnostic::Finding;
use crate::model::{Flow, Operation};
use crate::rules::{Context, declare_rule};
use crate::schema::Kind;

declare_rule!("DOC010", "unreachable-step", Warning, "unreachable_step");

fn check(ctx: &Context) -> Vec<Finding> {
    ctx.model.flows.iter().flat_map(|flow| unreachable(ctx, flow)).collect()
}

fn unreachable<'a>(ctx: &'a Context, flow: &'a Flow) -> impl Iterator<Item = Finding> + 'a {
    // A flow that messages or a clock start is entered at one element, by as many steps as it takes.
    let starter = flow.steps.iter().find(|s| s.entry).filter(|_| flow.trigger.is_some()).map(|s| s.from);
    flow.steps.iter().filter(|s| s.entry).filter_map(move |step| {
        let starts = starter == Some(step.from);
        let source = ctx.element(step.from);
        // People and outside systems call on their own; a push needs no request before it.
        let legal = starts
            || matches!(source.kind, Kind::Actor | Kind::External)
            || source.kind.is_broker()
            || step.operation == Operation::Push;
        (!legal).then(|| {
            let name = &source.head.name;
            Finding::new(CODE, step.span, format!("nothing in flow `{}` reaches `{name}` before this step", flow.head.name))
                .subject(name.as_str())
                .flow(flow.head.name.as_str())
                .help("begin with the actor that sets it off, or say what starts the flow: `trigger events …`, `trigger every 1h`")
        })
    })
}
