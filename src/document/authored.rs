//! An author's Markdown, made fit to stand in a document of any flavour: what it leaves open is closed, and nothing
//! in it is markup or script of the page that somebody else renders. Our own pages are guarded once more in `site`.

use pulldown_cmark::{Event, Options, Parser, Tag};
use std::ops::Range;

/// Markdown that closes its code blocks and has no raw HTML and no link but to the web, to mail or to a file.
pub(super) fn authored(text: &str) -> String {
    neutral(&closed(text))
}

/// Where an address leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// To a place in the document, or to a file beside it.
    Inside,
    /// To the web or to mail.
    Outside,
    /// By a scheme that may run something.
    Unsafe,
}

impl Address {
    /// Of a link as it is written.
    pub fn of(url: &str) -> Address {
        let head = url.split(['/', '?', '#']).next().unwrap_or("");
        match head.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase()).as_deref() {
            None => Address::Inside,
            Some("http" | "https" | "mailto") => Address::Outside,
            Some(_) => Address::Unsafe,
        }
    }
}

/// Closed where it left a code block or a comment open: it must not swallow what follows.
fn closed(text: &str) -> String {
    let mut open: Option<(char, usize)> = None;
    for line in text.lines().map(str::trim_start) {
        let Some(mark) = line.chars().next().filter(|c| matches!(c, '`' | '~')) else { continue };
        let length = line.chars().take_while(|c| *c == mark).count();
        let bare = line.trim_end().chars().all(|c| c == mark);
        match open {
            Some((with, least)) if with == mark && length >= least && bare => open = None,
            None if length >= 3 => open = Some((mark, length)),
            _ => {}
        }
    }
    let mut out = text.trim_end().to_string();
    if let Some((mark, length)) = open {
        out.push('\n');
        out.extend(std::iter::repeat_n(mark, length));
    } else if out.rfind("<!--").is_some_and(|at| !out[at..].contains("-->")) {
        out.push_str(" -->");
    }
    out
}

/// Raw HTML as the text that it is, and links with other schemes as the text that they are. Escaping may make markup
/// of what stood inside it, so that it is read again until nothing is left; each round leaves fewer openings.
fn neutral(text: &str) -> String {
    let mut text = text.to_string();
    loop {
        let found = openings(&text);
        if found.is_empty() {
            return text;
        }
        let mut out = String::with_capacity(text.len() + 4 * found.len());
        let mut done = 0;
        for at in found {
            out.push_str(&text[done..at]);
            out.push_str(if text[at..].starts_with('<') { "&lt;" } else { "\\[" });
            done = at + 1;
        }
        out.push_str(&text[done..]);
        text = out;
    }
}

/// Where raw HTML and links that lead elsewhere begin, in order, each once.
fn openings(text: &str) -> Vec<usize> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut found = Vec::new();
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Html(_) | Event::InlineHtml(_) if !is_comment(&text[range.clone()]) => {
                found.extend(text[range.clone()].match_indices('<').map(|(at, _)| range.start + at));
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. })
                if Address::of(&dest_url) == Address::Unsafe =>
            {
                found.extend(first_opening(text, &range));
            }
            _ => {}
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// A comment hides from readers and runs nothing.
fn is_comment(text: &str) -> bool {
    let text = text.trim();
    text.strip_prefix("<!--").and_then(|t| t.strip_suffix("-->")).is_some_and(|t| !t.contains(['<', '>']))
}

fn first_opening(text: &str, range: &Range<usize>) -> Option<usize> {
    text.get(range.clone())?.find(['[', '<']).map(|at| range.start + at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_open_block_is_closed() {
        assert_eq!(authored("a\n```rust\nx"), "a\n```rust\nx\n```");
        assert_eq!(authored("a\n```\nx\n```\nb"), "a\n```\nx\n```\nb");
        assert_eq!(authored("a <!-- b"), "a <!-- b -->");
    }

    #[test]
    fn markup_and_script_are_text() {
        assert_eq!(authored("a <b>x</b>"), "a &lt;b>x&lt;/b>");
        assert_eq!(authored("<script>alert(1)</script>"), "&lt;script>alert(1)&lt;/script>");
        assert_eq!(authored("[x](javascript:alert(1))"), "\\[x](javascript:alert(1))");
        assert_eq!(authored("![x](data:text/html,y)"), "!\\[x](data:text/html,y)");
        assert_eq!(authored("<javascript:alert(1)>"), "&lt;javascript:alert(1)>");
        assert_eq!(authored("[x][a]\n\n[a]: vbscript:y"), "\\[x]\\[a]\n\n[a]: vbscript:y");
        // What is harmless stays as it is written.
        for text in
            ["`<b>`", "[x](https://a.b/c)", "[x](../a.md#b)", "1 < 2", "<https://a.b>", "```html\n<b>\n```"]
        {
            assert_eq!(authored(text), text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn nothing_that_runs_is_left(text in r#"([<>\[\]()!&;:`"/ \n]|script|a|img|javascript:|onerror=|<!--|-->|x){1,24}"#) {
            let text = authored(&text);
            prop_assert!(openings(&text).is_empty(), "{text}");
        }
    }
}
