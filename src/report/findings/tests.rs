//! The formats on one design that has every kind of finding, and on hostile names.

use super::*;
use crate::compile::{Options, compile};
use crate::source::NoFiles;
use serde_json::Value;

const DESIGN: &str = "\
actor user
service api { replicas 3, zones 3, timeout 1s, auth jwt, allow missing_rate_limit \"behind the office; 5% & <all>\" until 2099-01-01 }
store orders: postgresql { replicas 1, timeout 300ms }
flow order { user -> api -> orders write order }
";

fn design(path: &str, text: &str) -> Design {
    compile(path, text.as_bytes(), &NoFiles, &Options::default())
}

fn written(designs: &[Design], format: Format) -> String {
    let checked = Checked::new(designs, &vec![Some(Severity::Error); designs.len()]);
    checked.write(format, Style { color: false, width: 100 })
}

fn value(designs: &[Design], format: Format) -> Value {
    serde_json::from_str(&written(designs, format)).expect("JSON")
}

fn single_point(results: &Value) -> &Value {
    let results = results.as_array().expect("a list");
    results.iter().find(|r| r["ruleId"] == "REL001").expect("the store fails alone")
}

#[test]
fn sarif_has_regions_ways_help_and_suppressions() {
    let log = value(&[design("a b/d.sysd", DESIGN)], Format::Sarif);
    let run = &log["runs"][0];
    let result = single_point(&run["results"]);
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b/d.sysd");
    let region = &place["region"];
    assert_eq!(
        (&region["startLine"], &region["startColumn"], &region["endLine"], &region["endColumn"]),
        (&3.into(), &7.into(), &3.into(), &13.into())
    );
    let way = result["codeFlows"][0]["threadFlows"][0]["locations"].as_array().expect("a way");
    let texts: Vec<&str> = way.iter().filter_map(|l| l["location"]["message"]["text"].as_str()).collect();
    assert_eq!(texts, ["`user -> api`", "`api -> orders`"]);
    assert_eq!(result["relatedLocations"][0]["id"], 1);
    assert_eq!(result["suppressions"], serde_json::json!([]));
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in run["results"].as_array().expect("results") {
        let rule = &rules[result["ruleIndex"].as_u64().expect("an index") as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["help"]["text"].as_str().is_some_and(|t| t.contains("## Example")), "{rule}");
    }
    let accepted: Vec<&Value> = run["results"]
        .as_array()
        .expect("results")
        .iter()
        .filter(|r| r["suppressions"].as_array().is_some_and(|s| !s.is_empty()))
        .collect();
    assert_eq!(accepted.len(), 1);
    assert_eq!(accepted[0]["ruleId"], "CAS007");
    let suppression = &accepted[0]["suppressions"][0];
    assert_eq!(suppression["justification"], "behind the office; 5% & <all> (until 2099-01-01)");
    assert_eq!(suppression["location"]["physicalLocation"]["region"]["startLine"], 2);
}

#[test]
fn fingerprints_survive_lines_names_of_files_and_layout() {
    let prints = |path: &str, text: &str| {
        let designs = [design(path, text)];
        let checked = Checked::new(&designs, &[]);
        let mut prints: Vec<String> = checked.items.iter().map(|i| i.fingerprint.clone()).collect();
        prints.sort();
        prints
    };
    let before = prints("a.sysd", DESIGN);
    assert!(before.len() > 3);
    let loose = DESIGN.replace(", ", "\n  ").replace("user -> api", "user    ->    api");
    assert_eq!(before, prints("moved/b.sysd", &format!("// one\n// two\n{loose}")));
    assert_ne!(before, prints("a.sysd", &DESIGN.replace("orders", "invoices")));
}

#[test]
fn fingerprints_are_unique_in_a_run() {
    let designs = [design("a.sysd", DESIGN), design("b.sysd", DESIGN)];
    let checked = Checked::new(&designs, &[]);
    let prints: std::collections::BTreeSet<&str> =
        checked.items.iter().map(|i| i.fingerprint.as_str()).collect();
    assert_eq!(prints.len(), checked.items.len());
}

#[test]
fn junit_fails_errors_and_skips_what_is_accepted() {
    let designs = [design("x/d.sysd", DESIGN), design("fine.sysd", "")];
    let text = written(&designs, Format::Junit);
    let xml = roxmltree::Document::parse(&text).expect("XML");
    let suites: Vec<_> = xml.descendants().filter(|n| n.has_tag_name("testsuite")).collect();
    assert_eq!(
        suites.iter().filter_map(|s| s.attribute("name")).collect::<Vec<_>>(),
        ["fine.sysd", "x/d.sysd"]
    );
    for suite in suites {
        let count = |tag: &str| suite.descendants().filter(|n| n.has_tag_name(tag)).count().to_string();
        assert_eq!(suite.attribute("tests"), Some(count("testcase").as_str()));
        assert_eq!(suite.attribute("failures"), Some(count("failure").as_str()));
        assert_eq!(suite.attribute("skipped"), Some(count("skipped").as_str()));
    }
    for case in xml.descendants().filter(|n| n.has_tag_name("testcase")) {
        assert!(case.attributes().all(|a| ["name", "time", "classname", "group"].contains(&a.name())));
    }
    let failure = xml.descendants().find(|n| n.attribute("type") == Some("REL001")).expect("a failure");
    assert_eq!(
        failure.parent().and_then(|c| c.attribute("name")),
        Some("REL001 single-point-of-failure: orders")
    );
    assert_eq!(failure.attribute("message"), Some("`orders` is a single point of failure"));
    let skipped = xml.descendants().find(|n| n.has_tag_name("skipped")).expect("an accepted finding");
    assert_eq!(skipped.attribute("message"), Some("accepted: behind the office; 5% & <all>"));
}

#[test]
fn github_gets_ten_of_a_kind_the_gravest_first_and_a_total() {
    let (mut stores, mut steps) = (String::new(), String::new());
    for n in 0..14 {
        let _ = writeln!(stores, "store s{n}: postgresql {{ replicas 1 }}");
        let _ = writeln!(steps, "  user -> api -> s{n} read");
    }
    // The last store is needed by two flows: it comes before the others.
    let text = format!(
        "actor user\nservice api {{ replicas 3 }}\n{stores}flow f {{\n{steps}}}\nflow g {{ user -> api -> s13 read }}\n"
    );
    let designs = [design("d.sysd", &text)];
    let out = written(&designs, Format::Github);
    let count = |start: &str| out.lines().filter(|l| l.starts_with(start)).count();
    assert_eq!((count("::error "), count("::warning ")), (10, 10));
    assert!(count("::notice ") <= 10);
    let first = out.lines().next().expect("a line");
    assert!(
        first.starts_with("::error file=d.sysd,line=16,endLine=16,col=7,endColumn=10,title=REL001 "),
        "{first}"
    );
    let checked = Checked::new(&designs, &[]);
    let annotated = count("::error ") + count("::warning ") + count("::notice ") - 1;
    let rest = checked.items.len() - annotated;
    let last = out.lines().last().expect("a line");
    assert!(
        last.starts_with(&format!("::notice title=sysd::{}; {rest} findings beyond", checked.totals())),
        "{last}"
    );
    let log = out.lines().filter(|l| l.starts_with("d.sysd:")).count();
    assert_eq!(log, rest);
}

#[test]
fn a_hostile_path_makes_no_command() {
    let text = "servce api\n".repeat(40);
    let path = "::error::x\n::add-mask::y,z.sysd";
    let out = written(&[design(path, &text)], Format::Github);
    for line in out.lines() {
        let ours = ["::error file=%3A%3Aerror", "::group::", "::endgroup::", "::notice title=sysd::"];
        assert!(ours.iter().any(|o| line.starts_with(o)) || line.starts_with("./::error::x "), "{line}");
    }
}

#[test]
fn gitlab_rdjson_json_and_lines_have_every_open_finding() {
    let designs = [design("d.sysd", DESIGN)];
    let checked = Checked::new(&designs, &[Some(Severity::Error)]);
    let open = checked.open().count();
    let gitlab = value(&designs, Format::Gitlab);
    assert_eq!(gitlab.as_array().map(Vec::len), Some(open));
    let row =
        gitlab.as_array().expect("a list").iter().find(|r| r["check_name"] == "single-point-of-failure");
    assert_eq!(row.expect("a row")["location"]["lines"]["begin"], 3);
    let rdjson = value(&designs, Format::Rdjson);
    assert_eq!(rdjson["diagnostics"].as_array().map(Vec::len), Some(open));
    let json = value(&designs, Format::Json);
    assert_eq!(json["totals"]["accepted"], 1);
    assert_eq!(json["failed"], true);
    let all = json["findings"].as_array().expect("a list");
    assert_eq!(all.len(), open + 1);
    let lines = written(&designs, Format::Jsonl);
    let lines: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert_eq!(&lines, all);
}

#[test]
fn rdjson_counts_bytes_and_offers_safe_fixes() {
    let designs = [design("d.sysd", "service api \"Größe\" { replicas “3” }\n")];
    let checked = Checked::new(&designs, &[]);
    let with_fix = checked.items.iter().find(|i| !i.finding.fixes.is_empty()).expect("a fix");
    let column = with_fix.start().column as usize;
    let rdjson = value(&designs, Format::Rdjson);
    let row = rdjson["diagnostics"].as_array().expect("rows").iter().find(|d| d["suggestions"].is_array());
    let row = row.expect("a suggestion");
    // `ö` and `ß` before the place have two bytes each.
    assert_eq!(row["location"]["range"]["start"]["column"], column + 2);
    assert!(row["suggestions"][0]["text"].as_str().is_some_and(|t| t.contains('"')), "{row}");
}

#[test]
fn grouped_and_markdown_name_each_file_once() {
    let designs = [design("a.sysd", DESIGN), design("b.sysd", DESIGN)];
    let grouped = written(&designs, Format::Grouped);
    assert_eq!(
        grouped.lines().filter(|l| !l.starts_with(' ') && !l.is_empty()).collect::<Vec<_>>(),
        ["a.sysd:", "b.sysd:"]
    );
    let checked = Checked::new(&designs, &[]);
    let whole = markdown(&checked, usize::MAX);
    assert_eq!(whole.matches("**a.sysd**").count(), 1);
    let cut = markdown(&checked, 600);
    assert!(cut.len() < 640 && cut.trim_end().ends_with("more"), "{cut}");
}
