//! What one store gives a read, by the copy that is read, the level that is asked, and its technology.

use super::ground::{Ground, Needs, needs};
use super::quorum::{self, Quorum};
use crate::analysis::shape::{Leadership, leadership};
use crate::catalog::consistency::{Model as Level, ModelSet};
use crate::model::{Element, Step};
use ecow::{EcoString, eco_format};

/// A level that was asked for or stated, and is above what the technology offers.
#[derive(Clone, Debug, PartialEq)]
pub struct Unsupported {
    /// The level.
    pub level: Level,
    /// The strongest that is offered, as names.
    pub strongest: Vec<EcoString>,
    /// The facts.
    pub grounds: Vec<Ground>,
}

/// What a store gives a read.
#[derive(Clone, Debug)]
pub struct Given {
    /// The models.
    pub set: ModelSet,
    /// Why, as a short label.
    pub why: EcoString,
    /// The facts.
    pub grounds: Vec<Ground>,
    /// Upper bound of the staleness (s).
    pub staleness: Option<f64>,
    /// Why there is no bound.
    pub unbounded: Option<EcoString>,
    /// What the technology would give if its strongest level were asked for.
    pub attainable: ModelSet,
    /// The level that it cannot give.
    pub unsupported: Option<Unsupported>,
    /// The quorums, where they are stated.
    pub quorum: Option<Quorum>,
    /// Whether a follower is read.
    pub follower: bool,
}

impl Given {
    /// What is given where no stronger level, quorum or follower comes into it; `age` is the bound of the
    /// staleness (s), or why there is none.
    pub fn plain(
        set: ModelSet,
        why: EcoString,
        grounds: Vec<Ground>,
        age: (Option<f64>, Option<EcoString>),
    ) -> Given {
        Given {
            set,
            why,
            grounds,
            staleness: age.0,
            unbounded: age.1,
            attainable: ModelSet::EMPTY,
            unsupported: None,
            quorum: None,
            follower: false,
        }
    }
}

/// Whether a level is within what the technology offers; `None` where that is not known.
fn supports(element: &Element, level: Level) -> Option<(bool, ModelSet, Vec<Ground>)> {
    let technology = element.tech()?;
    let reads = technology.read_strongest()?;
    let mut grounds = vec![Ground::catalogue(technology, &reads, reads.value)];
    let mut set = ModelSet::closure(reads.value);
    if let Some(known) = technology.txn_strongest()
        && let Some(model) = known.value.model()
    {
        set = set.union(ModelSet::closure(model));
        grounds.push(Ground::catalogue(technology, &known, model));
    } else if level.is_transactional() && technology.txn_strongest().is_none() {
        return None;
    }
    if set.satisfies(level) {
        return Some((true, set, grounds));
    }
    // Both halves of a combined model are offered; whether they hold together is not published.
    let both = set.satisfies(Level::Linearizable) && set.satisfies(Level::Serializable);
    if both && level == Level::StrictSerializable { None } else { Some((false, set, grounds)) }
}

/// What a step's read of a store is given.
///
/// # Errors
///
/// What would have to be known.
pub fn given(element: &Element, step: &Step) -> Result<Given, Needs> {
    let asked = step.props.word("consistency").and_then(Level::from_user);
    let follows = matches!(step.props.word("from"), Some("replica" | "any"));
    let leadership = leadership(element);
    let alone = element.props.has("replicas") && quorum::copies(element).is_some_and(|(n, _)| n == 1);
    let mut given = if leadership == Leadership::Multi {
        several_leaders(element)
    } else if follows && leadership != Leadership::Leaderless && !alone {
        follower(element, step)?
    } else {
        in_force(element, asked)?
    };
    if let Some(level) = asked
        && given.unsupported.is_none()
    {
        given.unsupported = unsupported(element, level);
    }
    Ok(given)
}

fn unsupported(element: &Element, level: Level) -> Option<Unsupported> {
    match supports(element, level) {
        Some((false, set, grounds)) => Some(Unsupported { level, strongest: names(set), grounds }),
        _ => None,
    }
}

/// The strongest models of a set, as names.
pub fn names(set: ModelSet) -> Vec<EcoString> {
    set.maximal().into_iter().map(|model| model.name().into()).collect()
}

/// What the copies that take the writes give: what is asked or stated, the technology's default, overlapping quorums.
fn in_force(element: &Element, asked: Option<Level>) -> Result<Given, Needs> {
    let mut grounds = Vec::new();
    let mut why = EcoString::new();
    let mut set = ModelSet::EMPTY;
    let mut refused = None;
    if let Some(technology) = element.tech()
        && let Some(known) = technology.read_default()
    {
        set = ModelSet::closure(known.value);
        why = eco_format!("{} by default", technology.name);
        grounds.push(Ground::catalogue(technology, &known, known.value));
    }
    let stated = element.props.get("consistency").filter(|p| p.word().is_some());
    let level = asked.or_else(|| stated.and_then(|p| Level::from_user(p.word()?)));
    if let Some(level) = level {
        match supports(element, level) {
            Some((false, strongest, facts)) => {
                set = set.union(strongest);
                why = "the strongest level there is".into();
                grounds.extend(facts.iter().cloned());
                refused = Some(Unsupported { level, strongest: names(strongest), grounds: facts });
            }
            None if asked.is_some() && element.tech().is_some() && !set.satisfies(level) => {
                return Err(needs(element, "read_strongest"));
            }
            _ => {
                set = set.union(ModelSet::closure(level));
                why = eco_format!("{level} is asked for");
                grounds
                    .extend(stated.filter(|_| asked.is_none()).map(|p| Ground::property(element, p, level)));
            }
        }
    }
    let quorum = quorum::quorum(element).transpose();
    let quorum = match quorum {
        Ok(quorum) => quorum,
        // What is in force without the quorum is a lower bound only where it is not all that is promised.
        Err(need) if set.is_empty() || set == ModelSet::closure(Level::Eventual) => return Err(need),
        Err(_) => None,
    };
    if let Some(quorum) = &quorum {
        set = set.union(by_quorum(quorum, level.is_none(), &mut why));
        grounds.extend(quorum.grounds.iter().cloned());
        grounds.push(overlap_theorem(quorum.overlaps));
    }
    if set.is_empty() {
        return Err(needs(element, "read_default"));
    }
    across_regions(element, &mut set, &mut why, &mut grounds);
    let age = age(element, set, &mut grounds);
    // A level or quorum that is stated was chosen; only where nobody chose is the stronger one a setting away.
    let unset = level.is_none() && quorum.is_none();
    let attainable = element.tech().filter(|_| unset).and_then(|t| t.read_strongest());
    let attainable = attainable.map_or(ModelSet::EMPTY, |known| ModelSet::closure(known.value));
    Ok(Given { attainable, unsupported: refused, quorum, ..Given::plain(set, why, grounds, age) })
}

fn by_quorum(quorum: &Quorum, explains: bool, why: &mut EcoString) -> ModelSet {
    if explains {
        let count = |n: Option<u64>| n.map_or_else(|| "majority".into(), |n| eco_format!("{n}"));
        let sign = if quorum.overlaps { "overlaps" } else { "does not overlap" };
        *why = eco_format!("R {} + W {} {sign}", count(quorum.r), count(quorum.w));
        if let Some(n) = quorum.n {
            why.push_str(&format!(" in N {n}"));
        }
    }
    let mut set = ModelSet::closure(Level::Eventual);
    if quorum.overlaps {
        set = set.union(ModelSet::closure(Level::ReadYourWrites));
        set = set.union(ModelSet::closure(Level::MonotonicReads));
    }
    set
}

fn overlap_theorem(overlaps: bool) -> Ground {
    let text = if overlaps {
        "R + W > N gives read_your_writes and monotonic_reads, not more"
    } else {
        "R + W <= N: a read may miss the copies that were written"
    };
    Ground::theorem(text, "Gifford, SOSP 1979; Bailis et al., VLDB 2012")
}

/// A table that several regions write is strong at most within each of them.
fn across_regions(element: &Element, set: &mut ModelSet, why: &mut EcoString, grounds: &mut Vec<Ground>) {
    let Some(technology) = element.tech() else { return };
    if technology.applied.iter().any(|variant| variant == "global_tables")
        && let Some(known) = technology.replica_read()
    {
        *set = set.meet(ModelSet::closure(known.value));
        *why = "global table: writes of other regions arrive later".into();
        grounds.push(Ground::catalogue(technology, &known, known.value));
    }
}

fn follower(element: &Element, step: &Step) -> Result<Given, Needs> {
    let mut grounds = Vec::new();
    grounds.extend(
        step.props
            .get("from")
            .map(|p| Ground::stated(eco_format!("read from {}", p.word().unwrap_or_default()), p.span)),
    );
    let asynchronous = element.props.at("replication.mode").filter(|p| p.word() == Some("asynchronous"));
    let set = match (element.tech().and_then(|t| Some((t, t.replica_read()?))), asynchronous) {
        (Some((technology, known)), _) => {
            grounds.push(Ground::catalogue(technology, &known, known.value));
            ModelSet::closure(known.value)
        }
        (None, Some(prop)) => {
            grounds.push(Ground::property(element, prop, "asynchronous"));
            ModelSet::closure(Level::Eventual)
        }
        (None, None) => return Err(needs(element, "replica_read")),
    };
    let age = age(element, set, &mut grounds);
    let why = match element.scalar("replication.lag") {
        Some(lag) => eco_format!("replica, lag {}", lag.quantity.human()),
        None => "replica".into(),
    };
    Ok(Given { follower: true, ..Given::plain(set, why, grounds, age) })
}

/// Several leaders: what rests on one order of all writes does not hold; what a session carries with it does.
fn several_leaders(element: &Element) -> Given {
    let mut grounds = Vec::new();
    let eventual = ModelSet::closure(Level::Eventual);
    let mut set = eventual;
    if let Some(prop) = element.props.at("replication.leader") {
        grounds.push(Ground::property(element, prop, "multi"));
    }
    if let Some(technology) = element.tech()
        && let Some(known) = technology.read_default()
    {
        let sessions = ModelSet::closure(known.value);
        if !sessions.satisfies(Level::Causal) && technology.single_writer().is_some_and(|k| !k.value) {
            set = sessions.union(eventual);
            grounds.push(Ground::catalogue(technology, &known, known.value));
        }
    }
    let age = age(element, set, &mut grounds);
    Given::plain(set, "several leaders".into(), grounds, age)
}

/// How old a read may be: not at all where it is linearizable, else the lag, and what the technology adds by design.
fn age(element: &Element, set: ModelSet, grounds: &mut Vec<Ground>) -> (Option<f64>, Option<EcoString>) {
    if set.satisfies(Level::Linearizable) {
        return (Some(0.0), None);
    }
    let by_design = element.tech().and_then(|t| Some((t, t.stale_s()?)));
    if let Some((technology, known)) = &by_design {
        grounds.push(Ground::catalogue(technology, known, format!("{} s", known.value)));
    }
    let by_design = by_design.map(|(_, known)| known.value);
    let stated = element.props.at("replication.lag").and_then(|p| Some((p, p.quantity()?)));
    if let Some((prop, lag)) = stated {
        grounds.push(Ground::property(element, prop, lag.quantity.human()));
        return (Some(lag.value() + by_design.unwrap_or(0.0)), None);
    }
    let unbounded = by_design.is_none();
    (by_design, unbounded.then(|| eco_format!("{}.replication.lag is not stated", element.head.name)))
}
