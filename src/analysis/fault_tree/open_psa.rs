//! The tree as an Open-PSA Model Exchange Format document (version 2.0d), for an independent tool.
//!
//! Every replica becomes a basic event of its own and every threshold an `atleast` gate, so that
//! the tool shares none of the reasoning about counts. Names of events are kept as labels; the
//! identifiers are plain (`e3_1`: replica 1 of event 3), since the format allows few characters.

use std::fmt::Write;

use super::arena::{Formula, Gate, Term};
use super::order::{VariableOrder, postorder};
use super::tree::FaultTree;

/// Writes the fault tree under `top`; the top gate is called `top`.
pub fn open_psa(tree: &FaultTree, top: Formula) -> String {
    let mut gates = String::new();
    for formula in postorder(&tree.arena, top, |_| false).into_iter().rev() {
        let body = body(tree, formula);
        let name = if formula == top { "top".to_owned() } else { format!("g{}", formula.0) };
        let _ = writeln!(gates, "    <define-gate name=\"{name}\">{body}</define-gate>");
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

fn body(tree: &FaultTree, formula: Formula) -> String {
    match tree.gate(formula) {
        Gate::False => "<constant value=\"false\"/>".to_owned(),
        Gate::True => "<constant value=\"true\"/>".to_owned(),
        Gate::Down { var, at_least } => {
            let inputs: Vec<String> = replicas(tree, *var).collect();
            threshold(*at_least as usize, &inputs)
        }
        Gate::And(children) => {
            format!("<and>{}</and>", children.iter().map(|child| gate(*child)).collect::<String>())
        }
        Gate::Or(children) => {
            format!("<or>{}</or>", children.iter().map(|child| gate(*child)).collect::<String>())
        }
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
            threshold(*at_least as usize, &inputs)
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

/// The format wants two inputs at least, and thresholds strictly between one and all.
fn threshold(at_least: usize, inputs: &[String]) -> String {
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
