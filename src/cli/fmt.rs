//! `sysd fmt`: formats designs in place, or says which are not formatted.

use super::args::{FmtArgs, Global};
use super::common::{Project, colored, complain, say, width};
use super::{Failure, Outcome};
use crate::format::format;
use crate::project::write_atomically;
use crate::quantity::UnitTable;
use crate::report::terminal::{self, Style};
use crate::source::{FileId, SourceFile, SourceMap};
use crate::syntax::{parse, parse_bytes, same_meaning};
use similar::TextDiff;

pub(super) fn run(args: &FmtArgs, global: &Global) -> Result<Outcome, Failure> {
    let project = Project::open(global)?;
    let mut at_fault = false;
    let mut changed = 0;
    for path in project.designs(&args.paths)? {
        let (name, _, bytes) = project.source(&path)?;
        let Some((old, new)) = formatted(&name, &bytes, Some(global))? else {
            at_fault = true;
            continue;
        };
        let stdin = path.as_os_str() == "-";
        if args.check || args.diff {
            if old != new {
                at_fault = true;
                show(&name, &old, &new, args);
            }
        } else if stdin {
            say(&new);
        } else if old != new {
            write_atomically(&path, with_line_ends(&new, &bytes).as_bytes())?;
            changed += 1;
        }
    }
    if !global.quiet && !args.check && !args.diff && changed > 0 {
        complain(&format!("formatted {changed} {}", if changed == 1 { "file" } else { "files" }));
    }
    Ok(if at_fault { Outcome::AtFault } else { Outcome::Fine })
}

/// Says on standard error which designs are not formatted.
pub(super) fn check(args: &FmtArgs, global: &Global) -> Result<Outcome, Failure> {
    let project = Project::open(global)?;
    let mut outcome = Outcome::Fine;
    for path in project.designs(&args.paths)? {
        let (name, _, bytes) = project.source(&path)?;
        // A design with syntax errors has no form to speak of; `sysd check` says what is wrong with it.
        match formatted(&name, &bytes, None)? {
            Some((old, new)) if old == new => {}
            Some(_) => {
                complain(&format!("{name} is not formatted; `sysd fmt` does it"));
                outcome = Outcome::AtFault;
            }
            None => outcome = Outcome::AtFault,
        }
    }
    Ok(outcome)
}

/// The text before and after; `None` where it has syntax errors, which are shown if asked for: such a file is left as it is.
fn formatted(name: &str, bytes: &[u8], show: Option<&Global>) -> Result<Option<(String, String)>, Failure> {
    let units = UnitTable::new();
    let is_unit = |word: &str| units.is_unit(word);
    let (text, tree) = parse_bytes(FileId(0), bytes, &is_unit);
    let Some(new) = format(&tree, text) else {
        if let Some(global) = show {
            let mut sources = SourceMap::default();
            sources.add(SourceFile::new(name, text));
            let style = Style { color: colored(global.color), width: width() };
            for finding in &tree.findings {
                complain(terminal::full(finding, &sources, style).trim_end());
            }
        }
        return Ok(None);
    };
    // The formatter reads its own output: a design that would mean something else is never written.
    if !same_meaning(&tree, &parse(FileId(0), &new, &is_unit)) {
        return Err(Failure::Bug(format!(
            "formatting `{name}` would change what it means; it was left as it is"
        )));
    }
    Ok(Some((text.replace("\r\n", "\n"), new)))
}

/// Line ends as the file had them.
fn with_line_ends(text: &str, old: &[u8]) -> String {
    let windows = old.windows(2).any(|pair| pair == b"\r\n");
    if windows { text.replace('\n', "\r\n") } else { text.to_string() }
}

fn show(name: &str, old: &str, new: &str, args: &FmtArgs) {
    if args.diff {
        let diff = TextDiff::from_lines(old, new);
        say(&diff.unified_diff().header(name, &format!("{name} (formatted)")).to_string());
    } else {
        say(&format!("{name} is not formatted\n"));
    }
}
