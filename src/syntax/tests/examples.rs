//! Designs as people write them, from the reference.

use super::*;

pub(super) const DESIGN: &str = include_str!("design.sysd");

#[test]
fn a_whole_design_parses_without_a_finding() {
    assert_eq!(complaints(DESIGN), Vec::<String>::new());
    assert!(tree(DESIGN).items.len() > 60);
}
