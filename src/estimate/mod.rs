//! A design under uncertainty: every number as a distribution, from intervals (`A to B`) in its text.
//!
//! Each sample is the whole analysis with other values in place of the intervals: the formulas of a
//! design branch on its numbers (an overloaded element has no latency, replicas are whole), so that
//! no shorter recomputation would give the same figures. What the values do not touch, such as fault
//! trees whose probabilities stay, is kept from one sample to the next. The samples are ten Latin
//! hypercubes one behind the other: their scatter is the error of what is read off all of them.

mod columns;
mod draw;
mod swing;

pub use swing::{Swing, swings};

use crate::analysis::{Analyser, Analysis, Derivation, Operation, Status, Unit};
use crate::diagnostic::Finding;
use crate::model::{Lowered, ScenarioId, Uncertain};
use crate::numeric::sensitivity::{self, Share};
use columns::{Column, Columns};
use draw::Draw;
use std::collections::BTreeMap;
use std::num::NonZero;

/// How many independent Latin hypercubes a sample consists of.
pub const PARTS: usize = 10;
/// The fewest samples: ten in each part.
pub const FEWEST: usize = 100;
/// The most samples.
pub const MOST: usize = 1_000_000;

/// How a design is sampled.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many samples; rounded up to a multiple of [`PARTS`].
    pub samples: usize,
    /// The seed: the same seed gives the same samples.
    pub seed: u64,
    /// On how many threads; the result does not depend on it.
    pub threads: NonZero<usize>,
}

impl Default for Options {
    fn default() -> Self {
        Options { samples: 10_000, seed: 1, threads: NonZero::<usize>::MIN }
    }
}

/// An uncertain number of the text.
#[derive(Clone, Debug)]
pub struct Input {
    /// What it is called: its `let`, else the number of the design that it gives, else its place.
    pub name: String,
    /// Where it stands, and its distribution.
    pub uncertain: Uncertain,
    /// In how many samples it, or what is computed from it, lay outside what its property admits and was
    /// taken at the limit.
    pub clipped: usize,
}

/// A number of the design as a distribution.
#[derive(Clone, Debug)]
pub struct Number {
    /// Its name, as `sysd why` knows it.
    pub name: String,
    /// What it measures.
    pub unit: Unit,
    /// Its value with every input at its median: that of the report.
    pub median_case: Option<f64>,
    /// The 5th percentile, the median and the 95th percentile; a sample in which the number could not be
    /// evaluated counts as above all others, and what falls among those is `None`.
    pub percentiles: [Option<f64>; 3],
    /// The standard errors of the percentiles.
    pub errors: [Option<f64>; 3],
    /// In what share of the samples it could be evaluated.
    pub evaluated: f64,
    /// What it needs in the others.
    pub needs: Option<String>,
    /// The share of its variance that each input explains by itself; empty where it does not vary, or is not
    /// evaluated and finite in every sample.
    pub explained: Vec<Share>,
}

impl Number {
    /// Whether it depends on the inputs.
    pub fn varies(&self) -> bool {
        self.percentiles[0] != self.percentiles[2] || !self.explained.is_empty() || self.evaluated < 1.0
    }
}

/// How likely a requirement is to hold.
#[derive(Clone, Debug)]
pub struct Chance {
    /// Its position among the requirements of the base case.
    pub requirement: usize,
    /// Share of the samples in which it is met.
    pub met: f64,
    /// Share in which it is violated.
    pub violated: f64,
    /// Share in which it could not be evaluated.
    pub open: f64,
    /// The standard error of the share in which it is met.
    pub error: f64,
    /// What it needs where it could not be evaluated.
    pub needs: Option<String>,
}

/// Samples that could not be computed at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// What is wrong with the values.
    pub why: String,
    /// How many samples.
    pub samples: usize,
}

/// A design under uncertainty.
#[derive(Clone, Debug)]
pub struct Estimate {
    /// How many samples.
    pub samples: usize,
    /// The seed.
    pub seed: u64,
    /// In how many strata an input is sorted to see what it explains.
    pub strata: usize,
    /// Uncertain numbers, in the order of the text.
    pub inputs: Vec<Input>,
    /// Every number that follows, in the order of computation.
    pub numbers: Vec<Number>,
    /// Every requirement.
    pub chances: Vec<Chance>,
    /// Samples that are in none of these figures.
    pub failed: Vec<Failed>,
}

/// What one thread brings back from its samples.
struct Part {
    columns: Columns,
    statuses: Vec<Vec<Status>>,
    needs: BTreeMap<usize, String>,
    /// What a number measures that could not be evaluated at the medians.
    units: BTreeMap<usize, Unit>,
    clipped: Vec<usize>,
    failed: Vec<(usize, String)>,
}

/// Samples a design; `analysis` is that of its medians. The design must be free of errors.
pub fn estimate(lowered: &Lowered, analysis: &Analysis, options: &Options) -> Estimate {
    let size = options.samples.clamp(FEWEST, MOST).div_ceil(PARTS);
    let uncertain = &lowered.uncertain;
    let draw = Draw::new(uncertain, size, options.seed);
    let names = derived(&analysis.base.derivation);
    let task = Task { lowered, analysis, draw: &draw, names: &names };
    let threads = options.threads.get().min(PARTS);
    let parts = run(&task, threads);
    gather(&task, &parts, options.seed)
}

/// Names of the numbers that follow from others, each once, in the order of computation.
fn derived(graph: &Derivation) -> Vec<String> {
    let follows = |operation: &Operation, inputs: usize| match operation {
        Operation::Input(_) | Operation::Catalogue(_) | Operation::Assumed(_) | Operation::Constant => false,
        Operation::Stated => inputs > 0,
        _ => true,
    };
    let named = graph.iter().filter(|(_, f)| !f.name.is_empty() && follows(&f.operation, f.inputs.len()));
    let mut names: Vec<String> = named.map(|(_, f)| f.name.to_string()).collect();
    // What could not be evaluated at the medians may be in some of the samples: its names lead to a need.
    let missing = graph.names().into_iter().filter(|name| {
        graph.named(name).is_some_and(|id| graph.value(id).is_none() && graph.need(id).is_some())
    });
    names.extend(missing.map(ToString::to_string));
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

struct Task<'t> {
    lowered: &'t Lowered,
    analysis: &'t Analysis,
    draw: &'t Draw,
    names: &'t [String],
}

/// Runs every part, on so many threads.
fn run(task: &Task<'_>, threads: usize) -> Vec<Part> {
    if threads < 2 {
        return (0..PARTS).map(|part| sample(task, part)).collect();
    }
    let mut parts: Vec<Option<Part>> = (0..PARTS).map(|_| None).collect();
    std::thread::scope(|scope| {
        let mut waiting: Vec<(usize, &mut Option<Part>)> = parts.iter_mut().enumerate().collect();
        let share = PARTS.div_ceil(threads);
        while !waiting.is_empty() {
            let own: Vec<_> = waiting.drain(..share.min(waiting.len())).collect();
            scope.spawn(move || own.into_iter().for_each(|(at, slot)| *slot = Some(sample(task, at))));
        }
    });
    parts.into_iter().enumerate().map(|(at, part)| part.unwrap_or_else(|| sample(task, at))).collect()
}

/// One Latin hypercube.
fn sample(task: &Task<'_>, part: usize) -> Part {
    let Task { lowered, analysis, draw, names } = task;
    let wanted: Vec<ScenarioId> = lowered.model.targets.iter().filter_map(|t| t.scenario).collect();
    let requirements = analysis.base.requirements.len();
    let mut out = Part {
        columns: Columns::new(names.len(), draw.size()),
        statuses: vec![Vec::with_capacity(draw.size()); requirements],
        needs: BTreeMap::new(),
        units: BTreeMap::new(),
        clipped: vec![0; draw.inputs()],
        failed: Vec::new(),
    };
    let mut analyser = Analyser::default();
    for at in part * draw.size()..(part + 1) * draw.size() {
        let drawn = lowered.drawn(&draw.values(at));
        for span in &drawn.clipped {
            draw.touched(lowered, *span).for_each(|input| out.clipped[input] += 1);
        }
        if let Some(error) = drawn.errors.first() {
            out.failed.push((at, reason(error)));
            continue;
        }
        let found = analyser.analyse(&drawn.model, &drawn.units, |id| wanted.contains(&id));
        let graph = &found.base.derivation;
        for (column, name) in names.iter().enumerate() {
            let id = graph.named(name);
            let value = id.and_then(|id| graph.value(id));
            match (id, value) {
                (Some(id), Some(_)) if out.needs.contains_key(&column) => {
                    out.units.entry(column).or_insert_with(|| graph.fact(id).unit);
                }
                (Some(id), Some(_)) if at % draw.size() == 0 => {
                    out.units.insert(column, graph.fact(id).unit);
                }
                (_, Some(_)) => {}
                (id, None) => {
                    let need =
                        || id.and_then(|id| graph.need(id)).unwrap_or("more than applies here").to_string();
                    out.needs.entry(column).or_insert_with(need);
                }
            }
            out.columns.put(column, value);
        }
        out.columns.next();
        for (judged, statuses) in found.base.requirements.iter().zip(&mut out.statuses) {
            statuses.push(judged.status);
        }
    }
    out
}

fn reason(error: &Finding) -> String {
    error.message.clone()
}

fn gather(task: &Task<'_>, parts: &[Part], seed: u64) -> Estimate {
    let Task { lowered, analysis, draw, names } = task;
    let mut failed: BTreeMap<String, usize> = BTreeMap::new();
    for (_, why) in parts.iter().flat_map(|p| &p.failed) {
        *failed.entry(why.clone()).or_default() += 1;
    }
    let whole = failed.is_empty();
    let explaining: Vec<sensitivity::Input> = if whole { draw.explaining() } else { Vec::new() };
    let graph = &analysis.base.derivation;
    let numbers = names.iter().enumerate().filter_map(|(at, name)| {
        let column = Column::join(parts.iter().map(|p| p.columns.column(at)));
        let needs = parts.iter().find_map(|p| p.needs.get(&at)).cloned();
        let unit = parts.iter().find_map(|p| p.units.get(&at)).copied()?;
        number(graph, (name, unit), &column, needs, &explaining)
    });
    let numbers = numbers.collect();
    let chances = (0..analysis.base.requirements.len()).map(|at| chance(at, analysis, parts)).collect();
    let inputs = draw.named(lowered, graph).into_iter().enumerate();
    let clipped = |at: usize| parts.iter().map(|p| p.clipped[at]).sum();
    Estimate {
        samples: draw.size() * PARTS,
        seed,
        strata: explaining.first().map_or(0, sensitivity::Input::strata),
        inputs: inputs
            .map(|(at, (name, uncertain))| Input { name, uncertain, clipped: clipped(at) })
            .collect(),
        numbers,
        chances,
        failed: failed.into_iter().map(|(why, samples)| Failed { why, samples }).collect(),
    }
}

/// One number; `None` where no sample could evaluate it.
fn number(
    graph: &Derivation,
    (name, unit): (&str, Unit),
    column: &Column,
    needs: Option<String>,
    explaining: &[sensitivity::Input],
) -> Option<Number> {
    let id = graph.named(name)?;
    let median_case = graph.value(id);
    let evaluated = column.evaluated();
    if evaluated == 0.0 {
        return None;
    }
    let explained = match column {
        Column::Same(_) => Vec::new(),
        Column::Each(values) => explaining
            .iter()
            .map(|input| input.explains(values))
            .collect::<Option<Vec<_>>>()
            .unwrap_or_default(),
    };
    let quantiles = [0.05, 0.5, 0.95];
    Some(Number {
        name: name.to_string(),
        unit,
        median_case,
        percentiles: quantiles.map(|q| column.quantile(q)),
        errors: quantiles.map(|q| column.error(q, PARTS)),
        evaluated,
        needs: needs.filter(|_| evaluated < 1.0),
        explained,
    })
}

fn chance(at: usize, analysis: &Analysis, parts: &[Part]) -> Chance {
    let share = |part: &Part, status: Status| {
        let all = &part.statuses[at];
        let of = all.iter().filter(|s| **s == status).count();
        (of as f64, all.len() as f64)
    };
    let whole = |status| {
        let (of, all) = parts
            .iter()
            .map(|p| share(p, status))
            .fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        if all > 0.0 { of / all } else { 0.0 }
    };
    let met: Vec<f64> =
        parts.iter().map(|p| share(p, Status::Met)).filter(|s| s.1 > 0.0).map(|s| s.0 / s.1).collect();
    let open = whole(Status::NotEvaluated);
    let why = &analysis.base.requirements[at].why;
    Chance {
        requirement: at,
        met: whole(Status::Met),
        violated: whole(Status::Violated),
        open,
        error: sensitivity::standard_error(&met),
        needs: (open == 1.0).then(|| why.to_string()),
    }
}

#[cfg(test)]
mod tests;
