//! Questions whose answer is mostly no.

use crate::diagnostic::Finding;
use crate::quantity::Quantity;
use crate::rules::{Context, declare_rule};

declare_rule!("CAP016", "polling-load", Warning, "polling_load");

/// So many times more questions than messages are worth a word.
const MANY: f64 = 10.0;

fn check(ctx: &Context) -> Vec<Finding> {
    let elements = ctx.model.elements().zip(&ctx.facts().elements);
    elements
        .filter_map(|((id, _), facts)| {
            let polling = ctx.value(facts.queue?.polling?)?;
            let messages = ctx.value(facts.load.total.average)?;
            if polling <= messages * MANY {
                return None;
            }
            let name = ctx.name(id);
            Some(
                Finding::new(
                    CODE,
                    ctx.place(id, "poll"),
                    format!(
                        "consumers ask `{name}` at {}, and messages arrive at {}",
                        Quantity::per_second(polling).human(),
                        Quantity::per_second(messages).human()
                    ),
                )
                .subject(name)
                .help("ask less often, wait at the broker (long polling), or let it push"),
            )
        })
        .collect()
}
