//! The family `CAP`: load against capacity, connections, storage and cost.

use super::Rule;

/// The rules of the family, in the order of their codes.
pub const RULES: &[&Rule] = &[];
