//! Boundaries: tinted areas with a title band.

use super::super::resolve::{Resolved, shown};
use super::super::scene::{Boundary, BoundaryKind, Change};
use super::super::text_metrics::{truncate, width};
use super::document::{Anchor, Canvas, Group};
use super::outline::Outline;
use super::theme;
use crate::layout::{Layout, Point, Rect, Size};

/// Height of the title band.
const BAND: i32 = 28;
/// From the border to the title.
const PAD: i32 = 12;
/// Radius of the corners.
const RADIUS: i32 = 10;
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
    let note = match boundary.change {
        Some(change) => format!("{} {}", boundary.note.trim(), change.word()),
        None => boundary.note.clone(),
    };
    (name, truncate(note.trim(), theme::BODY, limit))
}

/// Moves the end of a line that leaves the boundary `towards` a point to its rounded border. The line may lead
/// inside.
pub(super) fn meet_outline(rect: Rect, at: &mut Point, towards: Point) {
    let by = Outline::Round(RADIUS).dent(rect, *at);
    let (dx, dy) = match (at.x - rect.x, at.y - rect.y) {
        (0, _) => (1, 0),
        (_, 0) => (0, 1),
        (across, _) if across == rect.width => (-1, 0),
        _ => (0, -1),
    };
    if *at != towards {
        at.x += dx * by;
        at.y += dy * by;
    }
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
        let tint = tint(resolved, index);
        let class = match boundary.change {
            // Classes of colour give the current colour, which only lines of cards are drawn in.
            Some(Change::Removed) => format!("s-b{tint} s-c2 s-d {}", theme::change_class(Change::Removed)),
            Some(change) => format!("s-b{tint} s-c2 {}", theme::change_class(change)),
            None => format!("s-b{tint} s-z {line}"),
        };
        canvas.rect(&class, rect, RADIUS);
    });
}

fn tint(resolved: &Resolved<'_>, index: usize) -> usize {
    resolved.depth(index).min(3)
}

/// Writes the title, after all lines: one may have to cross the band.
pub(super) fn draw_title(canvas: &mut Canvas, resolved: &Resolved<'_>, index: usize, layout: &Layout) {
    let (Some(boundary), Some(rect)) = (resolved.boxes.get(index).map(|b| b.item), layout.groups.get(index))
    else {
        return;
    };
    let (name, note) = texts(boundary, LIMIT.min(rect.width - 2 * PAD));
    let halo = tint(resolved, index);
    let place = free_place(Rect { width: band(boundary).width - 2 * PAD, ..*rect }, rect.width, layout);
    canvas.text(&format!("s-n s-j{halo}"), place, rect.y + 19, Anchor::Start, &name);
    if !note.is_empty() {
        let after = place + width(&name, theme::BAND) + 8;
        canvas.text(&format!("s-q s-j{halo}"), after, rect.y + 19, Anchor::Start, &note);
    }
}

/// The x of a title of the given width: as far left as lines that cross the band allow.
fn free_place(text: Rect, room: i32, layout: &Layout) -> i32 {
    let (top, bottom) = (text.y + 8, text.y + 22);
    let mut taken: Vec<(i32, i32)> = Vec::new();
    for pair in layout.edges.iter().flat_map(|route| route.points.windows(2)) {
        if let [a, b] = pair
            && a.y.min(b.y) < bottom
            && a.y.max(b.y) > top
        {
            taken.push((a.x.min(b.x) - 4, a.x.max(b.x) + 4));
        }
    }
    let labels = layout.edges.iter().filter_map(|route| route.label);
    taken.extend(labels.filter(|l| l.y < bottom && l.y + l.height > top).map(|l| (l.x, l.x + l.width)));
    taken.sort_unstable();
    let first = text.x + PAD;
    let mut x = first;
    for (left, right) in taken {
        if left < x + text.width && right > x {
            x = right + 4;
        }
    }
    // Where there is no free place, the halo has to do.
    if x + text.width + PAD <= text.x + room { x } else { first }
}

/// The class of the halo of a text that stands at `place`: the tint of the innermost boundary there.
pub(super) fn halo(resolved: &Resolved<'_>, rects: &[Rect], place: Rect) -> String {
    let (x, y) = (place.x + place.width / 2, place.y + place.height / 2);
    let covers =
        |rect: &Rect| x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
    let around = rects.iter().enumerate().filter(|(_, rect)| covers(rect));
    let tint = around.map(|(index, _)| tint(resolved, index)).max();
    tint.map(|tint| format!(" s-j{tint}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Route;

    #[test]
    fn titles_step_aside_for_lines_that_cross_the_band() {
        let down = |x: i32| Route { points: vec![Point { x, y: -50 }, Point { x, y: 90 }], label: None };
        let mut layout = Layout { edges: vec![down(40), down(56), down(400)], ..Layout::default() };
        let text = Rect { x: 0, y: 0, width: 60, height: 28 };
        assert_eq!(free_place(text, 300, &layout), 56 + 4 + 4);
        assert_eq!(free_place(text, 100, &layout), PAD);
        layout.edges.truncate(0);
        assert_eq!(free_place(text, 300, &layout), PAD);
    }
}
