//! A label in a step that resembles declared data.

use crate::diagnostic::Applicability;
use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("DOC012", "resembles-declared-data", Warning, "resembles_declared_data");

fn check(ctx: &Context) -> Vec<Finding> {
    let near = ctx.model.lookalikes.iter();
    near.map(|(label, span, datum)| {
        let data = &ctx.model.datum(*datum).head;
        Finding::new(CODE, *span, format!("`{label}` is not declared, and resembles `{}`", data.name))
            .related(data.name_span, "declared here")
            .help(format!("write `{}` if it is meant, or declare `data {label}`", data.name))
            .fix(
                format!("write `{}`", data.name),
                vec![(*span, data.name.to_string())],
                Applicability::Unsafe,
            )
    })
    .collect()
}
