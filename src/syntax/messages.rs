//! What is said about a text that does not have the shape of the language: one sentence
//! about what is there, and the way out.

use crate::diagnostic::language::{LIMIT_EXCEEDED, SYNTAX_ERROR};
use crate::diagnostic::{Applicability, Finding};
use crate::source::Span;

/// How many findings one text gets; a text with more of them is not a design.
pub(super) const MAX_FINDINGS: usize = 1000;

/// Longest input that a message repeats, in characters; a line of a terminal holds it.
const MAX_QUOTE: usize = 40;

/// The input in backticks, on one line and cut where it is long.
pub(super) fn quote(text: &str) -> String {
    let line = text.lines().next().unwrap_or("").trim_end();
    let cut: String = line.chars().take(MAX_QUOTE).collect();
    let more = if cut.len() < text.trim_end().len() { "…" } else { "" };
    format!("`{cut}{more}`")
}

pub(super) fn syntax(span: Span, message: impl Into<String>) -> Finding {
    Finding::new(SYNTAX_ERROR, span, message)
}

pub(super) fn replace(finding: Finding, span: Span, by: impl Into<String>) -> Finding {
    let by = by.into();
    finding.fix(format!("write `{by}`"), vec![(span, by)], Applicability::Safe)
}

/// `ended_by` is the `}` of an outer block that shows where this one should have ended.
pub(super) fn unclosed_bracket(span: Span, bracket: &str, ended_by: Option<Span>) -> Finding {
    let close = match bracket {
        "(" => ")",
        "[" => "]",
        _ => "}",
    };
    let finding = syntax(span, format!("`{bracket}` is never closed"))
        .label(format!("expected a `{close}` for this"))
        .help(format!("add the missing `{close}`"));
    match ended_by {
        Some(brace) => finding.related(brace, "by its indentation, this closes an outer block"),
        None => finding,
    }
}

pub(super) fn stray_bracket(span: Span, bracket: &str) -> Finding {
    syntax(span, format!("`{bracket}` closes nothing"))
        .label("nothing is open here")
        .help(format!("remove this `{bracket}`, or add the bracket that it closes"))
}

pub(super) fn too_deep(span: Span) -> Finding {
    let limit = super::brackets::MAX_DEPTH;
    Finding::new(LIMIT_EXCEEDED, span, format!("blocks and brackets nest more than {limit} levels deep"))
        .label("this one goes too deep; what it holds was not read")
        .help("declare inner parts beside each other, or move them into a file of their own")
}

pub(super) fn name_too_long(span: Span, length: usize, limit: usize) -> Finding {
    Finding::new(
        LIMIT_EXCEEDED,
        span,
        format!("a name of {length} bytes is longer than the limit of {limit}"),
    )
    .label("this name")
    .help("use a short name, and put the long form into a title")
}

pub(super) fn expression_too_deep(span: Span, limit: usize) -> Finding {
    Finding::new(LIMIT_EXCEEDED, span, format!("an expression nests more than {limit} operators deep"))
        .label("this operator goes too deep")
        .help("name parts of the expression with `let`")
}

pub(super) fn missing_after(span: Span, what: &str, token: &str) -> Finding {
    syntax(span, format!("expected {what} after `{token}`"))
        .label(format!("{what} belongs behind this"))
        .help(format!("add {what}, or remove `{token}`"))
}

pub(super) fn missing_before(span: Span, what: &str, token: &str) -> Finding {
    let help = match token {
        "->" | "~>" => {
            "write the source of the step in front of it; what stands before a block or a line break has ended"
        }
        "," => "add a value, or remove the comma",
        "=" | ":" => "an item begins with a word",
        _ => "add a value; a line goes on only if it ends in its operator",
    };
    syntax(span, format!("expected {what} before `{token}`"))
        .label(format!("{what} belongs in front of this"))
        .help(help)
}

pub(super) fn wrong_arrow(span: Span, written: &str, meant: &str) -> Finding {
    let finding = syntax(span, format!("{} is not an arrow", quote(written)));
    if written.starts_with('<') {
        return finding
            .label("arrows point from the caller to the called")
            .help("write `caller -> called`, or `caller ~> called` if nobody waits for the answer");
    }
    replace(finding.label(format!("did you mean `{meant}`?")), span, meant)
        .help("`->` waits for the answer, `~>` does not")
}

pub(super) fn wrong_operator(span: Span, written: &str, meant: &str) -> Finding {
    let finding =
        syntax(span, format!("`{written}` is not an operator")).label(format!("did you mean `{meant}`?"));
    replace(finding, span, meant).help("the operators are `+ - * / < <= > >= == !=`")
}

pub(super) fn wrong_quotes(span: Span, text: &str) -> Finding {
    let finding = syntax(span, "a string stands in straight double quotes").label("these quotes are others");
    let escaped: String = text.chars().flat_map(escape).collect();
    let by = format!("\"{escaped}\"");
    let help = format!("write {}", quote(&by));
    finding.help(help).fix("use straight double quotes", vec![(span, by)], Applicability::Safe)
}

fn escape(c: char) -> impl Iterator<Item = char> {
    let slash = matches!(c, '"' | '\\').then_some('\\');
    slash.into_iter().chain(std::iter::once(c))
}

pub(super) fn unclosed_string(span: Span, markdown: bool) -> Finding {
    let (quotes, end) =
        if markdown { ("\"\"\"", "the end of the text") } else { ("\"", "the end of the line") };
    syntax(span, "a string is never closed")
        .label(format!("runs to {end}"))
        .help(format!("add the closing `{quotes}`; a text of several lines stands in `\"\"\"`"))
}

pub(super) fn unknown_escape(span: Span, escape: &str) -> Finding {
    let finding = syntax(span, format!("{} is not an escape", quote(escape)))
        .label("unknown escape")
        .help("the escapes are `\\\"`, `\\\\`, `\\n`, `\\t` and `\\u{HEX}`; a backslash itself is `\\\\`");
    if escape.starts_with("\\u") {
        return finding;
    }
    finding.fix("keep the backslash", vec![(span, format!("\\{escape}"))], Applicability::Safe)
}

pub(super) fn block_on_own_line(span: Span, edits: Vec<(Span, String)>) -> Finding {
    syntax(span, "`{` stands on the line of its owner")
        .label("this block belongs to the item above")
        .help("move the `{` to the end of that line")
        .fix("join the lines", edits, Applicability::Safe)
}

pub(super) fn block_without_owner(span: Span) -> Finding {
    syntax(span, "expected an item before `{`")
        .label("this block belongs to nothing")
        .help("write what it is about in front of it, as in `service api {`")
}

pub(super) fn items_not_separated(before: Span, item: Span, title: bool) -> Finding {
    let finding = syntax(item, "expected a new line, `,` or `;` after `}`").label("a new item starts here");
    if title {
        return finding.help("a title stands before the block");
    }
    let gap = Span { file: item.file, start: before.end, end: item.start };
    finding.help("put it on a line of its own").fix(
        "separate the items",
        vec![(gap, "; ".to_string())],
        Applicability::Safe,
    )
}

pub(super) fn value_first(span: Span, text: &str) -> Finding {
    syntax(span, format!("expected a word at the start of an item, found {}", quote(text)))
        .label("a value, but nothing says of what")
        .help("an item begins with its key, as in `replicas 3`")
}

pub(super) fn thousands(span: Span, joined: &str) -> Finding {
    let finding = syntax(span, "a comma starts a new item").label("digits behind a comma");
    replace(finding, span, joined).help(format!("write `{joined}`, without a comma"))
}

/// Digits with the marks of programming languages: `1_000`, `1e6`.
pub(super) fn foreign_number(span: Span, written: &str) -> Finding {
    let finding = syntax(span, format!("{} is not a number", quote(written)));
    if written.contains('_') {
        let meant = written.replace('_', "");
        return replace(finding.label("digits stand together"), span, meant.clone())
            .help(format!("write `{meant}`"));
    }
    finding
        .label("no powers of ten by `e`")
        .help("large numbers take a magnitude: `k` (thousand), `M` (million), `bn` (1e9) or `tn` (1e12)")
}

pub(super) fn kebab_name(span: Span, written: &str) -> Finding {
    let meant = written.replace('-', "_");
    syntax(span, format!("`{written}` is a subtraction, not a name"))
        .label("names are written with `_`")
        .help(format!("write `{meant}`"))
        .fix(format!("rename to `{meant}`"), vec![(span, meant)], Applicability::Unsafe)
}

pub(super) fn technology_missing(span: Span, property: bool) -> Finding {
    let finding = syntax(span, "expected a technology after `:`");
    if property {
        return finding
            .label("a colon names a technology, as in `store posts: cassandra`")
            .help("a property is written without a colon, as in `replicas 3`")
            .fix("remove the colon", vec![(span, String::new())], Applicability::Safe);
    }
    finding
        .label("a name belongs behind this")
        .help("name it, as in `store posts: cassandra`, or remove the colon")
}

pub(super) fn misplaced_doc(span: Span, file: bool) -> Finding {
    if file {
        syntax(span, "`//!` documents the whole file and stands at its top")
            .label("something stands before it")
            .help("move it to the top, or write `///` to document the item that follows")
    } else {
        syntax(span, "`///` documents the item that follows, and none starts here")
            .label("documents nothing")
            .help("move it above the item that it is about, or write `//` for a remark")
    }
}

pub(super) fn hash_comment(span: Span) -> Finding {
    let hash = Span { end: span.start + 1, ..span };
    let finding = syntax(hash, "`#` does not begin a comment").label("a comment begins with `//`");
    replace(finding, hash, "//").help("write `//`, or `///` to document the item that follows")
}

pub(super) fn unclosed_comment(span: Span) -> Finding {
    syntax(Span { end: span.start + 2, ..span }, "a comment is never closed")
        .label("runs to the end of the text")
        .help("add the closing `*/`")
}

pub(super) fn not_a_date(span: Span, written: &str, meant: Option<String>) -> Finding {
    let finding = syntax(span, format!("`{written}` is not a date"))
        .label("a date is written `2026-03-01`")
        .help("four digits for the year, two for the month, two for the day; around a minus sign put blanks");
    match meant {
        Some(meant) => replace(finding, span, meant),
        None => finding,
    }
}

pub(super) fn comparisons_chain(span: Span) -> Finding {
    syntax(span, "comparisons do not chain")
        .label("the second comparison of one condition")
        .help("write two conditions, one on each line")
}

pub(super) fn third_end(span: Span) -> Finding {
    syntax(span, "an interval has two ends").label("a third end").help("write `A to B`")
}

pub(super) fn arguments_not_separated(span: Span, call: bool) -> Finding {
    if call {
        let at = Span { end: span.start, ..span };
        return syntax(span, "expected `,` or `)` in a call")
            .label("a second value without a comma")
            .help("separate the arguments of a call by commas")
            .fix("add a comma", vec![(at, ", ".to_string())], Applicability::Unsafe);
    }
    syntax(span, "expected an operator or `)`")
        .label("a second value in one pair of brackets")
        .help("join the values by an operator, or write a list as `[a, b]`")
}

pub(super) fn misplaced_token(span: Span, token: &str, inside: &str) -> Finding {
    let help = match token {
        "," | ";" => "a list is written `[a, b]`, the arguments of a call as `max(a, b)`",
        _ => "remove it, or close the brackets before it",
    };
    syntax(span, format!("{} has no place in {inside}", quote(token))).label("not expected here").help(help)
}

pub(super) fn missing_value(span: Span, inside: &str) -> Finding {
    syntax(span, format!("expected a value in {inside}")).label("nothing stands here").help("add a value")
}

/// A character, or several, that the language does not use.
pub(super) fn stray_characters(span: Span, text: &str, neighbours: &str) -> Finding {
    let first = text.chars().next().unwrap_or(' ');
    if neighbours.len() > text.len() && neighbours.chars().any(char::is_alphabetic) && first.is_alphanumeric()
        || text.chars().all(char::is_alphanumeric)
    {
        return syntax(span, format!("{} is not a name", quote(neighbours)))
            .label("letters outside `a` to `z`")
            .help("names are written with the letters `a` to `z` and `A` to `Z`, digits and `_`; a title may say anything");
    }
    if is_blank_like(first) {
        return syntax(span, format!("U+{:04X} is not a blank that sysd reads", first as u32))
            .label("looks like a blank")
            .help("write an ordinary blank")
            .fix("replace it by a blank", vec![(span, " ".to_string())], Applicability::Safe);
    }
    let finding = syntax(span, format!("{} has no meaning here", shown(neighbours)));
    match first {
        '.' if neighbours.len() > 1 && neighbours.starts_with('.') && neighbours[1..].starts_with(digit) => {
            let meant = format!("0{neighbours}");
            let finding = finding.label("a number begins with a digit").help(format!("write `{meant}`"));
            replace(finding, span, meant)
        }
        '.' if neighbours.starts_with(digit) => finding
            .label("not a number")
            .help("a number is written `1.5`; a version stands in quotes: `\"1.2.3\"`"),
        '.' => {
            finding.label("a name belongs between dots and behind them").help("write a path as `media.api`")
        }
        '|' => finding
            .label("not an operator")
            .help("choose one value; several stand side by side, as in `in us eu`"),
        '&' => finding.label("not an operator").help("write each condition on a line of its own"),
        '$' | '€' | '£' | '¥' => {
            finding.label("not a unit").help("money is written with its currency behind the number: `40 USD`")
        }
        '%' => finding.label("no number stands before it").help("write `%` against the number: `99.9%`"),
        '—' | '–' => finding.label("a dash").help("write `-` to subtract, `->` for a call"),
        '~' => finding.label("not an operator").help("write `~>` for a call that nobody waits for"),
        '!' => finding.label("not an operator").help("write `!=` to compare"),
        _ => finding
            .label("unexpected character")
            .help("remove it; free text stands in quotes or in a `//` comment"),
    }
}

fn digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// Whether a character looks like white space but is none to the grammar.
pub(super) fn is_blank_like(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

fn shown(text: &str) -> String {
    match text.chars().next() {
        Some(c) if c.is_control() => format!("the control character U+{:04X}", c as u32),
        _ => quote(text),
    }
}
