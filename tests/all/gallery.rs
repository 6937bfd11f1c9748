//! The gallery: documents of three case studies as `sysd build --no-fonts` writes them, kept true here.

use crate::real_output::checked;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use sysd::compile::{Options, compile};
use sysd::document::{Earlier, Entry, Setting, Templates, build, context, portal};
use sysd::project::FolderLoader;

const DESIGNS: [&str; 3] = ["google_docs", "instagram", "upi_payments"];

/// The files below a folder, by their path in it.
fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(&at).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let inside = path.strip_prefix(folder).expect("below").to_string_lossy().replace('\\', "/");
                found.insert(inside);
            }
        }
    }
    found
}

#[test]
fn the_gallery_is_what_sysd_writes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let templates = Templates::new(&BTreeMap::new()).expect("the templates of the program");
    let mut wanted = BTreeSet::new();
    let mut entries = Vec::new();
    for name in DESIGNS {
        let path = format!("examples/case-studies/{name}.sysd");
        let bytes = fs::read(root.join(&path)).expect("a design");
        let design = compile(&path, &bytes, &FolderLoader::new(root), &Options::default());
        assert!(!design.has_language_errors(), "{:?}", design.findings);
        // As a folder of `docs/`, so that findings lead to the pages of the rules there.
        let sketch = design.lowered.model.system.supersedes.clone().expect("a first sketch");
        let bytes = fs::read(root.join(sketch.as_str())).expect("a design");
        let sketch = compile(&sketch, &bytes, &FolderLoader::new(root), &Options::default());
        let setting = Setting {
            folder: format!("gallery/{name}"),
            rules: true,
            earlier: Some(Earlier::of(&sketch, &design)),
            ..Setting::default()
        };
        let document = context(&design, &setting);
        entries.push(Entry {
            title: document.title,
            path: name.to_string(),
            index: "README.md",
            verdict: document.verdict,
            state: document.state,
            errors: design.open_findings().filter(|f| f.severity.word() == "error").count(),
            warnings: design.open_findings().filter(|f| f.severity.word() == "warning").count(),
            imports: Vec::new(),
            pages: Vec::new(),
            names: Vec::new(),
        });
        for (file, bytes) in build(&design, &setting, &templates).expect("a document") {
            if file == "index.html" {
                continue;
            }
            let inside = format!("{name}/{file}");
            checked(&format!("docs/gallery/{inside}"), &String::from_utf8(bytes).expect("text"));
            wanted.insert(inside);
        }
    }
    let index = portal(&entries, &templates).expect("a page").replacen(
        "# Designs\n",
        "# Gallery\n\nWhat `sysd build` writes for three of the case studies; a test keeps it true.\n",
        1,
    );
    checked("docs/gallery/README.md", &index);
    wanted.insert("README.md".to_string());
    let gallery = root.join("docs/gallery");
    for stale in files(&gallery).difference(&wanted) {
        assert!(std::env::var_os("UPDATE").is_some(), "docs/gallery/{stale} is made by no design");
        fs::remove_file(gallery.join(stale)).expect("removed");
    }
}
