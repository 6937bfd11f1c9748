//! The family `LAT`: latency targets, timeouts and deadlines.

mod fan_out_tail;
mod idle_timeout_below_heartbeat;
mod latency_above_target;
mod retries_exceed_deadline;
mod synchronous_call_between_regions;
mod target_below_physics;
mod timeout_below_latency;
mod timeout_inversion;

pub(super) use timeout_inversion::deadline;

use super::Rule;

/// The rules of the family, in the order of their codes.
pub const RULES: &[&Rule] = &[
    &latency_above_target::RULE,
    &timeout_inversion::RULE,
    &retries_exceed_deadline::RULE,
    &fan_out_tail::RULE,
    &synchronous_call_between_regions::RULE,
    &target_below_physics::RULE,
    &timeout_below_latency::RULE,
    &idle_timeout_below_heartbeat::RULE,
];
