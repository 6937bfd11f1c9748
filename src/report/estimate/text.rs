//! The estimate as tables and bars, for the terminal and for Markdown.

use super::{Estimated, reported};
use crate::analysis::Unit;
use crate::analysis::derivation::show;
use crate::estimate::{Chance, Number, PARTS, Swing};
use crate::quantity::{Quantity, percent, plain};
use crate::report::table::Table;
use std::fmt::Write;

/// Columns of the longest bar.
const BAR: usize = 40;
/// Inputs that explain less than this, or less than twice the error of their share, are not named.
const LEAST: f64 = 0.01;

/// The estimate for a terminal.
pub fn text(estimated: &Estimated<'_>) -> String {
    let mut out =
        format!("{}: estimate\n\n{}\n", crate::views::system_title(estimated.design), method(estimated));
    for (title, table) in sections(estimated) {
        let _ = write!(out, "\n{title}\n\n{}", table.text());
    }
    for name in &estimated.about {
        let _ = write!(out, "\n{}\n\n{}", heading(estimated, name), tornado(estimated, name).text());
    }
    for note in notes(estimated) {
        let _ = write!(out, "\n{note}\n");
    }
    out
}

/// The estimate for a document.
pub fn markdown(estimated: &Estimated<'_>) -> String {
    let mut out =
        format!("# {}: estimate\n\n{}\n", crate::views::system_title(estimated.design), method(estimated));
    for (title, table) in sections(estimated) {
        let _ = write!(out, "\n## {title}\n\n{}", table.markdown());
    }
    for name in &estimated.about {
        let _ = write!(out, "\n## {}\n\n{}", heading(estimated, name), tornado(estimated, name).markdown());
    }
    for note in notes(estimated) {
        let _ = write!(out, "\n{note}\n");
    }
    out
}

fn method(estimated: &Estimated<'_>) -> String {
    let e = estimated.estimate;
    format!("{} samples in {PARTS} Latin hypercubes, seed {}; ± is one standard error", e.samples, e.seed)
}

fn sections(estimated: &Estimated<'_>) -> Vec<(&'static str, Table)> {
    let all = [
        ("Uncertain inputs", inputs(estimated)),
        ("Requirements", requirements(estimated)),
        ("Numbers", numbers(estimated)),
    ];
    let with_rows = all.into_iter().filter(|(_, table)| !table.rows.is_empty());
    with_rows.map(|(title, table)| (title, table.without_empty_columns())).collect()
}

fn inputs(estimated: &Estimated<'_>) -> Table {
    let mut table = Table::new(&["input", "90% interval", ">median", "distribution", "where it comes from"]);
    let lowered = &estimated.design.lowered;
    for input in &estimated.estimate.inputs {
        let u = &input.uncertain;
        let note = u.input.and_then(|id| lowered.model.input(id).note.as_ref());
        table.rows.push(vec![
            input.name.clone(),
            lowered.sources.text(u.span).to_string(),
            Quantity { spread: None, ..u.quantity }.human(),
            if u.spread.is_lognormal() { "lognormal" } else { "normal" }.to_string(),
            note.map(ToString::to_string).unwrap_or_default(),
        ]);
    }
    table
}

/// A share of the samples, with its error where it has one.
fn share(value: f64, error: f64) -> String {
    let shown = percent((value * 1e4).round() / 1e4);
    if error > 0.0 { format!("{shown} ± {}", percent((error * 1e4).round() / 1e4)) } else { shown }
}

fn requirements(estimated: &Estimated<'_>) -> Table {
    let mut table = Table::new(&[
        "requirement",
        "kind",
        "under",
        "expected",
        ">holds in",
        ">violated in",
        ">not evaluated in",
        "why not",
        "moved most by",
    ]);
    let design = estimated.design;
    for chance in &estimated.estimate.chances {
        let Some(r) = design.analysis.base.requirements.get(chance.requirement) else { continue };
        // The author's own targets are always shown; of the rest, what may not hold.
        if r.kind != "target" && chance.met == 1.0 {
            continue;
        }
        let under = r.scenario.map(|id| design.lowered.model.scenarios[id.index()].head.name.to_string());
        let fact = r.fact.filter(|_| r.scenario.is_none());
        let name =
            fact.map(|id| design.analysis.base.derivation.fact(id).name.to_string()).unwrap_or_default();
        let number = estimated.estimate.numbers.iter().find(|n| n.name == name);
        let Chance { met, violated, open, error, .. } = *chance;
        table.rows.push(vec![
            r.text.to_string(),
            r.kind.to_string(),
            under.unwrap_or_default(),
            r.expected.to_string(),
            if open < 1.0 { share(met, error) } else { String::new() },
            if violated > 0.0 { share(violated, 0.0) } else { String::new() },
            if open > 0.0 { share(open, 0.0) } else { String::new() },
            chance.needs.clone().unwrap_or_default(),
            number.map(|n| explained(estimated, n)).unwrap_or_default(),
        ]);
    }
    table
}

/// The inputs that explain most of a number: `dau 61% ± 1%, audience 30% ± 1%`.
fn explained(estimated: &Estimated<'_>, number: &Number) -> String {
    let mut shares: Vec<_> = number.explained.iter().zip(&estimated.estimate.inputs).collect();
    shares.sort_by(|a, b| b.0.share.total_cmp(&a.0.share));
    let rounded = |value: f64| plain((value * 1000.0).round() / 10.0);
    let shown = shares.iter().filter(|(s, _)| s.share >= LEAST && s.share > 2.0 * s.error).take(4);
    let parts: Vec<String> = shown
        .map(|(s, input)| format!("{} {}% ± {}%", input.name, rounded(s.share), rounded(s.error)))
        .collect();
    parts.join(", ")
}

fn numbers(estimated: &Estimated<'_>) -> Table {
    let mut table =
        Table::new(&["number", ">at the medians", ">5%", ">median", ">95%", "variance explained by"]);
    let facts = &estimated.design.analysis.base;
    let mut rows = reported(facts, estimated.estimate);
    for name in &estimated.about {
        if !rows.iter().any(|n| n.name == *name) {
            rows.extend(estimated.estimate.numbers.iter().find(|n| n.name == *name));
        }
    }
    for number in rows {
        let [p5, p50, p95] = number.percentiles.map(|p| shown(p, number));
        table.rows.push(vec![
            number.name.clone(),
            shown(number.median_case, number),
            p5,
            p50,
            p95,
            explained(estimated, number),
        ]);
    }
    table
}

/// A value with its unit; a percentile among samples that could not be evaluated says so.
fn shown(value: Option<f64>, number: &Number) -> String {
    match value {
        Some(value) => of(value, number.unit),
        None => "not evaluated".to_string(),
    }
}

fn of(value: f64, unit: Unit) -> String {
    show(value, unit)
}

fn unit(estimated: &Estimated<'_>, name: &str) -> Unit {
    let number = estimated.estimate.numbers.iter().find(|n| n.name == name);
    number.map_or(Unit::Of(crate::quantity::Dimension::NONE, ""), |n| n.unit)
}

fn at_medians(estimated: &Estimated<'_>, name: &str) -> Option<f64> {
    let graph = &estimated.design.analysis.base.derivation;
    graph.named(name).and_then(|id| graph.value(id))
}

fn heading(estimated: &Estimated<'_>, name: &str) -> String {
    match at_medians(estimated, name) {
        Some(value) => format!("What moves {name}: {} at the medians", of(value, unit(estimated, name))),
        None => format!("What moves {name}"),
    }
}

/// The inputs that move a number, the widest first, with its values at either end of each.
pub fn movers<'e>(estimated: &'e Estimated<'_>, name: &str) -> Vec<(&'e Swing, [f64; 2])> {
    let found = estimated.swings.iter().filter_map(|swing| Some((swing, swing.of(name)?)));
    let mut moving: Vec<(&Swing, [f64; 2])> = found.filter(|(_, [low, high])| low != high).collect();
    let width = |ends: &[f64; 2]| (ends[1] - ends[0]).abs();
    moving.sort_by(|a, b| width(&b.1).total_cmp(&width(&a.1)));
    moving
}

/// One input at a time at the ends of its interval, the others at their medians.
fn tornado(estimated: &Estimated<'_>, name: &str) -> Table {
    let mut table = Table::new(&["input", "interval", ">at its 5%", ">at its 95%", "swing"]);
    let movers = movers(estimated, name);
    let ends = || {
        movers.iter().flat_map(|(_, ends)| *ends).chain(at_medians(estimated, name)).filter(|v| v.is_finite())
    };
    let (least, most) = (ends().fold(f64::INFINITY, f64::min), ends().fold(f64::NEG_INFINITY, f64::max));
    for (swing, [low, high]) in &movers {
        table.rows.push(vec![
            swing.input.clone(),
            swing.interval.clone(),
            of(*low, unit(estimated, name)),
            of(*high, unit(estimated, name)),
            bar(*low, *high, at_medians(estimated, name), (least, most)),
        ]);
    }
    table
}

/// A bar from one end to the other over a common scale: light at the side of the low end, `│` at the medians.
fn bar(low: f64, high: f64, base: Option<f64>, (least, most): (f64, f64)) -> String {
    if !(low.is_finite() && high.is_finite() && most > least) {
        return String::new();
    }
    let column = |value: f64| ((value - least) / (most - least) * (BAR - 1) as f64).round() as usize;
    let (from, to) = (column(low.min(high)), column(low.max(high)));
    let middle = base.filter(|b| b.is_finite()).map(column);
    let (left, right) = if low < high { ('░', '█') } else { ('█', '░') };
    let line = (0..=to).map(|at| match middle {
        Some(middle) if at == middle => '│',
        Some(middle) if at >= from && at < middle => left,
        _ if at >= from => right,
        _ => ' ',
    });
    line.collect()
}

/// What a reader must know about the samples.
fn notes(estimated: &Estimated<'_>) -> Vec<String> {
    let e = estimated.estimate;
    let mut notes = Vec::new();
    let all = &estimated.design.analysis.base.requirements;
    let kind = |c: &Chance| all.get(c.requirement).map_or("", |r| r.kind);
    match e.chances.iter().filter(|c| c.met == 1.0 && kind(c) != "target").count() {
        0 => {}
        1 => notes.push("one more requirement holds in every sample".to_string()),
        n => notes.push(format!("{n} more requirements hold in every sample")),
    }
    for failed in &e.failed {
        notes.push(format!(
            "{} of {} samples could not be computed and are in no figure: {}",
            failed.samples, e.samples, failed.why
        ));
    }
    for input in e.inputs.iter().filter(|i| i.clipped > 0) {
        notes.push(format!(
            "{}: in {} of {} samples it, or what is computed from it, lay outside what its property admits and was taken at the limit",
            input.name, input.clipped, e.samples
        ));
    }
    let partly = e.numbers.iter().filter(|n| n.evaluated < 1.0);
    let mut needs: Vec<(&str, usize)> = Vec::new();
    for number in partly {
        let need = number.needs.as_deref().unwrap_or("more facts");
        match needs.iter_mut().find(|(known, _)| *known == need) {
            Some((_, count)) => *count += 1,
            None => needs.push((need, 1)),
        }
    }
    for (need, count) in needs {
        let what = if count == 1 { "one number is".to_string() } else { format!("{count} numbers are") };
        notes.push(format!(
            "{what} not evaluated in some samples, which lack {need}; those count as above all others"
        ));
    }
    notes
}
