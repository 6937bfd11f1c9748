//! A step that no access rule allows.

use crate::diagnostic::Finding;
use crate::model::{Access, DataId, Entity, Grant, Operation, RoleId};
use crate::rules::{Context, Hop, declare_rule};

declare_rule!("SEC004", "access-not-allowed", Error, "access_not_allowed");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for hop in ctx.hops() {
        let Some(Entity::Role(role)) = hop.step.props.get("as").and_then(|p| p.entities().next()) else {
            continue;
        };
        for datum in hop.step.data() {
            findings.extend(refused(ctx, &hop, role, datum));
        }
    }
    findings
}

/// The finding that a role may not do this to a datum, where the datum has access rules.
fn refused(ctx: &Context, hop: &Hop, role: RoleId, datum: DataId) -> Option<Finding> {
    let rules: Vec<&Access> = ctx.model.access.iter().filter(|a| a.data.contains(&datum)).collect();
    let operation = hop.step.operation;
    let allows = |grant: &&Grant| {
        grant.role == role
            && grant.operations.iter().any(|o| {
                *o == operation
                    || counts_as_write(operation) && *o == Operation::Write
                    || counts_as_read(operation) && *o == Operation::Read
            })
    };
    if rules.is_empty() || rules.iter().flat_map(|a| &a.grants).any(|g| allows(&g)) {
        return None;
    }
    let (role_name, data) = (&ctx.model.roles[role.index()].head.name, &ctx.model.datum(datum).head.name);
    let message = format!("no access rule lets `{role_name}` {} `{data}`", operation.word());
    let mut finding = Finding::new(CODE, hop.step.span, message)
        .subject(role_name.as_str())
        .flow(hop.flow.head.name.as_str());
    for rule in rules {
        finding = finding.related(rule.span, "who may do what stands here");
    }
    Some(finding.help(format!(
        "let another role act, or add `{role_name} may {}` to the access rule",
        operation.word()
    )))
}

/// Operations that only look.
fn counts_as_read(operation: Operation) -> bool {
    use Operation::{Call, Consume, Poll, Push, Stream};
    matches!(operation, Call | Consume | Poll | Push | Stream)
}

/// Operations that change what others see.
fn counts_as_write(operation: Operation) -> bool {
    matches!(operation, Operation::Delete | Operation::Publish)
}
