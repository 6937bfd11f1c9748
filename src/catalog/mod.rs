//! Placeholder while the floor is being laid.
/// Stand-in.
#[derive(Clone, Debug)]
pub struct Technology;
