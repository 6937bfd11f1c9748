//! Designs that somebody broke: whatever stands in a file, nothing panics, findings point into the text, numbers stay
//! numbers. The same bodies run under a fuzzer (`fuzz/`).

#[path = "../../fuzz/bodies.rs"]
mod bodies;

use proptest::prelude::*;
use std::fs;
use std::path::Path;

/// Small designs of every subject; large ones would make each case slow.
fn designs() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let folders = ["concepts/basics", "concepts/consistency", "concepts/message_queues", "concepts/devops"];
    let mut files: Vec<_> = folders
        .iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)).expect("the folder is there").flatten())
        .map(|entry| entry.path())
        .chain([root.join("shop.sysd")])
        .filter(|path| path.extension().is_some_and(|e| e == "sysd"))
        .collect();
    files.sort();
    files.iter().map(|path| fs::read_to_string(path).expect("readable")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_broken_design_breaks_nothing(
        which in any::<prop::sample::Index>(),
        edits in prop::collection::vec(any::<(u16, u8, u8)>(), 1..6),
    ) {
        let designs = designs();
        let before: &String = which.get(&designs);
        let text = bodies::changed(before, &edits);
        bodies::parse(text.as_bytes());
        bodies::formatting(text.as_bytes());
        bodies::check(text.as_bytes());
    }

    #[test]
    fn bytes_of_any_kind_break_nothing(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        bodies::parse(&bytes);
        bodies::formatting(&bytes);
        bodies::check(&bytes);
        bodies::template(&bytes);
    }

    #[test]
    fn a_template_of_a_stranger_is_rendered_or_refused(text in "(\\{\\{[#/>!]?[a-z.@ ]{0,12}\\}\\}|[a-z<&\"\n ]{0,6}){0,12}") {
        bodies::template(text.as_bytes());
    }
}
