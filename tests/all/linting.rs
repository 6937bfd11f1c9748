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

#[test]
fn rules_are_chosen_by_code_name_and_prefix() {
    let place = Place::new("choice");
    place.file("d.sysd", ALONE);
    let codes = |args: &[&str]| {
        let output = place.run(&[&["check", "-q", "--output-format", "jsonl"], args].concat());
        let rows = text(&output.stdout);
        let codes: Vec<String> = rows
            .lines()
            .map(|l| serde_json::from_str::<serde_json::Value>(l).expect("JSON")["code"].to_string())
            .collect();
        (code(&output), codes.join(" ").replace('"', ""))
    };
    let (_, all) = codes(&[]);
    assert!(all.contains("REL001") && all.contains("REL013") && all.contains("CAS007"), "{all}");
    assert_eq!(codes(&["--select", "single-point-of-failure"]), (1, "REL001".to_string()));
    assert_eq!(codes(&["--select", "REL", "--ignore", "REL001"]), (0, "REL013".to_string()));
    assert_eq!(codes(&["--select", "ALL"]).1, all);
    assert_eq!(codes(&["--ignore", "ALL"]), (0, String::new()));
    let output = place.run(&["check", "--select", "single-point-of-failur"]);
    assert_eq!(code(&output), 2);
    assert!(
        text(&output.stderr).contains("did you mean `single-point-of-failure`?"),
        "{}",
        text(&output.stderr)
    );
    let output = place.run(&["check", "--ignore", "E001"]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("cannot be switched off"), "{}", text(&output.stderr));
    place.file("broken.sysd", "servce api\n");
    assert_eq!(
        code(&place.run(&["check", "broken.sysd", "--ignore", "ALL"])),
        1,
        "errors of the language stay"
    );
}

#[test]
fn paths_are_passed_over() {
    let place = Place::new("exclude");
    place.file("good/a.sysd", ALONE);
    place.file("bad/b.sysd", "servce\n");
    place.file("drafts/c.sysd", "servce\n");
    place.file("sysd.toml", "exclude = [\"/drafts\"]\n");
    let output = place.run(&["check", "--exclude", "bad", "--output-format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(json["files"], serde_json::json!(["good/a.sysd"]));
    let named = ["check", "drafts/c.sysd"];
    assert_eq!(code(&place.run(&named)), 1, "named outright");
    let output = place.run(&[&named[..], &["--force-exclude"]].concat());
    assert_eq!((code(&output), text(&output.stdout).as_str()), (0, ""), "{}", text(&output.stderr));
    assert_eq!(code(&place.run(&["check", "drafts"])), 2);
    assert_eq!(code(&place.run(&["check", "--exclude", "{a"])), 2);
}

#[test]
fn the_configuration_in_force_is_shown_with_origins() {
    let place = Place::new("shown");
    place.file("sysd.toml", "fail-on = \"warning\"\n");
    place.file("team/sysd.toml", "extends = \"../sysd.toml\"\n[thresholds]\ndepth = 3\n");
    place.file("team/d.sysd", ALONE);
    // Without a repository the nearest configuration is the root: from `team` the one above lies outside.
    fs::create_dir(place.0.join(".git")).expect("a folder");
    let output = place.run(&["config", "team/d.sysd", "--show-origin", "--config", "rules.REL001=info"]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let shown = text(&output.stdout);
    for (key, origin) in [
        ("fail-on = \"warning\"", "sysd.toml:1"),
        ("depth = 3", "team/sysd.toml:3"),
        ("REL001 = \"info\"", "command line"),
        ("headroom = 0.2", "default"),
    ] {
        assert!(
            shown.lines().any(|l| l.starts_with(key) && l.ends_with(&format!("# {origin}"))),
            "{key}: {shown}"
        );
    }
    let run =
        |args: &[&str]| code(&place.run(&[&["check", "team", "-q", "--select", "REL013"], args].concat()));
    assert_eq!(run(&[]), 1, "a warning fails");
    assert_eq!(run(&["--config", "fail-on=error"]), 0);
    assert_eq!(run(&["--isolated"]), 0);
    assert_eq!(run(&["--fail-on", "error"]), 0);
    assert_eq!(code(&place.run(&["config", "absent"])), 2);
    let schema = place.run(&["schema", "config"]);
    let schema: serde_json::Value = serde_json::from_slice(&schema.stdout).expect("JSON");
    assert!(schema["properties"]["fail-on"].is_object(), "{schema}");
}

#[test]
fn a_baseline_outlives_layout_and_names_of_files() {
    let place = Place::new("baseline");
    place.file("d.sysd", ALONE);
    assert_eq!(code(&place.run(&["check", "--write-baseline"])), 2, "no file is named");
    assert_eq!(code(&place.run(&["check", "--baseline", "known.json"])), 2, "it is not there");
    let output = place.run(&["check", "--baseline", "known.json", "--write-baseline"]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let check = || {
        let output = place.run(&["check", "--baseline", "known.json", "--output-format", "concise"]);
        (code(&output), text(&output.stdout), text(&output.stderr))
    };
    let (ended, out, said) = check();
    assert_eq!((ended, out.as_str()), (0, ""));
    assert!(said.contains("known before") && !said.contains("stale"), "{said}");
    fs::remove_file(place.0.join("d.sysd")).expect("removed");
    place.file("moved/e.sysd", format!("// above\n\n{}", ALONE.replace("replicas 1, ", "replicas 1,\n  ")));
    let (ended, out, said) = check();
    assert_eq!((ended, out.as_str()), (0, ""));
    assert!(!said.contains("stale"), "{said}");
    // One entry answers for one finding: a second design with the same fault is new.
    place.file("moved/f.sysd", ALONE);
    let (ended, out, _) = check();
    assert_eq!(ended, 1);
    assert!(out.lines().all(|l| l.starts_with("moved/f.sysd:")) && out.contains("REL001"), "{out}");
    fs::remove_file(place.0.join("moved/f.sysd")).expect("removed");
    place.file("moved/e.sysd", ALONE.replace("replicas 1", "replicas 2, zones 2, failover automatic 30s"));
    let (ended, _, said) = check();
    assert_eq!(ended, 0);
    assert!(said.contains("REL001") && said.contains("stale"), "{said}");
    place.file("moved/e.sysd", "servce\n");
    let (ended, out, said) = check();
    assert!(ended == 1 && out.contains("E002") && !said.contains("REL001"), "{said}");
    let before = fs::read(place.0.join("known.json")).expect("readable");
    assert_eq!(code(&place.run(&["check", "--baseline", "known.json", "--write-baseline"])), 1);
    assert_eq!(fs::read(place.0.join("known.json")).expect("readable"), before);
    place.file("known.json", "{}");
    assert_eq!(code(&place.run(&["check", "--baseline", "known.json"])), 2);
}

fn git(place: &Place, args: &[&str]) {
    let fixed = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"];
    let output = std::process::Command::new("git").arg("-C").arg(&place.0).args(fixed).args(args).output();
    let output = output.expect("git starts");
    assert!(output.status.success(), "git {args:?}: {}", text(&output.stderr));
}

#[test]
fn since_a_commit_only_what_is_new_is_said() {
    let place = Place::new("since");
    place.file("old.sysd", ALONE);
    place.file(
        "lib.sysd",
        "store orders: postgresql { replicas 2, zones 2, failover automatic 30s, timeout 1s }\n",
    );
    let user = "import \"lib.sysd\"\nactor user\nservice api { replicas 3, zones 3, auth jwt }\n\
        flow order { user -> api -> orders write order }\n";
    place.file("user.sysd", user);
    git(&place, &["init", "-q"]);
    git(&place, &["add", "-A"]);
    git(&place, &["commit", "-qm", "one"]);
    let check = || {
        let output =
            place.run(&["check", "--since", "main", "--output-format", "concise", "--select", "REL001"]);
        (code(&output), text(&output.stdout), text(&output.stderr))
    };
    let (ended, out, said) = check();
    assert_eq!((ended, out.as_str()), (0, ""), "{said}");
    assert!(said.contains("0 designs"), "{said}");
    // A change of layout and a move bring nothing new.
    fs::rename(place.0.join("old.sysd"), place.0.join("new.sysd")).expect("moved");
    place.file("new.sysd", format!("// one\n{ALONE}"));
    let (ended, out, said) = check();
    assert_eq!((ended, out.as_str()), (0, ""), "{said}");
    assert!(said.contains("1 known before in 1 design"), "{said}");
    // A change of what is imported concerns the design that imports it.
    place.file("lib.sysd", "store orders: postgresql { replicas 1, timeout 1s }\n");
    let (ended, out, said) = check();
    assert!(ended == 1 && out.contains("`orders` is a single point of failure"), "{out}{said}");
    assert_eq!(code(&place.run(&["check", "--since", "no-such-branch"])), 2);
    let outside = Place::new("since-outside");
    outside.file("d.sysd", ALONE);
    assert_eq!(code(&outside.run(&["check", "--since", "main"])), 2);
}

#[test]
fn every_template_checks_clean_and_is_formatted() {
    let place = Place::new("init");
    let listed = text(&place.run(&["init", "--list"]).stdout);
    let names: Vec<&str> = listed.lines().filter_map(|l| l.split_whitespace().next()).collect();
    assert_eq!(names, ["web-service", "event-pipeline", "marketplace", "blank"]);
    for name in names {
        let file = format!("{name}.sysd");
        let output = place.run(&["init", &file, "--template", name]);
        assert_eq!(code(&output), 0, "{}", text(&output.stderr));
        let output = place.run(&["ci", &file, "--fail-on", "info"]);
        assert_eq!(code(&output), 0, "{name}: {}{}", text(&output.stdout), text(&output.stderr));
        assert!(output.stdout.is_empty(), "{name}: {}", text(&output.stdout));
        let again = place.run(&["init", &file, "--template", "blank"]);
        assert_eq!(code(&again), 2, "what is there is not replaced");
    }
    assert_eq!(code(&place.run(&["init", "x.sysd", "--template", "web-servce"])), 2);
    assert_eq!(code(&place.run(&["init", "x.txt"])), 2);
    assert!(!place.0.join("x.sysd").exists() && !place.0.join("x.txt").exists());
}

#[test]
fn ci_is_check_and_form_and_documents_and_writes_nothing() {
    let place = Place::new("ci");
    assert_eq!(code(&place.run(&["init", "designs/d.sysd"])), 0);
    assert_eq!(code(&place.run(&["build", "designs", "-o", "docs", "-q"])), 0);
    place.file("sysd.toml", "documents = \"docs\"\n");
    let ci = || {
        let output = place.run(&["ci", "designs", "--output-format", "json"]);
        let parsed: Result<serde_json::Value, _> = serde_json::from_slice(&output.stdout);
        assert!(parsed.is_ok(), "{}", text(&output.stdout));
        (code(&output), text(&output.stderr))
    };
    let (ended, said) = ci();
    assert_eq!(ended, 0, "{said}");
    let sound = fs::read_to_string(place.0.join("designs/d.sysd")).expect("readable");
    place.file(
        "designs/d.sysd",
        sound.replace("replicas 3, zones 3, capacity", "replicas 3,  zones 3, capacity"),
    );
    let (ended, said) = ci();
    assert!(ended == 1 && said.contains("designs/d.sysd is not formatted"), "{said}");
    let changed = sound.replace("People keep notes", "Everybody keeps notes");
    place.file("designs/d.sysd", &changed);
    let (ended, said) = ci();
    assert!(ended == 1 && said.contains("README.md") && !said.contains("not formatted"), "{said}");
    assert_eq!(fs::read_to_string(place.0.join("designs/d.sysd")).expect("readable"), changed);
    assert!(!fs::read_to_string(place.0.join("docs/README.md")).expect("readable").contains("Everybody"));
    place.file("designs/d.sysd", "servce\n");
    let (ended, said) = ci();
    assert_eq!(ended, 1, "{said}");
    assert_eq!(code(&place.run(&["ci", "--write-baseline", "--baseline", "b.json"])), 2);
    assert_eq!(code(&place.run(&["ci", "-"])), 2);
}

#[test]
fn shells_and_manuals_are_told_of_every_command() {
    let place = Place::new("shell");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = place.run(&["completions", shell]);
        let script = text(&output.stdout);
        assert!(code(&output) == 0 && script.contains("write-baseline"), "{shell}");
    }
    assert_eq!(code(&place.run(&["completions", "tcsh"])), 2);
    let output = place.run(&["man"]);
    assert!(code(&output) == 0 && text(&output.stdout).contains(".TH sysd 1"), "{}", text(&output.stdout));
    assert_eq!(code(&place.run(&["man", "-o", "man"])), 0);
    for name in ["sysd", "sysd-check", "sysd-ci", "sysd-template-list"] {
        let page = fs::read_to_string(place.0.join(format!("man/{name}.1")));
        assert!(page.is_ok_and(|page| page.contains(&format!(".TH {name} 1"))), "{name}");
    }
    assert!(!place.0.join("man/sysd-layout.1").exists(), "a hidden command has no page");
}

/// Every command of the guide is one that sysd takes: the run ends with an answer about designs.
#[test]
fn the_commands_of_the_guide_are_true() {
    let guide = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guides/linting-in-ci.md");
    let guide = fs::read_to_string(guide).expect("readable");
    let place = Place::new("guide");
    place.file("team/shop.sysd", ALONE);
    git(&place, &["init", "-q"]);
    git(&place, &["add", "-A"]);
    git(&place, &["commit", "-qm", "one"]);
    git(&place, &["branch", "-f", "-M", "main"]);
    let mut ran = 0;
    for block in guide.split("```sh\n").skip(1) {
        let block = block.split("```").next().expect("an end");
        for line in block.lines().filter(|l| l.starts_with("sysd ")) {
            let line = line.split(" #").next().expect("a command").split(" > ").next().expect("a command");
            let (line, input) = line.split_once(" < ").map_or((line, None), |(l, i)| (l, Some(i.trim())));
            let args: Vec<&str> = line.split_whitespace().skip(1).collect();
            let mut command = command(&place.0, &args);
            if let Some(input) = input {
                command.stdin(fs::File::open(place.0.join(input)).expect("readable"));
            }
            let output = command.output().expect("sysd starts");
            assert!([0, 1].contains(&code(&output)), "{line}: {}", text(&output.stderr));
            ran += 1;
        }
    }
    assert!(ran >= 14, "{ran} commands ran");
}

#[test]
fn short_forms_are_coloured_only_where_asked_for() {
    let place = Place::new("colours");
    place.file("d.sysd", ALONE);
    for format in ["concise", "grouped"] {
        let run =
            |color| text(&place.run(&["check", "-q", "--output-format", format, "--color", color]).stdout);
        assert!(run("always").contains("\u{1b}[31merror"), "{format}");
        assert!(!run("never").contains('\u{1b}'), "{format}");
    }
}

#[test]
fn documents_are_held_to_the_layout_of_the_configuration() {
    let place = Place::new("ci-layout");
    place.file("d.sysd", "/// A shop.\nservice api { auth jwt }\n");
    place.file("sysd.toml", "documents = \"docs\"\nlayout = \"summary\"\nflavour = \"plain\"\n");
    let built = place.run(&["build", "-o", "docs", "--fail-on", "never"]);
    assert_eq!(code(&built), 0, "{}", text(&built.stderr));
    let ci = |place: &Place| code(&place.run(&["ci", "--fail-on", "never"]));
    assert_eq!(ci(&place), 0);
    place.file("sysd.toml", "documents = \"docs\"\nlayout = \"arc42\"\nflavour = \"plain\"\n");
    assert_eq!(ci(&place), 1);
    place.file("sysd.toml", "layout = \"arc43\"\n");
    assert_eq!(ci(&place), 2);
}

#[test]
fn rules_of_the_house_are_chosen_by_name() {
    let place = Place::new("house-names");
    let design = "actor user\nservice api { auth jwt }\nservice web { auth jwt }\n\
        flow read { user -> api; api -> web }\n\
        rule no_web \"nobody calls web\" { forbid service -> service }\n";
    place.file("d.sysd", design);
    let found = |arguments: &[&str]| {
        let all = [&["check", "-q", "--output-format", "concise"], arguments].concat();
        let output = place.run(&all);
        (code(&output), text(&output.stdout) + &text(&output.stderr))
    };
    let (_, all) = found(&[]);
    assert!(all.contains("[HSE001]"), "{all}");
    let (_, only) = found(&["--select", "no_web"]);
    assert!(only.contains("[HSE001]") && only.lines().count() == 1, "{only}");
    assert!(!found(&["--ignore", "no-web"]).1.contains("HSE001"));
    place.file("sysd.toml", "[rules]\nno_web = \"info\"\n");
    assert!(found(&[]).1.contains("info[HSE001]"));
    place.file("sysd.toml", "[rules]\nno_wep = \"info\"\n");
    let (status, said) = found(&[]);
    assert!(status == 2 && said.contains("there is no rule `no-wep`"), "{said}");
}
