//! Text to verdict: lowering, analysis, rules, and what the author accepted.
//!
//! This is the pure compiler as the reports, the documents and the front ends use it: it
//! opens no file but through the [`Loader`] and knows the day only where it is told.

mod acceptance;

use crate::analysis::{Analysis, analyse_with};
use crate::diagnostic::{Finding, Severity};
use crate::model::{Lowered, lower};
use crate::quantity::Date;
use crate::rules::{self, Context, Missing, Thresholds};
use crate::source::Loader;

/// What a team configures.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Limits that rules compare with.
    pub thresholds: Thresholds,
    /// The day, against which the dates of `allow` are held; `None`: none runs out.
    pub today: Option<Date>,
    /// Severities other than the default, by code; `None` switches the rule off.
    pub levels: Vec<(&'static str, Option<Severity>)>,
}

/// A design with everything that follows from it.
#[derive(Clone, Debug)]
pub struct Design {
    /// Model, texts and trees.
    pub lowered: Lowered,
    /// Every number.
    pub analysis: Analysis,
    /// Every finding, of the language and of the rules, in the order of the text; accepted ones are among them.
    pub findings: Vec<Finding>,
    /// What could not be evaluated.
    pub missing: Vec<Missing>,
}

impl Design {
    /// Whether the text itself is at fault; the numbers are then those of what could be read.
    pub fn has_language_errors(&self) -> bool {
        self.findings.iter().any(|f| f.code.code.starts_with("E0") && f.severity == Severity::Error)
    }

    /// Findings that the author has not accepted.
    pub fn open_findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|f| f.is_open())
    }
}

/// Compiles the design whose first file has this path and these bytes.
pub fn compile(path: &str, bytes: &[u8], loader: &dyn Loader, options: &Options) -> Design {
    let mut lowered = lower(path, bytes, loader);
    lowered.findings.extend(rules::house::clashes(&lowered.model));
    let analysis = analyse_with(&lowered.model, &lowered.units);
    let broken = lowered.findings.iter().any(|f| f.severity == Severity::Error);
    // Rules on half a design would find what is only missing because it could not be read.
    let (mut findings, missing) = if broken {
        (Vec::new(), Vec::new())
    } else {
        rules::check(&Context::new(&lowered.model, &analysis, &options.thresholds))
    };
    if !broken {
        acceptance::accept(&lowered.model, &mut findings, options);
    }
    // Behind the acceptance, whose own warnings have levels as well.
    apply_levels(&mut findings, options);
    findings.extend(lowered.findings.iter().cloned());
    findings.sort_by(|a, b| rules::order(a).cmp(&rules::order(b)));
    Design { lowered, analysis, findings, missing }
}

impl Options {
    /// Whether a team has switched a rule off.
    fn is_off(&self, code: &str) -> bool {
        self.levels.iter().rev().find(|(known, _)| *known == code).is_some_and(|(_, level)| level.is_none())
    }
}

fn apply_levels(findings: &mut Vec<Finding>, options: &Options) {
    findings.retain_mut(|finding| {
        match options.levels.iter().rev().find(|(code, _)| *code == finding.code.code) {
            Some((_, Some(severity))) => {
                finding.severity = *severity;
                true
            }
            Some((_, None)) => false,
            None => true,
        }
    });
}
