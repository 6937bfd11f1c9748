//! A store that people reach directly.

use crate::catalog::Class;
use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};
use crate::schema::Kind;
use std::collections::BTreeSet;

declare_rule!("SEC006", "store-exposed", Error, "store_exposed");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for hop in ctx.hops() {
        let (source, target) = (ctx.element(hop.step.from), ctx.element(hop.step.to));
        let outside = matches!(source.kind, Kind::Actor | Kind::External);
        // Object stores are made to be reached with signed addresses.
        let signed = target.tech().is_some_and(|t| t.is(Class::Object))
            && hop.step.props.word("auth").is_some_and(|a| a != "none");
        if outside && target.kind.is_stateful() && !signed && seen.insert((hop.step.from, hop.step.to)) {
            let (caller, name) = (ctx.name(hop.step.from), ctx.name(hop.step.to));
            findings.push(
                Finding::new(CODE, hop.step.span, format!("`{caller}` reaches the {} `{name}` directly", target.kind.word()))
                    .subject(name)
                    .flow(hop.flow.head.name.as_str())
                    .help("put a service or a gateway between them; for uploads to an object store, say how they are signed: `auth jwt` in the step"),
            );
        }
    }
    for (id, element) in ctx.model.elements().filter(|(_, e)| e.kind.is_stateful() && e.props.has("public")) {
        if !element.tech().is_some_and(|t| t.is(Class::Object)) {
            let name = ctx.name(id);
            findings.push(
                Finding::new(
                    CODE,
                    ctx.place(id, "public"),
                    format!("the {} `{name}` is reachable from outside", element.kind.word()),
                )
                .subject(name)
                .help("leave `public` to gateways, balancers and services"),
            );
        }
    }
    findings
}
