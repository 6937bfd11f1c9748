//! The first page over many designs: each with its verdict.

use super::{TemplateError, Templates};
use serde::Serialize;

/// A design on the page.
#[derive(Debug, Serialize)]
pub struct Entry {
    /// Its title.
    pub title: String,
    /// The folder of its document, relative to the page.
    pub path: String,
    /// Whether it holds, in one sentence.
    pub verdict: String,
    /// Open errors.
    pub errors: usize,
    /// Open warnings.
    pub warnings: usize,
}

#[derive(Serialize)]
struct Portal<'a> {
    entries: &'a [Entry],
}

/// The page as Markdown.
///
/// # Errors
/// [`TemplateError`].
pub fn portal(entries: &[Entry], templates: &Templates) -> Result<String, TemplateError> {
    templates.render("portal.md", &Portal { entries })
}
