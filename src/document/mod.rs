//! The design document: one context of facts, templates, and the files that come out.
//!
//! The context carries everything that a template may show; no template computes. Markdown and
//! pictures of one design form one folder, so that it can be moved as a whole.

mod context;
mod markdown;
mod portal;

pub use context::{Document, context};
pub use markdown::{TEMPLATES, TemplateError, Templates};
pub use portal::{Entry, portal};

use crate::compile::Design;
use crate::layout::lay_out;
use crate::render::scene::Scene;
use crate::render::svg;
use crate::views::views;
use std::collections::BTreeMap;

/// Files by their path in the output, with forward slashes.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The document of one design: `README.md` and its pictures under `diagrams/`.
///
/// # Errors
/// [`TemplateError`], with the template and its line.
pub fn build(design: &Design, templates: &Templates) -> Result<Files, TemplateError> {
    let mut files = Files::new();
    for view in views(design) {
        let picture = picture(&view.scene, &svg::Options::default());
        files.insert(format!("diagrams/{}.svg", view.name), picture.into_bytes());
    }
    let text = templates.render("design-doc/document.md", &context(design))?;
    files.insert("README.md".to_string(), tidy(&text).into_bytes());
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
