//! `sysd check --watch`: the check again whenever something that it reads has changed.
//!
//! By time stamps, asked several times a second: that works on every file system, network shares and containers
//! included, and for some thousand designs costs less than a hundredth of a processor.

use super::args::{CheckArgs, Global};
use super::common::{Project, complain};
use super::{Failure, Outcome, check};
use crate::model::imports;
use crate::project::FolderLoader;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(250);

/// What tells that a file has changed; `None`: it is not there.
type Stamp = Option<(SystemTime, u64)>;

pub(super) fn run(args: &CheckArgs, global: &Global) -> Result<Outcome, Failure> {
    if args.paths.iter().any(|p| p.as_os_str() == "-") {
        return Err(Failure::Argument("`--watch` looks at files, and `-` is standard input".to_string()));
    }
    loop {
        let mut files = watched(args, global);
        match check::once(args, global) {
            Ok(_) => {}
            Err(bug @ Failure::Bug(_)) => return Err(bug),
            // A configuration that is being written is at fault for a moment.
            Err(failure) => complain(&format!("error: {failure}")),
        }
        // What the check itself has mended is no change.
        if args.fix || args.unsafe_fixes {
            files = watched(args, global);
        }
        complain("watching; stop with Ctrl-C");
        while watched(args, global) == files {
            std::thread::sleep(PAUSE);
        }
    }
}

/// Every file that a check reads, with its stamp.
fn watched(args: &CheckArgs, global: &Global) -> BTreeMap<PathBuf, Stamp> {
    let mut files = BTreeMap::new();
    let Ok(project) = Project::open(global) else {
        stamp(&mut files, Path::new("sysd.toml").to_path_buf());
        return files;
    };
    for path in project.designs(&args.paths).unwrap_or_default() {
        let full = project.full(&path);
        for folder in full.ancestors().skip(1).take_while(|f| f.starts_with(&project.root)) {
            stamp(&mut files, folder.join("sysd.toml"));
        }
        if let Ok((name, root, bytes)) = project.source(&path) {
            for import in imports(&name, &bytes, &FolderLoader::new(&root)) {
                stamp(&mut files, root.join(import));
            }
        }
        stamp(&mut files, full);
    }
    files
}

fn stamp(files: &mut BTreeMap<PathBuf, Stamp>, path: PathBuf) {
    let found = std::fs::metadata(&path).ok().and_then(|m| Some((m.modified().ok()?, m.len())));
    files.insert(path, found);
}
