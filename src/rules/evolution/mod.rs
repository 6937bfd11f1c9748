//! The family `EVO`: migrations, versions and decisions.

mod big_bang_migration;
mod decision_contradicted;
mod unsafe_migration;
mod unversioned_public_api;

use super::Rule;

/// The rules of the family, in the order of their codes.
pub const RULES: &[&Rule] = &[
    &unsafe_migration::RULE,
    &unversioned_public_api::RULE,
    &decision_contradicted::RULE,
    &big_bang_migration::RULE,
];
