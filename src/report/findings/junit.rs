//! JUnit XML: a suite for each file, a case for each finding.
//!
//! What fails the check, and every error, is a failure; milder findings pass with their text; accepted ones are
//! skipped with the reason. A case has only the attributes of Jenkins' own schema: name, time, classname, group
//! (`junit-10.xsd` of its xunit plugin). Names hold no figures, so that a case is the same in the next build.

use super::{Checked, Item};
use crate::diagnostic::Severity;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

pub(super) fn junit(checked: &Checked) -> String {
    let mut suites: BTreeMap<&str, Vec<&Item>> = checked.paths.iter().map(|p| (*p, Vec::new())).collect();
    for item in &checked.items {
        suites.entry(item.path()).or_default().push(item);
    }
    let mut body = String::new();
    let (mut tests, mut failures) = (0, 0);
    for (path, items) in suites {
        let suite = Suite::of(path, &items);
        tests += suite.tests;
        failures += suite.failures;
        body.push_str(&suite.text);
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"sysd\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">\n{body}</testsuites>\n"
    )
}

struct Suite {
    tests: usize,
    failures: usize,
    text: String,
}

impl Suite {
    fn of(path: &str, items: &[&Item]) -> Suite {
        let class = escaped(&path.trim_end_matches(".sysd").replace('/', "."));
        let mut cases = String::new();
        let (mut failures, mut skipped) = (0, 0);
        let mut names = BTreeSet::new();
        for item in items {
            let outcome = Outcome::of(item);
            failures += usize::from(outcome == Outcome::Failure);
            skipped += usize::from(outcome == Outcome::Skipped);
            let name = escaped(&unique(item, &mut names));
            let _ = writeln!(cases, "    <testcase name=\"{name}\" classname=\"{class}\">");
            let _ = writeln!(cases, "      {}", outcome.element(item));
            cases.push_str("    </testcase>\n");
        }
        if items.is_empty() {
            let _ = writeln!(cases, "    <testcase name=\"no findings\" classname=\"{class}\"/>");
        }
        let tests = items.len().max(1);
        let name = escaped(path);
        let text = format!(
            "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" \
             skipped=\"{skipped}\">\n{cases}  </testsuite>\n"
        );
        Suite { tests, failures, text }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Failure,
    Passed,
    Skipped,
}

impl Outcome {
    fn of(item: &Item) -> Outcome {
        let finding = item.finding;
        if !finding.is_open() {
            Outcome::Skipped
        } else if finding.severity == Severity::Error || item.fails {
            Outcome::Failure
        } else {
            Outcome::Passed
        }
    }

    fn element(self, item: &Item) -> String {
        let finding = item.finding;
        let mut lines = vec![format!(
            "{}: {}[{}] {}",
            item.sources().location(finding.primary.span),
            finding.severity.word(),
            finding.code.code,
            finding.message
        )];
        lines.extend(item.explanation().into_iter().map(str::to_string));
        let text = escaped(&lines.join("\n"));
        match self {
            Outcome::Failure => {
                let (kind, message) = (finding.code.code, escaped(&finding.message));
                format!("<failure type=\"{kind}\" message=\"{message}\">{text}</failure>")
            }
            Outcome::Passed => format!("<system-out>{text}</system-out>"),
            Outcome::Skipped => {
                let reason = finding.accepted.as_ref().map_or("", |a| a.reason.as_str());
                let reason = escaped(&format!("accepted: {reason}"));
                format!("<skipped type=\"{}\" message=\"{reason}\"/>", finding.code.code)
            }
        }
    }
}

/// `REL001 single-point-of-failure: orders`; numbered where a file has several of one name.
fn unique(item: &Item, names: &mut BTreeSet<String>) -> String {
    let finding = item.finding;
    let mut name = format!("{} {}", finding.code.code, finding.code.name);
    let about: Vec<&str> = finding.subject.iter().chain(&finding.flow).map(String::as_str).collect();
    if !about.is_empty() {
        let _ = write!(name, ": {}", about.join(" in "));
    }
    let mut n = 1;
    let mut numbered = name.clone();
    while !names.insert(numbered.clone()) {
        n += 1;
        numbered = format!("{name} ({n})");
    }
    numbered
}

/// Text for XML, in an attribute or between tags; a character that XML 1.0 forbids becomes U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\t' => out.push_str("&#9;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
