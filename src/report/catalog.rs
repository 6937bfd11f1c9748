//! The catalogue as text: the list of technologies, and every fact of one with its source.
//!
//! It prints what the catalogue holds and concludes nothing.

use std::fmt::Write as _;

use crate::catalog::{
    Catalog, Condition, Derived, Entry, FactValue, KEYS, KeyKind, PartitionLimit, Technology, fold,
};
use crate::quantity::{Quantity, percent};

/// `sysd catalog`: one line for each technology, ordered by its name in a design.
pub fn catalog_list(catalog: &Catalog) -> String {
    let entries = catalog.entries();
    let words: Vec<String> = entries.iter().map(Entry::word).collect();
    let width = words.iter().map(String::len).max().unwrap_or(0);
    let names = entries.iter().map(|entry| entry.name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (entry, word) in entries.iter().zip(&words) {
        let line = format!("{word:width$}  {:names$}  {}", entry.name, entry.kind);
        let _ = writeln!(text, "{line}");
    }
    let _ = writeln!(text, "\n{} technologies; `sysd catalog NAME` shows the facts of one", entries.len());
    text
}

/// `sysd catalog NAME`: everything that is known about one technology, with sources, and what is not known.
pub fn catalog_page(technology: &Technology) -> String {
    let mut text = heading(technology);
    normalised(&mut text, technology);
    limits(&mut text, technology);
    variants(&mut text, technology);
    facts(&mut text, technology);
    unknown(&mut text, technology);
    text
}

fn heading(technology: &Technology) -> String {
    let Technology { name, kind, fits, managed, aliases, entered, notes, applied, .. } = technology;
    let mut text = format!("{}: {name}\n{kind}\n", fold(&technology.id));
    if !aliases.is_empty() {
        let aliases: Vec<String> = aliases.iter().map(|alias| fold(alias)).collect();
        let _ = writeln!(text, "also called: {}", aliases.join(", "));
    }
    let _ = writeln!(text, "fits: {}", fits.join(", "));
    let _ = writeln!(text, "run by: {}", if *managed { "a provider" } else { "its users" });
    if !entered.is_empty() {
        let _ = writeln!(text, "entered: {entered}");
    }
    if !applied.is_empty() {
        let _ = writeln!(text, "as deployed with: {}", applied.join(", "));
    }
    for note in notes {
        let _ = writeln!(text, "note: {note}");
    }
    text
}

fn normalised(text: &mut String, technology: &Technology) {
    if technology.normalised.is_empty() {
        return;
    }
    text.push_str("\nwhat the compiler reads\n");
    for key in KEYS {
        if let Some(derived) = technology.normalised.get(key.name) {
            let value = derived_value(key.kind, derived);
            let ground = if derived.from.is_empty() {
                technology.source_of(derived)
            } else {
                format!("from {}", derived.from.join(", "))
            };
            let _ = writeln!(text, "  {:30}  {value:22}  {:6}  {ground}", key.name, derived.confidence);
        }
    }
}

/// A value in the unit of its key.
fn derived_value(kind: KeyKind, derived: &Derived) -> String {
    match (kind, &derived.value) {
        (KeyKind::Seconds, FactValue::Number(seconds)) => Quantity::seconds(*seconds).human(),
        (KeyKind::Bytes, FactValue::Number(bytes)) => Quantity::bytes(*bytes).human(),
        (KeyKind::Fraction, FactValue::Number(share)) => percent(*share),
        (_, value) => value.to_string(),
    }
}

fn limits(text: &mut String, technology: &Technology) {
    if !technology.partition_limits.is_empty() {
        text.push_str("\nlimits that more nodes do not lift\n");
        for limit in &technology.partition_limits {
            let _ = writeln!(text, "  {}", limit_line(limit));
        }
    }
    if !technology.anchors.is_empty() {
        text.push_str("\nmeasured throughputs: orders of magnitude of named hardware, not capacities\n");
        for anchor in &technology.anchors {
            let rate = number(anchor.per_s);
            let (operation, unit, scope) = (&anchor.operation, &anchor.unit, &anchor.scope);
            let _ = writeln!(
                text,
                "  {operation}: {rate}/s {unit}, per {scope} ({}, from {})",
                anchor.confidence,
                anchor.from.join(", ")
            );
        }
    }
}

fn limit_line(limit: &PartitionLimit) -> String {
    let PartitionLimit { scope, operation, per_s, unit, confidence, from } = limit;
    format!("{operation}: {}/s {unit}, per {scope} ({confidence}, from {})", number(*per_s), from.join(", "))
}

/// A count with all its digits, without a fraction.
fn number(value: f64) -> String {
    format!("{value:.0}")
}

fn variants(text: &mut String, technology: &Technology) {
    if technology.variants.is_empty() {
        return;
    }
    text.push_str("\ndeployment variants\n");
    for variant in &technology.variants {
        let when: Vec<String> =
            variant.when.iter().map(|(key, condition)| condition_text(key, condition)).collect();
        let _ = writeln!(text, "  {}: {}", when.join(" and "), variant.why);
        for key in KEYS {
            if let Some(derived) = variant.set.get(key.name) {
                let value = derived_value(key.kind, derived);
                let from = derived.from.join(", ");
                let _ =
                    writeln!(text, "    {:30}  {value:20}  {:6}  from {from}", key.name, derived.confidence);
            }
        }
        for limit in &variant.partition_limits {
            let _ = writeln!(text, "    {}", limit_line(limit));
        }
    }
}

/// A setting as a design writes it: `aof everysec`, `multi_az`, `factor >= 3`.
fn condition_text(key: &str, condition: &Condition) -> String {
    match condition {
        Condition::AtLeast(bound) => format!("`{key}` of at least {bound}"),
        Condition::OneOf { words, or_unstated } => {
            let words: Vec<String> = words
                .iter()
                .map(|word| if word == "yes" { format!("`{key}`") } else { format!("`{key} {word}`") })
                .collect();
            let silence = if *or_unstated { " (or nothing said)" } else { "" };
            format!("{}{silence}", words.join(" or "))
        }
    }
}

fn facts(text: &mut String, technology: &Technology) {
    if technology.facts.is_empty() {
        return;
    }
    text.push_str("\nfacts\n");
    for fact in technology.facts.values() {
        let _ = writeln!(text, "  {}", fact.path);
        write_value(text, &fact.value);
        if let Some(note) = &fact.note {
            let _ = writeln!(text, "    note: {note}");
        }
        let date = fact.date.as_ref().map_or(String::new(), |date| format!(", {date}"));
        let _ = writeln!(text, "    source: {} ({}{date})", fact.source, fact.confidence);
    }
}

/// One line, or one for each item of a list of tables.
fn write_value(text: &mut String, value: &FactValue) {
    match value {
        FactValue::List(items) if items.iter().any(|item| matches!(item, FactValue::Table(_))) => {
            for item in items {
                let _ = writeln!(text, "    {}", isolation_level(item).unwrap_or_else(|| item.to_string()));
            }
        }
        value => {
            let _ = writeln!(text, "    {value}");
        }
    }
}

/// An isolation level: its own name, what it really is, and what it lets through.
fn isolation_level(item: &FactValue) -> Option<String> {
    let FactValue::Table(fields) = item else { return None };
    let (level, actual) = (fields.get("level")?, fields.get("actual_model")?);
    let allows = match fields.get("allows")? {
        FactValue::List(allowed) if allowed.is_empty() => "no anomaly".to_owned(),
        allowed => allowed.to_string(),
    };
    let note = fields.get("note").map_or(String::new(), |note| format!(" ({note})"));
    Some(format!("{level}: is {}, allows {allows}{note}", fold(&actual.to_string())))
}

fn unknown(text: &mut String, technology: &Technology) {
    if technology.unknown.is_empty() {
        return;
    }
    text.push_str("\nnot known\n");
    for unknown in technology.unknown.values() {
        let path = unknown.path.strip_prefix("normalised.").unwrap_or(&unknown.path);
        let note = unknown.note.as_ref().map_or(String::new(), |note| format!(" ({note})"));
        let _ = writeln!(text, "  {path}: {}{note}", unknown.reason);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_a_line_for_each_technology_as_designs_spell_it() {
        let list = catalog_list(Catalog::builtin());
        assert_eq!(list.lines().count(), 87 + 2);
        assert!(list.lines().any(|line| line.starts_with("aws_elb ")));
        assert!(list.lines().all(|line| line.trim_end() == line));
    }

    #[test]
    fn a_page_shows_every_fact_with_its_source_and_every_gap() {
        for entry in Catalog::builtin().entries() {
            let technology = Catalog::builtin().find(entry.id).unwrap();
            let page = catalog_page(technology);
            for fact in technology.facts.values() {
                assert!(page.contains(&format!("\n  {}\n", fact.path)), "{} {}", entry.id, fact.path);
                assert!(page.contains(&fact.source), "{} {}", entry.id, fact.path);
            }
            assert_eq!(page.matches("\n    source: ").count(), technology.facts.len(), "{}", entry.id);
            for key in technology.normalised.keys() {
                assert!(page.contains(&format!("\n  {key}")), "{} {key}", entry.id);
            }
            assert!(page.lines().all(|line| line.trim_end() == line), "{}", entry.id);
        }
    }

    #[test]
    fn values_carry_their_units() {
        let page = |name: &str| catalog_page(Catalog::builtin().find(name).unwrap());
        let line = |page: &str, start: &str| {
            page.lines().find(|line| line.trim_start().starts_with(start)).unwrap().to_owned()
        };
        assert!(line(&page("kafka"), "retention_default_s").contains("7 day"));
        assert!(line(&page("rds"), "sla").contains("99.5%"));
        assert!(line(&page("dynamodb"), "max_item_bytes").contains("409.6 kB"));
        assert!(page("redis").contains("`aof everysec`: the append-only file is flushed once a second"));
        assert!(page("kafka").contains("`acks all` (or nothing said) and `factor` of at least 3"));
        assert!(page("mysql").contains(
            "repeatable read: is monotonic_atomic_view, allows PMP, P4, G-single, G2-item, G2 (does NOT prevent"
        ));
        assert!(page("route53").contains("sla: 100% is a threshold for credits, not a forecast"));
    }
}
