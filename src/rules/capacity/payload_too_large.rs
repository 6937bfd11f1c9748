//! A datum larger than its technology takes.

use crate::analysis::consistency::Ground;
use crate::diagnostic::Finding;
use crate::quantity::Quantity;
use crate::rules::{Context, declare_rule};
use std::collections::BTreeSet;

declare_rule!("CAP017", "payload-too-large", Error, "payload_too_large");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for hop in ctx.hops() {
        let target = ctx.element(hop.step.to);
        let Some(technology) = target.tech() else { continue };
        let limit = if target.kind.is_broker() {
            technology.max_message_bytes()
        } else {
            technology.max_item_bytes()
        };
        let Some(limit) = limit else { continue };
        for id in hop.step.data() {
            let Some(size) = ctx.model.datum(id).size() else { continue };
            if size.value() <= limit.value || !seen.insert((hop.step.to, id)) {
                continue;
            }
            let (name, data) = (ctx.name(hop.step.to), &ctx.model.datum(id).head.name);
            let finding = Finding::new(
                CODE,
                hop.step.span,
                format!(
                    "`{data}` has {}, and `{name}` takes {} at most",
                    size.quantity,
                    Quantity::bytes(limit.value).human()
                ),
            )
            .subject(name)
            .flow(hop.flow.head.name.as_str())
            .related(size.span, "so large it is")
            .help("keep it in an object store and pass its name, split it, or raise the limit");
            findings.push(
                ctx.resting_on(
                    finding,
                    &[Ground::catalogue(technology, &limit, Quantity::bytes(limit.value))],
                ),
            );
        }
    }
    findings
}
