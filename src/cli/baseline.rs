//! The baseline of `sysd check`: findings that a team knows and does not want to hear of again.

use super::args::{CheckArgs, Global};
use super::common::{Project, complain, slashed};
use super::{Failure, Outcome};
use crate::compile::Design;
use crate::project::{read, write_atomically};
use crate::report::findings::{Baseline, Checked, stale};
use std::path::{Path, PathBuf};

/// Leaves out what the baseline knows, and says which of its entries are stale.
pub(super) fn apply(
    checked: &mut Checked,
    designs: &[Design],
    args: &CheckArgs,
    project: &Project,
) -> Result<(), Failure> {
    let Some(path) = file(args, project)? else { return Ok(()) };
    let left = checked.leave_out(load(&path)?.findings);
    // A choice of rules or designs leaves entries over that are not stale.
    let partial = !args.select.is_empty() || !args.ignore.is_empty() || args.since.is_some();
    if partial {
        return Ok(());
    }
    let stale = stale(left, designs, |name| !project.root.join(name).exists());
    for entry in &stale {
        complain(&format!(
            "{}: {} {}: nothing like it is found any more",
            entry.path, entry.code, entry.message
        ));
    }
    if !stale.is_empty() {
        let n = stale.len();
        let (noun, verb) = if n == 1 { ("entry", "is") } else { ("entries", "are") };
        let path = path.display();
        complain(&format!(
            "{n} {noun} of `{path}` {verb} stale; `sysd check --write-baseline` takes them out"
        ));
    }
    Ok(())
}

/// Writes what is open now; entries of designs that this run does not look at stay.
pub(super) fn write(
    designs: &[Design],
    args: &CheckArgs,
    project: &Project,
    global: &Global,
) -> Result<Outcome, Failure> {
    let Some(path) = file(args, project)? else {
        return Err(Failure::Argument(
            "where is the baseline? name it with `--baseline FILE`, or as `baseline` in sysd.toml"
                .to_string(),
        ));
    };
    let mut before = if path.exists() { load(&path)? } else { Baseline::default() };
    before.findings.retain(|entry| project.root.join(&entry.path).exists());
    let baseline = Baseline::of(designs, before);
    write_atomically(&path, baseline.text().as_bytes())?;
    if !global.quiet {
        let n = baseline.findings.len();
        let plural = if n == 1 { "" } else { "s" };
        complain(&format!("wrote {n} known finding{plural} to {}", slashed(&path)));
    }
    Ok(Outcome::Fine)
}

/// The file: of the flag, else of the configuration around the current folder.
fn file(args: &CheckArgs, project: &Project) -> Result<Option<PathBuf>, Failure> {
    if let Some(path) = &args.baseline {
        return Ok(Some(path.clone()));
    }
    let resolved = project.config(Path::new("."))?;
    let path = resolved.config.baseline.as_ref().map(|path| resolved.folder.join(path));
    Ok(path.map(|path| path.strip_prefix(&project.here).map(Path::to_path_buf).unwrap_or(path)))
}

fn load(path: &Path) -> Result<Baseline, Failure> {
    let text = read(path)?;
    Baseline::parse(&String::from_utf8_lossy(&text))
        .map_err(|why| Failure::Argument(format!("`{}` is no baseline: {why}", path.display())))
}
