//! What the tests of the kernels share.

/// Asserts that two numbers agree to a relative tolerance.
///
/// # Panics
/// Where they do not.
#[track_caller]
pub fn assert_close(actual: f64, expected: f64, relative: f64) {
    assert!(
        (actual - expected).abs() <= relative * expected.abs(),
        "{actual} is not {expected} to {relative}"
    );
}
