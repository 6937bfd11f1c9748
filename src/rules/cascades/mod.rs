//! The family `CAS`: how one failure becomes many.

use super::Rule;

/// The rules of the family, in the order of their codes.
pub const RULES: &[&Rule] = &[];
