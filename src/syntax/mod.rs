//! Text to tree: the grammar, the tolerant parser and the tree with its holes.
//!
//! Parsing never fails: every text has a tree, and what could not be read is a hole
//! with a finding. The floor knows the shape of the language, not its keywords;
//! those stand in `schema`, and which words are units is a question it asks.

mod brackets;
mod expression;
mod meaning;
mod messages;
mod parser;
mod reader;
#[cfg(test)]
mod tests;
mod text;
pub mod tree;

pub use meaning::same_meaning;
pub use tree::{
    Arg, Arrow, BinaryOp, Block, Comment, Doc, Expr, ExprKind, Item, Name, Number, Path, Separator, Tree,
    UnaryOp,
};

use crate::diagnostic::Finding;
use crate::diagnostic::language::{LIMIT_EXCEEDED, NOT_TEXT};
use crate::source::{self, FileId, NotText, Span};

/// The tree of a text. `is_unit` tells whether a word behind a number is its unit.
///
/// Every text has a tree; what is wrong with it stands in [`Tree::findings`]: `E001`
/// for the shape, `E016` for limits (nesting, names, expressions, [`source::MAX_BYTES`]).
pub fn parse(file: FileId, text: &str, is_unit: &dyn Fn(&str) -> bool) -> Tree {
    if text.len() > source::MAX_BYTES {
        return unread(file, too_long(file, text.len()));
    }
    let prepared = brackets::prepare(file, text);
    let Some(row) = parser::tokens(&prepared.text, parser::Entry::File) else {
        return unread(file, no_stack(file, text));
    };
    reader::Reader::new(file, text, &prepared.text, &row, is_unit, prepared.findings).file()
}

/// The text of some bytes and its tree. Bytes that are no text are `E017`, too many are `E016`,
/// and the text is then empty.
pub fn parse_bytes<'a>(file: FileId, bytes: &'a [u8], is_unit: &dyn Fn(&str) -> bool) -> (&'a str, Tree) {
    match source::decode(bytes) {
        Ok(text) => (text, parse(file, text, is_unit)),
        Err(NotText::TooLong(length)) => ("", unread(file, too_long(file, length))),
        Err(NotText::Utf8(at)) => ("", unread(file, not_text(file, &format!("byte {at} is not UTF-8")))),
        Err(NotText::Nul(at)) => ("", unread(file, not_text(file, &format!("byte {at} is NUL")))),
    }
}

/// A whole text as one expression, conditions included, and what is wrong with it.
pub fn parse_expression(file: FileId, text: &str, is_unit: &dyn Fn(&str) -> bool) -> (Expr, Vec<Finding>) {
    let hole = Expr { span: Span::new(file, 0, 0), kind: ExprKind::Hole };
    if text.len() > source::MAX_BYTES {
        return (hole, vec![too_long(file, text.len())]);
    }
    let prepared = brackets::prepare(file, text);
    let Some(row) = parser::tokens(&prepared.text, parser::Entry::Expression) else {
        return (hole, vec![no_stack(file, text)]);
    };
    let mut reader = reader::Reader::new(file, text, &prepared.text, &row, is_unit, prepared.findings);
    let expr = reader.whole();
    (expr, reader.sorted_findings())
}

/// How many tokens the grammar finds in a text; it measures the grammar without the tree.
pub fn token_count(text: &str) -> usize {
    parser::tokens(text, parser::Entry::File).map_or(0, |row| row.len())
}

fn unread(file: FileId, finding: Finding) -> Tree {
    Tree { file, findings: vec![finding], ..Tree::default() }
}

fn too_long(file: FileId, length: usize) -> Finding {
    let limit = source::MAX_BYTES / (1024 * 1024);
    Finding::new(
        LIMIT_EXCEEDED,
        Span::new(file, 0, 0),
        format!("the file has {length} bytes; sysd reads {limit} MiB"),
    )
    .help("split the design into files, and join them with `import`")
}

fn not_text(file: FileId, what: &str) -> Finding {
    Finding::new(NOT_TEXT, Span::new(file, 0, 0), format!("the file is not UTF-8 text: {what}"))
        .help("save it as UTF-8")
}

fn no_stack(file: FileId, text: &str) -> Finding {
    let span = Span::new(file, 0, text.len().min(source::MAX_BYTES));
    Finding::new(LIMIT_EXCEEDED, span, "the text nests too deep for the stack of this thread")
        .help("declare inner parts beside each other")
}
