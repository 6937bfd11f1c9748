//! The guides show what sysd writes: each design of a guide is stored, each command run.

use crate::place::Place;
use crate::real_output::{checked, with_real_output};
use std::fs;
use std::path::Path;

/// The guide, and the file that its designs are written to, one after the other.
const GUIDES: &[(&str, &str)] =
    &[("docs/tutorial.md", "links.sysd"), ("docs/from_whiteboard.md", "board.sysd")];

#[test]
fn guides_show_real_output() {
    for (guide, design) in GUIDES {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(guide)).expect("readable");
        let place = Place::new(&guide.replace(['/', '.'], "-"));
        checked(guide, &with_real_output(&text, &place.0, Some(design)));
    }
}

#[test]
fn the_last_design_of_the_tutorial_holds_but_for_what_it_says() {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/tutorial.md")).expect("readable");
    let last = text.split("```sysd\n").last().and_then(|rest| rest.split("```").next()).expect("a design");
    let place = Place::new("tutorial");
    place.file("links.sysd", last);
    let output = place.run(&["check", "links.sysd"]);
    assert_eq!(crate::place::code(&output), 0, "{}", crate::place::text(&output.stdout));
    let built = place.run(&["build", "links.sysd", "-o", "out"]);
    assert_eq!(crate::place::code(&built), 0, "{}", crate::place::text(&built.stderr));
}
