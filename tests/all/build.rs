//! `sysd build` and `sysd template`: what is written, what is removed, and what is never touched.

use crate::cli::SOUND;
use crate::place::{Place, code, text};
use std::fs;
use std::process::Output;

const OTHER: &str = "import \"d.sysd\" as d\nactor clerk\nservice desk\nflow ask \"Ask\" { clerk -> desk -> d.api \"GET /v1/x\" { auth jwt } }\n";

fn build(place: &Place, more: &[&str]) -> Output {
    let mut args = vec!["build", "designs", "-o", "out", "--fail-on", "never", "--quiet"];
    args.extend(more);
    place.run(&args)
}

#[test]
fn files_of_designs_that_are_gone_are_removed_and_others_stay() {
    let place = Place::new("owned");
    place.file("designs/d.sysd", SOUND);
    place.file("designs/e.sysd", SOUND);
    place.file("out/mine.md", "mine");
    place.file("out/e/mine.md", "mine too");
    assert_eq!(code(&build(&place, &[])), 0);
    assert!(place.0.join("out/e/README.md").exists());
    fs::remove_file(place.0.join("designs/e.sysd")).expect("removed");
    let stale = build(&place, &["--check"]);
    assert_eq!(code(&stale), 1);
    assert!(
        text(&stale.stderr).contains("e/README.md is made by no design any more"),
        "{}",
        text(&stale.stderr)
    );
    assert!(place.0.join("out/e/README.md").exists(), "a check removes nothing");
    assert_eq!(code(&build(&place, &[])), 0);
    assert!(!place.0.join("out/e/README.md").exists() && !place.0.join("out/e/diagrams").exists());
    assert_eq!(fs::read_to_string(place.0.join("out/mine.md")).expect("there"), "mine");
    assert_eq!(fs::read_to_string(place.0.join("out/e/mine.md")).expect("there"), "mine too");
    assert_eq!(code(&build(&place, &["--check"])), 0);
}

#[test]
fn a_file_that_sysd_did_not_write_is_never_replaced() {
    let place = Place::new("foreign");
    place.file("designs/d.sysd", SOUND);
    place.file("out/README.md", "written by hand");
    let output = build(&place, &[]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("was not written by sysd"), "{}", text(&output.stderr));
    assert_eq!(fs::read_to_string(place.0.join("out/README.md")).expect("there"), "written by hand");
    assert!(!place.0.join("out/d").exists(), "nothing is written");
    assert_eq!(code(&build(&place, &["--overwrite"])), 0);
    assert_eq!(code(&build(&place, &[])), 0);
}

#[test]
fn a_list_from_elsewhere_does_not_lead_out_of_the_folder() {
    let place = Place::new("list");
    place.file("designs/d.sysd", SOUND);
    place.file("precious.md", "precious");
    place.file("out/.sysd-files", "../precious.md\n/etc/hostname\n");
    assert_eq!(code(&build(&place, &[])), 0);
    assert_eq!(fs::read_to_string(place.0.join("precious.md")).expect("there"), "precious");
}

#[test]
fn parts_are_written_between_markers_only() {
    let place = Place::new("inject");
    place.file("designs/d.sysd", SOUND);
    let before = "# Mine\n\n<!-- sysd designs/d.sysd verdict -->\n<!-- /sysd -->\n\nrest\n";
    let readme = place.file("README.md", before);
    let run = |more: &[&str]| {
        let mut args = vec!["build", "--inject", "README.md", "--fail-on", "never"];
        args.extend(more);
        place.run(&args)
    };
    assert_eq!(code(&run(&["--check"])), 1);
    assert_eq!(fs::read_to_string(&readme).expect("there"), before, "a check writes nothing");
    let output = run(&[]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let after = fs::read_to_string(&readme).expect("there");
    assert!(after.starts_with("# Mine\n\n<!-- sysd designs/d.sysd verdict -->\n\n**"), "{after}");
    assert!(after.ends_with("<!-- /sysd -->\n\nrest\n"), "{after}");
    assert_eq!(code(&run(&["--check"])), 0);
    place.file("README.md", "<!-- sysd designs/d.sysd -->\n");
    let output = run(&[]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("line 1: the marker is not closed"), "{}", text(&output.stderr));
    place.file("README.md", "<!-- sysd designs/d.sysd nothing -->\n<!-- /sysd -->\n");
    assert_eq!(code(&run(&[])), 2);
    assert_eq!(code(&place.run(&["build", "designs"])), 2, "neither a folder nor a text");
}

#[test]
fn templates_are_ejected_and_used() {
    let place = Place::new("templates");
    place.file("designs/d.sysd", SOUND);
    let listed = text(&place.run(&["template", "list"]).stdout);
    assert!(listed.lines().any(|name| name == "design-doc/document.md"), "{listed}");
    assert_eq!(code(&place.run(&["template", "eject", "own"])), 0);
    assert_eq!(code(&build(&place, &[])), 0);
    let before = fs::read(place.0.join("out/d/README.md")).expect("there");
    assert_eq!(
        code(&build(&place, &["--templates", "own", "--check"])),
        0,
        "ejected templates give the same bytes"
    );
    place.file("own/parts/verdict.md.hbs", "Mine.\n");
    assert_eq!(code(&build(&place, &["--templates", "own"])), 0);
    assert_ne!(fs::read(place.0.join("out/d/README.md")).expect("there"), before);
    let kept = place.run(&["template", "eject", "own"]);
    assert_eq!(code(&kept), 2, "what was changed is not replaced");
    place.file("own/parts/verdict.md.hbs", "a\n{{#if nothing}}{{/if}}\n");
    let failed = build(&place, &["--templates", "own"]);
    assert_eq!(code(&failed), 2);
    let said = text(&failed.stderr);
    assert!(said.contains("template `parts/verdict.md`, line 2") && said.contains("nothing"), "{said}");
    assert_eq!(code(&place.run(&["template", "eject", "own", "part/verdict.md"])), 2);
    assert_eq!(code(&build(&place, &["--templates", "designs"])), 2, "a folder without templates");
}

#[test]
fn systems_that_import_each_other_link_to_each_other() {
    let place = Place::new("portal");
    place.file("designs/d.sysd", SOUND);
    place.file("designs/e.sysd", OTHER);
    let output = build(&place, &[]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let read = |name: &str| {
        fs::read_to_string(place.0.join("out").join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    };
    assert!(read("e/README.md").contains("](../d/README.md#element-api)"), "{}", read("e/README.md"));
    assert!(read("e/index.html").contains("href=\"../d/index.html#element-api\""));
    assert!(read("README.md").contains("| [d](d/README.md) |"), "{}", read("README.md"));
    assert!(read("d/README.md").contains("](../e/README.md)"), "{}", read("d/README.md"));
}

#[test]
fn a_later_version_shows_what_the_review_found_and_both_lead_to_each_other() {
    let place = Place::new("supersedes");
    let flow = "flow ask \"Ask\" { rate 80/s, require { availability 99.9% }, user -> api }";
    let old = "system a \"Shop, sketch\"\nactor user\nservice api \"The API\" { capacity 50 req/s }\n";
    let new = "system b \"Shop\" { supersedes \"old.sysd\" }\nactor user\n\
               service api \"The API\" { replicas 4, zones 2, capacity 50 req/s, latency { p50 5ms, p99 20ms } }\n";
    place.file("designs/old.sysd", format!("{old}{flow}\n"));
    place.file("designs/new.sysd", format!("{new}{flow}\n"));
    assert_eq!(code(&build(&place, &[])), 0);
    let page = |name: &str| fs::read_to_string(place.0.join("out").join(name)).expect(name);
    let document = page("new/README.md");
    assert!(document.contains("It supersedes [Shop, sketch](../old/README.md): "), "{document}");
    let (_, review) = document.split_once("\n## What the review found\n").expect("the section");
    let line =
        |begin: &str| review.lines().find(|l| l.starts_with(begin)).unwrap_or_else(|| panic!("{review}"));
    let overloaded =
        "| error | [CAP001](../rules/overloaded.md) | `api` is asked for 160% of what it can serve | 1 |";
    assert_eq!(line("| error | [CAP001]"), overloaded);
    // Both zones down, each by itself or with its two replicas: (0.0005 + 0.9995 × 0.005²)² = 2.76e-7.
    assert_eq!(line("| availability of ask"), "| availability of ask | violated: 99.5% | met: 99.9999724% |");
    assert_eq!(
        line("| [The API](#element-api) | utilization"),
        "| [The API](#element-api) | utilization at peak | 160% | 40% |"
    );
    assert!(page("old/README.md").contains("Superseded by [Shop](../new/README.md)."));
    assert!(
        page("rules/overloaded.md").contains("CAP001"),
        "the page of a rule that only the earlier one breaks"
    );
}

#[test]
fn an_earlier_version_that_cannot_be_read_is_said_so() {
    let place = Place::new("supersedes_broken");
    place.file("designs/old.sysd", "service api { timeout 2 kB }\n");
    place.file("designs/new.sysd", "system b { supersedes \"old.sysd\" }\nservice api\n");
    assert_eq!(code(&build(&place, &[])), 0);
    let document = fs::read_to_string(place.0.join("out/new/README.md")).expect("a document");
    assert!(
        document.contains("It supersedes old, which has errors of the language and cannot be compared."),
        "{document}"
    );
    assert!(!document.contains("What the review found"), "{document}");
    place.file("designs/new.sysd", "system b { supersedes \"new.sysd\" }\nservice api\n");
    let output = place.run(&["check", "designs/new.sysd"]);
    assert_eq!(code(&output), 1);
    assert!(text(&output.stdout).contains("does not supersede itself"), "{}", text(&output.stdout));
}
