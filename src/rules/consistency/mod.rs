//! The family `CON`: what reads are given and what concurrent writes do.

mod cache_never_invalidated;
mod call_inside_transaction;
mod consistency_against_availability;
mod derived_store_as_source_of_truth;
mod dual_write;
mod last_write_wins_loses_updates;
mod level_not_stated;
mod lost_update;
mod multi_leader_without_conflict_resolution;
mod quorum_does_not_overlap;
mod stale_read;
mod sticky_session_required;
mod transaction_across_shards;
mod transaction_across_stores;
mod unsupported_level;
mod write_back_loss;
mod write_skew;

use super::Rule;

/// The rules of the family, in the order of their codes.
pub const RULES: &[&Rule] = &[
    &stale_read::RULE,
    &quorum_does_not_overlap::RULE,
    &dual_write::RULE,
    &lost_update::RULE,
    &write_skew::RULE,
    &multi_leader_without_conflict_resolution::RULE,
    &consistency_against_availability::RULE,
    &write_back_loss::RULE,
    &transaction_across_shards::RULE,
    &transaction_across_stores::RULE,
    &unsupported_level::RULE,
    &level_not_stated::RULE,
    &cache_never_invalidated::RULE,
    &last_write_wins_loses_updates::RULE,
    &derived_store_as_source_of_truth::RULE,
    &sticky_session_required::RULE,
    &call_inside_transaction::RULE,
];
