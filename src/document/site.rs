//! The same documents as HTML: a self-contained page for each, with its pictures in it.
//!
//! Text of the author never becomes markup: raw HTML in it is shown as written, and a link leads
//! only to the web, to mail or inside the site. The only program is the one of the template, which the page
//! names by its hash; a browser runs no other. Everything can be read without it.

use super::authored::Address;
use super::context::{elements, flows, scenarios};
use super::setting::anchor;
use super::{Placed, TemplateError, Templates};
use crate::compile::Design;
use crate::render::scene::Scene;
use crate::render::svg;
use base64::Engine as _;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// What a page shows beside its text.
#[derive(Default)]
pub struct Site<'a> {
    /// The title of the page.
    pub title: &'a str,
    /// The way to the page over all designs.
    pub home: Option<String>,
    /// Pictures of the text, by name; they are drawn into the page.
    pub pictures: BTreeMap<&'a str, &'a Placed<'a>>,
    /// What the page's program may use: numbers of scenarios, names of other pages.
    pub numbers: Value,
}

#[derive(Serialize)]
struct Part {
    id: String,
    title: String,
    parts: Vec<Part>,
}

#[derive(Serialize)]
struct Page<'a> {
    title: String,
    home: Option<&'a str>,
    parts: Vec<Part>,
    body: String,
    data: String,
    style: String,
    script: String,
    script_hash: String,
    font_400: String,
    font_600: String,
}

/// A document in Markdown as an HTML page.
///
/// # Errors
/// [`TemplateError`].
pub fn page(markdown: &str, site: &Site, templates: &Templates) -> Result<String, TemplateError> {
    let (body, parts) = body(markdown, &site.pictures);
    let encode = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
    let script = templates.render("site/script.js", &Value::Null)?;
    templates.render(
        "site/page.html",
        &Page {
            title: escaped(site.title),
            home: site.home.as_deref(),
            parts,
            body,
            // Inside a script element only `<` could end it.
            data: site.numbers.to_string().replace('<', "\\u003c"),
            style: templates.render("site/style.css", &Value::Null)?,
            script_hash: encode(&Sha256::digest(script.as_bytes())),
            script,
            font_400: encode(svg::FONT_400),
            font_600: encode(svg::FONT_600),
        },
    )
}

/// The HTML form of a document's file.
pub(super) fn html_name(markdown: &str) -> String {
    match markdown {
        "README.md" | "index.md" => "index.html".to_string(),
        other => other.strip_suffix(".md").map_or_else(|| other.to_string(), |stem| format!("{stem}.html")),
    }
}

/// Numbers that scenarios change, by section and by the name that they have there.
pub(super) fn numbers(design: &Design) -> Value {
    let model = &design.lowered.model;
    let base = &design.analysis.base;
    let rows = |rows: super::Rows| -> BTreeMap<String, String> {
        rows.rows.into_iter().filter_map(|row| Some((row.first()?.clone(), row.get(1)?.clone()))).collect()
    };
    let changed = |before: super::Rows, after: super::Rows| -> Map<String, Value> {
        let (before, after) = (rows(before), rows(after));
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let differs = names.into_iter().filter(|name| before.get(*name) != after.get(*name));
        let unknown = "not evaluated".to_string();
        differs.map(|n| (n.clone(), Value::from(after.get(n).unwrap_or(&unknown).as_str()))).collect()
    };
    let cases = design.analysis.scenarios.iter().map(|(id, facts)| {
        let scenario = &model.scenarios[id.index()].head;
        let mut values = Map::new();
        for (id, element) in model.elements() {
            let (before, after) =
                (elements::numbers(base, id, element), elements::numbers(facts, id, element));
            values.insert(anchor("element", &element.head.name), changed(before, after).into());
        }
        for (id, flow) in model.flows() {
            let (before, after) = (flows::figures(base, id), flows::figures(facts, id));
            values.insert(anchor("flow", &flow.head.name), changed(before, after).into());
        }
        values.retain(|_, section| section.as_object().is_some_and(|s| !s.is_empty()));
        json!({ "title": scenario.label(), "verdict": scenarios::verdict(facts), "values": values })
    });
    json!({ "scenarios": cases.collect::<Vec<_>>() })
}

fn body(markdown: &str, pictures: &BTreeMap<&str, &Placed>) -> (String, Vec<Part>) {
    let parser = Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let events: Vec<Event> = parser.map(harmless).collect();
    let mut events = with_figures(events, pictures);
    let parts = name_headings(&mut events);
    let mut out = String::new();
    html::push_html(&mut out, events.into_iter());
    // Text is escaped, so that only tags begin with `<`.
    let out = out.replace("<th ", "<th scope=\"col\" ").replace("<th>", "<th scope=\"col\">");
    let out = out.replace("<td>✓ ", "<td class=\"good\">✓ ").replace("<td>✗ ", "<td class=\"bad\">✗ ");
    (out, parts)
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
    anchor_id(text).is_some() || text.trim() == "</a>"
}

fn anchor_id(text: &str) -> Option<&str> {
    let inside = text.trim().strip_prefix("<a id=\"")?;
    let id = inside.strip_suffix("\"></a>").or_else(|| inside.strip_suffix("\">"))?;
    let named = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    named.then_some(id)
}

/// The address, if it leads to the web, to mail or inside the site; else nowhere. Links between documents
/// lead to their HTML form.
fn address(url: CowStr) -> CowStr {
    match Address::of(&url) {
        Address::Unsafe => "#".into(),
        Address::Outside => url,
        Address::Inside => {
            let (path, fragment) = url.split_once('#').map_or((&*url, None), |(p, f)| (p, Some(f)));
            let (folder, file) = path.rsplit_once('/').map_or(("", path), |(folder, file)| (folder, file));
            let slash = if path.contains('/') { "/" } else { "" };
            let hash = fragment.map(|f| format!("#{f}")).unwrap_or_default();
            format!("{folder}{slash}{}{hash}", html_name(file)).into()
        }
    }
}

/// Pictures that stand alone in their paragraph become figures, and tables may be scrolled sideways.
fn with_figures<'a>(events: Vec<Event<'a>>, pictures: &BTreeMap<&str, &Placed>) -> Vec<Event<'a>> {
    let mut out = Vec::with_capacity(events.len());
    let mut events = events.into_iter().peekable();
    while let Some(event) = events.next() {
        match event {
            Event::Start(Tag::Paragraph) => {
                let view = match events.peek() {
                    Some(Event::Start(Tag::Image { dest_url, .. })) => {
                        let name = dest_url.strip_prefix("diagrams/").and_then(|n| n.strip_suffix(".svg"));
                        name.and_then(|name| pictures.get(name))
                    }
                    _ => None,
                };
                let Some(view) = view else {
                    out.push(Event::Start(Tag::Paragraph));
                    continue;
                };
                let mut alt = String::new();
                for event in events.by_ref() {
                    match event {
                        Event::Text(text) | Event::Code(text) => alt.push_str(&text),
                        Event::End(TagEnd::Paragraph) => break,
                        _ => {}
                    }
                }
                out.push(Event::Html(figure(view, &alt).into()));
            }
            Event::Start(Tag::Table(columns)) => {
                out.push(Event::Html("<div class=\"table\">\n".into()));
                out.push(Event::Start(Tag::Table(columns)));
            }
            Event::End(TagEnd::Table) => {
                out.push(Event::End(TagEnd::Table));
                out.push(Event::Html("</div>\n".into()));
            }
            other => out.push(other),
        }
    }
    out
}

fn figure(placed: &Placed, alt: &str) -> String {
    let options = svg::Options { font: svg::FontSource::None, ..svg::Options::default() };
    let drawn = placed.draw(&named(&placed.view.scene, &placed.view.name), &options);
    format!(
        "<figure class=\"picture\">\n<div class=\"canvas\">\n{drawn}</div>\n<figcaption>{}</figcaption>\n</figure>\n",
        escaped(alt)
    )
}

/// The scene under a name that no other part of the page can have.
fn named(scene: &Scene, name: &str) -> Scene {
    let mut scene = scene.clone();
    let id = match &mut scene {
        Scene::Diagram(scene) => &mut scene.id,
        Scene::Sequence(scene) => &mut scene.id,
        Scene::Bars(scene) => &mut scene.id,
        Scene::Waterfall(scene) => &mut scene.id,
        Scene::Lines(scene) => &mut scene.id,
    };
    *id = format!("picture-{name}");
    scene
}

/// Gives headings an id, that of the anchor before them where there is one, and lists them.
fn name_headings(events: &mut Vec<Event>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut used: BTreeSet<String> = BTreeSet::new();
    let mut anchor: Option<String> = None;
    let mut drop: Vec<usize> = Vec::new();
    let mut at = 0;
    while at < events.len() {
        match &events[at] {
            Event::Start(Tag::Paragraph) => {
                let named = match events.get(at + 1) {
                    Some(Event::InlineHtml(text)) => anchor_id(text).map(ToString::to_string),
                    _ => None,
                };
                if let (Some(id), Some(Event::End(TagEnd::Paragraph))) = (named, events.get(at + 3)) {
                    anchor = Some(id);
                    drop.extend(at..at + 4);
                    at += 3;
                }
            }
            Event::Start(Tag::Heading { level, .. }) => {
                let level = *level;
                let inner =
                    events[at + 1..].iter().take_while(|e| !matches!(e, Event::End(TagEnd::Heading(_))));
                let title: String = inner
                    .filter_map(|e| match e {
                        Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
                        _ => None,
                    })
                    .collect();
                let id = unique(&mut used, anchor.take().unwrap_or_else(|| slug(&title)));
                if let Event::Start(Tag::Heading { id: place, .. }) = &mut events[at] {
                    *place = Some(id.clone().into());
                }
                let part = Part { id, title: escaped(&title), parts: Vec::new() };
                match (level, parts.last_mut()) {
                    (HeadingLevel::H2, _) => parts.push(part),
                    (HeadingLevel::H3, Some(last)) => last.parts.push(part),
                    _ => {}
                }
            }
            _ => {}
        }
        at += 1;
    }
    let mut index = 0;
    events.retain(|_| {
        index += 1;
        drop.binary_search(&(index - 1)).is_err()
    });
    parts
}

/// The id of a section that has no anchor of its own.
fn slug(title: &str) -> String {
    let words: Vec<String> = title
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    if words.is_empty() { "section".to_string() } else { format!("section-{}", words.join("-")) }
}

fn unique(used: &mut BTreeSet<String>, id: String) -> String {
    let free = (1..=used.len() + 1)
        .map(|n| if n == 1 { id.clone() } else { format!("{id}-{n}") })
        .find(|id| !used.contains(id));
    let id = free.unwrap_or(id);
    used.insert(id.clone());
    id
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn page_of(markdown: &str) -> String {
        let site =
            Site { title: "A \"title\" <b>", home: Some("../index.html".to_string()), ..Site::default() };
        page(markdown, &site, &Templates::new(&BTreeMap::new()).unwrap()).unwrap()
    }

    fn main_of(page: &str) -> &str {
        page.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).unwrap_or("")
    }

    #[test]
    fn text_of_the_author_is_never_markup() {
        let page = page_of(
            "# x\n\n<script>alert(1)</script>\n\n[a](javascript:alert(1)) <img src=x onerror=alert(1)>\n",
        );
        let main = main_of(&page);
        assert!(
            !main.contains("<script") && !main.contains("<img src=x") && !main.contains("href=\"javascript"),
            "{main}"
        );
        assert!(page.contains("A &quot;title&quot; &lt;b&gt;"));
    }

    #[test]
    fn data_of_the_page_cannot_end_its_script() {
        let site = Site { title: "x", numbers: json!({ "a": "</script><b>" }), ..Site::default() };
        let page = page("# x\n", &site, &Templates::new(&BTreeMap::new()).unwrap()).unwrap();
        assert!(page.contains("\\u003c/script>"), "{page}");
        assert!(!page.contains("</script><b>"));
    }

    #[test]
    fn sections_are_listed_and_links_lead_to_pages() {
        let page = page_of(
            "## One & two\n\n[other](../other/README.md) [rule](../rules/dual_write.md#x)\n\n\
             <a id=\"element-api\"></a>\n\n### Api\n",
        );
        assert!(page.contains("<a href=\"#section-one-two\">One &amp; two</a>"), "{page}");
        assert!(page.contains("<h2 id=\"section-one-two\">"), "{page}");
        assert!(page.contains("href=\"../other/index.html\""), "{page}");
        assert!(page.contains("href=\"../rules/dual_write.html#x\""), "{page}");
        assert!(page.contains("<h3 id=\"element-api\">"), "{page}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn no_text_becomes_a_script(text in "[ -~\n]{0,80}", tag in "(script|iframe|img|svg|style)") {
            let page = page_of(&format!("{text}\n\n<{tag} {text}\n\n[x](javascript:{text})"));
            let body = main_of(&page);
            let opened = format!("<{tag}");
            prop_assert!(tag == "img" || !body.contains(opened.as_str()), "{}", body);
            prop_assert!(!body.contains("href=\"javascript"), "{}", body);
        }
    }
}
