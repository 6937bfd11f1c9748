//! The design document: one context of facts, templates, and the files that come out.
//!
//! The context carries everything that a template may show; no template computes. Documents and
//! pictures of one design form one folder, so that it can be moved as a whole.

mod authored;
mod cells;
mod context;
mod earlier;
mod gitlab;
mod inject;
mod markdown;
mod portal;
mod setting;
mod site;

pub use cells::{Heading, escape as plain};
pub use context::{
    Arithmetic, DecisionSection, Document, ElementSection, FindingEntry, FlowSection, HouseRuleSection,
    Picture, ReviewSection, Rows, ScenarioSection, Step, context, context_without_pictures,
};
pub use earlier::Earlier;
pub use inject::{InjectError, Section, injected, sections};
pub use markdown::{TEMPLATES, TemplateError, Templates};
pub use portal::{Entry, Named, portal, rule_page};
pub use setting::{Diagrams, Flavour, HOUSE_PAGE, Layout, Setting, rule_file};
pub use site::{Site, page};

use crate::compile::Design;
use crate::layout;
use crate::layout::lock::{Lock, lay_out_kept};
use crate::render::scene::Scene;
use crate::render::svg;
use crate::views::{View, reliability_views, views};
use serde::Serialize;
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// Files by their path in the output, with forward slashes.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The JSON Schema of what a template may show.
pub fn schema() -> String {
    let schema = schemars::schema_for!(Document);
    serde_json::to_string_pretty(&schema).map(|text| text + "\n").unwrap_or_default()
}

/// A decision of the log, with the way back.
#[derive(Serialize)]
struct LoggedDecision<'a> {
    title: &'a str,
    index: &'a str,
    decision: &'a DecisionSection,
}

/// The rules of the house, with the way back.
#[derive(Serialize)]
struct HousePage<'a> {
    title: &'a str,
    index: &'a str,
    rules: &'a [HouseRuleSection],
}

/// The documents of one design: Markdown by layout and flavour, the pictures that it shows, and for readers without
/// a tool of their own the same as HTML.
///
/// # Errors
/// [`TemplateError`], with the template and its line.
pub fn build(design: &Design, setting: &Setting, templates: &Templates) -> Result<Files, TemplateError> {
    let mut files = Files::new();
    let views: Vec<Placed> = views(design)
        .into_iter()
        .chain(reliability_views(design))
        .map(|view| Placed::new(view, setting.lock.as_ref()))
        .collect();
    let document = context::showing(design, setting, &seen(&views));
    let mut pictures: BTreeMap<&str, &Placed<'_>> = BTreeMap::new();
    for (name, text) in texts(&document, setting, templates)? {
        pictures.extend(shown(&text, &views));
        files.insert(name, (setting.flavour.front_matter(&document.title) + &text).into_bytes());
    }
    let font = if setting.fonts { svg::FontSource::Embed } else { svg::FontSource::None };
    let options = svg::Options { font, ..svg::Options::default() };
    for (name, placed) in pictures {
        files.insert(format!("diagrams/{name}.svg"), placed.draw(&placed.view.scene, &options).into_bytes());
    }
    if setting.flavour.wants_html() {
        files.extend(html(design, setting, templates, &views)?);
    }
    Ok(files)
}

/// A part of a document, for a text that somebody writes by hand: the template of this name under `inject/`.
///
/// # Errors
/// [`TemplateError`].
pub fn fragment(
    design: &Design,
    part: &str,
    setting: &Setting,
    templates: &Templates,
) -> Result<String, TemplateError> {
    Ok(tidy(&templates.render(&format!("inject/{part}.md"), &context(design, setting))?))
}

fn seen<'v>(views: &'v [Placed<'_>]) -> Vec<&'v View> {
    views.iter().map(|placed| &placed.view).collect()
}

/// The documents as HTML, from the same templates.
fn html(
    design: &Design,
    setting: &Setting,
    templates: &Templates,
    views: &[Placed<'_>],
) -> Result<Files, TemplateError> {
    let setting = Setting {
        flavour: Flavour::Github,
        diagrams: Diagrams::Svg,
        others: setting.others.clone(),
        ..setting.clone()
    };
    let document = context::showing(design, &setting, &seen(views));
    let mut files = Files::new();
    for (name, text) in texts(&document, &setting, templates)? {
        let site = Site {
            title: &document.title,
            home: Some(format!("{}index.html", setting.up())),
            pictures: shown(&text, views),
            numbers: site::numbers(design),
        };
        files.insert(site::html_name(&name), page(&text, &site, templates)?.into_bytes());
    }
    Ok(files)
}

/// The documents of a layout in Markdown, by their file.
fn texts(
    document: &Document,
    setting: &Setting,
    templates: &Templates,
) -> Result<Vec<(String, String)>, TemplateError> {
    let index = setting.flavour.index();
    let main = templates.render(&format!("{}/document.md", setting.layout.word()), document)?;
    // The anchors of the templates stand on lines of their own.
    let stays = |line: &&str| setting.flavour.has_anchors() || !line.starts_with("<a id=\"");
    let named = |text: &str| {
        setting.flavour.adapted(tidy(&text.lines().filter(stays).collect::<Vec<_>>().join("\n")))
    };
    let mut texts = vec![(index.to_string(), named(&main))];
    if setting.layout == Layout::Adr {
        for decision in &document.decisions {
            let logged = LoggedDecision { title: &document.title, index, decision };
            let text = templates.render("adr/decision.md", &logged)?;
            texts.push((decision.file.clone(), setting.flavour.adapted(tidy(&text))));
        }
    }
    if setting.has_house_page() && !document.house_rule_sections.is_empty() {
        let page = HousePage { title: &document.title, index, rules: &document.house_rule_sections };
        texts.push((HOUSE_PAGE.to_string(), named(&templates.render("house_rules.md", &page)?)));
    }
    Ok(texts)
}

/// The pictures that a text shows, by name.
fn shown<'a>(text: &str, views: &'a [Placed<'a>]) -> BTreeMap<&'a str, &'a Placed<'a>> {
    let used = |placed: &&Placed| text.contains(&format!("(diagrams/{}.svg)", placed.view.name));
    views.iter().filter(used).map(|placed| (placed.view.name.as_str(), placed)).collect()
}

/// A view that is laid out at most once, for the file and for the page.
pub struct Placed<'a> {
    view: View,
    lock: Option<&'a Lock>,
    layout: OnceCell<layout::Layout>,
}

impl<'a> Placed<'a> {
    fn new(view: View, lock: Option<&'a Lock>) -> Placed<'a> {
        Placed { view, lock, layout: OnceCell::new() }
    }

    /// Draws the view's scene, or one that differs from it in its name only.
    fn draw(&self, scene: &Scene, options: &svg::Options) -> String {
        match scene {
            Scene::Diagram(diagram) => {
                let layout = self
                    .layout
                    .get_or_init(|| lay_out_kept(&self.view.name, &svg::graph(diagram), self.lock));
                svg::diagram(diagram, layout, options)
            }
            other => picture(&self.view.name, other, options, None),
        }
    }
}

/// A view as SVG, close to the drawing that is kept of it.
pub fn picture(view: &str, scene: &Scene, options: &svg::Options, lock: Option<&Lock>) -> String {
    match scene {
        Scene::Diagram(diagram) => {
            svg::diagram(diagram, &lay_out_kept(view, &svg::graph(diagram), lock), options)
        }
        Scene::Sequence(sequence) => svg::sequence(sequence, options),
        Scene::Bars(chart) => svg::bars(chart, options),
        Scene::Waterfall(chart) => svg::waterfall(chart, options),
        Scene::Lines(chart) => svg::lines(chart, options),
    }
}

/// No blank line twice, none at the ends, no blanks at the ends of lines: what templates leave behind. Code blocks
/// stay as they are.
pub(crate) fn tidy(text: &str) -> String {
    let mut out = String::new();
    let mut blank = true;
    let mut code = false;
    for line in text.lines() {
        let fence = line.trim_start().starts_with("```");
        let line = if code { line } else { line.trim_end() };
        if line.is_empty() && blank && !code {
            continue;
        }
        code ^= fence;
        blank = line.is_empty();
        out.push_str(line);
        out.push('\n');
    }
    format!("{}\n", out.trim_end())
}
