//! One block: compile it, compare what occurs with what is written into it.
//!
//! A comment line of carets expects a finding on the nearest line above that is no such comment;
//! the carets stand under the text that the finding marks (a finding at the start of a line is
//! written with `<` in place of carets, right behind the slashes). A line `//? NAME = VALUE`
//! asserts a number, with a relative tolerance behind `±` (default 1e-9).

use std::fmt::Write;
use sysd::analysis::Facts;
use sysd::compile::{Design, Options, compile};
use sysd::diagnostic::{Finding, Severity};
use sysd::quantity::{Date, UnitTable, parse, split_literal};
use sysd::source::Loader;

/// A block and what is expected of it.
pub struct Case {
    /// Line of the opening fence, from 1.
    pub line: usize,
    /// The design with its expectations.
    pub text: String,
    /// Files that it may import.
    pub files: Vec<(String, String)>,
    /// Codes or prefixes of the rules that are looked at besides the errors of the language.
    pub select: Vec<String>,
    /// A mended example: none of the selected rules fires, and nothing of their family is an error.
    pub mended: bool,
}

struct Files<'a>(&'a [(String, String)]);

impl Loader for Files<'_> {
    fn load(&self, path: &str) -> Result<Vec<u8>, String> {
        let found = self.0.iter().find(|(name, _)| name == path);
        found.map(|(_, text)| text.clone().into_bytes()).ok_or_else(|| "there is no such file".to_string())
    }
}

/// A finding as it is written into a block.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone)]
struct Written {
    line: u32,
    column: u32,
    length: u32,
    text: String,
}

fn design(case: &Case) -> Design {
    // Dates of `allow` are held against a day of their own, so that no specification runs out.
    let options = Options { today: Date::parse("2026-06-30"), ..Options::default() };
    compile("design.sysd", case.text.as_bytes(), &Files(&case.files), &options)
}

/// Whether the block says what occurs.
pub fn run(case: &Case) -> Result<(), String> {
    let design = design(case);
    let mut actual: Vec<Written> = selected(case, &design).map(|f| written(f, &design)).collect();
    actual.sort();
    let mut expected = expected(&case.text);
    expected.sort();
    let mut problems = String::new();
    for missing in expected.iter().filter(|e| !actual.contains(e)) {
        let _ = writeln!(problems, "written, but does not occur:\n  {}", show(missing));
    }
    for extra in actual.iter().filter(|a| !expected.contains(a)) {
        let _ = writeln!(problems, "occurs, but is not written:\n  {}", show(extra));
    }
    for line in case.text.lines().filter_map(|l| l.trim().strip_prefix("//?")) {
        if let Err(problem) = asserted(line.trim(), &design) {
            let _ = writeln!(problems, "{problem}");
        }
    }
    if case.mended {
        for finding in selected(case, &design).filter(|f| f.is_open()) {
            let _ = writeln!(problems, "the mended example still has {}", show(&written(finding, &design)));
        }
        for finding in design.open_findings().filter(|f| f.severity == Severity::Error && of_family(case, f))
        {
            let _ =
                writeln!(problems, "the mended example has the error {}", show(&written(finding, &design)));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Whether a finding is of the language, or of the family that the page belongs to: an example is as short as its
/// subject allows, and need not answer every other question.
fn of_family(case: &Case, finding: &Finding) -> bool {
    let code = finding.code.code;
    code.starts_with("E0") || case.select.iter().any(|s| code.get(..3) == s.get(..3))
}

/// The lines of the block with the findings that occur.
pub fn updated(case: &Case) -> Vec<String> {
    let design = design(case);
    let mut actual: Vec<Written> = selected(case, &design).map(|f| written(f, &design)).collect();
    actual.sort();
    let mut lines = Vec::new();
    for (index, line) in case.text.lines().enumerate() {
        if caret(line).is_some() {
            continue;
        }
        lines.push(line.to_string());
        for finding in actual.iter().filter(|w| w.line as usize == index + 1) {
            let mark = if finding.column <= 2 {
                format!("//{}", "<".repeat(finding.length.max(1) as usize))
            } else {
                let gap = " ".repeat(finding.column as usize - 3);
                format!("//{gap}{}", "^".repeat(finding.length.max(1) as usize))
            };
            lines.push(format!("{mark} {}", finding.text));
        }
    }
    lines
}

fn show(written: &Written) -> String {
    format!("{}:{} ({} characters) {}", written.line, written.column, written.length, written.text)
}

/// Errors of the language, and the findings of the selected rules.
fn selected<'a>(case: &'a Case, design: &'a Design) -> impl Iterator<Item = &'a Finding> {
    design.findings.iter().filter(|f| {
        let code = f.code.code;
        code.starts_with('E') && !code.starts_with("EVO")
            || case.select.iter().any(|s| code.starts_with(s.as_str()))
    })
}

fn written(finding: &Finding, design: &Design) -> Written {
    let sources = &design.lowered.sources;
    let (start, end) = (sources.start(finding.primary.span), sources.end(finding.primary.span));
    let file = sources.file(finding.primary.span.file);
    let line_length = file.line(start.line).chars().count() as u32;
    let length =
        if start.line == end.line { end.column - start.column } else { line_length + 1 - start.column };
    let accepted = if finding.is_open() { "" } else { " (accepted)" };
    let place = if file.path == "design.sysd" { String::new() } else { format!("{}: ", file.path) };
    let text =
        format!("{}[{}]{accepted}: {place}{}", finding.severity.word(), finding.code.code, finding.message);
    let column = if start.column <= 2 { 1 } else { start.column };
    Written { line: start.line, column, length: length.max(1), text }
}

/// Column, length and text of a caret comment.
fn caret(line: &str) -> Option<(u32, u32, &str)> {
    let trimmed = line.trim_start();
    let rest = trimmed.strip_prefix("//")?;
    let before = (line.len() - rest.len()) as u32;
    let (mark, column) = if rest.starts_with('<') {
        ('<', 1)
    } else {
        let gap = rest.chars().take_while(|c| *c == ' ').count() as u32;
        ('^', before + gap + 1)
    };
    let marks = rest.trim_start_matches(' ');
    let length = marks.chars().take_while(|c| *c == mark).count();
    let text = marks.get(length..)?.trim();
    let known = ["error[", "warning[", "info["].iter().any(|w| text.starts_with(w));
    (length > 0 && known).then_some((column, length as u32, text))
}

fn expected(text: &str) -> Vec<Written> {
    let mut found = Vec::new();
    let mut above = 0;
    for (index, line) in text.lines().enumerate() {
        match caret(line) {
            Some((column, length, text)) => {
                found.push(Written { line: above, column, length, text: text.to_string() });
            }
            None => above = index as u32 + 1,
        }
    }
    found
}

/// `[SCENARIO:] NAME = VALUE [± TOLERANCE] [— source]`, or `NAME = none`.
fn asserted(line: &str, design: &Design) -> Result<(), String> {
    let statement = line.split(" — ").next().unwrap_or(line);
    let (name, value) = statement.split_once(" = ").ok_or_else(|| format!("`{line}` asserts nothing"))?;
    let (facts, name) = case_of(name.trim(), design)?;
    let (value, tolerance) = match value.split_once('±') {
        Some((value, tolerance)) => {
            (value.trim(), tolerance.trim().parse().map_err(|_| format!("`{tolerance}` is no tolerance"))?)
        }
        None => (value.trim(), 1e-9),
    };
    let id = facts.derivation.named(name);
    // An input that no number rests on is in no derivation; its value is that of its expression.
    let input = || design.lowered.model.inputs.iter().find(|i| i.head.name == name).map(|i| i.scalar.value());
    let actual = match id {
        Some(id) => facts.value(id),
        None => Some(input().ok_or_else(|| format!("there is no number named `{name}`"))?),
    };
    if value == "none" {
        return match actual {
            None => Ok(()),
            Some(actual) => Err(format!("`{name}` is {actual}, and should not be evaluated")),
        };
    }
    let (number, unit) = split_literal(value);
    let wanted = parse(&format!("{number} {unit}"), &UnitTable::new()).map_err(|e| e.to_string())?.value;
    let Some(actual) = actual else {
        let need = id.and_then(|id| facts.derivation.need(id)).unwrap_or("?");
        return Err(format!("`{name}` is not evaluated (needs {need}), and should be {value}"));
    };
    let scale = wanted.abs().max(f64::MIN_POSITIVE);
    if (actual - wanted).abs() <= tolerance * scale || actual == wanted {
        Ok(())
    } else {
        Err(format!("`{name}` is {actual}, and should be {wanted} within {tolerance} of it"))
    }
}

fn case_of<'a, 'n>(name: &'n str, design: &'a Design) -> Result<(&'a Facts, &'n str), String> {
    let Some((scenario, name)) = name.split_once(": ") else { return Ok((&design.analysis.base, name)) };
    let model = &design.lowered.model;
    let found =
        design.analysis.scenarios.iter().find(|(id, _)| model.scenarios[id.index()].head.name == scenario);
    found.map(|(_, facts)| (facts, name)).ok_or_else(|| format!("there is no scenario `{scenario}`"))
}
