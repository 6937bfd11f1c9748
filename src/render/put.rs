//! Formatted text at the end of a string.

use std::fmt::{Arguments, Write as _};

/// Appends formatted text.
pub(super) trait Put {
    /// Appends `text`.
    fn put(&mut self, text: Arguments<'_>);
}

impl Put for String {
    fn put(&mut self, text: Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.write_fmt(text);
    }
}

/// A number of lines or items as pixels count.
pub(super) fn count(of: usize) -> i32 {
    i32::try_from(of).unwrap_or(i32::MAX)
}
