//! Messages that nobody takes.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("MSG011", "nobody-consumes", Warning, "nobody_consumes");

fn check(ctx: &Context) -> Vec<Finding> {
    let brokers = ctx.facts().correctness.brokers.iter();
    let lonely = brokers.filter(|b| {
        !b.publishers.is_empty() && b.consumers.is_empty() && !b.read_as_log && !b.is_dead_letter
    });
    lonely
        .map(|broker| {
            let name = ctx.name(broker.element);
            let mut finding = Finding::new(
                CODE,
                ctx.element(broker.element).head.name_span,
                format!("nobody takes what is published to `{name}`"),
            )
            .subject(name);
            if let Some((flow, step)) = broker.publishers.first() {
                finding = finding.related(ctx.model.flow(*flow).step(*step).span, "published here");
            }
            finding.help("add the consumer, as a step (`jobs ~> worker consume job`) or a flow (`trigger jobs job`), or leave the broker out")
        })
        .collect()
}
