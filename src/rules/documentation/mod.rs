//! The family `DOC`: what a reader of the design would miss.

use super::Rule;

/// The rules of the family, in the order of their codes.
pub const RULES: &[&Rule] = &[];
