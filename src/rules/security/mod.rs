//! The family `SEC`: entries, boundaries, access and secrets.

use super::Rule;

/// The rules of the family, in the order of their codes.
pub const RULES: &[&Rule] = &[];
