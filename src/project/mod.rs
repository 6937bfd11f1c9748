//! Files, folders and configuration: the only floor below the front ends that touches the disk.

mod config;
mod discovery;
mod files;
mod output;
mod owned;

pub use config::{
    Choice, Config, ConfigError, Configs, DocumentDiagrams, DocumentFlavour, DocumentLayout, Level, Origin,
    Resolved, is_of_house, schema, shown,
};
pub use discovery::{Discovery, find_root};
pub use files::{FolderLoader, read};
pub use output::{append, write_atomically};
pub use owned::Owned;

use std::path::PathBuf;

/// Why a run could not be done; exit code 2.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// No design was found.
    #[error("no design matched {0}")]
    NothingMatched(String),
    /// A path that cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A path that cannot be written.
    #[error("cannot write `{}`: {source}", path.display())]
    Unwritable {
        /// The path.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file that somebody else wrote stands where one of ours belongs.
    #[error("`{}` was not written by sysd, and nothing is written; choose another folder, or add `--overwrite`", path.display())]
    NotOurs {
        /// The path.
        path: PathBuf,
    },
    /// The configuration is at fault.
    #[error(transparent)]
    Config(#[from] ConfigError),
}
