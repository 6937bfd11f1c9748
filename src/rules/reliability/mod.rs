//! The family `REL`: what fails, and how long it takes to come back.

mod availability_below_target;
mod balancer_without_health_check;
mod common_cause_ignored;
mod data_loss_window;
mod external_without_fallback;
mod manual_failover;
mod no_backup;
mod no_failover;
mod only_copy_not_durable;
mod recovery_too_slow;
mod region_not_survivable;
mod replicas_share_fate;
mod replicated_but_never_promoted;
mod single_point_of_failure;
mod slow_failure_detection;
mod weak_quorum;
mod zone_not_survivable;

use super::Rule;

/// The rules of the family, in the order of their codes.
pub const RULES: &[&Rule] = &[
    &single_point_of_failure::RULE,
    &availability_below_target::RULE,
    &zone_not_survivable::RULE,
    &region_not_survivable::RULE,
    &replicas_share_fate::RULE,
    &no_failover::RULE,
    &manual_failover::RULE,
    &weak_quorum::RULE,
    &external_without_fallback::RULE,
    &slow_failure_detection::RULE,
    &data_loss_window::RULE,
    &recovery_too_slow::RULE,
    &no_backup::RULE,
    &only_copy_not_durable::RULE,
    &replicated_but_never_promoted::RULE,
    &balancer_without_health_check::RULE,
    &common_cause_ignored::RULE,
];
