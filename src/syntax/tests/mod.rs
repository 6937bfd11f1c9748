//! Tests of the floor: the shape of trees, findings, and laws over arbitrary texts.

mod errors;
mod examples;
mod laws;
mod shape;

use super::*;

/// The words that the tests take for units; the schema's list is longer.
pub(super) fn is_unit(word: &str) -> bool {
    let units = "ns us ms s min h day week month year B kB MB GB TB PB EB KiB MiB GiB bit kbit Mbit Gbit Tbit USD m km \
                 users user req msg rows row items item conn ops events posts instances instance";
    units.split_whitespace().any(|unit| unit == word)
}

pub(super) fn tree(text: &str) -> Tree {
    parse(FileId(0), text, &is_unit)
}

/// The items in short: arguments in `⟨ ⟩`, brackets around every operator.
pub(super) fn show(text: &str) -> String {
    let tree = tree(text);
    let items: Vec<String> = tree.items.iter().map(show_item).collect();
    items.join("; ")
}

fn show_item(item: &Item) -> String {
    let mut parts: Vec<String> = item.args.iter().map(show_arg).collect();
    if let Some(block) = &item.block {
        let items: Vec<String> = block.items.iter().map(show_item).collect();
        parts.push(format!("{{{}}}", items.join("; ")));
    }
    parts.join(" ")
}

fn show_arg(arg: &Arg) -> String {
    match arg {
        Arg::Value(expr) => show_expr(expr),
        Arg::Arrow(arrow, _) => arrow.symbol().to_string(),
        Arg::Technology(name) => format!(":{}", name.text),
        Arg::Equals(_) => "=".to_string(),
        Arg::Hole(_) => "?".to_string(),
    }
}

pub(super) fn show_expr(expr: &Expr) -> String {
    let list = |values: &[Expr]| values.iter().map(show_expr).collect::<Vec<_>>().join(", ");
    match &expr.kind {
        ExprKind::Number(n) => match &n.unit {
            Some(unit) => format!("{}'{}", n.text, unit.text),
            None => n.text.to_string(),
        },
        ExprKind::Text(text) => format!("{:?}", text.as_str()),
        ExprKind::Date(date) => format!("@{date}"),
        ExprKind::Path(path) => path.text().to_string(),
        ExprKind::List(values) => format!("[{}]", list(values)),
        ExprKind::Group(inner) => format!("({})", show_expr(inner)),
        ExprKind::Unary(UnaryOp::Negate, inner) => format!("<-{}>", show_expr(inner)),
        ExprKind::Binary(op, a, b) => format!("<{} {} {}>", show_expr(a), op.symbol(), show_expr(b)),
        ExprKind::Range(a, b) => format!("<{} to {}>", show_expr(a), show_expr(b)),
        ExprKind::Call(path, values) => format!("{}({})", path.text(), list(values)),
        ExprKind::Hole => "?".to_string(),
    }
}

/// The messages of a text, with the input they point at.
pub(super) fn complaints(text: &str) -> Vec<String> {
    let tree = tree(text);
    let shown = |f: &Finding| {
        let at = text.get(f.primary.span.range()).unwrap_or("<no boundary>");
        format!("{} @ {}", f.message, at)
    };
    tree.findings.iter().map(shown).collect()
}

/// The text with every fix of its findings applied.
pub(super) fn fixed(text: &str) -> String {
    let mut edits: Vec<(Span, String)> =
        tree(text).findings.into_iter().flat_map(|f| f.fixes).flat_map(|f| f.edits).collect();
    edits.sort_by_key(|(span, _)| (span.start, span.end));
    let mut text = text.to_string();
    for (span, by) in edits.iter().rev() {
        text.replace_range(span.range(), by);
    }
    text
}
