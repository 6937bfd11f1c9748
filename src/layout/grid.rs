//! The sparse orthogonal visibility graph: the lines on which edges may run, and where they meet.
//!
//! One line in the middle of every gap between items, one along the inside of every box border, and one out of the
//! middle of each side of a node; each goes on until it meets a card. After Wybrow, Marriott, Stuckey: Orthogonal
//! connector routing, 2009. Knows nothing of edges but which boxes are ends of some.

use super::Rect;
use super::arrange::{Lines, PADDING};
use super::tree::Tree;

/// Up, right, down, left; `d ^ 2` is the opposite, `d + 1` the next clockwise.
pub(super) type Way = usize;
/// Whether a direction is up or down.
pub(super) fn is_vertical(way: Way) -> bool {
    way == 0 || way == 2
}

/// No direction, no neighbour, no item.
pub(super) const NONE: usize = usize::MAX;
/// Lines keep this far from the cards that they pass, so that no line runs along a border.
const CLEARANCE: i32 = 16;
/// An outer line beside the first item of a line stands this far off.
const BESIDE: i32 = 20;

/// A meeting of two lines, or the point where a line meets a border.
#[derive(Clone, Debug)]
pub(super) struct Vertex {
    /// Place.
    pub(super) x: i32,
    /// Place.
    pub(super) y: i32,
    /// Innermost box (or the root) that it lies in; for a point on a border the box outside.
    pub(super) inside: usize,
    /// Next vertex in each direction.
    pub(super) next: [usize; 4],
    /// The item whose border this is, and the side of it.
    pub(super) port: Option<(usize, Way)>,
}

/// The graph, and the ports of each item.
pub(super) struct Grid {
    /// All vertices.
    pub(super) vertices: Vec<Vertex>,
    /// Vertices on the border of each item: all nodes, and those boxes that are ends of edges.
    pub(super) ports: Vec<Vec<usize>>,
}

#[derive(Clone, Copy, Debug)]
struct Line {
    pos: i32,
    low: i32,
    high: i32,
    /// A port at the low or high end: its item.
    port: Option<(usize, Way)>,
}

/// One of the two directions of lines, with the drawing seen along it: the code below speaks of vertical lines, and
/// looks at a transposed drawing for the horizontal ones.
struct Survey<'a> {
    tree: &'a Tree,
    rects: Vec<Rect>,
    blocks: Vec<usize>,
    vertical: bool,
    lines: Vec<Line>,
}

impl Survey<'_> {
    /// How far a line may go on from the span `low..high`, or none if a card other than `own` is in the way of it.
    fn reach(&self, pos: i32, low: i32, high: i32, own: usize) -> Option<(i32, i32)> {
        let whole = self.rects[self.tree.root()];
        let (mut from, mut to) = (whole.y, whole.y + whole.height);
        for &b in &self.blocks {
            let r = self.rects[b];
            if b == own || pos <= r.x - CLEARANCE || pos >= r.x + r.width + CLEARANCE {
                continue;
            }
            if r.y + r.height <= low {
                from = from.max(r.y + r.height);
            } else if r.y >= high {
                to = to.min(r.y);
            } else {
                return None;
            }
        }
        Some((from, to))
    }

    fn add(&mut self, pos: i32, low: i32, high: i32) {
        if let Some((low, high)) = self.reach(pos, low, high, NONE) {
            self.lines.push(Line { pos, low, high, port: None });
        }
    }

    fn add_ports(&mut self, item: usize) {
        let r = self.rects[item];
        let (pos, top, bottom) = (r.x + r.width / 2, r.y, r.y + r.height);
        if let Some((low, high)) = self.reach(pos, top, bottom, item) {
            let (before, behind) = if self.vertical { (0, 2) } else { (3, 1) };
            self.lines.push(Line { pos, low, high: top, port: Some((item, before)) });
            self.lines.push(Line { pos, low: bottom, high, port: Some((item, behind)) });
        }
    }

    /// Lines of one box: along its borders, between its lines, and between the items of its lines.
    fn add_box(&mut self, item: usize, lines: &Lines, title: i32) {
        let r = self.rects[item];
        let (left, right) = (r.x + PADDING / 2, r.x + r.width - PADDING / 2);
        let (mut top, mut bottom) = (r.y + PADDING / 2, r.y + r.height - PADDING / 2);
        let (mut first, last) = (left, right);
        if self.vertical {
            top += title;
        } else {
            first += title;
        }
        bottom = bottom.max(top);
        self.add(first, top, bottom);
        self.add(last, top, bottom);
        let rects = |items: &[usize]| items.iter().map(|&i| self.rects[i]).collect::<Vec<_>>();
        let bands: Vec<Vec<Rect>> = lines.lines().into_iter().map(rects).collect();
        // Lines of items that lie across the lines here have their gaps crossed, others have theirs followed.
        if lines.rows == self.vertical {
            for band in bands {
                let low = band.iter().map(|r| r.y).min().unwrap_or(top);
                let high = band.iter().map(|r| r.y + r.height).max().unwrap_or(bottom);
                for pair in band.windows(2) {
                    self.add((pair[0].x + pair[0].width + pair[1].x) / 2, low, high);
                }
                if let (Some(a), Some(b)) = (band.first(), band.last()) {
                    if a.x - BESIDE > first + BESIDE / 2 {
                        self.add(a.x - BESIDE, low, high);
                    }
                    if b.x + b.width + BESIDE < last - BESIDE / 2 {
                        self.add(b.x + b.width + BESIDE, low, high);
                    }
                }
            }
        } else {
            for pair in bands.windows(2) {
                let end = pair[0].iter().map(|r| r.x + r.width).max().unwrap_or(left);
                let start = pair[1].iter().map(|r| r.x).min().unwrap_or(right);
                self.add(i32::midpoint(end, start), top, bottom);
            }
        }
    }

    /// Sorted, with lines that lie on one another made one.
    fn finish(mut self) -> Vec<Line> {
        self.lines.sort_by_key(|l| (l.pos, l.low, l.high));
        let mut merged: Vec<Line> = Vec::new();
        for line in self.lines {
            match merged.last_mut() {
                Some(last) if last.pos == line.pos && line.low < last.high => {
                    last.high = last.high.max(line.high);
                    last.port = last.port.or(line.port);
                }
                _ => merged.push(line),
            }
        }
        merged
    }
}

fn transposed(r: Rect) -> Rect {
    Rect { x: r.y, y: r.x, width: r.height, height: r.width }
}

impl Grid {
    /// Builds the graph for placed items. `ends` tells which boxes edges end at, `titles` the height of title bands.
    pub(super) fn new(tree: &Tree, rects: &[Rect], plan: &[Lines], ends: &[bool], titles: &[i32]) -> Self {
        let blocks: Vec<usize> = (0..tree.root()).filter(|&i| tree.is_block(i)).collect();
        let survey = |vertical: bool| {
            let rects =
                if vertical { rects.to_vec() } else { rects.iter().map(|&r| transposed(r)).collect() };
            let mut survey = Survey { tree, rects, blocks: blocks.clone(), vertical, lines: Vec::new() };
            for &item in &tree.boxes {
                if !tree.is_block(item) {
                    survey.add_box(item, &plan[item], titles[item]);
                }
            }
            for &item in &blocks {
                survey.add_ports(item);
            }
            survey
        };
        let port_lines =
            |survey: &Survey| survey.lines.iter().copied().filter(|l| l.port.is_some()).collect::<Vec<_>>();
        let (columns, rows) = (survey(true), survey(false));
        let ports = [port_lines(&columns), port_lines(&rows)];
        let mut grid = Self { vertices: Vec::new(), ports: vec![Vec::new(); rects.len()] };
        grid.weave(&columns.finish(), &rows.finish(), ports, (tree, rects, ends));
        grid
    }

    /// Makes the vertices and links neighbours along every line.
    fn weave(
        &mut self,
        columns: &[Line],
        rows: &[Line],
        ports: [Vec<Line>; 2],
        (tree, rects, ends): (&Tree, &[Rect], &[bool]),
    ) {
        let mut on_row: Vec<Vec<usize>> = vec![Vec::new(); rows.len()];
        let mut on_column: Vec<Vec<usize>> = vec![Vec::new(); columns.len()];
        for (c, column) in columns.iter().enumerate() {
            let first = rows.partition_point(|r| r.pos < column.low);
            for (r, row) in rows.iter().enumerate().skip(first) {
                if row.pos > column.high {
                    break;
                }
                if row.low <= column.pos && column.pos <= row.high {
                    let id =
                        self.push(column.pos, row.pos, innermost(tree, rects, column.pos, row.pos), None);
                    on_column[c].push(id);
                    on_row[r].push(id);
                }
            }
        }
        let [column_ports, row_ports] = ports;
        for (lines, found, is_port, vertical) in
            [(columns, &mut on_column, column_ports, true), (rows, &mut on_row, row_ports, false)]
        {
            for line in is_port {
                let Some((item, way)) = line.port else { continue };
                let at = if way == 0 || way == 3 { line.high } else { line.low };
                let home = lines
                    .iter()
                    .position(|l| l.pos == line.pos && l.low <= at && at <= l.high && covers(l, &line));
                let Some(home) = home else { continue };
                let (x, y) = if vertical { (line.pos, at) } else { (at, line.pos) };
                let id = self.push(x, y, tree.parent[item], Some((item, way)));
                found[home].push(id);
            }
            for group in (tree.nodes..tree.root()).filter(|&g| ends[g] && !tree.is_block(g)) {
                let r = if vertical { rects[group] } else { transposed(rects[group]) };
                for (line, found) in lines.iter().zip(found.iter_mut()) {
                    if line.pos < r.x || line.pos > r.x + r.width {
                        continue;
                    }
                    for (at, way) in [(r.y, 0), (r.y + r.height, 2)] {
                        if line.low < at && at < line.high {
                            let (x, y) = if vertical { (line.pos, at) } else { (at, line.pos) };
                            let way = if vertical { way } else { 3 - way };
                            found.push(self.push(x, y, tree.parent[group], Some((group, way % 4))));
                        }
                    }
                }
            }
        }
        for list in &mut on_column {
            self.link(list, |v| v.y, 2);
        }
        for list in &mut on_row {
            self.link(list, |v| v.x, 1);
        }
    }

    fn push(&mut self, x: i32, y: i32, inside: usize, port: Option<(usize, Way)>) -> usize {
        let id = self.vertices.len();
        self.vertices.push(Vertex { x, y, inside, next: [NONE; 4], port });
        if let Some((item, _)) = port {
            self.ports[item].push(id);
        }
        id
    }

    fn link(&mut self, list: &mut [usize], place: impl Fn(&Vertex) -> i32, forwards: Way) {
        list.sort_by_key(|&v| (place(&self.vertices[v]), v));
        for pair in list.windows(2) {
            self.vertices[pair[0]].next[forwards] = pair[1];
            self.vertices[pair[1]].next[forwards ^ 2] = pair[0];
        }
    }
}

fn covers(line: &Line, port: &Line) -> bool {
    line.low <= port.low && port.high <= line.high
}

/// The innermost box around a point, its border included.
fn innermost(tree: &Tree, rects: &[Rect], x: i32, y: i32) -> usize {
    let mut item = tree.root();
    'down: loop {
        for &child in &tree.children[item] {
            let r = rects[child];
            if child >= tree.nodes && r.x <= x && x <= r.x + r.width && r.y <= y && y <= r.y + r.height {
                item = child;
                continue 'down;
            }
        }
        return item;
    }
}
