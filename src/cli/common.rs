//! What several commands share: opening designs, output, colours.

use super::Failure;
use super::args::{Global, When};
use crate::compile::{Design, Options, compile};
use crate::project::{Config, FolderLoader, discover, find_root, read};
use crate::quantity::Date;
use crate::report::terminal::{self, Style};
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

/// The project that a command works in.
pub(super) struct Project {
    pub(super) root: PathBuf,
    pub(super) config: Config,
    exclude: Vec<String>,
    stdin_name: String,
    today: Option<Date>,
}

impl Project {
    /// The project around the current folder, with its configuration.
    pub(super) fn open(global: &Global) -> Result<Project, Failure> {
        let here = std::env::current_dir()
            .map_err(|e| Failure::Argument(format!("the current folder is not there: {e}")))?;
        let root = find_root(&here);
        let config = match (&global.config, global.isolated) {
            (_, true) => Config::default(),
            (Some(path), false) => Config::parse(&String::from_utf8_lossy(&read(path)?), path)?,
            (None, false) => Config::of(&root)?,
        };
        let mut exclude = config.exclude.clone();
        exclude.extend(global.exclude.iter().cloned());
        let today =
            match &global.today {
                Some(text) => Some(Date::parse(text).ok_or_else(|| {
                    Failure::Argument(format!("`{text}` is no date; write it as 2027-06-30"))
                })?),
                None => today(),
            };
        let stdin_name = global.stdin_filename.clone().unwrap_or_else(|| "stdin.sysd".to_string());
        Ok(Project { root, config, exclude, stdin_name, today })
    }

    /// What the compiler is told.
    pub(super) fn options(&self) -> Result<Options, Failure> {
        Ok(Options { today: self.today, ..self.config.options()? })
    }

    /// The designs that paths name.
    pub(super) fn designs(&self, paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
        if paths.iter().any(|p| p.as_os_str() == "-") {
            if paths.len() > 1 {
                return Err(Failure::Argument("`-` reads one design, and more paths are given".to_string()));
            }
            return Ok(paths.to_vec());
        }
        Ok(discover(paths, &self.exclude)?)
    }

    /// Compiles one design.
    pub(super) fn compile(&self, path: &Path, options: &Options) -> Result<Design, Failure> {
        let (name, root, bytes) = self.source(path)?;
        Ok(compile(&name, &bytes, &FolderLoader::new(&root), options))
    }

    /// The name of a design as it is shown, the root its imports may not leave, its bytes.
    pub(super) fn source(&self, path: &Path) -> Result<(String, PathBuf, Vec<u8>), Failure> {
        if path.as_os_str() == "-" {
            let mut bytes = Vec::new();
            let limit = crate::source::MAX_BYTES as u64 + 1;
            std::io::stdin()
                .take(limit)
                .read_to_end(&mut bytes)
                .map_err(|e| Failure::Argument(format!("cannot read standard input: {e}")))?;
            return Ok((self.stdin_name.clone(), self.root.clone(), bytes));
        }
        let bytes = read(path)?;
        let full = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let root = self.root.canonicalize().unwrap_or_else(|_| self.root.clone());
        match full.strip_prefix(&root) {
            Ok(inside) => Ok((slashed(inside), root, bytes)),
            // A design outside the project is a project of its own.
            Err(_) => {
                let folder = find_root(full.parent().unwrap_or(Path::new("/")));
                let inside = full.strip_prefix(&folder).unwrap_or(&full);
                Ok((slashed(inside), folder.clone(), bytes))
            }
        }
    }
}

/// Shows what the language has to say about a design, on standard error.
pub(super) fn show_language_errors(design: &Design, global: &Global) {
    let style = Style { color: colored(global.color), width: width() };
    for finding in design.findings.iter().filter(|f| f.code.code.starts_with("E0")) {
        complain(terminal::full(finding, &design.lowered.sources, style).trim_end());
    }
}

/// A path with forward slashes.
pub(super) fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|c| c.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// The day in UTC; `None` where the clock stands before 1970.
fn today() -> Option<Date> {
    #[allow(clippy::disallowed_methods, reason = "the front end tells the compiler the day")]
    let now = std::time::SystemTime::now();
    let days = now.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs() / 86_400;
    Date::from_days_since_epoch(i32::try_from(days).ok()?)
}

/// Writes a result to standard output; a reader that has gone is no error.
pub(super) fn say(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// Writes to standard error.
pub(super) fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Whether standard output is coloured: the flag, then `FORCE_COLOR`, then `NO_COLOR`, then the terminal.
pub(super) fn colored(when: When) -> bool {
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => {
            let set = |name| std::env::var_os(name).is_some_and(|v| !v.is_empty());
            if set("FORCE_COLOR") {
                true
            } else if set("NO_COLOR") {
                false
            } else {
                std::io::stdout().is_terminal()
            }
        }
    }
}

/// Columns of the terminal; 100 where there is none.
pub(super) fn width() -> usize {
    let columns = std::env::var_os("COLUMNS").and_then(|v| v.to_string_lossy().parse().ok());
    columns.filter(|n| (40..=400).contains(n)).unwrap_or(100)
}
