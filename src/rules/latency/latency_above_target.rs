//! A flow that answers later than it promises.

use crate::analysis::{Spent, SpentOn};
use crate::diagnostic::Finding;
use crate::rules::promises::{self, Subject, broken};
use crate::rules::{Context, declare_rule};

declare_rule!("LAT001", "latency-above-target", Error, "latency_above_target");

fn check(ctx: &Context) -> Vec<Finding> {
    broken(ctx, Subject::Latency)
        .map(|r| {
            let mut finding = promises::finding(ctx, CODE, r);
            if let Some(id) = r.flow {
                let flow = ctx.model.flow(id);
                finding = finding.flow(flow.head.name.as_str());
                let mut spent: Vec<&Spent> = ctx.facts().flow(id).waterfall.iter().collect();
                spent.sort_by(|a, b| b.mean.total_cmp(&a.mean));
                for part in spent.iter().take(3) {
                    let what = match part.what {
                        SpentOn::Slowest => "the slowest of what runs at once",
                        other => other.word(),
                    };
                    finding = finding.note(format!(
                        "{what} at `{}` takes {} on average",
                        ctx.step_name(flow.step(part.step)),
                        ctx.seconds(part.mean)
                    ));
                }
            }
            finding
                .help("shorten what takes longest, do it in parallel or behind a hand-over, or promise less")
        })
        .collect()
}
