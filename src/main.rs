//! The `sysd` binary: hands over to [`sysd::cli`].
fn main() {}
