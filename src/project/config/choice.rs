//! Which rules are looked at and how grave they are: words of a configuration to codes.

use super::{ConfigError, Level};
use crate::compile::Said;
use crate::diagnostic::{Severity, house_codes, house_name, language};
use crate::rules;
use crate::words;

/// What is said of which code, or name of a rule of the house.
pub(super) type Entry = (&'static str, Said);

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
    pub(super) fn over(&self, mut levels: Vec<Entry>) -> Result<Vec<Entry>, ConfigError> {
        if !self.select.is_empty() {
            let selected = codes_of(&self.select, "")?;
            levels.retain(|(code, said)| *said != Said::Off || !selected.contains(code));
            levels.extend(all_but(&selected));
        }
        levels.extend(off(&self.ignore, "")?);
        Ok(levels)
    }
}

/// The levels that a `select` leaves: everything else is off.
pub(super) fn selected(names: &[String], place: &str) -> Result<Vec<Entry>, ConfigError> {
    if names.is_empty() { Ok(Vec::new()) } else { Ok(all_but(&codes_of(names, place)?)) }
}

fn all_but(selected: &[&'static str]) -> Vec<Entry> {
    let off = suppressible().filter(|code| !selected.contains(code)).map(|code| (code, Said::Off));
    // The codes of the house are off by now; what is selected by its name is looked at all the same.
    let named = selected.iter().filter(|name| is_of_house(name)).map(|name| (*name, Said::AsItSays));
    off.chain(named).collect()
}

/// Whether an entry is the name of a rule of the house: every other one is a code.
pub fn is_of_house(entry: &str) -> bool {
    entry.starts_with(|c: char| c.is_ascii_lowercase())
}

/// The levels of an `ignore`.
pub(super) fn off(names: &[String], place: &str) -> Result<Vec<Entry>, ConfigError> {
    let mut levels = Vec::new();
    for name in names {
        levels.extend(leveled(name, Level::Off, place)?);
    }
    Ok(levels)
}

/// The levels of an entry of `rules`.
pub(super) fn leveled(name: &str, level: Level, place: &str) -> Result<Vec<Entry>, ConfigError> {
    check_suppressible(name, place)?;
    let codes = codes_of(&[name.to_string()], place)?;
    let said = level.severity().map_or(Said::Off, Said::At);
    let named = codes.iter().copied().filter(|name| is_of_house(name));
    Ok(suppressible().filter(|code| codes.contains(code)).chain(named).map(|code| (code, said)).collect())
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
        // The rules of the house have names as well, which stand in the designs: what resembles no rule of sysd may
        // be one, and a check says where no design has it.
        codes.extend(house_codes().filter(|code| means(name, code)));
        if codes.len() == before {
            if !may_be_of_house(name) {
                return Err(unknown(name, place));
            }
            codes.push(house_name(name));
        }
    }
    Ok(codes)
}

fn means(name: &str, code: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let family = |text: &str| text.bytes().take_while(u8::is_ascii_alphabetic).count();
    upper == "ALL" || !upper.is_empty() && code.starts_with(&upper) && family(&upper) == family(code)
}

fn may_be_of_house(name: &str) -> bool {
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    is_of_house(name) && name.chars().all(letters) && near(name).is_none()
}

fn near(name: &str) -> Option<String> {
    let codes = rules::all().map(|rule| rule.code).chain(language::ALL.iter().copied());
    let known: Vec<&str> = codes.flat_map(|code| [code.name, code.code]).collect();
    words::did_you_mean(name, known)
}

fn unknown(name: &str, place: &str) -> ConfigError {
    let hint = near(name).unwrap_or_else(|| "`sysd rules` lists them".to_string());
    ConfigError::UnknownRule { place: place.to_string(), name: name.to_string(), hint: format!("; {hint}") }
}
