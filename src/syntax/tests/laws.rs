//! Laws that hold for every text: parsing returns, spans nest and lie on character
//! boundaries, and nothing nests deeper than the limit.

use super::*;
use proptest::prelude::*;
use proptest::sample::Index;

/// Pieces of the language and of its neighbourhood, to be thrown together.
const PIECES: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "\n",
    "\n  ",
    " ",
    ",",
    ";",
    ":",
    "=",
    "->",
    "~>",
    "=>",
    "-->",
    "—>",
    "-",
    "+",
    "*",
    "/",
    "<",
    "<=",
    "==",
    "!=",
    "//",
    "///",
    "//!",
    "/*",
    "*/",
    "\"",
    "\"\"\"",
    "\\",
    "'",
    "“",
    "”",
    "#",
    "|",
    "$",
    ".",
    "..",
    "a",
    "api",
    "to",
    "us",
    "min",
    "5",
    "5M",
    "20/day",
    "2026-03-01",
    "99.9%",
    "kB",
    "é",
    "\u{a0}",
    "\u{1}",
    "\u{2}",
    "\r",
    "\t",
    "×",
    "max(",
    "a.b",
    "service api {",
    "replicas 3",
    "rate dau * 20/day",
    "\"title\"",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|pieces| pieces.concat())
}

/// The sample design with some bytes cut out and some pieces put in.
fn mutated() -> impl Strategy<Value = String> {
    let edit = (any::<Index>(), 0..4usize, prop::sample::select(PIECES));
    prop::collection::vec(edit, 1..8).prop_map(|edits| {
        let mut chars: Vec<char> = super::examples::DESIGN.chars().collect();
        for (at, cut, piece) in edits {
            let at = at.index(chars.len());
            let end = (at + cut).min(chars.len());
            chars.splice(at..end, piece.chars());
        }
        chars.into_iter().collect()
    })
}

fn check(text: &str) {
    let tree = tree(text);
    let whole = Span::new(FileId(0), 0, text.len());
    for item in &tree.items {
        check_item(text, item, whole, 0);
    }
    let mut end = 0;
    for item in &tree.items {
        assert!(item.span.start >= end, "items overlap in {text:?}");
        end = item.span.end;
    }
    for comment in &tree.comments {
        inside(text, comment.span, whole);
    }
    for finding in &tree.findings {
        inside(text, finding.primary.span, whole);
        for (span, _) in finding.fixes.iter().flat_map(|fix| &fix.edits) {
            inside(text, *span, whole);
        }
    }
}

fn inside(text: &str, span: Span, outer: Span) {
    assert!(text.get(span.range()).is_some(), "{span:?} is no slice of {text:?}");
    assert!(outer.start <= span.start && span.end <= outer.end, "{span:?} leaves {outer:?} in {text:?}");
}

fn check_item(text: &str, item: &Item, outer: Span, depth: usize) {
    assert!(depth <= 64, "nests {depth} deep");
    inside(text, item.span, outer);
    for arg in &item.args {
        inside(text, arg.span(), item.span);
        if let Some(value) = arg.value() {
            check_expr(text, value, item.span, 0);
        }
    }
    for doc in &item.docs {
        inside(text, doc.span, Span { end: item.span.start, ..outer });
    }
    if let Some(block) = &item.block {
        inside(text, block.span, item.span);
        for item in &block.items {
            check_item(text, item, block.span, depth + 1);
        }
    }
}

fn check_expr(text: &str, expr: &Expr, outer: Span, depth: usize) {
    assert!(depth <= 512, "nests {depth} deep");
    inside(text, expr.span, outer);
    let parts: Vec<&Expr> = match &expr.kind {
        ExprKind::List(values) | ExprKind::Call(_, values) => values.iter().collect(),
        ExprKind::Group(inner) | ExprKind::Unary(_, inner) => vec![inner],
        ExprKind::Binary(_, a, b) | ExprKind::Range(a, b) => vec![a, b],
        _ => Vec::new(),
    };
    for part in parts {
        check_expr(text, part, expr.span, depth + 1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_string_has_a_tree(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_soup_has_a_tree(text in soup()) {
        check(&text);
        let (expr, _) = parse_expression(FileId(0), &text, &is_unit);
        check_expr(&text, &expr, Span::new(FileId(0), 0, text.len()), 0);
    }

    #[test]
    fn any_damaged_design_has_a_tree(text in mutated()) {
        check(&text);
    }
}
