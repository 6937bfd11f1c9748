//! The table in words: what `sysd explain` says of a keyword, and what hover shows.

use super::{
    BLOCKS, ELEMENT, ELEMENT_KEYWORDS, FLOW, OPERATIONS, Property, STATEMENTS, STEP, Scope, Slot, Type,
};
use std::fmt::Write;

/// Every keyword and property key, for candidates.
pub fn keywords() -> Vec<&'static str> {
    let mut words: Vec<&'static str> = ELEMENT_KEYWORDS.iter().map(|k| k.word).collect();
    words.extend(STATEMENTS.iter().chain(BLOCKS).map(|s| s.word));
    for scope in [&ELEMENT, &FLOW, &STEP] {
        words.extend(scope.properties.iter().map(|p| p.key));
    }
    words.sort_unstable();
    words.dedup();
    words
}

/// What a keyword or a property means, as Markdown; `None` for a word that the language does not have.
pub fn describe(word: &str) -> Option<String> {
    let mut out = String::new();
    for keyword in ELEMENT_KEYWORDS.iter().filter(|k| k.word == word) {
        let _ = writeln!(out, "# {word}\n\n{}\n", keyword.doc);
        let properties = ELEMENT.properties.iter().filter(|p| p.kinds.contains(keyword.kind));
        table(&mut out, properties);
    }
    for statement in STATEMENTS.iter().chain(BLOCKS).filter(|s| s.word == word) {
        let _ = writeln!(out, "# {word}\n\n{}\n\n    {}\n", statement.doc, statement.example);
        if let Some(scope) = statement.block {
            table(&mut out, scope.properties.iter());
        }
    }
    for operation in OPERATIONS.iter().filter(|o| o.word == word) {
        let _ = writeln!(out, "# {word}\n\nAn operation of a step: {}.\n", operation.doc);
    }
    for (owner, scope) in [("an element", &ELEMENT), ("a flow", &FLOW), ("a step", &STEP)] {
        if let Some(property) = scope.property(word) {
            describe_property(&mut out, owner, property);
        }
    }
    (!out.is_empty()).then_some(out)
}

fn describe_property(out: &mut String, owner: &str, property: &Property) {
    let _ = writeln!(
        out,
        "# {} (property of {owner})\n\n{}\n\n    {}\n",
        property.key, property.doc, property.example
    );
    if !property.default.is_empty() {
        let _ = writeln!(out, "Default: {}.\n", property.default);
    }
    for slot in property.slots {
        if let Type::Word(choices) | Type::WordOrQuantity(choices, _) = slot.ty {
            for choice in choices {
                let _ = writeln!(out, "- `{}`: {}", choice.word, choice.doc);
            }
            out.push('\n');
        }
    }
    if let Some(block) = property.block {
        table(out, block.properties.iter());
    }
}

fn table<'a>(out: &mut String, properties: impl Iterator<Item = &'a Property>) {
    let rows: Vec<&Property> = properties.collect();
    if rows.is_empty() {
        return;
    }
    out.push_str("| property | written | meaning |\n| --- | --- | --- |\n");
    for property in rows {
        let default = if property.default.is_empty() {
            String::new()
        } else {
            format!(" Default: {}.", property.default)
        };
        let example = property.example.replace('|', "\\|");
        let _ = writeln!(out, "| `{}` | `{example}` | {}{default} |", property.key, property.doc);
    }
    out.push('\n');
}

/// The values of a slot in words, as the reference shows them.
pub fn slot_type(slot: &Slot) -> String {
    let words = |choices: &[super::Choice]| {
        choices.iter().map(|c| format!("`{}`", c.word)).collect::<Vec<_>>().join(", ")
    };
    match slot.ty {
        Type::Quantity(measure) | Type::Range(measure) => measure.expectation().to_string(),
        Type::Word(choices) => words(choices),
        Type::WordOrQuantity(choices, measure) => format!("{} or {}", measure.expectation(), words(choices)),
        Type::AnyWord => "a word".to_string(),
        Type::YesNo => "`yes` or `no`".to_string(),
        Type::Text => "a string".to_string(),
        Type::Date => "a date".to_string(),
        Type::Element => "an element".to_string(),
        Type::Failable => "an element, group, region or zone".to_string(),
        Type::Subject => "an element, group or flow".to_string(),
        Type::Region => "a region".to_string(),
        Type::Nodes => "the name of a pool of nodes".to_string(),
        Type::Data => "a datum".to_string(),
        Type::Field => "a field".to_string(),
        Type::Role => "a role".to_string(),
        Type::Flow => "a flow".to_string(),
        Type::Scenario => "a scenario".to_string(),
        Type::Level => "a consistency or isolation model".to_string(),
        Type::Rule => "the name or code of a rule".to_string(),
        Type::Condition => "a condition".to_string(),
    }
}

/// Every block of the language with its owner's key, in the order of the reference, each once.
pub fn blocks() -> Vec<(&'static str, &'static Scope)> {
    let mut found: Vec<(&'static str, &'static Scope)> = Vec::new();
    for scope in [&ELEMENT, &FLOW, &STEP] {
        for property in scope.properties {
            if let Some(block) = property.block
                && !found.iter().any(|(key, _)| *key == property.key)
            {
                found.push((property.key, block));
            }
        }
    }
    let mut at = 0;
    while let Some((_, scope)) = found.get(at).copied() {
        for property in scope.properties {
            if let Some(block) = property.block
                && !found.iter().any(|(_, known)| known.name == block.name)
            {
                found.push((property.key, block));
            }
        }
        at += 1;
    }
    found
}
