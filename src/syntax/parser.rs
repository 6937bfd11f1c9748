//! The one place that names pest: the grammar turns a text into a flat row of tokens.
//!
//! A token knows how many tokens stand inside it, so a reader walks the row without
//! recursion and without pest's types.

// The derive writes an enum with one undocumented variant for each rule.
#[allow(missing_docs)]
mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/sysd.pest"]
    pub(super) struct Grammar;
}

use grammar::{Grammar, Rule};
use pest::Parser;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Item,
    Block,
    Group,
    List,
    Comma,
    Path,
    Date,
    Number,
    String,
    Arrow,
    WrongArrow,
    Operator,
    Equals,
    Technology,
    Hole,
    Comment,
}

/// One token of the row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub kind: Kind,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Index of the first token behind it and all that it holds.
    pub next: usize,
}

/// Where the grammar starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    File,
    Expression,
}

/// The tokens of a text; none if the thread's stack is too small for its nesting.
pub(super) fn tokens(text: &str, entry: Entry) -> Option<Vec<Token>> {
    let rule = match entry {
        Entry::File => Rule::file,
        Entry::Expression => Rule::expression,
    };
    let pairs = Grammar::parse(rule, text).ok()?;
    let mut row = Vec::with_capacity(text.len() / 5);
    let mut open: Vec<usize> = Vec::new();
    for token in pairs.tokens() {
        match token {
            pest::Token::Start { rule, pos } => {
                if let Some(kind) = kind(rule) {
                    open.push(row.len());
                    row.push(Token { kind, start: pos.pos(), end: pos.pos(), next: 0 });
                }
            }
            pest::Token::End { rule, pos } => {
                if kind(rule).is_some()
                    && let Some(index) = open.pop()
                {
                    let next = row.len();
                    if let Some(token) = row.get_mut(index) {
                        token.end = pos.pos();
                        token.next = next;
                        let written = text.as_bytes().get(token.start..token.end).unwrap_or(&[]);
                        token.kind = refined(token.kind, written);
                    }
                }
            }
        }
    }
    Some(row)
}

fn kind(rule: Rule) -> Option<Kind> {
    Some(match rule {
        Rule::item => Kind::Item,
        Rule::block => Kind::Block,
        Rule::group => Kind::Group,
        Rule::list => Kind::List,
        Rule::comma => Kind::Comma,
        Rule::path => Kind::Path,
        Rule::number => Kind::Number,
        Rule::string | Rule::foreign_string => Kind::String,
        Rule::joint => Kind::Operator,
        Rule::technology => Kind::Technology,
        Rule::hole | Rule::stray => Kind::Hole,
        Rule::comment | Rule::block_comment => Kind::Comment,
        _ => return None,
    })
}

/// Tells apart what the grammar reads by one rule, because rules that fail cost time.
fn refined(kind: Kind, written: &[u8]) -> Kind {
    match (kind, written) {
        (Kind::Number, [_, _, _, _, b'-', ..]) => Kind::Date,
        (Kind::Operator, b"->" | b"~>") => Kind::Arrow,
        (Kind::Operator, b"=") => Kind::Equals,
        (Kind::Operator, b">" | b">=") => Kind::Operator,
        (Kind::Operator, [.., b'>'] | [b'<', b'-']) => Kind::WrongArrow,
        (Kind::Operator, _) if written == "→".as_bytes() || written == "⇒".as_bytes() => Kind::WrongArrow,
        _ => kind,
    }
}
