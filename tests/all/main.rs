//! The integration tests, in one binary: the house itself, and the command line.
#![allow(clippy::disallowed_methods, reason = "tests read and write files of their own")]

mod architecture;
mod build;
mod charts;
mod cli;
mod curriculum;
mod diff;
mod documents;
mod estimate;
mod fixes;
mod gallery;
mod generated;
mod guides;
mod hostile;
mod linting;
mod pictures;
mod place;
mod published_cases;
mod published_estimates;
mod real_output;
mod resolution;
