//! Placeholder while the floor is being laid.
/// Stand-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Dimension;
/// Stand-in.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Quantity {
    /// Value.
    pub value: f64,
}
/// Stand-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date;
