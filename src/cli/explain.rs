//! `sysd explain` and `sysd rules`.

use super::args::{ExplainArgs, RulesArgs, TextOrJson};
use super::common::say;
use super::{Failure, Outcome};
use crate::rules;
use crate::schema;
use crate::words;
use std::fmt::Write;

pub(super) fn explain(args: &ExplainArgs) -> Result<Outcome, Failure> {
    if let Some((code, page)) = rules::page_of(&args.subject) {
        say(&format!("{} ({})\n\n{}", code.code, code.severity.word(), page));
        return Ok(Outcome::Fine);
    }
    if let Some(text) = schema::describe(&args.subject) {
        say(&text);
        return Ok(Outcome::Fine);
    }
    let mut known: Vec<&str> = rules::all().flat_map(|r| [r.code.code, r.code.name]).collect();
    known.extend(rules::LANGUAGE_PAGES.iter().flat_map(|(c, _)| [c.code, c.name]));
    known.extend(schema::keywords());
    let hint = words::did_you_mean(&args.subject, known)
        .unwrap_or_else(|| "`sysd rules` lists the rules".to_string());
    Err(Failure::Argument(format!("there is no rule or keyword `{}`; {hint}", args.subject)))
}

pub(super) fn rules(args: &RulesArgs) -> Outcome {
    let mut out = String::new();
    let language = rules::LANGUAGE_PAGES.iter().map(|(code, page)| (*code, rules::summary(page)));
    let all: Vec<_> = language.chain(rules::all().map(|r| (r.code, r.summary()))).collect();
    match args.format {
        TextOrJson::Json => {
            let rows: Vec<_> = all
                .iter()
                .map(|(c, summary)| {
                    serde_json::json!({ "code": c.code, "name": c.name, "severity": c.severity.word(), "summary": summary })
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
    Outcome::Fine
}
