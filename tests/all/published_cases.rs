//! Every published case of the sizing and queueing areas is exercised under its own name: what is listed here stands
//! beside the assertion that holds the code to its figures.

use std::path::Path;

/// The cases of the areas queueing, capacity, cache, sizing, hashing, latency, retry, token bucket, estimate and units.
const CASES: &[&str] = &[
    "mm1-bronson-23.3",
    "mm1-bronson-23.14",
    "erlangb-15-1pct",
    "mm3-pdq",
    "mm1-pdq",
    "ggm-MD1-rho.8",
    "ggm-MH21-cv2=4-rho.8",
    "ggm-E2M1-rho.8",
    "ggm-ME23-rho.8",
    "usl-specsdm91",
    "che-icarus",
    "che-zipf0.8-n1000-c100",
    "che-zipf1.0-n1000-c100",
    "lru-uniform",
    "bloom-guava-huge",
    "bloom-guava-k",
    "bloom-06185",
    "bloom-cao-table",
    "hash-vnode-spread",
    "hash-remap",
    "hash-bounded",
    "tail-100",
    "tail-required-quantile",
    "retry-64",
    "retry-growth",
    "static-stability-3az",
    "nr-token-ebs-1gib",
    "osate-latency-queuing",
    "dean-thumbs-parallel",
    "est-twitter",
    "est-salesrank",
    "est-querycache",
    "est-socialgraph",
    "est-xu-twitter",
    "est-xu-urlshort",
    "est-snowflake",
    "dynamo-rcu",
    "dynamo-wcu",
    "units-kb",
];

/// Whether an assertion follows the name in the same function.
fn exercises(text: &str, case: &str) -> bool {
    text.match_indices(case).any(|(at, _)| {
        let rest = &text[at + case.len()..];
        let whole = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-');
        let end = rest.find("\n    }\n").or_else(|| rest.find("\n}\n")).unwrap_or(rest.len());
        whole && ["assert", "holds("].iter().any(|word| rest[..end].contains(word))
    })
}

fn sources(folder: &Path, texts: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, texts);
        } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("published_cases.rs") {
            texts.push(std::fs::read_to_string(&path).expect("a source"));
        }
    }
}

#[test]
fn every_published_case_is_exercised_by_its_name() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    sources(&root.join("src"), &mut texts);
    sources(&root.join("tests"), &mut texts);
    let missing: Vec<&&str> =
        CASES.iter().filter(|case| !texts.iter().any(|text| exercises(text, case))).collect();
    assert!(missing.is_empty(), "no test names {missing:?}");
}
