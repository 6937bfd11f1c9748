//! Markdown to cases: fenced `sysd` blocks, the files that stand beside them, what is selected.

use crate::block::{self, Case};
use std::path::Path;

/// The cases of a file, in order. A block `sysd file=NAME` is no case: later blocks of the file may import it.
pub fn cases(name: &str, text: &str) -> Vec<Case> {
    let select = selection(name, text);
    let mut cases = Vec::new();
    let mut files: Vec<(String, String)> = Vec::new();
    for fence in fences(text) {
        let mut words = fence.info.split_whitespace();
        if words.next() != Some("sysd") {
            continue;
        }
        let flags: Vec<&str> = words.collect();
        if flags.contains(&"fragment") {
            continue;
        }
        if let Some(file) = flags.iter().find_map(|f| f.strip_prefix("file=")) {
            files.push((file.to_string(), fence.body.clone()));
            continue;
        }
        cases.push(Case {
            line: fence.line,
            text: fence.body,
            files: files.clone(),
            select: select.clone(),
            mended: flags.contains(&"mended"),
        });
    }
    cases
}

/// Which rules a file looks at besides the errors of the language: `<!-- rules: REL001 CAP -->`, else the rule
/// whose page or specification it is.
fn selection(name: &str, text: &str) -> Vec<String> {
    if let Some(rest) = text.split("<!-- rules:").nth(1) {
        let list = rest.split("-->").next().unwrap_or("");
        return list.split_whitespace().map(str::to_string).collect();
    }
    if !name.contains("rules/") {
        return Vec::new();
    }
    let stem = Path::new(name).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    sysd::rules::page_of(&stem).map(|(code, _)| code.code.to_string()).into_iter().collect()
}

/// Writes what occurs into the blocks of a file.
pub fn rewrite(file: &Path, name: &str, text: &str) {
    let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
    for case in cases(name, text).iter().rev() {
        let start = case.line;
        let length = case.text.lines().count();
        let new = block::updated(case);
        lines.splice(start..start + length, new);
    }
    let mut out = lines.join("\n");
    out.push('\n');
    if out != text {
        std::fs::write(file, out).expect("a specification is writable");
    }
}

struct Fence {
    /// What stands behind the opening backticks.
    info: String,
    /// The line of the opening backticks, from 1.
    line: usize,
    body: String,
}

fn fences(text: &str) -> Vec<Fence> {
    let mut found = Vec::new();
    let mut open: Option<Fence> = None;
    for (index, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                open = Some(Fence { info: info.trim().to_string(), line: index + 1, body: String::new() });
            }
            (Some(_), Some("")) => found.extend(open.take()),
            (Some(fence), _) => {
                fence.body.push_str(line);
                fence.body.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}
