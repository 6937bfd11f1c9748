//! Findings for people: the text with its marks, drawn by miette over the project's own line table.
//!
//! miette is named in this file only. Its own `NamedSource` scans the whole text for each label;
//! [`SourceFile`] answers from its line table instead.

use crate::diagnostic::{Finding, Label, Severity};
use crate::source::{SourceFile, SourceMap, Span};
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents,
};
use std::fmt::{self, Display, Write};

/// How findings are written for people.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether colours are used.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Style {
    /// Without colours.
    pub const PLAIN: Style = Style { color: false, width: 100 };
}

/// One finding as a picture in text.
pub fn full(finding: &Finding, sources: &SourceMap, style: Style) -> String {
    let theme = if style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(style.width.max(40))
        .with_links(false)
        .with_wrap_lines(true)
        .without_syntax_highlighting();
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = handler.render_report(&mut out, &Shown { finding, sources });
    for label in elsewhere(finding) {
        let _ = writeln!(out, "  see {}: {}", sources.location(label.span), label.text);
    }
    out
}

/// Places in other files than the finding's own: miette draws one text.
fn elsewhere(finding: &Finding) -> impl Iterator<Item = &Label> {
    finding.related.iter().filter(|label| label.span.file != finding.primary.span.file)
}

/// A severity with its colour, those of the drawings: red, yellow, blue.
pub fn severity(severity: Severity, text: &str, style: Style) -> String {
    let color = match severity {
        Severity::Error => 31,
        Severity::Warning => 33,
        Severity::Info => 34,
    };
    if style.color { format!("\u{1b}[{color}m{text}\u{1b}[0m") } else { text.to_string() }
}

/// One finding in one line: `path:line:column: error[REL001] message`.
pub fn concise(finding: &Finding, sources: &SourceMap, style: Style) -> String {
    let accepted = if finding.is_open() { "" } else { " (accepted)" };
    format!(
        "{}: {} {}{accepted}",
        sources.location(finding.primary.span),
        severity(finding.severity, &format!("{}[{}]", finding.severity.word(), finding.code.code), style),
        finding.message
    )
}

/// The last line of a check: how many findings of each severity in how many designs, and how many are known
/// from before.
pub fn totals<'a>(findings: impl Iterator<Item = &'a Finding>, designs: usize, known: usize) -> String {
    let (mut errors, mut warnings, mut infos, mut accepted) = (0, 0, 0, 0);
    for finding in findings {
        match (finding.is_open(), finding.severity) {
            (false, _) => accepted += 1,
            (true, Severity::Error) => errors += 1,
            (true, Severity::Warning) => warnings += 1,
            (true, Severity::Info) => infos += 1,
        }
    }
    let many = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    let mut text =
        format!("{}, {}, {}", many(errors, "error"), many(warnings, "warning"), many(infos, "info"));
    if accepted > 0 {
        let _ = write!(text, ", {accepted} accepted");
    }
    if known > 0 {
        let _ = write!(text, ", {known} known before");
    }
    format!("{text} in {}", many(designs, "design"))
}

struct Shown<'a> {
    finding: &'a Finding,
    sources: &'a SourceMap,
}

impl Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.finding.message)
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn Display + 'b>> {
        let finding = self.finding;
        let accepted = if finding.is_open() { "" } else { " (accepted)" };
        Some(Box::new(format!(
            "{}[{}] {}{accepted}",
            finding.severity.word(),
            finding.code.code,
            finding.code.name
        )))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.finding.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn Display + 'b>> {
        let finding = self.finding;
        let mut lines: Vec<&str> = finding.notes.iter().map(String::as_str).collect();
        lines.extend(finding.help.as_deref());
        if let Some(acceptance) = &finding.accepted {
            lines.push(&acceptance.reason);
        }
        (!lines.is_empty()).then(|| Box::new(lines.join("\n")) as Box<dyn Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.sources.file(self.finding.primary.span.file))
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let primary = &self.finding.primary;
        let text = (!primary.text.is_empty()).then(|| primary.text.clone());
        let first = LabeledSpan::new_primary_with_span(text, range(primary.span));
        let file = primary.span.file;
        let others = self.finding.related.iter().filter(move |l| l.span.file == file);
        let others = others.map(|l| LabeledSpan::new_with_span(Some(l.text.clone()), range(l.span)));
        Some(Box::new(std::iter::once(first).chain(others)))
    }
}

fn range(span: Span) -> SourceSpan {
    (span.start as usize, (span.end - span.start) as usize).into()
}

/// By the line table.
impl SourceCode for SourceFile {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let end = span.offset() + span.len();
        if end > self.text.len() {
            return Err(MietteError::OutOfBounds);
        }
        let first = self.position(span.offset() as u32).line.saturating_sub(before as u32).max(1);
        let last = (self.position(end as u32).line + after as u32).min(self.line_count());
        let start = self.line_start(first) as usize;
        let stop = self.line_start(last + 1) as usize;
        let data = self.text.as_bytes().get(start..stop).ok_or(MietteError::OutOfBounds)?;
        // Without lines around it, miette asks for the place of the label itself.
        let column = if before == 0 { self.position(span.offset() as u32).column as usize - 1 } else { 0 };
        Ok(Box::new(MietteSpanContents::new_named(
            self.path.clone(),
            data,
            (start, stop - start).into(),
            first as usize - 1,
            column,
            (last - first) as usize + 1,
        )))
    }
}
