//! What is drawn of a fault tree: in full where it fits, else with elements undeveloped, else the likeliest.
#![allow(clippy::unwrap_used)] // a test that cannot be set up has failed

use crate::analysis::reliability::{Block, FaultKind, FlowPictures, pictures};
use crate::analysis::tests::model;
use std::fmt::Write;

fn picture(text: &str) -> FlowPictures {
    pictures(&model(text), 25).remove(0)
}

fn texts(picture: &FlowPictures) -> Vec<String> {
    picture.tree.iter().map(|node| node.text.to_string()).collect()
}

#[test]
fn a_small_tree_is_drawn_down_to_its_events() {
    let picture = picture(
        "actor user\nservice api { replicas 3, needs 2, zones 2 }\nstore db { availability 99% }\nflow f { user -> api -> db }",
    );
    let expected =
        ["f", "api", "api in zone2", "zone zone2", "api in zone2", "api in zone1", "zone zone1", "db"];
    let mut found = texts(&picture);
    for text in expected {
        assert!(found.iter().any(|t| t == text), "{text} of {found:?}");
    }
    found.sort();
    // Each zone is one event, however many replicas stand in it.
    assert_eq!(found.iter().filter(|t| *t == "zone zone1").count(), 1);
    let db = picture.tree.iter().find(|node| node.text == "db").unwrap();
    assert!((db.unavailability.unwrap() - 0.01).abs() < 1e-12);
    assert!(picture.tree.iter().any(|node| node.kind == FaultKind::AtLeast(2, 3)));
    // Every input is a node of the picture.
    assert!(picture.tree.iter().flat_map(|n| &n.inputs).all(|i| *i < picture.tree.len()));
}

#[test]
fn a_large_tree_folds_and_a_larger_one_keeps_the_likeliest() {
    let design = |n: usize| {
        let mut text = String::from("actor user\nservice api { replicas 2 }\n");
        let mut steps = String::new();
        for i in 0..n {
            let _ = writeln!(text, "service s{i} {{ replicas 4, zones 3, availability 9{}% }}", i % 10);
            let _ = writeln!(steps, " api -> s{i}");
        }
        format!("{text}flow f {{\n user -> api\n{steps}}}")
    };
    let folded = picture(&design(20));
    assert_eq!(folded.tree.len(), 22);
    assert!(folded.tree.iter().skip(1).all(|node| matches!(node.kind, FaultKind::Undeveloped(_))));
    let largest = picture(&design(60));
    assert_eq!(largest.tree.len(), 25);
    assert_eq!(largest.tree.last().unwrap().kind, FaultKind::Others(61 - 23));
    assert_eq!(largest.blocks.len(), 61);
}

#[test]
fn an_alternative_is_a_branch_and_what_is_unknown_has_no_number() {
    let picture = picture(
        "actor user\nservice api { replicas 2 }\nexternal a\nexternal b { availability 99% }\nflow f { user -> api; api -> a; on failure { api -> b } }",
    );
    assert!(picture.tree.iter().all(|node| node.unavailability.is_none()));
    assert!(picture.tree.iter().any(|node| node.kind == FaultKind::All && node.inputs.len() == 2));
    let [Block::Part { .. }, Block::Either { first, then }] = &picture.blocks[..] else {
        panic!("{:?}", picture.blocks)
    };
    assert_eq!((first.len(), then.len()), (1, 1));
}
