//! The tree of a text: items, arguments, expressions and blocks, each with its span.
//!
//! The tree is lossless together with its text: whatever no span covers is white
//! space, a separator or one of [`Tree::comments`]. Which keyword an item has, and
//! whether it is a node, a property or a step, is decided above, by the schema.

use crate::diagnostic::Finding;
use crate::source::{FileId, Span};
use ecow::EcoString;

/// A whole file.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// The file.
    pub file: FileId,
    /// `//!` comments at the top, in order.
    pub docs: Vec<Doc>,
    /// The items, in order.
    pub items: Vec<Item>,
    /// Plain comments (`//`, `/* */`), in order; documentation comments are not among them.
    pub comments: Vec<Comment>,
    /// What could not be read: `E001`, `E016`, `E017`.
    pub findings: Vec<Finding>,
}

/// A documentation comment, one line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doc {
    /// The line, with its `///` or `//!`.
    pub span: Span,
    /// The text behind the marker and one blank.
    pub text: EcoString,
}

/// A comment that the compiler does not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The comment with its markers.
    pub span: Span,
    /// Whether it is `/* … */`.
    pub block: bool,
}

/// What stands between an item and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Separator {
    /// A new line, or the start of the block.
    #[default]
    Line,
    /// A comma on the same line.
    Comma,
    /// A semicolon on the same line.
    Semicolon,
}

/// One item: arguments side by side and perhaps a block.
#[derive(Clone, Debug, Default)]
pub struct Item {
    /// From the first argument to the end of the block.
    pub span: Span,
    /// `///` comments above it.
    pub docs: Vec<Doc>,
    /// What separates it from the item before.
    pub lead: Separator,
    /// The arguments; empty only for a block without an owner, which is `E001`.
    pub args: Vec<Arg>,
    /// Its `{ … }`.
    pub block: Option<Block>,
}

/// One argument of an item.
#[derive(Clone, Debug)]
pub enum Arg {
    /// A value: word, path, number, string, list, date, expression, condition.
    Value(Expr),
    /// An arrow between two paths of a step (or two states of a datum).
    Arrow(Arrow, Span),
    /// `: cassandra`; the span is that of the technology's name, `-` included.
    Technology(Name),
    /// `=`, as in `let dau = 500M users`.
    Equals(Span),
    /// Text that could not be read; its finding stands in [`Tree::findings`].
    Hole(Span),
}

/// The two arrows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arrow {
    /// `->` waits for the answer.
    Sync,
    /// `~>` does not.
    Async,
}

/// A block and its items.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Braces included.
    pub span: Span,
    /// The items.
    pub items: Vec<Item>,
    /// Whether its `}` is there; where it is missing, `E001` says so.
    pub closed: bool,
}

/// A word with its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// The word.
    pub text: EcoString,
    /// Its place.
    pub span: Span,
}

/// Names joined by dots: `media.api`, `view_feed.p99`, or one name alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    /// At least one name.
    pub names: Vec<Name>,
    /// From the first name to the last.
    pub span: Span,
}

/// A number literal with the unit that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// Digits with magnitude, `%` or `x`: `500M`, `99.95%`, `3x`, `0.02`.
    pub text: EcoString,
    /// The unit as written, blanks removed: `users`, `req/s`, `/day`, `USD/GB/month`.
    pub unit: Option<Name>,
}

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Expr {
    /// From its first to its last byte.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// The kinds of values.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `500M users`.
    Number(Number),
    /// A string; escapes resolved, common indent of `"""` removed.
    Text(EcoString),
    /// `2026-03-01`, as written.
    Date(EcoString),
    /// A word or dotted path.
    Path(Path),
    /// `[a, b]` or `[a b]`.
    List(Vec<Expr>),
    /// `( … )`.
    Group(Box<Expr>),
    /// `-x`.
    Unary(UnaryOp, Box<Expr>),
    /// `a * b`, and comparisons, which make the item a condition.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `A to B`: an uncertain value, or a range of replicas.
    Range(Box<Expr>, Box<Expr>),
    /// `max(a, b)`; the bracket touches the name.
    Call(Path, Vec<Expr>),
    /// A part of the expression that could not be read; its finding stands in [`Tree::findings`].
    Hole,
}

/// Operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `-`
    Negate,
}

/// Operators with two operands, from the loosest binding: comparisons, `to`, `+ -`, `* /`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
}

impl BinaryOp {
    /// Whether it compares: an item with one outside brackets is a condition.
    pub fn compares(self) -> bool {
        !matches!(self, BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide)
    }

    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            BinaryOp::Add => "+",
            BinaryOp::Subtract => "-",
            BinaryOp::Multiply => "*",
            BinaryOp::Divide => "/",
            BinaryOp::Less => "<",
            BinaryOp::LessOrEqual => "<=",
            BinaryOp::Greater => ">",
            BinaryOp::GreaterOrEqual => ">=",
            BinaryOp::Equal => "==",
            BinaryOp::NotEqual => "!=",
        }
    }
}

impl Arrow {
    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Arrow::Sync => "->",
            Arrow::Async => "~>",
        }
    }
}

impl Path {
    /// The path with its dots.
    pub fn text(&self) -> EcoString {
        let mut names = self.names.iter();
        let mut text = names.next().map(|n| n.text.clone()).unwrap_or_default();
        for name in names {
            text.push('.');
            text.push_str(&name.text);
        }
        text
    }

    /// The name, if the path is one word.
    pub fn word(&self) -> Option<&str> {
        match self.names.as_slice() {
            [only] => Some(&only.text),
            _ => None,
        }
    }
}

impl Expr {
    /// The path, if the value is one.
    pub fn path(&self) -> Option<&Path> {
        match &self.kind {
            ExprKind::Path(path) => Some(path),
            _ => None,
        }
    }

    /// The word, if the value is a single one.
    pub fn word(&self) -> Option<&str> {
        self.path().and_then(Path::word)
    }

    /// The string, if the value is one.
    pub fn string(&self) -> Option<&EcoString> {
        match &self.kind {
            ExprKind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is a comparison, which makes its item a condition.
    pub fn is_condition(&self) -> bool {
        matches!(&self.kind, ExprKind::Binary(op, _, _) if op.compares())
    }
}

impl Arg {
    /// The value, if the argument is one.
    pub fn value(&self) -> Option<&Expr> {
        match self {
            Arg::Value(expr) => Some(expr),
            _ => None,
        }
    }

    /// Its place.
    pub fn span(&self) -> Span {
        match self {
            Arg::Value(expr) => expr.span,
            Arg::Technology(name) => name.span,
            Arg::Arrow(_, span) | Arg::Equals(span) | Arg::Hole(span) => *span,
        }
    }
}

impl Item {
    /// The first argument, if it is a single word: a key, a keyword, or the name of an element.
    pub fn key(&self) -> Option<&str> {
        self.args.first().and_then(Arg::value).and_then(Expr::word)
    }

    /// From the first argument to the last, without the block.
    pub fn header(&self) -> Span {
        match (self.args.first(), self.args.last()) {
            (Some(first), Some(last)) => first.span().to(last.span()),
            _ => self.span,
        }
    }

    /// Whether the second argument is an arrow, as in `api -> posts`; such an item is a step or a relation.
    pub fn is_step(&self) -> bool {
        matches!(self.args.get(1), Some(Arg::Arrow(..)))
    }
}
