//! What readers of TOML and JSON say is wrong, in our words.
//!
//! Serde writes its sentences for programmers (`invalid type: string "x", expected usize`); people who wrote a file
//! are told what stands there and what is expected.

use super::{alternatives, did_you_mean, enumeration};

/// A sentence of serde in our words; any other as it is, on one line.
pub fn mistake(said: &str) -> String {
    let said = said.trim_end();
    unknown_key(said)
        .or_else(|| unknown_word(said))
        .or_else(|| wrong_type(said))
        .or_else(|| missing_key(said))
        .unwrap_or_else(|| said.replace('\n', "; "))
}

/// Serde's "unknown field `a`, expected one of `b`, `c`".
fn unknown_key(said: &str) -> Option<String> {
    let (field, expected) = said.strip_prefix("unknown field `")?.split_once('`')?;
    let known = quoted(expected);
    let hint = did_you_mean(field, known.iter().copied())
        .unwrap_or_else(|| format!("the keys here are {}", enumeration(&known)));
    Some(format!("there is no key `{field}`{}; {hint}", place(expected)))
}

/// Serde's "unknown variant `a`, expected `b` or `c`".
fn unknown_word(said: &str) -> Option<String> {
    let (word, expected) = said.strip_prefix("unknown variant `")?.split_once('`')?;
    let known = quoted(expected);
    let hint = did_you_mean(word, known.iter().copied()).map(|h| format!("; {h}")).unwrap_or_default();
    Some(format!("expected {}, and found `{word}`{}{hint}", alternatives(&known), place(expected)))
}

/// Serde's "invalid type: string \"x\", expected usize", and the same of values and lengths.
fn wrong_type(said: &str) -> Option<String> {
    let rest =
        ["invalid type: ", "invalid value: ", "invalid length "].iter().find_map(|p| said.strip_prefix(p))?;
    let (found, expected) = rest.split_once(", expected ")?;
    let place = place(expected);
    let expected = expected.strip_suffix(place).unwrap_or(expected);
    Some(format!("expected {}, and found {}{place}", kind(expected), value(found)))
}

/// Serde's "missing field `a`".
fn missing_key(said: &str) -> Option<String> {
    let (field, rest) = said.strip_prefix("missing field `")?.split_once('`')?;
    Some(format!("the key `{field}` is missing{}", place(rest)))
}

/// Where the reader of JSON saw it: ` at line 1 column 3`, as it stands at the end.
fn place(said: &str) -> &str {
    said.rfind(" at line ").map_or("", |at| &said[at..])
}

fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// What is expected, as people call it.
fn kind(expected: &str) -> &str {
    match expected {
        "usize" | "u8" | "u16" | "u32" | "u64" => "a whole number from 0",
        "isize" | "i8" | "i16" | "i32" | "i64" => "a whole number",
        "f32" | "f64" => "a number",
        "a string" | "string" | "a borrowed string" => "a text",
        "a boolean" => "`true` or `false`",
        "a sequence" | "array" => "a list",
        "a map" | "map" | "string only" => "keys with values",
        other if other.starts_with("struct ") => "keys with values",
        other if other.starts_with("a sequence") => "a list",
        other => other,
    }
}

/// What stands there, as people call it.
fn value(found: &str) -> String {
    let known = [
        ("string ", "the text "),
        ("integer ", ""),
        ("floating point ", ""),
        ("boolean ", ""),
        ("sequence", "a list"),
        ("map", "keys with values"),
        ("null", "`null`"),
        ("unit value", "nothing"),
    ];
    let of = |(word, ours): &(&str, &str)| found.strip_prefix(word).map(|rest| format!("{ours}{rest}"));
    known.iter().find_map(of).unwrap_or_else(|| found.to_string())
}

#[cfg(test)]
mod tests {
    use super::mistake;

    #[test]
    fn sentences_for_programmers_become_sentences_for_people() {
        let pairs = [
            (
                "unknown field `dept`, expected `depth` or `size`",
                "there is no key `dept`; did you mean `depth`?",
            ),
            (
                "unknown field `zzz`, expected `depth` or `size`",
                "there is no key `zzz`; the keys here are `depth` and `size`",
            ),
            (
                "unknown variant `of`, expected one of `error`, `off`",
                "expected `error` or `off`, and found `of`; did you mean `off`?",
            ),
            (
                "invalid type: string \"x\", expected usize",
                "expected a whole number from 0, and found the text \"x\"",
            ),
            (
                "invalid type: sequence, expected struct GraphText at line 1 column 0",
                "expected keys with values, and found a list at line 1 column 0",
            ),
            ("invalid value: integer `-1`, expected u32", "expected a whole number from 0, and found `-1`"),
            ("missing field `nodes` at line 3 column 1", "the key `nodes` is missing at line 3 column 1"),
            ("unclosed table\n", "unclosed table"),
        ];
        for (said, ours) in pairs {
            assert_eq!(mistake(said), ours);
        }
    }

    /// What the readers say in truth, so that a new version of them is noticed.
    #[test]
    fn the_readers_say_what_is_understood() {
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Form {
            #[allow(dead_code)]
            depth: usize,
        }
        let json = |text: &str| {
            serde_json::from_str::<Form>(text).map_err(|e| mistake(&e.to_string())).expect_err("wrong")
        };
        assert_eq!(
            json("[\"x\"]"),
            "expected a whole number from 0, and found the text \"x\" at line 1 column 4"
        );
        assert_eq!(json("{}"), "the key `depth` is missing at line 1 column 2");
        assert_eq!(json("{\"dept\": 1}"), "there is no key `dept` at line 1 column 7; did you mean `depth`?");
        let toml =
            toml::from_str::<Form>("depth = \"x\"").map_err(|e| mistake(e.message())).expect_err("wrong");
        assert_eq!(toml, "expected a whole number from 0, and found the text \"x\"");
    }
}
