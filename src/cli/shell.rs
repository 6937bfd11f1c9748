//! What shells and manuals are told about the command line: completions and pages for `man`.

use super::args::Cli;
use super::common::say;
use super::{Failure, Outcome};
use crate::project::write_atomically;
use clap::{Args, Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell.
    shell: Shell,
}

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// Writes a page for each command to this folder; where not given, the page of sysd goes to standard output.
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// Prints the completions of a shell.
pub(super) fn completions(args: &CompletionsArgs) -> Outcome {
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "sysd", &mut bytes);
    say(&String::from_utf8_lossy(&bytes));
    Outcome::Fine
}

/// Prints or writes the pages for `man`.
pub(super) fn man(args: &ManArgs) -> Result<Outcome, Failure> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let Some(folder) = &args.output else {
        say(&page(command, "sysd")?);
        return Ok(Outcome::Fine);
    };
    let mut pages = vec![("sysd".to_string(), command.clone())];
    while let Some((name, command)) = pages.pop() {
        for inner in command.get_subcommands().filter(|c| !c.is_hide_set()) {
            pages.push((format!("{name}-{}", inner.get_name()), inner.clone()));
        }
        write_atomically(&folder.join(format!("{name}.1")), page(command, &name)?.as_bytes())?;
    }
    Ok(Outcome::Fine)
}

fn page(command: Command, name: &str) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    // clap keeps names for the life of the process; a run makes a few dozen.
    let name: &'static str = Box::leak(name.to_string().into_boxed_str());
    let rendered = Man::new(command.name(name)).render(&mut bytes);
    rendered.map_err(|e| Failure::Bug(format!("the page of `{name}` cannot be written: {e}")))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
