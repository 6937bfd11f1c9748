//! Laws of names: order never matters, a short name means what its full name means.

use proptest::prelude::*;
use sysd::compile::{Options, compile};
use sysd::report::json::json;
use sysd::source::NoFiles;

/// Statements of a design, each a line; any order of them is the same design.
const LINES: [&str; 12] = [
    "let dau = 2M users \"assumption\"",
    "let reads = dau * per_user",
    "let per_user = 4/day \"assumption\"",
    "region us { zones 3 }",
    "actor user",
    "group media { service api { replicas 3, in us, capacity 500 req/s }; store files { replicas 3, in us } }",
    "group core { service web { replicas 3, in us, capacity 900 req/s }; store posts { holds post } }",
    "data post { size 2 kB }",
    "flow read { rate reads; user -> web -> posts read post }",
    "flow see { rate reads * 2; user -> web -> media.api -> files read post }",
    "target fast { read.p99 <= 200ms }",
    "scenario busy { rate 10x }",
];

fn findings(text: &str) -> Vec<(String, String)> {
    let design = compile("d.sysd", text.as_bytes(), &NoFiles, &Options::default());
    let mut found: Vec<_> =
        design.findings.iter().map(|f| (f.code.code.to_string(), f.message.clone())).collect();
    found.sort();
    found
}

/// The numbers of a report, by name: order and places aside.
fn numbers(text: &str) -> Vec<(String, Option<f64>)> {
    let design = compile("d.sysd", text.as_bytes(), &NoFiles, &Options::default());
    let derivation = &design.analysis.base.derivation;
    let mut all: Vec<_> = derivation
        .names()
        .into_iter()
        .map(|name| (name.to_string(), derivation.named(name).and_then(|id| derivation.value(id))))
        .collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn order_never_matters(order in Just((0..LINES.len()).collect::<Vec<_>>()).prop_shuffle()) {
        let shuffled: Vec<&str> = order.iter().map(|i| LINES[*i]).collect();
        let (one, other) = (LINES.join("\n"), shuffled.join("\n"));
        prop_assert_eq!(findings(&one), findings(&other));
        let close = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-12 * a.abs().max(b.abs()),
            (a, b) => a == b,
        };
        for ((name, a), (other_name, b)) in numbers(&one).into_iter().zip(numbers(&other)) {
            prop_assert_eq!(&name, &other_name);
            prop_assert!(close(a, b), "{} is {:?} and {:?}", name, a, b);
        }
    }

    #[test]
    fn a_short_name_means_what_its_full_name_means(full in proptest::collection::vec(any::<bool>(), 4)) {
        let name = |i: usize, short: &'static str, long: &'static str| if full[i] { long } else { short };
        let text = LINES.join("\n")
            .replace("user -> web -> posts", &format!("user -> {} -> {}", name(0, "web", "core.web"), name(1, "posts", "core.posts")))
            .replace("media.api -> files", &format!("{} -> {}", name(2, "api", "media.api"), name(3, "files", "media.files")));
        prop_assert_eq!(numbers(&LINES.join("\n")), numbers(&text));
    }

    #[test]
    fn no_text_makes_the_compiler_panic(lines in proptest::collection::vec(0..LINES.len(), 0..20), cut in 0usize..400, junk in "[ -~\n]{0,20}") {
        let chosen: Vec<&str> = lines.iter().map(|i| LINES[*i]).collect();
        let mut text = chosen.join("\n");
        let mut at = cut.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        text.insert_str(at, &junk);
        let design = compile("d.sysd", text.as_bytes(), &NoFiles, &Options::default());
        let text = json(&design);
        prop_assert!(text.len() > 2);
    }
}

#[test]
fn a_name_that_is_not_unique_lists_its_candidates() {
    let text = "group a { service api }\ngroup b { service api }\nservice web\nweb -> api\n";
    let design = compile("d.sysd", text.as_bytes(), &NoFiles, &Options::default());
    let found = design.findings.iter().find(|f| f.code.code == "E010").expect("ambiguous");
    assert!(found.message.contains("`a.api`") && found.message.contains("`b.api`"), "{}", found.message);
    assert_eq!(found.related.len(), 2);
}
