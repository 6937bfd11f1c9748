//! `sysd estimate` as a user meets it.

use crate::place::{Place, code, text};

const UNCERTAIN: &str = "let opens = 20/s to 80/s \"guess\"
actor user
service api { capacity 100/s }
target calm \"Calm\" { api.utilization <= 60% }
flow ask { rate opens, user -> api }
";

#[test]
fn percentiles_chances_and_movers_are_printed() {
    let place = Place::new("estimate");
    place.file("a.sysd", UNCERTAIN);
    let output = place.run(&["estimate", "a.sysd", "--samples", "500"]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let shown = text(&output.stdout);
    for part in
        ["500 samples", "opens  20/s to 80/s", "Calm", "opens 100%", "What moves api.utilization.peak: 40%"]
    {
        assert!(shown.contains(part), "{part} in\n{shown}");
    }
    let markdown =
        text(&place.run(&["estimate", "a.sysd", "--samples", "500", "--format", "markdown"]).stdout);
    assert!(markdown.contains("| api.utilization.peak | 40% | "), "{markdown}");
}

/// A lognormal load with 5% below 20/s and above 80/s: P(load ≤ 60/s) = Φ(1.645 · ln 1.5 / ln 2) = 83.2%.
#[test]
fn json_keeps_its_contract() {
    let place = Place::new("estimate-json");
    place.file("a.sysd", UNCERTAIN);
    let run = |seed: &str| {
        let output =
            place.run(&["estimate", "a.sysd", "--samples", "2000", "--seed", seed, "--format", "json"]);
        serde_json::from_slice::<serde_json::Value>(&output.stdout).expect("JSON")
    };
    let found = run("7");
    assert_eq!(found["schema"], "sysd-estimate/1");
    assert_eq!(found["samples"], 2000);
    let met = found["requirements"][0]["met"].as_f64().expect("a share");
    assert!((met - 0.832).abs() < 0.002, "{met}");
    let load = &found["numbers"]["api.load.peak"];
    assert!((load["p5"].as_f64().expect("a number") / 20.0 - 1.0).abs() < 0.01, "{load}");
    assert_eq!(load["explained"][0]["input"], "opens");
    assert_eq!(load["swings"][0]["at_p95"], 80.0);
    assert_eq!(found, run("7"));
    assert_ne!(found, run("8"));
}

#[test]
fn what_cannot_be_estimated_is_said() {
    let place = Place::new("estimate-wrong");
    place.file("sure.sysd", "actor user\nservice api\nflow ask { user -> api }\n");
    place.file("a.sysd", UNCERTAIN);
    place.file("broken.sysd", "let a = 3 to\n");
    let cases = [
        (&["estimate", "sure.sysd"][..], 2, "nothing in `sure.sysd` is uncertain"),
        (&["estimate", "absent.sysd"][..], 2, "absent.sysd"),
        (&["estimate", "broken.sysd"][..], 1, "E0"),
        (
            &["estimate", "a.sysd", "--of", "api.utilizaton.peak"][..],
            2,
            "did you mean `api.utilization.peak`",
        ),
        (&["estimate", "a.sysd", "--samples", "100", "--of", "ask.p99"][..], 2, "ask.p99"),
        (&["estimate", "a.sysd", "--samples", "5"][..], 2, "100..=1000000"),
    ];
    for (arguments, expected, message) in cases {
        let output = place.run(arguments);
        assert_eq!(code(&output), expected, "{arguments:?}");
        assert!(text(&output.stderr).contains(message), "{arguments:?}: {}", text(&output.stderr));
        assert!(output.stdout.is_empty());
    }
}
