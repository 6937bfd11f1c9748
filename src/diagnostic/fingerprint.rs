//! What identifies a finding when lines move, files are renamed and designs are reformatted.
//!
//! It knows findings only: no text, no line, no path.

use super::Finding;

/// The rule, what the finding is about, the flow, and what its sentence quotes: 64 bits of
/// FNV-1a in hexadecimal. Numbers of the sentence are not part of it: a finding whose figure has changed
/// is the same finding.
pub fn fingerprint(finding: &Finding) -> String {
    // The codes of rules of the house follow their order in the text; their names are the team's own.
    let rule = if finding.code.code.starts_with("HSE") { finding.code.name } else { finding.code.code };
    let mut parts = vec![
        rule.to_string(),
        finding.subject.clone().unwrap_or_default(),
        finding.flow.clone().unwrap_or_default(),
    ];
    let mut arguments: Vec<String> = quoted(&finding.message).into_iter().map(squeezed).collect();
    // A sentence that is worded anew in a later version names the same things in another order.
    arguments.sort();
    arguments.dedup();
    parts.extend(arguments);
    hash(&parts.join("\u{1f}"))
}

/// The fingerprint of the `n`th finding (from 1) of those that have the same one.
pub fn nth(fingerprint: &str, n: usize) -> String {
    if n <= 1 { fingerprint.to_string() } else { hash(&format!("{fingerprint}\u{1f}{n}")) }
}

/// FNV-1a, 64 bits: <http://www.isthe.com/chongo/tech/comp/fnv/>.
fn hash(text: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}

/// The pieces between pairs of backticks, and between pairs of straight quotes outside them.
fn quoted(message: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = message;
    while let Some(open) = rest.find(['`', '"']) {
        let (mark, inside) = rest[open..].split_at(1);
        let Some((piece, behind)) = inside.split_once(mark) else { break };
        pieces.push(piece);
        rest = behind;
    }
    pieces
}

/// One blank for every run of white space: a quoted piece may have been broken over lines.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Severity};
    use crate::source::{FileId, Span};

    const CODE: Code = Code { code: "REL001", name: "single-point-of-failure", severity: Severity::Error };

    fn finding(at: usize, message: &str) -> Finding {
        Finding::new(CODE, Span::new(FileId(0), at, at + 1), message).subject("orders")
    }

    #[test]
    fn the_hash_is_the_published_one() {
        // Test vectors of the authors: FNV-1a 64 of "" and of "a".
        assert_eq!(hash(""), "cbf29ce484222325");
        assert_eq!(hash("a"), "af63dc4c8601ec8c");
    }

    #[test]
    fn places_and_figures_do_not_matter_but_names_do() {
        let one = fingerprint(&finding(3, "`orders` in `us` is at 87.5% of 200"));
        assert_eq!(one, fingerprint(&finding(90, "at 91% of 300 is `orders` in `us`")));
        assert_ne!(one, fingerprint(&finding(3, "`orders` in `eu` is at 87.5% of 200")));
        assert_ne!(one, fingerprint(&finding(3, "`orders` in `us` is at 87.5% of 200").flow("pay")));
    }

    #[test]
    fn what_is_quoted_is_an_argument() {
        assert_eq!(quoted("`goal \"…\"` of \"Fast\" and `b"), ["goal \"…\"", "Fast"]);
        assert!(quoted("").is_empty());
    }

    #[test]
    fn equal_findings_are_numbered() {
        assert_eq!(nth("ab", 1), "ab");
        assert_ne!(nth("ab", 2), nth("ab", 3));
    }
}
