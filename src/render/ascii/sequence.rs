//! Sequence diagrams as plain text.

use std::collections::BTreeMap;

use unicode_width::UnicodeWidthStr;

use super::super::put::count;
use super::super::scene::{Frame, Item, Message, MessageKind, Note, Sequence};
use super::super::text::{participant_lines, section_title, signed};
use super::grid::{Cell, Grid, Line};
use super::{Charset, columns, cut, footing, heading};
use crate::layout::Rect;

/// Widest label and note, in columns.
const LABEL_LIMIT: usize = 40;
/// Columns that each frame takes on either side.
const NEST: i32 = 2;

/// Draws a sequence diagram.
pub fn sequence(scene: &Sequence, charset: Charset) -> String {
    let mut lanes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut heads: Vec<Vec<String>> = Vec::new();
    for participant in &scene.participants {
        if !lanes.contains_key(participant.id.as_str()) {
            lanes.insert(&participant.id, heads.len());
            heads.push(participant_lines(participant).iter().map(|line| cut(line, 28)).collect());
        }
    }
    let depth = depth(&scene.items);
    let xs = place(&heads, &lanes, &scene.items, NEST * depth);
    let last = xs.last().copied().unwrap_or(0);
    let tail = heads.last().map_or(0, |lines| columns(lines) / 2 + 3);
    let width = last + tail.max(self_room(&lanes, &scene.items, heads.len())) + NEST * depth + 2;
    let top = heads.iter().map(|lines| count(lines.len())).max().unwrap_or(0) + 2;
    let height = top + height(&scene.items) + 2;
    let mut drawing = Drawing { grid: Grid::new(width, height), lanes, xs, width, y: top };
    drawing.lifelines(top, height - 1);
    for (lines, at) in heads.iter().zip(0..) {
        drawing.head(lines, at, top);
    }
    drawing.items(&scene.items, 0);
    let mut out = heading(&scene.title, &scene.subtitle);
    out.push_str(&drawing.grid.finish(charset));
    out.push_str(&footing(&scene.footer));
    out
}

fn label(message: &Message) -> String {
    cut(&signed(&message.label, message.flagged.as_ref()), LABEL_LIMIT)
}

fn note_text(note: &Note) -> String {
    cut(&note.text.replace('\n', " "), LABEL_LIMIT)
}

/// How many frames stand inside one another.
fn depth(items: &[Item]) -> i32 {
    let frames = items.iter().filter_map(|item| match item {
        Item::Frame(frame) => Some(1 + frame.sections.iter().map(|s| depth(&s.items)).max().unwrap_or(0)),
        _ => None,
    });
    frames.max().unwrap_or(0)
}

/// Rows that items take.
fn height(items: &[Item]) -> i32 {
    let rows = items.iter().map(|item| match item {
        Item::Message(message) if message.from == message.to => 3,
        Item::Message(_) | Item::Note(_) => 2,
        Item::Frame(frame) => {
            2 + frame.sections.iter().map(|section| 1 + height(&section.items)).sum::<i32>()
        }
        Item::Deactivate(_) => 0,
    });
    rows.sum()
}

/// The column of each lifeline: as far left as heads and labels allow.
fn place(heads: &[Vec<String>], lanes: &BTreeMap<&str, usize>, items: &[Item], left: i32) -> Vec<i32> {
    let mut needs: Vec<(usize, usize, i32)> = Vec::new();
    for (at, pair) in heads.windows(2).enumerate() {
        let wide: i32 = pair.iter().map(|lines| half(lines)).sum();
        needs.push((at, at + 1, wide + 3));
    }
    collect(items, lanes, &mut needs);
    let mut xs: Vec<i32> = Vec::new();
    for (at, head) in heads.iter().enumerate() {
        let before = needs.iter().filter(|(_, to, _)| *to == at);
        let free = before.filter_map(|(from, _, need)| xs.get(*from).map(|x| x + need)).max();
        xs.push(free.unwrap_or(left + half(head)));
    }
    xs
}

/// Half the width of a head, with its border.
fn half(lines: &[String]) -> i32 {
    columns(lines) / 2 + 3
}

fn collect(items: &[Item], lanes: &BTreeMap<&str, usize>, needs: &mut Vec<(usize, usize, i32)>) {
    for item in items {
        match item {
            Item::Message(message) => {
                let ends = (lanes.get(message.from.as_str()), lanes.get(message.to.as_str()));
                let (Some(from), Some(to)) = ends else { continue };
                let wide = count(label(message).width());
                if from == to {
                    needs.push((*from, from + 1, wide + 8));
                } else {
                    needs.push((*from.min(to), *from.max(to), wide + 6));
                }
            }
            Item::Frame(frame) => frame.sections.iter().for_each(|s| collect(&s.items, lanes, needs)),
            Item::Note(note) => {
                // A note covers the lifelines right of it; only the last one needs room.
                let at = note.over.iter().find_map(|id| lanes.get(id.as_str())).copied().unwrap_or(0);
                if at + 1 == lanes.len() {
                    needs.push((at, at + 1, count(note_text(note).width()) + 6));
                }
            }
            Item::Deactivate(_) => {}
        }
    }
}

/// Columns that arrows to itself and notes need right of the last lifeline.
fn self_room(lanes: &BTreeMap<&str, usize>, items: &[Item], count_of_lanes: usize) -> i32 {
    let mut needs = Vec::new();
    collect(items, lanes, &mut needs);
    needs.iter().filter(|(_, to, _)| *to >= count_of_lanes).map(|(_, _, need)| *need).max().unwrap_or(0)
}

struct Drawing<'a> {
    grid: Grid,
    lanes: BTreeMap<&'a str, usize>,
    xs: Vec<i32>,
    width: i32,
    y: i32,
}

impl Drawing<'_> {
    fn x(&self, id: &str) -> Option<i32> {
        self.lanes.get(id).and_then(|at| self.xs.get(*at)).copied()
    }

    fn lifelines(&mut self, top: i32, bottom: i32) {
        for x in self.xs.clone() {
            for y in top..bottom {
                self.grid.join((x, y), (x, y + 1), Line::Solid);
            }
        }
    }

    fn head(&mut self, lines: &[String], at: usize, top: i32) {
        let Some(x) = self.xs.get(at).copied() else { return };
        let wide = columns(lines) + 4;
        let area = Rect {
            x: x - wide / 2,
            y: top - count(lines.len()) - 2,
            width: wide,
            height: count(lines.len()) + 2,
        };
        self.grid.frame(area, Line::Solid);
        self.grid.join((x, top - 1), (x, top), Line::Solid);
        for (line, row) in lines.iter().zip(1..) {
            self.grid.write(area.x + (wide - count(line.width())) / 2, area.y + row, line);
        }
    }

    fn items(&mut self, items: &[Item], depth: i32) {
        for item in items {
            match item {
                Item::Message(message) => self.message(message),
                Item::Frame(frame) => self.frame(frame, depth),
                Item::Note(note) => {
                    let x = note.over.iter().find_map(|id| self.x(id)).or(self.xs.first().copied());
                    if let Some(x) = x {
                        self.grid.write(x, self.y + 1, &format!("[ {} ]", note_text(note)));
                        self.y += 2;
                    }
                }
                Item::Deactivate(_) => {}
            }
        }
    }

    fn message(&mut self, message: &Message) {
        let (Some(from), Some(to)) = (self.x(&message.from), self.x(&message.to)) else { return };
        let text = label(message);
        if from == to {
            let y = self.y + 1;
            let corners = [(from, y), (from + 3, y), (from + 3, y + 1), (from, y + 1)];
            self.line(&corners, Line::Solid);
            self.grid.head(from + 1, y + 1, Cell::head(-1, 0));
            self.grid.write(from + 5, y, &text);
            self.y += 3;
            return;
        }
        let y = self.y + 1;
        let line = if message.kind == MessageKind::Return { Line::Dashed } else { Line::Solid };
        let way = (to - from).signum();
        self.line(&[(from + way, y), (to - way, y)], line);
        if message.kind == MessageKind::Lost {
            self.grid.write(to - way, y, "x");
        } else {
            self.grid.head(to - way, y, Cell::head(way, 0));
        }
        if !text.is_empty() {
            let middle = i32::midpoint(from, to) - count(text.width()) / 2;
            self.grid.write(middle - 1, y, &format!(" {text} "));
        }
        self.y += 2;
    }

    fn line(&mut self, corners: &[(i32, i32)], line: Line) {
        self.grid.polyline(corners, line);
    }

    /// A frame spans the whole width, within the frames around it.
    fn frame(&mut self, frame: &Frame, depth: i32) {
        let top = self.y;
        let left = NEST * depth;
        let right = self.width - 1 - NEST * depth;
        let mut titles: Vec<(i32, String)> = Vec::new();
        for (number, section) in frame.sections.iter().enumerate() {
            let title = section_title(frame, number, section);
            titles.push((self.y, cut(&title, LABEL_LIMIT)));
            self.y += 1;
            self.items(&section.items, depth + 1);
        }
        self.y += 1;
        self.line(&[(left, top), (right, top), (right, self.y), (left, self.y), (left, top)], Line::Dashed);
        for (y, title) in titles {
            if y > top {
                self.line(&[(left, y), (right, y)], Line::Dashed);
            }
            self.grid.write(left + 2, y, &format!(" {title} "));
        }
        self.y += 1;
    }
}
