//! Reading files, and imports that stay inside the project.

use super::ProjectError;
use crate::source::{Loader, MAX_BYTES};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Opens the files of one project for imports. What lies outside its root, also behind a symbolic
/// link, is not opened: a design from a stranger cannot read the machine it is checked on.
#[derive(Clone, Debug)]
pub struct FolderLoader {
    root: PathBuf,
}

impl FolderLoader {
    /// A loader for the project with this root.
    pub fn new(root: &Path) -> Self {
        FolderLoader { root: root.to_path_buf() }
    }
}

impl Loader for FolderLoader {
    fn load(&self, path: &str) -> Result<Vec<u8>, String> {
        let full = self.root.join(path);
        let real = full.canonicalize().map_err(|_| "there is no such file".to_string())?;
        let root = self.root.canonicalize().map_err(|e| e.to_string())?;
        if !real.starts_with(&root) {
            return Err("it lies outside the project".to_string());
        }
        read(&real).map_err(|error| match error {
            ProjectError::Unreadable { source, .. } => source.to_string(),
            other => other.to_string(),
        })
    }
}

/// The bytes of a file, at most one more than a design may have: enough to see that it is too long.
///
/// # Errors
/// [`ProjectError::Unreadable`].
pub fn read(path: &Path) -> Result<Vec<u8>, ProjectError> {
    let unreadable = |source| ProjectError::Unreadable { path: path.to_path_buf(), source };
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}
