//! A health check that calls what the replica depends on.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("CAS012", "health-check-amplifies", Info, "health_check_amplifies");

fn check(ctx: &Context) -> Vec<Finding> {
    let deep = ctx.model.elements().filter(|(_, e)| e.props.yes_no("health_check.deep") == Some(true));
    deep.map(|(id, _)| {
        let name = ctx.name(id);
        Finding::new(
            CODE,
            ctx.place(id, "health_check.deep"),
            format!("when a dependency fails, `{name}` takes all replicas behind it out of service at once"),
        )
        .subject(name)
        .help("let the health check ask the replica itself only, and let calls to the dependency fail on their own")
    })
    .collect()
}
