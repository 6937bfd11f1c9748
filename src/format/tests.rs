//! The layout, and its laws: formatting twice is formatting once, the tree stays, no comment is lost.

use super::format;
use crate::source::FileId;
use crate::syntax::{Tree, parse, same_meaning};
use proptest::prelude::*;
use proptest::sample::Index;

const DESIGN: &str = include_str!("../syntax/tests/design.sysd");

fn tree(text: &str) -> Tree {
    let units =
        ["ms", "s", "min", "h", "day", "kB", "MB", "GB", "req", "users", "USD", "month", "us", "B", "km"];
    parse(FileId(0), text, &|word| units.contains(&word))
}

fn comments(tree: &Tree, text: &str) -> Vec<String> {
    let written = |c: &crate::syntax::Comment| super::line_feeds(text[c.span.range()].trim_end());
    tree.comments.iter().map(written).collect()
}

/// The laws of the formatter on one text; nothing to hold where the text has errors.
fn check(text: &str) {
    let before = tree(text);
    let Some(once) = format(&before, text) else { return };
    let after = tree(&once);
    assert!(after.findings.is_empty(), "{text:?}\n{once}\n{:?}", after.findings);
    assert!(same_meaning(&before, &after), "{text:?}\n{once}");
    assert_eq!(comments(&before, text), comments(&after, &once), "{text:?}\n{once}");
    assert_eq!(format(&after, &once).as_deref(), Some(once.as_str()), "{text:?}");
}

#[track_caller]
fn becomes(text: &str, formatted: &str) {
    assert_eq!(format(&tree(text), text).as_deref(), Some(formatted));
    check(text);
}

#[test]
fn items_stand_on_lines_of_their_own_or_beside_each_other_as_written() {
    becomes("a   1;b 2,  c 3", "a 1; b 2, c 3\n");
    becomes("a   1\nb 2", "a 1\nb 2\n");
    becomes("a{b 1;c 2}", "a { b 1, c 2 }\n");
    becomes("a {\n b 1, c 2 }", "a {\n  b 1, c 2\n}\n");
    becomes("a { }\n\n\n\nb {\n\n c 1\n\n}\n", "a {}\n\nb {\n  c 1\n}\n");
    becomes("", "");
}

#[test]
fn values_keep_their_writing() {
    becomes("let  x=( a+b )/2*-c", "let x = (a + b) / 2 * -c\n");
    becomes("a 100 kB/s 12ms 5   MB 20/day 10/x", "a 100 kB/s 12ms 5 MB 20/day 10 / x\n");
    becomes("store p :wide-column\"T\"", "store p: wide-column \"T\"\n");
    becomes("a->b~>c", "a -> b ~> c\n");
    becomes("in [us,eu] [a b]", "in [us, eu] [a b]\n");
    becomes("let x = max( a,b )", "let x = max(a, b)\n");
}

#[test]
fn comments_stay_where_they_are() {
    becomes(
        "//! doc\n// one\na 1   // two\n\n/// three\nb { // four\n c 1 /* five */\n// six\n}\n// seven",
        "//! doc\n// one\na 1 // two\n\n/// three\nb { // four\n  c 1 /* five */\n  // six\n}\n// seven\n",
    );
    becomes("a /* x */ 1", "a /* x */ 1\n");
    becomes("let a = b + // why\n    c", "let a = b + // why\n    c\n");
}

#[test]
fn long_lines_break() {
    let names = "averyveryverylongnameofaservice";
    let step = format!("{names} -> {names} -> {names} -> {names} read post");
    becomes(&step, &format!("{names} -> {names}\n    -> {names} -> {names} read post\n"));
    let block = format!("a {{ b {names}, c {names}, d {names} }}");
    becomes(&block, &format!("a {{\n  b {names}, c {names}\n  d {names}\n}}\n"));
}

#[test]
fn texts_with_errors_stay_as_they_are() {
    assert_eq!(format(&tree("a {"), "a {"), None);
}

#[test]
fn a_whole_design_keeps_its_meaning() {
    assert!(format(&tree(DESIGN), DESIGN).is_some());
    check(DESIGN);
}

#[test]
fn carriage_returns_of_any_number_end_a_line() {
    check("/* y */let mean = (a +\r\r\n\nb) / 2");
    check("let text = \"\"\"\n  a\r\r\n  b\n  \"\"\"");
    check("// x\r\r\nlet a = 5\r");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_layout_of_any_mutated_design_is_stable(edits in prop::collection::vec((any::<Index>(), 0..3usize, prop::sample::select(vec![
        " ", "\n", "  \n\n\n", "// x\n", "/* y */", "/// d\n", ",", ";", " a", " 5", "{ b 1 }", "\r\n", "\t", " -> z", "[a 5\nMB]", "",
    ])), 1..6)) {
        for item in tree(DESIGN).items {
            let mut chars: Vec<char> = DESIGN[item.span.range()].chars().collect();
            for (at, cut, piece) in &edits {
                if chars.is_empty() { break }
                let at = at.index(chars.len());
                let end = (at + cut).min(chars.len());
                chars.splice(at..end, piece.chars());
            }
            check(&chars.into_iter().collect::<String>());
        }
    }
}
