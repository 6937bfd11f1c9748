//! The version that a design supersedes, as far as its document tells of it: what changed, and where it can be read.

use crate::compile::Design;
use crate::diff::{Diff, diff};
use crate::views::system_title;

/// An earlier version.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// Its title.
    pub(super) title: String,
    /// Its path, as its loader knows it.
    pub(super) path: String,
    /// How many findings are open in it.
    pub(super) open: usize,
    /// What changed since; `None` where it has errors of the language, so that nothing can be compared.
    pub(super) diff: Option<Diff>,
}

impl Earlier {
    /// The version `old` of the design `new`.
    pub fn of(old: &Design, new: &Design) -> Earlier {
        Earlier {
            title: system_title(old),
            path: old.lowered.sources.iter().next().map(|(_, file)| file.path.clone()).unwrap_or_default(),
            open: old.open_findings().count(),
            diff: (!old.has_language_errors()).then(|| diff(Some(old), Some(new))),
        }
    }

    /// What changed; `None` where nothing can be compared.
    pub fn diff(&self) -> Option<&Diff> {
        self.diff.as_ref()
    }
}
