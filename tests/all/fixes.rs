//! Mechanical answers to findings: they answer, they break nothing, they settle; and the command that applies them.

use crate::place::{Place, code, command, text};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use sysd::compile::{Design, Mended, Options, compile, mend};
use sysd::diagnostic::{Severity, fingerprint};
use sysd::quantity::Date;
use sysd::rules;
use sysd::source::Loader;

struct Files(Vec<(String, String)>);

impl Loader for Files {
    fn load(&self, path: &str) -> Result<Vec<u8>, String> {
        let found = self.0.iter().find(|(name, _)| name == path);
        found.map(|(_, text)| text.clone().into_bytes()).ok_or_else(|| "there is no such file".to_string())
    }
}

fn options() -> Options {
    Options { today: Date::parse("2026-06-30"), ..Options::default() }
}

fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in ["docs/rules", "tests/spec/rules", "tests/spec/language"] {
        let entries = fs::read_dir(root.join(folder)).expect("a folder").flatten();
        found.extend(entries.map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "md")));
    }
    found.sort();
    found
}

/// The designs of a page, with the files that they may import.
fn designs(page: &Path) -> (Vec<String>, Files) {
    let text = fs::read_to_string(page).expect("a page");
    let (mut designs, mut files) = (Vec::new(), Vec::new());
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some((info.to_string(), String::new())),
            (Some(_), Some("")) => {
                let (info, body) = open.take().expect("open");
                let file = info.split_whitespace().find_map(|w| w.strip_prefix("file="));
                match file {
                    Some(name) => files.push((name.to_string(), body)),
                    None if info.starts_with("sysd") && !info.contains("fragment") => designs.push(body),
                    None => {}
                }
            }
            (Some((_, body)), _) => {
                body.push_str(line);
                body.push('\n');
            }
            (None, None) => {}
        }
    }
    (designs, Files(files))
}

fn errors(design: &Design) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for finding in design.open_findings().filter(|f| f.severity == Severity::Error) {
        *counts.entry(fingerprint(finding)).or_default() += 1;
    }
    counts
}

fn codes(design: &Design) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for finding in design.open_findings() {
        *counts.entry(finding.code.code).or_default() += 1;
    }
    counts
}

#[test]
fn every_rule_with_an_answer_answers_an_example_and_no_answer_breaks_anything() {
    let mut answered: BTreeSet<&str> = BTreeSet::new();
    let mut offered = BTreeSet::new();
    for page in pages() {
        let (designs, files) = designs(&page);
        for text in designs {
            let before = compile("design.sysd", text.as_bytes(), &files, &options());
            for finding in before.findings.iter().filter(|f| !f.fixes.is_empty()) {
                offered.insert(finding.code.code);
                assert!(
                    rules::fixes::of(finding.code.code).is_some(),
                    "{} offers an answer, and the index does not know",
                    finding.code.code
                );
            }
            for all in [false, true] {
                let now = mend("design.sysd", text.as_bytes(), &files, &options(), all);
                let again = mend("design.sysd", now.text().as_bytes(), &files, &options(), all);
                assert_eq!(now.text(), again.text(), "{} does not settle", page.display());
                let (old, new) = (codes(&before), codes(&now.design));
                let count = |of: &BTreeMap<&str, usize>, code: &str| of.get(code).copied().unwrap_or(0);
                answered.extend(old.keys().filter(|code| count(&new, code) < count(&old, code)));
                if before.has_language_errors() {
                    continue;
                }
                let known = errors(&before);
                for (error, n) in errors(&now.design) {
                    assert!(
                        n <= known.get(&error).copied().unwrap_or(0),
                        "{}: {}",
                        page.display(),
                        now.text()
                    );
                }
            }
        }
    }
    let all = rules::all().map(|r| r.code.code).chain(rules::LANGUAGE_PAGES.iter().map(|(c, _)| c.code));
    let listed: BTreeSet<&str> = all.filter(|code| rules::fixes::of(code).is_some()).collect();
    assert_eq!(listed.difference(&offered).collect::<Vec<_>>(), Vec::<&&str>::new(), "listed, never offered");
    assert_eq!(
        listed.difference(&answered).collect::<Vec<_>>(),
        Vec::<&&str>::new(),
        "listed, never answered"
    );
}

#[test]
fn an_answer_that_would_break_the_design_is_not_given() {
    // Work that is acknowledged at its end comes twice, and nothing here would notice: that is an error.
    let text = "actor user\nservice shop { timeout 2s, auth jwt }\n\
                queue jobs: rabbitmq { timeout 300ms, ack before_work }\nworker biller\n\
                store ledger: postgresql { replicas 1, timeout 300ms }\n\
                flow buy { user -> shop ~> jobs publish job }\n\
                flow bill { trigger jobs job; biller -> ledger write entry }\n";
    let mended: Mended = mend("d.sysd", text.as_bytes(), &Files(Vec::new()), &options(), true);
    assert!(!codes(&mended.design).contains_key("MSG002"), "{}", mended.text());
}

const SLIP: &str = "actor user\nservice  api { auth jwt, repicas 2 } // ours\nflow read { user -> api }\n";

#[test]
fn fix_writes_what_is_certain_and_reports_the_rest() {
    let place = Place::new("fix");
    let file = place.file("d.sysd", SLIP);
    let output = place.run(&["check", "--fix", "--output-format", "concise"]);
    assert_eq!(fs::read_to_string(&file).expect("read"), SLIP.replace("repicas", "replicas"));
    assert!(text(&output.stderr).contains("fixed 1 finding in 1 file"), "{}", text(&output.stderr));
    assert!(!text(&output.stdout).contains("E003"));
    assert_eq!(code(&output), 0, "{}", text(&output.stdout));
}

#[test]
fn a_difference_is_shown_and_nothing_is_written() {
    let place = Place::new("fix-diff");
    let file = place.file("d.sysd", SLIP);
    let output = place.run(&["check", "--diff"]);
    assert_eq!(code(&output), 1);
    let shown = text(&output.stdout);
    assert!(shown.starts_with("--- d.sysd\n+++ d.sysd (fixed)\n@@ "), "{shown}");
    assert!(shown.contains(
        "-service  api { auth jwt, repicas 2 } // ours\n+service  api { auth jwt, replicas 2 } // ours\n"
    ));
    assert_eq!(fs::read_to_string(&file).expect("read"), SLIP);
    place.run(&["check", "--fix", "-q"]);
    let output = place.run(&["check", "--diff", "-q"]);
    assert_eq!((code(&output), output.stdout.len()), (0, 0));
}

#[test]
fn standard_input_is_mended_to_standard_output() {
    let place = Place::new("fix-stdin");
    for (input, wanted) in
        [(SLIP, SLIP.replace("repicas", "replicas")), ("service api\n", "service api\n".into())]
    {
        let mut child = command(&place.0, &["check", "--fix", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("sysd starts");
        child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("written");
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(text(&output.stdout), wanted);
    }
}

#[test]
fn a_check_says_how_much_can_be_fixed() {
    let place = Place::new("fix-offer");
    place.file("d.sysd", SLIP);
    let output = place.run(&["check"]);
    assert!(
        text(&output.stderr).ends_with("1 finding can be fixed with --fix\n"),
        "{}",
        text(&output.stderr)
    );
    let output = place.run(&["check", "--output-format", "sarif"]);
    let log: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let fix = &log["runs"][0]["results"][0]["fixes"][0];
    assert_eq!(fix["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"], "replicas");
    let output = place.run(&["check", "--output-format", "rdjson"]);
    let log: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(log["diagnostics"][0]["suggestions"][0]["text"], "replicas");
}

#[test]
fn the_output_is_the_same_however_many_designs_are_checked_at_once() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let run = |jobs: &str| {
        let output =
            command(&examples, &["check", "--today", "2026-06-30", "--output-format", "json", "-j", jobs])
                .output()
                .expect("sysd starts");
        (code(&output), output.stdout, output.stderr)
    };
    let one = run("1");
    assert_eq!(one, run("2"));
    assert_eq!(one, run("7"));
}

#[test]
fn watching_checks_again_when_a_design_or_an_import_changes() {
    let place = Place::new("watch");
    place.file("shared.sysd", "service api { auth jwt }\n");
    place.file("d.sysd", "import \"shared.sysd\"\nactor user\nflow read { user -> api }\n");
    let log = place.0.join("log.txt");
    let out = fs::File::create(&log).expect("a file");
    let mut child = command(&place.0, &["check", "d.sysd", "--watch", "--output-format", "concise"])
        .stdout(out.try_clone().expect("a handle"))
        .stderr(out)
        .spawn()
        .expect("sysd starts");
    let shows = |what: &str| {
        let start = std::time::Instant::now();
        loop {
            if fs::read_to_string(&log).is_ok_and(|text| text.contains(what)) {
                return true;
            }
            if start.elapsed().as_secs() > 30 {
                return false;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    };
    let first = shows("watching;");
    place.file("shared.sysd", "service api { auth jwt, repicas 3 }\n");
    let second = shows("E003");
    child.kill().expect("it runs until it is stopped");
    let _ = child.wait();
    assert!(first && second, "{}", fs::read_to_string(&log).unwrap_or_default());
    assert_eq!(code(&place.run(&["check", "--watch", "-"])), 2);
}
