//! A connection that is closed before it says that it lives.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("LAT008", "idle-timeout-below-heartbeat", Warning, "idle_timeout_below_heartbeat");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for hop in ctx.hops() {
        let Some(stream) = hop.step.props.get("stream") else { continue };
        let Some(block) = &stream.block else { continue };
        let (Some(heartbeat), Some(idle)) = (block.number("heartbeat"), block.number("idle_timeout")) else {
            continue;
        };
        if heartbeat < idle {
            continue;
        }
        let name = ctx.name(hop.step.to);
        findings.push(
            Finding::new(
                CODE,
                stream.span,
                format!(
                    "connections to `{name}` are closed after {} of silence, and a heartbeat comes every {}",
                    ctx.seconds(idle),
                    ctx.seconds(heartbeat)
                ),
            )
            .subject(name)
            .flow(hop.flow.head.name.as_str())
            .help("let the heartbeat come at least twice within the idle timeout"),
        );
    }
    findings
}
