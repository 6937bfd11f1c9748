//! A promise that the network alone breaks.

use crate::diagnostic::Finding;
use crate::model::{BlockKind, Flow};
use crate::rules::{Context, declare_rule};

declare_rule!("LAT006", "target-below-physics", Error, "target_below_physics");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for ((_, flow), facts) in ctx.model.flows().zip(&ctx.facts().flows) {
        let network: f64 = facts.waterfall.iter().filter(|s| s.what == "network").map(|s| s.mean).sum();
        for key in ["mean", "p50", "p95", "p99", "p999"] {
            let Some(required) = flow.props.at(&format!("require.{key}")) else { continue };
            let Some(limit) =
                required.quantity().map(|q| q.value()).filter(|limit| *limit < network && on_one_path(flow))
            else {
                continue;
            };
            findings.push(
                Finding::new(
                    CODE,
                    required.span,
                    format!("the network alone takes {}, and `{}` promises {}", ctx.seconds(network), flow.head.name, ctx.seconds(limit)),
                )
                .subject(flow.head.name.as_str())
                .flow(flow.head.name.as_str())
                .help("no faster machine helps: come nearer (a region, a cdn), make fewer round trips, or promise what light allows"),
            );
        }
    }
    findings
}

/// Whether everything that takes time comes one after another: network times may then be added.
fn on_one_path(flow: &Flow) -> bool {
    let parallel = flow.blocks.iter().any(|b| matches!(b.kind, BlockKind::Parallel));
    !parallel && flow.steps.iter().all(|s| !s.props.has("fan_out"))
}
