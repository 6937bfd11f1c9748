//! `sysd template`: the templates of the documents, to look at and to change.

use super::common::{complain, say};
use super::{Failure, Outcome};
use crate::document::TEMPLATES;
use crate::project::{read, write_atomically};
use crate::words;
use clap::{Args, Subcommand};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What is done with templates.
#[derive(Debug, Args)]
pub(super) struct TemplateArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Prints the names of the templates.
    List,
    /// Writes templates to a folder, for `sysd build --templates`.
    Eject {
        /// The folder.
        folder: PathBuf,
        /// The templates, as `list` names them; all of them where none is given.
        names: Vec<String>,
        /// Replaces files that are there and differ.
        #[arg(long)]
        overwrite: bool,
    },
}

pub(super) fn run(args: &TemplateArgs) -> Result<Outcome, Failure> {
    match &args.action {
        Action::List => {
            let names: Vec<&str> = TEMPLATES.iter().map(|(name, _)| *name).collect();
            say(&(names.join("\n") + "\n"));
        }
        Action::Eject { folder, names, overwrite } => eject(folder, names, *overwrite)?,
    }
    Ok(Outcome::Fine)
}

fn eject(folder: &Path, names: &[String], overwrite: bool) -> Result<(), Failure> {
    for name in names {
        if !TEMPLATES.iter().any(|(known, _)| known == name) {
            let hint = words::did_you_mean(name, TEMPLATES.iter().map(|(known, _)| *known))
                .unwrap_or_else(|| "`sysd template list` lists them".to_string());
            return Err(Failure::Argument(format!("there is no template `{name}`; {hint}")));
        }
    }
    let chosen = TEMPLATES.iter().filter(|(name, _)| names.is_empty() || names.iter().any(|n| n == name));
    let files: Vec<(PathBuf, &str)> =
        chosen.map(|(name, text)| (folder.join(format!("{name}.hbs")), *text)).collect();
    for (path, text) in &files {
        if !overwrite && path.exists() && read(path)? != text.as_bytes() {
            return Err(Failure::Argument(format!(
                "`{}` is there and differs, and nothing is written; add `--overwrite` to replace it",
                path.display()
            )));
        }
    }
    for (path, text) in &files {
        write_atomically(path, text.as_bytes())?;
    }
    complain(&format!("wrote {} templates to {}", files.len(), folder.display()));
    Ok(())
}

/// The templates of a folder by name; what is no `.hbs` is passed over.
pub(super) fn of(folder: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(at) = open.pop() {
        let unreadable = |e| Failure::Argument(format!("cannot read `{}`: {e}", at.display()));
        for entry in std::fs::read_dir(&at).map_err(unreadable)?.flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let inside = path.strip_prefix(folder).map(super::common::slashed).unwrap_or_default();
            let Some(name) = inside.strip_suffix(".hbs") else { continue };
            let bytes = read(&path)?;
            let text = String::from_utf8(bytes)
                .map_err(|_| Failure::Argument(format!("`{}` is no UTF-8 text", path.display())))?;
            found.insert(name.to_string(), text);
        }
    }
    if found.is_empty() {
        return Err(Failure::Argument(format!(
            "there is no template in `{}`; `sysd template eject` writes those of sysd there",
            folder.display()
        )));
    }
    Ok(found)
}
