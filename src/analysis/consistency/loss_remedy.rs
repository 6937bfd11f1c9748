//! What would bound the loss of acknowledged writes: the smallest changes that do, found by trying them.

use super::writes::{Durability, Survival};
use crate::analysis::shape::{Leadership, leadership};
use crate::model::Element;
use crate::quantity::Quantity;
use ecow::{EcoString, eco_format};

/// A change that keeps acknowledged writes.
#[derive(Clone, Debug, PartialEq)]
pub enum LossRemedy {
    /// A setting of the technology with which a restart loses nothing: `aof always`.
    Setting(EcoString),
    /// A write waits for more than one copy.
    QuorumWrites,
    /// Copies have every write before it is acknowledged.
    Synchronous,
    /// A write may wait at most so many seconds in the cache.
    Flush(f64),
    /// A backup every so many seconds.
    Backup(f64),
    /// A second copy that has every write.
    SecondCopy,
}

impl LossRemedy {
    /// As a design states it.
    pub fn text(&self) -> EcoString {
        let time = |seconds: &f64| Quantity::seconds(*seconds).human();
        match self {
            LossRemedy::Setting(setting) => setting.clone(),
            LossRemedy::QuorumWrites => "consistency { write quorum }".into(),
            LossRemedy::Synchronous => "replication { mode synchronous }".into(),
            LossRemedy::Flush(every) => eco_format!("flush {}", time(every)),
            LossRemedy::Backup(every) => eco_format!("backup {{ every {} }}", time(every)),
            LossRemedy::SecondCopy => {
                "replicas 2, replication { mode synchronous }, failover automatic".into()
            }
        }
    }

    /// What becomes of acknowledged writes after the change; `None` where it changes nothing.
    fn applied(&self, element: &Element, now: &Durability) -> Option<Durability> {
        let mut after = now.clone();
        let lost = |survival: &Survival| matches!(survival, Survival::Lost(..) | Survival::Unknown(_));
        match self {
            LossRemedy::Setting(_) if lost(&now.restart) => after.restart = Survival::Kept,
            LossRemedy::QuorumWrites | LossRemedy::Synchronous
                if lost(&now.failover) && keeps_copies(element) =>
            {
                after.failover = Survival::Kept;
            }
            LossRemedy::Flush(every) => {
                after.failover = Survival::Lost(Some(*every), None);
                after.restart = Survival::Lost(Some(*every), None);
            }
            LossRemedy::Backup(every) if now.only_copy == Some(true) => after.backup_s = Some(*every),
            LossRemedy::SecondCopy if now.only_copy == Some(true) && keeps_copies(element) => {
                after.only_copy = Some(false);
                after.failover = Survival::Kept;
                if matches!(after.restart, Survival::Unknown(_)) {
                    // What one copy forgets when it starts again, the other hands to it.
                    after.restart = Survival::Kept;
                }
            }
            _ => return None,
        }
        Some(after)
    }
}

/// Whether the technology can wait for its copies: one that always copies later loses the tail whatever is asked.
fn keeps_copies(element: &Element) -> bool {
    element.tech().and_then(|t| t.acked_survive_failover_best()).is_none_or(|known| known.value)
}

/// Seconds: backups as close as this are usual; closer ones are a copy that runs, by another name.
const USUAL_BACKUP: f64 = 300.0;

/// The changes worth trying, the cheapest first: settings, then waiting, then copies.
fn candidates(element: &Element, limit: f64) -> Vec<LossRemedy> {
    if element.props.word("policy") == Some("write_back") {
        return if limit > 0.0 { vec![LossRemedy::Flush(limit)] } else { Vec::new() };
    }
    let mut all: Vec<LossRemedy> = durable_setting(element).into_iter().map(LossRemedy::Setting).collect();
    all.push(match leadership(element) {
        Leadership::Leaderless => LossRemedy::QuorumWrites,
        _ => LossRemedy::Synchronous,
    });
    all.push(LossRemedy::SecondCopy);
    if limit >= USUAL_BACKUP {
        // Cheaper than a copy that runs.
        all.insert(all.len() - 1, LossRemedy::Backup(limit));
    } else if limit > 0.0 {
        all.push(LossRemedy::Backup(limit));
    }
    all
}

/// The setting with which the technology keeps what it acknowledged over a restart.
fn durable_setting(element: &Element) -> Option<EcoString> {
    let technology = element.tech()?;
    let keeps = |key: &str, value: &crate::catalog::Derived| {
        key == "acked_survive_restart_default" && value.value.flag() == Some(true)
    };
    let found = technology.variants.iter().find(|v| v.set.iter().any(|(key, value)| keeps(key, value)));
    found.map(|variant| variant.name.as_str().into())
}

/// The fewest changes after which no failure loses more than the last `limit` seconds, at most two of them; empty
/// where none of those that are tried does.
pub fn loss_remedy(element: &Element, now: &Durability, limit: f64) -> Vec<LossRemedy> {
    let candidates = candidates(element, limit);
    let within = |after: &Durability| matches!(after.worst_window_s(), Ok(Some(window)) if window <= limit);
    let single = candidates.iter().find(|c| c.applied(element, now).is_some_and(|after| within(&after)));
    if let Some(single) = single {
        return vec![single.clone()];
    }
    for (at, first) in candidates.iter().enumerate() {
        let Some(half) = first.applied(element, now) else { continue };
        for second in candidates.iter().skip(at + 1) {
            if second.applied(element, &half).is_some_and(|after| within(&after)) {
                return vec![first.clone(), second.clone()];
            }
        }
    }
    Vec::new()
}
