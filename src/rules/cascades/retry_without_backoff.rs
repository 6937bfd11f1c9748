//! Retries that come at once, or all at the same time.

use crate::diagnostic::Finding;
use crate::rules::{Context, Hop, declare_rule};

declare_rule!("CAS004", "retry-without-backoff", Warning, "retry_without_backoff");

fn check(ctx: &Context) -> Vec<Finding> {
    ctx.hops().filter_map(|hop| finding(ctx, &hop)).collect()
}

fn finding(ctx: &Context, hop: &Hop) -> Option<Finding> {
    let retry = hop.step.props.get("retry")?;
    let block = retry.block.as_ref()?;
    if block.number("attempts").is_some_and(|n| n <= 1.0) {
        return None;
    }
    let hurried = matches!(block.word("backoff"), None | Some("none"));
    let in_step = block.yes_no("jitter") != Some(true);
    let (what, help) = match (hurried, in_step) {
        (true, _) => ("at once, without a pause", "add `backoff exponential, jitter on`"),
        (false, true) => ("all at the same moment, without jitter", "add `jitter on`"),
        (false, false) => return None,
    };
    let target = ctx.name(hop.step.to);
    Some(
        Finding::new(
            CODE,
            retry.span,
            format!("`{}` tries `{target}` again {what}", ctx.name(hop.step.from)),
        )
        .subject(ctx.name(hop.step.from))
        .flow(hop.flow.head.name.as_str())
        .help(help),
    )
}
