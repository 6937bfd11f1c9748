//! `sysd estimate`: a design under uncertainty.

use super::args::{EstimateArgs, Global, ReportFormat};
use super::common::{Project, say, show_language_errors};
use super::{Failure, Outcome};
use crate::compile::Design;
use crate::estimate::{Estimate, Options, estimate, swings};
use crate::report::estimate::{Estimated, about, json, text};
use crate::words;
use std::num::NonZero;

pub(super) fn run(args: &EstimateArgs, global: &Global) -> Result<Outcome, Failure> {
    let project = Project::open(global)?;
    let design = project.compile(&args.file)?;
    if design.has_language_errors() {
        show_language_errors(&design, global);
        return Ok(Outcome::AtFault);
    }
    if design.lowered.uncertain.is_empty() {
        return Err(Failure::Argument(format!(
            "nothing in `{}` is uncertain; write an interval where a number is not known, as in `let dau = 300M to 600M users \"…\"`",
            args.file.display()
        )));
    }
    let threads = std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    let options = Options { samples: args.samples as usize, seed: args.seed, threads };
    let found = estimate(&design.lowered, &design.analysis, &options);
    let about = chosen(args, &design, &found)?;
    let swings = swings(&design.lowered, &design.analysis);
    let estimated = Estimated { design: &design, estimate: &found, swings: &swings, about };
    say(&match args.format {
        ReportFormat::Text => text::text(&estimated),
        ReportFormat::Json => json::json(&estimated),
        ReportFormat::Markdown => text::markdown(&estimated),
    });
    Ok(Outcome::Fine)
}

/// The numbers that are asked for, by the names under which they are computed.
fn chosen(args: &EstimateArgs, design: &Design, found: &Estimate) -> Result<Vec<String>, Failure> {
    if args.of.is_empty() {
        return Ok(about(design, found));
    }
    let graph = &design.analysis.base.derivation;
    let mut names = Vec::new();
    for asked in &args.of {
        let id = crate::analysis::names::find(&design.lowered.model, graph, asked);
        let name = id.map_or(asked.as_str(), |id| graph.fact(id).name.as_str());
        match found.numbers.iter().find(|n| n.name == name) {
            Some(number) if number.varies() => names.push(number.name.clone()),
            Some(_) => {
                return Err(Failure::Argument(format!("`{asked}` does not depend on anything uncertain")));
            }
            None => {
                let moving = found.numbers.iter().filter(|n| n.varies()).map(|n| n.name.as_str());
                let hint = words::did_you_mean(asked, moving)
                    .unwrap_or_else(|| "`sysd report FILE` shows the numbers there are".to_string());
                return Err(Failure::Argument(format!("there is no number named `{asked}`; {hint}")));
            }
        }
    }
    Ok(names)
}
