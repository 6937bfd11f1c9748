//! Availability, cut sets, single points of failure and importance of each flow.

use super::super::case::Case;
use super::super::derivation::{FactId, Unit};
use super::super::derive::{NUMBER, TIME, What};
use super::super::facts::{CutSet, FailureKind, Importance, Rate, Reliability, SinglePoint};
use super::super::fault_tree::{self, Analysis, CutEvent, EventId, Formula, Options, Probability};
use super::super::placement::Zone;
use super::budgets;
use super::elements::ElementReliability;
use super::grounds::Grounds;
use super::group::Group;
use super::holds::holds;
use super::remedy::Remedies;
use super::tree::{Builder, Meaning};
use super::trees::Trees;
use super::wiring::Wiring;
use crate::model::{ElementId, Entity, FlowId, StepId};
use ecow::{EcoString, eco_format};

/// The reliability of every flow.
/// `rates` are the arrivals of the flows; `trees` are what other cases found.
pub fn evaluate(
    case: &mut Case<'_>,
    grounds: &Grounds,
    elements: &[ElementReliability],
    rates: &[Rate],
    trees: &Trees,
) -> Vec<Reliability> {
    let ids: Vec<FlowId> = case.model.flows().map(|(id, _)| id).collect();
    let mut remedies = Remedies::new(case.model, grounds);
    ids.into_iter()
        .map(|id| flow(case, grounds, elements, (id, rates.get(id.index()).copied()), &mut remedies, trees))
        .collect()
}

fn flow(
    case: &mut Case<'_>,
    grounds: &Grounds,
    elements: &[ElementReliability],
    (id, rate): (FlowId, Option<Rate>),
    remedies: &mut Remedies<'_>,
    trees: &Trees,
) -> Reliability {
    let wiring = Wiring::of(case.model, id);
    let mut builder = Builder::new(case.model, grounds);
    let top = builder.any_fails(&wiring.items);
    let analysis = trees.analyse(&builder.tree, top);
    let mut reader = Reader { builder, wiring: &wiring, analysis: &analysis };
    let single_points = reader.single_points(top, remedies);
    let unknown = reader.unknown();
    let lacks = unknown
        .first()
        .map(|e| eco_format!("{}.availability", case.name(*e)))
        .or_else(|| wiring.lacks.first().cloned());
    let inputs = reader.inputs(grounds, elements);
    let numbers = numbers(case, id, grounds, &analysis.probability, inputs, lacks.as_ref());
    Reliability {
        availability: numbers.0,
        unavailability: numbers.1,
        downtime: numbers.2,
        downtime_month: budgets::downtime_month(case, id, numbers.2),
        failed_per_day: failed_per_day(case, id, numbers.1, rate),
        budget_spent: budgets::budget_spent(case, id, numbers.1),
        budgets: budgets::budgets(case, id, numbers.1, grounds.year),
        single_points,
        cut_sets: reader.cut_sets(),
        cut_sets_by_order: analysis.cut_sets.counts.by_order.iter().map(|n| *n as f64).collect(),
        importance: if lacks.is_some() { Vec::new() } else { reader.importance() },
        inexact: inexact(&analysis.probability).filter(|_| lacks.is_none()),
    }
}

/// Availability, unavailability, downtime a year.
fn numbers(
    case: &mut Case<'_>,
    id: FlowId,
    grounds: &Grounds,
    probability: &Probability,
    inputs: Vec<FactId>,
    lacks: Option<&EcoString>,
) -> (FactId, FactId, FactId) {
    let name = &case.model.flow(id).head.name;
    let available = What::of(name, "availability", Unit::Availability);
    let unavailable = What::of(name, "unavailability", Unit::Probability);
    let need = lacks.cloned().or_else(|| {
        let (_, lower, upper) = inexact(probability)?;
        Some(eco_format!("a smaller fault tree; its unavailability lies between {lower} and {upper}"))
    });
    let (up, down) = match (need, probability) {
        (None, Probability::Exact { unavailability, availability }) => {
            let text = "probability that everything it needs works: exact, what is shared counts once";
            let up = case.graph.formula(available, text, inputs, |_| Ok(*availability));
            let text = "1 - availability, computed without cancellation";
            let down = case.graph.formula(unavailable, text, vec![up], |_| Ok(*unavailability));
            (up, down)
        }
        (need, _) => {
            let need = need.unwrap_or_else(|| "an exact probability".into());
            (case.graph.missing(available, need.clone()), case.graph.missing(unavailable, need))
        }
    };
    let downtime = What::of(name, "downtime", TIME).labelled("downtime in a year");
    (up, down, case.graph.product(downtime, vec![down, grounds.year]))
}

/// Seconds of a day.
const DAY: f64 = 86_400.0;

fn failed_per_day(case: &mut Case<'_>, id: FlowId, down: FactId, rate: Option<Rate>) -> FactId {
    let name = &case.model.flow(id).head.name;
    let what = What::of(name, "failed_per_day", NUMBER).labelled("requests that fail in a day");
    let Some(rate) = rate else { return case.graph.missing(what, eco_format!("{name}.rate")) };
    let text = "unavailability × average rate × 86 400 s";
    case.graph.formula(what, text, vec![down, rate.average], |v| Ok(v[0] * v[1] * DAY))
}

fn inexact(probability: &Probability) -> Option<(EcoString, f64, f64)> {
    match probability {
        Probability::Exact { .. } => None,
        Probability::Bounded(bounds) => {
            let why = match bounds.method {
                fault_tree::Method::AllCutSets => {
                    "too large for an exact result; bounds from all cut sets (Esary and Proschan, Bonferroni)"
                        .into()
                }
                fault_tree::Method::CutSetsUpTo { order } => {
                    eco_format!("too large for an exact result; bounds from the cut sets up to order {order}")
                }
            };
            Some((why, bounds.lower, bounds.upper))
        }
    }
}

struct Reader<'r, 'g> {
    builder: Builder<'g>,
    wiring: &'r Wiring,
    analysis: &'r Analysis,
}

impl Reader<'_, '_> {
    fn meaning(&self, event: EventId) -> Option<Meaning> {
        self.builder.meaning(event)
    }

    /// Elements of unknown availability on which the flow depends.
    fn unknown(&self) -> Vec<ElementId> {
        let listed = self.analysis.cut_sets.sets.iter().flat_map(|s| s.events.iter().map(|e| e.event));
        let read = self.analysis.importance.iter().map(|i| i.event).chain(listed);
        let mut found: Vec<ElementId> = read
            .filter_map(|event| match self.meaning(event) {
                Some(Meaning::Provider(element)) if self.builder.unknown.contains(&element) => Some(element),
                _ => None,
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The availability of each element that is needed, in the order of the text.
    fn inputs(&self, grounds: &Grounds, elements: &[ElementReliability]) -> Vec<FactId> {
        let mut inputs: Vec<FactId> = Vec::new();
        for need in self.wiring.needs() {
            let fact = elements.get(need.element.index()).map(|e| e.availability);
            let known = grounds.replica(need.element).is_some_and(|r| r.unavailability.is_some());
            inputs.extend(fact.filter(|_| known));
        }
        let mut seen = std::collections::BTreeSet::new();
        inputs.retain(|fact| seen.insert(*fact));
        inputs
    }

    fn cut_sets(&self) -> Vec<CutSet> {
        let sets = self.analysis.cut_sets.sets.iter().filter(|set| set.order > 0);
        let unknown = &self.builder.unknown;
        let is_known = |e: &CutEvent| !matches!(self.meaning(e.event), Some(Meaning::Provider(p)) if unknown.contains(&p));
        sets.map(|set| CutSet {
            events: set.events.iter().map(|e| self.builder.text(e.event, Some(e.count))).collect(),
            order: set.order,
            probability: set.events.iter().all(is_known).then_some(set.probability),
            shared: self.shared(set),
        })
        .collect()
    }

    /// The zone, else the region, that both parts of a cut set of two live in.
    fn shared(&self, set: &fault_tree::CutSet) -> Option<EcoString> {
        if set.order != 2 {
            return None;
        }
        let model = self.builder.model();
        let homes: Option<Vec<Zone>> = set.events.iter().map(|e| self.home(e.event)).collect();
        let homes = homes?;
        let (first, rest) = homes.split_first()?;
        if rest.iter().all(|zone| zone == first) && set.events.iter().all(|e| self.is_in_one_zone(e.event)) {
            return Some(eco_format!("zone {}", model.entity_name(Entity::Zone(first.0, first.1))));
        }
        let region = first.0?;
        let only_region = rest.iter().all(|zone| zone.0 == Some(region));
        only_region.then(|| eco_format!("region {}", model.region(region).head.name))
    }

    /// A zone that replicas live in; `None` where they have none, or live in several regions.
    fn home(&self, event: EventId) -> Option<Zone> {
        match self.meaning(event)? {
            Meaning::Replicas { zone: Some(zone), .. } | Meaning::Zone(zone) => Some(zone),
            Meaning::Replicas { element, .. } => {
                let Some(Group::Replicas { places, .. }) = self.builder.group(element) else { return None };
                let first = places.first()?.zone?;
                places.iter().all(|p| p.zone.is_some_and(|z| z.0 == first.0)).then_some(first)
            }
            _ => None,
        }
    }

    fn is_in_one_zone(&self, event: EventId) -> bool {
        match self.meaning(event) {
            Some(Meaning::Replicas { zone: Some(_), .. }) => true,
            Some(Meaning::Replicas { element, .. }) => {
                matches!(self.builder.group(element), Some(Group::Replicas { places, .. }) if places.len() == 1)
            }
            _ => false,
        }
    }

    fn importance(&self) -> Vec<Importance> {
        let all = self.analysis.importance.iter();
        all.map(|i| Importance {
            event: self.builder.text(i.event, None),
            birnbaum: i.birnbaum,
            criticality: i.criticality,
            achievement: i.risk_achievement_worth,
            reduction: i.risk_reduction_worth,
        })
        .collect()
    }

    /// Everything that takes the flow down by itself, the likeliest first.
    fn single_points(&mut self, top: Formula, remedies: &mut Remedies<'_>) -> Vec<SinglePoint> {
        let mut points: Vec<SinglePoint> = Vec::new();
        for event in self.single_events(top) {
            let Some(mut point) = self.single_point(event) else { continue };
            let known = points.iter().position(|p| p.event == point.event);
            if let Some(known) = known.and_then(|i| points.get_mut(i))
                && (known.kind != FailureKind::CommonCause || point.kind == FailureKind::CommonCause)
            {
                // That all of it can fail at once says more than that one replica can.
                known.kind = known.kind.max(point.kind);
                continue;
            }
            point.remedy = remedies.remedy(&point, &self.failing(event, &point));
            match known.and_then(|i| points.get_mut(i)) {
                // What is found by itself says more than what the author states.
                Some(known) => *known = point,
                None => points.push(point),
            }
        }
        points
    }

    fn single_events(&self, top: Formula) -> Vec<EventId> {
        let found = &self.analysis.cut_sets;
        let listed = found.sets.iter().filter(|set| set.order == 1).count();
        let single = |sets: &[fault_tree::CutSet]| -> Vec<EventId> {
            sets.iter().filter(|s| s.order == 1).flat_map(|s| s.events.iter().map(|e| e.event)).collect()
        };
        if found.complete || listed < found.sets.len() {
            return single(&found.sets);
        }
        // Not even all of order 1 fit the list.
        let options = Options { max_order: 1, max_listed: usize::MAX, ..Options::default() };
        single(&fault_tree::cut_sets(&self.builder.tree, top, &options).sets)
    }

    fn single_point(&mut self, event: EventId) -> Option<SinglePoint> {
        let model = self.builder.model();
        let named = |id: ElementId| model.element(id).head.name.clone();
        let point =
            |event: EcoString, kind, element| SinglePoint { event, kind, element, step: None, remedy: None };
        let mut found = match self.meaning(event)? {
            Meaning::Replicas { element, all, .. } => {
                let one = self.builder.tree.get(event).is_some_and(|e| e.count == 1);
                let kind = if all && one { FailureKind::Element } else { FailureKind::Instance };
                point(named(element), kind, Some(element))
            }
            Meaning::Common(element) => point(named(element), FailureKind::CommonCause, Some(element)),
            Meaning::Provider(element) => point(named(element), FailureKind::Provider, Some(element)),
            Meaning::Zone((region, n)) => {
                point(model.entity_name(Entity::Zone(region, n)).into(), FailureKind::Zone, None)
            }
            Meaning::Region(region) => {
                point(model.region(region).head.name.clone(), FailureKind::Region, None)
            }
        };
        found.step = self.first_step(event, found.element);
        Some(found)
    }

    /// The elements that a zone takes down, each once, in the order of the text.
    fn failing(&mut self, event: EventId, point: &SinglePoint) -> Vec<ElementId> {
        let mut failing = Vec::new();
        if point.kind != FailureKind::Zone {
            return failing;
        }
        for need in self.wiring.needs() {
            let failure = self.builder.need_fails(need);
            if !failing.contains(&need.element) && holds(&self.builder.tree, failure, event) {
                failing.push(need.element);
            }
        }
        failing
    }

    /// The step by which the flow first comes to what the event takes down.
    fn first_step(&mut self, event: EventId, element: Option<ElementId>) -> Option<StepId> {
        let needs = self.wiring.needs();
        for need in needs {
            let fails = match element {
                Some(element) => need.element == element,
                None => {
                    let failure = self.builder.need_fails(need);
                    holds(&self.builder.tree, failure, event)
                }
            };
            if fails && need.step.is_some() {
                return need.step;
            }
        }
        None
    }
}
