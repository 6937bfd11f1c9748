//! What GitLab reads otherwise than GitHub: names of places, and words that it takes for references.
//!
//! GitLab strips the `id` of an anchor in Markdown and keeps its `name` (`BaseSanitizationFilter`), and links
//! `@name`, `#1`, `!1`, `&1` and `%milestone` of any text unless a backslash stands before them
//! ("GitLab Flavored Markdown", references). A document means nobody and no issue by them.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The prefixes of anchors that documents have.
const ANCHORS: [&str; 4] = ["element-", "flow-", "data-", "rule-"];

/// The text as GitLab wants it.
pub(super) fn adapted(markdown: &str) -> String {
    let mut text = without_references(markdown);
    for anchor in ANCHORS {
        text = text.replace(&format!("<a id=\"{anchor}"), &format!("<a name=\"{anchor}"));
    }
    text
}

/// A backslash before every word of the text that GitLab would take for a reference.
fn without_references(markdown: &str) -> String {
    let mut places = Vec::new();
    let mut code = 0;
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => code += 1,
            Event::End(TagEnd::CodeBlock) => code -= 1,
            Event::Text(_) if code == 0 => {
                let text = markdown.get(range.clone()).unwrap_or("");
                places.extend(text.match_indices(['@', '#', '!', '&', '%']).filter_map(|(at, mark)| {
                    let place = range.start + at;
                    refers(markdown, place, mark).then_some(place)
                }));
            }
            _ => {}
        }
    }
    let mut out = String::with_capacity(markdown.len() + places.len());
    let mut from = 0;
    for place in places {
        out.push_str(&markdown[from..place]);
        out.push('\\');
        from = place;
    }
    out.push_str(&markdown[from..]);
    out
}

/// Whether a reference begins here: after no word and no backslash, before a name or a number.
fn refers(markdown: &str, place: usize, mark: &str) -> bool {
    let before = markdown[..place].chars().next_back();
    let after = markdown[place + mark.len()..].chars().next();
    if before.is_some_and(|c| c.is_alphanumeric() || c == '\\') {
        return false;
    }
    match mark {
        "#" | "!" | "&" => after.is_some_and(|c| c.is_ascii_digit()),
        "%" => after.is_some_and(|c| c.is_alphanumeric() || c == '"'),
        _ => after.is_some_and(|c| c.is_alphanumeric() || c == '_'),
    }
}

#[cfg(test)]
mod tests {
    use super::adapted;

    #[test]
    fn nobody_is_called_and_no_issue_is_meant() {
        assert_eq!(
            adapted("Ask @anna about #1, !2, &3 and %v1"),
            "Ask \\@anna about \\#1, \\!2, \\&3 and \\%v1"
        );
        for same in
            ["a@b.example", "99% of 5%, R&D", "`@anna`", "```\n@anna #1\n```", "\\@anna", "&lt;b", "# One"]
        {
            assert_eq!(adapted(same), same);
        }
    }

    #[test]
    fn places_have_names() {
        assert_eq!(adapted("<a id=\"flow-pay\"></a>"), "<a name=\"flow-pay\"></a>");
        assert_eq!(adapted("| <a id=\"data-x\"></a>`x` |"), "| <a name=\"data-x\"></a>`x` |");
    }
}
