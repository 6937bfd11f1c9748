//! A promise that the network alone breaks.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("LAT006", "target-below-physics", Error, "target_below_physics");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for ((_, flow), facts) in ctx.model.flows().zip(&ctx.facts().flows) {
        let floor = facts.network_floor;
        let floors = [
            ("mean", floor.mean),
            ("p50", floor.p50),
            ("p95", floor.p95),
            ("p99", floor.p99),
            ("p999", floor.p999),
        ];
        for (key, network) in floors {
            let Some(required) = flow.props.at(&format!("require.{key}")) else { continue };
            let limit = required.quantity().map(|q| q.value()).filter(|limit| *limit < network);
            let Some(limit) = limit else { continue };
            findings.push(
                Finding::new(
                    CODE,
                    required.span,
                    format!("the network alone takes {}, and `{}` promises {}", ctx.seconds(network), flow.head.name, ctx.seconds(limit)),
                )
                .subject(flow.head.name.as_str())
                .flow(flow.head.name.as_str())
                .note(format!("{key} of the network time of the hops that every request makes one after another, at least"))
                .help("no faster machine helps: come nearer (a region, a cdn), make fewer round trips, or promise what light allows"),
            );
        }
    }
    findings
}
