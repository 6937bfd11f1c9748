//! Arrows: rounded orthogonal lines, heads as paths, labels with a halo.

use super::super::resolve::{Resolved, Wire};
use super::super::scene::{Arrow, ArrowStyle, Change};
use super::super::text_metrics::{width, wrap_evenly};
use super::document::{Anchor, Canvas, Group};
use super::icons::Icons;
use super::{path, theme};
use crate::layout::{Route, Size};
use crate::render::put::{Put as _, count};

/// Widest line of a label: a label takes the place of track, so it breaks early.
const LABEL_LIMIT: i32 = 116;
/// Most lines of a label.
const LABEL_LINES: usize = 3;
/// Height of a line of a label.
const LABEL_STEP: i32 = 14;
/// Room for the sign of a finding beside a label.
const SIGN: i32 = 18;
/// Half the distance between the two lines of replication.
const DOUBLE: i32 = 2;

/// The lines of an arrow's label.
fn label_lines(arrow: &Arrow) -> Vec<String> {
    wrap_evenly(&arrow.label, theme::BODY, LABEL_LIMIT, LABEL_LINES)
}

/// The room that the label needs; `None` without label and finding.
pub(super) fn label_size(arrow: &Arrow) -> Option<Size> {
    let lines = label_lines(arrow);
    let text = lines.iter().map(|line| width(line, theme::BODY)).max().unwrap_or(0);
    let sign = signs(arrow);
    if text + sign == 0 {
        return None;
    }
    let height = (count(lines.len()) * LABEL_STEP + 4).max(if sign > 0 { 18 } else { 0 });
    Some(Size { width: text + sign + 6, height })
}

/// Room for the signs before a label.
fn signs(arrow: &Arrow) -> i32 {
    (i32::from(arrow.flagged.is_some()) + i32::from(arrow.change.is_some())) * SIGN
}

/// Draws line and head along the route.
pub(super) fn draw(canvas: &mut Canvas, resolved: &Resolved<'_>, wire: &Wire<'_>, route: &Route) {
    let arrow = wire.arrow;
    let points = path::simplify(&route.points);
    if points.len() < 2 {
        return;
    }
    let way = resolved.way(wire);
    let mut title = vec![way.as_str()];
    // Where one line says it all, the label need not say it once more.
    if !matches!(arrow.tooltip.as_slice(), [only] if only.ends_with(&arrow.label)) {
        title.push(arrow.label.as_str());
    }
    title.extend(arrow.tooltip.iter().map(String::as_str));
    title.extend(arrow.flagged.iter().map(|mark| mark.tooltip.as_str()));
    title.extend(arrow.change.map(Change::word));
    let finding = arrow.flagged.as_ref().map(|mark| theme::severity_class(mark.severity));
    let class = arrow.change.map(theme::change_class).or(finding).unwrap_or("s-e");
    let id = format!("to-{}", wire.id);
    canvas.group(&Group { class, id: &id, title, link: arrow.link.as_deref() }, |canvas| {
        let weight = arrow.weight.clamp(1, 3);
        let line = line_class(arrow.style, weight, arrow.back || arrow.change == Some(Change::Removed));
        let (long, half) = if weight == 3 { (10, 5) } else { (9, 4) };
        if arrow.style == ArrowStyle::Relation {
            let parts = path::outside(&points, route.label.unwrap_or_default());
            canvas
                .path(&line, &parts.iter().map(|part| path::rounded(part, path::CORNER)).collect::<String>());
            canvas.path("s-l", &path::head(&points, long, half, false));
            return;
        }
        let head = path::head(&points, long, half, true);
        let parts = path::outside(&path::cut_end(points, long - 1), route.label.unwrap_or_default());
        let sides: &[i32] = if arrow.style == ArrowStyle::Replication { &[DOUBLE, -DOUBLE] } else { &[0] };
        let line_parts = parts.iter().flat_map(|part| sides.iter().map(move |by| (part, *by)));
        let data: String = line_parts
            .map(|(part, by)| path::rounded(&path::parallel(part, by), path::CORNER + by.abs()))
            .collect();
        canvas.path(&line, &data);
        canvas.path("s-f", &head);
    });
}

/// The classes of a line.
pub(super) fn line_class(style: ArrowStyle, weight: u8, back: bool) -> String {
    let mut class = String::from("s-l");
    if style == ArrowStyle::Relation {
        class.push_str(" s-w0");
    } else if style != ArrowStyle::Replication && weight > 1 {
        class.put(format_args!(" s-w{weight}"));
    }
    if back {
        class.push_str(" s-k");
    } else if style == ArrowStyle::Async {
        class.push_str(" s-d");
    }
    class
}

/// Draws the label, after all lines, so that a halo is never crossed; `halo` is the class of what lies behind.
pub(super) fn draw_label(canvas: &mut Canvas, icons: &mut Icons, arrow: &Arrow, route: &Route, halo: &str) {
    let (Some(rect), lines) = (route.label, label_lines(arrow)) else { return };
    let sign = signs(arrow);
    let middle = rect.x + sign / 2 + rect.width / 2;
    let mut y = rect.y + (rect.height - count(lines.len()) * LABEL_STEP) / 2 + 11;
    if let Some(mark) = &arrow.flagged {
        let class = theme::severity_class(mark.severity);
        let at = rect.y + (rect.height - 16) / 2;
        canvas.group(&Group { class, title: vec![&mark.tooltip], ..Group::default() }, |canvas| {
            icons.mark(canvas, mark.severity, rect.x + sign - SIGN + 2, at);
        });
    }
    if let Some(change) = arrow.change {
        let at = rect.y + (rect.height - 16) / 2;
        let class = theme::change_class(change);
        canvas.group(&Group { class, title: vec![change.word()], ..Group::default() }, |canvas| {
            icons.change(canvas, change, rect.x + 2, at);
        });
    }
    for line in &lines {
        canvas.text(&format!("s-m{halo}"), middle, y, Anchor::Middle, line);
        y += LABEL_STEP;
    }
}
