//! String literals: escapes, and the common indent of `"""`.

use ecow::EcoString;
use std::ops::Range;

/// What is wrong inside a string literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextFault {
    /// The closing quote is missing.
    Unclosed,
    /// The quotes are not `"`.
    Quotes,
    /// `\` before a character that has no such meaning, or `\u` without a character's number.
    Escape,
}

/// A string literal, read.
pub(super) struct Decoded {
    /// What it says.
    pub text: EcoString,
    /// Faults with their places, relative to the literal.
    pub faults: Vec<(Range<usize>, TextFault)>,
}

/// Reads a literal as it stands in the text, quotes included.
pub(super) fn decode(raw: &str) -> Decoded {
    if let Some(body) = raw.strip_prefix("\"\"\"") {
        let (body, faults) = match body.strip_suffix("\"\"\"") {
            Some(body) => (body, Vec::new()),
            None => (body, vec![(0..3, TextFault::Unclosed)]),
        };
        return Decoded { text: without_common_indent(body), faults };
    }
    if let Some(body) = raw.strip_prefix('"') {
        return escaped(raw, body);
    }
    let body = raw.trim_matches(['\'', '“', '”', '„']);
    Decoded { text: body.into(), faults: vec![(0..raw.len(), TextFault::Quotes)] }
}

fn escaped(raw: &str, body: &str) -> Decoded {
    if let Some(plain) = body.strip_suffix('"')
        && !plain.contains(['\\', '"'])
    {
        return Decoded { text: plain.into(), faults: Vec::new() };
    }
    let mut text = EcoString::new();
    let mut faults = Vec::new();
    let mut at = 1;
    let mut closed = false;
    while let Some(c) = raw.get(at..).and_then(|rest| rest.chars().next()) {
        match c {
            '"' => {
                closed = true;
                break;
            }
            '\\' => {
                let (length, c) = escape(&raw[at..]);
                match c {
                    Some(c) => text.push(c),
                    None => faults.push((at..at + length, TextFault::Escape)),
                }
                at += length;
            }
            c => {
                text.push(c);
                at += c.len_utf8();
            }
        }
    }
    if !closed {
        faults.push((0..raw.len(), TextFault::Unclosed));
    }
    Decoded { text, faults }
}

/// Length of the escape that `rest` starts with, and what it stands for.
fn escape(rest: &str) -> (usize, Option<char>) {
    let Some(c) = rest[1..].chars().next() else { return (1, None) };
    let known = match c {
        '"' => Some('"'),
        '\\' => Some('\\'),
        'n' => Some('\n'),
        't' => Some('\t'),
        'u' if rest[2..].starts_with('{') => {
            let digits = &rest[3..];
            let length = digits.bytes().take_while(u8::is_ascii_hexdigit).count();
            if !digits[length..].starts_with('}') {
                return (3 + length, None);
            }
            let c = u32::from_str_radix(&digits[..length], 16).ok().and_then(char::from_u32);
            return (3 + length + 1, c);
        }
        _ => None,
    };
    (1 + c.len_utf8(), known)
}

/// Takes off the indent that all lines share, the line break behind the opening quotes and
/// the blank line before the closing ones. The line on which the quotes open has no indent.
fn without_common_indent(body: &str) -> EcoString {
    let lines: Vec<&str> = body.split('\n').map(|line| line.trim_end_matches('\r')).collect();
    let [first, rest @ ..] = lines.as_slice() else { return body.into() };
    let indent_of = |line: &&str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let indent = rest.iter().filter(|line| !line.trim().is_empty()).map(indent_of).min().unwrap_or(0);
    let mut text = EcoString::new();
    let mut started = false;
    let last = rest.len();
    for (index, line) in std::iter::once(first).chain(rest).enumerate() {
        let content = if index == 0 { line.trim_start() } else { line.get(indent..).unwrap_or("") };
        let content = if content.trim().is_empty() { "" } else { content };
        let edge = content.trim().is_empty() && last > 0 && (index == 0 || index == last);
        if edge {
            continue;
        }
        if started {
            text.push('\n');
        }
        started = true;
        text.push_str(content);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(raw: &str) -> Vec<(Range<usize>, TextFault)> {
        decode(raw).faults
    }

    #[test]
    fn escapes_are_resolved() {
        assert_eq!(decode(r#""a\"b\\c\n\t\u{E9}\u{1F600}""#).text, "a\"b\\c\n\té😀");
        assert!(faults(r#""a\"b""#).is_empty());
    }

    #[test]
    fn unknown_escapes_are_found_where_they_stand() {
        assert_eq!(faults(r#""a\qb""#), [(2..4, TextFault::Escape)]);
        assert_eq!(faults(r#""\u{}""#), [(1..5, TextFault::Escape)]);
        assert_eq!(faults(r#""\u{D800}""#), [(1..9, TextFault::Escape)]);
        assert_eq!(faults(r#""\u{12""#), [(1..6, TextFault::Escape)]);
        assert_eq!(faults(r#""\é""#), [(1..4, TextFault::Escape)]);
    }

    #[test]
    fn a_string_without_its_end_is_found() {
        assert_eq!(faults("\"abc"), [(0..4, TextFault::Unclosed)]);
        assert_eq!(faults(r#""abc\""#), [(0..6, TextFault::Unclosed)]);
        assert_eq!(faults("\"abc\\"), [(4..5, TextFault::Escape), (0..5, TextFault::Unclosed)]);
        assert_eq!(faults("\"\"\"abc\n"), [(0..3, TextFault::Unclosed)]);
    }

    #[test]
    fn common_indent_is_removed() {
        let raw = "\"\"\"\n    # Why\n\n      - a\n    - b\r\n    \"\"\"";
        assert_eq!(decode(raw).text, "# Why\n\n  - a\n- b");
        assert_eq!(decode("\"\"\"one line\"\"\"").text, "one line");
        assert_eq!(decode("\"\"\"first\n  second\n    third\"\"\"").text, "first\nsecond\n  third");
        assert_eq!(decode("\"\"\"\"\"\"").text, "");
    }
}
