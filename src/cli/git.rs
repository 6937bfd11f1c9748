//! Versions of files in a repository: what `git` says, asked by running it.

use super::Failure;
use crate::source::Loader;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A commit of a repository.
pub(super) struct Commit {
    /// The repository's folder.
    pub(super) root: PathBuf,
    /// Its hash.
    pub(super) hash: String,
    /// As it was asked for.
    pub(super) written: String,
}

impl Commit {
    /// The commit of a branch, tag or hash of the repository around the current folder.
    pub(super) fn find(reference: &str, written: &str) -> Result<Commit, Failure> {
        let here = std::env::current_dir()
            .map_err(|e| Failure::Argument(format!("the current folder is not there: {e}")))?;
        let root = git(&here, &["rev-parse", "--show-toplevel"])
            .map_err(|why| Failure::Argument(format!("`{written}` needs a repository: {why}")))?;
        let root = PathBuf::from(String::from_utf8_lossy(&root).trim_end());
        let wanted = format!("{reference}^{{commit}}");
        let hash =
            git(&root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted]).map_err(|_| {
                Failure::Argument(format!("`{reference}` is no commit, branch or tag of this repository"))
            })?;
        let hash = String::from_utf8_lossy(&hash).trim().to_string();
        Ok(Commit { root, hash, written: written.to_string() })
    }

    /// The commit from which the current one and a reference have grown apart; the reference itself where they
    /// have nothing in common.
    pub(super) fn base(reference: &str) -> Result<Commit, Failure> {
        let commit = Commit::find(reference, reference)?;
        let base = git(&commit.root, &["merge-base", &commit.hash, "HEAD"]);
        let hash = base.map(|b| String::from_utf8_lossy(&b).trim().to_string());
        Ok(Commit { hash: hash.unwrap_or_else(|_| commit.hash.clone()), ..commit })
    }

    /// The files that differ from the disk, from the repository's root: changed, new, gone, and the names on both
    /// sides of a move.
    pub(super) fn changed(&self) -> Result<BTreeSet<String>, Failure> {
        let failed =
            |why: String| Failure::Argument(format!("cannot compare with `{}`: {why}", self.written));
        let differ = ["diff", "--name-only", "--no-renames", "-z", &self.hash, "--"];
        let new = ["ls-files", "--others", "--exclude-standard", "-z"];
        let mut names = git(&self.root, &differ).map_err(failed)?;
        names.extend(git(&self.root, &new).map_err(failed)?);
        let names = String::from_utf8_lossy(&names).into_owned();
        Ok(names.split('\0').filter(|n| !n.is_empty()).map(str::to_string).collect())
    }
}

impl Loader for Commit {
    fn load(&self, path: &str) -> Result<Vec<u8>, String> {
        git(&self.root, &["cat-file", "blob", &format!("{}:{path}", self.hash)])
    }
}

/// What a command of git writes to standard output, or why it failed.
pub(super) fn git(folder: &Path, args: &[&str]) -> Result<Vec<u8>, String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(args)
        .output()
        .map_err(|error| format!("git cannot be started: {error}"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(said.lines().next().unwrap_or("git failed").trim_start_matches("fatal: ").to_string())
}
