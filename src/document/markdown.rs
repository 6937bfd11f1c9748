//! Templates: those built in, those that a team puts in their place, and their errors.

use handlebars::{Handlebars, handlebars_helper};
use serde::Serialize;

/// The templates that are built in, by name.
pub const TEMPLATES: &[(&str, &str)] = &[
    (
        "design-doc/document.md",
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/design-doc/document.md.hbs")),
    ),
    (
        "design-doc/overview.md",
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/design-doc/overview.md.hbs")),
    ),
    (
        "design-doc/flow.md",
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/design-doc/flow.md.hbs")),
    ),
    (
        "design-doc/element.md",
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/design-doc/element.md.hbs")),
    ),
    (
        "design-doc/scenario.md",
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/design-doc/scenario.md.hbs")),
    ),
    (
        "design-doc/decision.md",
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/design-doc/decision.md.hbs")),
    ),
    ("site/page.html", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/site/page.html.hbs"))),
    ("portal.md", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/portal.md.hbs"))),
];

/// Why a template gives no text.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// It does not have the shape of a template.
    #[error("template `{name}`, line {line}: {message}")]
    Malformed {
        /// The template.
        name: String,
        /// Its line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// It asks for something that is not there.
    #[error("template `{name}`, line {line}: {message}")]
    Failed {
        /// The template.
        name: String,
        /// Its line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
}

/// Templates, ready to use.
pub struct Templates {
    handlebars: Handlebars<'static>,
}

handlebars_helper!(plain: |text: str| escape(text));

impl Templates {
    /// The built-in templates, each replaced by the text that `own` gives for its name.
    ///
    /// # Errors
    /// [`TemplateError::Malformed`].
    pub fn new(own: impl Fn(&str) -> Option<String>) -> Result<Templates, TemplateError> {
        let mut handlebars = Handlebars::new();
        handlebars.set_strict_mode(true);
        handlebars.register_escape_fn(handlebars::no_escape);
        handlebars.register_helper("plain", Box::new(plain));
        for (name, built_in) in TEMPLATES {
            let text = own(name).unwrap_or_else(|| (*built_in).to_string());
            handlebars.register_template_string(name, &text).map_err(|error| TemplateError::Malformed {
                name: (*name).to_string(),
                line: error.pos().map_or(1, |(line, _)| line),
                message: error.reason().to_string(),
            })?;
        }
        Ok(Templates { handlebars })
    }

    /// The text of a template over a context.
    ///
    /// # Errors
    /// [`TemplateError::Failed`], as for a variable that the context does not have.
    pub fn render(&self, name: &str, context: &impl Serialize) -> Result<String, TemplateError> {
        self.handlebars.render(name, context).map_err(|error| TemplateError::Failed {
            name: error.template_name.clone().unwrap_or_else(|| name.to_string()),
            line: error.line_no.unwrap_or(1),
            message: error.reason().to_string(),
        })
    }
}

/// Plain text in Markdown: nothing in it is markup.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
