//! The integration tests, in one binary: the house itself, and the command line.

mod architecture;
mod cli;
mod generated;
mod resolution;
