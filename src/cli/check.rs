//! `sysd check`: parse, analyse and lint.

use super::args::{CheckArgs, CheckFormat, Global};
use super::common::{Project, colored, complain, say, width};
use super::{Failure, Outcome};
use crate::compile::Design;
use crate::diagnostic::{Finding, Severity};
use crate::report::terminal::{self, Style};
use std::collections::BTreeMap;
use std::fmt::Write;

pub(super) fn run(args: &CheckArgs, global: &Global) -> Result<Outcome, Failure> {
    let mut project = Project::open(global)?;
    if !args.select.is_empty() {
        project.config.select.clone_from(&args.select);
    }
    project.config.ignore.extend(args.ignore.iter().cloned());
    let fail_on =
        args.fail_on.or(project.config.fail_on).map_or(Some(Severity::Error), |level| level.severity());
    let options = project.options()?;
    let mut designs = Vec::new();
    for path in project.designs(&args.paths)? {
        designs.push(project.compile(&path, &options)?);
    }
    write(&designs, args, global);
    let findings = || designs.iter().flat_map(|d| &d.findings);
    if args.statistics {
        say(&statistics(findings()));
    }
    if !global.quiet {
        complain(&terminal::totals(findings(), designs.len()));
    }
    let failed = findings().any(|f| f.is_open() && fail_on.is_some_and(|least| f.severity >= least));
    // The process ends here: to free a large design piece by piece would take a tenth of the whole run.
    std::mem::forget(designs);
    Ok(if failed { Outcome::AtFault } else { Outcome::Fine })
}

fn write(designs: &[Design], args: &CheckArgs, global: &Global) {
    let style = Style { color: colored(global.color), width: width() };
    let mut out = String::new();
    for design in designs {
        let sources = &design.lowered.sources;
        for finding in design.open_findings() {
            match args.output_format {
                CheckFormat::Full => {
                    out.push_str(&terminal::full(finding, sources, style));
                    out.push('\n');
                }
                CheckFormat::Concise => {
                    out.push_str(&terminal::concise(finding, sources));
                    out.push('\n');
                }
            }
        }
    }
    say(&out);
}

/// How many findings of each rule there are, most first.
fn statistics<'a>(findings: impl Iterator<Item = &'a Finding>) -> String {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry((finding.code.code, finding.code.name)).or_default() += 1;
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut out = String::new();
    for ((code, name), n) in rows {
        let _ = writeln!(out, "{n:>6} {code} {name}");
    }
    out
}
