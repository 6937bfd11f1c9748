//! What the author accepts: `allow RULE "reason" until DATE`.
//!
//! An `allow` accepts findings of its rule that are about the declaration it stands in: those
//! whose place lies in it, or whose subject it is.

use super::Options;
use crate::diagnostic::{Acceptance, Code, Finding, language};
use crate::model::{Allow, Model};
use crate::quantity::Date;
use crate::rules;
use crate::words;

pub(super) fn accept(model: &Model, findings: &mut Vec<Finding>, options: &Options) {
    let today = options.today;
    let mut said = Vec::new();
    for allow in &model.allows {
        let Some(code) = code_of(model, allow) else {
            said.push(unknown(model, allow));
            continue;
        };
        if allow.reason.is_none() {
            said.push(
                Finding::new(
                    language::ALLOW_WITHOUT_REASON,
                    allow.span,
                    format!("`allow {}` does not say why", allow.rule),
                )
                .help(format!("give a reason, as in `allow {} \"the switch is mandated\"`", allow.rule)),
            );
            continue;
        }
        if let (Some(until), Some(today)) = (allow.until, today)
            && until < today
        {
            said.push(
                Finding::new(
                    language::EXPIRED_ALLOW,
                    allow.span,
                    format!("`allow {}` ran out on {until}", allow.rule),
                )
                .help("mend what it accepts, or accept it again with a later date"),
            );
            continue;
        }
        let used = accepted_by(allow, code, findings);
        // A rule that is switched off finds nothing to accept.
        if !used && !options.is_off(code) {
            said.push(
                Finding::new(
                    language::UNUSED_ALLOW,
                    allow.span,
                    format!("`allow {}` accepts nothing", allow.rule),
                )
                .help("remove it: nothing of that kind is found here"),
            );
        }
    }
    findings.extend(said);
}

/// Marks what is accepted, and says nothing of an `allow` that accepts nothing: under a scenario others find their work.
pub(super) fn mark(model: &Model, findings: &mut [Finding], today: Option<Date>) {
    for allow in &model.allows {
        let expired = matches!((allow.until, today), (Some(until), Some(today)) if until < today);
        if let Some(code) = code_of(model, allow).filter(|_| allow.reason.is_some() && !expired) {
            accepted_by(allow, code, findings);
        }
    }
}

/// Marks what an `allow` accepts; whether there is anything.
fn accepted_by(allow: &Allow, code: Code, findings: &mut [Finding]) -> bool {
    let mut used = false;
    for finding in findings.iter_mut().filter(|f| f.code.code == code.code && covers(allow, f)) {
        used = true;
        finding.accepted.get_or_insert_with(|| Acceptance {
            reason: allow.reason.clone().unwrap_or_default().to_string(),
            span: allow.span,
            until: allow.until.map(|d| d.to_string()),
        });
    }
    used
}

fn code_of(model: &Model, allow: &Allow) -> Option<Code> {
    let code = rules::page_of(&allow.rule).map(|(code, _)| code);
    code.or_else(|| Some(rules::house::find(model, &allow.rule)?.0))
}

fn covers(allow: &Allow, finding: &Finding) -> bool {
    let place = finding.primary.span;
    let inside =
        place.file == allow.scope.file && allow.scope.start <= place.start && place.end <= allow.scope.end;
    inside || allow.subject.is_some() && finding.subject.as_deref() == allow.subject.as_deref()
}

fn unknown(model: &Model, allow: &Allow) -> Finding {
    let mut finding =
        Finding::new(language::UNKNOWN_NAME, allow.span, format!("there is no rule named `{}`", allow.rule));
    let mut names: Vec<String> = rules::all().map(|r| r.code.name.replace('-', "_")).collect();
    names.extend(model.house_rules.iter().map(|r| r.head.short.to_string()));
    finding.help = words::did_you_mean(&allow.rule, names.iter().map(String::as_str))
        .or_else(|| Some("`sysd rules` lists the rules".to_string()));
    finding
}
