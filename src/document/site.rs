//! The same documents as HTML: one page a design, one over all, nothing from the network, no script.
//!
//! Text of the author never becomes markup: raw HTML in it is shown as written, and a link leads
//! only to the web, to mail or inside the site.

use super::{TemplateError, Templates};
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};
use serde::Serialize;

#[derive(Serialize)]
struct Section {
    id: String,
    title: String,
}

#[derive(Serialize)]
struct Page<'a> {
    title: &'a str,
    home: Option<&'a str>,
    sections: Vec<Section>,
    body: String,
}

/// A document in Markdown as an HTML page; `home` is the way to the page over all designs.
///
/// # Errors
/// [`TemplateError`].
pub fn page(
    markdown: &str,
    title: &str,
    home: Option<&str>,
    templates: &Templates,
) -> Result<String, TemplateError> {
    let (body, sections) = body(markdown);
    templates.render("site/page.html", &Page { title: &escaped(title), home, sections, body })
}

fn body(markdown: &str) -> (String, Vec<Section>) {
    let mut events: Vec<Event> =
        Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH)
            .map(harmless)
            .collect();
    let sections = name_headings(&mut events);
    let mut out = String::new();
    html::push_html(&mut out, events.into_iter());
    (out, sections)
}

/// An event without what an author could use as markup or script.
fn harmless(event: Event) -> Event {
    match event {
        // The templates' own anchors are the only markup that passes.
        Event::Html(text) | Event::InlineHtml(text) if is_anchor(&text) => Event::InlineHtml(text),
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url: address(dest_url), title, id })
        }
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Image { link_type, dest_url: address(dest_url), title, id })
        }
        other => other,
    }
}

/// `<a id="element-api"></a>`, with an identifier of letters, digits, `_` and `-`.
fn is_anchor(text: &str) -> bool {
    let inside = text
        .trim()
        .strip_prefix("<a id=\"")
        .and_then(|rest| rest.strip_suffix("\"></a>").or_else(|| rest.strip_suffix("\">")));
    let named = inside.is_some_and(|id| {
        !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    });
    named || text.trim() == "</a>"
}

/// The address, if it leads to the web, to mail or inside the site; else nowhere. Links between documents
/// lead to their HTML form.
fn address(url: CowStr) -> CowStr {
    let scheme = url
        .split(['/', '?', '#'])
        .next()
        .unwrap_or("")
        .split_once(':')
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        None => match url.strip_suffix("README.md") {
            Some(folder) => format!("{folder}index.html").into(),
            None => url,
        },
        Some("http" | "https" | "mailto") => url,
        Some(_) => "#".into(),
    }
}

/// Gives second-level headings an id and lists them.
fn name_headings(events: &mut [Event]) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for index in 0..events.len() {
        match &events[index] {
            Event::Start(Tag::Heading { level: pulldown_cmark::HeadingLevel::H2, .. }) => {
                open = Some((index, String::new()));
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some((_, title)) = &mut open {
                    title.push_str(text);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some((start, title)) = open.take() {
                    let id = format!("section-{}", sections.len() + 1);
                    if let Event::Start(Tag::Heading { id: place, .. }) = &mut events[start] {
                        *place = Some(id.clone().into());
                    }
                    sections.push(Section { id, title: escaped(&title) });
                }
            }
            _ => {}
        }
    }
    sections
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn page_of(markdown: &str) -> String {
        page(markdown, "A \"title\" <b>", Some("../index.html"), &Templates::new(|_| None).unwrap()).unwrap()
    }

    #[test]
    fn text_of_the_author_is_never_markup() {
        let page = page_of(
            "# x\n\n<script>alert(1)</script>\n\n[a](javascript:alert(1)) <img src=x onerror=alert(1)>\n",
        );
        assert!(
            !page.contains("<script") && !page.contains("<img src=x") && !page.contains("href=\"javascript"),
            "{page}"
        );
        assert!(page.contains("A &quot;title&quot; &lt;b&gt;"));
    }

    #[test]
    fn sections_are_listed_and_links_lead_to_pages() {
        let page =
            page_of("## One & two\n\n[other](../other/README.md)\n\n<a id=\"element-api\"></a>\n\n### Api\n");
        assert!(page.contains("<a href=\"#section-1\">One &amp; two</a>"), "{page}");
        assert!(
            page.contains("<h2 id=\"section-1\">") && page.contains("href=\"../other/index.html\""),
            "{page}"
        );
        assert!(page.contains("<a id=\"element-api\"></a>"), "{page}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn no_text_becomes_a_script(text in "[ -~\n]{0,80}", tag in "(script|iframe|img|svg|style)") {
            let page = page_of(&format!("{text}\n\n<{tag} {text}\n\n[x](javascript:{text})"));
            let body = page.split("<main").nth(1).unwrap_or("");
            let opened = format!("<{tag}");
            prop_assert!(tag == "img" || !body.contains(opened.as_str()), "{}", body);
            prop_assert!(!body.contains("href=\"javascript"), "{}", body);
        }
    }
}
