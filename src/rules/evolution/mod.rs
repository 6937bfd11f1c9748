//! The family `EVO`: migrations, versions and decisions.

use super::Rule;

/// The rules of the family, in the order of their codes.
pub const RULES: &[&Rule] = &[];
