//! Pictures of what changed between two versions, and of what crosses the trust boundary, in every format.

use crate::place::{Place, code, text};

const OLD: &str = r#"system shop "Shop" {}
data order { size 2 kB, class personal }
actor user
group core {
  service api { replicas 2, capacity 800 req/s }
  store orders: postgres { replicas 1, holds order }
  cache hot: redis
}
external bank { trust partner }
flow buy "Buy" {
  rate 100/s
  user -> core.api "POST /v1/orders" { encrypted tls, auth jwt }
  core.api -> core.hot read order
  core.api -> core.orders write order
  core.api -> bank "charge" { protocol ftp }
}
"#;

fn changed() -> String {
    let new = OLD
        .replace("replicas 2, capacity", "replicas 6, capacity")
        .replace("  cache hot: redis\n", "  queue jobs: sqs\n");
    new.replace("  core.api -> core.hot read order\n", "  core.api ~> core.jobs publish order\n")
}

/// Formats of pictures that show boxes and arrows.
const FORMATS: [&str; 7] = ["svg", "mermaid", "dot", "d2", "plantuml", "c4-plantuml", "ascii"];

#[test]
fn every_format_says_what_came_changed_and_went() {
    let place = Place::new("difference");
    place.file("old.sysd", OLD);
    place.file("new.sysd", changed());
    for format in FORMATS {
        let args = ["diff", "old.sysd", "new.sysd", "--view", "containers", "--to", format];
        let output = place.run(&args);
        assert_eq!(code(&output), 0, "{}", text(&output.stderr));
        let drawn = text(&output.stdout);
        for word in ["added", "changed", "removed", "jobs", "hot", "replicas 2 → 6"] {
            assert!(drawn.contains(word), "{format} lacks `{word}`:\n{drawn}");
        }
        assert_eq!(drawn, text(&place.run(&args).stdout), "the same bytes again");
    }
}

#[test]
fn ghosts_and_their_arrows_are_told_apart_without_colour() {
    let place = Place::new("ghosts");
    place.file("old.sysd", OLD);
    place.file("new.sysd", changed());
    let drawn =
        text(&place.run(&["diff", "old.sysd", "new.sysd", "--view", "containers", "--to", "dot"]).stdout);
    let line = |start: &str| drawn.lines().find(|l| l.trim_start().starts_with(start)).expect("a line");
    assert!(line("core_hot [").contains("(removed)") && line("core_hot [").contains("dashed"), "{drawn}");
    assert!(line("core_api -> core_hot").contains("(removed)"), "{drawn}");
    assert!(line("core_api -> core_jobs").contains("(added)"), "{drawn}");
    assert!(!line("core_api -> core_orders").contains('('), "what did not change has no word:\n{drawn}");
    assert!(!line("bank [").contains('('), "{drawn}");
}

#[test]
fn a_design_against_itself_has_no_mark_and_one_that_is_new_only_added_ones() {
    let place = Place::new("same");
    place.file("old.sysd", OLD);
    let same =
        text(&place.run(&["diff", "old.sysd", "old.sysd", "--view", "containers", "--to", "ascii"]).stdout);
    assert!(same.contains("nothing drawn here changed"), "{same}");
    assert!(
        !same.contains("(added)") && !same.contains("(removed)") && !same.contains("(changed)"),
        "{same}"
    );
    place.file("before/other.sysd", OLD);
    place.file("after/other.sysd", OLD);
    place.file("after/shop.sysd", OLD);
    let output = place.run(&["diff", "before", "after", "--view", "containers", "--to", "dot", "-o", "out"]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let drawn =
        std::fs::read_to_string(place.0.join("out/shop.containers_difference.dot")).expect("a picture");
    assert!(drawn.contains("(added)") && !drawn.contains("(changed)"), "{drawn}");
    assert!(
        !place.0.join("out/other.containers_difference.dot").exists(),
        "what did not change is not drawn"
    );
}

#[test]
fn wrong_input_of_a_difference_is_told_and_writes_nothing() {
    let place = Place::new("wrong");
    place.file("old.sysd", OLD);
    place.file("new.sysd", changed());
    place.file("broken.sysd", "service {");
    for (args, expected, said) in [
        (
            vec!["diff", "old.sysd", "new.sysd", "--view", "contaners", "-o", "x.svg"],
            2,
            "did you mean `containers`",
        ),
        (vec!["diff", "old.sysd", "new.sysd", "--view", "flow_buy", "-o", "x.svg"], 2, "of boxes"),
        (vec!["diff", "old.sysd", "new.sysd", "-o", "x.svg"], 2, "--view"),
        (vec!["diff", "old.sysd", "broken.sysd", "--view", "containers", "-o", "x.svg"], 1, "E0"),
        (vec!["diff", "old.sysd", "new.sysd", "--view", "containers", "-o", "old.sysd/x.svg"], 2, "old.sysd"),
    ] {
        let output = place.run(&args);
        assert_eq!(code(&output), expected, "{args:?}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains(said), "{args:?}: {}", text(&output.stderr));
        assert!(!place.0.join("x.svg").exists(), "{args:?} wrote");
    }
}

#[test]
fn what_crosses_the_boundary_is_framed_named_and_marked() {
    let place = Place::new("trust");
    place.file("shop.sysd", OLD);
    for format in FORMATS {
        let output = place.run(&["render", "shop.sysd", "--view", "trust", "--to", format]);
        assert_eq!(code(&output), 0, "{}", text(&output.stderr));
        let drawn = text(&output.stdout);
        for word in ["Inside the trust boundary", "Partners", "personal", "tls", "way in"] {
            assert!(drawn.contains(word), "{format} lacks `{word}`:\n{drawn}");
        }
    }
    let drawn = text(&place.run(&["render", "shop.sysd", "--view", "trust", "--to", "mermaid"]).stdout);
    let line = |part: &str| drawn.lines().find(|l| l.contains(part)).expect("a line");
    assert!(line("core_api -->|\"⚠").contains("bank"), "a plain protocol to a partner:\n{drawn}");
    assert!(!line("user -->").contains('⚠') && !line("user -->").contains('✖'), "{drawn}");
    let silent = "actor user\nservice api\nflow f { user -> api }\n";
    place.file("silent.sysd", silent);
    let output = place.run(&["render", "silent.sysd", "--view", "trust"]);
    assert_eq!(code(&output), 2, "nothing is said of trust, so there is no such view");
}
