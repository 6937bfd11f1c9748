//! The theme: colours of both modes and the class rules. The only place with a colour.

use super::super::scene::{Change, Hue, Severity};
use super::super::text_metrics::Font;
use crate::render::put::Put as _;

/// Heading of the picture.
pub(super) const HEADING: Font = Font::semi_bold(20.0);
/// Name on a card.
pub(super) const NAME: Font = Font::semi_bold(14.0);
/// Title of a boundary, word of a frame, badge of a card.
pub(super) const BAND: Font = Font::semi_bold(12.0);
/// Labels and quiet lines.
pub(super) const BODY: Font = Font::regular(12.0);
/// The smallest text.
pub(super) const SMALL: Font = Font::regular(11.0);

/// Families behind the bundled one, where it is not embedded.
const FAMILY: &str = "Inter,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";

/// Colours of one mode, as `#rrggbb`.
pub(in crate::render) struct Palette {
    /// Behind everything.
    pub ground: &'static str,
    /// Fill of cards, notes and heads.
    pub card: &'static str,
    /// Fill of boundaries by depth.
    pub tints: [&'static str; 4],
    /// Border of boundaries, rules and grids.
    pub border: &'static str,
    /// Names and labels.
    pub ink: &'static str,
    /// Second lines.
    pub quiet: &'static str,
    /// Edges.
    pub line: &'static str,
    /// The empty part of a bar.
    pub track: &'static str,
    /// One of each [`Hue`], in the order of [`Hue::ALL`].
    pub hues: [&'static str; 6],
    /// Info, warning, error.
    pub severities: [&'static str; 3],
}

/// Colours on light ground.
pub(in crate::render) const LIGHT: Palette = Palette {
    ground: "#ffffff",
    card: "#ffffff",
    tints: ["#f5f7fa", "#edf1f6", "#e5eaf1", "#dde4ed"],
    border: "#b8c3d1",
    ink: "#111827",
    quiet: "#4a5768",
    line: "#4b5a6e",
    track: "#e2e7ee",
    hues: ["#475569", "#a21a8c", "#1f55c9", "#6a35c9", "#a04606", "#05704f"],
    severities: ["#0b5f96", "#8f5200", "#c01f1f"],
};

/// Colours on dark ground.
pub(super) const DARK: Palette = Palette {
    ground: "#0e131a",
    card: "#212b38",
    tints: ["#131a23", "#17202a", "#1b2531", "#202a37"],
    border: "#3d4a5b",
    ink: "#e8edf3",
    quiet: "#adb9c8",
    line: "#95a5b8",
    track: "#3a4757",
    hues: ["#b3c0d0", "#ef9fe2", "#8db8ff", "#c3abff", "#f5b06a", "#6cd6ab"],
    severities: ["#7fc4f7", "#f2b85a", "#ff9a94"],
};

/// The class of a hue.
pub(super) fn hue_class(hue: Hue) -> &'static str {
    match hue {
        Hue::Slate => "s-slate",
        Hue::Blue => "s-blue",
        Hue::Magenta => "s-magenta",
        Hue::Violet => "s-violet",
        Hue::Orange => "s-orange",
        Hue::Green => "s-green",
    }
}

/// The class of a severity.
pub(super) fn severity_class(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "s-info",
        Severity::Warning => "s-warning",
        Severity::Error => "s-error",
    }
}

/// The class of what became of a part.
pub(super) fn change_class(change: Change) -> &'static str {
    match change {
        Change::Added => "s-green",
        Change::Changed => "s-warning",
        Change::Removed => "s-error",
    }
}

/// The class of what is no more: hollow, its name struck out.
pub(super) const GHOST: &str = "s-gh";

/// Rules that are the same in both modes.
pub(super) fn shapes() -> String {
    let sizes = [
        ("s-h", HEADING.size, 600),
        ("s-t", NAME.size, 600),
        ("s-n", BAND.size, 600),
        ("s-q", BODY.size, 400),
        ("s-m", BODY.size, 400),
        ("s-x", SMALL.size, 400),
        ("s-r", BAND.size, 600),
    ];
    let mut out = format!(".s{{font-family:{FAMILY}}}");
    for (class, size, weight) in sizes {
        out.put(format_args!(".{class}{{font-size:{size}px;font-weight:{weight}}}"));
    }
    out.push_str(concat!(
        ".s-c,.s-i,.s-l{stroke:currentColor;stroke-width:1.5}",
        ".s-i,.s-l{fill:none;stroke-linecap:round;stroke-linejoin:round}",
        ".s-l{stroke-linecap:butt}",
        ".s-w2{stroke-width:2.25}.s-w3{stroke-width:3}.s-w0{stroke-width:1}",
        ".s-d{stroke-dasharray:6 4}.s-k{stroke-dasharray:2 4}",
        ".s-f,.s-r{fill:currentColor}",
        ".s-p{stroke-width:2}.s-soft{fill-opacity:.5}",
        ".s-o{stroke-width:1;stroke-dasharray:4 4;fill:none}",
        ".s-m,.s-j0,.s-j1,.s-j2,.s-j3{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}",
        ".s-y{fill:none;stroke-width:1.75;stroke-linecap:round}",
        ".s-u{fill:none;stroke-width:1}",
        ".s-b{fill:none;stroke:currentColor;stroke-width:4;stroke-linecap:round}",
        ".s-c2{stroke:currentColor;stroke-width:1.5}",
        ".s-gh .s-t{text-decoration:line-through}",
        ".s-mid{text-anchor:middle}.s-end{text-anchor:end}",
    ));
    out
}

/// Rules that give the colours of one mode.
pub(super) fn colours(palette: &Palette) -> String {
    let p = palette;
    let mut out = format!(
        ".s-g{{fill:{}}}.s-c,.s-v{{fill:{}}}.s-h,.s-t,.s-m{{fill:{}}}.s-q,.s-x,.s-n{{fill:{}}}.s-e{{color:{}}}\
         .s-b{{color:{}}}.s-m{{stroke:{}}}.s-y{{stroke:{}}}.s-o,.s-u,.s-z{{stroke:{}}}\
         .s-gh .s-c{{fill:{}}}.s-gh .s-t{{fill:{}}}",
        p.ground, p.card, p.ink, p.quiet, p.line, p.track, p.ground, p.card, p.border, p.ground, p.quiet,
    );
    for (depth, tint) in p.tints.iter().enumerate() {
        out.put(format_args!(".s-b{depth}{{fill:{tint}}}.s-j{depth}{{stroke:{tint}}}"));
    }
    for (hue, colour) in Hue::ALL.iter().zip(p.hues) {
        out.put(format_args!(".{}{{color:{colour}}}", hue_class(*hue)));
    }
    let severities = [Severity::Info, Severity::Warning, Severity::Error];
    for (severity, colour) in severities.iter().zip(p.severities) {
        out.put(format_args!(".{}{{color:{colour}}}", severity_class(*severity)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math;

    /// Relative luminance, WCAG 2.2.
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { math::pow((value + 0.055) / 1.055, 2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn the_measure_agrees_with_published_ratios() {
        // WebAIM: black on white 21:1, #767676 on white 4.54:1.
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
        assert!((contrast("#767676", "#ffffff") - 4.54).abs() < 0.005);
    }

    #[test]
    fn every_text_can_be_read_on_everything_it_may_stand_on() {
        for palette in [LIGHT, DARK] {
            let mut grounds = vec![palette.ground, palette.card];
            grounds.extend(palette.tints);
            let mut texts = vec![palette.ink, palette.quiet, palette.line];
            texts.extend(palette.hues);
            texts.extend(palette.severities);
            for text in texts {
                for ground in &grounds {
                    let ratio = contrast(text, ground);
                    assert!(ratio >= 4.5, "{text} on {ground}: {ratio:.2}");
                }
            }
        }
    }

    #[test]
    fn bars_stand_out_from_their_track() {
        for palette in [LIGHT, DARK] {
            for bar in palette.severities.iter().chain(&palette.hues) {
                assert!(contrast(bar, palette.track) >= 3.0, "{bar}");
            }
        }
    }
}
