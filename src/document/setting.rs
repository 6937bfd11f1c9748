//! How documents are to look, and where they lead: layout, flavour of Markdown, form of the pictures.

use super::earlier::Earlier;
use crate::diagnostic::Code;
use crate::layout::lock::Lock;

/// Which documents are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// The whole design, as it is circulated for review.
    #[default]
    DesignDoc,
    /// The twelve sections of arc42.
    Arc42,
    /// The log of decisions, a file each.
    Adr,
    /// One page.
    Summary,
}

impl Layout {
    /// Every layout.
    pub const ALL: [Layout; 4] = [Layout::DesignDoc, Layout::Arc42, Layout::Adr, Layout::Summary];

    /// The folder of its templates.
    pub fn word(self) -> &'static str {
        match self {
            Layout::DesignDoc => "design-doc",
            Layout::Arc42 => "arc42",
            Layout::Adr => "adr",
            Layout::Summary => "summary",
        }
    }
}

/// For whom the Markdown is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flavour {
    /// GitHub.
    #[default]
    Github,
    /// GitLab.
    Gitlab,
    /// `MkDocs`.
    Mkdocs,
    /// mdBook.
    Mdbook,
    /// Docusaurus.
    Docusaurus,
    /// `CommonMark` with tables, and no HTML in it.
    Plain,
}

impl Flavour {
    /// The first page of a folder.
    pub fn index(self) -> &'static str {
        match self {
            Flavour::Mkdocs | Flavour::Docusaurus => "index.md",
            _ => "README.md",
        }
    }

    /// Whether a place in a page can be named, so that links lead there.
    pub fn has_anchors(self) -> bool {
        self != Flavour::Plain
    }

    /// Whether HTML is written beside the Markdown: a tool that makes a site of its own makes that itself.
    pub fn wants_html(self) -> bool {
        matches!(self, Flavour::Github | Flavour::Gitlab | Flavour::Plain)
    }

    /// What GitLab replaces by a table of contents; GitHub and tools that make sites show one by themselves.
    pub(super) fn contents(self) -> &'static str {
        if self == Flavour::Gitlab { "[[_TOC_]]" } else { "" }
    }

    /// A page as its tool wants it.
    pub fn adapted(self, markdown: String) -> String {
        if self == Flavour::Gitlab { super::gitlab::adapted(&markdown) } else { markdown }
    }

    /// What stands before a page, where the tool reads it.
    pub fn front_matter(self, title: &str) -> String {
        match self {
            // Without this, Docusaurus would run braces of the text as a program.
            Flavour::Docusaurus => {
                format!("---\ntitle: {}\nmdx:\n  format: md\n---\n\n", serde_json::Value::from(title))
            }
            _ => String::new(),
        }
    }
}

/// The form of the pictures in Markdown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Diagrams {
    /// Files beside the document.
    #[default]
    Svg,
    /// Mermaid in the text, where Mermaid can draw it; charts stay files.
    Mermaid,
}

/// How the documents of one design are written.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    /// The layout.
    pub layout: Layout,
    /// The flavour.
    pub flavour: Flavour,
    /// The form of the pictures.
    pub diagrams: Diagrams,
    /// Whether pictures carry their font: the same everywhere, and about 35 kB more each.
    pub fonts: bool,
    /// The folder of the document below the output, with forward slashes; empty for the output itself.
    pub folder: String,
    /// The file of the document, for a page beside it; empty for the document itself.
    pub document_file: String,
    /// Whether the pages of rules stand in the output, so that findings lead there.
    pub rules: bool,
    /// Folders of documents of other designs, by the path of the design.
    pub others: Vec<(String, String)>,
    /// Folders of documents of designs that import this one.
    pub users: Vec<String>,
    /// The version that the design supersedes.
    pub earlier: Option<Earlier>,
    /// Title and folder of designs that supersede this one.
    pub successors: Vec<(String, String)>,
    /// The drawings that the author keeps, which pictures stay close to.
    pub lock: Option<Lock>,
}

impl Setting {
    /// The way from the document's folder to the output.
    pub fn up(&self) -> String {
        "../".repeat(self.folder.split('/').filter(|part| !part.is_empty()).count())
    }

    /// The address of a section of the document.
    pub(super) fn section(&self, anchor: &str) -> Option<String> {
        let has_sections = matches!(self.layout, Layout::DesignDoc | Layout::Arc42);
        (has_sections && self.flavour.has_anchors()).then(|| format!("{}#{anchor}", self.document_file))
    }

    /// The address of an element's section.
    pub(super) fn element(&self, name: &str) -> Option<String> {
        self.section(&anchor("element", name))
    }

    /// The address of a flow's section.
    pub(super) fn flow(&self, name: &str) -> Option<String> {
        self.section(&anchor("flow", name))
    }

    /// The address of a rule's page.
    pub(super) fn rule(&self, code: Code) -> Option<String> {
        if crate::diagnostic::house_codes().any(|house| house == code.code) {
            let place =
                if self.flavour.has_anchors() { format!("#{}", house_anchor(code)) } else { String::new() };
            return self.has_house_page().then(|| format!("{HOUSE_PAGE}{place}"));
        }
        (self.rules && crate::rules::page_of(code.code).is_some())
            .then(|| format!("{}{}", self.up(), rule_file(code)))
    }

    /// Whether the rules of the house have a page beside the document.
    pub(super) fn has_house_page(&self) -> bool {
        self.rules && matches!(self.layout, Layout::DesignDoc | Layout::Arc42)
    }

    /// The address of the document of the design at this path.
    pub(super) fn other(&self, path: &str) -> Option<String> {
        let (_, folder) = self.others.iter().find(|(other, _)| other == path)?;
        (*folder != self.folder).then(|| self.document(folder))
    }

    /// The address of the document in this folder of the output.
    pub(super) fn document(&self, folder: &str) -> String {
        format!("{}{folder}/{}", self.up(), self.flavour.index())
    }
}

/// The page of a rule below the output.
pub fn rule_file(code: Code) -> String {
    format!("rules/{}.md", code.name.replace('-', "_"))
}

/// The page of the rules of the house, beside the document.
pub const HOUSE_PAGE: &str = "house_rules.md";

/// The name of a rule of the house on that page.
pub(super) fn house_anchor(code: Code) -> String {
    format!("rule-{}", code.name)
}

/// The name of a place in a document.
pub(super) fn anchor(prefix: &str, name: &str) -> String {
    format!("{prefix}-{}", name.replace('.', "-"))
}
