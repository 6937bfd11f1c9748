//! Whether acknowledged writes survive a failover and a restart, and how much may be lost.

use super::data_word;
use super::ground::{Ground, Needs, confidence, needs};
use super::quorum;
use crate::analysis::calls::{Calls, Cause, touches};
use crate::analysis::shape::{Leadership, leadership};
use crate::catalog::{Confidence, Technology};
use crate::model::{DataId, Element, ElementId, FlowId, Model, Operation, StepId, Touched};
use crate::schema::Kind;
use ecow::{EcoString, eco_format};
use std::collections::BTreeMap;

/// What happens to the last acknowledged writes when something fails.
#[derive(Clone, Debug, PartialEq)]
pub enum Survival {
    /// They survive.
    Kept,
    /// Some are lost: the last so many seconds of them, where that is known, and what it needs where it is not.
    Lost(Option<f64>, Option<Needs>),
    /// It cannot happen: one copy has no failover.
    Never,
    /// Not known: what it needs.
    Unknown(Needs),
}

impl Survival {
    /// Whether acknowledged writes are kept; `None` where that is not known.
    pub fn keeps(&self) -> Option<bool> {
        match self {
            Survival::Kept | Survival::Never => Some(true),
            Survival::Lost(..) => Some(false),
            Survival::Unknown(_) => None,
        }
    }
}

/// What becomes of what an element acknowledged.
#[derive(Clone, Debug, PartialEq)]
pub struct Durability {
    /// After a failover.
    pub failover: Survival,
    /// After a restart.
    pub restart: Survival,
    /// Whether there is only one copy; `None` where that is not known.
    pub only_copy: Option<bool>,
    /// Seconds between two backups, where they are stated.
    pub backup_s: Option<f64>,
    /// What the failover rests on.
    pub failover_grounds: Vec<Ground>,
    /// What the restart rests on.
    pub restart_grounds: Vec<Ground>,
    /// What the number of copies rests on.
    pub copies_grounds: Vec<Ground>,
}

impl Durability {
    /// Whether a failover or a restart may lose an acknowledged write; `None` where that is not known.
    pub fn loses(&self) -> Option<bool> {
        match (self.failover.keeps(), self.restart.keeps()) {
            (Some(false), _) | (_, Some(false)) => Some(true),
            (Some(true), Some(true)) => Some(false),
            _ => None,
        }
    }

    /// Seconds of acknowledged writes that the worse of failover and restart may lose.
    ///
    /// # Errors
    ///
    /// What would have to be known.
    pub fn window_s(&self) -> Result<f64, Needs> {
        let mut worst = 0.0_f64;
        for survival in [&self.failover, &self.restart] {
            match survival {
                Survival::Kept | Survival::Never => {}
                Survival::Lost(Some(seconds), _) => worst = worst.max(*seconds),
                Survival::Lost(None, need) => return Err(need.clone().unwrap_or_default()),
                Survival::Unknown(need) => return Err(need.clone()),
            }
        }
        Ok(worst)
    }

    /// Seconds of acknowledged writes that the worst failure may lose: a failover, a restart, or, of the only copy,
    /// the loss of its disk, which goes back to the last backup. `None` where nothing bounds it.
    ///
    /// # Errors
    ///
    /// What would have to be known.
    pub fn worst_window_s(&self) -> Result<Option<f64>, Needs> {
        if self.only_copy == Some(true) && self.backup_s.is_none() {
            return Ok(None);
        }
        let window = self.window_s()?;
        let backup = self.backup_s.filter(|_| self.only_copy == Some(true));
        Ok(Some(backup.map_or(window, |every| every.max(window))))
    }

    /// What a finding may rest on it.
    pub fn confidence(&self) -> Confidence {
        let all: Vec<Ground> = self.failover_grounds.iter().chain(&self.restart_grounds).cloned().collect();
        confidence(&all)
    }

    /// Everything that the survival of writes rests on.
    pub fn grounds(&self) -> Vec<Ground> {
        [&self.failover_grounds, &self.restart_grounds, &self.copies_grounds]
            .into_iter()
            .flatten()
            .cloned()
            .collect()
    }
}

/// A write that is acknowledged, and what becomes of it.
#[derive(Clone, Debug)]
pub struct WriteFacts {
    /// Its flow.
    pub flow: FlowId,
    /// Its step.
    pub step: StepId,
    /// The element that acknowledges it.
    pub element: ElementId,
    /// What is written.
    pub data: Vec<EcoString>,
    /// Whether the answer of the flow comes after it, so that the caller counts on it.
    pub acknowledged: bool,
    /// Whether a cache acknowledges it before the origin has it.
    pub write_back: bool,
    /// Whether nothing else keeps what is written.
    pub only_holder: bool,
}

/// The stores and topics that hold each kind of data, looked up once for all writes of a design.
pub struct Records(BTreeMap<DataId, Vec<ElementId>>);

impl Records {
    /// Collects them from every element; a cache keeps nothing that outlives it.
    pub fn of(model: &Model) -> Records {
        let mut records: BTreeMap<DataId, Vec<ElementId>> = BTreeMap::new();
        for (id, element) in model.elements().filter(|(_, e)| matches!(e.kind, Kind::Store | Kind::Topic)) {
            for data in element.holds() {
                records.entry(data).or_default().push(id);
            }
        }
        Records(records)
    }

    /// The stores and topics that hold a kind of data.
    pub fn of_data(&self, data: DataId) -> &[ElementId] {
        self.0.get(&data).map_or(&[], Vec::as_slice)
    }

    /// Whether another element than this one keeps what a step touches.
    fn elsewhere(&self, than: ElementId, touched: &Touched) -> bool {
        let Touched::Data(data) = touched else { return false };
        self.of_data(*data).iter().any(|e| *e != than)
    }
}

/// Every acknowledged write of a flow that is the record of something: not the fill of a cache.
pub fn of_flow(model: &Model, id: FlowId, calls: &Calls, records: &Records) -> Vec<WriteFacts> {
    let flow = model.flow(id);
    let mut writes = Vec::new();
    for hop in &calls.hops {
        let element = model.element(hop.to);
        let writes_back = element.props.word("policy") == Some("write_back");
        let fill = element.kind == Kind::Cache && element.props.has("of") && !writes_back;
        let counts = matches!(hop.counts_as, Operation::Write | Operation::Publish);
        if !counts || fill || !element.kind.is_stateful() || hop.cause == Cause::WriteBack {
            continue;
        }
        let touched = touches(flow, hop);
        writes.push(WriteFacts {
            flow: id,
            step: hop.step,
            element: hop.to,
            data: touched.iter().map(|t| data_word(model, t)).collect(),
            acknowledged: hop.on_path,
            write_back: writes_back && hop.counts_as == Operation::Write,
            only_holder: !touched.iter().any(|t| records.elsewhere(hop.to, t)),
        });
    }
    writes
}

/// What becomes of what a store, cache, queue or topic acknowledged; `None` for what keeps nothing.
pub fn durability(element: &Element) -> Option<Durability> {
    if !element.kind.is_stateful() {
        return None;
    }
    if let Some(waiting) = waiting_writes(element) {
        return Some(waiting);
    }
    let (only_copy, copies_grounds) = only_copy(element);
    let (failover, failover_grounds) = failover(element, only_copy);
    let (mut restart, mut restart_grounds) = restart(element);
    let others = only_copy == Some(false) || element.tech().is_some_and(|t| t.managed);
    if matches!(restart, Survival::Unknown(_)) && failover == Survival::Kept && others {
        // What one copy forgets when it starts again, the others hand to it.
        restart = Survival::Kept;
        restart_grounds.clone_from(&failover_grounds);
    }
    let backup_s = element.props.number("backup.every");
    Some(Durability {
        failover,
        restart,
        only_copy,
        backup_s,
        failover_grounds,
        restart_grounds,
        copies_grounds,
    })
}

/// What a cache acknowledged and its origin has not yet: lost with the cache, unless its own copies have it.
fn waiting_writes(element: &Element) -> Option<Durability> {
    let policy = element.props.get("policy").filter(|p| p.word() == Some("write_back"))?;
    if matches!(element.props.word("replication.mode"), Some("synchronous" | "quorum" | "raft")) {
        return None;
    }
    let flush = element.props.get("flush").and_then(|p| Some((p, p.quantity()?)));
    let mut grounds = vec![Ground::property(element, policy, "write_back")];
    let lost = match flush {
        Some((prop, time)) => {
            grounds.push(Ground::property(element, prop, time.quantity.human()));
            Survival::Lost(Some(time.value()), None)
        }
        None => Survival::Lost(None, Some(eco_format!("{}.flush", element.head.name))),
    };
    Some(Durability {
        failover: lost.clone(),
        restart: lost,
        only_copy: None,
        backup_s: None,
        failover_grounds: grounds,
        restart_grounds: Vec::new(),
        copies_grounds: Vec::new(),
    })
}

fn only_copy(element: &Element) -> (Option<bool>, Vec<Ground>) {
    if element.tech().is_some_and(|t| t.managed) && !element.props.has("replicas") {
        return (None, Vec::new());
    }
    if let Some((n, ground)) = quorum::copies(element) {
        return (Some(n <= 1), vec![ground]);
    }
    let stated = element.props.get("replicas");
    match (stated, element.replicas()) {
        (Some(prop), Some(crate::model::Replicas::Fixed(n))) => {
            (Some(n <= 1), vec![Ground::property(element, prop, n)])
        }
        (Some(_), _) => (Some(false), Vec::new()),
        (None, _) => (Some(true), vec![Ground::theorem("one copy where none is stated", "default of sysd")]),
    }
}

fn failover(element: &Element, only_copy: Option<bool>) -> (Survival, Vec<Ground>) {
    let mode = element.props.at("replication.mode").and_then(|p| Some((p, p.word()?)));
    if let Some((prop, word)) = mode {
        let ground = Ground::property(element, prop, word);
        if word == "asynchronous" {
            return lost_by_lag(element, vec![ground]);
        }
        if let Some(technology) = element.tech()
            && let Some(known) = technology.acked_survive_failover_best()
            && !known.value
        {
            let fact = Ground::catalogue(technology, &known, "no");
            return lost_by_lag(element, vec![ground, fact]);
        }
        if word != "quorum" || !element.props.has("consistency") {
            return (Survival::Kept, vec![ground]);
        }
    }
    if leadership(element) == Leadership::Leaderless
        && let Some(Ok(quorum)) = quorum::quorum(element)
        && let Some(w) = quorum.w
    {
        let mut grounds = quorum.grounds;
        grounds.push(Ground::theorem(
            eco_format!("a write waits for {w} copies, so the loss of one keeps {}", w.saturating_sub(1)),
            "Gifford, SOSP 1979",
        ));
        return if w > 1 { (Survival::Kept, grounds) } else { lost_by_lag(element, grounds) };
    }
    if let Some((prop, word)) = mode {
        return (Survival::Kept, vec![Ground::property(element, prop, word)]);
    }
    if only_copy == Some(true) && !element.tech().is_some_and(|t| t.managed) {
        return (Survival::Never, Vec::new());
    }
    let Some(technology) = element.tech() else {
        return (Survival::Unknown(eco_format!("{}.replication.mode", element.head.name)), Vec::new());
    };
    match technology.acked_survive_failover_default() {
        Some(known) if known.value => (Survival::Kept, vec![Ground::catalogue(technology, &known, "yes")]),
        Some(known) => lost_by_lag(element, vec![Ground::catalogue(technology, &known, "no")]),
        None => (Survival::Unknown(needs(element, "acked_survive_failover_default")), Vec::new()),
    }
}

/// The last writes are lost: those of the lag, as stated, else as the technology loses them.
fn lost_by_lag(element: &Element, mut grounds: Vec<Ground>) -> (Survival, Vec<Ground>) {
    if let Some(prop) = element.props.at("replication.lag")
        && let Some(lag) = prop.quantity()
    {
        grounds.push(Ground::property(element, prop, lag.quantity.human()));
        return (Survival::Lost(Some(lag.value()), None), grounds);
    }
    if let Some(seconds) = catalogued(element, "failover_loss_s", &mut grounds) {
        return (Survival::Lost(Some(seconds), None), grounds);
    }
    (Survival::Lost(None, Some(eco_format!("{}.replication.lag", element.head.name))), grounds)
}

fn restart(element: &Element) -> (Survival, Vec<Ground>) {
    let Some(technology) = element.tech() else {
        return (Survival::Unknown(needs(element, "acked_survive_restart_default")), Vec::new());
    };
    let Some(known) = technology.acked_survive_restart_default() else {
        return (Survival::Unknown(needs(element, "acked_survive_restart_default")), Vec::new());
    };
    let mut grounds = vec![Ground::catalogue(technology, &known, if known.value { "yes" } else { "no" })];
    if known.value {
        return (Survival::Kept, grounds);
    }
    match catalogued(element, "restart_loss_s", &mut grounds) {
        Some(seconds) => (Survival::Lost(Some(seconds), None), grounds),
        None => (Survival::Lost(None, Some(needs(element, "restart_loss_s"))), grounds),
    }
}

/// Seconds that the technology may lose; nought says that nothing is lost, which contradicts a loss and is no bound.
fn catalogued(element: &Element, key: &str, grounds: &mut Vec<Ground>) -> Option<f64> {
    let technology: &Technology = element.tech()?;
    let known = match key {
        "failover_loss_s" => technology.failover_loss_s(),
        _ => technology.restart_loss_s(),
    }?;
    if known.value <= 0.0 {
        return None;
    }
    grounds.push(Ground::catalogue(technology, &known, eco_format!("{} s", known.value)));
    Some(known.value)
}
