//! Small helpers for words in messages: the nearest names and lists in prose.
//!
//! Knows strings only.

mod mistakes;

pub use mistakes::mistake;

/// The candidates that resemble `word`, nearest first, at most three.
///
/// A candidate resembles the word when the two differ only in case, or when few enough
/// letters must be changed for the length of the word (one in three, transpositions count once),
/// or when one begins with the other.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let lower = word.to_lowercase();
    let length = word.chars().count();
    let mut found: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter(|c| *c != word && c.len().abs_diff(word.len()) <= 24)
        .filter_map(|c| {
            let other = c.to_lowercase();
            let allowed = (length.max(other.chars().count()) / 3).max(1);
            let distance = strsim::osa_distance(&lower, &other);
            let prefix =
                length >= 3 && (other.starts_with(&lower) || (other.len() >= 3 && lower.starts_with(&other)));
            (distance <= allowed || prefix).then_some((distance, c))
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|(_, c)| c).take(3).collect()
}

/// `` `a`, `b` or `c` ``; empty for none.
pub fn alternatives<S: AsRef<str>>(words: &[S]) -> String {
    joined(words, "or")
}

/// `` `a`, `b` and `c` ``; empty for none.
pub fn enumeration<S: AsRef<str>>(words: &[S]) -> String {
    joined(words, "and")
}

fn joined<S: AsRef<str>>(words: &[S], last: &str) -> String {
    match words {
        [] => String::new(),
        [only] => format!("`{}`", only.as_ref()),
        [start @ .., end] => {
            let start: Vec<String> = start.iter().map(|w| format!("`{}`", w.as_ref())).collect();
            format!("{} {last} `{}`", start.join(", "), end.as_ref())
        }
    }
}

/// `a` or `an`, by the first letter of the word that follows.
pub fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']) { "an" } else { "a" }
}

/// `did you mean …`, where something resembles the word.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let near = nearest(word, candidates);
    (!near.is_empty()).then(|| format!("did you mean {}?", alternatives(&near)))
}

/// A text with its times as people write them: `30 days`, `250 µs`.
pub fn spelled(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    let mut number: Option<&str> = None;
    for (at, word) in text.split(' ').enumerate() {
        if at > 0 {
            out.push(' ');
        }
        let bare = word.trim_end_matches([',', '.', ';', ':', ')']);
        let tail = &word[bare.len()..];
        match (number, bare) {
            (Some(n), "day" | "week" | "month" | "year") if n != "1" => {
                out.push_str(bare);
                out.push('s');
                out.push_str(tail);
            }
            (Some(_), "us") => {
                out.push_str("µs");
                out.push_str(tail);
            }
            _ => out.push_str(word),
        }
        let figures = word.trim_start_matches(['(', '≤', '≥', '<', '>', '=', '−', '-']);
        number = Some(figures)
            .filter(|w| w.starts_with(|c: char| c.is_ascii_digit()) && !w.contains(['%', '/', ':', ',']));
    }
    out
}

/// A sentence with its times as people write them; what stands in backticks is code, and stays.
pub fn spelled_around_code(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(at, part)| if at % 2 == 0 { spelled(part) } else { part.to_string() });
    parts.collect::<Vec<_>>().join("`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_words_come_first() {
        let words = ["replicas", "replication", "region", "retry"];
        assert_eq!(nearest("replcas", words), ["replicas"]);
        assert_eq!(nearest("Replicas", words), ["replicas"]);
        assert!(nearest("zebra", words).is_empty());
    }

    #[test]
    fn lists_read_as_prose() {
        assert_eq!(alternatives(&["a"]), "`a`");
        assert_eq!(alternatives(&["a", "b", "c"]), "`a`, `b` or `c`");
    }

    #[test]
    fn times_read_as_people_write_them() {
        assert_eq!(spelled("30 day"), "30 days");
        assert_eq!(spelled("1 day"), "1 day");
        assert_eq!(spelled("kept = 2 year: the smallest"), "kept = 2 years: the smallest");
        assert_eq!(spelled("full in 3.32 year, and 250 us"), "full in 3.32 years, and 250 µs");
        assert_eq!(spelled("95M posts/day"), "95M posts/day");
        assert_eq!(spelled("the 2024 report of the day"), "the 2024 report of the day");
        assert_eq!(spelled_around_code("`keep 30 day` keeps 30 day"), "`keep 30 day` keeps 30 days");
    }
}
