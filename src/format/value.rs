//! The layout of values: one blank around operators, none inside units.

use crate::source::Span;
use crate::syntax::{Arg, Expr, ExprKind};

/// An argument; a technology brings its colon, which touches the word before it.
pub(super) fn arg(arg: &Arg, text: &str) -> String {
    match arg {
        Arg::Value(value) => expr(value, text),
        Arg::Arrow(arrow, _) => arrow.symbol().to_string(),
        Arg::Technology(name) => format!(": {}", name.text),
        Arg::Equals(_) => "=".to_string(),
        Arg::Hole(span) => slice(*span, text).to_string(),
    }
}

fn slice(span: Span, text: &str) -> &str {
    text.get(span.range()).unwrap_or("")
}

fn expr(value: &Expr, text: &str) -> String {
    match &value.kind {
        ExprKind::Number(number) => match &number.unit {
            Some(unit) => {
                let attached = (unit.span.start - value.span.start) as usize == number.text.len();
                format!("{}{}{}", number.text, if attached { "" } else { " " }, unit.text)
            }
            None => number.text.to_string(),
        },
        ExprKind::Text(_) => super::line_feeds(slice(value.span, text)),
        ExprKind::Date(_) | ExprKind::Hole => slice(value.span, text).to_string(),
        ExprKind::Path(path) => path.text().to_string(),
        ExprKind::List(values) => list(values, text),
        ExprKind::Group(inner) => format!("({})", expr(inner, text)),
        ExprKind::Unary(_, inner) => format!("-{}", expr(inner, text)),
        ExprKind::Binary(op, a, b) => format!("{} {} {}", expr(a, text), op.symbol(), expr(b, text)),
        ExprKind::Range(a, b) => format!("{} to {}", expr(a, text), expr(b, text)),
        ExprKind::Call(path, values) => {
            let values: Vec<String> = values.iter().map(|value| expr(value, text)).collect();
            format!("{}({})", path.text(), values.join(", "))
        }
    }
}

/// Commas stand where they are written, and where a word would become the unit of the
/// number on the line above it.
fn list(values: &[Expr], text: &str) -> String {
    let mut out = String::from("[");
    let mut end = None;
    for value in values {
        if let Some(end) = end {
            let gap = text.get(end as usize..value.span.start as usize).unwrap_or("");
            out.push_str(if gap.contains([',', '\n', '\r']) { ", " } else { " " });
        }
        out.push_str(&expr(value, text));
        end = Some(value.span.end);
    }
    out.push(']');
    out
}
