//! `sysd report` and `sysd why`.

use super::args::{Global, ReportArgs, ReportFormat, WhyArgs};
use super::common::{Project, say, show_language_errors};
use super::{Failure, Outcome};
use crate::report::{json, summary, why as derivation};

/// Prints the report; JSON is printed whatever the findings are.
pub(super) fn run(args: &ReportArgs, global: &Global) -> Result<Outcome, Failure> {
    let project = Project::open(global)?;
    let design = project.compile(&args.file)?;
    let broken = design.has_language_errors();
    match args.format {
        ReportFormat::Json => say(&json::json(&design)),
        _ if broken => show_language_errors(&design, global),
        ReportFormat::Text => say(&summary::text(&design)),
        ReportFormat::Markdown => say(&summary::markdown(&design)),
    }
    Ok(if broken { Outcome::AtFault } else { Outcome::Fine })
}

/// Prints the derivation of one number.
pub(super) fn why(args: &WhyArgs, global: &Global) -> Result<Outcome, Failure> {
    let project = Project::open(global)?;
    let design = project.compile(&args.file)?;
    if design.has_language_errors() {
        show_language_errors(&design, global);
        return Ok(Outcome::AtFault);
    }
    say(&derivation::why(&design, &args.quantity).map_err(Failure::Argument)?);
    Ok(Outcome::Fine)
}
