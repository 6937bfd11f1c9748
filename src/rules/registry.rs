//! The list of rules, and the pages of the language's errors.

use super::Rule;
use crate::diagnostic::{Code, language};

/// The families in the order of the reference: prefix, title, rules.
pub const FAMILIES: &[(&str, &str, &[&Rule])] = &[
    ("REL", "Reliability", super::reliability::RULES),
    ("CAP", "Capacity", super::capacity::RULES),
    ("LAT", "Latency", super::latency::RULES),
    ("CON", "Consistency", super::consistency::RULES),
    ("MSG", "Messaging", super::messaging::RULES),
    ("CAS", "Cascades", super::cascades::RULES),
    ("SEC", "Security", super::security::RULES),
    ("EVO", "Evolution", super::evolution::RULES),
    ("DOC", "Documentation", super::documentation::RULES),
];

/// Every rule, family by family, in the order of the codes.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().flat_map(|(_, _, rules)| rules.iter().copied())
}

/// Declares the pages of the language's errors.
macro_rules! pages {
    ($($code:ident => $name:literal),* $(,)?) => {
        /// The page of each error of the language.
        pub const LANGUAGE_PAGES: &[(Code, &str)] = &[
            $((language::$code, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules/", $name, ".md")))),*
        ];
    };
}

pages! {
    SYNTAX_ERROR => "syntax_error",
    UNKNOWN_KEYWORD => "unknown_keyword",
    UNKNOWN_PROPERTY => "unknown_property",
    UNKNOWN_NAME => "unknown_name",
    DUPLICATE_NAME => "duplicate_name",
    WRONG_TYPE => "wrong_type",
    WRONG_DIMENSION => "wrong_dimension",
    IMPORT_NOT_FOUND => "import_not_found",
    IMPORT_CYCLE => "import_cycle",
    AMBIGUOUS_NAME => "ambiguous_name",
    OUT_OF_RANGE => "out_of_range",
    MISSING_ARGUMENT => "missing_argument",
    MISPLACED_ITEM => "misplaced_item",
    UNKNOWN_TECHNOLOGY => "unknown_technology",
    UNKNOWN_UNIT => "unknown_unit",
    LIMIT_EXCEEDED => "limit_exceeded",
    NOT_TEXT => "not_text",
    UNUSED_ALLOW => "unused_allow",
    ALLOW_WITHOUT_REASON => "allow_without_reason",
    EXPIRED_ALLOW => "expired_allow",
    CONSTANT_CYCLE => "constant_cycle",
}

/// The rule of this code or name; case and `-` or `_` make no difference.
pub fn find(name: &str) -> Option<&'static Rule> {
    all().find(|r| is_named(r.code, name))
}

/// Code and page of a rule or an error of the language.
pub fn page_of(name: &str) -> Option<(Code, &'static str)> {
    let rule = find(name).map(|r| (r.code, r.page));
    rule.or_else(|| LANGUAGE_PAGES.iter().copied().find(|(code, _)| is_named(*code, name)))
}

/// Whether a code or name, however it is spelled, means this code.
pub fn is_named(code: Code, name: &str) -> bool {
    let folded = name.replace('_', "-").to_lowercase();
    code.name == folded || code.code.eq_ignore_ascii_case(name)
}
