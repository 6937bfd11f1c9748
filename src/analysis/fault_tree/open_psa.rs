//! The tree as an Open-PSA Model Exchange Format document (version 2.0d), for an independent tool.
//!
//! Every replica becomes a basic event of its own and every threshold an `atleast` gate, so that
//! the tool shares none of the reasoning about counts. Names of events are kept as labels; the
//! identifiers are plain (`e3_1`: replica 1 of event 3), since the format allows few characters.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::arena::{Formula, Gate, Term};
use super::order::{VariableOrder, postorder};
use super::tree::FaultTree;

/// Writes the fault tree under `top`; the top gate is called `top`.
pub fn open_psa(tree: &FaultTree, top: Formula) -> String {
    let mut gates = String::new();
    for formula in postorder(&tree.arena, top, |_| false).into_iter().rev() {
        // A constant is no input of any gate; it is only listed as the absent domain of replicas.
        if formula != top && matches!(tree.gate(formula), Gate::False | Gate::True) {
            continue;
        }
        let name = if formula == top { "top".to_owned() } else { format!("g{}", formula.0) };
        match inputs(tree, formula) {
            Inputs::Formula(body) => define(&mut gates, &name, &body),
            Inputs::Threshold(at_least, inputs) => define_threshold(&mut gates, &name, at_least, &inputs),
        }
    }
    let mut events = String::new();
    let mut variables = VariableOrder::new(&tree.arena, top).variables;
    variables.sort_unstable();
    for var in variables {
        let Some(event) = tree.events().get(var as usize) else { continue };
        for replica in 1..=event.count {
            let mut label = escaped(&event.name);
            if event.count > 1 {
                let _ = write!(label, " {replica} of {}", event.count);
            }
            let _ = writeln!(
                events,
                "    <define-basic-event name=\"e{var}_{replica}\"><label>{label}</label><float value=\"{}\"/></define-basic-event>",
                event.unavailability
            );
        }
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opsa-mef>\n  <define-fault-tree name=\"sysd\">\n{gates}{events}  </define-fault-tree>\n</opsa-mef>\n"
    )
}

fn define(gates: &mut String, name: &str, body: &str) {
    let _ = writeln!(gates, "    <define-gate name=\"{name}\">{body}</define-gate>");
}

enum Inputs {
    Formula(String),
    Threshold(usize, Vec<String>),
}

fn inputs(tree: &FaultTree, formula: Formula) -> Inputs {
    let all = |children: &[Formula]| children.iter().map(|child| gate(*child)).collect::<String>();
    match tree.gate(formula) {
        Gate::False => Inputs::Formula("<constant value=\"false\"/>".to_owned()),
        Gate::True => Inputs::Formula("<constant value=\"true\"/>".to_owned()),
        Gate::Down { var, at_least } => Inputs::Threshold(*at_least as usize, replicas(tree, *var).collect()),
        Gate::And(children) => Inputs::Formula(format!("<and>{}</and>", all(children))),
        Gate::Or(children) => Inputs::Formula(format!("<or>{}</or>", all(children))),
        Gate::Sum { at_least, terms } => {
            let mut inputs = Vec::new();
            for term in terms {
                match *term {
                    Term::One(input) => inputs.push(gate(input)),
                    Term::Replicas { var, domain: Formula::FALSE } => inputs.extend(replicas(tree, var)),
                    Term::Replicas { var, domain } => {
                        let or = |replica: String| format!("<or>{replica}{}</or>", gate(domain));
                        inputs.extend(replicas(tree, var).map(or));
                    }
                }
            }
            Inputs::Threshold(*at_least as usize, inputs)
        }
    }
}

fn gate(formula: Formula) -> String {
    format!("<gate name=\"g{}\"/>", formula.0)
}

fn replicas(tree: &FaultTree, var: u32) -> impl Iterator<Item = String> {
    let count = tree.events().get(var as usize).map_or(0, |event| event.count);
    (1..=count).map(move |replica| format!("<basic-event name=\"e{var}_{replica}\"/>"))
}

/// Defines a threshold. The format allows no input twice, so one that counts repeatedly is decided
/// first, by gates `NAME_i_k`: "the inputs from the i-th repeated one on still give k".
fn define_threshold(gates: &mut String, name: &str, at_least: usize, inputs: &[String]) {
    let mut weights: BTreeMap<&String, usize> = BTreeMap::new();
    for input in inputs {
        *weights.entry(input).or_default() += 1;
    }
    let once: Vec<&str> = weights.iter().filter(|(_, w)| **w == 1).map(|(input, _)| input.as_str()).collect();
    let repeated: Vec<(&str, usize)> =
        weights.iter().filter(|(_, w)| **w > 1).map(|(input, w)| (input.as_str(), *w)).collect();
    let mut left = inputs.len();
    let mut wanted = BTreeSet::from([at_least]);
    for (at, (input, weight)) in repeated.iter().enumerate() {
        left -= weight;
        let mut next = BTreeSet::new();
        let mut rest = |needed: usize| {
            next.insert(needed);
            format!("<gate name=\"{name}_{}_{needed}\"/>", at + 1)
        };
        for needed in wanted {
            let with = match needed.saturating_sub(*weight) {
                0 => Some((*input).to_owned()),
                more if more > left => None,
                more => Some(format!("<and>{input}{}</and>", rest(more))),
            };
            let without = (needed <= left).then(|| rest(needed));
            let body = match (with, without) {
                (Some(with), Some(without)) => format!("<or>{with}{without}</or>"),
                (with, without) => with.or(without).unwrap_or_default(),
            };
            define(gates, &step(name, at, needed), &body);
        }
        wanted = next;
    }
    for needed in wanted {
        define(gates, &step(name, repeated.len(), needed), &threshold(needed, &once));
    }
}

fn step(name: &str, at: usize, needed: usize) -> String {
    if at == 0 { name.to_owned() } else { format!("{name}_{at}_{needed}") }
}

/// The format wants two inputs at least, and thresholds strictly between one and all.
fn threshold(at_least: usize, inputs: &[&str]) -> String {
    let all = inputs.concat();
    match inputs.len() {
        1 => all,
        count if at_least == count => format!("<and>{all}</and>"),
        _ if at_least == 1 => format!("<or>{all}</or>"),
        _ => format!("<atleast min=\"{at_least}\">{all}</atleast>"),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
