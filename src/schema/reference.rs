//! The language reference, made from the table: `docs/reference/language.md`.

use super::{
    BLOCKS, ELEMENT, ELEMENT_KEYWORDS, ELEMENT_NUMBERS, FLOW, FLOW_NUMBERS, Kinds, NODES_NUMBERS, OPERATIONS,
    Property, STATEMENTS, STEP, Scope, Slot, blocks, slot_type,
};
use std::fmt::Write;

/// The whole reference as Markdown.
pub fn reference() -> String {
    let mut out = String::from(
        "# Language reference\n\nGenerated from the schema; `UPDATE=1 cargo test` writes it anew.\n\n## Elements\n\n\
         | keyword | what it is |\n| --- | --- |\n",
    );
    for keyword in ELEMENT_KEYWORDS {
        let _ = writeln!(out, "| `{}` | {} |", keyword.word, keyword.doc);
    }
    out.push_str("\n### Properties of every element\n\n");
    properties(&mut out, ELEMENT.properties.iter().filter(|p| p.kinds == Kinds::ALL));
    out.push_str("\n### Properties of some elements\n\n");
    properties(&mut out, ELEMENT.properties.iter().filter(|p| p.kinds != Kinds::ALL));
    out.push_str("\n## Statements\n\n");
    for statement in STATEMENTS {
        let _ = writeln!(out, "### {}\n\n{}\n\n    {}\n", statement.word, statement.doc, statement.example);
        if let Some(scope) = statement.block.filter(|s| !s.properties.is_empty() && s.name != FLOW.name) {
            properties(&mut out, scope.properties.iter());
            out.push('\n');
        }
    }
    section(&mut out, "Properties of a flow", &FLOW);
    section(&mut out, "Properties of a step", &STEP);
    out.push_str("\n## Operations of a step\n\n| operation | meaning |\n| --- | --- |\n");
    for operation in OPERATIONS {
        let _ = writeln!(out, "| `{}` | {} |", operation.word, operation.doc);
    }
    out.push_str("\n## Blocks of steps\n\n| block | written | meaning |\n| --- | --- | --- |\n");
    for block in BLOCKS {
        let _ =
            writeln!(out, "| `{}` | `{}` | {} |", block.word, block.example.replace('|', "\\|"), block.doc);
    }
    out.push_str(
        "\n## Numbers\n\nWhat targets, alerts and rules of the house may compare: `api.utilization.peak`, `view_feed.p99`, and of the \
         whole `total.cost`, `total.scales_to`, `all.availability`.\n",
    );
    for (owner, numbers) in
        [("an element", ELEMENT_NUMBERS), ("a flow", FLOW_NUMBERS), ("nodes", NODES_NUMBERS)]
    {
        let _ = writeln!(out, "\n### Numbers of {owner}\n\n| number | what it is |\n| --- | --- |");
        for number in numbers {
            let _ = writeln!(out, "| `{}` | {} |", number.name, number.doc);
        }
    }
    out.push_str("\n## Blocks of properties\n");
    for (key, scope) in blocks().into_iter().filter(|(_, s)| !s.properties.is_empty()) {
        let _ = writeln!(out, "\n### {key} {{ … }}\n");
        properties(&mut out, scope.properties.iter());
    }
    out
}

fn section(out: &mut String, title: &str, scope: &Scope) {
    let _ = writeln!(out, "\n## {title}\n");
    properties(out, scope.properties.iter());
}

fn properties<'a>(out: &mut String, rows: impl Iterator<Item = &'a Property>) {
    out.push_str("| property | values | written | meaning |\n| --- | --- | --- | --- |\n");
    for property in rows {
        let mut values: Vec<String> = property.slots.iter().map(value).collect();
        if property.block.is_some() {
            values.push("a block".to_string());
        }
        let mut meaning = property.doc.to_string();
        if property.kinds != Kinds::ALL {
            let owners: Vec<String> = ELEMENT_KEYWORDS
                .iter()
                .filter(|k| property.kinds.contains(k.kind))
                .map(|k| format!("`{}`", k.word))
                .collect();
            let _ = write!(meaning, " Of {}.", owners.join(", "));
        }
        if !property.default.is_empty() {
            let _ = write!(meaning, " Default: {}.", property.default);
        }
        let cell = |text: &str| text.replace('|', "\\|");
        let _ = writeln!(
            out,
            "| `{}` | {} | `{}` | {} |",
            property.key,
            cell(&values.join("; ")),
            cell(property.example),
            cell(&meaning)
        );
    }
}

fn value(slot: &Slot) -> String {
    let mut text = String::new();
    if let Some(lead) = slot.lead {
        let _ = write!(text, "`{lead}` ");
    }
    text.push_str(&slot_type(slot));
    if slot.many {
        text.push_str(", one or more");
    }
    if slot.optional { format!("[{text}]") } else { text }
}
