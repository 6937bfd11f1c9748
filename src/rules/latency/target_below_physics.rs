//! A promise that the network alone breaks.

use crate::analysis::SpentOn;
use crate::diagnostic::Finding;
use crate::model::{BlockKind, Flow, StepId};
use crate::rules::{Context, declare_rule};

declare_rule!("LAT006", "target-below-physics", Error, "target_below_physics");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for ((_, flow), facts) in ctx.model.flows().zip(&ctx.facts().flows) {
        let network: f64 = facts
            .waterfall
            .iter()
            .filter(|s| s.what == SpentOn::Network && always_taken(flow, s.step))
            .map(|s| s.mean)
            .sum();
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

/// Whether every request takes a step: what only some take breaks no promise by itself.
fn always_taken(flow: &Flow, step: StepId) -> bool {
    let by_luck = |kind: &BlockKind| {
        matches!(
            kind,
            BlockKind::OnMiss(_) | BlockKind::OnFailure(_) | BlockKind::Chance(_) | BlockKind::Compensate
        )
    };
    // Parents come before their children, so that the climb ends.
    let mut at = Some(step);
    while let Some(id) = at {
        let step = flow.step(id);
        if step.props.has("chance") || flow.enclosing(id).any(|block| by_luck(&flow.block(block).kind)) {
            return false;
        }
        at = step.parent.filter(|parent| parent.index() < id.index());
    }
    true
}
