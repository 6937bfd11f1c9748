//! `sysd check`: parse, analyse and lint.

use super::args::{CheckArgs, Global};
use super::common::{Project, colored, complain, say, width};
use super::since::Since;
use super::{Failure, Outcome, baseline, fix, watch};
use crate::compile::Design;
use crate::project::{Choice, append, is_of_house, write_atomically};
use crate::report::findings::{Checked, Format, markdown};
use crate::report::terminal::Style;
use crate::rules;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// GitHub refuses a summary of more than 1 MiB for a step.
const SUMMARY_BYTES: usize = 1_000_000;

pub(super) fn run(args: &CheckArgs, global: &Global) -> Result<Outcome, Failure> {
    if args.watch { watch::run(args, global) } else { once(args, global) }
}

/// One check of all designs.
pub(super) fn once(args: &CheckArgs, global: &Global) -> Result<Outcome, Failure> {
    one_file_each(args)?;
    let mut project = Project::open(global)?;
    project.choice = Choice { select: args.select.clone(), ignore: args.ignore.clone() };
    let since = args.since.as_deref().map(Since::of).transpose()?;
    let mut paths = project.designs(&args.paths)?;
    if let Some(since) = &since {
        paths = since.concerned(&project, paths)?;
    }
    let fail_on = paths.iter().map(|path| project.fail_on(path, args.fail_on));
    let fail_on = fail_on.collect::<Result<Vec<_>, _>>()?;
    let (designs, differ) = if fix::is_asked_for(args) {
        fix::mended(&project, &paths, args, global)?
    } else {
        (project.each(&paths, |path| project.compile(path))?, false)
    };
    if since.is_none() {
        names_are_known(&designs, &paths, &project)?;
    }
    let mut checked = Checked::new(&designs, &fail_on);
    if args.write_baseline {
        if !designs.iter().any(Design::has_language_errors) {
            return baseline::write(&designs, args, &project, global);
        }
        complain("error: a design that cannot be read cannot be judged: no baseline was written");
    } else {
        if let Some(since) = &since {
            checked.leave_out(since.known(&paths, &project)?);
        }
        baseline::apply(&mut checked, &designs, args, &project)?;
    }
    write(&checked, args, global)?;
    if !global.quiet {
        complain(&checked.totals());
        if let Some(offer) = checked.offer(fix::is_asked_for(args)) {
            complain(&offer);
        }
    }
    let failed = checked.failed() || differ;
    // The process ends here: to free a large design piece by piece would take a tenth of the whole run.
    std::mem::forget(designs);
    Ok(if failed { Outcome::AtFault } else { Outcome::Fine })
}

/// A rule that a configuration or flag names and no design has is a slip of the pen. A part of the designs need not
/// have every rule of the house.
fn names_are_known(designs: &[Design], paths: &[PathBuf], project: &Project) -> Result<(), Failure> {
    let mut asked = BTreeSet::new();
    for path in paths {
        let options = project.options(path)?;
        asked.extend(options.levels.into_iter().map(|(name, _)| name).filter(|name| is_of_house(name)));
    }
    let known = |name: &str| designs.iter().any(|d| rules::house::find(&d.lowered.model, name).is_some());
    match asked.into_iter().find(|name| !known(name)) {
        Some(name) => Err(Failure::Argument(format!(
            "there is no rule `{name}`; `sysd rules` lists them, `sysd rules FILE` those of a design as well"
        ))),
        None => Ok(()),
    }
}

/// Two reports in one file would leave only the last.
fn one_file_each(args: &CheckArgs) -> Result<(), Failure> {
    let mut seen = BTreeSet::new();
    let files = args.output.iter().chain(args.report.iter().map(|r| &r.path));
    for path in files {
        if !seen.insert(path) {
            return Err(Failure::Argument(format!("two reports would be written to `{}`", path.display())));
        }
    }
    Ok(())
}

fn write(checked: &Checked, args: &CheckArgs, global: &Global) -> Result<(), Failure> {
    let plain = Style { color: false, width: width() };
    for report in &args.report {
        write_atomically(&report.path, checked.write(report.format, plain).as_bytes())?;
    }
    match &args.output {
        Some(path) => write_atomically(path, checked.write(args.output_format, plain).as_bytes())?,
        // Standard output is the mended text, or the difference.
        None if fix::takes_output(args) => {
            if !global.quiet && !args.output_format.is_for_machines() {
                complain(checked.write(args.output_format, plain).trim_end());
            }
        }
        None => {
            say(&checked.write(args.output_format, Style { color: colored(global.color), ..plain }));
        }
    }
    if args.statistics {
        let counts = checked.statistics();
        if fix::takes_output(args) || args.output_format.is_for_machines() && args.output.is_none() {
            complain(counts.trim_end());
        } else {
            say(&counts);
        }
    }
    let for_github =
        args.output_format == Format::Github || args.report.iter().any(|r| r.format == Format::Github);
    if for_github && let Some(path) = summary_file() {
        append(&path, markdown(checked, SUMMARY_BYTES).as_bytes())?;
    }
    Ok(())
}

/// Where the runner of GitHub Actions takes the summary of a step from.
fn summary_file() -> Option<PathBuf> {
    let path = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|v| !v.is_empty())?;
    Some(Path::new(&path).to_path_buf())
}
