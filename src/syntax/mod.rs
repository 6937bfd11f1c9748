//! Text to tree: the grammar, the tolerant parser and the tree with its holes.
//!
//! Parsing never fails: every text has a tree, and what could not be read is a hole
//! with a finding. The floor knows the shape of the language, not its keywords;
//! those stand in `schema`.

pub mod tree;

pub use tree::{
    Arg, Arrow, BinaryOp, Block, Comment, Doc, Expr, ExprKind, Item, Name, Number, Path, Separator, Tree,
    UnaryOp,
};
