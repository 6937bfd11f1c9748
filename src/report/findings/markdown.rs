//! Findings as Markdown, for a comment on a change or the summary of a step.
//!
//! What comes from a design is shown as text: it makes no link, no picture, no mention and no HTML.

use super::{Checked, Item};
use std::fmt::Write;

/// A heading with the total, and a table for each file; rows that would exceed `most` bytes are counted instead.
pub fn markdown(checked: &Checked, most: usize) -> String {
    let mut out = format!("### sysd: {}\n", checked.totals());
    let items: Vec<&Item> = checked.open().collect();
    let mut path = None;
    for (index, item) in items.iter().enumerate() {
        let mut piece = String::new();
        if path != Some(item.path()) {
            path = Some(item.path());
            let _ = write!(piece, "\n**{}**\n\n| | line | rule | finding |\n", inline(item.path()));
            piece.push_str("| --- | ---: | --- | --- |\n");
        }
        piece.push_str(&row(item));
        if out.len() + piece.len() > most {
            let left = items.len() - index;
            let _ = writeln!(out, "\n… and {left} more");
            break;
        }
        out.push_str(&piece);
    }
    out
}

fn row(item: &Item) -> String {
    let finding = item.finding;
    let mut text = inline(&finding.message);
    for line in item.explanation() {
        let _ = write!(text, "<br>{}", inline(line));
    }
    let (severity, code) = (finding.severity.word(), finding.code);
    format!("| {severity} | {} | {} {} | {text} |\n", item.start().line, code.code, code.name)
}

/// Text on one line of a table. Pairs of backticks stay code; everything else that Markdown would read is escaped.
fn inline(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let balanced = text.matches('`').count().is_multiple_of(2);
    if !balanced {
        return escaped(&text);
    }
    let pieces = text.split('`').enumerate();
    pieces.fold(String::new(), |mut out, (index, piece)| {
        if index % 2 == 0 {
            out.push_str(&escaped(piece));
        } else if piece.is_empty() {
            out.push_str("\\`\\`");
        } else {
            let _ = write!(out, "`{}`", piece.replace('|', "\\|"));
        }
        out
    })
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            // References need no markup, so no backslash stops them.
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            '#' => out.push_str("&#35;"),
            c => out.push(c),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn input_stays_text() {
        assert_eq!(inline("`a|b` is 5 * 3"), "`a\\|b` is 5 \\* 3");
        assert_eq!(inline("[x](http://y) @me #1 <b>"), "\\[x\\](http://y) &#64;me &#35;1 &lt;b>");
        assert_eq!(inline("an odd ` and\na break"), "an odd \\` and a break");
    }
}
