//! Findings that are known already: from a baseline, or from an earlier version of the designs.
//!
//! They are told by their fingerprints, never by line. One entry answers for one finding: a second design with the
//! same fault is new. Entries of the finding's own file come first; what is left over answers for the same
//! finding elsewhere, since files are renamed.

use super::Checked;
use crate::compile::Design;
use crate::diagnostic::{Finding, fingerprint};
use crate::source::SourceMap;
use crate::words;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The name of the form of a baseline; it changes when a field changes its meaning or goes.
const SCHEMA: &str = "sysd-baseline/1";

/// A list of known findings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    schema: String,
    /// The findings, by path, code and fingerprint.
    pub findings: Vec<Known>,
}

/// One known finding. Fingerprint and path identify it; the rest is for readers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The file.
    pub path: String,
    /// The rule.
    pub code: String,
    /// What identifies it in all designs.
    pub fingerprint: String,
    /// What was said when it was written down.
    pub message: String,
}

impl Known {
    fn of(finding: &Finding, sources: &SourceMap) -> Known {
        Known {
            path: sources.file(finding.primary.span.file).path.clone(),
            code: finding.code.code.to_string(),
            fingerprint: fingerprint(finding),
            message: finding.message.clone(),
        }
    }
}

/// What a design has to answer for and has not accepted. Errors of the language are not among it: behind them
/// nothing was judged.
pub fn known(design: &Design) -> Vec<Known> {
    let open = design.open_findings().filter(|f| !f.code.code.starts_with("E0"));
    open.map(|finding| Known::of(finding, &design.lowered.sources)).collect()
}

impl Baseline {
    /// The baseline of a text.
    ///
    /// # Errors
    /// Why it is none.
    pub fn parse(text: &str) -> Result<Baseline, String> {
        let baseline: Baseline = serde_json::from_str(text).map_err(|e| words::mistake(&e.to_string()))?;
        if baseline.schema != SCHEMA {
            return Err(format!("its form is `{}`, and this version reads `{SCHEMA}`", baseline.schema));
        }
        Ok(baseline)
    }

    /// What is open in these designs, and of `before` what is of other files than those.
    pub fn of(designs: &[Design], before: Baseline) -> Baseline {
        let files = files(designs);
        let mut findings: Vec<Known> =
            before.findings.into_iter().filter(|k| !files.contains(k.path.as_str())).collect();
        // A file that several designs import has its findings once, as a check shows them.
        let checked = Checked::new(designs, &[]);
        let open = checked.open().filter(|item| !item.finding.code.code.starts_with("E0"));
        findings.extend(open.map(|item| Known::of(item.finding, item.sources())));
        findings.sort();
        Baseline { schema: SCHEMA.to_string(), findings }
    }

    /// As it is kept.
    pub fn text(&self) -> String {
        // Plain data with text keys: writing it cannot fail.
        serde_json::to_string_pretty(self).map(|text| text + "\n").unwrap_or_default()
    }
}

/// Every file that belongs to a design.
fn files(designs: &[Design]) -> BTreeSet<&str> {
    let sources = designs.iter().flat_map(|d| d.lowered.sources.iter());
    sources.map(|(_, file)| file.path.as_str()).collect()
}

impl Checked<'_> {
    /// Takes out the findings that are known and counts them. What is left of the entries comes back: nothing
    /// was found that they stand for.
    pub fn leave_out(&mut self, known: Vec<Known>) -> Vec<Known> {
        let mut by_print: BTreeMap<String, Vec<Known>> = BTreeMap::new();
        for entry in known {
            by_print.entry(entry.fingerprint.clone()).or_default().push(entry);
        }
        let before = self.items.len();
        for same_file in [true, false] {
            self.items.retain(|item| {
                if !item.finding.is_open() {
                    return true;
                }
                let Some(entries) = by_print.get_mut(&fingerprint(item.finding)) else { return true };
                let at = entries.iter().position(|entry| !same_file || entry.path == item.path());
                at.map(|at| entries.remove(at)).is_none()
            });
        }
        self.known += before - self.items.len();
        by_print.into_values().flatten().collect()
    }
}

/// The entries that nothing answers to any more: of files that were looked at, and of files that are gone. What
/// could not be judged, since its design has errors of the language, is not among them; nor is then what is of
/// files that are gone, since that design may be one of them under another name.
pub fn stale(left: Vec<Known>, designs: &[Design], gone: impl Fn(&str) -> bool) -> Vec<Known> {
    let (broken, sound): (Vec<&Design>, Vec<&Design>) = designs.iter().partition(|d| d.has_language_errors());
    let files = |designs: &[&Design]| -> BTreeSet<String> {
        let sources = designs.iter().flat_map(|d| d.lowered.sources.iter());
        sources.map(|(_, file)| file.path.clone()).collect()
    };
    let (broken, sound) = (files(&broken), files(&sound));
    let looked_at = |path: &str| sound.contains(path) && !broken.contains(path);
    let is_gone = |path: &str| broken.is_empty() && gone(path);
    left.into_iter().filter(|k| looked_at(&k.path) || is_gone(&k.path)).collect()
}
