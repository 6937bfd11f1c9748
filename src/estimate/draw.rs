//! The values of every sample, and what the uncertain numbers are called.

use super::PARTS;
use crate::analysis::Derivation;
use crate::model::{Draws, Lowered, Uncertain};
use crate::numeric::random::{Rng, latin_hypercube};
use crate::numeric::sensitivity;
use crate::source::Span;
use std::collections::BTreeMap;

/// Positions and values of every sample, by input.
pub struct Draw {
    uncertain: Vec<Uncertain>,
    size: usize,
    positions: Vec<Vec<f64>>,
    values: Vec<Vec<f64>>,
}

impl Draw {
    /// Draws [`PARTS`] Latin hypercubes of so many samples each.
    pub fn new(uncertain: &[Uncertain], size: usize, seed: u64) -> Draw {
        let mut rng = Rng::new(seed);
        let mut positions = vec![Vec::with_capacity(size * PARTS); uncertain.len()];
        for _ in 0..PARTS {
            for (all, part) in positions.iter_mut().zip(latin_hypercube(size, uncertain.len(), &mut rng)) {
                all.extend(part);
            }
        }
        let value = |(u, positions): (&Uncertain, &Vec<f64>)| {
            positions.iter().map(|position| u.spread.quantile(*position)).collect()
        };
        let values = uncertain.iter().zip(&positions).map(value).collect();
        Draw { uncertain: uncertain.to_vec(), size, positions, values }
    }

    /// Samples in one part.
    pub fn size(&self) -> usize {
        self.size
    }

    /// How many uncertain numbers there are.
    pub fn inputs(&self) -> usize {
        self.uncertain.len()
    }

    /// The values of one sample.
    pub fn values(&self, at: usize) -> Draws {
        self.uncertain.iter().zip(&self.values).map(|(u, values)| (u.span, values[at])).collect()
    }

    /// What each input explains can be asked of these.
    pub fn explaining(&self) -> Vec<sensitivity::Input> {
        let inputs = self.positions.iter().zip(&self.values);
        inputs.map(|(positions, values)| sensitivity::Input::new(positions, values, PARTS)).collect()
    }

    /// The uncertain numbers that an expression at this place is computed from, directly or by `let`s.
    pub fn touched<'d>(&'d self, lowered: &'d Lowered, place: Span) -> impl Iterator<Item = usize> + 'd {
        self.uncertain.iter().enumerate().filter(move |(_, u)| reaches(lowered, u, place)).map(|(at, _)| at)
    }

    /// The uncertain numbers with their names, each of its own.
    pub fn named(&self, lowered: &Lowered, graph: &Derivation) -> Vec<(String, Uncertain)> {
        names(lowered, graph).into_iter().zip(self.uncertain.iter().copied()).collect()
    }
}

fn within(outer: Span, inner: Span) -> bool {
    outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end
}

fn reaches(lowered: &Lowered, uncertain: &Uncertain, place: Span) -> bool {
    if within(place, uncertain.span) {
        return true;
    }
    let text = lowered.sources.text(place);
    // An input is named in the expression; what it is computed from is not followed further.
    uncertain.input.is_some_and(|id| {
        let name = &lowered.model.input(id).head.short;
        text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name.as_str())
    })
}

/// The names of the uncertain numbers of a design: of the `let`, else of the number of the design that it
/// gives, else its place. Several in one `let` carry their text.
pub fn names(lowered: &Lowered, graph: &Derivation) -> Vec<String> {
    let mut given: BTreeMap<(u32, u32), String> = BTreeMap::new();
    for (_, fact) in graph.iter().filter(|(_, f)| !f.name.is_empty()) {
        if let Some(span) = fact.span {
            given.entry((span.file.0, span.start)).or_insert_with(|| fact.name.to_string());
        }
    }
    let base = |u: &Uncertain| match u.input {
        Some(id) => lowered.model.input(id).head.name.to_string(),
        None => given
            .get(&(u.span.file.0, u.span.start))
            .cloned()
            .unwrap_or_else(|| lowered.sources.location(u.span)),
    };
    let names: Vec<String> = lowered.uncertain.iter().map(base).collect();
    let shared = |name: &String| names.iter().filter(|n| *n == name).count() > 1;
    let with_text = |(name, u): (&String, &Uncertain)| {
        if shared(name) { format!("{name} ({})", lowered.sources.text(u.span)) } else { name.clone() }
    };
    names.iter().zip(&lowered.uncertain).map(with_text).collect()
}
