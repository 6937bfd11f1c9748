//! A folder in which some files are sysd's: written anew, removed when nothing makes them any more, and never
//! confused with what somebody else put there.
//!
//! Which files are ours stands in a list in the folder itself, so that it travels with them.

use super::{ProjectError, read, write_atomically};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

/// The list, in the folder.
const LIST: &str = ".sysd-files";

const HEAD: &str = "# Written by sysd: the files of this folder that it may replace and remove.";

/// The files of a folder that are sysd's.
#[derive(Debug)]
pub struct Owned {
    folder: PathBuf,
    before: BTreeSet<String>,
}

impl Owned {
    /// The folder as an earlier run left it; without a list nothing in it is ours.
    ///
    /// # Errors
    /// [`ProjectError::Unreadable`].
    pub fn open(folder: &Path) -> Result<Owned, ProjectError> {
        let list = folder.join(LIST);
        let text =
            if list.exists() { String::from_utf8_lossy(&read(&list)?).into_owned() } else { String::new() };
        let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#') && is_inside(line));
        Ok(Owned { folder: folder.to_path_buf(), before: lines.map(ToString::to_string).collect() })
    }

    /// Files that are not as they would be written: missing, different, or no longer made.
    pub fn drift(&self, files: &BTreeMap<String, Vec<u8>>) -> Vec<(PathBuf, &'static str)> {
        let mut found = Vec::new();
        for (name, bytes) in files {
            let path = self.folder.join(name);
            match read(&path) {
                Ok(there) if there == *bytes => {}
                Ok(_) => found.push((path, "is not what the designs say")),
                Err(_) => found.push((path, "is missing")),
            }
        }
        for name in self.stale(files) {
            found.push((self.folder.join(name), "is made by no design any more"));
        }
        if !files.is_empty() && found.is_empty() && self.before != files.keys().cloned().collect() {
            found.push((self.folder.join(LIST), "does not list the files of this folder"));
        }
        found
    }

    fn stale<'a>(&'a self, files: &'a BTreeMap<String, Vec<u8>>) -> impl Iterator<Item = &'a String> {
        self.before.iter().filter(|name| !files.contains_key(*name) && self.folder.join(name).is_file())
    }

    /// Writes the files and removes those of an earlier run that are no longer made.
    ///
    /// # Errors
    /// [`ProjectError::NotOurs`] where a file that somebody else wrote stands in the way (nothing is written
    /// then), [`ProjectError::Unwritable`].
    pub fn write(&self, files: &BTreeMap<String, Vec<u8>>, overwrite: bool) -> Result<(), ProjectError> {
        for (name, bytes) in files.iter().filter(|(name, _)| !overwrite && !self.before.contains(*name)) {
            let path = self.folder.join(name);
            if path.exists() && read(&path).ok().as_ref() != Some(bytes) {
                return Err(ProjectError::NotOurs { path });
            }
        }
        // First the list, with old and new: a run that is cut short must not forget what it owns.
        let all: BTreeSet<&String> = self.before.iter().chain(files.keys()).collect();
        self.list(&all)?;
        for (name, bytes) in files {
            write_atomically(&self.folder.join(name), bytes)?;
        }
        for name in self.stale(files) {
            let path = self.folder.join(name);
            std::fs::remove_file(&path).map_err(|source| ProjectError::Unwritable { path, source })?;
            self.remove_empty(name);
        }
        self.list(&files.keys().collect())
    }

    /// Removes the folders above a removed file that are empty now.
    fn remove_empty(&self, name: &str) {
        let mut folder = Path::new(name).parent();
        while let Some(inside) = folder.filter(|p| !p.as_os_str().is_empty()) {
            // A folder with anything in it stays: the call fails, and that is the answer.
            if std::fs::remove_dir(self.folder.join(inside)).is_err() {
                return;
            }
            folder = inside.parent();
        }
    }

    fn list(&self, names: &BTreeSet<&String>) -> Result<(), ProjectError> {
        let lines: Vec<&str> = std::iter::once(HEAD).chain(names.iter().map(|n| n.as_str())).collect();
        write_atomically(&self.folder.join(LIST), (lines.join("\n") + "\n").as_bytes())
    }
}

/// Whether a line of the list names a file below the folder: a list from elsewhere must not lead out of it.
fn is_inside(name: &str) -> bool {
    !name.is_empty() && Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
}
