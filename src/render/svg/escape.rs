//! Texts made safe for XML: markup, characters that XML forbids, direction, ids.

use crate::render::put::Put as _;

/// `text` as element content or a double-quoted attribute value.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if is_forbidden(c) => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

/// Lines of a tooltip as element content; line breaks are kept.
pub(super) fn escape_lines<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.map(escape).collect::<Vec<_>>().join("\n")
}

/// What XML 1.0 cannot say (section 2.2), and the marks that turn the direction of the text after them.
fn is_forbidden(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}'
        | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// `text` as the content of a text element: escaped, and isolated where it reads from right to left,
/// so that full stops and ellipses stand at its own end.
pub(super) fn escape_run(text: &str) -> String {
    let escaped = escape(text);
    if reads_right_to_left(text) { format!("\u{2067}{escaped}\u{2069}") } else { escaped }
}

/// Whether the first letter belongs to a script that is written from right to left.
fn reads_right_to_left(text: &str) -> bool {
    text.chars().find(|c| c.is_alphabetic()).is_some_and(|c| {
        matches!(u32::from(c),
            0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF | 0x1_0800..=0x1_0FFF | 0x1_E800..=0x1_EFFF)
    })
}

/// `name` as part of an id: letters, digits, `-` and `.` stay, whatever else becomes its code points.
pub(super) fn id_part(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_') {
            out.push(c);
        } else {
            out.put(format_args!("_{:x}_", u32::from(c)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_forbidden_characters_do_not_survive() {
        assert_eq!(
            escape("a<b> & \"c\"\u{0}\u{202E}\nd"),
            "a&lt;b&gt; &amp; &quot;c&quot;\u{FFFD}\u{FFFD} d"
        );
    }

    #[test]
    fn only_right_to_left_texts_are_isolated() {
        assert_eq!(escape_run("خدمة…"), "\u{2067}خدمة…\u{2069}");
        assert_eq!(escape_run("1. שלום"), "\u{2067}1. שלום\u{2069}");
        assert_eq!(escape_run("API خدمة"), "API خدمة");
    }

    #[test]
    fn ids_are_ascii_and_tell_names_apart() {
        assert_eq!(id_part("media.api-2"), "media.api-2");
        assert_ne!(id_part("a b"), id_part("a/b"));
        assert!(id_part("überblick 🚀").is_ascii());
    }
}
