//! The floors of the house: which module may use which, and how large a file and a function may be.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The floor of each module; a module uses only floors below its own number, or its own floor where
/// `SAME_FLOOR` says so. A new edge is a reviewed line here.
const FLOORS: &[(&str, u8)] = &[
    ("math", 0),
    ("words", 0),
    ("source", 0),
    ("numeric", 1),
    ("diagnostic", 1),
    ("syntax", 2),
    ("quantity", 3),
    ("schema", 3),
    ("catalog", 3),
    ("model", 4),
    ("analysis", 5),
    ("rules", 6),
    ("estimate", 6),
    ("format", 6),
    ("layout", 6),
    ("compile", 7),
    ("render", 7),
    ("diff", 8),
    ("views", 9),
    ("report", 10),
    ("document", 11),
    ("project", 12),
    ("cli", 13),
];

/// Uses within a floor.
const SAME_FLOOR: &[(&str, &str)] = &[("source", "words"), ("catalog", "quantity")];

/// Lines of a file that is no table; tables of data may be longer.
const MOST_LINES: usize = 900;
const TABLES: &[&str] = &["src/catalog/index.rs", "src/render/text_metrics/inter.rs"];

/// Lines of a function.
const MOST_FUNCTION_LINES: usize = 120;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn name(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().into_owned()
}

fn module(path: &Path) -> String {
    let inside = path.strip_prefix(root().join("src")).expect("a source");
    let first = inside.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_string()
}

/// The code before the unit tests: those may use what they like.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text)
}

#[test]
fn a_module_uses_only_the_floors_below() {
    let floors: BTreeMap<&str, u8> = FLOORS.iter().copied().collect();
    let mut broken = Vec::new();
    for path in sources(&root().join("src")) {
        let from = module(&path);
        if from == "lib" || from == "main" || path.components().any(|c| c.as_os_str() == "tests") {
            continue;
        }
        let Some(floor) = floors.get(from.as_str()) else {
            broken.push(format!("{}: `{from}` has no floor", name(&path)));
            continue;
        };
        let text = fs::read_to_string(&path).expect("a source is readable");
        for piece in code(&text).split("crate::").skip(1) {
            let to: String = piece.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            let allowed = to == from
                || SAME_FLOOR.contains(&(from.as_str(), to.as_str()))
                || floors.get(to.as_str()).is_none_or(|other| other < floor);
            if !allowed {
                broken.push(format!("{}: `{from}` uses `{to}`", name(&path)));
            }
        }
    }
    broken.dedup();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn every_module_says_what_it_owns() {
    let silent: Vec<String> = sources(&root().join("src"))
        .into_iter()
        .filter(|p| !fs::read_to_string(p).expect("readable").starts_with("//!"))
        .map(|p| name(&p))
        .collect();
    assert!(silent.is_empty(), "without a `//!` at their top:\n{}", silent.join("\n"));
}

#[test]
fn files_and_functions_stay_readable() {
    let mut long = Vec::new();
    for path in sources(&root().join("src")).into_iter().chain(sources(&root().join("tests"))) {
        let text = fs::read_to_string(&path).expect("readable");
        let lines: Vec<&str> = text.lines().collect();
        if lines.len() > MOST_LINES && !TABLES.contains(&name(&path).as_str()) {
            long.push(format!("{} has {} lines", name(&path), lines.len()));
        }
        let mut start: Option<(usize, String)> = None;
        for (index, line) in lines.iter().enumerate() {
            let body = line.trim_start();
            let is_function =
                ["fn ", "pub fn ", "pub(super) fn ", "pub(crate) fn ", "const fn ", "pub const fn "]
                    .iter()
                    .any(|p| body.starts_with(p));
            if is_function {
                start = Some((index, line[..line.len() - body.len()].to_string()));
            } else if let Some((from, indent)) = &start
                && *line == format!("{indent}}}")
            {
                if index - from > MOST_FUNCTION_LINES {
                    long.push(format!("{}:{} is {} lines long", name(&path), from + 1, index - from));
                }
                start = None;
            }
        }
    }
    assert!(long.is_empty(), "\n{}", long.join("\n"));
}

#[test]
fn pest_and_miette_are_each_named_in_one_file() {
    for (word, home) in [("pest::", "src/syntax/parser.rs"), ("miette::", "src/report/terminal.rs")] {
        for path in sources(&root().join("src")).into_iter().filter(|p| name(p) != home) {
            let text = fs::read_to_string(&path).expect("readable");
            assert!(!text.contains(word), "{} names {word} as well", name(&path));
        }
    }
}

#[test]
fn a_rule_is_three_files_of_one_name() {
    let mut lonely = Vec::new();
    // What a team writes itself has its page in the design; answers belong to rules that have theirs.
    let others = ["house", "fixes"].map(|folder| root().join("src/rules").join(folder));
    for path in sources(&root().join("src/rules")) {
        if others.iter().any(|folder| path.starts_with(folder)) {
            continue;
        }
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        if ["mod", "context", "registry", "promises", "tradeoffs"].contains(&stem.as_str()) {
            continue;
        }
        for folder in ["docs/rules", "tests/spec/rules"] {
            if !root().join(folder).join(format!("{stem}.md")).is_file() {
                lonely.push(format!("{folder}/{stem}.md is missing"));
            }
        }
    }
    assert!(lonely.is_empty(), "\n{}", lonely.join("\n"));
}
