//! The codes of the language: what a text can get wrong before any rule looks at the design.

use super::{Code, Severity};

/// Declares the codes and the table of all of them.
macro_rules! codes {
    ($($(#[$doc:meta])* $ident:ident = $code:literal $name:literal $severity:ident;)*) => {
        $($(#[$doc])* pub const $ident: Code = Code { code: $code, name: $name, severity: Severity::$severity };)*

        /// Every code of the language, in order.
        pub const ALL: &[Code] = &[$($ident),*];
    };
}

codes! {
    /// The text does not have the shape of the language.
    SYNTAX_ERROR = "E001" "syntax-error" Error;
    /// An item begins with a word that is no keyword, archetype or element.
    UNKNOWN_KEYWORD = "E002" "unknown-keyword" Error;
    /// A keyword does not take this property.
    UNKNOWN_PROPERTY = "E003" "unknown-property" Error;
    /// A name is declared nowhere.
    UNKNOWN_NAME = "E004" "unknown-name" Error;
    /// Two declarations share a name in one space.
    DUPLICATE_NAME = "E005" "duplicate-name" Error;
    /// A value is of another type than the property takes.
    WRONG_TYPE = "E006" "wrong-type" Error;
    /// A quantity is of another dimension than is asked for.
    WRONG_DIMENSION = "E007" "wrong-dimension" Error;
    /// The file of an import, or of an earlier version, is not there.
    IMPORT_NOT_FOUND = "E008" "import-not-found" Error;
    /// Files import each other in a circle.
    IMPORT_CYCLE = "E009" "import-cycle" Error;
    /// A short name fits several declarations.
    AMBIGUOUS_NAME = "E010" "ambiguous-name" Error;
    /// A value lies outside what the property allows.
    OUT_OF_RANGE = "E011" "out-of-range" Error;
    /// A keyword or property lacks a value that it needs.
    MISSING_ARGUMENT = "E012" "missing-argument" Error;
    /// An item stands where it has no meaning.
    MISPLACED_ITEM = "E013" "misplaced-item" Error;
    /// The technology is in no catalogue.
    UNKNOWN_TECHNOLOGY = "E014" "unknown-technology" Error;
    /// A unit is not known.
    UNKNOWN_UNIT = "E015" "unknown-unit" Error;
    /// The text is larger, longer or nested deeper than sysd reads.
    LIMIT_EXCEEDED = "E016" "limit-exceeded" Error;
    /// The bytes are not UTF-8 text.
    NOT_TEXT = "E017" "not-text" Error;
    /// An `allow` accepts nothing.
    UNUSED_ALLOW = "E018" "unused-allow" Warning;
    /// An `allow` does not say why.
    ALLOW_WITHOUT_REASON = "E019" "allow-without-reason" Error;
    /// The date of an `allow` has passed.
    EXPIRED_ALLOW = "E020" "expired-allow" Warning;
    /// Inputs are defined by each other.
    CONSTANT_CYCLE = "E021" "constant-cycle" Error;
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn codes_are_numbered_without_a_gap_and_names_are_kebab_case() {
        for (index, code) in ALL.iter().enumerate() {
            assert_eq!(code.code, format!("E{:03}", index + 1));
            assert!(code.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", code.name);
        }
        assert_eq!(ALL.len(), 21);
    }
}
