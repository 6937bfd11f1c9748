//! One shard that is full while the others are not.

use crate::diagnostic::Finding;
use crate::model::Scalar;
use crate::quantity::percent;
use crate::rules::{Context, declare_rule};

declare_rule!("CAP010", "hot-shard", Warning, "hot_shard");

fn check(ctx: &Context) -> Vec<Finding> {
    let limit = 1.0 - ctx.thresholds.headroom;
    let elements = ctx.model.elements().zip(&ctx.facts().elements);
    elements
        .filter_map(|((id, element), facts)| {
            let skew = element.props.at("shard.skew")?;
            let name = ctx.name(id);
            let graph = &ctx.facts().derivation;
            let computed = graph.named(&format!("{name}.shard.skew")).and_then(|id| ctx.value(id));
            let skew = computed.or(skew.quantity().map(Scalar::value)).filter(|s| *s > 1.0)?;
            let share = ctx.value(facts.utilization.peak)?;
            if share <= limit || share / skew > limit {
                return None;
            }
            Some(
                Finding::new(
                    CODE,
                    ctx.place(id, "shard.skew"),
                    format!(
                        "the hottest shard of `{name}` is {} full at peak, the mean one {}",
                        percent(share),
                        percent(share / skew)
                    ),
                )
                .subject(name)
                .help("choose a key that spreads better, split hot keys, or cache what is hot"),
            )
        })
        .collect()
}
