//! An element that has neither a title nor a description.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};

declare_rule!("DOC004", "undescribed-element", Info, "undescribed_element");

fn check(ctx: &Context) -> Vec<Finding> {
    let silent = ctx
        .model
        .elements
        .iter()
        .filter(|e| e.head.title.is_none() && e.head.doc.is_empty() && !e.head.imported);
    silent
        .map(|element| {
            let name = &element.head.name;
            Finding::new(
                CODE,
                element.head.name_span,
                format!("`{name}` has neither a title nor a description"),
            )
            .subject(name.as_str())
            .help("say in a title or a `///` comment what it is for")
        })
        .collect()
}
