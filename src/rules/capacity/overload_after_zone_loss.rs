//! Survivors that cannot carry what a lost zone leaves.

use crate::diagnostic::Finding;
use crate::quantity::{count, percent};
use crate::rules::{Context, declare_rule};

declare_rule!("CAP003", "overload-after-zone-loss", Warning, "overload_after_zone_loss");

fn check(ctx: &Context) -> Vec<Finding> {
    let elements = ctx.model.elements().zip(&ctx.facts().elements);
    elements
        .filter_map(|((id, element), facts)| {
            let share = ctx.value(facts.utilization.zone_loss).filter(|share| *share > 1.0)?;
            if ctx.value(facts.utilization.peak).is_some_and(|peak| peak > 1.0) {
                return None;
            }
            let name = ctx.name(id);
            let finding = Finding::new(
                CODE,
                element.head.name_span,
                format!(
                    "when a zone is lost at peak, the rest of `{name}` is asked for {} of what it can serve",
                    percent(share)
                ),
            )
            .subject(name);
            Some(match ctx.value(facts.replicas.required_zone_loss) {
                Some(n) => finding.help(format!(
                    "raise `replicas` to {}, so that the survivors carry everything",
                    count(n)
                )),
                None => finding.help("spread it over more zones, or give it more capacity"),
            })
        })
        .collect()
}
