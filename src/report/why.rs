//! `sysd why`: the derivation of one number as a tree that a reader can redo by hand.

use super::table::Table;
use crate::analysis::SpentOn;
use crate::analysis::derivation::Operation;
use crate::analysis::{Derivation, Fact, FactId};
use crate::compile::Design;
use crate::model::Arrow;
use crate::quantity::{Quantity, count};
use crate::words;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The derivation of the number of this name.
///
/// # Errors
/// A sentence with the nearest names, where there is no such number.
pub fn why(design: &Design, name: &str) -> Result<String, String> {
    let derivation = &design.analysis.base.derivation;
    let Some(id) = crate::analysis::names::find(&design.lowered.model, derivation, name) else {
        let names = derivation.names();
        let hint = words::did_you_mean(name, names.iter().map(|n| n.as_str()))
            .unwrap_or_else(|| "`sysd report FILE` shows the numbers there are".to_string());
        return Err(format!("there is no number named `{name}`; {hint}"));
    };
    let mut tree = Tree { design, derivation, out: String::new(), seen: BTreeSet::new() };
    tree.node(id, "", "");
    if let Some(steps) = steps(design, id) {
        tree.out.push_str(&steps);
    }
    let assumed = tree.assumptions(id);
    if !assumed.is_empty() {
        tree.out.push_str("\nAssumptions:\n");
        for line in assumed {
            let _ = writeln!(tree.out, "- {line}");
        }
    }
    Ok(tree.out)
}

/// Where the mean of an answer goes, step by step; `None` for other numbers.
fn steps(design: &Design, id: FactId) -> Option<String> {
    let (model, facts) = (&design.lowered.model, &design.analysis.base);
    let (flow, n) = model.flows.iter().zip(&facts.flows).find(|(_, n)| {
        let times = n.latency;
        [times.mean, times.p50, times.p95, times.p99, times.p999].contains(&id)
    })?;
    facts.value(id)?;
    let mean = facts.value(n.latency.mean).filter(|_| !n.waterfall.is_empty())?;
    let time = |seconds: f64| words::spelled(&Quantity::seconds(seconds).human());
    let mut table = Table::new(&[">from", ">takes", "step", "on", ">for one arrival"]);
    for spent in &n.waterfall {
        let step = flow.step(spent.step);
        let name = |id| model.element(id).head.name.as_str();
        let arrow = if step.arrow == Arrow::Sync { "->" } else { "~>" };
        let on = if spent.what == SpentOn::Slowest { "the slowest of several" } else { spent.what.word() };
        let often = n.multiplicity.get(spent.step.index()).and_then(|id| facts.value(*id));
        table.rows.push(vec![
            time(spent.start),
            time(spent.mean),
            format!("{} {} {}", name(step.from), arrow, name(step.to)),
            on.to_string(),
            often.filter(|n| *n != 1.0).map(|n| format!("×{}", count(n))).unwrap_or_default(),
        ]);
    }
    let sum: f64 = n.waterfall.iter().map(|s| s.mean).sum();
    let adds_up = (sum - mean).abs() <= 1e-6 * mean;
    let last = if adds_up {
        format!("together {}, the mean", time(mean))
    } else {
        format!("some of them run at once; all are done after {} on average", time(mean))
    };
    Some(format!(
        "\nWhere the mean goes, from the start of the answer; a time counts as often as its step happens:\n\n{}\n{last}; percentiles are those of the distribution of the whole, never sums of percentiles\n",
        table.without_empty_columns().text()
    ))
}

struct Tree<'a> {
    design: &'a Design,
    derivation: &'a Derivation,
    out: String,
    /// Numbers that were taken apart already; they are named again, not repeated.
    seen: BTreeSet<FactId>,
}

impl Tree<'_> {
    /// One number and what it rests on. `first` stands before its own line, `rest` before those below.
    fn node(&mut self, id: FactId, first: &str, rest: &str) {
        let fact = self.derivation.fact(id);
        let again = !fact.inputs.is_empty() && !self.seen.insert(id);
        let _ = writeln!(self.out, "{first}{}", self.line(id, fact, again));
        if again {
            return;
        }
        let count = fact.inputs.len();
        for (index, input) in fact.inputs.iter().enumerate() {
            let (branch, below) = if index + 1 == count { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            self.node(*input, &format!("{rest}{branch}"), &format!("{rest}{below}"));
        }
    }

    fn line(&self, id: FactId, fact: &Fact, again: bool) -> String {
        let name = match (fact.name.is_empty(), fact.label.is_empty()) {
            (false, true) => fact.name.to_string(),
            (false, false) => format!("{} ({})", fact.name, fact.label),
            (true, _) => fact.label.to_string(),
        };
        let value = match fact.value {
            Some(_) => self.derivation.show(id),
            None => format!("not evaluated: needs {}", self.derivation.need(id).unwrap_or("more facts")),
        };
        let how = if again { "as above".to_string() } else { self.how(fact) };
        match (name.is_empty(), how.is_empty()) {
            (true, true) => value,
            (true, false) => format!("{value}   {how}"),
            (false, true) => format!("{name} = {value}"),
            (false, false) => format!("{name} = {value}   {how}"),
        }
    }

    /// The operation in words, with the arithmetic where it is short.
    fn how(&self, fact: &Fact) -> String {
        let shown: Vec<String> = fact.inputs.iter().map(|i| self.derivation.show(*i)).collect();
        let arithmetic = |symbol: &str, word: &str| {
            if shown.len() <= 6 { shown.join(symbol) } else { format!("{word} of {} numbers", shown.len()) }
        };
        let place = fact.span.map(|s| self.design.lowered.sources.location(s)).unwrap_or_default();
        match &fact.operation {
            Operation::Stated => format!("stated{} at {place}", self.expression(fact)),
            Operation::Input(note) if note.is_empty() => format!("input{} at {place}", self.expression(fact)),
            Operation::Input(note) => format!("input{} at {place}: {note}", self.expression(fact)),
            Operation::Catalogue(source) => format!("catalogue: {source}"),
            Operation::Assumed(_) => "assumed".to_string(),
            Operation::Sum => format!("= {}", arithmetic(" + ", "sum")),
            Operation::Difference => format!("= {}", arithmetic(" − ", "difference")),
            Operation::Product => format!("= {}", arithmetic(" × ", "product")),
            Operation::Quotient => format!("= {}", arithmetic(" ÷ ", "quotient")),
            Operation::Max => format!("largest of {}", arithmetic(", ", "the largest")),
            Operation::Min => format!("smallest of {}", arithmetic(", ", "the smallest")),
            Operation::Formula(text) => text.to_string(),
            Operation::Constant | Operation::Needs(_) => String::new(),
        }
    }

    /// The expression as it stands in the design, where it is more than one literal.
    fn expression(&self, fact: &Fact) -> String {
        let Some(span) = fact.span.filter(|_| !fact.inputs.is_empty()) else { return String::new() };
        format!(" as `{}`", self.design.lowered.sources.text(span).replace('\n', " "))
    }

    /// The assumptions that a number leans on, each once.
    fn assumptions(&self, root: FactId) -> Vec<String> {
        let mut lines = Vec::new();
        let mut todo = vec![root];
        let mut seen = BTreeSet::new();
        while let Some(id) = todo.pop() {
            if !seen.insert(id) {
                continue;
            }
            let fact = self.derivation.fact(id);
            if let Operation::Assumed(assumption) = &fact.operation
                && let Some(assumed) = self.derivation.assumptions().get(assumption.0 as usize)
            {
                let value = crate::analysis::derivation::show(assumed.value, assumed.unit);
                let line = format!("{}: {value} ({})", assumed.what, assumed.source);
                if !lines.contains(&line) {
                    lines.push(line);
                }
            }
            todo.extend(fact.inputs.iter().copied());
        }
        lines.sort();
        lines
    }
}
