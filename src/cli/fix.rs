//! `sysd check --fix`: the mechanical answers to findings, written or shown.

use super::Failure;
use super::args::{CheckArgs, Global};
use super::common::{Project, complain, say};
use crate::compile::{Design, mend};
use crate::project::{FolderLoader, write_atomically};
use similar::TextDiff;
use std::path::PathBuf;

/// Whether the designs are to be mended before they are judged.
pub(super) fn is_asked_for(args: &CheckArgs) -> bool {
    args.fix || args.unsafe_fixes || args.diff
}

/// Whether standard output is the mended text or the difference, and findings go to standard error.
pub(super) fn takes_output(args: &CheckArgs) -> bool {
    args.diff || is_asked_for(args) && args.paths.iter().any(|p| p.as_os_str() == "-")
}

/// The designs as they are with the answers, and whether a difference was shown. One after the other: a design may
/// import the next one.
pub(super) fn mended(
    project: &Project,
    paths: &[PathBuf],
    args: &CheckArgs,
    global: &Global,
) -> Result<(Vec<Design>, bool), Failure> {
    let mut designs = Vec::new();
    let (mut answered, mut files) = (0, 0);
    for path in paths {
        let options = project.options(path)?;
        let (name, root, bytes) = project.source(path)?;
        project.tell(&name, path)?;
        let mended = mend(&name, &bytes, &FolderLoader::new(&root), &options, args.unsafe_fixes);
        let (old, new) = (mended.before.as_str(), mended.text());
        let changed = old != new;
        if args.diff {
            let diff = TextDiff::from_lines(old, new);
            say(&diff.unified_diff().header(&name, &format!("{name} (fixed)")).to_string());
        } else if path.as_os_str() == "-" {
            // What is no text is handed on as it came.
            if changed { say(new) } else { say(&String::from_utf8_lossy(&bytes)) }
        } else if changed {
            write_atomically(path, &with_mark(new, &bytes))?;
        }
        answered += mended.answered;
        files += usize::from(changed);
        designs.push(mended.design);
    }
    if !global.quiet && answered > 0 {
        let plural = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
        let verb = if args.diff { "would fix" } else { "fixed" };
        complain(&format!("{verb} {} in {}", plural(answered, "finding"), plural(files, "file")));
    }
    Ok((designs, args.diff && files > 0))
}

/// The text with the byte-order mark that the file had.
fn with_mark(text: &str, old: &[u8]) -> Vec<u8> {
    const MARK: &[u8] = "\u{feff}".as_bytes();
    if old.starts_with(MARK) { [MARK, text.as_bytes()].concat() } else { text.as_bytes().to_vec() }
}
