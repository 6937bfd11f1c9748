//! One input at a time at the ends of its interval, the others at their medians: what a tornado shows.

use super::draw;
use crate::analysis::{Analyser, Analysis};
use crate::model::{Draws, Lowered};

/// The whole analysis with one input at either end of its 90% interval.
#[derive(Clone, Debug)]
pub struct Swing {
    /// What the input is called.
    pub input: String,
    /// The interval as it is written.
    pub interval: String,
    /// With the input at its 5th and at its 95th percentile; `None` where the design has no meaning there.
    pub ends: [Option<Analysis>; 2],
}

/// A swing for each uncertain number, in the order of the text; none for a design without.
pub fn swings(lowered: &Lowered, analysis: &Analysis) -> Vec<Swing> {
    let names = draw::names(lowered, &analysis.base.derivation);
    let mut analyser = Analyser::default();
    let swing = |(u, input): (&crate::model::Uncertain, String)| {
        let ends = [u.spread.low, u.spread.high].map(|value| {
            let drawn = lowered.drawn(&Draws::from_iter([(u.span, value)]));
            let sound = drawn.errors.is_empty();
            sound.then(|| analyser.analyse(&drawn.model, &drawn.units, |_| false))
        });
        Swing { input, interval: lowered.sources.text(u.span).to_string(), ends }
    };
    lowered.uncertain.iter().zip(names).map(swing).collect()
}

impl Swing {
    /// The values of a number at either end; `None` where it is not evaluated at one of them.
    pub fn of(&self, name: &str) -> Option<[f64; 2]> {
        let [low, high] = self.ends.each_ref().map(|end| {
            let graph = &end.as_ref()?.base.derivation;
            graph.named(name).and_then(|id| graph.value(id))
        });
        Some([low?, high?])
    }
}
