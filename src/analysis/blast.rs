//! What goes down with an element, and how fast: the flows that need it, and the callers that stall while it hangs.
//!
//! A call that gets no answer holds a slot of its caller until its timeout. By Little's law rate × timeout slots are
//! held at once; where a caller has fewer, they are all taken after slots / rate, and the caller answers nobody
//! either: its own callers begin to wait. A breaker or a bulkhead ends the chain, and so does a hand-over to a broker.

use super::facts::Facts;
use super::reliability::Structure;
use crate::model::{Arrow, ElementId, FlowId, Model, StepId};
use std::collections::{BTreeMap, BTreeSet};

/// Calls of one element to another that wait without a guard, taken together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Waiting {
    /// Who waits.
    pub caller: ElementId,
    /// For whom.
    pub target: ElementId,
    /// Calls per second at peak.
    pub rate: f64,
    /// The longest timeout of these calls, in seconds.
    pub timeout: f64,
    /// Slots of the caller, in all its replicas; `None` where not known.
    pub slots: Option<f64>,
    /// The first of the calls.
    pub at: (FlowId, StepId),
}

impl Waiting {
    /// Slots that are held at once while the target hangs.
    pub fn held(&self) -> f64 {
        self.rate * self.timeout
    }

    /// Seconds until all slots of the caller are taken; `None` where they suffice or are not known.
    pub fn full_after(&self) -> Option<f64> {
        let slots = self.slots?;
        (self.held() > slots && self.rate > 0.0).then(|| slots / self.rate)
    }
}

/// A caller that stalls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stall {
    /// The caller.
    pub element: ElementId,
    /// For whom it waits.
    pub waits_for: ElementId,
    /// Seconds after the first element began to hang.
    pub after: f64,
}

/// What goes down with an element.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Blast {
    /// Flows that fail while it is down.
    pub flows: Vec<FlowId>,
    /// Callers that stall while it hangs, the first first.
    pub stalls: Vec<Stall>,
}

/// Every pair of elements of which one waits for the other without a breaker or a bulkhead; only calls whose rate
/// and timeout are known.
pub fn waiting(model: &Model, facts: &Facts) -> Vec<Waiting> {
    let mut found: BTreeMap<(ElementId, ElementId), Waiting> = BTreeMap::new();
    for (flow_id, flow) in model.flows() {
        for (id, step) in flow.steps() {
            let target = model.element(step.to);
            let caller = model.element(step.from);
            let guarded =
                step.props.has("breaker") || step.props.has("bulkhead") || caller.props.has("bulkhead");
            // Behind a hand-over nobody waits: the backlog grows, and no caller is held.
            if step.arrow != Arrow::Sync || step.asynchronous || guarded || !caller.kind.is_compute() {
                continue;
            }
            let timeout = step.props.number("timeout").or_else(|| target.props.number("timeout"));
            let rate = facts.flow(flow_id).hops.get(id.index()).and_then(|r| facts.value(r.peak));
            let (Some(timeout), Some(rate)) = (timeout, rate) else { continue };
            let slots = facts.value(facts.element(step.from).concurrency.0);
            let seen = found.entry((step.from, step.to)).or_insert(Waiting {
                caller: step.from,
                target: step.to,
                rate: 0.0,
                timeout,
                slots,
                at: (flow_id, id),
            });
            seen.rate += rate;
            seen.timeout = seen.timeout.max(timeout);
        }
    }
    found.into_values().collect()
}

/// What goes down with an element.
pub fn blast(model: &Model, facts: &Facts, element: ElementId) -> Blast {
    let down = BTreeSet::from([element]);
    let flows = model.flows().map(|(id, _)| id).filter(|id| Structure::of(model, *id).fails(&down)).collect();
    let waiting = waiting(model, facts);
    let mut after: BTreeMap<ElementId, (f64, ElementId)> = BTreeMap::from([(element, (0.0, element))]);
    let mut todo = vec![element];
    // Times only fall, and each is a sum along a path without circles: the work ends.
    while let Some(target) = todo.pop() {
        let Some((start, _)) = after.get(&target).copied() else { continue };
        for wait in waiting.iter().filter(|w| w.target == target) {
            let Some(time) = wait.full_after().map(|t| start + t) else { continue };
            if after.get(&wait.caller).is_none_or(|(known, _)| time < *known) {
                after.insert(wait.caller, (time, target));
                todo.push(wait.caller);
            }
        }
    }
    after.remove(&element);
    let mut stalls: Vec<Stall> =
        after.into_iter().map(|(element, (after, waits_for))| Stall { element, waits_for, after }).collect();
    stalls.sort_by(|a, b| a.after.total_cmp(&b.after).then(a.element.cmp(&b.element)));
    Blast { flows, stalls }
}

#[cfg(test)]
mod tests {
    use super::{Stall, blast};
    use crate::analysis::tests::{base, model};

    const CHAIN: &str = "
actor user
service web { concurrency 100, timeout 10s }
service api { replicas 2, concurrency 100, timeout 10s }
service ads { timeout 5s }
service stats { timeout 5s }
flow read { rate 50/s, user -> web -> api, api -> ads, on failure { api -> stats } }
flow plain { rate 10/s, user -> web }
";

    #[test]
    fn callers_stall_one_after_another() {
        // By hand: 200 slots at 50/s are taken after 4 s, for 50 × 5 s = 250 are held; then the 100 of web after 2 s more.
        let (model, facts) = (model(CHAIN), base(CHAIN));
        let id = |name: &str| model.element_named(name).expect("an element");
        let found = blast(&model, &facts, id("ads"));
        let stall = |name: &str, waits: &str, after| Stall { element: id(name), waits_for: id(waits), after };
        assert_eq!(found.stalls, [stall("api", "ads", 4.0), stall("web", "api", 6.0)]);
        // The alternative keeps the flow up while it is down, which hanging does not: that stalls.
        assert_eq!(found.flows, []);
        assert_eq!(blast(&model, &facts, id("api")).flows.len(), 1);
        assert_eq!(blast(&model, &facts, id("web")).flows.len(), 2);
    }

    #[test]
    fn a_breaker_ends_the_chain_and_slots_that_suffice_are_not_taken() {
        let guarded = CHAIN.replace("api -> ads,", "api -> ads { breaker { opens 50%, after 10s } },");
        let ample = CHAIN.replace("replicas 2, concurrency 100", "replicas 3, concurrency 100");
        for text in [guarded, ample] {
            let model = model(&text);
            let ads = model.element_named("ads").expect("an element");
            assert_eq!(blast(&model, &base(&text), ads).stalls, []);
        }
    }
}
