//! What must hold for every input, whoever wrote it: the bodies of the fuzz targets, and of the property test
//! `tests/all/hostile.rs`, which feeds them changed designs.

use std::collections::BTreeMap;
use sysd::compile::{Options, compile};
use sysd::diagnostic::Finding;
use sysd::format::format;
use sysd::source::{FileId, NoFiles};
use sysd::syntax::parse_bytes;

fn unit(word: &str) -> bool {
    sysd::quantity::UnitTable::new().is_unit(word)
}

/// Spans lie in the text and between characters, so that every front end can cut it there.
fn spans_fit(findings: &[Finding], text: &str) {
    for finding in findings {
        let places = std::iter::once(&finding.primary).chain(&finding.related);
        for place in places.filter(|place| place.span.file == FileId::default()) {
            let range = place.span.range();
            let inside = text.get(range.clone()).is_some();
            assert!(inside, "{} points at {range:?} of {} bytes", finding.message, text.len());
        }
    }
}

/// Parsing accepts every string, and its findings point into the text.
pub fn parse(bytes: &[u8]) {
    let (text, tree) = parse_bytes(FileId::default(), bytes, &unit);
    spans_fit(&tree.findings, text);
}

/// What is formatted once stays as it is, and says what it said.
pub fn formatting(bytes: &[u8]) {
    let (text, tree) = parse_bytes(FileId::default(), bytes, &unit);
    let Some(once) = format(&tree, text) else { return };
    let (again, tree_again) = parse_bytes(FileId::default(), once.as_bytes(), &unit);
    assert!(tree_again.findings.is_empty(), "formatting broke the text:\n{text}\n->\n{once}");
    assert_eq!(format(&tree_again, again).as_deref(), Some(once.as_str()));
}

/// Analyses and rules end with numbers that can be printed, and findings that point into the text.
pub fn check(bytes: &[u8]) {
    let design = compile("design.sysd", bytes, &NoFiles, &Options::default());
    let file = design.lowered.sources.file(FileId::default());
    spans_fit(&design.findings, &file.text);
    let report = sysd::report::json::json(&design);
    let report: serde_json::Value = serde_json::from_str(&report).expect("the report is JSON");
    let availabilities =
        report["flows"].as_object().into_iter().flatten().filter_map(|(_, f)| f["availability"].as_f64());
    for availability in availabilities {
        assert!((0.0..=1.0).contains(&availability), "availability {availability}");
    }
}

/// A template of a stranger is rendered or refused.
pub fn template(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let own = BTreeMap::from([("design-doc/decision.md".to_owned(), text)]);
    let templates = sysd::document::Templates::new(&own);
    if let Ok(templates) = templates {
        let _ =
            templates.render("design-doc/decision.md", &serde_json::json!({ "title": "x", "items": [1, 2] }));
    }
}

/// Pieces that a changed design gets: every kind of token, and what is easily misplaced.
const PIECES: [&str; 40] = [
    "{",
    "}",
    "(",
    ")",
    ",",
    ";",
    "\n",
    "->",
    "~>",
    ":",
    "=",
    "\"",
    "\"\"\"",
    "//",
    "/*",
    "*/",
    "///",
    "//!",
    "0",
    "1e308",
    "99.99%",
    "1 to 9",
    "500M users",
    "12/day",
    "-1",
    "replicas",
    "zones 3",
    "in us",
    "on miss {",
    "on failure {",
    "parallel {",
    "fan_out 1000000",
    "trigger q x",
    "require { p99 1ms, availability 99.9% }",
    "replicas 4000000000",
    "import \"x.sysd\"",
    "é",
    "\u{202e}",
    "\u{0}",
    "🚀",
];

/// A text after edits: each cuts so many characters at a place (both as shares of 65 536) and puts a piece there, or what
/// stands elsewhere in the text.
pub fn changed(text: &str, edits: &[(u16, u8, u8)]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for &(place, cut, piece) in edits {
        let at = usize::from(place) * chars.len() / 65_536;
        let end = (at + usize::from(cut % 40)).min(chars.len());
        let piece: Vec<char> = match PIECES.get(usize::from(piece)) {
            Some(piece) => piece.chars().collect(),
            None => {
                let from = usize::from(piece) * chars.len() / 256;
                chars[from..(from + 24).min(chars.len())].to_vec()
            }
        };
        chars.splice(at..end, piece);
    }
    chars.into_iter().collect()
}
