//! The family `MSG`: delivery, ordering, loss and duplicates.

mod acknowledged_before_work;
mod duplicate_delivery;
mod exactly_once_leaves_the_broker;
mod message_loss;
mod no_dead_letter;
mod nobody_consumes;
mod non_idempotent_retry;
mod ordering_not_guaranteed;
mod table_as_queue;
mod unbounded_queue;
mod unsafe_broker_settings;
mod visibility_timeout_too_short;

pub(super) use unsafe_broker_settings::safe_settings;

use super::Rule;

/// The rules of the family, in the order of their codes.
pub const RULES: &[&Rule] = &[
    &non_idempotent_retry::RULE,
    &duplicate_delivery::RULE,
    &message_loss::RULE,
    &ordering_not_guaranteed::RULE,
    &no_dead_letter::RULE,
    &unbounded_queue::RULE,
    &acknowledged_before_work::RULE,
    &visibility_timeout_too_short::RULE,
    &table_as_queue::RULE,
    &unsafe_broker_settings::RULE,
    &nobody_consumes::RULE,
    &exactly_once_leaves_the_broker::RULE,
];
