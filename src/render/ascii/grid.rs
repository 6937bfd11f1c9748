//! A grid of characters: lines that join, frames, texts.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::Charset;
use crate::layout::Rect;

const UP: u8 = 1;
const RIGHT: u8 = 2;
const DOWN: u8 = 4;
const LEFT: u8 = 8;

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Solid,
    Dashed,
    Double,
    Heavy,
}

/// One character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Empty,
    /// The sides to which lines leave.
    Line(u8, Line),
    /// The head of an arrow that points to one side.
    Head(u8),
    /// What a reader takes for one character.
    Text(Box<str>),
    /// The right half of a wide character.
    Covered,
}

impl Cell {
    /// A head that points along the way.
    pub fn head(dx: i32, dy: i32) -> Cell {
        Cell::Head(side(dx, dy))
    }
}

fn side(dx: i32, dy: i32) -> u8 {
    match (dx.signum(), dy.signum()) {
        (1, _) => RIGHT,
        (-1, _) => LEFT,
        (_, -1) => UP,
        _ => DOWN,
    }
}

/// Rows of cells; what is drawn outside is lost.
pub(super) struct Grid {
    width: i32,
    cells: Vec<Cell>,
}

impl Grid {
    pub fn new(width: i32, height: i32) -> Grid {
        let width = width.max(1);
        let size = usize::try_from(i64::from(width) * i64::from(height.max(0))).unwrap_or(0);
        Grid { width, cells: vec![Cell::Empty; size] }
    }

    fn at(&mut self, x: i32, y: i32) -> Option<&mut Cell> {
        if x < 0 || x >= self.width || y < 0 {
            return None;
        }
        let index = usize::try_from(i64::from(y) * i64::from(self.width) + i64::from(x)).ok()?;
        self.cells.get_mut(index)
    }

    fn set(&mut self, x: i32, y: i32, cell: Cell) {
        if let Some(at) = self.at(x, y) {
            *at = cell;
        }
    }

    /// Empties an area.
    pub fn clear(&mut self, area: Rect) {
        for y in area.y..area.y + area.height {
            for x in area.x..area.x + area.width {
                self.set(x, y, Cell::Empty);
            }
        }
    }

    /// Draws the border of an area.
    pub fn frame(&mut self, area: Rect, line: Line) {
        let (right, bottom) = (area.x + area.width - 1, area.y + area.height - 1);
        let corners =
            [(area.x, area.y), (right, area.y), (right, bottom), (area.x, bottom), (area.x, area.y)];
        self.polyline(&corners, line);
    }

    /// Draws a line through some corners.
    pub fn polyline(&mut self, corners: &[(i32, i32)], line: Line) {
        for pair in corners.windows(2) {
            let [from, to] = pair else { continue };
            let (dx, dy) = ((to.0 - from.0).signum(), (to.1 - from.1).signum());
            let mut at = *from;
            while at != *to {
                let next = (at.0 + dx, at.1 + dy);
                self.join(at, next, line);
                at = next;
            }
        }
    }

    /// Draws a line between two cells side by side.
    pub fn join(&mut self, a: (i32, i32), b: (i32, i32), line: Line) {
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        self.leave(a, side(dx, dy), line);
        self.leave(b, side(-dx, -dy), line);
    }

    fn leave(&mut self, (x, y): (i32, i32), to: u8, line: Line) {
        let Some(at) = self.at(x, y) else { return };
        match at {
            Cell::Line(sides, style) => {
                *sides |= to;
                *style = line;
            }
            Cell::Empty => *at = Cell::Line(to, line),
            Cell::Head(_) | Cell::Text(_) | Cell::Covered => {}
        }
    }

    /// Draws the head of an arrow.
    pub fn head(&mut self, x: i32, y: i32, head: Cell) {
        self.set(x, y, head);
    }

    /// Writes a text over whatever is there.
    pub fn write(&mut self, x: i32, y: i32, text: &str) {
        let mut x = x;
        for cluster in text.graphemes(true) {
            let columns = i32::try_from(cluster.width()).unwrap_or(1);
            if columns == 0 {
                continue;
            }
            self.set(x, y, Cell::Text(cluster.into()));
            for covered in 1..columns {
                self.set(x + covered, y, Cell::Covered);
            }
            x += columns;
        }
    }

    /// The text, without blanks at the ends of lines and without empty lines at the end.
    pub fn finish(&self, charset: Charset) -> String {
        let mut out = String::new();
        let width = usize::try_from(self.width).unwrap_or(1);
        for row in self.cells.chunks(width) {
            let line: String = row.iter().map(|cell| character(cell, charset)).collect();
            out.push_str(line.trim_end());
            out.push('\n');
        }
        let end = out.trim_end().len();
        out.truncate(end);
        out.push('\n');
        out
    }
}

fn character(cell: &Cell, charset: Charset) -> &str {
    match (cell, charset) {
        (Cell::Empty, _) => " ",
        (Cell::Covered, _) => "",
        (Cell::Text(text), _) => text,
        (Cell::Head(side), Charset::Unicode) => head(*side, ["▲", "▶", "▼", "◀"]),
        (Cell::Head(side), Charset::Ascii) => head(*side, ["^", ">", "v", "<"]),
        (Cell::Line(sides, line), Charset::Unicode) => unicode_line(*sides, *line),
        (Cell::Line(sides, line), Charset::Ascii) => ascii_line(*sides, *line),
    }
}

fn head(side: u8, [up, right, down, left]: [&'static str; 4]) -> &'static str {
    match side {
        UP => up,
        RIGHT => right,
        LEFT => left,
        _ => down,
    }
}

fn ascii_line(sides: u8, line: Line) -> &'static str {
    let horizontal = sides & (LEFT | RIGHT) != 0;
    let vertical = sides & (UP | DOWN) != 0;
    match (horizontal, vertical, line) {
        (true, true, _) => "+",
        (true, false, Line::Dashed) => ".",
        (true, false, Line::Double | Line::Heavy) => "=",
        (true, false, Line::Solid) => "-",
        (false, _, Line::Dashed) => ":",
        (false, _, Line::Double | Line::Heavy) => "#",
        (false, _, Line::Solid) => "|",
    }
}

/// Box drawing characters by the sides to which lines leave: bits up, right, down, left.
fn unicode_line(sides: u8, line: Line) -> &'static str {
    const LIGHT: [&str; 16] =
        [" ", "│", "─", "└", "│", "│", "┌", "├", "─", "┘", "─", "┴", "┐", "┤", "┬", "┼"];
    const DOUBLE: [&str; 16] =
        [" ", "║", "═", "╚", "║", "║", "╔", "╠", "═", "╝", "═", "╩", "╗", "╣", "╦", "╬"];
    const HEAVY: [&str; 16] =
        [" ", "┃", "━", "┗", "┃", "┃", "┏", "┣", "━", "┛", "━", "┻", "┓", "┫", "┳", "╋"];
    let table = match line {
        Line::Double => DOUBLE,
        Line::Heavy => HEAVY,
        Line::Dashed if sides & (LEFT | RIGHT) == 0 => return "╎",
        Line::Dashed if sides & (UP | DOWN) == 0 => return "╌",
        Line::Solid | Line::Dashed => LIGHT,
    };
    table.get(usize::from(sides & 15)).copied().unwrap_or(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_texts_and_crossings_join() {
        let mut grid = Grid::new(9, 4);
        grid.frame(Rect { x: 0, y: 0, width: 6, height: 3 }, Line::Solid);
        grid.write(1, 1, "漢a");
        for x in 4..8 {
            grid.join((x, 1), (x + 1, 1), Line::Solid);
        }
        assert_eq!(grid.finish(Charset::Unicode), "┌────┐\n│漢a─┼───\n└────┘\n");
        assert_eq!(grid.finish(Charset::Ascii), "+----+\n|漢a-+---\n+----+\n");
    }

    #[test]
    fn what_lies_outside_is_lost_without_harm() {
        let mut grid = Grid::new(3, 1);
        grid.write(-1, 0, "abcdef");
        grid.write(0, 7, "x");
        grid.frame(Rect { x: -5, y: -5, width: 40, height: 40 }, Line::Double);
        assert_eq!(grid.finish(Charset::Unicode), "bcd\n");
    }
}
