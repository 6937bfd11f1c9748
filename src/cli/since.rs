//! `sysd check --since REF`: only designs that have changed or import what has, and of them what is new.

use super::Failure;
use super::common::{Project, slashed};
use super::git::Commit;
use crate::compile::compile;
use crate::model::imports;
use crate::project::FolderLoader;
use crate::report::findings::{Known, known};
use crate::source::Loader;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A version to compare with.
pub(super) struct Since {
    commit: Commit,
    changed: BTreeSet<String>,
}

impl Since {
    pub(super) fn of(reference: &str) -> Result<Since, Failure> {
        let commit = Commit::base(reference)?;
        let changed = commit.changed()?;
        Ok(Since { commit, changed })
    }

    /// The designs that have changed, or that import what has. Imports are followed; nothing is compiled.
    pub(super) fn concerned(&self, project: &Project, paths: Vec<PathBuf>) -> Result<Vec<PathBuf>, Failure> {
        let concerns = project.each(&paths, |path| {
            let (name, root, bytes) = project.source(path)?;
            Ok(self.changed.contains(&name)
                || imports(&name, &bytes, &FolderLoader::new(&root))
                    .iter()
                    .any(|name| self.changed.contains(name)))
        })?;
        Ok(paths.into_iter().zip(concerns).filter_map(|(path, concerns)| concerns.then_some(path)).collect())
    }

    /// What the designs had to answer for at that commit: those that are looked at now, and those that are gone, of
    /// which one may have been renamed.
    pub(super) fn known(&self, paths: &[PathBuf], project: &Project) -> Result<Vec<Known>, Failure> {
        let mut names: BTreeSet<String> = paths.iter().filter_map(|p| self.inside(p, project)).collect();
        let gone = self.changed.iter().filter(|name| {
            Path::new(name).extension().is_some_and(|e| e == "sysd") && !self.commit.root.join(name).exists()
        });
        names.extend(gone.cloned());
        let mut found = Vec::new();
        for name in names {
            let Ok(bytes) = self.commit.load(&name) else { continue };
            let options = project.options(&self.commit.root.join(&name))?;
            found.extend(known(&compile(&name, &bytes, &self.commit, &options)));
        }
        // What several designs import is said once, as a check does.
        found.sort();
        found.dedup();
        Ok(found)
    }

    fn inside(&self, path: &Path, project: &Project) -> Option<String> {
        let full = project.full(path);
        let root = self.commit.root.canonicalize().ok()?;
        full.strip_prefix(root).ok().map(slashed)
    }
}
