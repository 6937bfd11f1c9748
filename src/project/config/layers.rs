//! Configurations laid over each other: a file and what it extends, then the command line. Each key remembers
//! where it comes from.

use super::{Config, ConfigError};
use crate::project::{FolderLoader, ProjectError, read};
use crate::source::{Loader, SourceFile};
use crate::words;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use toml::de::{DeTable, DeValue};
use toml::{Table, Value};

/// Where a key is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// Nowhere: it is sysd's own.
    #[default]
    Default,
    /// In a file.
    File {
        /// As it is shown.
        path: String,
        /// The line, from 1.
        line: u32,
    },
    /// By `--config KEY=VALUE`.
    CommandLine,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::File { path, line } => write!(f, "{path}:{line}"),
            Origin::CommandLine => f.write_str("command line"),
        }
    }
}

/// Keys with their origins.
#[derive(Clone, Debug, Default)]
pub(super) struct Layers {
    table: Table,
    /// By dotted key; a list is one key.
    origins: BTreeMap<String, Origin>,
}

impl Layers {
    /// A file and what it extends. `root` bounds what may be extended: a configuration from a stranger cannot
    /// have other files of the machine read and quoted.
    pub(super) fn of_file(path: &Path, root: &Path) -> Result<Layers, ProjectError> {
        let bytes = read(path)?;
        let mut layers = Layers::default();
        layers.add_file(path, &bytes, root, &mut Vec::new())?;
        Ok(layers)
    }

    fn add_file(
        &mut self,
        path: &Path,
        bytes: &[u8],
        root: &Path,
        way: &mut Vec<String>,
    ) -> Result<(), ProjectError> {
        let shown = shown(path, root);
        if way.contains(&shown) {
            let message =
                format!("configurations extend each other in a circle: {} -> {shown}", way.join(" -> "));
            return Err(ConfigError::Malformed { place: shown, message }.into());
        }
        way.push(shown.clone());
        let file = SourceFile::new(shown.clone(), String::from_utf8_lossy(bytes));
        let config: Config = toml::from_str(&file.text).map_err(|e| malformed(&e, Some(&file)))?;
        if let Some(base) = &config.extends {
            let base_path = normal(&path.parent().unwrap_or(Path::new("")).join(base));
            let inside = base_path.strip_prefix(root).ok().map(|p| p.to_string_lossy().into_owned());
            let loaded = match inside {
                Some(inside) => FolderLoader::new(root).load(&inside),
                None => Err("it lies outside the project".to_string()),
            };
            let bytes = loaded.map_err(|why| ConfigError::Malformed {
                place: shown,
                message: format!("cannot extend `{base}`: {why}"),
            })?;
            self.add_file(&base_path, &bytes, root, way)?;
        }
        let lines = DeTable::parse(&file.text).map_err(|e| malformed(&e, Some(&file)))?;
        let mut places = BTreeMap::new();
        places_of("", lines.get_ref(), &mut places);
        let table: Table = toml::from_str(&file.text).map_err(|e| malformed(&e, Some(&file)))?;
        self.lay(table, |key| {
            let at = places.get(key).map_or(0, |span| span.start);
            Origin::File { path: file.path.clone(), line: file.position(at as u32).line }
        });
        way.pop();
        Ok(())
    }

    /// `KEY=VALUE` of the command line; a value that is no TOML is text.
    pub(super) fn add_pair(&mut self, pair: &str) -> Result<(), ConfigError> {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let parsed: Result<Table, _> = toml::from_str(&format!("{key} = {value}"));
        let table = match parsed {
            Ok(table) => table,
            Err(_) => toml::from_str(&format!("{key} = {}", Value::from(value)))
                .map_err(|e| in_pair(pair, malformed(&e, None)))?,
        };
        Config::deserialize(Value::Table(table.clone())).map_err(|e| in_pair(pair, malformed(&e, None)))?;
        if table.contains_key("extends") {
            let message = "`extends` belongs into a file".to_string();
            return Err(ConfigError::Malformed { place: format!("--config {pair}"), message });
        }
        self.lay(table, |_| Origin::CommandLine);
        Ok(())
    }

    fn lay(&mut self, mut table: Table, origin: impl Fn(&str) -> Origin) {
        table.remove("extends");
        lay("", &mut self.table, table, &mut |key| {
            self.origins.insert(key.to_string(), origin(key));
        });
    }

    /// Where a key is set.
    pub(super) fn origin(&self, key: &str) -> Origin {
        self.origins.get(key).cloned().unwrap_or_default()
    }

    /// `sysd.toml:3: `, to begin a message about a key with.
    pub(super) fn place(&self, key: &str) -> String {
        match self.origin(key) {
            Origin::Default => String::new(),
            origin => format!("{origin}: "),
        }
    }

    /// The keys with their types.
    pub(super) fn config(&self) -> Result<Config, ConfigError> {
        Config::deserialize(Value::Table(self.table.clone())).map_err(|e| malformed(&e, None))
    }
}

/// Tables are joined key by key, everything else is replaced.
fn lay(prefix: &str, under: &mut Table, over: Table, set: &mut impl FnMut(&str)) {
    for (key, value) in over {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match (under.get_mut(&key), value) {
            (Some(Value::Table(under)), Value::Table(over)) => lay(&path, under, over, set),
            (_, Value::Table(over)) => {
                let mut fresh = Table::new();
                lay(&path, &mut fresh, over, set);
                under.insert(key, Value::Table(fresh));
            }
            (_, value) => {
                set(&path);
                under.insert(key, value);
            }
        }
    }
}

fn places_of(prefix: &str, table: &DeTable, places: &mut BTreeMap<String, Range<usize>>) {
    for (key, value) in table {
        let name = key.get_ref();
        let path = if prefix.is_empty() { name.to_string() } else { format!("{prefix}.{name}") };
        if let DeValue::Table(inner) = value.get_ref() {
            places_of(&path, inner, places);
        } else {
            places.insert(path, key.span());
        }
    }
}

/// The path without `.` and `..`, as far as it can be told from the words alone.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

/// A path as messages show it: from the root of the project where it lies inside.
fn shown(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn in_pair(pair: &str, error: ConfigError) -> ConfigError {
    match error {
        ConfigError::Malformed { message, .. } => {
            ConfigError::Malformed { place: format!("--config {pair}"), message }
        }
        other => other,
    }
}

/// What TOML or the types say, with file, line and column, and the nearest key for one that is not known.
fn malformed(error: &toml::de::Error, file: Option<&SourceFile>) -> ConfigError {
    let mut place = file.map_or_else(|| "configuration".to_string(), |f| f.path.clone());
    if let (Some(file), Some(span)) = (file, error.span()) {
        let at = file.position(span.start as u32);
        place = format!("{}:{}:{}", file.path, at.line, at.column);
    }
    ConfigError::Malformed { place, message: words::mistake(error.message()) }
}
