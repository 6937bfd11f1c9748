//! `sysd export`, and the hidden `sysd layout`.

use super::args::{ExportArgs, ExportFormat, Global, LayoutArgs};
use super::common::{Project, complain, say, show_language_errors};
use super::{Failure, Outcome};
use crate::compile::Design;
use crate::layout::{Options, graph_json, lay_out_with};
use crate::model::FlowId;
use crate::project::{read, write_atomically};
use crate::report::open_psa::open_psa;
use crate::report::openslo::openslo;
use crate::report::prometheus::prometheus;
use crate::words;

/// Writes a design in the format of another tool.
pub(super) fn run(args: &ExportArgs, global: &Global) -> Result<Outcome, Failure> {
    let project = Project::open(global)?;
    let design = project.compile(&args.file)?;
    if design.has_language_errors() {
        show_language_errors(&design, global);
        return Ok(Outcome::AtFault);
    }
    let model = &design.lowered.model;
    let only = args.flow.as_ref().map(|name| {
        model.flow_named(name).ok_or_else(|| {
            let names = model.flows.iter().map(|f| f.head.name.as_str());
            let hint = words::did_you_mean(name, names).map(|h| format!("; {h}")).unwrap_or_default();
            Failure::Argument(format!("there is no flow `{name}`{hint}"))
        })
    });
    let only = only.transpose()?;
    match args.format {
        ExportFormat::OpenPsa => fault_trees(&design, only, args)?,
        ExportFormat::Prometheus => {
            let exported = prometheus(&design, only);
            write(&exported.text, args)?;
            for line in exported.left_out {
                complain(&format!("left out: {line}"));
            }
        }
        ExportFormat::Openslo => {
            let documents = openslo(&design, only);
            if documents.is_empty() {
                complain(
                    "nothing is promised: neither `require` nor a target speaks of availability or a percentile",
                );
            }
            write(&documents.join("---\n"), args)?;
        }
    }
    Ok(Outcome::Fine)
}

fn write(text: &str, args: &ExportArgs) -> Result<(), Failure> {
    match &args.output {
        Some(path) => write_atomically(path, text.as_bytes())?,
        None => say(text),
    }
    Ok(())
}

/// The fault tree of one flow, or of every flow.
fn fault_trees(design: &Design, only: Option<FlowId>, args: &ExportArgs) -> Result<(), Failure> {
    let model = &design.lowered.model;
    let flows: Vec<FlowId> = match only {
        Some(id) => vec![id],
        None if args.output.is_none() => {
            return Err(Failure::Argument(
                "name a flow (`--flow NAME`), or a folder for all of them (`-o FOLDER`)".to_string(),
            ));
        }
        None => model.flows().map(|(id, _)| id).collect(),
    };
    for id in flows {
        let name = &model.flow(id).head.name;
        match (open_psa(design, id), &args.output, &args.flow) {
            (Ok(text), None, _) => say(&text),
            (Ok(text), Some(path), Some(_)) => write_atomically(path, text.as_bytes())?,
            (Ok(text), Some(folder), None) => {
                write_atomically(&folder.join(format!("{name}.xml")), text.as_bytes())?;
            }
            // A probability that nobody stated is not made up: the flow is left out, and it is said why.
            (Err(needs), _, _) => complain(&format!("`{name}` is left out: needs {needs}")),
        }
    }
    Ok(())
}

/// Lays out a graph of `graph_json`'s form.
pub(super) fn layout(args: &LayoutArgs) -> Result<Outcome, Failure> {
    let text = String::from_utf8_lossy(&read(&args.graph)?).into_owned();
    let graph = graph_json::read(&text).map_err(|error| Failure::Argument(error.to_string()))?;
    let default = Options::default();
    let options = Options { seeds: args.seeds.unwrap_or(default.seeds), ..default };
    let written = graph_json::write(&graph, &lay_out_with(&graph, &options));
    match &args.output {
        Some(path) => write_atomically(path, written.as_bytes())?,
        None => say(&written),
    }
    Ok(Outcome::Fine)
}
