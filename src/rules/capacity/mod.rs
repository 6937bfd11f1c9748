//! The family `CAP`: load against capacity, connections, storage and cost.

mod backlog_grows;
mod cache_below_working_set;
mod connection_limit;
mod cost_above_budget;
mod dataset_exceeds_memory;
mod hot_shard;
mod idle_consumers;
mod network_saturated;
mod no_headroom;
mod no_room_on_nodes;
mod outgrown_before_horizon;
mod overload_after_zone_loss;
mod overloaded;
mod partition_limit;
mod payload_too_large;
mod polling_load;
mod rate_limit_above_capacity;
mod replicas_above_autoscaling_range;
mod retention_too_short;
mod storage_full;
mod target_missed;
mod thread_pool_exhausted;
mod too_few_nodes;
mod unbounded_feedback;
mod unindexed_access;
mod vertical_ceiling;
mod weak_capacity_fact;

use super::Rule;
use crate::quantity::count;

/// The rules of the family, in the order of their codes.
pub const RULES: &[&Rule] = &[
    &overloaded::RULE,
    &no_headroom::RULE,
    &overload_after_zone_loss::RULE,
    &outgrown_before_horizon::RULE,
    &storage_full::RULE,
    &network_saturated::RULE,
    &connection_limit::RULE,
    &thread_pool_exhausted::RULE,
    &cache_below_working_set::RULE,
    &hot_shard::RULE,
    &idle_consumers::RULE,
    &backlog_grows::RULE,
    &retention_too_short::RULE,
    &vertical_ceiling::RULE,
    &rate_limit_above_capacity::RULE,
    &polling_load::RULE,
    &payload_too_large::RULE,
    &cost_above_budget::RULE,
    &weak_capacity_fact::RULE,
    &partition_limit::RULE,
    &unbounded_feedback::RULE,
    &dataset_exceeds_memory::RULE,
    &replicas_above_autoscaling_range::RULE,
    &unindexed_access::RULE,
    &target_missed::RULE,
    &too_few_nodes::RULE,
    &no_room_on_nodes::RULE,
];

/// So many machines of one name, at the beginning of a sentence.
fn nodes_of(name: &str, there: f64) -> String {
    if there == 1.0 {
        format!("the only node of `{name}`")
    } else {
        format!("the {} nodes of `{name}`", count(there))
    }
}
