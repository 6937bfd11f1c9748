//! `sysd ci`: everything that a change of designs must pass, in one command that changes no design.

use super::args::{CheckArgs, Cli, Command, FmtArgs, Global};
use super::common::{Project, complain};
use super::{Failure, Outcome, build, check, fmt};
use clap::{Args, Parser};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct CiArgs {
    #[command(flatten)]
    check: CheckArgs,
    /// The folder of the documents, which must be what the designs say; that of `documents` in sysd.toml where
    /// not given. How they were written say `layout`, `flavour` and `diagrams` there, or the variables of
    /// `sysd build`, such as `SYSD_LAYOUT`.
    #[arg(long, value_name = "OUT", env = "SYSD_DOCUMENTS")]
    documents: Option<PathBuf>,
}

pub(super) fn run(args: &CiArgs, global: &Global) -> Result<Outcome, Failure> {
    if args.check.write_baseline {
        return Err(Failure::Argument("`sysd ci` writes no baseline; `sysd check` does".to_string()));
    }
    if args.check.paths.iter().any(|p| p.as_os_str() == "-") {
        return Err(Failure::Argument("`sysd ci` looks at files, and `-` is standard input".to_string()));
    }
    let paths = &args.check.paths;
    let form = FmtArgs { paths: paths.clone(), check: true, diff: false };
    let mut outcomes = vec![check::run(&args.check, global)?, fmt::check(&form, global)?];
    match folder(args, global)? {
        Some(folder) => outcomes.push(documents(paths, &folder, global)?),
        None if !global.quiet => complain(
            "no documents were looked at; name their folder with `--documents`, or as `documents` in sysd.toml",
        ),
        None => {}
    }
    Ok(if outcomes.contains(&Outcome::AtFault) { Outcome::AtFault } else { Outcome::Fine })
}

/// The folder of the documents: of the flag, else of the configuration around the current folder.
fn folder(args: &CiArgs, global: &Global) -> Result<Option<PathBuf>, Failure> {
    if let Some(folder) = &args.documents {
        return Ok(Some(folder.clone()));
    }
    let resolved = Project::open(global)?.config(Path::new("."))?;
    Ok(resolved.config.documents.as_ref().map(|folder| resolved.folder.join(folder)))
}

/// `sysd build --check`, with the flags that variables set.
fn documents(paths: &[PathBuf], folder: &Path, global: &Global) -> Result<Outcome, Failure> {
    let words = ["sysd", "build", "--check", "--output"].map(OsString::from).into_iter();
    let words = words.chain([folder.into(), "--".into()]).chain(paths.iter().map(OsString::from));
    match Cli::try_parse_from(words).map(|cli| cli.command) {
        // What is wrong with the designs was said by the check.
        Ok(Command::Build(args)) => build::run(&args, &Global { quiet: true, ..global.clone() }),
        Ok(_) => Err(Failure::Bug("`build` is another command".to_string())),
        Err(error) => Err(Failure::Argument(error.to_string())),
    }
}
