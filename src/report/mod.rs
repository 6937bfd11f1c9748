//! What the compiler says, as text.

pub mod catalog;
pub mod terminal;
