//! What changed between two versions: nothing where a design is reordered or reformatted, and what did otherwise.

use std::path::{Path, PathBuf};
use sysd::compile::{Design, Options, compile};
use sysd::diff::{Change, Diff, diff};
use sysd::quantity::UnitTable;
use sysd::source::{FileId, Loader, NoFiles};
use sysd::syntax::{Doc, Item, parse};

struct Examples;

impl Loader for Examples {
    fn load(&self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).map_err(|e| e.to_string())
    }
}

fn examples(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            examples(&path, found);
        } else if path.extension().is_some_and(|e| e == "sysd") {
            found.push(path);
        }
    }
    found.sort();
}

/// Numbers without a pattern, the same in every run: Knuth's multiplier.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

/// The text with its items in another order; the steps of a flow have one that means something.
fn shuffled(text: &str, dice: &mut Dice) -> String {
    let units = UnitTable::new();
    let tree = parse(FileId(0), text, &|word| units.is_unit(word));
    let mut out: String = lines(&tree.docs, text);
    out.push_str(&pieces(&tree.items, text, dice));
    out
}

fn lines(docs: &[Doc], text: &str) -> String {
    docs.iter().flat_map(|d| [&text[d.span.range()], "\n"]).collect()
}

fn pieces(items: &[Item], text: &str, dice: &mut Dice) -> String {
    let mut all: Vec<String> = items.iter().map(|item| piece(item, text, dice)).collect();
    dice.shuffle(&mut all);
    all.join("\n")
}

fn piece(item: &Item, text: &str, dice: &mut Dice) -> String {
    let docs: String = lines(&item.docs, text);
    let body = match &item.block {
        Some(block) if item.key() != Some("flow") => {
            format!("{} {{\n{}\n}}", &text[item.header().range()], pieces(&block.items, text, dice))
        }
        _ => text[item.span.range()].to_string(),
    };
    docs + &body
}

fn told(diff: &Diff) -> String {
    format!("{diff:#?}").lines().take(60).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_design_in_another_order_or_format_is_the_same_design() {
    let mut found = Vec::new();
    examples(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"), &mut found);
    let mut dice = Dice(1);
    for path in found {
        let name =
            path.strip_prefix(env!("CARGO_MANIFEST_DIR")).expect("inside").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("readable");
        let design = |text: &str| compile(&name, text.as_bytes(), &Examples, &Options::default());
        let before = design(&text);
        let other = shuffled(&text, &mut dice);
        let units = UnitTable::new();
        let tree = parse(FileId(0), &other, &|word| units.is_unit(word));
        let after = design(&sysd::format::format(&tree, &other).expect("a design without faults"));
        assert_eq!(before.has_language_errors(), after.has_language_errors(), "{name}\n{other}");
        let changes = diff(Some(&before), Some(&after));
        assert!(changes.is_empty() && changes.breaking.is_empty(), "{name}\n{}", told(&changes));
    }
}

fn design(text: &str) -> Design {
    let design = compile("design.sysd", text.as_bytes(), &NoFiles, &Options::default());
    assert!(!design.has_language_errors(), "{:?}", design.findings);
    design
}

fn changes(old: &str, new: &str) -> Diff {
    diff(Some(&design(old)), Some(&design(new)))
}

const OLD: &str = "
data post { size 1 kB, key post_id, fields post_id author text, keep forever }
actor user
service api { replicas 2, capacity 100/s, latency { mean 10ms }, public, auth oidc }
store posts: postgresql { holds post, replicas 2, failover automatic 30s, latency { mean 5ms } }
flow view { rate 100/s, require { p99 200ms, availability 99% }, user -> api \"GET /v1/posts\", api -> posts read post }
";

#[test]
fn numbers_and_verdicts_are_told_with_their_values() {
    let new = OLD.replace("mean 5ms", "mean 90ms");
    let diff = changes(OLD, &new);
    let p99 = diff.numbers.iter().find(|n| n.name == "view.p99").expect("a changed number");
    assert!(p99.before < p99.after && p99.headline && p99.was.ends_with(" ms"), "{p99:?}");
    let verdict = diff.requirements.iter().find(|r| r.id == "view.p99").expect("a changed verdict");
    assert_eq!(
        (verdict.before.map(|s| s.word()), verdict.after.map(|s| s.word())),
        (Some("met"), Some("violated"))
    );
    assert!(diff.breaking.iter().any(|b| b.what.starts_with("`view.p99` was met")), "{:?}", diff.breaking);
    assert_eq!(diff.things.len(), 1);
}

#[test]
fn a_new_single_point_of_failure_is_named() {
    let new = OLD
        .replace("store posts", "cache hot: redis\nstore posts")
        .replace("api -> posts", "api -> hot read x\n api -> posts");
    let diff = changes(OLD, &new);
    assert_eq!(diff.new_points, [("hot".to_string(), vec!["view".to_string()])]);
    assert!(diff.gone_points.is_empty() && diff.breaking.is_empty(), "{}", told(&diff));
    let added = diff.things.iter().filter(|t| matches!(t.change, Change::Added));
    assert_eq!(added.map(|t| t.key.name.as_str()).collect::<Vec<_>>(), ["hot", "api -> hot read x"]);
}

#[test]
fn what_moves_into_a_group_is_the_same_thing() {
    let new = OLD.replace("service api", "group core { service api").replace("auth oidc }", "auth oidc } }");
    let diff = changes(OLD, &new);
    assert_eq!(diff.moved, [("api".to_string(), "core.api".to_string())]);
    assert!(
        diff.numbers.is_empty() && diff.new_findings.is_empty() && diff.gone_findings.is_empty(),
        "{}",
        told(&diff)
    );
    assert!(diff.breaking.is_empty(), "{}", told(&diff));
}

#[test]
fn a_rule_of_the_house_is_compared_by_what_it_says() {
    let rule = |text: &str| format!("{OLD}rule safe {{ {text} }}\n");
    let old = rule("require step.encrypted in [tls, mtls] for actor -> service where target.kind==service");
    let same =
        rule("require step.encrypted in [ tls mtls ]   for actor->service where target.kind == service");
    let other = rule("require step.encrypted in [mtls] for actor -> service where target.kind == service");
    assert!(changes(&old, &same).is_empty(), "{}", told(&changes(&old, &same)));
    assert_eq!(changes(&old, &other).things.len(), 1);
}

#[test]
fn what_breaks_others_is_told_apart() {
    let broken = |from: &str, to: &str, what: &str| {
        let diff = changes(OLD, &OLD.replace(from, to));
        let said: Vec<&str> = diff.breaking.iter().map(|b| b.what.as_str()).collect();
        assert!(said.iter().any(|s| s.contains(what)), "{what}: {said:?}");
    };
    broken("fields post_id author text", "fields post_id text", "no field `author`");
    broken("keep forever", "keep 30 day", "for a shorter time: forever → 30 day");
    broken("key post_id", "key author", "the key of `post` is `author`");
    broken("p99 200ms", "p99 300ms", "weaker `p99`: 200 ms → 300 ms");
    broken("availability 99%", "", "no `availability` any more");
    broken("auth oidc", "auth mtls", "other credentials: oidc → mtls");
    broken("public, ", "", "`api` is not public any more");
    broken("GET /v1/posts", "GET /v2/posts", "`view` no longer offers \"GET /v1/posts\"");
    broken("flow view", "flow look", "flow `view` is gone");
    let harmless = changes(
        OLD,
        &OLD.replace("p99 200ms", "p99 150ms").replace("replicas 2, capacity", "replicas 3, capacity"),
    );
    assert!(harmless.breaking.is_empty() && !harmless.is_empty(), "{}", told(&harmless));
}

#[test]
fn a_design_that_came_or_went_is_all_new_or_all_gone() {
    let design = design(OLD);
    let (came, went) = (diff(None, Some(&design)), diff(Some(&design), None));
    assert!(came.breaking.is_empty() && came.things.iter().all(|t| matches!(t.change, Change::Added)));
    assert!(!went.breaking.is_empty() && went.things.iter().all(|t| matches!(t.change, Change::Removed)));
}
