//! Which files are designs: named ones, and `*.sysd` under named folders.

use super::ProjectError;
use ignore::WalkBuilder;
use ignore::overrides::OverrideBuilder;
use std::path::{Path, PathBuf};

/// The project's root: the nearest folder upwards with a `sysd.toml` or a repository, else `start` itself.
pub fn find_root(start: &Path) -> PathBuf {
    let found = start.ancestors().find(|dir| dir.join("sysd.toml").is_file() || dir.join(".git").exists());
    found.unwrap_or(start).to_path_buf()
}

/// Every design that the paths name, sorted and each once. Folders are searched for `*.sysd`, and what
/// `.gitignore` or `exclude` (in its syntax) names is passed over; a file named outright is taken as it is.
///
/// # Errors
/// [`ProjectError::Unreadable`] for a path that is not there, [`ProjectError::NothingMatched`] for none at all.
pub fn discover(paths: &[PathBuf], exclude: &[String]) -> Result<Vec<PathBuf>, ProjectError> {
    let mut found = Vec::new();
    for path in paths {
        let kind = std::fs::metadata(path)
            .map_err(|source| ProjectError::Unreadable { path: path.clone(), source })?;
        if kind.is_file() {
            found.push(path.clone());
        } else {
            found.extend(designs_under(path, exclude)?);
        }
    }
    found.sort();
    found.dedup();
    if found.is_empty() {
        let named: Vec<String> = paths.iter().map(|p| format!("`{}`", p.display())).collect();
        return Err(ProjectError::NothingMatched(named.join(", ")));
    }
    Ok(found)
}

fn designs_under(folder: &Path, exclude: &[String]) -> Result<Vec<PathBuf>, ProjectError> {
    let mut overrides = OverrideBuilder::new(folder);
    for pattern in exclude {
        // An override that begins with `!` excludes; one that cannot be read excludes nothing.
        let _ = overrides.add(&format!("!{pattern}"));
    }
    let mut walk = WalkBuilder::new(folder);
    walk.require_git(false).sort_by_file_path(Path::cmp);
    if let Ok(overrides) = overrides.build() {
        walk.overrides(overrides);
    }
    let mut found = Vec::new();
    for entry in walk.build() {
        let entry = entry.map_err(|error| ProjectError::Unreadable {
            path: folder.to_path_buf(),
            source: std::io::Error::other(error.to_string()),
        })?;
        let is_file = entry.file_type().is_some_and(|t| t.is_file());
        if is_file && entry.path().extension().is_some_and(|e| e == "sysd") {
            found.push(entry.path().to_path_buf());
        }
    }
    Ok(found)
}
