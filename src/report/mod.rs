//! What the compiler says, as text.

pub mod catalog;
pub mod difference;
pub mod estimate;
pub mod findings;
pub mod json;
pub mod nodes;
pub mod open_psa;
pub mod openslo;
pub mod prometheus;
pub mod summary;
pub mod table;
pub mod terminal;
pub mod why;
