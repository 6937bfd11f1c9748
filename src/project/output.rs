//! Writing files so that a failure leaves the old one as it was.
//!
//! It knows bytes and paths only.

use super::ProjectError;
use std::fs;
use std::io::Write;
use std::path::Path;

/// Writes a file beside its place and moves it there; folders on the way are made. A file that
/// already has these bytes is left alone, so that its time stamp tells of a change.
///
/// # Errors
/// [`ProjectError::Unwritable`]; the old file is then as it was.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), ProjectError> {
    let unwritable = |source| ProjectError::Unwritable { path: path.to_path_buf(), source };
    if super::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(unwritable)?;
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = folder.join(format!(".{name}.{}.tmp", std::process::id()));
    let written = fs::File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        if let Ok(old) = fs::metadata(path) {
            file.set_permissions(old.permissions())?;
        }
        file.sync_all()
    });
    let moved = written.and_then(|()| fs::rename(&beside, path));
    moved.map_err(|source| {
        let _ = fs::remove_file(&beside);
        unwritable(source)
    })
}

/// Adds to the end of a file that another program reads as it grows.
///
/// # Errors
/// [`ProjectError::Unwritable`].
pub fn append(path: &Path, bytes: &[u8]) -> Result<(), ProjectError> {
    let opened = fs::OpenOptions::new().append(true).create(true).open(path);
    opened
        .and_then(|mut file| file.write_all(bytes))
        .map_err(|source| ProjectError::Unwritable { path: path.to_path_buf(), source })
}
