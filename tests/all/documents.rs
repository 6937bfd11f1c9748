//! The documents: what they say, what they leave out, and that no text of an author can become anything else.

use std::collections::BTreeMap;
use sysd::compile::{Design, Options, compile};
use sysd::document::{
    Diagrams, Files, Flavour, Layout, Setting, TEMPLATES, TemplateError, Templates, build, context, fragment,
    schema,
};
use sysd::source::NoFiles;

fn design(text: &str) -> Design {
    let design = compile("main.sysd", text.as_bytes(), &NoFiles, &Options::default());
    assert!(!design.has_language_errors(), "{:?}", design.findings);
    design
}

fn setting() -> Setting {
    Setting { folder: "main".to_string(), rules: true, ..Setting::default() }
}

fn written(text: &str, setting: &Setting) -> Files {
    let templates = Templates::new(&BTreeMap::new()).expect("the templates of the program");
    build(&design(text), setting, &templates).expect("a document")
}

fn text(files: &Files, name: &str) -> String {
    let bytes = files.get(name).unwrap_or_else(|| panic!("{name} is one of {:?}", files.keys()));
    String::from_utf8(bytes.clone()).expect("text")
}

/// The document of a small design with a scenario.
fn document(scenario: &str) -> String {
    let design = format!(
        "actor user\nservice api {{ replicas 2, capacity 100 req/s, latency {{ p50 5ms, p99 20ms }} }}\n\
         flow ask {{ rate 80/s, require {{ p99 100ms, availability 90% }}, user -> api }}\n{scenario}\n"
    );
    text(&written(&design, &setting()), "README.md")
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
    assert!(!document.contains("Side by side"), "{document}");
}

#[test]
fn only_the_verdict_that_changes_is_shown_with_the_one_before() {
    let document = document("scenario slow { latency api 20x }");
    let rows = verdicts(&document);
    let [row] = rows.as_slice() else { panic!("one row: {rows:?}") };
    assert!(row.starts_with("| p99 of ask | met | violated | "), "{row}");
    assert!(document.contains("| p99 of ask | "), "side by side: {document}");
}

#[test]
fn a_target_of_the_scenario_itself_is_shown_without_one_before() {
    let document = document("scenario same { rate 1x }\ntarget calm \"Calm\" under same { ask.p99 <= 1s }");
    let rows = verdicts(&document);
    let [row] = rows.as_slice() else { panic!("one row: {rows:?}") };
    assert!(row.contains("| not promised | met | "), "{row}");
}

#[test]
fn a_sketch_has_no_empty_section() {
    let document = text(&written("actor user\nservice api\nuser -> api\n", &setting()), "README.md");
    let headings: Vec<&str> = document.lines().filter(|l| l.starts_with("## ")).collect();
    for absent in [
        "## Requirements",
        "## Flows",
        "## Scenarios",
        "## Decisions",
        "## Risks",
        "## Security",
        "## Glossary",
    ] {
        assert!(!headings.contains(&absent), "{headings:?}");
    }
    let mut lines = document.lines().filter(|l| !l.trim().is_empty()).peekable();
    while let Some(line) = lines.next() {
        if line.starts_with("## ") {
            assert!(lines.peek().is_some_and(|next| !next.starts_with("## ")), "`{line}` is empty");
        }
    }
}

#[test]
fn the_arithmetic_can_be_redone_by_hand() {
    let document = document("");
    // 80/s over two replicas of 100/s: 40%.
    assert!(
        document.contains("- `api.utilization.peak` = 40%: load / (replicas × capacity), with 2"),
        "{document}"
    );
}

#[test]
fn the_first_screen_says_what_is_worst() {
    let document = document("");
    let design = design("actor user\nservice api\nflow ask { user -> api }\n");
    assert!(document.contains("Worst open finding: ["), "{document}");
    let worst = context(&design, &setting()).worst.expect("a finding");
    assert!(worst.rule.contains("](../rules/"), "{}", worst.rule);
    assert!(!worst.message.contains("\\`"), "code stays code: {}", worst.message);
}

/// Names, titles and texts that try to be something else in any of the formats.
const HOSTILE: &str = r#"
//! <script>alert(1)</script> <img src=x onerror=alert(2)> [x](javascript:alert(3))
//! ```
//! an open block
system s "</script><script>alert(4)</script>" { owner "\"><svg onload=alert(5)>" }
goal "<iframe src=javascript:alert(6)></iframe> | `x` {{title}}"
/// </title><script>alert(7)</script>
actor user "a\" onload=\"alert(8)"
service api "</text></svg><script>alert(9)</script>" { replicas 2, capacity 100 req/s, latency { p50 5ms, p99 20ms } }
store db: postgresql "| pipe | <b>bold</b> שלום 🚀 ````" { replicas 1 }
data order "--> <!-- ]]> <![CDATA[" { size 1 kB }
flow ask "](javascript:alert(10)) <a href=javascript:alert(11)>" {
  rate 80/s, require { p99 100ms }
  user -> api "<script>alert(12)</script>"
  api -> db write order "'\"><script>alert(13)</script>"
}
scenario night "</script><script>alert(14)</script>" { rate 0.1x }
decision d "<style>*{display:none}</style>" { status accepted, because "</main></body><script>alert(15)</script>" }
risk r "=cmd|' /C calc'!A0" { mitigation "<object data=javascript:alert(16)>" }
"#;

/// Opening tags of a page outside its own program, by name; comments and text have none.
fn tags(page: &str) -> BTreeMap<String, usize> {
    let mut tags = BTreeMap::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
        if !name.is_empty() {
            *tags.entry(name.to_ascii_lowercase()).or_insert(0) += 1;
        }
        if rest.to_ascii_lowercase().starts_with("script>") {
            rest = rest.find("</script>").map_or("", |end| &rest[end..]);
        }
    }
    tags
}

#[test]
fn no_text_of_an_author_becomes_markup_of_the_page() {
    let files = written(HOSTILE, &setting());
    let page = text(&files, "index.html");
    let tags = tags(&page);
    assert_eq!(tags.get("script"), Some(&2), "the page's own data and program: {tags:?}");
    for foreign in ["img", "iframe", "object", "b", "embed", "form", "base", "frame"] {
        assert_eq!(tags.get(foreign), None, "{foreign}");
    }
    // Attributes stand in tags only; a tag of the page has none that runs a program.
    for tag in page.split('<').filter_map(|piece| piece.split_once('>')).map(|(tag, _)| tag) {
        let tag = tag.to_ascii_lowercase();
        let named =
            tag.split('"').step_by(2).any(|outside| outside.contains(" on") && outside.ends_with('='));
        assert!(!named, "<{tag}>");
        assert!(!tag.contains("href=\"javascript") && !tag.contains("src=\"javascript"), "<{tag}>");
    }
    for (name, bytes) in files.iter().filter(|(name, _)| name.starts_with("diagrams/")) {
        let picture = String::from_utf8_lossy(bytes);
        roxmltree::Document::parse(&picture).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(!picture.contains("<script"), "{name}");
    }
}

#[test]
fn the_program_of_the_page_is_named_by_its_hash() {
    let page = text(&written("actor user\nservice api\nuser -> api\n", &setting()), "index.html");
    assert!(page.contains("script-src 'sha256-"), "a policy names the program");
    assert!(page.contains("default-src 'none'"), "nothing else is loaded");
    assert!(!page.contains("src=\"") && !page.contains("<link"), "the page asks for another file");
}

#[test]
fn layouts_and_flavours_write_the_files_that_their_tools_read() {
    let text_of = |setting: &Setting, name: &str| text(&written(HOSTILE, setting), name);
    for layout in Layout::ALL {
        let setting = Setting { layout, ..setting() };
        assert!(text_of(&setting, "README.md").starts_with("# "), "{layout:?}");
    }
    let log = Setting { layout: Layout::Adr, ..setting() };
    assert!(text_of(&log, "0001-d.md").contains("# 0001. "));
    assert!(text_of(&log, "README.md").contains("](0001-d.md) | accepted |"));
    let plain = Setting { flavour: Flavour::Plain, ..setting() };
    let document = text_of(&plain, "README.md");
    assert!(!document.contains("<a id="), "{document}");
    assert!(!document.contains("](#"), "links to places that have no name: {document}");
    for flavour in [Flavour::Mkdocs, Flavour::Docusaurus] {
        let files = written(HOSTILE, &Setting { flavour, ..setting() });
        assert!(files.contains_key("index.md") && !files.contains_key("index.html"), "{:?}", files.keys());
    }
    let docusaurus = text_of(&Setting { flavour: Flavour::Docusaurus, ..setting() }, "index.md");
    assert!(docusaurus.starts_with("---\ntitle: \""), "{docusaurus}");
    let mermaid = Setting { diagrams: Diagrams::Mermaid, ..setting() };
    let files = written(HOSTILE, &mermaid);
    assert!(text(&files, "README.md").contains("```mermaid\n"));
    assert!(
        !files.contains_key("diagrams/containers.svg"),
        "a picture that nothing shows: {:?}",
        files.keys()
    );
}

#[test]
fn every_link_inside_a_page_leads_somewhere() {
    let page = text(&written(HOSTILE, &setting()), "index.html");
    for target in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(page.contains(&format!("id=\"{target}\"")), "#{target}");
    }
    let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id stands twice");
}

#[test]
fn ejected_templates_give_the_same_bytes() {
    let own: BTreeMap<String, String> =
        TEMPLATES.iter().map(|(name, text)| ((*name).to_string(), (*text).to_string())).collect();
    let templates = Templates::new(&own).expect("templates");
    for layout in Layout::ALL {
        let setting = Setting { layout, ..setting() };
        let ejected = build(&design(HOSTILE), &setting, &templates).expect("a document");
        assert!(ejected == written(HOSTILE, &setting), "{layout:?}");
    }
}

fn with_template(name: &str, template: &str) -> Result<String, TemplateError> {
    let own = BTreeMap::from([(name.to_string(), template.to_string())]);
    let files = build(&design(HOSTILE), &setting(), &Templates::new(&own)?)?;
    Ok(text(&files, "README.md"))
}

#[test]
fn one_template_is_replaced_and_the_others_stay() {
    let document = with_template("parts/verdict.md", "Mine: {{plain verdict}}\n").expect("a document");
    assert!(document.contains("Mine: ") && document.contains("## Flows"), "{document}");
}

#[test]
fn a_variable_that_is_not_there_is_an_error_at_its_line() {
    for template in [
        "a\n{{nothing}}\n",
        "a\n{{#if nothing}}x{{/if}}\n",
        "a\n{{#each nothing}}x{{/each}}\n",
        "a\n{{plain nothing}}\n",
    ] {
        match with_template("parts/verdict.md", template) {
            Err(TemplateError::Failed { name, line, message }) => {
                assert_eq!((name.as_str(), line), ("parts/verdict.md", 2), "{message}");
            }
            other => panic!("{template:?}: {other:?}"),
        }
    }
    match with_template("parts/verdict.md", "a\n\n{{#if x}}\n") {
        Err(TemplateError::Malformed { name, .. }) => assert_eq!(name, "parts/verdict.md"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn parts_stand_in_texts_of_others_without_links_to_nowhere() {
    let templates = Templates::new(&BTreeMap::new()).expect("templates");
    let setting = Setting { layout: Layout::Summary, diagrams: Diagrams::Mermaid, ..Setting::default() };
    for part in ["verdict", "summary", "requirements", "diagram"] {
        let text = fragment(&design(HOSTILE), part, &setting, &templates).expect(part);
        assert!(!text.contains("](") || text.contains("\\]("), "{part}: {text}");
        assert!(!text.trim().is_empty(), "{part}");
    }
    assert!(fragment(&design(HOSTILE), "nothing", &setting, &templates).is_err());
}

#[test]
fn the_schema_names_everything_that_a_template_may_show() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).expect("JSON");
    let shown = serde_json::to_value(context(&design(HOSTILE), &setting())).expect("JSON");
    let named = &schema["properties"];
    for key in shown.as_object().expect("an object").keys() {
        assert!(named[key]["description"].is_string(), "{key} has no description");
    }
}

#[test]
fn rules_of_the_house_have_a_page_that_findings_lead_to() {
    let house = "rule owned \"Everything has an owner\" { require element.owner for service; severity error }\n\
                 service api \"API\"\nservice web \"Web\" { owner \"web team\" }\napi -> web\n";
    let files = written(house, &setting());
    let page = text(&files, "house_rules.md");
    assert!(page.contains("HSE001 (`owned`), error: ✗ broken at 1 place."), "{page}");
    assert!(page.contains("    require element.owner for service\n"), "{page}");
    assert!(page.contains("(about [API](README.md#element-api))"), "{page}");
    assert!(text(&files, "house_rules.html").contains("href=\"index.html#element-api\""));
    let document = text(&files, "README.md");
    assert!(document.contains("[HSE001](house_rules.md#rule-owned)"), "{document}");
    assert!(document.contains("[Everything has an owner](house_rules.md#rule-owned)"), "{document}");
    assert!(text(&files, "index.html").contains("href=\"house_rules.html#rule-owned\""));
    assert!(files.contains_key("house_rules.html"));
    let summary = written(house, &Setting { layout: Layout::Summary, ..setting() });
    assert!(!summary.contains_key("house_rules.md"), "one page is one page");
}

#[test]
fn gitlab_has_contents_and_places_with_names_and_calls_nobody() {
    let gitlab = Setting { flavour: Flavour::Gitlab, ..setting() };
    let design = "actor user \"Call @anna about #1\"\nservice api \"API\" { replicas 2, capacity 9/s }\n\
                  goal \"Fast\"\nflow ask { rate 1/s, user -> api }\n";
    let document = text(&written(design, &gitlab), "README.md");
    assert!(document.contains("\n[[_TOC_]]\n"), "{document}");
    assert!(document.contains("<a name=\"flow-ask\"></a>") && !document.contains("<a id="), "{document}");
    assert!(document.contains("Call \\@anna about \\#1"), "{document}");
    let github = text(&written(design, &setting()), "README.md");
    assert!(!github.contains("_TOC_") && github.contains("<a id=\"flow-ask\"></a>"), "{github}");
}

#[test]
fn a_flow_shows_how_it_fails_and_what_must_work() {
    let design = "actor user\nservice api { replicas 2, capacity 9/s }\nflow ask { rate 1/s, user -> api }\n";
    let files = written(design, &setting());
    let document = text(&files, "README.md");
    for picture in ["diagrams/blocks_ask.svg", "diagrams/fault_tree_ask.svg"] {
        assert!(document.contains(&format!("({picture})")), "{document}");
        assert!(files.contains_key(picture));
    }
}
