//! `docs/curriculum.md`: where each point of the curriculum stands in the examples, and what follows from it.
//!
//! The tables under `docs/curriculum/` say which point stands where; everything else is computed. A row is
//! true or the test fails: its place stands once in the design, a number rests on that place, a rule
//! fires where the row says so, and what is cut to show a consequence is at that place.

use crate::real_output::checked;
use serde::Deserialize;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use sysd::analysis::{FactId, Facts, Requirement, Status, names};
use sysd::compile::{Design, Options, compile};
use sysd::diff::{Diff, Noted, diff};
use sysd::project::FolderLoader;
use sysd::rules;

/// A construct of more lines than this is not a place, but a chapter.
const LONGEST_PLACE: usize = 30;

/// An example of a concept is read at a glance: it has fewer lines than this.
const CONCEPT_LINES: usize = 30;

/// A case study says everything its system needs, and is read in one sitting.
const CASE_STUDY_LINES: std::ops::RangeInclusive<usize> = 120..=350;

/// What a first sketch must have for the review to be worth reading.
const LEAST_FINDINGS: usize = 8;

/// How the codes of rules that a team writes itself begin.
const HOUSE_RULE: &str = "HSE";

/// A point of the curriculum and its place.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    /// A few words of the curriculum.
    point: String,
    /// Words of the design that stand once in it; the construct that begins on their line is the place.
    at: String,
    /// Numbers that rest on the place.
    #[serde(default)]
    numbers: Vec<String>,
    /// Whether what is promised at the place is shown with its verdict.
    #[serde(default)]
    verdict: bool,
    /// A picture that shows it.
    view: Option<String>,
    /// Rules that fire on the first sketch, which lacks it.
    #[serde(default)]
    sketch: Vec<String>,
    /// What happens without it, or with something else in its place.
    without: Option<Without>,
}

/// A change at the place, and what it does.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Without {
    /// Words at the place.
    cut: String,
    /// What stands there instead.
    #[serde(default)]
    put: String,
    /// Rules that then fire, and did not before.
    #[serde(default)]
    fires: Vec<String>,
    /// Numbers that then are others.
    #[serde(default)]
    moves: Vec<String>,
    /// Whether what is promised at the place is then no longer kept.
    #[serde(default)]
    breaks: bool,
}

/// A case study: the points under its six headings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseStudy {
    title: String,
    design: String,
    functional: Vec<Row>,
    non_functional: Vec<Row>,
    components: Vec<Row>,
    architecture: Vec<Row>,
    scalability: Vec<Row>,
    considerations: Vec<Row>,
}

/// A module: its concepts, in order.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Module {
    title: String,
    concept: Vec<Concept>,
}

/// A concept: one row or several, each with its example.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Concept {
    name: String,
    /// Rules about it.
    #[serde(default)]
    rules: Vec<String>,
    row: Vec<Example>,
}

/// A row of a concept.
#[derive(Deserialize)]
struct Example {
    /// The path of the example below `examples/concepts`, without its ending.
    example: String,
    #[serde(flatten)]
    row: Row,
}

/// A design with its text.
struct Compiled {
    path: String,
    text: String,
    design: Design,
    /// The names of its pictures, once they were asked for.
    views: OnceCell<Vec<String>>,
    /// How often each rule fires without the scenarios, once it was asked.
    codes: OnceCell<BTreeMap<&'static str, usize>>,
}

impl Compiled {
    fn read(path: &str) -> Compiled {
        let full = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let text = fs::read_to_string(&full).unwrap_or_else(|e| panic!("{path}: {e}"));
        Compiled::of(path, text)
    }

    fn of(path: &str, text: String) -> Compiled {
        let loader = FolderLoader::new(Path::new(env!("CARGO_MANIFEST_DIR")));
        let design = compile(path, text.as_bytes(), &loader, &Options::default());
        Compiled { path: path.to_string(), text, design, views: OnceCell::new(), codes: OnceCell::new() }
    }

    fn number(&self, name: &str) -> Option<FactId> {
        names::find(&self.design.lowered.model, &self.design.analysis.base.derivation, name)
    }

    /// The value of a number, as `sysd why` prints it.
    fn value(&self, name: &str) -> Option<String> {
        let derivation = &self.design.analysis.base.derivation;
        let id = self.number(name)?;
        derivation.value(id).map(|_| derivation.show(id))
    }

    /// Whether a number rests on something that is stated in this part of the text.
    fn rests_on(&self, name: &str, place: &Range<usize>) -> bool {
        let derivation = &self.design.analysis.base.derivation;
        let mut todo: Vec<FactId> = self.number(name).into_iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(id) = todo.pop() {
            if !seen.insert(id) {
                continue;
            }
            let fact = derivation.fact(id);
            if fact.span.is_some_and(|s| place.contains(&s.range().start)) {
                return true;
            }
            todo.extend(fact.inputs.iter().copied());
        }
        false
    }

    /// How often each rule fires in the base case.
    fn codes(&self) -> &BTreeMap<&'static str, usize> {
        self.codes.get_or_init(|| count(&Compiled::of(&self.path, base_case(&self.text)).design))
    }

    fn has_view(&self, name: &str) -> bool {
        let names = || sysd::views::views(&self.design).into_iter().map(|v| v.name).collect();
        self.views.get_or_init(names).iter().any(|known| known == name)
    }

    fn line(&self, offset: usize) -> usize {
        self.text[..offset].matches('\n').count() + 1
    }
}

/// How often each rule fires.
fn count(design: &Design) -> BTreeMap<&'static str, usize> {
    let mut codes = BTreeMap::new();
    for finding in design.open_findings() {
        *codes.entry(finding.code.code).or_insert(0) += 1;
    }
    codes
}

/// A design without its scenarios and what is promised under them, every other word at its place.
/// A change is judged by the base case; the scenarios are most of the work.
fn base_case(text: &str) -> String {
    let mut out = text.to_string();
    for start in text.match_indices('\n').map(|(at, _)| at + 1) {
        let line = text[start..].lines().next().unwrap_or_default();
        if line.starts_with("scenario ") || (line.starts_with("target ") && line.contains(" under ")) {
            let range = construct(text, start);
            let blank: String =
                text[range.clone()].bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }).collect();
            out.replace_range(range, &blank);
        }
    }
    out
}

/// The construct that begins on the line of some words: to the end of the line on which its brackets close.
fn construct(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |n| n + 1);
    let (mut depth, mut quoted, mut end) = (0i32, false, text.len());
    for (offset, c) in text[start..].char_indices() {
        match c {
            '"' => quoted = !quoted,
            '{' | '(' | '[' if !quoted => depth += 1,
            '}' | ')' | ']' if !quoted => depth -= 1,
            '\n' if depth <= 0 => {
                end = start + offset;
                break;
            }
            _ => {}
        }
    }
    start..end
}

/// Writes rows and collects what is wrong with them.
#[derive(Default)]
struct Writer {
    out: String,
    wrong: Vec<String>,
    /// Designs that were compiled already, by path.
    designs: BTreeMap<String, Compiled>,
    rows: usize,
}

impl Writer {
    fn load(&mut self, path: &str) {
        if !self.designs.contains_key(path) {
            self.designs.insert(path.to_string(), Compiled::read(path));
        }
    }

    /// The cells of a row: point, place, what is computed, what happens without it.
    fn cells(&mut self, path: &str, sketch: Option<&str>, row: &Row) -> Option<[String; 4]> {
        self.rows += 1;
        self.load(path);
        if let Some(sketch) = sketch {
            self.load(sketch);
        }
        let Writer { wrong, designs, .. } = self;
        let whole = &designs[path];
        let mut complain = |what: String| wrong.push(format!("{path}: `{}`: {what}", row.point));
        let places: Vec<usize> = whole.text.match_indices(&row.at).map(|(at, _)| at).collect();
        let [at] = places[..] else {
            complain(format!("`{}` stands {} times in the design", row.at, places.len()));
            return None;
        };
        let place = construct(&whole.text, at);
        if whole.text[place.clone()].lines().count() > LONGEST_PLACE {
            complain(format!("`{}` is a construct of more than {LONGEST_PLACE} lines", row.at));
        }
        let changed = row.without.as_ref().and_then(|w| without(whole, &place, w, &mut complain));
        let computed = computed(whole, &place, row, &mut complain);
        let left_out = left_out(row, changed, sketch.map(|s| &designs[s]), &mut complain);
        if computed.is_empty() && left_out.is_empty() {
            complain("nothing is computed from it".to_string());
        }
        let link = format!("[`{}`](../{path}#L{})", cell(&row.at), whole.line(at));
        Some([cell(&row.point), link, computed, left_out])
    }

    fn finish(self) -> String {
        assert!(self.wrong.is_empty(), "{} rows are wrong:\n{}", self.wrong.len(), self.wrong.join("\n"));
        self.out
    }
}

/// Text in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A rule as a link to its page.
fn rule(code: &str, complain: &mut impl FnMut(String)) -> String {
    if code.starts_with(HOUSE_RULE) {
        return format!("[{code}](house_rules.md)");
    }
    let Some(rule) = rules::all().find(|r| r.code.code == code) else {
        complain(format!("there is no rule {code}"));
        return code.to_string();
    };
    format!("[{code}](rules/{}.md)", rule.code.name.replace('-', "_"))
}

/// Numbers, verdicts and the picture.
fn computed(whole: &Compiled, place: &Range<usize>, row: &Row, complain: &mut impl FnMut(String)) -> String {
    let mut parts = Vec::new();
    for name in &row.numbers {
        match whole.value(name) {
            Some(value) => parts.push(format!("`{name}` {value}")),
            None => complain(format!("`{name}` is no number")),
        }
        if !whole.rests_on(name, place) {
            complain(format!("`{name}` does not rest on `{}`", row.at));
        }
    }
    if row.verdict {
        let verdicts = verdicts(whole, place, complain);
        if verdicts.is_empty() {
            complain("nothing is promised here".to_string());
        }
        parts.extend(verdicts);
    }
    if let Some(view) = &row.view {
        if !whole.has_view(view) {
            complain(format!("there is no view `{view}`"));
        }
        parts.push(format!("picture `{view}`"));
    }
    parts.join("; ")
}

/// What is promised at a place; under a scenario, as it is judged there.
fn promises(whole: &Compiled, place: &Range<usize>) -> Vec<Requirement> {
    let analysis = &whole.design.analysis;
    let here = |facts: &Facts| -> Vec<Requirement> {
        facts.requirements.iter().filter(|r| place.contains(&r.span.range().start)).cloned().collect()
    };
    let all = here(&analysis.base);
    if all.is_empty() { analysis.scenarios.iter().flat_map(|(_, facts)| here(facts)).collect() } else { all }
}

/// What is promised at a place, with its verdict.
fn verdicts(whole: &Compiled, place: &Range<usize>, complain: &mut impl FnMut(String)) -> Vec<String> {
    let mut out = Vec::new();
    for requirement in promises(whole, place) {
        let word = match requirement.status {
            Status::Met => "met",
            Status::Violated => "violated",
            Status::NotEvaluated => "not evaluated",
        };
        if requirement.status != Status::Met {
            complain(format!("{} is {word}: {}", requirement.text, requirement.why));
        }
        let text = match requirement.kind {
            "functional" => format!("{word} by {}", flows(whole, &requirement.expected)),
            "require" => format!(
                "{} {word}: {} ({})",
                cell(&requirement.text),
                requirement.actual,
                requirement.expected
            ),
            _ => format!("{word}: {}", requirement.actual),
        };
        if !out.contains(&text) {
            out.push(text);
        }
    }
    out
}

/// The flows that meet a requirement, each with its latency where it has one.
fn flows(whole: &Compiled, names: &str) -> String {
    let shown = |name: &str| match whole.value(&format!("{name}.p99")) {
        Some(value) => format!("`{name}` (p99 {value})"),
        None => format!("`{name}`"),
    };
    names.split(", ").map(shown).collect::<Vec<_>>().join(", ")
}

/// The design with the change of a row.
fn without(
    whole: &Compiled,
    place: &Range<usize>,
    change: &Without,
    complain: &mut impl FnMut(String),
) -> Option<Vec<String>> {
    let here = &whole.text[place.clone()];
    let found: Vec<usize> = here.match_indices(&change.cut).map(|(at, _)| at).collect();
    let [at] = found[..] else {
        complain(format!("`{}` stands {} times at the place", change.cut, found.len()));
        return None;
    };
    let start = place.start + at;
    let text = format!("{}{}{}", &whole.text[..start], change.put, &whole.text[start + change.cut.len()..]);
    let other = Compiled::of(&whole.path, base_case(&text));
    if other.design.has_language_errors() {
        complain(format!("cutting `{}` leaves something that is not a design", change.cut));
        return None;
    }
    let mut parts = Vec::new();
    let (before, after) = (whole.codes(), count(&other.design));
    for code in &change.fires {
        if after.get(code.as_str()).copied().unwrap_or(0) <= before.get(code.as_str()).copied().unwrap_or(0) {
            let new: Vec<_> = after.iter().filter(|(c, n)| before.get(*c).unwrap_or(&0) < n).collect();
            complain(format!("{code} does not fire; these do: {new:?}"));
        }
        parts.push(rule(code, complain));
    }
    for name in &change.moves {
        let (old, new) = (whole.value(name), other.value(name));
        if old == new || new.is_none() {
            complain(format!("`{name}` was {old:?} and is {new:?}"));
        }
        let [old, new] = [old, new].map(|v| v.unwrap_or_else(|| "unknown".to_string()));
        parts.push(format!("`{name}` {old} → {new}"));
    }
    if change.breaks {
        let broken = promises(&other, &construct(&other.text, place.start));
        let broken = broken.iter().find(|r| r.status != Status::Met);
        match broken {
            Some(r) if r.actual.is_empty() => parts.push(format!("no longer met: {}", cell(&r.why))),
            Some(r) => parts.push(format!("no longer met: {}", r.actual)),
            None => complain("what is promised is still met".to_string()),
        }
    }
    if parts.is_empty() {
        complain("a change that changes nothing".to_string());
    }
    Some(parts)
}

/// What happens without it: by a change of this design, and on the first sketch.
fn left_out(
    row: &Row,
    changed: Option<Vec<String>>,
    sketch: Option<&Compiled>,
    complain: &mut impl FnMut(String),
) -> String {
    let mut parts = Vec::new();
    if let (Some(change), Some(changes)) = (&row.without, changed) {
        let what = match change.put.as_str() {
            "" => format!("without `{}`", cell(change.cut.trim_matches([' ', ',', '\n']))),
            put => format!("`{}` → `{}`", cell(&change.cut), cell(put)),
        };
        parts.push(format!("{what}: {}", changes.join(", ")));
    }
    if !row.sketch.is_empty() {
        let links: Vec<String> = row.sketch.iter().map(|code| rule(code, complain)).collect();
        match sketch {
            None => complain("there is no first sketch".to_string()),
            Some(sketch) => {
                let codes = sketch.codes();
                for code in row.sketch.iter().filter(|c| !codes.contains_key(c.as_str())) {
                    complain(format!("{code} does not fire on the first sketch"));
                }
            }
        }
        parts.push(format!("first sketch: {}", links.join(", ")));
    }
    parts.join("; ")
}

/// The data files of a folder, in order.
fn read_all<T: for<'de> Deserialize<'de>>(folder: &str) -> Vec<T> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/curriculum").join(folder);
    let entries = fs::read_dir(&folder).expect("a folder");
    let mut files: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    files.sort();
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("readable");
        toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    };
    files.iter().map(read).collect()
}

fn case_study(writer: &mut Writer, study: &CaseStudy) {
    let path = format!("examples/case-studies/{}.sysd", study.design);
    let sketch = format!("examples/case-studies/naive/{}.sysd", study.design);
    writer.load(&path);
    let lines = writer.designs[&path].text.lines().count();
    if !CASE_STUDY_LINES.contains(&lines) {
        writer.wrong.push(format!("{path} has {lines} lines: a case study has {CASE_STUDY_LINES:?}"));
    }
    let _ = writeln!(
        writer.out,
        "\n### {}\n\n[The design](../{path}), [the first sketch](../{sketch}).\n\n\
         | point | in the design | computed | without it, or otherwise |\n| --- | --- | --- | --- |",
        study.title
    );
    for (heading, rows) in [
        ("Functional requirements", &study.functional),
        ("Non-functional requirements", &study.non_functional),
        ("Key components", &study.components),
        ("Architecture", &study.architecture),
        ("Scalability", &study.scalability),
        ("Real-world considerations", &study.considerations),
    ] {
        let _ = writeln!(writer.out, "| **{heading}** | | | |");
        for row in rows {
            if let Some(cells) = writer.cells(&path, Some(&sketch), row) {
                let _ = writeln!(writer.out, "| {} |", cells.join(" | "));
            }
        }
    }
}

fn module(writer: &mut Writer, module: &Module) {
    let _ = writeln!(
        writer.out,
        "\n### {}\n\n| concept | written | example | computed | with a change | rules |\n| --- | --- | --- | --- | --- | --- |",
        module.title
    );
    for concept in &module.concept {
        let mut name = format!("**{}**", concept.name);
        let mut links: Vec<String> = Vec::new();
        for code in &concept.rules {
            links.push(rule(code, &mut |what| writer.wrong.push(format!("{}: {what}", concept.name))));
        }
        let mut links = links.join(" ");
        for Example { example, row } in &concept.row {
            let path = format!("examples/concepts/{example}.sysd");
            let Some([point, place, computed, left_out]) = writer.cells(&path, None, row) else { continue };
            let title = if point.is_empty() { name.clone() } else { format!("{name} {point}") };
            let file = example.rsplit('/').next().unwrap_or_default().replace('_', " ");
            let _ = writeln!(
                writer.out,
                "| {} | {place} | [{file}](../{path}) | {computed} | {left_out} | {links} |",
                title.trim()
            );
            name.clear();
            links.clear();
        }
    }
}

/// What the review of each first sketch finds: in numbers, and a page with every kind of finding.
fn reviews(writer: &mut Writer, studies: &[CaseStudy]) -> String {
    writer.out.push_str(
        "\n## What the review found\n\nEach case study has a first sketch: what one would draw first. \
         [What the review found](reviews.md) shows each kind of finding and what became of the promises.\n\n\
         | first sketch | findings | kinds | gone in the design | promises of the design that are met |\n\
         | --- | --- | --- | --- | --- |\n",
    );
    let mut page = String::from(
        "# What the review found\n\nGenerated by `sysd diff` from the first sketches and the designs; \
         `UPDATE=1 cargo test` writes it anew.\n\nA newcomer draws boxes and arrows. What a review would say of them, \
         sysd says: for each case study the kinds of findings in the first sketch, with the first of each, \
         and what became of the promises that sketch and design share.\n",
    );
    for study in studies {
        let path = format!("examples/case-studies/{}.sysd", study.design);
        let sketch = format!("examples/case-studies/naive/{}.sysd", study.design);
        writer.load(&path);
        writer.load(&sketch);
        let Writer { wrong, designs, out, .. } = &mut *writer;
        let (good, bad) = (&designs[&path], &designs[&sketch]);
        let mut complain = |what: String| wrong.push(format!("{sketch}: {what}"));
        if good.design.lowered.model.system.supersedes.as_deref() != Some(sketch.as_str()) {
            complain(format!("{path} does not say that it supersedes this sketch"));
        }
        let changed = diff(Some(&bad.design), Some(&good.design));
        let open = bad.design.open_findings().count();
        let gone = changed.gone_findings.len();
        let kinds = by_code(&changed.gone_findings);
        if kinds.len() < LEAST_FINDINGS {
            complain(format!("only {} kinds of findings", kinds.len()));
        }
        let requirements = &good.design.analysis.base.requirements;
        let met = requirements.iter().filter(|r| r.status == Status::Met).count();
        let _ = writeln!(
            out,
            "| [{}](../{sketch}) | {open} | {} | {gone} | {met} of {} |",
            study.title,
            kinds.len(),
            requirements.len()
        );
        let _ = writeln!(
            page,
            "\n## {}\n\n[The first sketch](../{sketch}), [the design](../{path}).\n",
            study.title
        );
        page.push_str(&review(&sketch, &kinds, &changed, &mut complain));
    }
    page
}

/// Findings by their code, in the order of the codes.
fn by_code(findings: &[Noted]) -> BTreeMap<&'static str, Vec<&Noted>> {
    let mut kinds: BTreeMap<&str, Vec<&Noted>> = BTreeMap::new();
    for noted in findings {
        kinds.entry(noted.finding.code.code).or_default().push(noted);
    }
    kinds
}

/// The findings of one first sketch, and its promises beside those of the design.
fn review(
    sketch: &str,
    kinds: &BTreeMap<&'static str, Vec<&Noted>>,
    changed: &Diff,
    complain: &mut impl FnMut(String),
) -> String {
    let mut out = String::from("| rule | in the first sketch | places |\n| --- | --- | --- |\n");
    for (code, findings) in kinds {
        let first = findings[0];
        let link = format!("[line {}](../{sketch}#L{})", first.place.1, first.place.1);
        let _ = writeln!(
            out,
            "| {} {} | {}, {link} | {} |",
            rule(code, complain),
            first.finding.code.name.replace('-', " "),
            cell(&first.finding.message),
            findings.len()
        );
    }
    let mut promises = String::new();
    for requirement in &changed.requirements {
        let (Some(before), Some(after)) = (requirement.before, requirement.after) else { continue };
        if requirement.id.contains(": ") || before == after {
            continue;
        }
        let verdict = |status: Status, actual: &str| match actual {
            "" => status.word().replace('_', " "),
            _ => format!("{}: {}", status.word().replace('_', " "), cell(actual)),
        };
        let _ = writeln!(
            promises,
            "| {} | {} | {} |",
            cell(&requirement.text),
            verdict(before, &requirement.was.1),
            verdict(after, &requirement.is.1)
        );
    }
    if !promises.is_empty() {
        let _ = write!(out, "\n| promise | first sketch | design |\n| --- | --- | --- |\n{promises}");
    }
    out
}

/// Every example of a concept has a row.
fn every_example_has_a_row(modules: &[Module], wrong: &mut Vec<String>) {
    let used: BTreeSet<&str> =
        modules.iter().flat_map(|m| &m.concept).flat_map(|c| &c.row).map(|e| e.example.as_str()).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/concepts");
    for folder in fs::read_dir(&root).expect("a folder") {
        // What stands beside the folders is shared by the examples.
        let Ok(files) = fs::read_dir(folder.expect("an entry").path()) else { continue };
        for file in files {
            let path = file.expect("an entry").path();
            let name = path.strip_prefix(&root).expect("below").with_extension("");
            let name = name.to_string_lossy().replace('\\', "/");
            let lines = fs::read_to_string(&path).expect("a text").lines().count();
            if lines >= CONCEPT_LINES {
                wrong.push(format!("examples/concepts/{name}.sysd has {lines} lines: an example has fewer than {CONCEPT_LINES}"));
            }
            if !used.contains(name.as_str()) {
                wrong.push(format!("examples/concepts/{name}.sysd has no row"));
            }
        }
    }
}

#[test]
fn the_curriculum_is_in_the_examples() {
    let studies: Vec<CaseStudy> = read_all("case_studies");
    let modules: Vec<Module> = read_all("modules");
    let mut writer = Writer::default();
    for one in &modules {
        module(&mut writer, one);
    }
    let concepts = std::mem::take(&mut writer.out);
    let concept_rows = std::mem::take(&mut writer.rows);
    for study in &studies {
        case_study(&mut writer, study);
    }
    let cases = std::mem::take(&mut writer.out);
    let rows = writer.rows;
    let reviewed = reviews(&mut writer, &studies);
    every_example_has_a_row(&modules, &mut writer.wrong);
    let count: usize = modules.iter().map(|m| m.concept.len()).sum();
    let reviews = writer.finish();
    let head = format!(
        "# The curriculum in sysd\n\nGenerated from `docs/curriculum/` and the examples; `UPDATE=1 cargo test` writes it anew.\n\n\
         A usual course on system design has {} modules and {} case studies. Each of its points stands here with the place \
         where a design says it, what sysd computes from that place, and what happens without it, or with something else in its place.\n\n\
         - [Concepts](#concepts): {count} concepts, {concept_rows} rows.\n\
         - [Case studies](#case-studies): {rows} points.\n\
         - [What the review found](#what-the-review-found): the first sketches.\n\n\
         A number is what `sysd why FILE NUMBER` prints, and rests on what is written at the place. \
         A change is made to the text at that place: the numbers that move, and the rules that then fire.\n",
        modules.len(),
        studies.len()
    );
    let page = format!("{head}\n## Concepts\n{concepts}\n## Case studies\n{cases}{reviews}");
    checked("docs/reviews.md", &reviewed);
    checked("docs/curriculum.md", &page);
}
