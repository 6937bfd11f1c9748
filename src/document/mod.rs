//! The design document: one context of facts, templates, and the files that come out.
//!
//! The context carries everything that a template may show; no template computes. Markdown and
//! pictures of one design form one folder, so that it can be moved as a whole.

mod context;
mod markdown;
mod portal;
mod site;

pub use context::{Document, context};
pub use markdown::{TEMPLATES, TemplateError, Templates};
pub use portal::{Entry, portal};
pub use site::page;

use crate::compile::Design;
use crate::layout::lay_out;
use crate::render::scene::Scene;
use crate::render::svg;
use crate::views::views;
use std::collections::BTreeMap;

/// Files by their path in the output, with forward slashes.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The document of one design, which will stand in `folder`: `README.md`, the same as `index.html`, and the
/// pictures of both under `diagrams/`.
///
/// # Errors
/// [`TemplateError`], with the template and its line.
pub fn build(design: &Design, folder: &str, templates: &Templates) -> Result<Files, TemplateError> {
    let mut files = Files::new();
    for view in views(design) {
        let picture = picture(&view.scene, &svg::Options::default());
        files.insert(format!("diagrams/{}.svg", view.name), picture.into_bytes());
    }
    let text = templates.render("design-doc/document.md", &context(design))?;
    let text = tidy(&text);
    // The page over all designs stands as many folders up as the document's own path has parts.
    let up = "../".repeat(folder.split('/').count());
    let html = page(&text, &crate::views::system_title(design), Some(&format!("{up}index.html")), templates)?;
    files.insert("README.md".to_string(), text.into_bytes());
    files.insert("index.html".to_string(), html.into_bytes());
    Ok(files)
}

/// A scene as SVG.
pub fn picture(scene: &Scene, options: &svg::Options) -> String {
    match scene {
        Scene::Diagram(diagram) => svg::diagram(diagram, &lay_out(&svg::graph(diagram)), options),
        Scene::Sequence(sequence) => svg::sequence(sequence, options),
        Scene::Bars(chart) => svg::bars(chart, options),
        Scene::Waterfall(chart) => svg::waterfall(chart, options),
        Scene::Lines(chart) => svg::lines(chart, options),
    }
}

/// No blank line twice, none at the ends, no blanks at the ends of lines: what templates leave behind.
fn tidy(text: &str) -> String {
    let mut out = String::new();
    let mut blank = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() && blank {
            continue;
        }
        blank = line.is_empty();
        out.push_str(line);
        out.push('\n');
    }
    format!("{}\n", out.trim_end())
}
