//! sysd compiles textual system designs: it proves or refutes what they promise
//! and draws the diagrams and documents that go with them.
//!
//! A design flows through the floors in this order, and a module uses only the
//! floors above it (`tests/architecture.rs` holds the table):
//!
//! ```text
//! text → syntax → model → analysis → rules → reports
//!                      ↘ layout ↘ render → documents
//! ```

pub mod analysis;
pub mod catalog;
pub mod compile;
pub mod diagnostic;
pub mod diff;
pub mod document;
pub mod estimate;
pub mod format;
pub mod layout;
pub mod math;
pub mod model;
pub mod numeric;
pub mod project;
pub mod quantity;
pub mod render;
pub mod report;
pub mod rules;
pub mod schema;
pub mod source;
pub mod syntax;
pub mod views;
pub mod words;

pub mod cli;
