//! `sysd build`: check, then write the documents.

use super::args::{BuildArgs, Global};
use super::common::{Project, colored, complain, slashed, width};
use super::{Failure, Outcome};
use crate::compile::Design;
use crate::diagnostic::Severity;
use crate::document::{Entry, Files, Templates, build, context, page, portal};
use crate::project::{read, write_atomically};
use crate::report::terminal::{self, Style};
use std::path::{Path, PathBuf};

pub(super) fn run(args: &BuildArgs, global: &Global) -> Result<Outcome, Failure> {
    let project = Project::open(global)?;
    let fail_on =
        args.fail_on.or(project.config.fail_on).map_or(Some(Severity::Error), |level| level.severity());
    let options = project.options()?;
    let templates = Templates::new(|_| None)?;
    let mut files = Files::new();
    let mut entries = Vec::new();
    let mut failed = false;
    let mut designs = 0;
    for path in project.designs(&args.paths)? {
        let design = project.compile(&path, &options)?;
        show(&design, global);
        failed |= design.open_findings().any(|f| fail_on.is_some_and(|least| f.severity >= least));
        if design.has_language_errors() || is_library(&design) {
            continue;
        }
        designs += 1;
        let folder = folder(&path, &args.paths);
        entries.push(entry(&design, &folder));
        for (name, bytes) in build(&design, &folder, &templates)? {
            files.insert(format!("{folder}/{name}"), bytes);
        }
    }
    let front = portal(&entries, &templates)?;
    files.insert("index.html".to_string(), page(&front, "Designs", None, &templates)?.into_bytes());
    files.insert("README.md".to_string(), front.into_bytes());
    let drifted = if args.check { drift(&files, &args.output) } else { Vec::new() };
    if args.check {
        for path in &drifted {
            complain(&format!("{} is not what the designs say", path.display()));
        }
    } else {
        for (name, bytes) in &files {
            write_atomically(&args.output.join(name), bytes)?;
        }
    }
    if !global.quiet && !args.check {
        let plural = if designs == 1 { "" } else { "s" };
        complain(&format!(
            "wrote {} files for {designs} design{plural} to {}",
            files.len(),
            args.output.display()
        ));
    }
    Ok(if failed || !drifted.is_empty() { Outcome::AtFault } else { Outcome::Fine })
}

/// A file that others import and that draws nothing of its own: archetypes, roles, rules of the house.
fn is_library(design: &Design) -> bool {
    design.lowered.model.elements.is_empty()
}

/// Errors and warnings, a line each: the document has them in full.
fn show(design: &Design, global: &Global) {
    let sources = &design.lowered.sources;
    let style = Style { color: colored(global.color), width: width() };
    for finding in design.open_findings() {
        if finding.code.code.starts_with("E0") && finding.severity == Severity::Error {
            complain(terminal::full(finding, sources, style).trim_end());
        } else if finding.severity >= Severity::Warning && !global.quiet {
            complain(&terminal::concise(finding, sources));
        }
    }
}

/// The folder of a design's document: its path below the folder that was named, without the ending.
fn folder(path: &Path, roots: &[PathBuf]) -> String {
    let inside =
        roots.iter().find_map(|root| path.strip_prefix(root).ok()).filter(|p| !p.as_os_str().is_empty());
    let stem = path.with_extension("");
    let shown = match inside {
        Some(inside) => inside.with_extension(""),
        None => stem.file_name().map(PathBuf::from).unwrap_or_default(),
    };
    slashed(&shown)
}

fn entry(design: &Design, folder: &str) -> Entry {
    let count = |severity| design.open_findings().filter(|f| f.severity == severity).count();
    let document = context(design);
    Entry {
        title: document.title,
        path: folder.to_string(),
        verdict: document.verdict,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
    }
}

/// Files that are missing or differ.
fn drift(files: &Files, output: &Path) -> Vec<PathBuf> {
    let paths = files.iter().map(|(name, bytes)| (output.join(name), bytes));
    paths.filter(|(path, bytes)| read(path).ok().as_ref() != Some(*bytes)).map(|(path, _)| path).collect()
}
