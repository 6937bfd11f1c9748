//! `sysd config`: the configuration that is in force, and where it comes from.

use super::args::{ConfigArgs, Global};
use super::common::{Project, say};
use super::{Failure, Outcome};
use crate::project::{ProjectError, shown};

pub(super) fn run(args: &ConfigArgs, global: &Global) -> Result<Outcome, Failure> {
    let path = &args.path;
    if path.as_os_str() != "-" {
        std::fs::metadata(path).map_err(|source| ProjectError::Unreadable { path: path.clone(), source })?;
    }
    let project = Project::open(global)?;
    say(&shown(&*project.config(path)?, args.show_origin));
    Ok(Outcome::Fine)
}
