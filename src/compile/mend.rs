//! Applying the mechanical answers of findings, in rounds, each held against the compiler before it stays.
//!
//! It changes the text of the design itself; files that it imports are designs of their own. A round that brings
//! an error, or leaves a finding that it was to answer, is taken back, and its answers are tried one by one.

use super::{Design, Options, compile};
use crate::diagnostic::{Applicability, Finding, Fix, Severity, fingerprint};
use crate::source::{FileId, Loader, Span};
use std::collections::{BTreeMap, BTreeSet};

/// Rounds of one design: an answer may make room for the next, as a second property on the same place does.
const MOST_ROUNDS: usize = 100;

/// The file that is mended.
const OWN: FileId = FileId(0);

/// A design after its answers were applied.
#[derive(Clone, Debug)]
pub struct Mended {
    /// The design as it is now.
    pub design: Design,
    /// The text before, as it was read.
    pub before: String,
    /// How many findings were answered.
    pub answered: usize,
}

impl Mended {
    /// The text now.
    pub fn text(&self) -> &str {
        &self.design.lowered.sources.file(OWN).text
    }
}

/// What an answer is of: the finding and what is done about it.
type Key = (String, String);

/// An answer that is to be applied.
struct Choice {
    key: Key,
    edits: Vec<(Span, String)>,
}

/// Compiles a design and applies the answers to its open findings: the safe ones, and the others where asked for.
pub fn mend(path: &str, bytes: &[u8], loader: &dyn Loader, options: &Options, all: bool) -> Mended {
    let design = compile(path, bytes, loader, options);
    let before = design.lowered.sources.file(OWN).text.to_string();
    let mut mended = Mended { design, before, answered: 0 };
    let mut refused = BTreeSet::new();
    for _ in 0..MOST_ROUNDS {
        let choices = choose(&mended.design, all, &refused);
        if choices.is_empty() {
            break;
        }
        let tried = |choices: &[&Choice]| {
            let (text, places) = applied(mended.text(), choices);
            let after = compile(path, text.as_bytes(), loader, options);
            sound(&mended.design, &after, choices, &places).then_some(after)
        };
        let every: Vec<&Choice> = choices.iter().collect();
        let mut stays = tried(&every).map(|design| (design, every.len()));
        if stays.is_none() {
            for choice in &choices {
                stays = tried(&[choice]).map(|design| (design, 1));
                if stays.is_some() {
                    break;
                }
                refused.insert(choice.key.clone());
            }
        }
        if let Some((design, answered)) = stays {
            mended.design = design;
            mended.answered += answered;
        }
    }
    mended
}

/// The first answer of each open finding that may be applied now; answers that touch each other wait for a later round.
fn choose(design: &Design, all: bool, refused: &BTreeSet<Key>) -> Vec<Choice> {
    let mut taken: Vec<Span> = Vec::new();
    let mut choices = Vec::new();
    for finding in design.open_findings() {
        let Some(fix) = finding.fixes.iter().find(|fix| may_apply(fix, all)) else { continue };
        let key = (fingerprint(finding), fix.title.clone());
        let touches = |span: &Span| taken.iter().any(|t| t.start <= span.end && span.start <= t.end);
        if refused.contains(&key) || fix.edits.iter().any(|(span, _)| touches(span)) {
            continue;
        }
        taken.extend(fix.edits.iter().map(|(span, _)| *span));
        choices.push(Choice { key, edits: fix.edits.clone() });
    }
    choices
}

fn may_apply(fix: &Fix, all: bool) -> bool {
    (all || fix.applicability == Applicability::Safe)
        && !fix.edits.is_empty()
        && fix.edits.iter().all(|(span, _)| span.file == OWN)
}

/// The text with the edits, and where in it they are.
fn applied(text: &str, choices: &[&Choice]) -> (String, Vec<(u32, u32)>) {
    let mut edits: Vec<&(Span, String)> = choices.iter().flat_map(|c| &c.edits).collect();
    edits.sort();
    let windows = text.contains("\r\n");
    let (mut out, mut places, mut at) = (String::new(), Vec::new(), 0);
    for (span, new) in edits {
        out.push_str(text.get(at..span.start as usize).unwrap_or(""));
        let start = out.len() as u32;
        if windows {
            out.push_str(&new.replace('\n', "\r\n"));
        } else {
            out.push_str(new);
        }
        places.push((start, out.len() as u32));
        at = at.max(span.end as usize);
    }
    out.push_str(text.get(at..).unwrap_or(""));
    (out, places)
}

/// Whether answers did what they say and broke nothing.
fn sound(before: &Design, after: &Design, choices: &[&Choice], places: &[(u32, u32)]) -> bool {
    let (old, new) = (counts(before.open_findings()), counts(after.open_findings()));
    let count = |counts: &BTreeMap<String, usize>, print: &str| counts.get(print).copied().unwrap_or(0);
    let mut wanted: BTreeMap<&str, usize> = BTreeMap::new();
    for choice in choices {
        *wanted.entry(&choice.key.0).or_default() += 1;
    }
    let answered = wanted.iter().all(|(print, n)| count(&new, print) + n <= count(&old, print));
    answered
        && after.open_findings().filter(|f| f.severity == Severity::Error).all(|finding| {
            let print = fingerprint(finding);
            let is_new = count(&new, &print) > count(&old, &print);
            // Behind an error of the language others wait to be read, and every rule; at the place of the answer
            // itself nothing may be wrong.
            !is_new || before.has_language_errors() && !stands_in(finding, places)
        })
}

fn stands_in(finding: &Finding, places: &[(u32, u32)]) -> bool {
    let span = finding.primary.span;
    let language = finding.code.code.starts_with("E0");
    language && places.iter().any(|(start, end)| *start < span.end && span.start < *end)
}

fn counts<'a>(findings: impl Iterator<Item = &'a Finding>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(fingerprint(finding)).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::mend;
    use crate::compile::Options;
    use crate::source::NoFiles;

    fn mended(text: &str, all: bool) -> (String, usize) {
        let mended = mend("d.sysd", text.as_bytes(), &NoFiles, &Options::default(), all);
        (mended.text().to_string(), mended.answered)
    }

    #[test]
    fn what_is_misspelt_is_mended_and_the_rest_is_left_as_it_stands() {
        let text = "// ours\nserivce  api{ repicas 3 ,  // three\n  timeout 1s }\n";
        let (new, answered) = mended(text, false);
        assert_eq!(new, "// ours\nservice  api{ replicas 3 ,  // three\n  timeout 1s }\n");
        assert_eq!(answered, 2);
    }

    #[test]
    fn unsafe_answers_are_applied_only_where_asked_for() {
        let text = "actor user\nservice api { auth jwt, timeout 2s }\nstore posts { timeout 300ms }\n\
                    flow read {\n  user -> api -> posts read post {\n    retry {\n      attempts 3\n    }\n  }\n}\n";
        assert_eq!(mended(text, false).1, 0);
        let (new, _) = mended(text, true);
        assert!(new.contains("attempts 3\n      backoff exponential, jitter on\n    }"), "{new}");
        assert_eq!(mended(&new, true).0, new);
    }

    #[test]
    fn line_ends_stay_as_they_are() {
        let text = "service api {\r\n  auth jwt\r\n  allow store_exposed \"old\"\r\n}\r\n";
        assert_eq!(mended(text, false).0, "service api {\r\n  auth jwt\r\n}\r\n");
    }

    #[test]
    fn items_on_one_line_go_with_their_commas() {
        let allow = "allow store_exposed \"old\"";
        for (text, wanted) in [
            (format!("service api {{ {allow} }}\n"), "service api\n"),
            (format!("service api {{ {allow}, auth jwt }}\n"), "service api { auth jwt }\n"),
            (format!("service api {{ auth jwt, {allow} }}\n"), "service api { auth jwt }\n"),
        ] {
            assert_eq!(mended(&text, false).0, wanted);
        }
    }
}
