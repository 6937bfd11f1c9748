//! What several commands share: opening designs, output, colours.

use super::Failure;
use super::args::{Global, When};
use crate::compile::{Design, Options, compile};
use crate::diagnostic::Severity;
use crate::project::{Choice, Configs, Discovery, FolderLoader, Level, Resolved, find_root, read};
use crate::quantity::Date;
use crate::report::terminal::{self, Style};
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The project that a command works in.
pub(super) struct Project {
    /// The current folder.
    pub(super) here: PathBuf,
    /// The folder that nothing is read beyond.
    pub(super) root: PathBuf,
    /// What the command line says of the rules.
    pub(super) choice: Choice,
    configs: Configs,
    exclude: Vec<String>,
    force_exclude: bool,
    stdin_name: String,
    /// What standard input had, once it was read: it can be read once only.
    stdin: Mutex<Option<Vec<u8>>>,
    today: Option<Date>,
    jobs: usize,
    verbose: bool,
}

/// The stack of a thread that reads designs: that of the main thread, so that the depth at which a text is refused is
/// the same however many are read at once.
const STACK: usize = 8 * 1024 * 1024;

impl Project {
    /// The project around the current folder, with its configuration.
    pub(super) fn open(global: &Global) -> Result<Project, Failure> {
        let here = std::env::current_dir()
            .and_then(|here| here.canonicalize())
            .map_err(|e| Failure::Argument(format!("the current folder is not there: {e}")))?;
        let (pairs, files): (Vec<String>, Vec<String>) =
            global.config.iter().cloned().partition(|text| is_pair(text));
        if let [one, another, ..] = files.as_slice() {
            return Err(Failure::Argument(format!(
                "`{one}` and `{another}`: a run has one configuration file"
            )));
        }
        let file = files.first().map(Path::new);
        let configs = Configs::new(file, &pairs, global.isolated, &here)?;
        let today =
            match &global.today {
                Some(text) => Some(Date::parse(text).ok_or_else(|| {
                    Failure::Argument(format!("`{text}` is no date; write it as 2027-06-30"))
                })?),
                None => today(),
            };
        Ok(Project {
            root: find_root(&here),
            here,
            choice: Choice::default(),
            configs,
            exclude: global.exclude.clone(),
            force_exclude: global.force_exclude,
            stdin_name: global.stdin_filename.clone().unwrap_or_else(|| "stdin.sysd".to_string()),
            stdin: Mutex::default(),
            today,
            jobs: global.jobs.map_or_else(processors, usize::from),
            verbose: global.verbose,
        })
    }

    /// What the compiler is told about a design.
    pub(super) fn options(&self, design: &Path) -> Result<Options, Failure> {
        let options = self.config(design)?.options(&self.full(design), &self.choice)?;
        Ok(Options { today: self.today, ..options })
    }

    /// The closest configuration of a design or folder.
    pub(super) fn config(&self, path: &Path) -> Result<Arc<Resolved>, Failure> {
        let full = self.full(path);
        let folder = if full.is_dir() { full.as_path() } else { full.parent().unwrap_or(&self.here) };
        Ok(self.configs.of(folder)?)
    }

    /// The severity from which on findings of a design fail, where the command line says nothing.
    pub(super) fn fail_on(&self, design: &Path, said: Option<Level>) -> Result<Option<Severity>, Failure> {
        let level = match said {
            Some(level) => level,
            None => self.config(design)?.config.fail_on.unwrap_or(Level::Error),
        };
        Ok(level.severity())
    }

    /// A path as an absolute one; standard input lies where its name says.
    pub(super) fn full(&self, path: &Path) -> PathBuf {
        let path = if path.as_os_str() == "-" { Path::new(&self.stdin_name) } else { path };
        let full = self.here.join(path);
        full.canonicalize().unwrap_or(full)
    }

    /// The designs that paths name.
    pub(super) fn designs(&self, paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
        if paths.iter().any(|p| p.as_os_str() == "-") {
            if paths.len() > 1 {
                return Err(Failure::Argument("`-` reads one design, and more paths are given".to_string()));
            }
            return Ok(paths.to_vec());
        }
        let discovery = Discovery::new(&self.here, &self.configs, &self.exclude, self.force_exclude)?;
        Ok(discovery.designs(paths)?)
    }

    /// Does the same with each of several designs, some at a time; the results stand in the order of the designs, and
    /// of several failures the first in that order counts.
    pub(super) fn each<T: Send>(
        &self,
        paths: &[PathBuf],
        work: impl Fn(&Path) -> Result<T, Failure> + Sync,
    ) -> Result<Vec<T>, Failure> {
        let next = AtomicUsize::new(0);
        let done: Mutex<Vec<(usize, Result<T, Failure>)>> = Mutex::new(Vec::with_capacity(paths.len()));
        let reader = || {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(path) = paths.get(index) else { return };
                let result = work(path);
                done.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..self.jobs.min(paths.len()).max(1) {
                let builder = std::thread::Builder::new().stack_size(STACK);
                builder
                    .spawn_scoped(scope, reader)
                    .map_err(|e| Failure::Argument(format!("no thread could be started: {e}")))?;
            }
            Ok::<(), Failure>(())
        })?;
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_by_key(|(index, _)| *index);
        done.into_iter().map(|(_, result)| result).collect()
    }

    /// Compiles one design as its configuration asks.
    pub(super) fn compile(&self, path: &Path) -> Result<Design, Failure> {
        let options = self.options(path)?;
        let (name, root, bytes) = self.source(path)?;
        self.tell(&name, path)?;
        Ok(compile(&name, &bytes, &FolderLoader::new(&root), &options))
    }

    /// Says, where asked for, that a design is looked at, and by which configuration.
    pub(super) fn tell(&self, name: &str, path: &Path) -> Result<(), Failure> {
        if self.verbose {
            let file = self.config(path)?.file.clone();
            let by = file.map_or_else(|| "no sysd.toml".to_string(), |file| file.display().to_string());
            complain(&format!("checking {name} ({by})"));
        }
        Ok(())
    }

    /// The name of a design as it is shown, the root its imports may not leave, its bytes.
    pub(super) fn source(&self, path: &Path) -> Result<(String, PathBuf, Vec<u8>), Failure> {
        if path.as_os_str() == "-" {
            let mut bytes = self.stdin.lock().unwrap_or_else(PoisonError::into_inner);
            if bytes.is_none() {
                let mut read = Vec::new();
                let limit = crate::source::MAX_BYTES as u64 + 1;
                std::io::stdin()
                    .take(limit)
                    .read_to_end(&mut read)
                    .map_err(|e| Failure::Argument(format!("cannot read standard input: {e}")))?;
                *bytes = Some(read);
            }
            return Ok((self.stdin_name.clone(), self.root.clone(), bytes.clone().unwrap_or_default()));
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

/// How many threads the machine runs at once.
fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Whether an argument of `--config` is `KEY=VALUE`: a file may have such a name, a key has no slash.
fn is_pair(text: &str) -> bool {
    let key = text.split_once('=').map(|(key, _)| key.trim());
    let of_key = |c: char| c.is_ascii_alphanumeric() || "-_.\"".contains(c);
    key.is_some_and(|key| !key.is_empty() && key.chars().all(of_key)) && !Path::new(text).is_file()
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
