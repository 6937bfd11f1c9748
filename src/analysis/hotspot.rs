//! How much hotter than the mean the hottest shard is: as stated, or from the popularity of keys.

use super::case::Case;
use super::derivation::{FactId, Unit};
use super::derive::{NUMBER, What};
use super::shape::Shape;
use crate::model::ElementId;
use crate::numeric::cache::Popularity;
use crate::numeric::hotspot::{Hottest, MOST_SHARDS, hottest};
use crate::quantity::{count, factor};
use ecow::eco_format;
use rustc_hash::FxHashMap;
use std::cell::RefCell;

/// What was sampled already, in any case of the design: by keys, exponent and shards.
#[derive(Default)]
pub struct Known(RefCell<FxHashMap<[u64; 3], Option<Hottest>>>);

impl Known {
    fn hottest(&self, keys: f64, exponent: f64, shards: f64) -> Option<Hottest> {
        let key = [keys, exponent, shards].map(f64::to_bits);
        if let Some(known) = self.0.borrow().get(&key) {
            return *known;
        }
        let found = hottest(&Popularity::zipf(keys, exponent), shards);
        self.0.borrow_mut().insert(key, found);
        found
    }

    /// Whether so much is kept that nothing more should be.
    pub fn is_full(&self) -> bool {
        self.0.borrow().len() >= 4096
    }
}

/// Fills in how hot the hottest shard of each store, cache and broker is.
pub fn fill(case: &mut Case<'_>, shapes: &mut [Shape], known: &Known) {
    let stateful: Vec<ElementId> =
        case.model.elements().filter(|(_, e)| e.kind.is_stateful()).map(|(id, _)| id).collect();
    for id in stateful {
        let shape = &mut shapes[id.index()];
        shape.skew = skew(case, id, shape.shards, known);
    }
}

/// Load of the hottest shard over the mean; `None` where nothing is said.
fn skew(case: &mut Case<'_>, id: ElementId, shards: Option<FactId>, known: &Known) -> Option<FactId> {
    let element = case.element(id);
    let stated = element.props.at("shard.skew")?;
    let name = &element.head.name;
    let what = What::of(name, "shard.skew", Unit::Factor).labelled("hottest shard over the mean");
    let popularity = stated.word();
    let Some(popularity) = popularity else {
        let factor = stated.quantity()?;
        return Some(case.stated(
            eco_format!("{name}.shard.skew"),
            "hottest shard over the mean",
            factor,
            NUMBER,
        ));
    };
    let need =
        match (stated.quantity(), element.props.quantity("shard.keys"), element.props.word("shard.strategy"))
        {
            (None, _, _) if popularity == "zipf" => {
                Some(eco_format!("an exponent of {name}.shard.skew zipf"))
            }
            (_, None, _) => Some(eco_format!("{name}.shard.keys")),
            (_, _, Some("range" | "geo" | "directory")) => Some(eco_format!(
                "{name}.shard.skew as a factor: only a hash spreads keys whatever their popularity"
            )),
            _ => None,
        };
    if let Some(need) = need {
        return Some(case.graph.missing(what, need));
    }
    let keys = case.stated("", "keys asked for", element.props.quantity("shard.keys")?, NUMBER);
    let mut inputs = vec![keys];
    let Some(shards) = shards else {
        return Some(case.graph.missing(what, eco_format!("{name}.shard.count")));
    };
    inputs.push(shards);
    inputs.extend(
        stated
            .quantity()
            .filter(|_| popularity == "zipf")
            .map(|s| case.stated("", "exponent of Zipf's law", s, NUMBER)),
    );
    let values: Vec<f64> = inputs.iter().filter_map(|id| case.value(*id)).collect();
    let found = match values[..] {
        [keys, shards] => known.hottest(keys, 0.0, shards),
        [keys, shards, exponent] => known.hottest(keys, exponent, shards),
        _ => None,
    };
    let text = match found {
        Some(h) => eco_format!(
            "mean over {} random placements of the keys on shards by a hash; standard error {}",
            count(h.samples as f64),
            factor(h.error)
        ),
        None => "mean over random placements".into(),
    };
    Some(case.graph.formula(what, &text, inputs, |_| {
        found.map(|h| h.ratio).ok_or_else(|| eco_format!("from 1 to {} shards of {name}", count(MOST_SHARDS)))
    }))
}
