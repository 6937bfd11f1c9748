//! Which files are designs: named ones, and `*.sysd` under named folders.

use super::config::{matches, patterns};
use super::{Configs, ProjectError};
use ignore::WalkBuilder;
use ignore::gitignore::Gitignore;
use std::path::{Path, PathBuf};

/// The project's root, beyond which nothing is read: the repository around `start`, else the nearest folder
/// upwards with a `sysd.toml`, else `start` itself.
pub fn find_root(start: &Path) -> PathBuf {
    let with = |name: &str| start.ancestors().find(|dir| dir.join(name).exists());
    with(".git").or_else(|| with("sysd.toml")).unwrap_or(start).to_path_buf()
}

/// A search for designs.
#[derive(Debug)]
pub struct Discovery<'a> {
    here: PathBuf,
    configs: &'a Configs,
    excluded: Gitignore,
    /// Whether a file that is named outright is passed over as well where a pattern says so.
    force: bool,
}

impl<'a> Discovery<'a> {
    /// A search from the folder `here`, an absolute path, that passes over these patterns from there, and over
    /// what `.gitignore` and the closest configuration of each design say.
    ///
    /// # Errors
    /// [`ProjectError::Config`] for a pattern that cannot be read.
    pub fn new(
        here: &Path,
        configs: &'a Configs,
        exclude: &[String],
        force: bool,
    ) -> Result<Discovery<'a>, ProjectError> {
        let excluded = patterns(here, exclude, "--exclude: ")?;
        Ok(Discovery { here: here.to_path_buf(), configs, excluded, force })
    }

    /// Every design that the paths name, sorted and each once. A file named outright is taken as it is unless
    /// exclusion is forced; a search that leaves nothing over for that reason alone is no failure.
    ///
    /// # Errors
    /// [`ProjectError::Unreadable`] for a path that is not there, [`ProjectError::NothingMatched`] for none at
    /// all, [`ProjectError::Config`].
    pub fn designs(&self, paths: &[PathBuf]) -> Result<Vec<PathBuf>, ProjectError> {
        let mut found = Vec::new();
        let mut passed_over = false;
        for path in paths {
            let kind = std::fs::metadata(path)
                .map_err(|source| ProjectError::Unreadable { path: path.clone(), source })?;
            if !kind.is_file() {
                self.search(path, &mut found)?;
            } else if self.force && self.is_excluded(path)? {
                passed_over = true;
            } else {
                found.push(path.clone());
            }
        }
        found.sort();
        found.dedup();
        if found.is_empty() && !passed_over {
            let named: Vec<String> = paths.iter().map(|p| format!("`{}`", p.display())).collect();
            return Err(ProjectError::NothingMatched(named.join(", ")));
        }
        Ok(found)
    }

    fn is_excluded(&self, path: &Path) -> Result<bool, ProjectError> {
        let full = self.here.join(path);
        let full = full.canonicalize().unwrap_or(full);
        let folder = full.parent().unwrap_or(&self.here);
        Ok(matches(&self.excluded, &self.here, &full) || self.configs.of(folder)?.excludes(&full))
    }

    fn search(&self, folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), ProjectError> {
        let mut walk = WalkBuilder::new(folder);
        let (here, excluded) = (self.here.clone(), self.excluded.clone());
        walk.require_git(false).sort_by_file_path(Path::cmp);
        // Folders that the command line passes over are not even entered.
        walk.filter_entry(move |entry| {
            let full = here.join(entry.path());
            !matches(&excluded, &here, &full.canonicalize().unwrap_or(full))
        });
        for entry in walk.build() {
            let entry = entry.map_err(|error| ProjectError::Unreadable {
                path: folder.to_path_buf(),
                source: std::io::Error::other(error.to_string()),
            })?;
            let is_file = entry.file_type().is_some_and(|t| t.is_file());
            let is_design = is_file && entry.path().extension().is_some_and(|e| e == "sysd");
            if is_design && !self.is_excluded(entry.path())? {
                found.push(entry.path().to_path_buf());
            }
        }
        Ok(())
    }
}
