//! Scenes as plain text, for terminals and comments: a grid of characters, drawn by the same layout.

mod chart;
mod grid;
mod sequence;

pub use chart::{bars, lines, waterfall};
pub use sequence::sequence;

use unicode_width::UnicodeWidthStr;

use super::graph;
use super::put::count;
use super::resolve::{Resolved, Wire};
use super::scene::{Arrow, ArrowStyle, Boundary, Card, Change, Diagram};
use super::text::{arrow_label, boundary_name, card_lines, card_name, one_line};
use crate::layout::{End, Graph, Layout, Point, Rect, Size};
use grid::{Cell, Grid, Line};

/// The characters that lines are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Charset {
    /// Box drawing.
    #[default]
    Unicode,
    /// `+`, `-` and `|` for lines; names keep their own characters.
    Ascii,
}

/// Pixels of one character: tracks 12 pixels apart then never share a row or column.
const CELL: Size = Size { width: 6, height: 12 };
/// Widest text in a card and in a label, in columns.
const CARD_LIMIT: usize = 32;
const LABEL_LIMIT: usize = 24;
/// Above this many cells a text is of no use to anybody.
const MOST_CELLS: i64 = 16_000_000;

/// The graph of a diagram in characters. Give its layout to [`diagram`].
pub fn graph(scene: &Diagram) -> Graph {
    let resolved = Resolved::new(scene);
    let cards: Vec<Size> = resolved.cards.iter().map(|card| card_size(card.item)).collect();
    graph::of(scene, &resolved, &cards, band, label_size)
}

fn pixels(columns: i32, rows: i32) -> Size {
    Size { width: columns * CELL.width, height: rows * CELL.height }
}

fn cut(text: &str, limit: usize) -> String {
    let text = one_line(text, 4 * limit);
    if text.width() <= limit {
        return text;
    }
    let mut out = String::new();
    for c in text.chars() {
        if format!("{out}{c}").width() + 1 > limit {
            break;
        }
        out.push(c);
    }
    format!("{}…", out.trim_end())
}

fn card_text(card: &Card) -> Vec<String> {
    let mut lines = vec![cut(&card_name(card), CARD_LIMIT)];
    lines.extend(card_lines(card).iter().take(20).map(|line| cut(line, CARD_LIMIT)));
    lines
}

fn columns(lines: &[String]) -> i32 {
    count(lines.iter().map(|line| line.width()).max().unwrap_or(0))
}

fn card_size(card: &Card) -> Size {
    let lines = card_text(card);
    pixels((columns(&lines) + 4).max(12), count(lines.len()) + 2)
}

fn band_text(boundary: &Boundary) -> String {
    cut(&boundary_name(boundary), 2 * CARD_LIMIT)
}

fn band(boundary: &Boundary) -> Size {
    pixels(columns(&[band_text(boundary)]) + 6, 2)
}

fn label_text(arrow: &Arrow) -> String {
    cut(&arrow_label(&arrow.label, arrow), LABEL_LIMIT)
}

fn label_size(arrow: &Arrow) -> Option<Size> {
    let text = label_text(arrow);
    (!text.is_empty()).then(|| pixels(count(text.width()) + 2, 1))
}

/// Draws a diagram by the layout of its [`graph`].
pub fn diagram(scene: &Diagram, layout: &Layout, charset: Charset) -> String {
    let resolved = Resolved::new(scene);
    let (wide, high) = (layout.size.width / CELL.width + 2, layout.size.height / CELL.height + 2);
    let mut out = heading(&scene.title, &scene.subtitle);
    if i64::from(wide) * i64::from(high) > MOST_CELLS {
        out.push_str("too large for plain text; draw a smaller view or use SVG\n");
        return out;
    }
    let mut grid = Grid::new(wide, high);
    for (boundary, rect) in resolved.boxes.iter().zip(&layout.groups) {
        let area = cells(*rect);
        grid.frame(area, Line::Dashed);
        grid.write(area.x + 2, area.y, &format!(" {} ", band_text(boundary.item)));
    }
    let mut heads = Vec::new();
    for (wire, route) in resolved.wires.iter().zip(&layout.edges) {
        let area = |end: End| match end {
            End::Node(at) => layout.nodes.get(at).copied(),
            End::Group(at) => layout.groups.get(at).copied(),
        };
        heads.extend(draw_wire(&mut grid, wire, &route.points, area(wire.from), area(wire.to)));
    }
    for (card, rect) in resolved.cards.iter().zip(&layout.nodes) {
        draw_card(&mut grid, card.item, cells(*rect));
    }
    for (x, y, way) in heads {
        grid.head(x, y, way);
    }
    for (wire, route) in resolved.wires.iter().zip(&layout.edges) {
        let (Some(rect), text) = (route.label, label_text(wire.arrow)) else { continue };
        let area = cells(rect);
        let left = area.x + (area.width - count(text.width())) / 2;
        grid.write(left, area.y, &text);
    }
    out.push_str(grid.finish(charset).trim_start_matches('\n'));
    out.push_str(&footing(&scene.footer));
    out
}

/// The lines above a text picture.
fn heading(title: &str, subtitle: &str) -> String {
    let lines = [title, subtitle].map(|line| one_line(line, 400));
    let said: Vec<&str> = lines.iter().map(String::as_str).filter(|line| !line.is_empty()).collect();
    if said.is_empty() { String::new() } else { format!("{}\n\n", said.join("\n")) }
}

/// The lines below it.
fn footing(footer: &str) -> String {
    let line = one_line(footer, 400);
    if line.is_empty() { line } else { format!("\n{line}\n") }
}

/// A rectangle of pixels in characters.
fn cells(rect: Rect) -> Rect {
    Rect {
        x: rect.x.div_euclid(CELL.width),
        y: rect.y.div_euclid(CELL.height),
        width: rect.width / CELL.width,
        height: (rect.height / CELL.height).max(1),
    }
}

fn draw_card(grid: &mut Grid, card: &Card, area: Rect) {
    grid.clear(area);
    let ghost = card.change == Some(Change::Removed);
    let line = if ghost {
        Line::Dashed
    } else if card.mark.is_some() || card.change.is_some() {
        Line::Heavy
    } else {
        Line::Solid
    };
    grid.frame(area, line);
    for (text, at) in card_text(card).iter().zip(1..) {
        if at < area.height - 1 {
            grid.write(area.x + 2, area.y + at, text);
        }
    }
}

/// Draws the line, and gives the place and direction of its head.
fn draw_wire(
    grid: &mut Grid,
    wire: &Wire<'_>,
    points: &[Point],
    from: Option<Rect>,
    to: Option<Rect>,
) -> Option<(i32, i32, Cell)> {
    let mut way: Vec<(i32, i32)> = Vec::new();
    for pair in points.windows(2) {
        let [a, b] = pair else { continue };
        let (a, b) = (cell(*a), cell(*b));
        let (dx, dy) = ((b.0 - a.0).signum(), (b.1 - a.1).signum());
        let mut at = a;
        way.push(at);
        while at.0 != b.0 {
            at.0 += dx;
            way.push(at);
        }
        while at.1 != b.1 {
            at.1 += dy;
            way.push(at);
        }
    }
    way.dedup();
    let inside = |at: &(i32, i32), rect: Option<Rect>| rect.is_some_and(|rect| covers(cells(rect), *at));
    let start = way.iter().position(|at| !inside(at, from)).unwrap_or(way.len());
    let end = way.iter().rposition(|at| !inside(at, to)).map_or(0, |at| at + 1);
    let line = match wire.arrow.style {
        ArrowStyle::Async => Line::Dashed,
        ArrowStyle::Replication => Line::Double,
        ArrowStyle::Sync | ArrowStyle::Relation if wire.arrow.back => Line::Dashed,
        ArrowStyle::Sync | ArrowStyle::Relation => Line::Solid,
    };
    let drawn = way.get(start..end.max(start))?;
    for pair in drawn.windows(2) {
        if let [a, b] = pair {
            grid.join(*a, *b, line);
        }
    }
    let (x, y) = *drawn.last()?;
    let before = match end.checked_sub(2).and_then(|at| way.get(at)) {
        Some(before) if end > start + 1 => *before,
        // The line is one character long: it points at the target.
        _ => way.get(end).map_or((x, y), |after| (2 * x - after.0, 2 * y - after.1)),
    };
    Some((x, y, Cell::head(x - before.0, y - before.1)))
}

fn cell(point: Point) -> (i32, i32) {
    (point.x.div_euclid(CELL.width), point.y.div_euclid(CELL.height))
}

fn covers(area: Rect, (x, y): (i32, i32)) -> bool {
    x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height
}
