//! The family `DOC`: what a reader of the design would miss.

mod decision_without_options;
mod decision_without_reason;
mod missing_goals;
mod number_without_note;
mod requirement_without_flow;
mod resembles_declared_data;
mod risk_without_mitigation;
mod target_not_evaluated;
mod target_without_alert;
mod undescribed_element;
mod unreachable_step;
mod unused_element;

use super::Rule;

/// The rules of the family, in the order of their codes.
pub const RULES: &[&Rule] = &[
    &requirement_without_flow::RULE,
    &target_not_evaluated::RULE,
    &unused_element::RULE,
    &undescribed_element::RULE,
    &decision_without_reason::RULE,
    &decision_without_options::RULE,
    &risk_without_mitigation::RULE,
    &missing_goals::RULE,
    &number_without_note::RULE,
    &unreachable_step::RULE,
    &target_without_alert::RULE,
    &resembles_declared_data::RULE,
];
