//! A table of a database in the place of a queue.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("MSG009", "table-as-queue", Warning, "table_as_queue");

fn check(ctx: &Context) -> Vec<Finding> {
    let tables = ctx.facts().correctness.brokers.iter().filter(|b| b.table_as_queue);
    tables
        .map(|broker| {
            let name = ctx.name(broker.element);
            let element = ctx.element(broker.element);
            let technology = element.tech().map_or("its store", |t| t.name.as_str());
            let mut finding = Finding::new(
                CODE,
                element.head.name_span,
                format!("`{name}` is a table of {technology} that consumers poll"),
            )
            .subject(name);
            if let Some(polling) = ctx.facts().element(broker.element).queue.and_then(|q| q.polling)
                && let Some(rate) = ctx.value(polling)
            {
                    finding = finding.note(format!("polling alone is {} at all times", crate::quantity::Quantity::per_second(rate).human()));
            }
            finding.help("fine for little work that must commit with its cause; for more, use a broker, or accept it with a reason")
        })
        .collect()
}
