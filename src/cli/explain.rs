//! `sysd explain` and `sysd rules`.

use super::args::{ExplainArgs, Global, RulesArgs, TextOrJson};
use super::common::{Project, say, show_language_errors};
use super::{Failure, Outcome};
use crate::compile::Design;
use crate::diagnostic::{Applicability, Code};
use crate::rules;
use crate::schema;
use crate::words;
use std::fmt::Write;
use std::path::Path;

pub(super) fn explain(args: &ExplainArgs, global: &Global) -> Result<Outcome, Failure> {
    let design = args.file.as_deref().map(|file| open(file, global)).transpose()?;
    if let Some((code, page)) = rules::page_of(&args.subject) {
        show(code, page);
        return Ok(Outcome::Fine);
    }
    if let Some(lowered) = design.as_ref().map(|d| &d.lowered)
        && let Some((code, rule)) = rules::house::find(&lowered.model, &args.subject)
    {
        show(code, &rules::house::page(code, rule, &lowered.sources));
        return Ok(Outcome::Fine);
    }
    if let Some(text) = schema::describe(&args.subject) {
        say(&text);
        return Ok(Outcome::Fine);
    }
    let mut known: Vec<&str> = rules::all().flat_map(|r| [r.code.code, r.code.name]).collect();
    known.extend(rules::LANGUAGE_PAGES.iter().flat_map(|(c, _)| [c.code, c.name]));
    known.extend(schema::keywords());
    let house = design.iter().flat_map(|d| rules::house::codes(&d.lowered.model)).flatten();
    known.extend(house.flat_map(|c| [c.code, c.name]));
    let hint = words::did_you_mean(&args.subject, known).unwrap_or_else(|| {
        if args.file.is_none() && args.subject.to_uppercase().starts_with("HSE") {
            "name the design that has it, as in `sysd explain HSE001 FILE`".to_string()
        } else {
            "`sysd rules` lists the rules".to_string()
        }
    });
    Err(Failure::Argument(format!("there is no rule or keyword `{}`; {hint}", args.subject)))
}

fn show(code: Code, page: &str) {
    let fix = match rules::fixes::of(code.code) {
        Some(Applicability::Safe) => "; `sysd check --fix` answers it where the answer is certain",
        Some(Applicability::Unsafe) => "; `sysd check --unsafe-fixes` writes an answer to be read",
        None => "",
    };
    say(&format!("{} ({}{fix})\n\n{}", code.code, code.severity.word(), page));
}

/// The design whose rules of the house are asked for; what its language gets wrong is said.
fn open(file: &Path, global: &Global) -> Result<Design, Failure> {
    let project = Project::open(global)?;
    let design = project.compile(file)?;
    if design.has_language_errors() {
        show_language_errors(&design, global);
    }
    Ok(design)
}

pub(super) fn rules(args: &RulesArgs, global: &Global) -> Result<Outcome, Failure> {
    let design = args.file.as_deref().map(|file| open(file, global)).transpose()?;
    let mut out = String::new();
    let language = rules::LANGUAGE_PAGES.iter().map(|(code, page)| (*code, rules::summary(page)));
    let mut all: Vec<_> = language.chain(rules::all().map(|r| (r.code, r.summary()))).collect();
    if let Some(model) = design.as_ref().map(|d| &d.lowered.model) {
        let house = rules::house::codes(model).into_iter().zip(&model.house_rules);
        let start = all.len();
        all.extend(house.filter_map(|(code, rule)| Some((code?, rules::house::summary(rule)))));
        all[start..].sort();
    }
    match args.format {
        TextOrJson::Json => {
            let rows: Vec<_> = all
                .iter()
                .map(|(c, summary)| {
                    let mut row = serde_json::json!({
                        "code": c.code, "name": c.name, "severity": c.severity.word(), "summary": summary,
                    });
                    if rules::fixes::of(c.code).is_some() {
                        row["fix"] = rules::fixes::word(c.code).into();
                    }
                    row
                })
                .collect();
            let _ = writeln!(out, "{}", serde_json::Value::from(rows));
        }
        TextOrJson::Text => {
            for (code, summary) in &all {
                let line = summary.replace('\n', " ");
                let _ = writeln!(out, "{} {:<8} {:<34} {line}", code.code, code.severity.word(), code.name);
            }
        }
    }
    say(&out);
    let broken = design.is_some_and(|d| d.has_language_errors());
    Ok(if broken { Outcome::AtFault } else { Outcome::Fine })
}
