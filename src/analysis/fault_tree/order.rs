//! Walks over an arena, and the variable order.
//!
//! The order: variables that are reached on more paths from the top first, then in the order of
//! a depth-first walk. A zone or a shared database is reached through every element that depends
//! on it; once it is decided, the elements are independent of each other and the diagram falls
//! apart into parts whose sizes add up instead of multiplying. Ties keep the depth-first order,
//! which keeps together what the tree keeps together.

use super::arena::{Arena, Formula, Gate, Term};

/// Every formula under `top`, inputs before the gates that use them; no recursion.
/// A formula for which `leaf` holds is listed, but not what is below it.
pub(super) fn postorder(arena: &Arena, top: Formula, leaf: impl Fn(Formula) -> bool) -> Vec<Formula> {
    let mut state = vec![0_u8; arena.len()];
    let mut stack = vec![top];
    let mut order = Vec::new();
    let mut inputs = Vec::new();
    while let Some(&formula) = stack.last() {
        let Some(seen) = state.get_mut(formula.0 as usize) else {
            stack.pop();
            continue;
        };
        if *seen == 0 {
            *seen = 1;
            inputs.clear();
            if formula == top || !leaf(formula) {
                arena.inputs(formula, |input| inputs.push(input));
            }
            let unseen = |input: &Formula| state.get(input.0 as usize) == Some(&0);
            stack.extend(inputs.iter().rev().copied().filter(unseen));
        } else {
            stack.pop();
            if *seen == 1 {
                *seen = 2;
                order.push(formula);
            }
        }
    }
    order
}

/// The variables under a formula.
pub(super) struct VariableOrder {
    /// Variables that occur, the first to decide first.
    pub variables: Vec<u32>,
    /// Number of paths from the top to each variable of the arena; 0 where it does not occur.
    pub paths: Vec<f64>,
}

impl VariableOrder {
    pub fn new(arena: &Arena, top: Formula) -> Self {
        let order = postorder(arena, top, |_| false);
        let mut variables = Vec::new();
        let mut seen = vec![false; arena.variables()];
        for &formula in &order {
            arena.own_variables(formula, |var| {
                if let Some(seen) = seen.get_mut(var as usize)
                    && !*seen
                {
                    *seen = true;
                    variables.push(var);
                }
            });
        }
        let plain = paths(arena, top, &order, &[]);
        let paths = paths(arena, top, &order, &plain);
        let reach = |var: u32| paths.get(var as usize).copied().unwrap_or(0.0);
        variables.sort_by(|a, b| reach(*b).total_cmp(&reach(*a)));
        Self { variables, paths }
    }
}

/// Number of paths from `top` to each variable. Deciding replicas that are shared (by `known`)
/// turns their domain into one unit per replica that is still up, so it counts as often.
fn paths(arena: &Arena, top: Formula, order: &[Formula], known: &[f64]) -> Vec<f64> {
    let mut through = vec![0.0_f64; arena.len()];
    let mut paths = vec![0.0_f64; arena.variables()];
    if let Some(start) = through.get_mut(top.0 as usize) {
        *start = 1.0;
    }
    // Saturates: beyond this only the order of magnitude matters, and infinity would tie.
    let add = |count: Option<&mut f64>, more: f64| {
        if let Some(count) = count {
            *count = (*count + more).min(1e300);
        }
    };
    for &formula in order.iter().rev() {
        let here = through.get(formula.0 as usize).copied().unwrap_or(0.0);
        if let Gate::Sum { terms, .. } = arena.gate(formula) {
            for term in terms {
                if let Term::Replicas { var, domain } = *term
                    && known.get(var as usize).is_some_and(|paths| *paths > 1.0)
                {
                    add(
                        through.get_mut(domain.0 as usize),
                        here * f64::from(arena.count(var).saturating_sub(1)),
                    );
                }
            }
        }
        arena.inputs(formula, |input| add(through.get_mut(input.0 as usize), here));
        arena.own_variables(formula, |var| add(paths.get_mut(var as usize), here));
    }
    paths
}
