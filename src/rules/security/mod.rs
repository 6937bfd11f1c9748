//! The family `SEC`: entries, boundaries, access and secrets.

mod access_not_allowed;
mod encrypted_data_processed;
mod irrevocable_token;
mod plaintext_across_boundary;
mod secret_data_in_cache;
mod sensitive_data_to_external;
mod store_exposed;
mod unauthenticated_entry;
mod untrusted_code_not_isolated;

use super::Rule;

/// The rules of the family, in the order of their codes.
pub const RULES: &[&Rule] = &[
    &unauthenticated_entry::RULE,
    &plaintext_across_boundary::RULE,
    &sensitive_data_to_external::RULE,
    &access_not_allowed::RULE,
    &untrusted_code_not_isolated::RULE,
    &store_exposed::RULE,
    &encrypted_data_processed::RULE,
    &irrevocable_token::RULE,
    &secret_data_in_cache::RULE,
];
