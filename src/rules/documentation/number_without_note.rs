//! An input that does not say where it comes from.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("DOC009", "number-without-note", Info, "number_without_note");

fn check(ctx: &Context) -> Vec<Finding> {
    // A value computed from other inputs carries their notes.
    let bare = ctx.model.inputs.iter().filter(|i| i.note.is_none() && i.scalar.inputs.is_empty());
    bare.map(|input| {
        let name = &input.head.name;
        Finding::new(CODE, input.head.name_span, format!("`{name}` does not say where its number comes from"))
            .subject(name.as_str())
            .help(format!("add a note: `let {name} = … \"annual report 2023\"`, or \"assumption: …\""))
    })
    .collect()
}
