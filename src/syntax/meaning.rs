//! Whether two trees say the same: structure without places, separators and comments.

use super::tree::{Arg, Block, Doc, Expr, ExprKind, Item, Number, Tree};

/// Whether two trees differ at most in layout: spans, separators and plain comments.
pub fn same_meaning(a: &Tree, b: &Tree) -> bool {
    same_docs(&a.docs, &b.docs) && all(&a.items, &b.items, same_item)
}

fn all<T>(a: &[T], b: &[T], same: fn(&T, &T) -> bool) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
}

fn same_docs(a: &[Doc], b: &[Doc]) -> bool {
    all(a, b, |a, b| a.text == b.text)
}

fn same_item(a: &Item, b: &Item) -> bool {
    same_docs(&a.docs, &b.docs)
        && all(&a.args, &b.args, same_arg)
        && same_block(a.block.as_ref(), b.block.as_ref())
}

fn same_block(a: Option<&Block>, b: Option<&Block>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => a.closed == b.closed && all(&a.items, &b.items, same_item),
        _ => false,
    }
}

fn same_arg(a: &Arg, b: &Arg) -> bool {
    match (a, b) {
        (Arg::Value(a), Arg::Value(b)) => same_expr(a, b),
        (Arg::Arrow(a, _), Arg::Arrow(b, _)) => a == b,
        (Arg::Technology(a), Arg::Technology(b)) => a.text == b.text,
        (Arg::Equals(_), Arg::Equals(_)) | (Arg::Hole(_), Arg::Hole(_)) => true,
        _ => false,
    }
}

fn same_number(a: &Number, b: &Number) -> bool {
    a.text == b.text && a.unit.as_ref().map(|u| &u.text) == b.unit.as_ref().map(|u| &u.text)
}

fn same_expr(a: &Expr, b: &Expr) -> bool {
    match (&a.kind, &b.kind) {
        (ExprKind::Number(a), ExprKind::Number(b)) => same_number(a, b),
        (ExprKind::Text(a), ExprKind::Text(b)) | (ExprKind::Date(a), ExprKind::Date(b)) => a == b,
        (ExprKind::Path(a), ExprKind::Path(b)) => a.text() == b.text(),
        (ExprKind::List(a), ExprKind::List(b)) => all(a, b, same_expr),
        (ExprKind::Group(a), ExprKind::Group(b)) => same_expr(a, b),
        (ExprKind::Unary(p, a), ExprKind::Unary(q, b)) => p == q && same_expr(a, b),
        (ExprKind::Binary(p, a, x), ExprKind::Binary(q, b, y)) => {
            p == q && same_expr(a, b) && same_expr(x, y)
        }
        (ExprKind::Range(a, x), ExprKind::Range(b, y)) => same_expr(a, b) && same_expr(x, y),
        (ExprKind::Call(f, a), ExprKind::Call(g, b)) => f.text() == g.text() && all(a, b, same_expr),
        (ExprKind::Hole, ExprKind::Hole) => true,
        _ => false,
    }
}
