//! The partial order of the models as bit sets.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use serde::Deserialize;

use super::model::Model;

const TEXT: &str = include_str!("../../../catalog/consistency/lattice.json");

#[derive(Deserialize)]
struct LatticeText {
    edges: Vec<(String, String)>,
    availability: BTreeMap<String, Availability>,
    unavailable_because: BTreeMap<String, Vec<String>>,
}

/// What a system can at best offer of a model while the network is partitioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Availability {
    /// Some nodes must refuse or wait.
    Unavailable,
    /// Every node answers a client that stays with it.
    Sticky,
    /// Every node answers every client.
    Total,
}

impl Availability {
    /// The word: `unavailable`, `sticky`, `total`.
    pub fn word(self) -> &'static str {
        match self {
            Availability::Unavailable => "unavailable",
            Availability::Sticky => "sticky",
            Availability::Total => "total",
        }
    }
}

/// What a model can exclude, and what makes it unavailable under a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phenomenon {
    /// Two read-modify-writes of one row, the first of which is lost.
    LostUpdate,
    /// Two transactions read the same rows and write different ones, so that together they break an invariant.
    WriteSkew,
    /// A read that misses a write that finished before it began.
    StaleRead,
}

struct Lattice {
    edges: Vec<(Model, Model)>,
    /// By model: itself and everything it implies.
    closures: Vec<u64>,
    availability: BTreeMap<Model, Availability>,
    /// Models that exclude lost update, write skew, stale reads.
    excluding: [u64; 3],
}

fn lattice() -> &'static Lattice {
    static LATTICE: OnceLock<Lattice> = OnceLock::new();
    LATTICE.get_or_init(|| {
        // The text is embedded and tested; an empty lattice would conclude nothing.
        let empty = LatticeText {
            edges: vec![],
            availability: BTreeMap::new(),
            unavailable_because: BTreeMap::new(),
        };
        build(&serde_json::from_str(TEXT).unwrap_or(empty))
    })
}

fn build(text: &LatticeText) -> Lattice {
    let parse = |(from, to): &(String, String)| Some((Model::parse(from)?, Model::parse(to)?));
    let edges: Vec<(Model, Model)> = text.edges.iter().filter_map(parse).collect();
    let mut closures: Vec<u64> = Model::ALL.iter().map(|model| model.bit() | Model::Eventual.bit()).collect();
    // A chain is at most as long as there are models, so this many rounds reach the fixpoint.
    for _ in Model::ALL {
        for &(from, to) in &edges {
            let implied = closures.get(to as usize).copied().unwrap_or(0);
            if let Some(closure) = closures.get_mut(from as usize) {
                *closure |= implied;
            }
        }
    }
    let excluding = ["unavailable:lost-update", "unavailable:write-skew", "unavailable:recency"]
        .map(|key| text.unavailable_because.get(key).map_or(0, |models| bits(models)));
    let availability = text.availability.iter().filter_map(|(id, class)| Some((Model::parse(id)?, *class)));
    Lattice { edges, closures, availability: availability.collect(), excluding }
}

fn bits(models: &[String]) -> u64 {
    models.iter().filter_map(|id| Model::parse(id)).fold(0, |bits, model| bits | model.bit())
}

/// The published implications: every history that satisfies the first model satisfies the second. That everything
/// implies `eventual` goes without saying.
pub fn edges() -> &'static [(Model, Model)] {
    &lattice().edges
}

impl Model {
    /// The best class under a partition; `None` where no class is published, which concludes nothing.
    pub fn availability(self) -> Option<Availability> {
        lattice().availability.get(&self).copied()
    }

    /// Whether the phenomenon can happen under this model; `None` where that is not published. What every node can
    /// offer under a partition cannot exclude it (Bailis et al., table 3); snapshot isolation and cursor stability let
    /// write skew through (Berenson et al., "A Critique of ANSI SQL Isolation Levels", SIGMOD 1995).
    pub fn allows(self, phenomenon: Phenomenon) -> Option<bool> {
        if ModelSet::closure(self).excludes(phenomenon) {
            return Some(false);
        }
        let highly_available = self.availability().is_some_and(|class| class != Availability::Unavailable);
        let snapshot = matches!(self, Model::SnapshotIsolation | Model::CursorStability);
        (highly_available || (snapshot && phenomenon == Phenomenon::WriteSkew)).then_some(true)
    }

    /// Whether every history that satisfies this model satisfies `other`.
    pub fn implies(self, other: Model) -> bool {
        ModelSet::closure(self).satisfies(other)
    }
}

/// A down-closed set of models: with a model it holds all that the model implies.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ModelSet(u64);

impl ModelSet {
    /// Nothing is promised, not even eventual consistency.
    pub const EMPTY: ModelSet = ModelSet(0);

    /// The model and everything it implies.
    pub fn closure(model: Model) -> ModelSet {
        ModelSet(lattice().closures.get(model as usize).copied().unwrap_or(0))
    }

    /// Every model: the neutral element of [`ModelSet::meet`].
    pub fn all() -> ModelSet {
        Model::ALL.iter().copied().collect()
    }

    /// What both promise.
    #[must_use]
    pub fn meet(self, other: ModelSet) -> ModelSet {
        ModelSet(self.0 & other.0)
    }

    /// What the two promise together; a model that only follows from their combination is not concluded.
    #[must_use]
    pub fn union(self, other: ModelSet) -> ModelSet {
        ModelSet(self.0 | other.0)
    }

    /// Whether the required model is in the set.
    pub fn satisfies(self, required: Model) -> bool {
        self.0 & required.bit() != 0
    }

    /// Whether everything in `other` is in this set.
    pub fn contains(self, other: ModelSet) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether nothing is promised.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The models, in the order of [`Model::ALL`].
    pub fn models(self) -> impl Iterator<Item = Model> {
        Model::ALL.iter().copied().filter(move |model| self.satisfies(*model))
    }

    /// The models that no other model of the set implies: the shortest description of the set.
    pub fn maximal(self) -> Vec<Model> {
        let implied = |model: Model| self.models().any(|other| other != model && other.implies(model));
        self.models().filter(|model| !implied(*model)).collect()
    }

    /// Whether a model of the set is published to exclude the phenomenon.
    pub fn excludes(self, phenomenon: Phenomenon) -> bool {
        self.0 & lattice().excluding[phenomenon as usize] != 0
    }
}

impl FromIterator<Model> for ModelSet {
    fn from_iter<I: IntoIterator<Item = Model>>(models: I) -> Self {
        models.into_iter().fold(ModelSet::EMPTY, |set, model| set.union(ModelSet::closure(model)))
    }
}

impl fmt::Display for ModelSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let maximal = self.maximal();
        if maximal.is_empty() {
            return f.write_str("nothing");
        }
        let names: Vec<String> = maximal.iter().map(|model| model.name()).collect();
        f.write_str(&names.join(" and "))
    }
}

impl fmt::Debug for ModelSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ModelSet({self})")
    }
}
