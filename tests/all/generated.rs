//! Files that are made from the code: checked here, and written anew by `UPDATE=1 cargo test`.

use crate::real_output::{checked as check, with_real_output};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use sysd::rules;

#[test]
fn the_language_reference_is_the_schema() {
    check("docs/reference/language.md", &sysd::schema::reference());
}

#[test]
fn the_reference_of_functions_is_the_table() {
    check("docs/reference/functions.md", &sysd::quantity::functions::reference());
}

#[test]
fn the_report_schema_is_the_code() {
    check("docs/reference/report.schema.json", &sysd::report::json::schema());
}

#[test]
fn the_schema_of_an_estimate_is_the_code() {
    check("docs/reference/estimate.schema.json", &sysd::report::estimate::json::schema());
}

#[test]
fn the_schema_of_a_check_is_the_code() {
    check("docs/reference/check.schema.json", &sysd::report::findings::json::schema());
}

#[test]
fn the_document_schema_is_the_code() {
    check("docs/reference/document.schema.json", &sysd::document::schema());
}

#[test]
fn the_schema_of_a_configuration_is_the_code() {
    check("docs/reference/config.schema.json", &sysd::project::schema());
}

#[test]
fn every_key_of_a_configuration_is_documented() {
    let schema: serde_json::Value = serde_json::from_str(&sysd::project::schema()).expect("JSON");
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md"));
    let page = page.expect("readable");
    let definitions = schema["$defs"].as_object().expect("definitions").values();
    for object in definitions.chain([&schema]) {
        for key in object["properties"].as_object().into_iter().flat_map(|keys| keys.keys()) {
            assert!(page.contains(&format!("`{key}`")), "docs/configuration.md lacks `{key}`");
        }
    }
}

#[test]
fn the_rule_index_lists_every_rule() {
    let mut out = String::from(
        "# Rules\n\nGenerated from the rules; `UPDATE=1 cargo test` writes it anew. `sysd explain CODE` shows a page.\n\n\
         `sysd check --fix` applies answers that are safe, `--unsafe-fixes` those as well that change the design.\n\n\
         ## Language\n\n| code | name | severity | fix | what it finds |\n| --- | --- | --- | --- | --- |\n",
    );
    let row = |out: &mut String, code: sysd::diagnostic::Code, page: &str| {
        let summary = rules::summary(page).replace('\n', " ");
        let file = code.name.replace('-', "_");
        let _ = writeln!(
            out,
            "| {} | [{}]({file}.md) | {} | {} | {summary} |",
            code.code,
            code.name,
            code.severity.word(),
            rules::fixes::word(code.code)
        );
    };
    for (code, page) in rules::LANGUAGE_PAGES {
        row(&mut out, *code, page);
    }
    for (prefix, title, rules) in rules::FAMILIES {
        if rules.is_empty() {
            continue;
        }
        let _ = writeln!(
            out,
            "\n## {title} (`{prefix}`)\n\n| code | name | severity | fix | what it finds |\n| --- | --- | --- | --- | --- |"
        );
        for rule in *rules {
            row(&mut out, rule.code, rule.page);
        }
    }
    check("docs/rules/README.md", &out);
}

#[test]
fn the_readme_shows_real_output() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(path).expect("readable");
    check("README.md", &with_real_output(&readme, Path::new(env!("CARGO_MANIFEST_DIR")), None));
    let design =
        readme.split("```sysd\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a design");
    check("examples/shop.sysd", design);
}

#[test]
fn codes_and_names_are_unique_and_ordered() {
    let codes: Vec<_> = rules::all().map(|r| r.code).collect();
    let mut names: Vec<&str> = codes.iter().map(|c| c.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), codes.len(), "a name stands twice");
    for (prefix, _, family) in rules::FAMILIES {
        let list: Vec<&str> = family.iter().map(|r| r.code.code).collect();
        let mut sorted = list.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(list, sorted, "{prefix} is not in order");
        assert!(list.iter().all(|c| c.starts_with(prefix)), "{prefix} has a foreign code");
    }
}

#[test]
fn every_page_has_its_sections() {
    let language = rules::LANGUAGE_PAGES.iter().map(|(code, page)| (code.name, *page));
    for (name, page) in language.chain(rules::all().map(|r| (r.code.name, r.page))) {
        let below = page.split_once("\n## Sources\n").map_or("", |(_, below)| below);
        let text = below.split("\n## ").next().unwrap_or("").trim();
        assert!(text.len() > 20, "{name} does not say where it comes from");
    }
    for rule in rules::all() {
        for section in ["## Why it matters", "## Example", "## The way out"] {
            assert!(rule.page.contains(section), "{} lacks {section}", rule.code.name);
        }
        assert!(
            rule.page.starts_with(&format!("# {}\n", rule.code.name)),
            "{} has another title",
            rule.code.name
        );
    }
}
