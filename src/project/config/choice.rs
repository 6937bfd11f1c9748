//! Which rules are looked at and how grave they are: words of a configuration to codes.

use super::{ConfigError, Level};
use crate::diagnostic::{Severity, house_codes, language};
use crate::rules;
use crate::words;

/// What a team says of a code: a severity, or off.
pub(super) type Said = (&'static str, Option<Severity>);

/// What the command line says of the rules; it wins over every file.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Only these; empty for what the files say.
    pub select: Vec<String>,
    /// Not these.
    pub ignore: Vec<String>,
}

impl Choice {
    /// The levels of the files, with this choice laid over them: a rule that is selected here is looked at
    /// though a file switches it off.
    pub(super) fn over(&self, mut levels: Vec<Said>) -> Result<Vec<Said>, ConfigError> {
        if !self.select.is_empty() {
            let selected = codes_of(&self.select, "")?;
            levels.retain(|(code, level)| level.is_some() || !selected.contains(code));
            levels.extend(all_but(&selected));
        }
        levels.extend(off(&self.ignore, "")?);
        Ok(levels)
    }
}

/// The levels that a `select` leaves: everything else is off.
pub(super) fn selected(names: &[String], place: &str) -> Result<Vec<Said>, ConfigError> {
    if names.is_empty() { Ok(Vec::new()) } else { Ok(all_but(&codes_of(names, place)?)) }
}

fn all_but(selected: &[&'static str]) -> Vec<Said> {
    suppressible().filter(|code| !selected.contains(code)).map(|code| (code, None)).collect()
}

/// The levels of an `ignore`.
pub(super) fn off(names: &[String], place: &str) -> Result<Vec<Said>, ConfigError> {
    let mut levels = Vec::new();
    for name in names {
        levels.extend(leveled(name, Level::Off, place)?);
    }
    Ok(levels)
}

/// The levels of an entry of `rules`.
pub(super) fn leveled(name: &str, level: Level, place: &str) -> Result<Vec<Said>, ConfigError> {
    check_suppressible(name, place)?;
    let codes = codes_of(&[name.to_string()], place)?;
    Ok(suppressible().filter(|code| codes.contains(code)).map(|code| (code, level.severity())).collect())
}

/// Errors of the language stay what they are.
fn check_suppressible(name: &str, place: &str) -> Result<(), ConfigError> {
    let fixed = language::ALL.iter().find(|code| rules::is_named(**code, name));
    match fixed {
        Some(code) if code.severity == Severity::Error => {
            Err(ConfigError::NotSuppressible { place: place.to_string(), name: name.to_string() })
        }
        _ => Ok(()),
    }
}

/// Every code that may be switched off: the rules, those of the house, and the warnings of the language.
fn suppressible() -> impl Iterator<Item = &'static str> {
    let warnings = language::ALL.iter().filter(|c| c.severity < Severity::Error).map(|c| c.code);
    rules::all().map(|rule| rule.code.code).chain(house_codes()).chain(warnings)
}

/// The codes that codes, names, prefixes and `ALL` stand for. A prefix is a family with none or some of its
/// digits: `REL`, `REL0`; `E` is the language and not evolution.
fn codes_of(names: &[String], place: &str) -> Result<Vec<&'static str>, ConfigError> {
    let mut codes = Vec::new();
    for name in names {
        let name = name.trim();
        let known = rules::all().map(|rule| rule.code).chain(language::ALL.iter().copied());
        let before = codes.len();
        codes.extend(known.filter(|c| means(name, c.code) || rules::is_named(*c, name)).map(|c| c.code));
        // The rules of the house are known by their codes only: their names stand in the designs.
        codes.extend(house_codes().filter(|code| means(name, code)));
        if codes.len() == before {
            return Err(unknown(name, place));
        }
    }
    Ok(codes)
}

fn means(name: &str, code: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let family = |text: &str| text.bytes().take_while(u8::is_ascii_alphabetic).count();
    upper == "ALL" || !upper.is_empty() && code.starts_with(&upper) && family(&upper) == family(code)
}

fn unknown(name: &str, place: &str) -> ConfigError {
    let codes = rules::all().map(|rule| rule.code).chain(language::ALL.iter().copied());
    let known: Vec<&str> = codes.flat_map(|code| [code.name, code.code]).collect();
    let hint = words::did_you_mean(name, known).unwrap_or_else(|| "`sysd rules` lists them".to_string());
    ConfigError::UnknownRule { place: place.to_string(), name: name.to_string(), hint: format!("; {hint}") }
}
