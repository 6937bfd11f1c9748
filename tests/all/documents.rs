//! What the documents say of scenarios: only verdicts that change, and every target of the scenario itself.

use sysd::compile::{Options, compile};
use sysd::document::{Templates, build};
use sysd::source::NoFiles;

/// The document of a small design with a scenario.
fn document(scenario: &str) -> String {
    let text = format!(
        "actor user\nservice api {{ replicas 2, capacity 100 req/s, latency {{ p50 5ms, p99 20ms }} }}\n\
         flow ask {{ rate 80/s, require {{ p99 100ms, availability 90% }}, user -> api }}\n{scenario}\n"
    );
    let design = compile("main.sysd", text.as_bytes(), &NoFiles, &Options::default());
    assert!(!design.has_language_errors(), "{:?}", design.findings);
    let templates = Templates::new(|_| None).expect("the templates of the program");
    let files = build(&design, "main", &templates).expect("a document");
    String::from_utf8(files["README.md"].clone()).expect("text")
}

/// The lines of the table of verdicts, headings aside.
fn verdicts(document: &str) -> Vec<&str> {
    let Some((_, after)) = document.split_once("Verdicts that change:") else { return Vec::new() };
    after.trim_start().lines().take_while(|l| l.starts_with('|')).skip(2).collect()
}

#[test]
fn a_scenario_that_changes_nothing_has_no_verdicts() {
    let document = document("scenario same { rate 1x }");
    assert!(document.contains("same"), "{document}");
    assert_eq!(verdicts(&document), [""; 0]);
}

#[test]
fn only_the_verdict_that_changes_is_shown_with_the_one_before() {
    let document = document("scenario slow { latency api 20x }");
    let rows = verdicts(&document);
    let [row] = rows.as_slice() else { panic!("one row: {rows:?}") };
    assert!(row.starts_with("| p99 of ask | met | violated | "), "{row}");
}

#[test]
fn a_target_of_the_scenario_itself_is_shown_without_one_before() {
    let document = document("scenario same { rate 1x }\ntarget calm \"Calm\" under same { ask.p99 <= 1s }");
    let rows = verdicts(&document);
    let [row] = rows.as_slice() else { panic!("one row: {rows:?}") };
    assert!(row.contains("| not promised | met | "), "{row}");
}
