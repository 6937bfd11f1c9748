//! The first page over many designs, each with its verdict; the pages of the rules that their findings name.

use super::cells::{Cell, Grid, escape};
use super::{Flavour, Rows, TemplateError, Templates, rule_file, tidy};
use crate::diagnostic::Code;
use serde::Serialize;

/// A design on the page.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// Its title.
    pub title: String,
    /// The folder of its document, relative to the page.
    pub path: String,
    /// The first page of that folder.
    pub index: &'static str,
    /// Whether it holds, in one sentence.
    pub verdict: String,
    /// `holds`, `open`, `broken` or `silent`.
    pub state: &'static str,
    /// Open errors.
    pub errors: usize,
    /// Open warnings.
    pub warnings: usize,
    /// Designs that it builds on, and that are on the page too: title and folder.
    pub imports: Vec<Named>,
    /// Its further pages: title and file below the page.
    pub pages: Vec<Named>,
    /// What can be searched for: elements and flows.
    pub names: Vec<Named>,
}

/// A name that leads somewhere.
#[derive(Clone, Debug, Serialize)]
pub struct Named {
    /// The name.
    pub title: String,
    /// Where it leads.
    pub path: String,
}

impl Entry {
    /// The verdict at a glance.
    fn mark(&self) -> &'static str {
        match self.state {
            "holds" => "✓",
            "broken" => "✗",
            _ => "?",
        }
    }
}

#[derive(Serialize)]
struct Portal<'a> {
    entries: &'a [Entry],
    table: Rows,
}

/// The page as Markdown.
///
/// # Errors
/// [`TemplateError`].
pub fn portal(entries: &[Entry], templates: &Templates) -> Result<String, TemplateError> {
    Ok(tidy(&templates.render("portal.md", &Portal { entries, table: table(entries) })?))
}

fn table(entries: &[Entry]) -> Rows {
    let mut grid = Grid::new(&["design", "verdict", ">errors", ">warnings", "builds on"]);
    for entry in entries {
        let imports = entry.imports.iter().map(|other| (other.title.clone(), Some(other.path.clone())));
        grid.push(vec![
            Cell::Link(entry.title.clone(), Some(format!("{}/{}", entry.path, entry.index))),
            Cell::Text(format!("{} {}", entry.mark(), entry.verdict)),
            Cell::Number(entry.errors.to_string()),
            Cell::Number(entry.warnings.to_string()),
            Cell::Links(imports.collect()),
        ]);
    }
    grid.finish()
}

/// The page of a rule below the output, as Markdown.
pub fn rule_page(code: Code, page: &str, flavour: Flavour) -> (String, String) {
    let body = page.split_once('\n').map_or("", |(_, rest)| rest).trim_start();
    let title = format!("{}: {}", code.code, code.name.replace('-', " "));
    let front = flavour.front_matter(&title);
    let text = format!("{front}# {}\n\nSeverity: {}.\n\n{body}", escape(&title), code.severity.word());
    (rule_file(code), tidy(&text))
}
