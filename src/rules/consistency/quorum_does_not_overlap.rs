//! Read and write quorums that may miss each other.

use crate::analysis::consistency::quorum::quorum;
use crate::diagnostic::Finding;
use crate::model::{Element, ElementId};
use crate::quantity::{Quantity, percent};
use crate::rules::{Context, declare_rule};

declare_rule!("CON002", "quorum-does-not-overlap", Warning, "quorum_does_not_overlap");

fn check(ctx: &Context) -> Vec<Finding> {
    let stores =
        ctx.model.elements().filter(|(_, e)| e.props.get("consistency").is_some_and(|p| p.block.is_some()));
    stores.filter_map(|(id, element)| finding(ctx, id, element)).collect()
}

fn finding(ctx: &Context, id: ElementId, element: &Element) -> Option<Finding> {
    let name = ctx.name(id);
    let quorum = match quorum(element)? {
        Ok(quorum) => quorum,
        Err(needs) => {
            ctx.lacks(format!("quorums of {name}"), needs.as_str());
            return None;
        }
    };
    let (Some(n), Some(r), Some(w)) = (quorum.n, quorum.r, quorum.w) else { return None };
    let message = if !quorum.overlaps {
        format!(
            "a read of `{name}` asks {r} of {n} copies and a write waits for {w}: they may miss each other"
        )
    } else if quorum.orders_writes == Some(false) {
        format!("two writes of `{name}` wait for {w} of {n} copies each: neither may see the other")
    } else {
        return None;
    };
    let mut finding = Finding::new(CODE, ctx.place(id, "consistency"), message).subject(name);
    finding = finding.note(format!(
        "R + W = {} and N = {n}; reads meet writes where R + W > N, writes meet writes where W > N/2",
        r + w
    ));
    if let Some([one, two, _]) = quorum.fresh_within {
        finding = finding.note(format!(
            "a read sees the last write with probability {}, one of the last two with {}",
            percent(one),
            percent(two)
        ));
    }
    let seen = ctx.facts().element(id).visibility.as_ref();
    let shares = seen.and_then(|seen| {
        Some((ctx.value(seen.at_once)?, ctx.value(seen.p999)?)).filter(|_| seen.error.is_some())
    });
    if let Some((at_once, p999)) = shares {
        finding = finding.note(format!(
            "by sampling: {} of the reads see a write as soon as it is acknowledged, 99.9% after {}",
            percent(at_once),
            Quantity::seconds(p999).human()
        ));
    }
    Some(ctx.resting_on(
        finding.help(format!(
            "ask {} copies when reading and wait for {} when writing",
            n / 2 + 1,
            n / 2 + 1
        )),
        &quorum.grounds,
    ))
}
