//! The command line: arguments in, exit code out.
//!
//! 0 fine, 1 the designs are at fault, 2 the run could not be done, 3 a bug in sysd,
//! 130 interrupted. Results go to standard output, everything else to standard error.

mod args;
mod baseline;
mod build;
mod catalog;
mod check;
mod ci;
mod common;
mod config;
mod diff;
mod estimate;
mod eval;
mod explain;
mod export;
mod fix;
mod fmt;
mod git;
mod init;
mod lock;
mod render;
mod report;
mod shell;
mod since;
mod template;
mod watch;

use args::{Cli, Command};
use clap::Parser;
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Nothing is at fault.
    Fine,
    /// The designs are at fault.
    AtFault,
}

/// Why a command could not be carried out.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// Files, folders or the configuration.
    #[error(transparent)]
    Project(#[from] crate::project::ProjectError),
    /// A template.
    #[error(transparent)]
    Template(#[from] crate::document::TemplateError),
    /// A bug in sysd; exit code 3.
    #[error("{0}; this is a bug in sysd")]
    Bug(String),
    /// An argument that cannot be read.
    #[error("{0}")]
    Argument(String),
}

impl From<crate::project::ConfigError> for Failure {
    fn from(error: crate::project::ConfigError) -> Self {
        Failure::Project(error.into())
    }
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| dispatch(&cli)));
    match done {
        Ok(Ok(Outcome::Fine)) => ExitCode::SUCCESS,
        Ok(Ok(Outcome::AtFault)) => ExitCode::from(1),
        Ok(Err(failure)) => {
            common::complain(&format!("error: {failure}"));
            ExitCode::from(if matches!(failure, Failure::Bug(_)) { 3 } else { 2 })
        }
        Err(_) => {
            common::complain("error: this is a bug in sysd; please report it with the design that shows it");
            ExitCode::from(3)
        }
    }
}

fn dispatch(cli: &Cli) -> Result<Outcome, Failure> {
    let global = &cli.global;
    match &cli.command {
        Command::Check(args) => check::run(args, global),
        Command::Build(args) => build::run(args, global),
        Command::Diff(args) => diff::run(args, global),
        Command::Fmt(args) => fmt::run(args, global),
        Command::Render(args) => render::run(args, global),
        Command::Report(args) => report::run(args, global),
        Command::Why(args) => report::why(args, global),
        Command::Template(args) => template::run(args),
        Command::Estimate(args) => estimate::run(args, global),
        Command::Schema(args) => {
            match args.subject {
                args::SchemaSubject::Document => common::say(&crate::document::schema()),
                args::SchemaSubject::Report => common::say(&crate::report::json::schema()),
                args::SchemaSubject::Config => common::say(&crate::project::schema()),
                args::SchemaSubject::Estimate => common::say(&crate::report::estimate::json::schema()),
                args::SchemaSubject::Check => common::say(&crate::report::findings::json::schema()),
            }
            Ok(Outcome::Fine)
        }
        Command::Ci(args) => ci::run(args, global),
        Command::Init(args) => init::run(args, global),
        Command::Completions(args) => Ok(shell::completions(args)),
        Command::Man(args) => shell::man(args),
        Command::Config(args) => config::run(args, global),
        Command::Export(args) => export::run(args, global),
        Command::Layout(args) => export::layout(args),
        Command::Eval(args) => eval::run(args, global),
        Command::Explain(args) => explain::explain(args, global),
        Command::Rules(args) => explain::rules(args, global),
        Command::Catalog(args) => catalog::run(args),
        Command::Version => {
            common::say(&format!("sysd {}\n", env!("CARGO_PKG_VERSION")));
            Ok(Outcome::Fine)
        }
    }
}
