//! Stores that no flow comes to: judged by the replicas that they state.

use super::super::calls::Calls;
use super::super::case::Case;
use super::super::facts::{FailureKind, SinglePoint};
use super::super::overrides::Overrides;
use super::super::shape::{self, is_outside};
use super::grounds::Grounds;
use super::group::Group;
use super::holds::holds;
use super::remedy::Remedies;
use super::tree::{Builder, Meaning};
use crate::model::{ElementId, FlowId, Model};
use crate::schema::Kind;
use std::collections::BTreeSet;

/// Stores in no flow of which one replica takes down what is asked of them, with what would remove that.
pub fn single_points_in_no_flow(model: &Model) -> Vec<SinglePoint> {
    let candidates = stores_in_no_flow(model);
    if candidates.is_empty() {
        return Vec::new();
    }
    let overrides = Overrides::default();
    let mut case = Case::new(model, &overrides);
    let shapes = shape::shapes(&mut case);
    let grounds = Grounds::of(&mut case, &shapes);
    let mut remedies = Remedies::new(model, &grounds);
    let points = candidates.into_iter().filter_map(|id| single_point(model, &grounds, id));
    points
        .map(|mut point| {
            point.remedy = remedies.remedy(&point, &[]);
            point
        })
        .collect()
}

/// Stores of one's own that state their replicas and that no flow touches.
fn stores_in_no_flow(model: &Model) -> Vec<ElementId> {
    let states = |id: ElementId| {
        let element = model.element(id);
        let props = &element.props;
        let stated =
            props.has("replicas") || props.has("place") || props.quantity("replication.factor").is_some();
        element.kind == Kind::Store && !is_outside(element) && stated
    };
    let stores: Vec<ElementId> = model.elements().map(|(id, _)| id).filter(|id| states(*id)).collect();
    if stores.is_empty() {
        return stores;
    }
    let flows = (0..model.flows.len()).map(|at| Calls::of(model, FlowId(at as u32)));
    let touched: BTreeSet<ElementId> =
        flows.flat_map(|c| c.hops).flat_map(|hop| [hop.from, hop.to]).collect();
    stores.into_iter().filter(|id| !touched.contains(id)).collect()
}

fn single_point(model: &Model, grounds: &Grounds, id: ElementId) -> Option<SinglePoint> {
    let Group::Replicas { demands, .. } = grounds.group(id)? else { return None };
    let mut builder = Builder::new(model, grounds);
    let failures: Vec<_> = demands.iter().map(|demand| builder.demand_fails(id, *demand)).collect();
    let own = |m: &Meaning| matches!(m, Meaning::Replicas { .. });
    let event = builder.events_of(own).find(|e| failures.iter().any(|f| holds(&builder.tree, *f, *e)))?;
    let alone = match builder.meaning(event)? {
        Meaning::Replicas { all, .. } => all && builder.tree.get(event).is_some_and(|e| e.count == 1),
        _ => true,
    };
    Some(SinglePoint {
        event: model.element(id).head.name.clone(),
        kind: if alone { FailureKind::Element } else { FailureKind::Instance },
        element: Some(id),
        step: None,
        remedy: None,
    })
}
