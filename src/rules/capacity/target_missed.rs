//! A target about anything but times, availability and cost that does not hold.

use crate::diagnostic::Finding;
use crate::rules::promises::{self, Subject, broken};
use crate::rules::{Context, declare_rule};

declare_rule!("CAP025", "target-missed", Error, "target_missed");

fn check(ctx: &Context) -> Vec<Finding> {
    broken(ctx, Subject::Other)
        .filter(|r| r.kind == "target")
        .map(|r| {
            let finding = promises::finding(ctx, CODE, r);
            let named = r.measure.as_ref().map(|(name, _)| name).filter(|name| !name.is_empty());
            let why = named.map(|name| format!("`sysd why FILE {name}` shows where the number comes from"));
            let finding = why.into_iter().fold(finding, Finding::note);
            finding.help("change what the number rests on, or promise what can be kept")
        })
        .collect()
}
