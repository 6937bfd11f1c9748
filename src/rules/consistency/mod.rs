//! The family `CON`: what reads are given and what concurrent writes do.

use super::Rule;

/// The rules of the family, in the order of their codes.
pub const RULES: &[&Rule] = &[];
