//! The family `MSG`: delivery, ordering, loss and duplicates.

use super::Rule;

/// The rules of the family, in the order of their codes.
pub const RULES: &[&Rule] = &[];
