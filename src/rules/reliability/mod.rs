//! The family `REL`: what fails, and how long it takes to come back.

use super::Rule;

/// The rules of the family, in the order of their codes.
pub const RULES: &[&Rule] = &[];
