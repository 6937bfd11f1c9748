//! Data that cross a boundary in the clear.

use crate::diagnostic::Finding;
use crate::rules::{Context, Hop, declare_rule};

declare_rule!("SEC002", "plaintext-across-boundary", Warning, "plaintext_across_boundary");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for hop in ctx.hops().filter(|h| crosses(ctx, h)) {
        let (source, target) = (ctx.name(hop.step.from), ctx.name(hop.step.to));
        let sensitive = hop
            .step
            .data()
            .find(|id| matches!(ctx.model.datum(*id).class(), Some("personal" | "financial" | "secret")));
        let message = match (hop.step.props.word("encrypted"), hop.step.props.word("protocol"), sensitive) {
            (Some("none"), _, _) => {
                format!("what `{source}` sends to `{target}` crosses the boundary in the clear")
            }
            (None, Some(protocol), _) if PLAIN.contains(&protocol) => {
                format!(
                    "`{protocol}` carries what `{source}` sends to `{target}` across the boundary in the clear"
                )
            }
            (None, _, Some(datum)) => {
                let data = &ctx.model.datum(datum).head.name;
                format!(
                    "`{data}` crosses the boundary from `{source}` to `{target}`, and nothing says that it is encrypted"
                )
            }
            _ => continue,
        };
        findings.push(
            Finding::new(CODE, hop.step.span, message)
                .subject(source)
                .flow(hop.flow.head.name.as_str())
                .help("add `encrypted tls` (or mtls, end_to_end) to the step"),
        );
    }
    findings
}

/// Protocols without encryption of their own.
const PLAIN: [&str; 5] = ["ftp", "telnet", "ws", "rtmp", "mqtt"];

/// Whether the two ends stand in different trust zones.
fn crosses(ctx: &Context, hop: &Hop) -> bool {
    ctx.model.trust_zone(hop.step.from) != ctx.model.trust_zone(hop.step.to)
}
