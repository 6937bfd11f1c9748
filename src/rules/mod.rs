//! Facts to findings: one file per rule.
//!
//! A rule reads the model and the facts and writes sentences; it computes nothing that another
//! rule, a diagram or a document would need as well. It speaks only when its facts are known;
//! what it would need is noted as "not evaluated".
//!
//! A rule is three files of one name: `src/rules/FAMILY/NAME.rs`, its page `docs/rules/NAME.md`,
//! which is embedded here, and its specification `tests/spec/rules/NAME.md`.

mod capacity;
mod cascades;
mod consistency;
mod context;
mod documentation;
mod evolution;
pub mod fixes;
pub mod house;
mod latency;
mod messaging;
mod promises;
mod registry;
mod reliability;
mod security;
mod tradeoffs;

pub use context::{Backing, Context, Hop, Missing, Thresholds};
pub use registry::{FAMILIES, LANGUAGE_PAGES, all, find, is_named, page_of};

use crate::diagnostic::{Code, Finding};

/// A rule: what identifies it, its page, and how it looks at a design.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Code, name and default severity.
    pub code: Code,
    /// Its page: what, why it matters, an example that fires, the way out, limits, sources. Markdown.
    pub page: &'static str,
    /// Looks at a design.
    pub check: fn(&Context) -> Vec<Finding>,
}

impl Rule {
    /// The sentence below the title of its page.
    pub fn summary(&self) -> &'static str {
        summary(self.page)
    }
}

/// The first paragraph below the title of a page.
pub fn summary(page: &str) -> &str {
    page.split("\n\n").map(str::trim).find(|p| !p.is_empty() && !p.starts_with('#')).unwrap_or("")
}

/// Declares the rule of a file: its code, name, severity and page. The file has a function
/// `check(&Context) -> Vec<Finding>`; a rule without a page does not compile.
macro_rules! declare_rule {
    ($code:literal, $name:literal, $severity:ident, $page:literal) => {
        /// The rule of this file.
        pub const RULE: $crate::rules::Rule = $crate::rules::Rule {
            code: CODE,
            page: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules/", $page, ".md")),
            check,
        };

        const CODE: $crate::diagnostic::Code = $crate::diagnostic::Code {
            code: $code,
            name: $name,
            severity: $crate::diagnostic::Severity::$severity,
        };
    };
}
pub(crate) use declare_rule;

/// Everything that the rules find in a design, in the order of the text, and what they could not evaluate.
pub fn check(context: &Context) -> (Vec<Finding>, Vec<Missing>) {
    let mut findings: Vec<Finding> = all().flat_map(|rule| (rule.check)(context)).collect();
    findings.extend(house::check(context));
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
    (findings, context.take_missing())
}

/// The order of findings: by place, then by code, then by message.
pub fn order(finding: &Finding) -> (crate::source::FileId, u32, u32, &'static str, &str) {
    let span = finding.primary.span;
    (span.file, span.start, span.end, finding.code.code, &finding.message)
}
