//! The specification runner: every `sysd` block of `tests/spec/**.md` and `docs/**.md` is a test.
//!
//! `tests/spec/README.md` says how blocks are written. `UPDATE=1 cargo test --test spec` writes
//! the findings that occur into the blocks; read the difference before you keep it.
#![allow(clippy::disallowed_methods, reason = "tests read and write files of their own")]

#[path = "spec/block.rs"]
mod block;
#[path = "spec/markdown.rs"]
mod markdown;

use libtest_mimic::{Arguments, Failed, Trial};
use std::path::{Path, PathBuf};

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["tests/spec", "docs"] {
        collect(&root.join(folder), &mut files);
    }
    files.sort();
    let update = std::env::var_os("UPDATE").is_some();
    let mut trials = Vec::new();
    for file in files {
        let name = file.strip_prefix(root).unwrap_or(&file).to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).expect("a specification is readable");
        if update {
            markdown::rewrite(&file, &name, &text);
            continue;
        }
        for case in markdown::cases(&name, &text) {
            let title = format!("{name}:{}", case.line);
            trials.push(Trial::test(title, move || block::run(&case).map_err(Failed::from)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "md") {
            files.push(path);
        }
    }
}
