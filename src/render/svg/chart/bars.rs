//! Horizontal bars: amounts from zero, or stages of a duration from where they start.

use super::super::super::scene::{Bar, BarChart, Hue, Limit, Severity, Waterfall};
use super::super::super::text_metrics::{truncate, width};
use super::super::document::{Anchor, Canvas, Group, Heading, Options};
use super::super::icons::Icons;
use super::super::theme;
use super::{Scale, label_rows, placed_limits};
use crate::layout::Rect;
use crate::render::describe;
use crate::render::put::count;

/// Length of the longest bar.
const PLOT: i32 = 440;
/// Height of a row and of the bar in it.
const ROW: i32 = 28;
const BAR: i32 = 14;
/// Widest label before the bars.
const LABEL_LIMIT: i32 = 240;
/// Height of a row of limit labels.
const LIMIT_ROW: i32 = 16;
/// What one level of nesting shifts a label.
const INDENT: i32 = 14;

/// One row, of either chart.
struct Row<'a> {
    label: &'a str,
    depth: i32,
    start: f64,
    end: f64,
    turn: Option<f64>,
    range: Option<(f64, f64)>,
    text: &'a str,
    hue: Hue,
    severity: Option<Severity>,
    link: Option<&'a str>,
    tooltip: &'a [String],
}

/// Draws a bar chart.
pub fn bars(scene: &BarChart, options: &Options) -> String {
    let row = |bar: &'_ Bar| (bar.value.max(0.0), bar.range);
    let rows: Vec<Row<'_>> = scene
        .bars
        .iter()
        .map(|bar| Row {
            label: &bar.label,
            depth: 0,
            start: 0.0,
            end: row(bar).0,
            turn: None,
            range: row(bar).1,
            text: &bar.text,
            hue: bar.hue.unwrap_or(Hue::Blue),
            severity: bar.severity,
            link: bar.link.as_deref(),
            tooltip: &bar.tooltip,
        })
        .collect();
    let heading = Heading {
        id: &scene.id,
        title: &scene.title,
        subtitle: &scene.subtitle,
        footer: &scene.footer,
        desc: described(&scene.desc, &rows, &scene.limits),
        content: (0, 0),
    };
    draw(&rows, &scene.limits, heading, options)
}

/// Draws a waterfall.
pub fn waterfall(scene: &Waterfall, options: &Options) -> String {
    let rows: Vec<Row<'_>> = scene
        .stages
        .iter()
        .map(|stage| Row {
            label: &stage.label,
            depth: i32::from(stage.depth).min(8),
            start: stage.start,
            end: stage.start + stage.length,
            turn: stage.turn,
            range: None,
            text: &stage.text,
            hue: stage.hue.unwrap_or(Hue::Blue),
            severity: stage.severity,
            link: None,
            tooltip: &stage.tooltip,
        })
        .collect();
    let heading = Heading {
        id: &scene.id,
        title: &scene.title,
        subtitle: &scene.subtitle,
        footer: &scene.footer,
        desc: described(&scene.desc, &rows, &scene.limits),
        content: (0, 0),
    };
    draw(&rows, &scene.limits, heading, options)
}

fn described(desc: &str, rows: &[Row<'_>], limits: &[Limit]) -> String {
    if !desc.is_empty() {
        return desc.to_owned();
    }
    let rows = rows.iter().map(|row| format!("{} {}", row.label, row.text)).collect();
    let limits = limits.iter().map(|limit| limit.label.clone()).collect();
    describe::join(&[describe::list("Bars:", rows), describe::list("Limits:", limits)])
}

fn draw(rows: &[Row<'_>], limits: &[Limit], heading: Heading<'_>, options: &Options) -> String {
    let ranges = rows.iter().filter_map(|row| row.range.map(|(_, high)| high));
    let values = rows.iter().map(|row| row.end).chain(ranges).chain(limits.iter().map(|limit| limit.value));
    let scale = Scale::of(values, PLOT);
    let cut = |row: &Row<'_>| truncate(row.label, theme::BODY, LABEL_LIMIT - row.depth * INDENT);
    let labels: Vec<String> = rows.iter().map(cut).collect();
    let left =
        rows.iter().zip(&labels).map(|(row, label)| row.depth * INDENT + width(label, theme::BODY)).max();
    let left = left.unwrap_or(0) + 12;
    let placed = placed_limits(limits, scale);
    let levels = label_rows(&placed);
    let top = levels.iter().max().map_or(0, |most| (most + 1) * LIMIT_ROW + 4);
    let bottom = top + count(rows.len()) * ROW;

    let mut canvas = Canvas::new(heading.id);
    let mut icons = Icons::default();
    canvas.path("s-u", &format!("M{left} {top}V{bottom}"));
    let mut right = left + PLOT;
    for ((at, limit), level) in placed.iter().zip(levels) {
        let x = left + at;
        canvas.group(&Group { class: "s-e", title: vec![&limit.label], ..Group::default() }, |canvas| {
            canvas.path("s-l s-d", &format!("M{x} {}V{bottom}", top - 2));
            let baseline = top - 8 - level * LIMIT_ROW;
            canvas.text("s-x", x, baseline, Anchor::Middle, &limit.label);
        });
        right = right.max(x + width(&limit.label, theme::SMALL) / 2);
    }
    for (((row, label), at), number) in rows.iter().zip(&labels).zip(0..).zip(1..) {
        let end = draw_row(&mut canvas, &mut icons, row, label, (left, top + at * ROW, number), scale);
        right = right.max(end);
    }
    let definitions = icons.definitions(&canvas);
    canvas.finish(&Heading { content: (right, bottom), ..heading }, &definitions, options)
}

/// Draws one row and gives its right end.
fn draw_row(
    canvas: &mut Canvas,
    icons: &mut Icons,
    row: &Row<'_>,
    label: &str,
    (left, y, number): (i32, i32, i32),
    scale: Scale,
) -> i32 {
    let hue = theme::hue_class(row.hue);
    let class = row.severity.map_or(hue, theme::severity_class);
    let head = format!("{} {}", row.label, row.text);
    let mut title = vec![head.as_str()];
    title.extend(row.tooltip.iter().map(String::as_str));
    let id = format!("row-{number}");
    let (from, to) = (left + scale.at(row.start), left + scale.at(row.end));
    let whisker = row.range.map(|(low, high)| (left + scale.at(low), left + scale.at(high)));
    let mut end = to.max(whisker.map_or(0, |(_, high)| high)) + 8;
    canvas.group(&Group { class, id: &id, title, link: row.link }, |canvas| {
        canvas.text("s-m", row.depth * INDENT, y + 18, Anchor::Start, label);
        let bar = Rect { x: from, y: y + (ROW - BAR) / 2, width: (to - from).max(2), height: BAR };
        // A whisker must be seen on its bar.
        canvas.rect(if whisker.is_some() || row.turn.is_some() { "s-f s-soft" } else { "s-f" }, bar, 2);
        if let Some(turn) = row.turn {
            let x = (left + scale.at(turn)).clamp(from, to);
            canvas.rect("s-f", Rect { x, width: to - x, ..bar }, 2);
        }
        if let Some((low, high)) = whisker {
            let middle = y + ROW / 2;
            let (a, b) = (middle - 4, middle + 4);
            canvas.group(&Group { class: "s-e", ..Group::default() }, |canvas| {
                canvas.path("s-l", &format!("M{low} {a}V{b}M{low} {middle}H{high}M{high} {a}V{b}"));
            });
        }
        if let Some(severity) = row.severity {
            icons.mark(canvas, severity, end, y + (ROW - 16) / 2);
            end += 20;
        }
        canvas.text("s-m", end, y + 18, Anchor::Start, row.text);
    });
    end + width(row.text, theme::BODY)
}
