//! The call tree of a flow as nested lists: what each hop sets off, in order, within its blocks.

use super::calls::{Calls, Cause, blocks_below};
use crate::model::{BlockId, BlockKind, Flow};

/// A hop, or a block of hops.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A hop, by position.
    Hop(usize),
    /// A block with what is in it.
    Block(BlockId, Vec<Item>),
}

/// What each hop sets off, and what the flow itself does.
pub struct Scopes {
    /// By hop.
    pub below: Vec<Vec<Item>>,
    /// At the top of the flow.
    pub top: Vec<Item>,
    /// An order in which what is below a hop comes before it.
    pub order: Vec<usize>,
}

impl Scopes {
    /// The scopes of a flow.
    pub fn of(flow: &Flow, calls: &Calls) -> Scopes {
        let count = calls.hops.len();
        let mut below = vec![Vec::new(); count];
        let mut top = Vec::new();
        let steps = flow.steps.len();
        // What a cache does itself comes right after it was asked.
        let implied = (steps..count).filter(|at| calls.hops[*at].cause != Cause::Delivery);
        let delivery = (steps..count).filter(|at| calls.hops[*at].cause == Cause::Delivery);
        let mut order: Vec<usize> = implied.clone().collect();
        order.extend((0..steps).rev());
        order.extend(delivery.clone());
        for at in delivery.chain(implied).chain(0..steps) {
            let hop = &calls.hops[at];
            let list = match hop.parent {
                Some(parent) => &mut below[parent],
                None => &mut top,
            };
            let path = match hop.cause {
                Cause::Step => {
                    let parent =
                        hop.parent.and_then(|p| calls.hops.get(p)).filter(|p| p.cause == Cause::Step);
                    blocks_below(flow, hop.step, parent.map(|p| p.step))
                }
                _ => Vec::new(),
            };
            insert(list, &path, at);
        }
        Scopes { below, top, order }
    }
}

/// Puts a hop into the blocks of its path, the innermost of which stands first.
fn insert(mut list: &mut Vec<Item>, path: &[BlockId], at: usize) {
    for block in path.iter().rev() {
        if !matches!(list.last(), Some(Item::Block(last, _)) if last == block) {
            list.push(Item::Block(*block, Vec::new()));
        }
        list = match list.last_mut() {
            Some(Item::Block(_, inner)) => inner,
            // A block was pushed just now; there is nothing else to find.
            Some(Item::Hop(_)) | None => return,
        };
    }
    list.push(Item::Hop(at));
}

/// Groups items that belong together: a step or block with the blocks that answer its misses and failures.
pub fn units<'i>(flow: &Flow, items: &'i [Item]) -> Vec<&'i [Item]> {
    let mut units = Vec::new();
    let mut start = 0;
    for at in 1..=items.len() {
        if at == items.len() || !answers(flow, &items[at]) {
            units.push(&items[start..at]);
            start = at;
        }
    }
    units
}

fn answers(flow: &Flow, item: &Item) -> bool {
    match item {
        Item::Hop(_) => false,
        Item::Block(id, _) => {
            matches!(
                flow.block(*id).kind,
                BlockKind::OnMiss(_) | BlockKind::OnFailure(_) | BlockKind::Compensate
            )
        }
    }
}
