//! Parts of documents inside a text that somebody writes by hand: what stands between two markers is sysd's,
//! the rest is never touched. A marker is `<!-- sysd shop.sysd verdict -->`, its end `<!-- /sysd -->`.

use std::ops::Range;

/// A place for a part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The design, as written in the marker.
    pub design: String,
    /// The part: the name of a template under `inject/`.
    pub part: String,
    /// The bytes between the markers.
    pub between: Range<usize>,
    /// The line of the opening marker, from 1.
    pub line: usize,
}

/// Why markers cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InjectError {
    /// A marker has no end.
    #[error("line {0}: the marker is not closed; put `<!-- /sysd -->` where its part ends")]
    Open(usize),
    /// An end has no marker.
    #[error("line {0}: `<!-- /sysd -->` closes nothing")]
    Unopened(usize),
    /// A marker names no design.
    #[error("line {0}: the marker names no design; write it as `<!-- sysd shop.sysd verdict -->`")]
    Nameless(usize),
}

/// The places in a text; markers inside code blocks are examples and count as none.
///
/// # Errors
/// [`InjectError`], with the line.
pub fn sections(text: &str) -> Result<Vec<Section>, InjectError> {
    let mut found = Vec::new();
    let mut open: Option<Section> = None;
    let mut fence: Option<&str> = None;
    let mut start = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let (begin, end) = (start, start + line.len());
        start = end;
        let bare = line.trim();
        // Inside a place nothing counts but its end: what sysd wrote there is written anew.
        if open.is_none() {
            let mark = ["```", "~~~"].into_iter().find(|mark| bare.starts_with(mark));
            match (fence, mark) {
                (Some(with), Some(mark)) if with == mark => fence = None,
                (None, Some(mark)) => fence = Some(mark),
                _ => {}
            }
            if fence.is_some() {
                continue;
            }
        }
        let Some(inner) = bare.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")) else {
            continue;
        };
        let words: Vec<&str> = inner.split_whitespace().collect();
        match words.as_slice() {
            ["/sysd"] => match open.take() {
                Some(section) => {
                    let between = section.between.start..begin;
                    found.push(Section { between, ..section });
                }
                None => return Err(InjectError::Unopened(at + 1)),
            },
            ["sysd", rest @ ..] => {
                if let Some(section) = &open {
                    return Err(InjectError::Open(section.line));
                }
                let Some((design, part)) = rest.split_first() else {
                    return Err(InjectError::Nameless(at + 1));
                };
                let part = if part.is_empty() { "summary".to_string() } else { part.join(" ") };
                open = Some(Section { design: (*design).to_string(), part, between: end..end, line: at + 1 });
            }
            _ => {}
        }
    }
    match open {
        Some(section) => Err(InjectError::Open(section.line)),
        None => Ok(found),
    }
}

/// The text with these parts in its places, in order.
pub fn injected(text: &str, sections: &[Section], parts: &[String]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (section, part) in sections.iter().zip(parts) {
        out.push_str(&text[from..section.between.start]);
        if !out.ends_with('\n') {
            out.push('\n');
        }
        out.push('\n');
        out.push_str(part.trim());
        out.push_str("\n\n");
        from = section.between.end;
    }
    out.push_str(&text[from..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Mine\n\n<!-- sysd a.sysd verdict -->\nold\n<!-- /sysd -->\n\nrest\n\
                        ```\n<!-- sysd b.sysd -->\n```\n<!-- sysd c.sysd -->\n<!-- /sysd -->\n";

    #[test]
    fn only_what_stands_between_markers_changes() {
        let found = sections(TEXT).unwrap();
        let named: Vec<(&str, &str)> = found.iter().map(|s| (s.design.as_str(), s.part.as_str())).collect();
        assert_eq!(named, [("a.sysd", "verdict"), ("c.sysd", "summary")]);
        let parts = ["one\n".to_string(), "two\n```\nopen".to_string()];
        let new = injected(TEXT, &found, &parts);
        assert!(
            new.starts_with("# Mine\n\n<!-- sysd a.sysd verdict -->\n\none\n\n<!-- /sysd -->\n\nrest\n"),
            "{new}"
        );
        let again = sections(&new).unwrap();
        assert_eq!(injected(&new, &again, &parts), new, "a second time changes nothing");
    }

    #[test]
    fn a_marker_without_its_counterpart_is_an_error() {
        assert_eq!(sections("a\n<!-- sysd x.sysd -->\n"), Err(InjectError::Open(2)));
        assert_eq!(sections("<!-- /sysd -->\n"), Err(InjectError::Unopened(1)));
        assert_eq!(sections("<!-- sysd -->\n<!-- /sysd -->"), Err(InjectError::Nameless(1)));
        assert_eq!(
            sections("<!-- sysd x.sysd -->\n<!-- sysd y.sysd -->\n<!-- /sysd -->"),
            Err(InjectError::Open(1))
        );
    }
}
