//! The family `CAS`: how one failure becomes many.

mod deep_synchronous_chain;
mod health_check_amplifies;
mod missing_bulkhead;
mod missing_circuit_breaker;
mod missing_rate_limit;
mod missing_timeout;
mod overload_cascade;
mod retry_amplification;
mod retry_storm;
mod retry_without_backoff;
mod shared_database;
mod slow_dependency_exhausts_callers;
mod synchronous_cycle;

use super::Rule;

/// The rules of the family, in the order of their codes.
pub const RULES: &[&Rule] = &[
    &missing_timeout::RULE,
    &missing_circuit_breaker::RULE,
    &retry_amplification::RULE,
    &retry_without_backoff::RULE,
    &synchronous_cycle::RULE,
    &deep_synchronous_chain::RULE,
    &missing_rate_limit::RULE,
    &shared_database::RULE,
    &slow_dependency_exhausts_callers::RULE,
    &overload_cascade::RULE,
    &missing_bulkhead::RULE,
    &health_check_amplifies::RULE,
    &retry_storm::RULE,
];
