//! Codes of rules that a team writes itself: `HSE001` … and the team's own names.
//!
//! A [`Code`] is a plain value of lasting strings. Names of the house are known only when its text is
//! read; each is kept once for the life of the process, so that it can be one as well.

use super::{Code, Severity};
use std::collections::BTreeSet;
use std::sync::{LazyLock, Mutex, PoisonError};

/// The codes, `HSE001` to `HSE999`.
static CODES: LazyLock<Vec<String>> = LazyLock::new(|| (1..=999).map(|n| format!("HSE{n:03}")).collect());

/// Every name that was asked for.
static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

/// Every code that a rule of the house may have, in order.
pub fn house_codes() -> impl Iterator<Item = &'static str> {
    CODES.iter().map(String::as_str)
}

/// The code of the rule of the house at this position, from 0; `None` beyond the last code.
pub fn house_code(position: usize, name: &str, severity: Severity) -> Option<Code> {
    let code = CODES.get(position)?.as_str();
    Some(Code { code, name: lasting(name), severity })
}

/// A name of a rule as codes have it, for the life of the process: in kebab case.
pub fn house_name(name: &str) -> &'static str {
    lasting(&name.replace('_', "-").to_lowercase())
}

fn lasting(name: &str) -> &'static str {
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = names.get(name) {
        return known;
    }
    let kept: &'static str = Box::leak(name.to_owned().into_boxed_str());
    names.insert(kept);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_once_and_codes_are_numbered_from_one() {
        let first = house_code(0, "named-owner", Severity::Error).expect("a code");
        let again = house_code(0, "named-owner", Severity::Error).expect("a code");
        assert_eq!(first, again);
        assert!(std::ptr::eq(first.name, again.name));
        assert_eq!(first.code, "HSE001");
        assert!(house_code(999, "one-too-many", Severity::Error).is_none());
    }
}
