//! `sysd diff`: what changed between two versions, for the terminal, for machines and for a pull request.

use super::table::{Table, cell};
use crate::diff::{Breaking, Change, Class, Diff, Noted, RequirementChange, ThingChange};
use crate::words::spelled;
use serde::Serialize;
use std::fmt::Write;

/// What changed in one design.
pub struct Named {
    /// The design's name, as in `shop.sysd`.
    pub name: String,
    /// Whether it is there before and after.
    pub there: (bool, bool),
    /// What changed.
    pub diff: Diff,
}

impl Named {
    fn state(&self) -> &'static str {
        match self.there {
            (false, _) => "new",
            (_, false) => "gone",
            _ if self.diff.is_empty() => "same",
            _ => "changed",
        }
    }
}

/// The form of the JSON document; it changes when a field changes its meaning or goes.
pub const SCHEMA: &str = "sysd-diff/1";

/// A Markdown table beyond this is cut: a comment of a pull request holds 65 536 characters.
const MOST_ROWS: usize = 60;

/// How the verdict, the statement or the number changed: `180 ms → 260 ms`.
fn arrow(before: &str, after: &str) -> String {
    match (before.is_empty(), after.is_empty()) {
        (true, _) => format!("now {after}"),
        (_, true) => format!("was {before}"),
        _ => format!("{before} → {after}"),
    }
}

/// `1 finding`, `2 findings`.
fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// The relative change of a number in percent, where it has one.
fn relative(before: Option<f64>, after: Option<f64>) -> String {
    match (before, after) {
        (Some(a), Some(b)) if a.is_finite() && b.is_finite() && a != 0.0 => {
            let percent = (b / a - 1.0) * 100.0;
            if percent.abs() < 0.05 { String::new() } else { format!("{percent:+.1}%") }
        }
        _ => String::new(),
    }
}

fn name_of(change: &ThingChange) -> String {
    let key = &change.key;
    match key.class {
        Class::System => "system".to_string(),
        Class::Step if !key.owner.is_empty() => format!("{}: {}", key.owner, key.name),
        Class::Statement if key.name.is_empty() => change.kind.clone(),
        _ => format!("{} {}", change.kind, key.name),
    }
}

fn mark(change: &Change) -> char {
    match change {
        Change::Added => '+',
        Change::Removed => '-',
        Change::Changed(_) => '~',
    }
}

fn facts(change: &Change) -> String {
    match change {
        Change::Changed(facts) => {
            let each = facts.iter().map(|(path, before, after)| format!("{path} {}", arrow(before, after)));
            each.collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    }
}

fn verdict(change: &RequirementChange) -> String {
    let word = |status: Option<crate::analysis::Status>| status.map(|s| s.word().replace('_', " "));
    let verdicts = match (word(change.before), word(change.after)) {
        (Some(a), Some(b)) if a == b => b,
        (Some(a), Some(b)) => format!("{a} → {b}"),
        (None, Some(b)) => format!("new, {b}"),
        (Some(a), None) => format!("gone, was {a}"),
        (None, None) => String::new(),
    };
    let expected = match (change.before, change.after) {
        (Some(_), Some(_)) if change.was.0 != change.is.0 => format!("{} → {}", change.was.0, change.is.0),
        (_, Some(_)) => change.is.0.clone(),
        _ => change.was.0.clone(),
    };
    let required = if expected.is_empty() { String::new() } else { format!("required {expected}") };
    let actual = if change.is.1.is_empty() { String::new() } else { format!("is {}", change.is.1) };
    let facts: Vec<String> = [required, actual].into_iter().filter(|fact| !fact.is_empty()).collect();
    if facts.is_empty() { verdicts } else { spelled(&format!("{verdicts} ({})", facts.join(", "))) }
}

fn point(sign: &str, (name, flows): &(String, Vec<String>)) -> String {
    format!("{sign} single point of failure: {name} ({})", flows.join(", "))
}

fn found(noted: &Noted) -> String {
    let finding = &noted.finding;
    let (file, line, column) = &noted.place;
    format!("{}[{}] {file}:{line}:{column} {}", finding.severity.word(), finding.code.code, finding.message)
}

/// The changes for a terminal.
pub fn text(designs: &[Named]) -> String {
    let mut out = String::new();
    for design in designs.iter().filter(|d| d.state() != "same") {
        if designs.len() > 1 {
            let _ = writeln!(out, "{} ({})\n", design.name, design.state());
        }
        text_of(&mut out, &design.diff);
    }
    if out.is_empty() {
        out.push_str("no difference\n");
    }
    out
}

fn text_of(out: &mut String, diff: &Diff) {
    let mut section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = writeln!(out, "{title}");
            for line in lines {
                let _ = writeln!(out, "  {line}");
            }
            out.push('\n');
        }
    };
    let breaks = |b: &Breaking| format!("! {}: breaks {}", b.what, b.why);
    section("Breaking changes", diff.breaking.iter().map(breaks).collect());
    section("Requirements", diff.requirements.iter().map(|r| format!("{}: {}", r.id, verdict(r))).collect());
    let points = diff.new_points.iter().map(|p| point("new", p));
    section(
        "Single points of failure",
        points.chain(diff.gone_points.iter().map(|p| point("no more", p))).collect(),
    );
    let mut lines: Vec<String> = diff.moved.iter().map(|(old, new)| format!("> {old} → {new}")).collect();
    for change in &diff.things {
        let facts = facts(&change.change);
        let gap = if facts.is_empty() { "" } else { ": " };
        lines.push(format!("{} {}{gap}{facts}", mark(&change.change), name_of(change)));
    }
    section("Design", lines);
    let mut table = Table::new(&["", ">", "", "", ">"]);
    for number in diff.numbers.iter().filter(|n| n.headline) {
        let relative = relative(number.before, number.after);
        let row = [&number.name, &number.was, "→", &number.is, &relative].map(|s: &str| spelled(s));
        table.rows.push(row.to_vec());
    }
    let rows = table.text();
    section("Numbers", rows.lines().skip(1).map(str::to_string).collect());
    let new = diff.new_findings.iter().map(|f| format!("+ {}", found(f)));
    section("Findings", new.chain(diff.gone_findings.iter().map(|f| format!("- {}", found(f)))).collect());
}

/// The changes as a comment on a pull request.
pub fn markdown(designs: &[Named]) -> String {
    let mut out = String::from("# What changed in the design\n");
    let changed: Vec<&Named> = designs.iter().filter(|d| d.state() != "same").collect();
    if changed.is_empty() {
        out.push_str("\nNothing.\n");
    }
    for design in changed {
        let _ = writeln!(out, "\n## {} ({})\n", cell(&design.name), design.state());
        markdown_of(&mut out, &design.diff);
    }
    out
}

fn markdown_of(out: &mut String, diff: &Diff) {
    let worse = diff.requirements.iter().filter(|r| {
        use crate::analysis::Status::{Met, Violated};
        r.after == Some(Violated) && r.before != Some(Violated) || r.before == Some(Met) && r.after.is_none()
    });
    let _ = writeln!(
        out,
        "{} breaking, {} worse, {} came and {} went.",
        counted(diff.breaking.len(), "change"),
        counted(worse.count(), "requirement"),
        counted(diff.new_findings.len(), "finding"),
        diff.gone_findings.len()
    );
    if !diff.breaking.is_empty() {
        out.push_str("\n### Breaking changes\n\n");
        for breaking in &diff.breaking {
            let _ = writeln!(out, "- {}: breaks {}", prose(&breaking.what), breaking.why);
        }
    }
    for (title, sign, points) in [
        ("New single points of failure", "", &diff.new_points),
        ("Single points of failure that are gone", "", &diff.gone_points),
    ] {
        if !points.is_empty() {
            let _ = writeln!(out, "\n### {title}\n");
            for (name, flows) in points {
                let _ = writeln!(out, "- {sign}`{name}`: {}", prose(&flows.join(", ")));
            }
        }
    }
    let mut table = Table::new(&["requirement", "verdict"]);
    table.rows = diff.requirements.iter().map(|r| vec![r.id.clone(), verdict(r)]).collect();
    shown(out, "Requirements", &table, false);
    let mut table = Table::new(&["number", ">before", ">after", ">change"]);
    for number in diff.numbers.iter().filter(|n| n.headline) {
        let relative = relative(number.before, number.after);
        table.rows.push(vec![number.name.clone(), spelled(&number.was), spelled(&number.is), relative]);
    }
    shown(out, "Numbers", &table, table.rows.len() > 12);
    let mut table = Table::new(&["", "what", "change"]);
    table.rows = diff.moved.iter().map(|(old, new)| vec!["moved".into(), old.clone(), new.clone()]).collect();
    for change in &diff.things {
        let word = match change.change {
            Change::Added => "added",
            Change::Removed => "removed",
            Change::Changed(_) => "changed",
        };
        table.rows.push(vec![word.to_string(), name_of(change), facts(&change.change)]);
    }
    shown(out, "Design", &table, table.rows.len() > 12);
    let mut table = Table::new(&["", "finding", "where"]);
    let row = |sign: &str, n: &Noted| {
        let finding = &n.finding;
        let what = format!("{} {}: {}", finding.severity.word(), finding.code.code, finding.message);
        vec![sign.to_string(), what, format!("{}:{}", n.place.0, n.place.1)]
    };
    table.rows = diff.new_findings.iter().map(|n| row("came", n)).collect();
    table.rows.extend(diff.gone_findings.iter().map(|n| row("went", n)));
    shown(out, "Findings", &table, table.rows.len() > 12);
}

/// Text that begins no markup of HTML.
fn prose(text: &str) -> String {
    text.replace('<', "&lt;")
}

/// A section with a table; folded where it is long, cut where it is too long for a comment.
fn shown(out: &mut String, title: &str, table: &Table, folded: bool) {
    let count = table.rows.len();
    if count == 0 {
        return;
    }
    let mut table = table.clone();
    table.rows.truncate(MOST_ROWS);
    if folded {
        let _ = write!(out, "\n<details><summary>{title} ({count})</summary>\n\n{}", table.markdown());
    } else {
        let _ = write!(out, "\n### {title}\n\n{}", table.markdown());
    }
    if count > MOST_ROWS {
        let _ = writeln!(out, "\n… and {} more", count - MOST_ROWS);
    }
    if folded {
        out.push_str("\n</details>\n");
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    breaking: bool,
    designs: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    state: &'static str,
    breaking: Vec<serde_json::Value>,
    moved: Vec<serde_json::Value>,
    things: Vec<serde_json::Value>,
    numbers: Vec<serde_json::Value>,
    requirements: Vec<serde_json::Value>,
    single_points_of_failure: Points<'a>,
    findings: Findings,
}

#[derive(Serialize)]
struct Points<'a> {
    came: Vec<&'a str>,
    went: Vec<&'a str>,
}

#[derive(Serialize)]
struct Findings {
    came: Vec<serde_json::Value>,
    went: Vec<serde_json::Value>,
}

/// The changes as one JSON document.
pub fn json(designs: &[Named]) -> String {
    let document = Document {
        schema: SCHEMA,
        breaking: designs.iter().any(|d| !d.diff.breaking.is_empty()),
        designs: designs.iter().map(row).collect(),
    };
    // Plain structures: they always serialise.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

fn row(design: &Named) -> Row<'_> {
    let diff = &design.diff;
    Row {
        name: &design.name,
        state: design.state(),
        breaking: diff.breaking.iter().map(|b| serde_json::json!({ "what": b.what, "breaks": b.why })).collect(),
        moved: diff.moved.iter().map(|(old, new)| serde_json::json!({ "from": old, "to": new })).collect(),
        things: diff.things.iter().map(thing).collect(),
        numbers: diff
            .numbers
            .iter()
            .map(|n| {
                serde_json::json!({ "name": n.name, "before": n.before, "after": n.after, "text": format!("{} → {}", n.was, n.is) })
            })
            .collect(),
        requirements: diff.requirements.iter().map(requirement).collect(),
        single_points_of_failure: Points {
            came: diff.new_points.iter().map(|(name, _)| name.as_str()).collect(),
            went: diff.gone_points.iter().map(|(name, _)| name.as_str()).collect(),
        },
        findings: Findings {
            came: diff.new_findings.iter().map(noted).collect(),
            went: diff.gone_findings.iter().map(noted).collect(),
        },
    }
}

fn thing(change: &ThingChange) -> serde_json::Value {
    let word = match change.change {
        Change::Added => "added",
        Change::Removed => "removed",
        Change::Changed(_) => "changed",
    };
    let facts: Vec<serde_json::Value> = match &change.change {
        Change::Changed(facts) => facts
            .iter()
            .map(|(path, before, after)| serde_json::json!({ "property": path, "before": before, "after": after }))
            .collect(),
        _ => Vec::new(),
    };
    serde_json::json!({
        "change": word, "kind": change.kind, "name": change.key.name,
        "flow": change.key.flow().map(|f| f.name), "properties": facts,
    })
}

fn requirement(change: &RequirementChange) -> serde_json::Value {
    let word = |status: Option<crate::analysis::Status>| status.map(crate::analysis::Status::word);
    serde_json::json!({
        "id": change.id, "text": change.text, "before": word(change.before), "after": word(change.after),
        "expected_before": change.was.0, "actual_before": change.was.1,
        "expected_after": change.is.0, "actual_after": change.is.1,
    })
}

fn noted(noted: &Noted) -> serde_json::Value {
    let finding = &noted.finding;
    let (file, line, column) = &noted.place;
    serde_json::json!({
        "code": finding.code.code, "name": finding.code.name, "severity": finding.severity.word(),
        "message": finding.message, "subject": finding.subject, "flow": finding.flow,
        "file": file, "line": line, "column": column, "fingerprint": noted.fingerprint,
    })
}
