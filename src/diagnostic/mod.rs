//! Findings as plain data: what every phase says about a design.
//!
//! There is one type for a syntax error and for a single point of failure alike.
//! Nothing here prints; the renderers stand in `report`.
//!
//! How messages are written: lower case, the input in backticks, no full stop;
//! what is, why it matters, what to do; never "invalid"; numbers with units.

mod fingerprint;
mod house;
pub mod language;

pub use fingerprint::{fingerprint, nth};
pub use house::{house_code, house_codes, house_name};

use crate::source::Span;
use crate::words::{self, spelled_around_code};

/// How grave a finding is. The order is from mild to grave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably wrong, or right only with a reason.
    Warning,
    /// The design is broken or breaks its promise.
    Error,
}

impl Severity {
    /// The word used in every output.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// What identifies a kind of finding: its code and name, as in `REL001` and `single-point-of-failure`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    /// `REL001`: family and three digits; never reused.
    pub code: &'static str,
    /// The kebab-case name.
    pub name: &'static str,
    /// The default severity.
    pub severity: Severity,
}

/// A place in the text and what is said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there; may be empty for the primary place.
    pub text: String,
}

/// Whether a fix may be applied without a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applicability {
    /// Keeps the meaning, or is certainly what was meant: `--fix`.
    Safe,
    /// Changes the design: `--unsafe-fixes`.
    Unsafe,
}

/// A replacement of text that answers a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as in "rename to `replicas`".
    pub title: String,
    /// Replacements that do not overlap.
    pub edits: Vec<(Span, String)>,
    /// Whether it may be applied without a look.
    pub applicability: Applicability,
}

/// A finding that the author has accepted by `allow`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// The author's reason.
    pub reason: String,
    /// The `allow` itself.
    pub span: Span,
    /// The date it runs out, as `2027-06-30`.
    pub until: Option<String>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind it is.
    pub code: Code,
    /// Its severity here, after configuration.
    pub severity: Severity,
    /// One sentence: what is wrong.
    pub message: String,
    /// The place it is about.
    pub primary: Label,
    /// Other places that it rests on.
    pub related: Vec<Label>,
    /// The reasoning: facts and arithmetic, a line each.
    pub notes: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// Mechanical answers.
    pub fixes: Vec<Fix>,
    /// The full name of the element, flow or other thing that it is about.
    pub subject: Option<String>,
    /// The flow in which it shows, if it is about one.
    pub flow: Option<String>,
    /// Set where the author accepts it.
    pub accepted: Option<Acceptance>,
}

impl Finding {
    /// A finding of this kind at this place, with the kind's severity.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Finding {
            code,
            severity: code.severity,
            message: spelled_around_code(&message.into()),
            primary: Label { span, text: String::new() },
            related: Vec::new(),
            notes: Vec::new(),
            help: None,
            fixes: Vec::new(),
            subject: None,
            flow: None,
            accepted: None,
        }
    }

    /// Says what the primary place shows.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = spelled_around_code(&text.into());
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push(Label { span, text: spelled_around_code(&text.into()) });
        self
    }

    /// Adds a line of reasoning.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(spelled_around_code(&text.into()));
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(spelled_around_code(&text.into()));
        self
    }

    /// Offers a mechanical answer.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, edits: Vec<(Span, String)>, how: Applicability) -> Self {
        self.fixes.push(Fix { title: title.into(), edits, applicability: how });
        self
    }

    /// Asks whether one of the words that this one resembles was meant; a single one is a fix at the primary place.
    #[must_use]
    pub fn near<'a>(
        self,
        word: &str,
        candidates: impl IntoIterator<Item = &'a str>,
        how: Applicability,
    ) -> Self {
        self.meant(&words::nearest(word, candidates), how)
    }

    /// Asks whether one of these words was meant; a single one is a fix at the primary place.
    #[must_use]
    pub fn meant<S: AsRef<str>>(self, near: &[S], how: Applicability) -> Self {
        let span = self.primary.span;
        match near {
            [] => self,
            [only] => {
                let only = only.as_ref();
                self.help(format!("did you mean `{only}`?")).fix(
                    format!("write `{only}`"),
                    vec![(span, only.to_string())],
                    how,
                )
            }
            _ => self.help(format!("did you mean {}?", words::alternatives(near))),
        }
    }

    /// Names what it is about.
    #[must_use]
    pub fn subject(mut self, name: impl Into<String>) -> Self {
        self.subject = Some(name.into());
        self
    }

    /// Names the flow in which it shows.
    #[must_use]
    pub fn flow(mut self, name: impl Into<String>) -> Self {
        self.flow = Some(name.into());
        self
    }

    /// Whether it counts against the design: not accepted by the author.
    pub fn is_open(&self) -> bool {
        self.accepted.is_none()
    }
}
