//! Which isolation is in force at a step, and what it lets through.

use super::ground::{Ground, Needs, needs};
use crate::catalog::consistency::{Model as Level, ModelSet, Phenomenon};
use crate::model::{BlockId, BlockKind, Element, Flow, StepId};
use ecow::{EcoString, eco_format};

/// Who says at which level a step runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelSource {
    /// The transaction around it.
    Transaction,
    /// The store.
    Store,
    /// The technology's default.
    Default,
}

/// The isolation level in force at a step.
#[derive(Clone, Debug)]
pub struct InForce {
    /// The level as written; the technology's own name for its default.
    pub level: EcoString,
    /// Who says so.
    pub source: LevelSource,
    /// What it is in the lattice; `None` where there are no transactions over several items, or it is not known.
    pub model: Option<Level>,
    /// Whether the technology offers it; `None` where not known.
    pub supported: Option<bool>,
    /// Whether an update can be lost.
    pub lost_update: Option<bool>,
    /// Whether write skew is possible.
    pub write_skew: Option<bool>,
    /// The facts.
    pub grounds: Vec<Ground>,
}

impl InForce {
    /// What the level promises; nothing where it is not known.
    pub fn set(&self) -> ModelSet {
        self.model.map_or(ModelSet::EMPTY, ModelSet::closure)
    }
}

/// The innermost transaction around a step.
pub fn transaction(flow: &Flow, step: StepId) -> Option<(BlockId, Option<&EcoString>)> {
    flow.enclosing(step).find_map(|id| match &flow.block(id).kind {
        BlockKind::Transaction(level) => Some((id, level.as_ref())),
        _ => None,
    })
}

/// The level in force at a step of a store.
///
/// # Errors
///
/// What would have to be known.
pub fn in_force(flow: &Flow, step: StepId, element: &Element) -> Result<InForce, Needs> {
    let around = transaction(flow, step);
    if let Some((block, Some(level))) = around {
        let ground = Ground::stated(eco_format!("transaction {level}"), flow.block(block).span);
        return Ok(named(element, level, LevelSource::Transaction, ground));
    }
    if let Some(prop) = element.props.get("isolation")
        && let Some(level) = prop.word()
    {
        return Ok(named(element, level, LevelSource::Store, Ground::property(element, prop, level)));
    }
    by_default(element)
}

fn named(element: &Element, level: &str, source: LevelSource, ground: Ground) -> InForce {
    let mut grounds = vec![ground];
    let wanted = Level::from_user(level);
    let mut model = wanted;
    let mut supported = None;
    if let Some(technology) = element.tech() {
        let measured = technology.isolation_level(level);
        let strongest = technology.txn_strongest();
        if let Some(known) = &measured {
            model = known.value.actual.or(wanted);
            let is = model.map_or_else(String::new, |m| format!(" is {m}"));
            grounds.push(Ground::catalogue(technology, known, format!("{}{is}", known.value.name)));
        }
        supported = match (&measured, &strongest, wanted) {
            (Some(_), _, _) => Some(true),
            (None, Some(known), Some(wanted)) => {
                grounds.push(Ground::catalogue(technology, known, isolation_word(known.value.model())));
                Some(known.value.model().is_some_and(|m| m.implies(wanted)))
            }
            _ => None,
        };
        if supported == Some(false) {
            model = strongest.and_then(|known| known.value.model());
        }
    }
    let possible = |phenomenon| possible(element, phenomenon, Some(level), model);
    InForce {
        level: level.into(),
        source,
        model,
        supported,
        lost_update: possible(Phenomenon::LostUpdate),
        write_skew: possible(Phenomenon::WriteSkew),
        grounds,
    }
}

fn isolation_word(model: Option<Level>) -> String {
    model.map_or_else(|| "none".to_owned(), Level::name)
}

fn by_default(element: &Element) -> Result<InForce, Needs> {
    let Some(technology) = element.tech() else { return Err(needs(element, "isolation")) };
    let Some(known) = technology.txn_default() else { return Err(needs(element, "txn_default")) };
    let model = known.value.model();
    let mut grounds = vec![Ground::catalogue(technology, &known, isolation_word(model))];
    let own = technology.default_isolation_level();
    grounds.extend(own.as_ref().map(|own| Ground::catalogue(technology, own, &own.value.name)));
    let possible = |phenomenon| possible(element, phenomenon, None, model);
    Ok(InForce {
        level: own.map_or_else(|| isolation_word(model).into(), |own| own.value.name.into()),
        source: LevelSource::Default,
        model,
        supported: Some(true),
        lost_update: possible(Phenomenon::LostUpdate),
        write_skew: possible(Phenomenon::WriteSkew),
        grounds,
    })
}

/// The technology's measured answer, else the model's own; a level stated without a technology is taken at its word.
fn possible(
    element: &Element,
    phenomenon: Phenomenon,
    level: Option<&str>,
    model: Option<Level>,
) -> Option<bool> {
    let known = element.tech().and_then(|t| t.possible(phenomenon, level)).map(|known| known.value);
    known.or_else(|| model?.allows(phenomenon))
}
