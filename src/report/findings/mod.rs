//! The findings of one check in the formats of terminals, editors and code hosts.
//!
//! [`Checked`] orders the findings of all designs once; each format is a file of its own that only
//! writes. Nothing here reads a file or decides what is wrong.

mod baseline;
mod github;
mod gitlab;
mod grouped;
pub mod json;
mod junit;
mod markdown;
mod paths;
mod rdjson;
mod sarif;

pub use baseline::{Baseline, Known, known, stale};
pub use markdown::markdown;

use super::terminal::{self, Style};
use crate::compile::Design;
use crate::diagnostic::{Applicability, Finding, Severity, fingerprint, nth};
use crate::source::{FileId, Position, SourceMap, Span};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Each finding with its text.
    Full,
    /// A line for each finding.
    Concise,
    /// A line for each finding, below the name of its file.
    Grouped,
    /// One JSON document; `sysd schema check` describes it.
    Json,
    /// A JSON document for each finding, a line each.
    Jsonl,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for Jenkins and others.
    Junit,
    /// Workflow commands of GitHub Actions.
    Github,
    /// Code Quality of GitLab.
    Gitlab,
    /// Diagnostics for reviewdog.
    Rdjson,
    /// A table for a comment or a page.
    Markdown,
}

impl Format {
    /// Whether prose between the lines would break what reads it.
    pub fn is_for_machines(self) -> bool {
        !matches!(self, Format::Full | Format::Concise | Format::Grouped | Format::Markdown)
    }
}

/// One finding of a check.
#[derive(Clone, Debug)]
pub struct Item<'a> {
    /// The finding.
    pub finding: &'a Finding,
    /// The design in which it was found.
    pub design: &'a Design,
    /// What identifies it, however lines move; unique in one check.
    pub fingerprint: String,
    /// Whether it fails the check.
    pub fails: bool,
}

impl<'a> Item<'a> {
    /// The texts of its design.
    pub fn sources(&self) -> &'a SourceMap {
        &self.design.lowered.sources
    }

    /// The file it is about.
    pub fn path(&self) -> &'a str {
        self.path_of(self.finding.primary.span)
    }

    /// The file of a place.
    pub fn path_of(&self, span: Span) -> &'a str {
        &self.sources().file(span.file).path
    }

    /// Where it begins.
    pub fn start(&self) -> Position {
        self.sources().start(self.finding.primary.span)
    }

    /// Where it ends.
    pub fn end(&self) -> Position {
        self.sources().end(self.finding.primary.span)
    }

    /// Notes and help, a line each.
    pub fn explanation(&self) -> Vec<&'a str> {
        let finding = self.finding;
        finding.notes.iter().map(String::as_str).chain(finding.help.as_deref()).collect()
    }
}

/// What a check found in all designs.
#[derive(Clone, Debug)]
pub struct Checked<'a> {
    /// Every finding, by path, place and code; one of a file that several designs import stands once.
    pub items: Vec<Item<'a>>,
    /// The files that were checked.
    pub paths: Vec<&'a str>,
    /// How many findings are known from a baseline or an earlier version and left out.
    pub known: usize,
}

impl<'a> Checked<'a> {
    /// The findings of these designs, each with the severity from which on its findings fail the check; `None`:
    /// none does.
    pub fn new(designs: &'a [Design], fail_on: &[Option<Severity>]) -> Checked<'a> {
        let mut items: Vec<Item> = designs
            .iter()
            .enumerate()
            .flat_map(|(index, design)| {
                let least = fail_on.get(index).copied().flatten();
                design.findings.iter().map(move |finding| Item {
                    finding,
                    design,
                    fingerprint: fingerprint(finding),
                    fails: finding.is_open() && least.is_some_and(|least| finding.severity >= least),
                })
            })
            .collect();
        // Of a finding in a file that several designs import, the one that counts most is kept.
        let counts = |item: &Item| (item.finding.is_open(), item.fails);
        items.sort_by(|a, b| order(a).cmp(&order(b)).then(counts(b).cmp(&counts(a))));
        items.dedup_by(|a, b| order(a) == order(b) && a.fingerprint == b.fingerprint);
        number(&mut items);
        let paths = designs.iter().map(|d| d.lowered.sources.file(FileId(0)).path.as_str()).collect();
        Checked { items, paths, known: 0 }
    }

    /// Findings that the authors have not accepted.
    pub fn open(&self) -> impl Iterator<Item = &Item<'a>> {
        self.items.iter().filter(|i| i.finding.is_open())
    }

    /// Whether the check fails.
    pub fn failed(&self) -> bool {
        self.items.iter().any(|item| item.fails)
    }

    /// `3 errors, 5 warnings, 1 info, 2 accepted in 1 design`.
    pub fn totals(&self) -> String {
        terminal::totals(self.items.iter().map(|i| i.finding), self.paths.len(), self.known)
    }

    /// How many open findings have a mechanical answer, and which flag applies it; `mended`: the flag was given, and
    /// these are left.
    pub fn offer(&self, mended: bool) -> Option<String> {
        let with = |how| {
            let fixable = |item: &&Item| item.finding.fixes.iter().any(|fix| fix.applicability == how);
            self.open().filter(fixable).count()
        };
        let (safe, other) = (with(Applicability::Safe), with(Applicability::Unsafe));
        let can = |n: usize| if n == 1 { "1 finding".to_string() } else { format!("{n} findings") };
        match (safe, other) {
            _ if mended => None,
            (0, 0) => None,
            (0, n) => Some(format!("{} can be answered with --unsafe-fixes", can(n))),
            (n, 0) => Some(format!("{} can be fixed with --fix", can(n))),
            (n, m) => Some(format!("{} can be fixed with --fix, {m} more with --unsafe-fixes", can(n))),
        }
    }

    /// How many findings of each rule there are, most first.
    pub fn statistics(&self) -> String {
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for item in self.open() {
            *counts.entry((item.finding.code.code, item.finding.code.name)).or_default() += 1;
        }
        let mut rows: Vec<_> = counts.into_iter().collect();
        rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut out = String::new();
        for ((code, name), n) in rows {
            let _ = writeln!(out, "{n:>6} {code} {name}");
        }
        out
    }

    /// The findings in a format. `style` is for formats that people read; the others have no colour.
    pub fn write(&self, format: Format, style: Style) -> String {
        match format {
            Format::Full => self.open().fold(String::new(), |mut out, item| {
                out.push_str(&terminal::full(item.finding, item.sources(), style));
                out.push('\n');
                out
            }),
            Format::Concise => self.open().fold(String::new(), |mut out, item| {
                out.push_str(&terminal::concise(item.finding, item.sources(), style));
                out.push('\n');
                out
            }),
            Format::Grouped => grouped::grouped(self, style),
            Format::Json => json::json(self),
            Format::Jsonl => json::lines(self),
            Format::Sarif => sarif::sarif(self),
            Format::Junit => junit::junit(self),
            Format::Github => github::github(self),
            Format::Gitlab => gitlab::gitlab(self),
            Format::Rdjson => rdjson::rdjson(self),
            Format::Markdown => markdown(self, usize::MAX),
        }
    }
}

/// The order of output: path, place, code, sentence.
fn order<'i>(item: &'i Item) -> (&'i str, u32, u32, &'i str, &'i str) {
    let finding = item.finding;
    let span = finding.primary.span;
    (item.path(), span.start, span.end, finding.code.code, &finding.message)
}

/// Tells apart what would have the same fingerprint, in the order of output.
fn number(items: &mut [Item]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for item in items {
        let n = seen.entry(item.fingerprint.clone()).or_default();
        *n += 1;
        if *n > 1 {
            item.fingerprint = nth(&item.fingerprint, *n);
        }
    }
}

/// A path as a relative URI: bytes that a path segment may not have are escaped (RFC 3986).
fn uri(path: &str) -> String {
    path.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests;
