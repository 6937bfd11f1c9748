//! Sensitive data that go to somebody else.

use crate::diagnostic::Finding;
use crate::model::{DataId, Entity, Operation};
use crate::rules::{Context, Hop, declare_rule};
use crate::schema::Kind;
use std::collections::BTreeSet;

declare_rule!("SEC003", "sensitive-data-to-external", Warning, "sensitive_data_to_external");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for hop in ctx.hops().filter(|h| ctx.element(h.step.to).kind == Kind::External && sends(h.step.operation))
    {
        for id in hop.step.data() {
            let datum = ctx.model.datum(id);
            let sensitive = matches!(datum.class(), Some("personal" | "financial" | "secret"));
            if !sensitive || granted(ctx, &hop, id) || !seen.insert((hop.step.to, id)) {
                continue;
            }
            let (data, target) = (&datum.head.name, ctx.name(hop.step.to));
            findings.push(
                Finding::new(
                    CODE,
                    hop.step.span,
                    format!("{} data `{data}` go to `{target}`, which is not yours", datum.class().unwrap_or("sensitive")),
                )
                .subject(target)
                .flow(hop.flow.head.name.as_str())
                .related(datum.head.name_span, "classed here")
                .help(format!("send less, or say by which right it has them: a role for it in `access {data}`, and `as ROLE` in the step")),
            );
        }
    }
    findings
}

fn sends(operation: Operation) -> bool {
    !matches!(operation, Operation::Read | Operation::Poll | Operation::Consume)
}

/// Whether the step acts in a role that an access rule of the datum names.
fn granted(ctx: &Context, hop: &Hop, datum: DataId) -> bool {
    let role = hop.step.props.get("as").and_then(|p| p.entities().next());
    let rules = ctx.model.access.iter().filter(|a| a.data.contains(&datum));
    rules.flat_map(|a| &a.grants).any(|grant| role == Some(Entity::Role(grant.role)))
}
