//! `sysd estimate --format json`; the field names are the contract, values are in SI base units.

use super::Estimated;
use crate::estimate::PARTS;
use crate::report::json::{system_name, unit_of};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

/// The name of this form of the estimate; it changes when a field changes its meaning or goes.
pub const SCHEMA: &str = "sysd-estimate/1";

/// A design under uncertainty.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Report {
    /// The form of this report: `sysd-estimate/1`.
    pub schema: &'static str,
    /// Name of the system.
    pub system: String,
    /// Its title.
    pub title: String,
    /// How many samples.
    pub samples: usize,
    /// Of how many independent Latin hypercubes they consist; standard errors come from their scatter.
    pub parts: usize,
    /// The seed.
    pub seed: u64,
    /// In how many strata of equal probability an input is sorted to see what it explains; in each, the number is
    /// regressed on it, and the share is the adjusted R² of all.
    pub strata: usize,
    /// Uncertain numbers, in the order of the text.
    pub inputs: Vec<Input>,
    /// Every requirement.
    pub requirements: Vec<Requirement>,
    /// Every number that follows from others and could be evaluated.
    pub numbers: IndexMap<String, Number>,
    /// Samples whose values mean nothing; they are in no figure.
    pub failed: Vec<Failed>,
}

/// An uncertain number of the text.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// `lognormal` (both ends are positive) or `normal`.
    pub distribution: &'static str,
    /// The 5th percentile.
    pub p5: f64,
    /// The median, with which every other command computes.
    pub p50: f64,
    /// The 95th percentile.
    pub p95: f64,
    /// As it is written.
    pub text: String,
    /// Where the number comes from.
    pub note: Option<String>,
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
    /// In how many samples it, or what is computed from it, lay outside what its property admits and was taken at
    /// the limit.
    pub clipped: usize,
}

/// A requirement and how likely it is to hold.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Requirement {
    /// Stable name.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// In words.
    pub text: String,
    /// The scenario under which it is judged.
    pub scenario: Option<String>,
    /// What is expected.
    pub expected: String,
    /// Share of the samples in which it is met.
    pub met: f64,
    /// Share in which it is violated.
    pub violated: f64,
    /// Share in which it could not be evaluated.
    pub not_evaluated: f64,
    /// Standard error of `met`.
    pub standard_error: f64,
    /// What it needs, where it is evaluated in no sample.
    pub needs: Option<String>,
}

/// A number as a distribution.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Number {
    /// Its unit.
    pub unit: String,
    /// With every input at its median: the value of `sysd report`.
    pub at_medians: Option<f64>,
    /// The 5th percentile; a sample in which the number could not be evaluated counts as above all others.
    pub p5: Option<f64>,
    /// The median.
    pub p50: Option<f64>,
    /// The 95th percentile.
    pub p95: Option<f64>,
    /// Standard errors of these.
    pub standard_error: Errors,
    /// Share of the samples in which it could be evaluated.
    pub evaluated: f64,
    /// What it needs in the others.
    pub needs: Option<String>,
    /// What each input explains of its variance, the most first; empty where it does not vary, or is not evaluated
    /// and finite in every sample.
    pub explained: Vec<Explained>,
    /// Its value with one input at either end of its interval and the others at their medians, the widest first.
    pub swings: Vec<Swing>,
}

/// Standard errors of percentiles.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Errors {
    /// Of the 5th percentile.
    pub p5: Option<f64>,
    /// Of the median.
    pub p50: Option<f64>,
    /// Of the 95th percentile.
    pub p95: Option<f64>,
}

/// What an input explains.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Explained {
    /// The input.
    pub input: String,
    /// The share of the variance that it explains by itself (first-order index).
    pub share: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// One input at either end.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Swing {
    /// The input.
    pub input: String,
    /// With the input at its 5th percentile.
    pub at_p5: f64,
    /// With the input at its 95th percentile.
    pub at_p95: f64,
}

/// Samples whose values mean nothing.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Failed {
    /// What is wrong with them.
    pub why: String,
    /// How many.
    pub samples: usize,
}

/// The estimate as data.
pub fn report(estimated: &Estimated<'_>) -> Report {
    let Estimated { design, estimate, .. } = estimated;
    Report {
        schema: SCHEMA,
        system: system_name(design),
        title: crate::views::system_title(design),
        samples: estimate.samples,
        parts: PARTS,
        seed: estimate.seed,
        strata: estimate.strata,
        inputs: inputs(estimated),
        requirements: requirements(estimated),
        numbers: estimate.numbers.iter().map(|n| (n.name.clone(), number(estimated, n))).collect(),
        failed: estimate.failed.iter().map(|f| Failed { why: f.why.clone(), samples: f.samples }).collect(),
    }
}

/// The estimate as one JSON document.
pub fn json(estimated: &Estimated<'_>) -> String {
    // Plain structures without maps of odd keys: they always serialise.
    let mut text = serde_json::to_string_pretty(&report(estimated)).unwrap_or_default();
    text.push('\n');
    text
}

/// The JSON Schema of the estimate.
pub fn schema() -> String {
    let mut text = serde_json::to_string_pretty(&schemars::schema_for!(Report)).unwrap_or_default();
    text.push('\n');
    text
}

fn inputs(estimated: &Estimated<'_>) -> Vec<Input> {
    let lowered = &estimated.design.lowered;
    let inputs = estimated.estimate.inputs.iter().map(|input| {
        let u = &input.uncertain;
        let file = lowered.sources.file(u.span.file);
        let at = file.position(u.span.start);
        Input {
            name: input.name.clone(),
            unit: if u.quantity.dimension.is_none() {
                u.quantity.label.unwrap_or("").to_string()
            } else {
                u.quantity.dimension.base_unit()
            },
            distribution: if u.spread.is_lognormal() { "lognormal" } else { "normal" },
            p5: u.spread.low,
            p50: u.spread.median(),
            p95: u.spread.high,
            text: lowered.sources.text(u.span).to_string(),
            note: u.input.and_then(|id| lowered.model.input(id).note.as_ref()).map(ToString::to_string),
            file: file.path.clone(),
            line: at.line,
            column: at.column,
            clipped: input.clipped,
        }
    });
    inputs.collect()
}

fn requirements(estimated: &Estimated<'_>) -> Vec<Requirement> {
    let design = estimated.design;
    let all = &design.analysis.base.requirements;
    let judged = estimated.estimate.chances.iter().filter_map(|c| Some((c, all.get(c.requirement)?)));
    let rows = judged.map(|(chance, r)| Requirement {
        id: r.id.to_string(),
        kind: r.kind.to_string(),
        text: r.text.to_string(),
        scenario: r.scenario.map(|id| design.lowered.model.scenarios[id.index()].head.name.to_string()),
        expected: r.expected.to_string(),
        met: chance.met,
        violated: chance.violated,
        not_evaluated: chance.open,
        standard_error: chance.error,
        needs: chance.needs.clone(),
    });
    rows.collect()
}

fn number(estimated: &Estimated<'_>, number: &crate::estimate::Number) -> Number {
    let inputs = &estimated.estimate.inputs;
    let mut explained: Vec<Explained> = number
        .explained
        .iter()
        .zip(inputs)
        .map(|(s, input)| Explained { input: input.name.clone(), share: s.share, standard_error: s.error })
        .collect();
    explained.sort_by(|a, b| b.share.total_cmp(&a.share));
    let widest = super::text::movers(estimated, &number.name);
    let swings = widest.into_iter().map(|(swing, [low, high])| Swing {
        input: swing.input.clone(),
        at_p5: low,
        at_p95: high,
    });
    let [p5, p50, p95] = number.percentiles;
    let errors = Errors { p5: number.errors[0], p50: number.errors[1], p95: number.errors[2] };
    Number {
        unit: unit_of(number.unit),
        at_medians: number.median_case,
        p5,
        p50,
        p95,
        standard_error: errors,
        evaluated: number.evaluated,
        needs: number.needs.clone(),
        explained,
        swings: swings.collect(),
    }
}
