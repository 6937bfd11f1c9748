//! A read that is given less than it requires.

use crate::analysis::Read;
use crate::diagnostic::Finding;
use crate::model::Flow;
use crate::rules::{Context, declare_rule};
use crate::words;

declare_rule!("CON001", "stale-read", Error, "stale_read");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for ((_, flow), facts) in ctx.model.flows().zip(&ctx.facts().flows) {
        for read in
            facts.reads.iter().filter(|r| r.met == Some(false) && !r.attainable && r.unsupported.is_none())
        {
            findings.push(finding(ctx, flow, read));
        }
    }
    findings
}

fn finding(ctx: &Context, flow: &Flow, read: &Read) -> Finding {
    let step = flow.step(read.step);
    let required = read.required.as_deref().unwrap_or("");
    let given = read.provided.as_deref().unwrap_or(&[]);
    let given = if given.is_empty() { "nothing".to_string() } else { words::enumeration(given) };
    let source = ctx.name(read.source);
    let message =
        format!("the read of `{}` from `{source}` requires `{required}` and is given {given}", read.data);
    let mut finding = Finding::new(CODE, step.span, message).subject(source).flow(flow.head.name.as_str());
    if let Some(span) = read.required_span {
        finding = finding.related(span, "required here");
    }
    let mut grounds = Vec::new();
    if let Some(hop) = read.weakest.and_then(|at| read.path.get(at)) {
        finding = finding.note(format!("weakest hop: `{}`, {}", ctx.name(hop.element), hop.why));
        grounds.clone_from(&hop.grounds);
    }
    finding = match (read.staleness, &read.unbounded) {
        (Some(time), _) => finding.note(format!("an answer may be {} old", ctx.seconds(time))),
        (None, Some(why)) => finding.note(format!("how old an answer may be has no bound: {why}")),
        (None, None) => finding,
    };
    ctx.resting_on(
        finding.help("read from the leader or past the cache, ask the store for the level, or require less: `consistency eventual` in the step"),
        &grounds,
    )
}
