//! Boundaries: tinted areas with a title band.

use super::super::resolve::{Resolved, shown};
use super::super::scene::{Boundary, BoundaryKind};
use super::super::text_metrics::{truncate, width};
use super::document::{Anchor, Canvas, Group};
use super::theme;
use crate::layout::{Rect, Size};

/// Height of the title band.
const BAND: i32 = 28;
/// From the border to the title.
const PAD: i32 = 12;
/// Widest name, and widest note, in a band.
const LIMIT: i32 = 240;

/// The size of a boundary's title band.
pub(super) fn band(boundary: &Boundary) -> Size {
    let (name, note) = texts(boundary, LIMIT);
    let note = if note.is_empty() { 0 } else { width(&note, theme::BODY) + 8 };
    Size { width: width(&name, theme::BAND) + note + 2 * PAD, height: BAND }
}

fn texts(boundary: &Boundary, limit: i32) -> (String, String) {
    let name = truncate(shown(&boundary.title, &boundary.id), theme::BAND, limit);
    (name, truncate(boundary.note.trim(), theme::BODY, limit))
}

/// Draws the boundary at `index` into its rectangle.
pub(super) fn draw(canvas: &mut Canvas, resolved: &Resolved<'_>, index: usize, rect: Rect) {
    let Some(boundary) = resolved.boxes.get(index).map(|b| b.item) else { return };
    let mut title = vec![shown(&boundary.title, &boundary.id), boundary.note.as_str()];
    title.extend(boundary.tooltip.iter().map(String::as_str));
    let group = Group { id: &boundary.id, title, link: boundary.link.as_deref(), ..Group::default() };
    let line = match boundary.kind {
        BoundaryKind::Zone => "s-d s-w0",
        BoundaryKind::Trust => "s-d",
        BoundaryKind::System => "s-w2",
        BoundaryKind::Group | BoundaryKind::Region => "s-w0",
    };
    canvas.group(&group, |canvas| {
        let tint = resolved.depth(index).min(3);
        canvas.rect(&format!("s-b{tint} s-z {line}"), rect, 10);
        let (name, note) = texts(boundary, LIMIT.min(rect.width - 2 * PAD));
        canvas.text("s-n", rect.x + PAD, rect.y + 19, Anchor::Start, &name);
        if !note.is_empty() {
            let after = rect.x + PAD + width(&name, theme::BAND) + 8;
            canvas.text("s-q", after, rect.y + 19, Anchor::Start, &note);
        }
    });
}
