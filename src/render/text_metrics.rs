//! How wide a text is, where it breaks and how it is cut, by the bundled font's advances.
//!
//! Scripts that the font lacks are estimated, on the wide side: a viewer's own font draws them.
//! Knows nothing of pictures.

mod inter;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Share added to every measured width: hinting and zoom of viewers round advances.
const SLACK: f64 = 1.02;

/// Advance of an unmeasured narrow character in em: the mean lower case letter of common sans-serif
/// fonts is 0.5 to 0.56 em wide, capitals 0.65.
const NARROW: f64 = 0.66;

/// Advance of an ideograph or emoji in em: Noto Color Emoji and most system emoji are 1.17 to 1.25 em wide.
const WIDE: f64 = 1.25;

/// The two weights of the bundled font.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// 400.
    Regular,
    /// 600.
    SemiBold,
}

/// A face in one size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Font {
    /// Weight.
    pub weight: Weight,
    /// Size in pixels.
    pub size: f64,
}

impl Font {
    /// The regular weight in `size` pixels.
    pub const fn regular(size: f64) -> Font {
        Font { weight: Weight::Regular, size }
    }

    /// The semi-bold weight in `size` pixels.
    pub const fn semi_bold(size: f64) -> Font {
        Font { weight: Weight::SemiBold, size }
    }
}

/// Width of `text` in whole pixels, rounded up.
pub fn width(text: &str, font: Font) -> i32 {
    let em: f64 = text.graphemes(true).map(|cluster| advance(cluster, font.weight)).sum();
    (em * font.size * SLACK).ceil() as i32
}

/// `text` cut to at most `limit` pixels, an ellipsis at its end where something is missing.
/// A limit too narrow for anything gives the ellipsis alone.
pub fn truncate(text: &str, font: Font, limit: i32) -> String {
    if width(text, font) <= limit {
        return text.to_owned();
    }
    let mut kept = String::new();
    for cluster in text.graphemes(true) {
        let longer = format!("{kept}{cluster}");
        if width(&format!("{}…", longer.trim_end()), font) > limit {
            break;
        }
        kept = longer;
    }
    format!("{}…", kept.trim_end())
}

/// `text` broken into at most `lines` lines of at most `limit` pixels: at blanks and after hyphens, slashes, dots and
/// underscores, within a word only where nothing else helps; the last line ends in an ellipsis where
/// something is missing. A line break in the text is kept. Lines are never empty; an empty text has none.
pub fn wrap(text: &str, font: Font, limit: i32, lines: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for paragraph in text.lines().map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
        wrap_paragraph(paragraph, font, limit, &mut out);
    }
    if out.len() > lines {
        let rest = out.split_off(lines);
        if let Some(last) = out.last_mut() {
            *last = truncate(&format!("{last} {}", rest.join(" ")), font, limit);
        }
    }
    out
}

/// [`wrap`], with lines of about equal widths where there are several and nothing is cut.
pub fn wrap_evenly(text: &str, font: Font, limit: i32, lines: usize) -> Vec<String> {
    let all = |limit| wrap(text, font, limit, usize::MAX);
    let mut best = all(limit);
    let count = best.len();
    if count > lines {
        return wrap(text, font, limit, lines);
    }
    // Words are not broken for the sake of evenness.
    let widest = text.lines().flat_map(pieces).map(|piece| width(piece.trim_end(), font)).max().unwrap_or(0);
    let (mut low, mut high) = (widest, if count > 1 { limit } else { widest });
    while low < high {
        let middle = i32::midpoint(low, high);
        let even = all(middle);
        if even.len() == count {
            best = even;
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    best
}

fn wrap_paragraph(paragraph: &str, font: Font, limit: i32, out: &mut Vec<String>) {
    let mut line = String::new();
    for piece in pieces(paragraph) {
        let longer = format!("{line}{piece}");
        if width(longer.trim_end(), font) <= limit {
            line = longer;
            continue;
        }
        if !line.trim_end().is_empty() {
            out.push(line.trim_end().to_owned());
        }
        line = break_word(piece, font, limit, out);
    }
    if !line.trim_end().is_empty() {
        out.push(line.trim_end().to_owned());
    }
}

/// Pushes full lines of a word that is wider than a line, and gives its last part.
fn break_word(word: &str, font: Font, limit: i32, out: &mut Vec<String>) -> String {
    let mut line = String::new();
    for cluster in word.graphemes(true) {
        let longer = format!("{line}{cluster}");
        if !line.is_empty() && width(longer.trim_end(), font) > limit {
            out.push(std::mem::take(&mut line));
            line.push_str(cluster);
        } else {
            line = longer;
        }
    }
    line
}

/// The parts between which a line may break; each keeps its blanks at the end.
fn pieces(paragraph: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, word) in paragraph.split_word_bound_indices() {
        let end = at + word.len();
        let blank = word.chars().all(char::is_whitespace);
        let breaks = blank || matches!(word, "-" | "/" | "_" | "." | "," | "–");
        if (breaks || is_wide(word)) && !(blank && is_before_unit(paragraph, at, end)) {
            out.push(&paragraph[start..end]);
            start = end;
        }
    }
    if start < paragraph.len() {
        out.push(&paragraph[start..]);
    }
    out
}

/// Whether the blank from `start` to `end` stands between a number and its unit, as in `200 ms`.
fn is_before_unit(paragraph: &str, start: usize, end: usize) -> bool {
    let number = paragraph.get(..start).and_then(|before| before.chars().next_back());
    let unit = paragraph.get(end..).and_then(|after| after.split_whitespace().next()).unwrap_or_default();
    let short = unit.len() <= 5 && unit.starts_with(char::is_alphabetic);
    short && number.is_some_and(|c| c.is_ascii_digit())
}

fn is_wide(text: &str) -> bool {
    !text.is_ascii() && text.width() > text.chars().count()
}

/// Advance in em of what a reader takes for one character.
fn advance(cluster: &str, weight: Weight) -> f64 {
    let table = match weight {
        Weight::Regular => inter::WEIGHT_400,
        Weight::SemiBold => inter::WEIGHT_600,
    };
    let mut known = 0;
    for c in cluster.chars() {
        match table_advance(table, c) {
            Some(units) => known += units,
            None => return estimate(cluster),
        }
    }
    f64::from(known) / f64::from(inter::UNITS_PER_EM)
}

fn table_advance(table: &[inter::Run], c: char) -> Option<u32> {
    let code = u32::from(c);
    let run = table.partition_point(|(first, _)| *first <= code).checked_sub(1)?;
    let (first, advances) = table.get(run)?;
    advances.get((code - first) as usize).map(|units| u32::from(*units))
}

fn estimate(cluster: &str) -> f64 {
    match cluster.width() {
        0 => 0.0,
        1 => NARROW,
        columns => WIDE * columns as f64 / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: Font = Font::regular(12.0);

    #[test]
    fn widths_are_sums_of_the_fonts_own_advances() {
        // Inter 4.1, hmtx: `A` 1413, `V` 1413 of 2048 units; no kerning in the subset.
        let exact: f64 = (1413.0 + 1413.0) / 2048.0 * 100.0;
        let measured = f64::from(width("AV", Font::regular(100.0)));
        assert!(measured >= exact && measured <= exact * SLACK + 1.0, "{measured} against {exact}");
    }

    #[test]
    fn bold_is_wider_than_regular_and_both_tables_are_sorted() {
        let name = "Notification service";
        assert!(width(name, Font::semi_bold(14.0)) > width(name, Font::regular(14.0)));
        for table in [inter::WEIGHT_400, inter::WEIGHT_600] {
            assert!(table.windows(2).all(|pair| pair[0].0 + pair[0].1.len() as u32 <= pair[1].0));
        }
    }

    #[test]
    fn other_scripts_count_wide_and_joined_emoji_once() {
        assert_eq!(width("漢", Font::regular(100.0)), 128);
        assert_eq!(width("👩‍💻", Font::regular(100.0)), width("🚀", Font::regular(100.0)));
        assert_eq!(width("e\u{301}", Font::regular(100.0)), (NARROW * SLACK * 100.0).ceil() as i32);
    }

    #[test]
    fn cut_texts_fit_and_keep_whole_characters() {
        for text in ["Notification service", "漢字漢字漢字漢字", "👩‍💻👩‍💻👩‍💻👩‍💻", "شبكة توصيل المحتوى"]
        {
            for limit in 12..150 {
                let cut = truncate(text, BODY, limit);
                assert!(width(&cut, BODY) <= limit, "{cut:?} at {limit}");
                let kept = cut.trim_end_matches('…');
                assert!(text.starts_with(kept) && !kept.ends_with('\u{200d}'));
            }
        }
    }

    #[test]
    fn lines_fit_and_together_say_the_text() {
        let text = "POST /v1/feed then read_through cache-aside 12k/s";
        for limit in 40..200 {
            let lines = wrap(text, BODY, limit, 99);
            assert!(lines.iter().all(|line| width(line, BODY) <= limit), "{lines:?} at {limit}");
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
    }

    #[test]
    fn numbers_keep_their_unit_and_lines_are_even() {
        assert_eq!(wrap("async copy, 200 ms", BODY, 100, 3), ["async copy,", "200 ms"]);
        assert_eq!(wrap_evenly("read the followers of one", BODY, 120, 3), ["read the", "followers of one"]);
        assert_eq!(wrap("read the followers of one", BODY, 120, 3), ["read the followers", "of one"]);
        assert_eq!(wrap_evenly("one", BODY, 120, 3), ["one"]);
        assert_eq!(wrap_evenly("", BODY, 120, 3), Vec::<String>::new());
    }

    #[test]
    fn what_does_not_fit_into_the_lines_is_cut_with_an_ellipsis() {
        assert_eq!(wrap("one two three four five", BODY, 50, 2), ["one two", "three f…"]);
        assert_eq!(wrap("a\nb\nc", BODY, 50, 2), ["a", "b c"]);
        assert_eq!(wrap("  \n ", BODY, 50, 2), Vec::<String>::new());
    }
}
