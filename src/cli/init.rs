//! `sysd init`: a design to begin with.

use super::args::Global;
use super::common::{complain, say};
use super::{Failure, Outcome};
use crate::project::write_atomically;
use clap::Args;
use std::fmt::Write;
use std::path::PathBuf;

/// The templates: name, what it is, the design. Each checks without a finding.
const TEMPLATES: [(&str, &str, &str); 4] = [
    (
        "web-service",
        "one API with a database behind it",
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/init/web_service.sysd")),
    ),
    (
        "event-pipeline",
        "events into a log, workers that count them, reports",
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/init/event_pipeline.sysd")),
    ),
    (
        "marketplace",
        "search, orders, and a payment provider of others",
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/init/marketplace.sysd")),
    ),
    (
        "blank",
        "a name and a goal",
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/init/blank.sysd")),
    ),
];

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// The file that is written.
    #[arg(default_value = "design.sysd", value_name = "FILE")]
    file: PathBuf,
    /// What it begins with.
    #[arg(long, value_name = "NAME", default_value = "web-service", value_parser = TEMPLATES.map(|(name, ..)| name))]
    template: String,
    /// Lists the templates and writes nothing.
    #[arg(long)]
    list: bool,
}

pub(super) fn run(args: &InitArgs, global: &Global) -> Result<Outcome, Failure> {
    if args.list {
        let mut out = String::new();
        for (name, what, _) in TEMPLATES {
            let _ = writeln!(out, "{name:<16} {what}");
        }
        say(&out);
        return Ok(Outcome::Fine);
    }
    let text = TEMPLATES.iter().find(|(name, ..)| *name == args.template).map_or("", |(_, _, text)| text);
    let path = args.file.display().to_string();
    if args.file.extension().is_none_or(|e| e != "sysd") {
        return Err(Failure::Argument(format!("`{path}` is no name of a design; let it end in `.sysd`")));
    }
    if args.file.exists() {
        return Err(Failure::Argument(format!("`{path}` is there already, and nothing is written")));
    }
    write_atomically(&args.file, text.as_bytes())?;
    if !global.quiet {
        complain(&format!(
            "wrote {path}\n\n  sysd check {path}            what is wrong with it\n  sysd report {path}           \
             every number\n  sysd build {path} -o docs    the document"
        ));
    }
    Ok(Outcome::Fine)
}
