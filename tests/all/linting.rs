//! `sysd check` as a linter in CI: reports, choice of rules, exit codes.

use crate::place::{Place, code, command, text};
use std::fs;

const ALONE: &str = "actor user\nservice api { replicas 3, zones 3, timeout 1s, auth jwt }\n\
    store orders: postgresql { replicas 1, timeout 300ms }\n\
    flow order { user -> api -> orders write order }\n";

#[test]
fn one_run_writes_several_reports() {
    let place = Place::new("reports");
    place.file("d.sysd", ALONE);
    let output = place.run(&[
        "check",
        "-q",
        "--output-format",
        "jsonl",
        "-o",
        "out/all.jsonl",
        "--report",
        "sarif=out/all.sarif",
        "--report",
        "junit=out/all.xml",
    ]);
    assert_eq!(code(&output), 1, "{}", text(&output.stderr));
    assert!(output.stdout.is_empty(), "`-o` leaves standard output alone");
    let read = |name: &str| fs::read_to_string(place.0.join("out").join(name)).expect("written");
    assert!(read("all.jsonl").lines().all(|l| serde_json::from_str::<serde_json::Value>(l).is_ok()));
    assert!(read("all.sarif").contains("\"version\": \"2.1.0\""));
    assert!(read("all.xml").contains("<testsuite name=\"d.sysd\""));
    let output = place.run(&["check", "--report", "sarf=x"]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("did you mean `sarif`?"), "{}", text(&output.stderr));
    let output = place.run(&["check", "--report", "sarif=x", "--report", "json=x"]);
    assert_eq!(code(&output), 2);
    assert!(!place.0.join("x").exists());
}

#[test]
fn a_machine_format_is_not_mixed_with_prose() {
    let place = Place::new("machine");
    place.file("d.sysd", ALONE);
    for format in ["json", "sarif", "gitlab", "rdjson"] {
        let output = place.run(&["check", "--statistics", "--color", "always", "--output-format", format]);
        let parsed: Result<serde_json::Value, _> = serde_json::from_slice(&output.stdout);
        assert!(parsed.is_ok(), "{format}");
        assert!(
            text(&output.stderr).contains("1 REL001 single-point-of-failure"),
            "{}",
            text(&output.stderr)
        );
    }
    let output = place.run(&["check", "--statistics", "--output-format", "concise"]);
    assert!(text(&output.stdout).ends_with('\n') && text(&output.stdout).contains("\n     1 "));
}

#[test]
fn the_summary_of_a_step_is_added_to() {
    let place = Place::new("summary");
    place.file("d.sysd", ALONE);
    let summary = place.file("summary.md", "before\n");
    let run = |format: &str| {
        let mut command = command(&place.0, &["check", "--output-format", format]);
        command.env("GITHUB_STEP_SUMMARY", &summary).output().expect("sysd starts")
    };
    run("concise");
    assert_eq!(fs::read_to_string(&summary).expect("readable"), "before\n");
    let output = run("github");
    assert!(text(&output.stdout).starts_with("::error file=d.sysd,line=3,"), "{}", text(&output.stdout));
    let written = fs::read_to_string(&summary).expect("readable");
    assert!(written.starts_with("before\n### sysd: ") && written.contains("REL001"), "{written}");
}
