//! The command line: output, exit codes, and that nothing is lost on failure.

use crate::place::{Place, code, command, text};
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

pub(crate) const SOUND: &str =
    "actor user\nservice api\nflow read \"Read\" { user -> api \"GET /v1/read\" { auth jwt } }\n";

#[test]
fn check_answers_by_exit_code() {
    let place = Place::new("check");
    place.file("broken.sysd", "servce api\n");
    let output = place.run(&["check", "broken.sysd"]);
    assert_eq!(code(&output), 1);
    let shown = text(&output.stdout);
    assert!(shown.contains("E002") && shown.contains("did you mean `service`?"), "{shown}");
    assert_eq!(code(&place.run(&["check", "absent.sysd"])), 2);
    assert_eq!(code(&place.run(&["check", "--no-such-flag"])), 2);
    assert_eq!(code(&place.run(&["check", "broken.sysd", "--fail-on", "never"])), 0);
}

#[test]
fn a_folder_without_designs_is_no_success() {
    let place = Place::new("empty");
    let output = place.run(&["check"]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("no design matched"));
}

#[test]
fn standard_input_is_a_design_with_a_name() {
    let place = Place::new("stdin");
    let mut child =
        command(&place.0, &["check", "-", "--stdin-filename", "shown.sysd", "--output-format", "concise"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("sysd starts");
    child.stdin.take().expect("a pipe").write_all(b"servce api\n").expect("written");
    let output = child.wait_with_output().expect("an answer");
    assert_eq!(code(&output), 1);
    assert!(text(&output.stdout).starts_with("shown.sysd:1:1: error[E002]"), "{}", text(&output.stdout));
}

#[test]
fn bytes_that_are_no_text_are_said_to_be_so() {
    let place = Place::new("bytes");
    place.file("latin.sysd", b"service caf\xe9\n");
    place.file("nul.sysd", b"service a\0b\n");
    for name in ["latin.sysd", "nul.sysd"] {
        let output = place.run(&["check", name]);
        assert_eq!(code(&output), 1, "{name}");
        assert!(text(&output.stdout).contains("E017"), "{}", text(&output.stdout));
    }
}

#[test]
fn hostile_texts_end_in_findings() {
    let place = Place::new("hostile");
    place.file("deep.sysd", "group a {\n".repeat(10_000));
    place.file("long.sysd", format!("service {}\n", "a".repeat(1_000_000)));
    place.file("crlf.sysd", SOUND.replace('\n', "\r\n"));
    place.file("bom.sysd", format!("\u{feff}{SOUND}"));
    for (name, expected) in [("deep.sysd", 1), ("long.sysd", 1), ("crlf.sysd", 0), ("bom.sysd", 0)] {
        let output = place.run(&["check", name, "--select", "DOC001"]);
        assert_eq!(code(&output), expected, "{name}: {}", text(&output.stdout));
        if expected == 1 {
            assert!(text(&output.stdout).contains("E016"), "{name}: {}", text(&output.stdout));
        }
    }
    let output = {
        let path = place.file("huge.sysd", vec![b' '; 50_000_000]);
        let output = place.run(&["check", "huge.sysd"]);
        let _ = fs::remove_file(path);
        output
    };
    assert_eq!(code(&output), 1);
    assert!(text(&output.stdout).contains("E016"));
}

#[test]
fn an_import_cannot_leave_the_project() {
    let outer = Place::new("outside");
    outer.file("secret.sysd", "service secret\n");
    outer.file("inner/sysd.toml", "");
    outer.file("inner/design.sysd", "import \"../secret.sysd\"\n");
    let output = command(&outer.0.join("inner"), &["check", "design.sysd"]).output().expect("sysd starts");
    assert_eq!(code(&output), 1);
    assert!(text(&output.stdout).contains("E008"), "{}", text(&output.stdout));
}

#[test]
fn the_calculator_knows_units() {
    let place = Place::new("eval");
    let output = place.run(&["eval", "500M * 12/day", "--in", "/s"]);
    assert_eq!((code(&output), text(&output.stdout).as_str()), (0, "69.44k/s\n"));
    let output = place.run(&["eval", "365bn * 100 B * 10 year", "--in", "TB"]);
    assert_eq!(code(&output), 1);
    let said = text(&output.stderr);
    assert!(said.contains("data") && said.contains("time"), "{said}");
    let output = place.run(&["eval", "1 kB + 1 s"]);
    assert_eq!(code(&output), 1);
    assert!(text(&output.stderr).contains("E007"), "{}", text(&output.stderr));
    place.file("d.sysd", "let dau = 500M users \"source\"\n");
    let output = place.run(&["eval", "dau / 2", "--file", "d.sysd", "--format", "json"]);
    assert!(text(&output.stdout).contains("250000000"), "{}", text(&output.stdout));
}

#[test]
fn promises_are_exported_for_monitoring() {
    let place = Place::new("promises");
    place.file("shop.sysd", "actor user\nservice api\nflow buy { require { availability 99.9% }, user -> api }\nalert buy { error_rate > 1%, size > 3 MB }\n");
    let rules = place.run(&["export", "prometheus", "shop.sysd"]);
    assert_eq!(code(&rules), 0);
    assert!(text(&rules.stdout).contains("alert: BuyAvailabilityBurnsFast"), "{}", text(&rules.stdout));
    assert!(text(&rules.stderr).contains("left out: alert buy { size > 3 MB }"), "{}", text(&rules.stderr));
    assert_eq!(code(&place.run(&["export", "openslo", "shop.sysd", "-o", "slo.yaml"])), 0);
    let written = fs::read_to_string(place.0.join("slo.yaml")).expect("written");
    assert!(
        written.contains("kind: Service") && written.contains("\n---\n") && written.contains("target: 0.999")
    );
    assert_eq!(code(&place.run(&["export", "prometheus", "shop.sysd", "--flow", "bye"])), 2);
    place.file("broken.sysd", "servce api\n");
    assert_eq!(code(&place.run(&["export", "openslo", "broken.sysd", "-o", "slo.yaml"])), 1);
    assert_eq!(fs::read_to_string(place.0.join("slo.yaml")).expect("kept"), written);
}

#[test]
fn diff_compares_files_folders_and_commits() {
    let place = Place::new("diff");
    let git = |args: &[&str]| {
        let identity =
            ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"];
        Command::new("git")
            .args(identity)
            .args(args)
            .current_dir(&place.0)
            .output()
            .is_ok_and(|o| o.status.success())
    };
    place.file(
        "designs/shop.sysd",
        "import \"../roles.sysd\"\nservice api { public, auth oidc }\nservice old\n",
    );
    place.file("roles.sysd", "role owner\n");
    assert!(git(&["init", "-q"]), "git is needed, as for every checkout");
    assert!(git(&["add", "."]) && git(&["commit", "-q", "-m", "first"]));
    let same = place.run(&["diff", "git:HEAD", "designs/shop.sysd"]);
    assert_eq!((code(&same), text(&same.stdout).as_str()), (0, "no difference\n"));
    place.file("designs/shop.sysd", "import \"../roles.sysd\"\nservice api { public, auth mtls }\n");
    place.file("designs/more.sysd", "service web\n");
    let told = text(&place.run(&["diff", "git:main", "designs"]).stdout);
    assert!(told.contains("more.sysd (new)") && told.contains("shop.sysd (changed)"), "{told}");
    assert!(told.contains("- service old") && told.contains("auth oidc → mtls"), "{told}");
    assert_eq!(code(&place.run(&["diff", "git:HEAD", "designs"])), 0);
    assert_eq!(code(&place.run(&["diff", "git:HEAD", "designs", "--breaking"])), 1);
    let json = place.run(&["diff", "git:HEAD:designs/shop.sysd", "designs/shop.sysd", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(value["schema"], "sysd-diff/1");
    assert_eq!(
        (value["breaking"].as_bool(), value["designs"].as_array().map(Vec::len)),
        (Some(true), Some(1))
    );
    let markdown = text(&place.run(&["diff", "git:HEAD", "designs", "--format", "markdown"]).stdout);
    assert!(
        markdown.contains("### Breaking changes") && markdown.contains("| changed | service api |"),
        "{markdown}"
    );
    for wrong in [
        ["git:absent", "designs"],
        ["git:HEAD", "absent.sysd"],
        ["git:--all", "designs"],
        ["absent", "designs"],
    ] {
        assert_eq!(code(&place.run(&["diff", wrong[0], wrong[1]])), 2, "{wrong:?}");
    }
    place.file("designs/shop.sysd", "servce api\n");
    assert_eq!(code(&place.run(&["diff", "git:HEAD", "designs/shop.sysd"])), 1);
}

#[test]
fn rules_of_the_house_are_listed_explained_selected_and_accepted() {
    let place = Place::new("house");
    place.file("house.sysd", "/// Ask the owner first.\nrule owned \"All has an owner\" { require element.owner for service, severity error }\n");
    place.file(
        "shop.sysd",
        "import \"house.sysd\"\nservice api\nservice web { allow owned \"a pilot\" }\nrule mine { forbid worker }\n",
    );
    let listed = text(&place.run(&["rules", "shop.sysd"]).stdout);
    assert!(listed.contains("HSE001 error    owned"), "{listed}");
    assert!(listed.contains("HSE002 warning  mine"), "{listed}");
    let page = text(&place.run(&["explain", "HSE001", "shop.sysd"]).stdout);
    assert!(page.contains("Ask the owner first.") && page.contains("require element.owner"), "{page}");
    assert_eq!(code(&place.run(&["explain", "HSE001"])), 2);
    assert_eq!(code(&place.run(&["explain", "ownd", "shop.sysd"])), 2);
    let concise = ["check", "shop.sysd", "--output-format", "concise", "--select", "HSE"];
    let found = text(&place.run(&concise).stdout);
    assert!(found.contains("error[HSE001] `api.owner`") && !found.contains("`web.owner`"), "{found}");
    assert_eq!(code(&place.run(&["check", "shop.sysd", "--select", "HSE002"])), 0);
    assert_eq!(code(&place.run(&["check", "shop.sysd", "--select", "REL"])), 0);
    assert_eq!(code(&place.run(&["check", "shop.sysd", "--ignore", "hse001"])), 0);
}

#[test]
fn rules_and_keywords_explain_themselves() {
    let place = Place::new("explain");
    for subject in ["DOC001", "requirement-without-flow", "E007", "service", "replication"] {
        assert_eq!(code(&place.run(&["explain", subject])), 0, "{subject}");
    }
    let output = place.run(&["explain", "requirement-without-flw"]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("requirement-without-flow"));
    assert!(text(&place.run(&["rules"]).stdout).contains("DOC001"));
    assert!(text(&place.run(&["catalog", "redis"]).stdout).contains("Redis"));
    assert_eq!(code(&place.run(&["catalog", "redsi"])), 2);
}

#[test]
fn the_report_is_json_that_its_schema_names() {
    let place = Place::new("report");
    place.file("d.sysd", SOUND);
    let output = place.run(&["report", "d.sysd", "--format", "json"]);
    assert_eq!(code(&output), 0);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let schema: serde_json::Value =
        serde_json::from_slice(&place.run(&["schema", "report"]).stdout).expect("a schema");
    for key in report.as_object().expect("an object").keys() {
        assert!(schema["properties"].get(key).is_some(), "the schema does not name {key}");
    }
    assert_eq!(report["schema"], "sysd-report/1");
    assert!(report["flows"]["read"].is_object() && report["elements"]["api"].is_object());
    // A number that is null says what it needs.
    place.file("open.sysd", "actor u; service api { replicas 2 }; flow f { rate 1/s, u -> api }\n");
    let output = place.run(&["report", "open.sysd", "--format", "json"]);
    let open: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(open["elements"]["api"]["utilization"]["peak"].is_null());
    let needs = serde_json::json!({ "what": "api.utilization.peak", "needs": "api.capacity" });
    assert!(open["not_evaluated"].as_array().expect("a list").contains(&needs), "{}", open["not_evaluated"]);
    assert_eq!(code(&place.run(&["why", "d.sysd", "api.load.peak"])), 0);
    let output = place.run(&["why", "d.sysd", "api.lod.peak"]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("api.load.peak"), "{}", text(&output.stderr));
}

#[test]
fn pictures_and_documents_are_the_same_bytes_every_time() {
    let place = Place::new("build");
    place.file("designs/d.sysd", SOUND);
    for out in ["one", "two"] {
        let output = place.run(&["build", "designs", "-o", out, "--fail-on", "never"]);
        assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    }
    for name in ["README.md", "d/README.md", "d/diagrams/containers.svg", "d/diagrams/flow_read.svg"] {
        let read =
            |out: &str| fs::read(place.0.join(out).join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(read("one"), read("two"), "{name}");
    }
    assert_eq!(code(&place.run(&["build", "designs", "-o", "one", "--check", "--fail-on", "never"])), 0);
    place.file("one/d/README.md", "edited by hand");
    assert_eq!(code(&place.run(&["build", "designs", "-o", "one", "--check", "--fail-on", "never"])), 1);
    for format in ["svg", "mermaid", "dot", "d2", "plantuml", "ascii"] {
        let output = place.run(&["render", "designs/d.sysd", "--to", format]);
        assert!(code(&output) == 0 && !output.stdout.is_empty(), "{format}");
    }
    let output = place.run(&["render", "designs/d.sysd", "--view", "contaners"]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("containers"));
}

#[test]
fn a_configuration_with_an_unknown_key_is_refused() {
    let place = Place::new("config");
    place.file("d.sysd", SOUND);
    place.file("sysd.toml", "fail-onn = \"warning\"\n");
    let output = place.run(&["check"]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("fail-on"), "{}", text(&output.stderr));
    place.file("sysd.toml", "[rules]\nno-such-rule = \"error\"\n");
    assert_eq!(code(&place.run(&["check"])), 2);
}

#[test]
fn formatting_keeps_what_it_cannot_read_and_says_what_it_would_change() {
    let place = Place::new("fmt");
    let loose = "service   api{replicas 3,timeout 1s}\n";
    let path = place.file("loose.sysd", loose);
    place.file("broken.sysd", "service api {\n");
    let output = place.run(&["fmt", "loose.sysd", "--check"]);
    assert_eq!((code(&output), text(&output.stdout).as_str()), (1, "loose.sysd is not formatted\n"));
    let output = place.run(&["fmt", "loose.sysd", "--diff"]);
    assert_eq!(code(&output), 1);
    assert!(
        text(&output.stdout).contains("-service   api{replicas 3,timeout 1s}"),
        "{}",
        text(&output.stdout)
    );
    assert_eq!(fs::read_to_string(&path).expect("readable"), loose, "`--check` and `--diff` write nothing");
    assert_eq!(code(&place.run(&["fmt", "loose.sysd"])), 0);
    assert_eq!(fs::read_to_string(&path).expect("readable"), "service api { replicas 3, timeout 1s }\n");
    assert_eq!(code(&place.run(&["fmt", "loose.sysd", "--check"])), 0);
    assert_eq!(code(&place.run(&["fmt", "broken.sysd"])), 1);
    assert_eq!(fs::read_to_string(place.0.join("broken.sysd")).expect("readable"), "service api {\n");
}

#[test]
fn fault_trees_are_exported_or_said_to_lack_something() {
    let place = Place::new("export");
    place.file("d.sysd", SOUND);
    let output = place.run(&["export", "open-psa", "d.sysd", "--flow", "read"]);
    assert_eq!(code(&output), 0);
    assert!(text(&output.stdout).contains("<opsa-mef>"), "{}", text(&output.stdout));
    let output = place.run(&["export", "open-psa", "d.sysd", "--flow", "raed"]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("did you mean `read`?"));
    assert_eq!(code(&place.run(&["export", "open-psa", "d.sysd"])), 2);
    place.file("open.sysd", "actor user\nexternal bank\nflow pay { user -> bank }\n");
    let output = place.run(&["export", "open-psa", "open.sysd", "-o", "trees"]);
    assert_eq!(code(&output), 0);
    assert!(text(&output.stderr).contains("bank.availability"), "{}", text(&output.stderr));
}

#[test]
fn a_graph_is_laid_out_for_comparison() {
    let place = Place::new("layout");
    place.file(
        "g.json",
        r#"{"name":"g","dir":"TB","groups":[],"nodes":[{"id":"a","label":"a","parent":null,"w":100,"h":50},{"id":"b","label":"b","parent":null,"w":100,"h":50}],"edges":[{"id":"e","src":"a","dst":"b","label":null}]}"#,
    );
    let output = place.run(&["layout", "g.json"]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let laid: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(laid["nodes"].as_array().map(Vec::len), Some(2));
    place.file("broken.json", "{");
    assert_eq!(code(&place.run(&["layout", "broken.json"])), 2);
}

#[test]
fn kept_drawings_stay_put_and_are_written_only_when_asked_for() {
    let place = Place::new("lock");
    let design = "actor user\nservice api { replicas 2 }\nservice web { replicas 2 }\nstore db: postgresql\n\
                  flow f {\n  user -> web -> api -> db read item\n}\n";
    place.file("d.sysd", design);
    let draw = |place: &Place| text(&place.run(&["render", "d.sysd", "--font", "none"]).stdout);
    let fresh = draw(&place);
    assert!(!place.0.join("d.sysd.layout").exists());
    assert_eq!(code(&place.run(&["render", "d.sysd", "--lock", "-o", "d.svg"])), 0);
    let kept = fs::read_to_string(place.0.join("d.sysd.layout")).expect("kept");
    assert!(kept.contains("[containers.cards]") && kept.contains("\napi = { at = ["), "{kept}");
    assert_eq!(draw(&place), fresh);
    // What moves in the file moves in the picture: it is read, not made up again.
    let place_of = |kept: &str, name: &str| {
        let line = kept.lines().find(|l| l.starts_with(name)).expect("the card is kept").to_owned();
        line.split_once("at = ").expect("a place").1.to_owned()
    };
    let (web, api) = (place_of(&kept, "web"), place_of(&kept, "api"));
    let swapped = kept.replace(&web, "WEB").replace(&api, &web).replace("WEB", &api);
    place.file("d.sysd.layout", &swapped);
    assert_ne!(draw(&place), fresh);
    // Building documents keeps to it, and writes nothing beside the design unless asked.
    assert_eq!(code(&place.run(&["build", "d.sysd", "-o", "out", "--fail-on", "never"])), 0);
    assert_eq!(fs::read_to_string(place.0.join("d.sysd.layout")).expect("kept"), swapped);

    place.file("d.sysd.layout", "[containers.cards]\napi = 3\n");
    let refused = place.run(&["render", "d.sysd", "-o", "d.svg"]);
    assert_eq!(code(&refused), 2);
    assert!(text(&refused.stderr).contains("d.sysd.layout"), "{}", text(&refused.stderr));
}
