//! Text for Markdown: what an author wrote becomes text and never markup, numbers read as people write them,
//! tables of cells. It knows nothing of designs.

use super::Rows;
use crate::report::table::Table;
use crate::words::spelled;
use schemars::JsonSchema;
use serde::Serialize;

/// A heading of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Heading {
    /// The heading.
    pub text: String,
    /// Whether the column holds numbers, which are aligned to the right.
    pub numbers: bool,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// Text of any kind.
    Text(String),
    /// A number with its unit.
    Number(String),
    /// A sentence of sysd: what stands in backticks is code.
    Message(String),
    /// A piece of a design.
    Code(String),
    /// A name of the design, with the anchor to which others lead.
    Named(String, Option<String>),
    /// A name that leads somewhere.
    Link(String, Option<String>),
    /// Several names that lead somewhere.
    Links(Vec<(String, Option<String>)>),
}

impl Cell {
    fn plain(&self) -> String {
        match self {
            Cell::Text(text) | Cell::Message(text) | Cell::Code(text) => text.clone(),
            Cell::Link(text, _) | Cell::Named(text, _) => text.clone(),
            Cell::Number(text) => spelled(text),
            Cell::Links(links) => links.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join(", "),
        }
    }

    fn markdown(&self) -> String {
        match self {
            Cell::Text(text) => with_addresses(text, escape_inside),
            Cell::Number(text) => escape_inside(&spelled(text)),
            Cell::Message(text) => with_addresses(text, message),
            Cell::Code(text) if text.trim().is_empty() => String::new(),
            Cell::Code(text) => code(text),
            Cell::Named(text, None) => code(text),
            Cell::Named(text, Some(anchor)) => format!("<a id=\"{anchor}\"></a>{}", code(text)),
            Cell::Link(text, to) => link(text, to.as_deref()),
            Cell::Links(links) => {
                links.iter().map(|(text, to)| link(text, to.as_deref())).collect::<Vec<_>>().join(", ")
            }
        }
    }
}

/// A table in the making.
pub(super) struct Grid {
    headings: Vec<Heading>,
    rows: Vec<Vec<Cell>>,
}

impl Grid {
    /// A table with these headings; one that begins with `>` heads a column of numbers.
    pub(super) fn new<S: AsRef<str>>(headings: &[S]) -> Grid {
        let heading = |text: &str| Heading {
            text: text.trim_start_matches('>').to_string(),
            numbers: text.starts_with('>'),
        };
        Grid { headings: headings.iter().map(|h| heading(h.as_ref())).collect(), rows: Vec::new() }
    }

    pub(super) fn push(&mut self, row: Vec<Cell>) {
        self.rows.push(row);
    }

    /// The table without columns in which every cell is empty.
    pub(super) fn finish(self) -> Rows {
        let used = |column: usize| {
            self.rows.iter().any(|r| r.get(column).is_some_and(|cell| !cell.plain().trim().is_empty()))
        };
        let keep: Vec<usize> = (0..self.headings.len()).filter(|c| *c == 0 || used(*c)).collect();
        let headings: Vec<Heading> = keep.iter().map(|c| self.headings[*c].clone()).collect();
        let pick = |row: &Vec<Cell>, text: fn(&Cell) -> String| -> Vec<String> {
            keep.iter().map(|c| row.get(*c).map(text).unwrap_or_default()).collect()
        };
        let mut markdown = line(headings.iter().map(|h| escape(&h.text)));
        markdown.push_str(&line(headings.iter().map(|h| if h.numbers { "---:" } else { "---" }.to_string())));
        for row in &self.rows {
            markdown.push_str(&line(pick(row, Cell::markdown).into_iter()));
        }
        let rows: Vec<Vec<String>> = self.rows.iter().map(|row| pick(row, Cell::plain)).collect();
        Rows { any: !rows.is_empty(), headings, rows, markdown }
    }
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let mut out = String::from("|");
    for cell in cells {
        out.push(' ');
        out.push_str(&cell);
        out.push_str(if cell.is_empty() { "|" } else { " |" });
    }
    out.push('\n');
    out
}

/// A table of the report, with the title and the address for each name in its first column.
pub(super) fn linked(table: &Table, called: impl Fn(&str) -> (String, Option<String>)) -> Rows {
    let mut grid = Grid::new(&table.headings);
    for row in &table.rows {
        let cells = row.iter().enumerate().map(|(column, text)| {
            let number = table.headings.get(column).is_some_and(|h| h.starts_with('>'));
            match (column, number) {
                (0, _) => {
                    let (title, to) = called(text);
                    Cell::Link(title, to)
                }
                (_, true) => Cell::Number(text.clone()),
                _ => Cell::Message(text.clone()),
            }
        });
        grid.push(cells.collect());
    }
    grid.finish()
}

/// Text that is no markup, wherever it stands on a line.
pub fn escape(text: &str) -> String {
    escaped(text, None)
}

/// Text that is no markup, where something stands before it on its line, as in a cell of a table.
fn escape_inside(text: &str) -> String {
    escaped(text, Some(' '))
}

fn escaped(text: &str, mut before: Option<char>) -> String {
    let mut out = String::with_capacity(text.len());
    let begins = before.is_none();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let after = rest.peek().copied();
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        match c {
            '\\' | '`' | '*' | '[' | ']' | '|' | '$' => out.extend(['\\', c]),
            '_' if !(word(before) && word(after)) => out.push_str("\\_"),
            '{' if before == Some(c) || after == Some(c) => out.extend(['\\', c]),
            // One on each side strikes through; an arrow between blanks does not.
            '~' if after != Some('>') || before.is_some_and(|b| !b.is_whitespace()) => out.extend(['\\', c]),
            '-' | '+' | '>' | '=' | '#' if before.is_none() => out.extend(['\\', c]),
            // `1. ` at the start of a line begins a list.
            '.' | ')' if begins && after.is_none_or(char::is_whitespace) && is_number(&out) => {
                out.extend(['\\', c]);
            }
            '<' => out.push_str("&lt;"),
            '&' if after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '#') => out.push_str("&amp;"),
            '\n' | '\r' | '\t' => out.push(' '),
            // What is invisible, or turns the direction of what follows.
            c if c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}') => {
                out.push('\u{FFFD}');
            }
            c => out.push(c),
        }
        before = Some(c);
    }
    out
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// A piece of a design, as code.
pub(super) fn code(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let gap = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{gap}{text}{gap}{fence}")
}

/// A sentence of sysd: what stands in backticks is code, the rest is text.
pub(super) fn message(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    let mut out = String::new();
    for (at, part) in parts.iter().enumerate() {
        let closed = at + 1 < parts.len();
        if at % 2 == 0 {
            out.push_str(&escape(&spelled(part)));
        } else if closed && !part.trim().is_empty() {
            out.push_str(&code(part));
        } else {
            out.push_str("\\`");
            out.push_str(&escape(part));
        }
    }
    out
}

/// A text whose addresses of the web can be followed.
fn with_addresses(text: &str, rest: fn(&str) -> String) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/?#@+%=&:".contains(c);
    let is_address = |word: &str| {
        let after = word.strip_prefix("https://").or_else(|| word.strip_prefix("http://"));
        after.is_some_and(|after| !after.is_empty() && after.chars().all(plain))
    };
    let mut out: Vec<String> = Vec::new();
    let mut others: Vec<&str> = Vec::new();
    for word in text.split(' ') {
        let bare = word.trim_end_matches([',', '.', ';', ':']);
        if !is_address(bare) {
            others.push(word);
            continue;
        }
        if !others.is_empty() {
            out.push(rest(&others.join(" ")));
            others.clear();
        }
        out.push(format!("<{bare}>{}", &word[bare.len()..]));
    }
    if !others.is_empty() {
        out.push(rest(&others.join(" ")));
    }
    out.join(" ")
}

/// A name that leads somewhere, if it does.
pub(super) fn link(text: &str, to: Option<&str>) -> String {
    match to {
        Some(to) if !text.is_empty() => format!("[{}]({to})", escape(text)),
        _ => escape(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser};

    fn read(markdown: &str) -> (String, bool) {
        let mut text = String::new();
        let mut markup = false;
        for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
            match event {
                Event::Text(t) => text.push_str(&t),
                Event::Start(pulldown_cmark::Tag::Paragraph)
                | Event::End(pulldown_cmark::TagEnd::Paragraph) => {}
                _ => markup = true,
            }
        }
        (text, markup)
    }

    #[test]
    fn text_is_read_back_as_it_was() {
        for text in [
            "a | b",
            "a < b & c",
            "*not* bold",
            "snake_case and _this_",
            "1. not a list",
            "- nor this",
            "# nor this",
            "[x](javascript:y)",
            "`code`",
            "$5 and $6",
            "~~x~~",
            "&lt; stays",
            "{{#include x}}",
            "🚀 שלום",
            "a\\b",
            "> quote",
            "<b>x</b>",
            "= x",
            "+ y",
        ] {
            assert_eq!(read(&escape(text)), (text.to_string(), false), "{}", escape(text));
        }
    }

    #[test]
    fn messages_keep_their_code() {
        assert_eq!(message("`a_b` is asked for 2 year of `c|d`"), "`a_b` is asked for 2 years of `c\\|d`");
        assert_eq!(message("one ` alone"), "one \\` alone");
        assert_eq!(code("a ` b"), "``a ` b``");
    }

    #[test]
    fn addresses_can_be_followed() {
        let cell = Cell::Text("Amazon S3: https://aws.amazon.com/s3/sla/, read in *May*".to_string());
        assert_eq!(cell.markdown(), "Amazon S3: <https://aws.amazon.com/s3/sla/>, read in \\*May\\*");
        let cell = Cell::Text("https://x\"><b> javascript:x".to_string());
        assert_eq!(cell.markdown(), "https://x\">&lt;b> javascript:x");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn any_line_is_text(text in "[!-~]{1,12}( [!-~]{1,12}){0,3}") {
            let (back, markup) = read(&escape(&text));
            prop_assert!(!markup, "{}", escape(&text));
            prop_assert_eq!(back, text);
        }
    }
}
