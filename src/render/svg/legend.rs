//! The legend: what the shapes, colours, lines and signs in use mean.

use std::collections::{BTreeMap, BTreeSet};

use super::super::resolve::Resolved;
use super::super::scene::{ArrowStyle, CardKind, Change, Severity};
use super::super::text_metrics::width;
use super::document::{Anchor, Canvas, Group};
use super::icons::Icons;
use super::{edges, theme};
use crate::layout::Rect;

const ROW: i32 = 24;
const SAMPLE: i32 = 26;
const GAP: i32 = 20;

/// What stands before the words.
enum Sample {
    Kind(CardKind),
    Line(ArrowStyle, bool),
    Width,
    Mark(Severity),
    Change(Change),
    Stack,
    Bar,
}

/// Entries in rows.
pub(super) struct Legend {
    entries: Vec<(i32, i32, Sample, String)>,
    pub height: i32,
}

impl Legend {
    /// The legend of what `resolved` uses, in rows of at most `room` pixels.
    pub fn of(resolved: &Resolved<'_>, room: i32) -> Legend {
        let mut legend = Legend { entries: Vec::new(), height: 0 };
        let (mut x, mut y) = (0, 14);
        for (sample, text) in entries(resolved) {
            let wide = SAMPLE + 6 + width(&text, theme::SMALL);
            if x > 0 && x + wide > room {
                x = 0;
                y += ROW;
            }
            legend.entries.push((x, y, sample, text));
            x += wide + GAP;
        }
        if !legend.entries.is_empty() {
            legend.height = y + ROW;
        }
        legend
    }

    /// Draws the legend with its top left corner at 0, `top`.
    pub fn draw(&self, canvas: &mut Canvas, icons: &mut Icons, top: i32, room: i32) {
        if self.entries.is_empty() {
            return;
        }
        canvas.path("s-u", &format!("M0 {top}H{room}"));
        for (x, y, sample, text) in &self.entries {
            let middle = top + y + ROW / 2;
            draw_sample(canvas, icons, sample, *x, middle);
            canvas.text("s-x", x + SAMPLE + 6, middle + 4, Anchor::Start, text);
        }
    }
}

fn entries(resolved: &Resolved<'_>) -> Vec<(Sample, String)> {
    let mut out: Vec<(Sample, String)> = Vec::new();
    let used: BTreeSet<CardKind> = resolved.cards.iter().map(|card| card.item.kind).collect();
    for kind in CardKind::ALL.iter().filter(|kind| used.contains(kind)) {
        out.push((Sample::Kind(*kind), kind.word().to_owned()));
    }
    let arrows = || resolved.wires.iter().map(|wire| wire.arrow);
    let styles: BTreeSet<ArrowStyle> =
        arrows().filter(|arrow| !arrow.back).map(|arrow| arrow.style).collect();
    let back = arrows().any(|arrow| arrow.back);
    if styles.len() > 1 || back || styles.iter().any(|style| *style != ArrowStyle::Sync) {
        out.extend(styles.iter().map(|style| (Sample::Line(*style, false), style.word().to_owned())));
    }
    if back {
        out.push((Sample::Line(ArrowStyle::Sync, true), "back".to_owned()));
    }
    if arrows().any(|arrow| arrow.weight > 1) {
        out.push((Sample::Width, "more traffic".to_owned()));
    }
    if resolved.cards.iter().any(|card| card.item.replicas.is_some_and(|count| count > 1)) {
        out.push((Sample::Stack, "replicas".to_owned()));
    }
    if resolved.cards.iter().any(|card| card.item.utilization.is_some_and(f64::is_finite)) {
        out.push((Sample::Bar, "busiest resource".to_owned()));
    }
    let changes = resolved.cards.iter().filter_map(|card| card.item.change);
    let changes = changes.chain(resolved.boxes.iter().filter_map(|b| b.item.change));
    let changes: BTreeSet<Change> = changes.chain(arrows().filter_map(|arrow| arrow.change)).collect();
    out.extend(changes.into_iter().map(|change| (Sample::Change(change), change.word().to_owned())));
    let marks = resolved.cards.iter().filter_map(|card| card.item.mark.as_ref());
    let marks = marks.chain(arrows().filter_map(|arrow| arrow.flagged.as_ref()));
    let marks: BTreeMap<(std::cmp::Reverse<Severity>, &str), Severity> = marks
        .filter(|mark| !mark.label.is_empty())
        .map(|mark| ((std::cmp::Reverse(mark.severity), mark.label.as_str()), mark.severity))
        .collect();
    out.extend(marks.into_iter().map(|((_, label), severity)| (Sample::Mark(severity), label.to_owned())));
    out
}

fn draw_sample(canvas: &mut Canvas, icons: &mut Icons, sample: &Sample, x: i32, middle: i32) {
    let group = |class: &'static str| Group { class, ..Group::default() };
    match sample {
        Sample::Kind(kind) => {
            let class = theme::hue_class(kind.hue());
            canvas.group(&Group { class, ..Group::default() }, |canvas| {
                icons.kind(canvas, *kind, x + 6, middle - 10);
            });
        }
        Sample::Line(style, back) => canvas.group(&group("s-e"), |canvas| {
            let class = edges::line_class(*style, 1, *back);
            let data = if *style == ArrowStyle::Replication {
                format!("M{x} {}h26M{x} {}h26", middle - 2, middle + 2)
            } else {
                format!("M{x} {middle}h26")
            };
            canvas.path(&class, &data);
        }),
        Sample::Width => canvas.group(&group("s-e"), |canvas| {
            canvas.path("s-l s-w3", &format!("M{x} {middle}h26"));
        }),
        Sample::Mark(severity) => canvas.group(&group(theme::severity_class(*severity)), |canvas| {
            icons.mark(canvas, *severity, x + 8, middle - 8);
        }),
        Sample::Change(change) => canvas.group(&group(theme::change_class(*change)), |canvas| {
            icons.change(canvas, *change, x + 8, middle - 8);
        }),
        Sample::Stack => canvas.group(&group("s-slate"), |canvas| {
            for by in [6, 3, 0] {
                let rect = Rect { x: x + 3 + by, y: middle - 4 - by, width: 16, height: 10 };
                canvas.rect("s-c s-w0", rect, 2);
            }
        }),
        Sample::Bar => {
            canvas.path("s-b", &format!("M{x} {middle}h24"));
            canvas.path("s-b s-green", &format!("M{x} {middle}h14"));
        }
    }
}
