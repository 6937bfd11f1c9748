//! Text to verdict: lowering, analysis, rules, and what the author accepted.
//!
//! This is the pure compiler as the reports, the documents and the front ends use it: it
//! opens no file but through the [`Loader`] and knows the day only where it is told.

mod acceptance;
mod mend;

pub use mend::{Mended, mend};

use crate::analysis::{Analysis, analyse_with, changed_model};
use crate::diagnostic::{Code, Finding, Severity, fingerprint, nth};
use crate::model::{Lowered, lower};
use crate::quantity::Date;
use crate::rules::{self, Context, Missing, Thresholds};
use crate::source::Loader;
use std::collections::{BTreeMap, BTreeSet};

/// What a team configures.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Limits that rules compare with.
    pub thresholds: Thresholds,
    /// The day, against which the dates of `allow` are held; `None`: none runs out.
    pub today: Option<Date>,
    /// What is said of rules, by code, and of those of the house also by name; of several the last counts.
    pub levels: Vec<(&'static str, Said)>,
}

/// What a team says of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// It is not looked at.
    Off,
    /// It is this grave.
    At(Severity),
    /// It is as grave as it says itself, though others are off.
    AsItSays,
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
    /// What the team configured.
    options: Options,
}

impl Design {
    /// Whether the text itself is at fault; the numbers are then those of what could be read.
    pub fn has_language_errors(&self) -> bool {
        self.findings.iter().any(|f| f.code.code.starts_with("E0") && f.severity == Severity::Error)
    }

    /// What the rules find under each scenario, in the model's order, and not in the design as it stands.
    pub fn scenario_findings(&self) -> Vec<Vec<Finding>> {
        if self.has_language_errors() {
            return vec![Vec::new(); self.analysis.scenarios.len()];
        }
        let known: BTreeSet<String> = prints(&self.findings).into_iter().collect();
        let model = &self.lowered.model;
        let each = self.analysis.scenarios.iter().map(|(id, facts)| {
            let changed = changed_model(model, *id);
            let model = changed.as_ref().unwrap_or(model);
            let (mut found, _) = rules::check(&Context::new(model, facts, &self.options.thresholds));
            apply_levels(&mut found, &self.options);
            acceptance::mark(model, &mut found, self.options.today);
            let new: Vec<bool> = prints(&found).iter().map(|print| !known.contains(print)).collect();
            found.into_iter().zip(new).filter_map(|(finding, new)| new.then_some(finding)).collect()
        });
        each.collect()
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
        rules::check(&Context::new(&lowered.model, &analysis.base, &options.thresholds))
    };
    if !broken {
        acceptance::accept(&lowered.model, &mut findings, options);
    }
    // Behind the acceptance, whose own warnings have levels as well.
    apply_levels(&mut findings, options);
    findings.extend(lowered.findings.iter().cloned());
    findings.sort_by(|a, b| rules::order(a).cmp(&rules::order(b)));
    let context = Context::new(&lowered.model, &analysis.base, &options.thresholds);
    rules::fixes::attach(&context, &lowered.sources, lowered.trees(), &mut findings);
    Design { lowered, analysis, findings, missing, options: options.clone() }
}

/// What identifies each finding, those of the same kind counted.
fn prints(findings: &[Finding]) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let each = findings.iter().map(|finding| {
        let print = fingerprint(finding);
        let count = seen.entry(print.clone()).or_insert(0);
        *count += 1;
        nth(&print, *count)
    });
    each.collect()
}

impl Options {
    /// Whether a team has switched a rule off.
    fn is_off(&self, code: Code) -> bool {
        self.said(code) == Some(Said::Off)
    }

    fn said(&self, code: Code) -> Option<Said> {
        let mut last = self.levels.iter().rev();
        last.find(|(known, _)| *known == code.code || *known == code.name).map(|(_, said)| *said)
    }
}

fn apply_levels(findings: &mut Vec<Finding>, options: &Options) {
    findings.retain_mut(|finding| {
        if let Some(Said::At(severity)) = options.said(finding.code) {
            finding.severity = severity;
        }
        !options.is_off(finding.code)
    });
}

#[cfg(test)]
mod tests {
    use super::{Options, compile};
    use crate::source::NoFiles;

    #[test]
    fn a_scenario_lists_what_is_new_in_it() {
        let text = "
actor user
service api { replicas 2, capacity 100/s, timeout 1s, allow overload_cascade \"a pilot\" }
service old { replicas 2, capacity 100/s, timeout 1s }
flow f { rate 60/s, user -> api -> old }
scenario busy { rate 5x }
scenario small { old.replicas 1 }
scenario calm { rate 0.5x }
";
        let design = compile("d.sysd", text.as_bytes(), &NoFiles, &Options::default());
        let under = design.scenario_findings();
        let found: Vec<Vec<(&str, Option<&str>)>> =
            under.iter().map(|f| f.iter().map(|f| (f.code.code, f.subject.as_deref())).collect()).collect();
        assert!(found[0].contains(&("CAP001", Some("api"))) && found[0].contains(&("CAP001", Some("old"))));
        assert!(found[1].contains(&("REL001", Some("old"))), "{found:?}");
        assert_eq!(found[2], []);
        // What the base case has already is not said again.
        assert!(design.findings.iter().any(|f| f.code.code == "SEC001"));
        assert!(found.iter().flatten().all(|(code, _)| *code != "SEC001"));
    }
}
