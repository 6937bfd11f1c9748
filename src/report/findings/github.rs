//! Workflow commands of GitHub Actions, which become annotations of a pull request.
//!
//! GitHub shows ten errors, ten warnings and ten notices of a step and drops the rest without a word, so the
//! gravest come first, what is beyond the limits stands in the log, and a notice gives the total.
//! Commands: <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>; limits:
//! <https://docs.github.com/rest/checks/runs>. How the runner reads a line: `ActionCommand.cs` of actions/runner.

use super::{Checked, Item};
use crate::diagnostic::Severity;
use crate::report::terminal::{self, Style};
use std::fmt::Write;

/// How many annotations of a kind GitHub shows of a step.
const MOST: usize = 10;

pub(super) fn github(checked: &Checked) -> String {
    let mut out = String::new();
    let mut beyond: Vec<&Item> = Vec::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        // One notice is kept for the total.
        let most = MOST - usize::from(severity == Severity::Info);
        let mut of_severity: Vec<&Item> = checked.open().filter(|i| i.finding.severity == severity).collect();
        of_severity.sort_by_key(|item| std::cmp::Reverse(weight(item)));
        let rest = of_severity.split_off(of_severity.len().min(most));
        for item in of_severity {
            out.push_str(&command(item));
        }
        beyond.extend(rest);
    }
    if !beyond.is_empty() {
        out.push_str("::group::findings without an annotation\n");
        for item in &beyond {
            out.push_str(&harmless(&terminal::concise(item.finding, item.sources(), Style::PLAIN)));
            out.push('\n');
        }
        out.push_str("::endgroup::\n");
    }
    let mut total = checked.totals();
    if !beyond.is_empty() {
        let n = beyond.len();
        let (noun, verb) = if n == 1 { ("", "is") } else { ("s", "are") };
        total =
            format!("{total}; {n} finding{noun} beyond what GitHub annotates {verb} in the log of the step");
    }
    let _ = writeln!(out, "::notice title=sysd::{}", data(&total));
    out
}

/// Within a severity: what breaks the language first, since nothing else was looked at, then what most flows
/// and places need.
fn weight(item: &Item) -> (bool, usize) {
    (item.finding.code.code.starts_with("E0"), item.finding.related.len())
}

fn command(item: &Item) -> String {
    let finding = item.finding;
    let kind = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let (start, end) = (item.start(), item.end());
    let mut message = vec![finding.message.as_str()];
    message.extend(item.explanation());
    let mut place = format!("file={},line={},endLine={}", property(item.path()), start.line, end.line);
    // GitHub takes columns only of a place within one line.
    if start.line == end.line {
        let _ = write!(place, ",col={},endColumn={}", start.column, end.column);
    }
    let title = property(&format!("{} {}", finding.code.code, finding.code.name));
    format!("::{kind} {place},title={title}::{}\n", data(&message.join("\n")))
}

/// The text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A line of the log that the runner does not take for a command: those begin with `::`, blanks before it
/// allowed, or have `##[` anywhere.
fn harmless(line: &str) -> String {
    let line = line.replace(['\r', '\n'], " ").replace("##[", "## [");
    if line.trim_start().starts_with("::") { format!("./{}", line.trim_start()) } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_those_of_the_runner() {
        assert_eq!(data("50%\r\nof: a, b"), "50%25%0D%0Aof: a, b");
        assert_eq!(property("a:b,c%d\n"), "a%3Ab%2Cc%25d%0A");
    }

    #[test]
    fn a_line_of_the_log_is_no_command() {
        assert_eq!(harmless("a.sysd:1:1: error[E001] x"), "a.sysd:1:1: error[E001] x");
        for hostile in ["::set-env name=PATH::/x", "  ::add-mask::x", "\u{a0}::stop-commands::t"] {
            assert!(harmless(hostile).starts_with("./::"), "{hostile}");
        }
        assert!(!harmless("a ##[add-path]/x\n::error::y").contains("##["));
        assert!(!harmless("a\n::error::y").contains('\n'));
    }
}
