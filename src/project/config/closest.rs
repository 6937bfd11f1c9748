//! Which configuration a design has: the closest `sysd.toml` upwards, up to the root of the repository.

use super::choice::{self, Choice, Entry};
use super::layers::{Layers, Origin};
use super::{Config, ConfigError, Override};
use crate::compile::Options;
use crate::project::{ProjectError, find_root};
use crate::rules::Thresholds;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The name of the file.
const NAME: &str = "sysd.toml";

/// The configurations of a run, each read once.
#[derive(Debug)]
pub struct Configs {
    /// The one for every design, where the command line names it.
    fixed: Option<Arc<Resolved>>,
    pairs: Vec<String>,
    known: Mutex<BTreeMap<PathBuf, Arc<Resolved>>>,
}

/// The configuration of a folder.
#[derive(Debug)]
pub struct Resolved {
    /// The keys.
    pub config: Config,
    /// The folder that its paths start from.
    pub folder: PathBuf,
    /// The file; `None` where there is none.
    pub file: Option<PathBuf>,
    layers: Layers,
    excluded: Gitignore,
    overrides: Vec<Gitignore>,
}

impl Configs {
    /// Configurations as the command line asks for them: one file for all designs, none at all (`isolated`), or
    /// the closest of each; `KEY=VALUE` pairs lie over them.
    ///
    /// # Errors
    /// [`ProjectError`] for a named file that cannot be read or is at fault, and for a pair that is.
    pub fn new(
        file: Option<&Path>,
        pairs: &[String],
        isolated: bool,
        here: &Path,
    ) -> Result<Configs, ProjectError> {
        let fixed = match file {
            _ if isolated => Some(Resolved::new(Layers::default(), here, None, pairs)?),
            Some(path) => {
                let unreadable = |source| ProjectError::Unreadable { path: path.to_path_buf(), source };
                let full = here.join(path).canonicalize().map_err(unreadable)?;
                let root = find_root(full.parent().unwrap_or(here));
                // Paths of a configuration that lies elsewhere start from where it is used.
                let folder = full.parent().filter(|f| here.starts_with(f)).unwrap_or(here);
                Some(Resolved::new(Layers::of_file(&full, &root)?, folder, Some(&full), pairs)?)
            }
            None => None,
        };
        let configs = Configs { fixed: fixed.map(Arc::new), pairs: pairs.to_vec(), known: Mutex::default() };
        // What is wrong with the pairs is said though no design be found.
        configs.of(here)?;
        Ok(configs)
    }

    /// The configuration of the designs in a folder, an absolute path.
    ///
    /// # Errors
    /// [`ProjectError`].
    pub fn of(&self, folder: &Path) -> Result<Arc<Resolved>, ProjectError> {
        if let Some(fixed) = &self.fixed {
            return Ok(fixed.clone());
        }
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(folder) {
            return Ok(known.clone());
        }
        let root = find_root(folder);
        let file = folder
            .ancestors()
            .take_while(|dir| dir.starts_with(&root))
            .map(|dir| dir.join(NAME))
            .find(|file| file.is_file());
        let resolved = match &file {
            Some(file) => {
                let home = file.parent().unwrap_or(&root);
                Resolved::new(Layers::of_file(file, &root)?, home, Some(file), &self.pairs)?
            }
            None => Resolved::new(Layers::default(), &root, None, &self.pairs)?,
        };
        let resolved = Arc::new(resolved);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(folder.to_path_buf(), resolved.clone());
        Ok(resolved)
    }
}

impl Resolved {
    fn new(
        mut layers: Layers,
        folder: &Path,
        file: Option<&Path>,
        pairs: &[String],
    ) -> Result<Resolved, ProjectError> {
        for pair in pairs {
            layers.add_pair(pair)?;
        }
        let config = layers.config()?;
        let place = layers.place("overrides");
        let overrides: Result<Vec<Gitignore>, ConfigError> =
            config.overrides.iter().map(|o| patterns(folder, &o.paths, &place)).collect();
        let resolved = Resolved {
            excluded: patterns(folder, &config.exclude, &layers.place("exclude"))?,
            overrides: overrides?,
            config,
            folder: folder.to_path_buf(),
            file: file.map(Path::to_path_buf),
            layers,
        };
        resolved.check()?;
        Ok(resolved)
    }

    /// Rules that do not exist and limits that mean nothing are said when the configuration is read, whatever
    /// designs there are.
    fn check(&self) -> Result<(), ConfigError> {
        self.levels(None)?;
        let tables = std::iter::once(("thresholds", self.config.thresholds))
            .chain(self.config.overrides.iter().map(|o| ("overrides", o.thresholds)));
        for (table, thresholds) in tables {
            if let Some((key, allowed)) = thresholds.fault() {
                let path = if table == "overrides" { table.to_string() } else { format!("{table}.{key}") };
                return Err(ConfigError::Malformed {
                    place: self.layers.origin(&path).to_string(),
                    message: format!("`thresholds.{key}` is {allowed}"),
                });
            }
        }
        Ok(())
    }

    /// Where a dotted key is set.
    pub fn origin(&self, key: &str) -> Origin {
        self.layers.origin(key)
    }

    /// Whether a design, an absolute path, is passed over.
    pub fn excludes(&self, design: &Path) -> bool {
        matches(&self.excluded, &self.folder, design)
    }

    /// What the compiler is told about a design, an absolute path.
    ///
    /// # Errors
    /// [`ConfigError`] for a rule of `choice` that does not exist.
    pub fn options(&self, design: &Path, choice: &Choice) -> Result<Options, ConfigError> {
        let default = Thresholds::default();
        let mut thresholds = self.config.thresholds.over(&default);
        thresholds.backing = self.config.confidence.over(default.backing);
        for set in self.overriding(Some(design)) {
            thresholds = set.thresholds.over(&thresholds);
            thresholds.backing = set.confidence.over(thresholds.backing);
        }
        Ok(Options { thresholds, today: None, levels: choice.over(self.levels(Some(design))?)? })
    }

    /// The overrides for a design; all of them without one.
    fn overriding(&self, design: Option<&Path>) -> impl Iterator<Item = &Override> {
        let with_paths = self.config.overrides.iter().zip(&self.overrides);
        with_paths
            .filter(move |(_, paths)| design.is_none_or(|design| matches(paths, &self.folder, design)))
            .map(|(set, _)| set)
    }

    /// What is said of the codes, later words winning; with no design, also by overrides.
    fn levels(&self, design: Option<&Path>) -> Result<Vec<Entry>, ConfigError> {
        let config = &self.config;
        let mut levels = choice::selected(&config.select, &self.layers.place("select"))?;
        levels.extend(choice::off(&config.ignore, &self.layers.place("ignore"))?);
        for (name, level) in &config.rules {
            levels.extend(choice::leveled(name, *level, &self.layers.place(&format!("rules.{name}")))?);
        }
        let place = self.layers.place("overrides");
        for set in self.overriding(design) {
            levels.extend(choice::off(&set.ignore, &place)?);
            for (name, level) in &set.rules {
                levels.extend(choice::leveled(name, *level, &place)?);
            }
        }
        Ok(levels)
    }
}

/// Patterns in the syntax of `.gitignore`, from a folder.
///
/// # Errors
/// [`ConfigError::Pattern`].
pub(in crate::project) fn patterns(
    folder: &Path,
    patterns: &[String],
    place: &str,
) -> Result<Gitignore, ConfigError> {
    let mut builder = GitignoreBuilder::new(folder);
    let wrong = |pattern: &str, error: &ignore::Error| ConfigError::Pattern {
        place: place.to_string(),
        pattern: pattern.to_string(),
        message: error.to_string(),
    };
    for pattern in patterns {
        builder.add_line(None, pattern).map_err(|e| wrong(pattern, &e))?;
    }
    builder.build().map_err(|e| wrong(&patterns.join(", "), &e))
}

/// Whether patterns of a folder name a path, or a folder above it.
pub(in crate::project) fn matches(patterns: &Gitignore, folder: &Path, path: &Path) -> bool {
    let inside = path.strip_prefix(folder);
    inside.is_ok_and(|inside| patterns.matched_path_or_any_parents(inside, path.is_dir()).is_ignore())
}
