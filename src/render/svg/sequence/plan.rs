//! Where everything of a sequence diagram stands: columns by what must fit between them, then time downwards.

use std::collections::BTreeMap;

use super::super::super::scene::{Card, Frame, FrameKind, Item, Message, Note, Sequence};
use super::super::super::text_metrics::{width, wrap, wrap_evenly};
use super::super::cards::{self, Face};
use super::super::theme;
use crate::layout::{Point, Rect};
use crate::render::put::count;

/// Height of a line of text.
pub(super) const LINE: i32 = 15;
/// Room for the sign of a finding before a label.
pub(super) const SIGN: i32 = 20;
/// Widest line of a message, of a note and of a condition.
const LABEL_LIMIT: i32 = 190;
const NOTE_LIMIT: i32 = 200;
const TITLE_LIMIT: i32 = 260;
/// Half the width of an activation bar, and how far a nested bar stands to the right.
const BAR: i32 = 5;
/// Smallest distance between two heads.
const HEAD_GAP: i32 = 28;
/// From the outermost lifeline of a frame to its border, and what each frame inside adds.
const FRAME_PAD: i32 = 26;
const FRAME_NEST: i32 = 10;
/// How far an arrow to itself reaches out.
const LOOP: i32 = 30;

/// A message with its place.
pub(super) struct Call<'a> {
    pub message: &'a Message,
    pub from: usize,
    pub to: usize,
    pub lines: Vec<String>,
    pub points: Vec<Point>,
    /// Baseline of the first line: its middle, or its start for an arrow to itself.
    pub label: Point,
}

impl Call<'_> {
    pub fn is_self(&self) -> bool {
        self.from == self.to
    }
}

/// A frame with its place.
pub(super) struct Span {
    pub rect: Rect,
    pub word: &'static str,
    pub title: Vec<String>,
    /// Where titles begin: right of the first lifeline's bars.
    pub text: i32,
    /// Tops and titles of the sections after the first.
    pub dividers: Vec<(i32, Vec<String>)>,
}

/// The whole picture.
pub(super) struct Plan<'a> {
    /// Participants as cards.
    pub heads: Vec<Card>,
    pub faces: Vec<Face>,
    /// The x of each lifeline.
    pub columns: Vec<i32>,
    /// Where lifelines begin and end.
    pub top: i32,
    pub bottom: i32,
    pub width: i32,
    pub calls: Vec<Call<'a>>,
    pub frames: Vec<Span>,
    pub notes: Vec<(Rect, Vec<String>)>,
    pub bars: Vec<Rect>,
    index: BTreeMap<&'a str, usize>,
    /// Bars that are not closed yet, by participant: indexes into `bars`.
    open: Vec<Vec<usize>>,
    /// Where the last message of each participant stands.
    touched: Vec<i32>,
    y: i32,
}

impl<'a> Plan<'a> {
    pub fn of(scene: &'a Sequence) -> Plan<'a> {
        let mut index = BTreeMap::new();
        let mut heads: Vec<Card> = Vec::new();
        for participant in &scene.participants {
            if index.contains_key(participant.id.as_str()) {
                continue;
            }
            index.insert(participant.id.as_str(), heads.len());
            heads.push(Card {
                id: participant.id.clone(),
                title: participant.title.clone(),
                technology: participant.technology.clone(),
                kind: participant.kind,
                link: participant.link.clone(),
                tooltip: participant.tooltip.clone(),
                ..Card::default()
            });
        }
        let faces = cards::even_faces(heads.iter());
        let top = faces.iter().map(|face| face.size.height).max().unwrap_or(0);
        let lanes = heads.len();
        let mut plan = Plan {
            heads,
            faces,
            columns: Vec::new(),
            top,
            bottom: 0,
            width: 0,
            calls: Vec::new(),
            frames: Vec::new(),
            notes: Vec::new(),
            bars: Vec::new(),
            index,
            open: vec![Vec::new(); lanes],
            touched: vec![top; lanes],
            y: top + 12,
        };
        plan.place_columns(&scene.items);
        plan.place_items(&scene.items);
        plan.bottom = plan.y + 12;
        for lane in 0..lanes {
            plan.close_all(lane);
        }
        plan.shift_right();
        plan
    }

    pub fn name(&self, lane: usize) -> &str {
        self.heads.get(lane).map_or("", |card| super::super::super::resolve::shown(&card.title, &card.id))
    }

    fn lane(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }

    fn column(&self, lane: usize) -> i32 {
        self.columns.get(lane).copied().unwrap_or(0)
    }

    // --- columns -------------------------------------------------------------------------------------------

    /// Each column as far left as the heads, labels and notes between it and the columns before allow.
    fn place_columns(&mut self, items: &[Item]) {
        let mut needs: Vec<(usize, usize, i32)> = Vec::new();
        for (lane, pair) in self.faces.windows(2).enumerate() {
            let wide: i32 = pair.iter().map(|face| face.size.width / 2).sum();
            needs.push((lane, lane + 1, wide + HEAD_GAP));
        }
        self.collect_needs(items, &mut needs);
        for lane in 0..self.faces.len() {
            let before = needs.iter().filter(|(_, to, _)| *to == lane);
            let x = before.map(|(from, _, need)| self.column(*from) + need).max().unwrap_or(0);
            self.columns.push(x);
        }
    }

    fn collect_needs(&self, items: &[Item], needs: &mut Vec<(usize, usize, i32)>) {
        for item in items {
            match item {
                Item::Message(message) => {
                    let (Some(from), Some(to)) = (self.lane(&message.from), self.lane(&message.to)) else {
                        continue;
                    };
                    let label = label_width(message, &label_lines(message));
                    if from == to {
                        needs.push((from, from + 1, LOOP + 2 * BAR + label + 16));
                    } else {
                        needs.push((from.min(to), from.max(to), label + 36));
                    }
                }
                Item::Note(note) => {
                    let (low, high) = self.note_lanes(note);
                    let wide = note_width(&note_lines(note));
                    if low < high {
                        needs.push((low, high, wide - 2 * FRAME_PAD));
                    } else {
                        needs.push((low, low + 1, wide / 2 + 16));
                        needs.extend(low.checked_sub(1).map(|before| (before, low, wide / 2 + 16)));
                    }
                }
                Item::Frame(frame) => {
                    let (low, high) = self.frame_lanes(frame);
                    needs.push((low, high, frame_text(frame) - FRAME_PAD));
                    // The tab stands between the first lifeline and the one before it.
                    needs.extend(low.checked_sub(1).map(|before| (before, low, left_pad(frame) + FRAME_PAD)));
                    for section in &frame.sections {
                        self.collect_needs(&section.items, needs);
                    }
                }
                Item::Deactivate(_) => {}
            }
        }
    }

    /// The first and last lifeline that items touch.
    fn lanes(&self, items: &[Item]) -> Option<(usize, usize)> {
        let spans = items.iter().filter_map(|item| match item {
            Item::Message(message) => {
                let (from, to) = (self.lane(&message.from)?, self.lane(&message.to)?);
                Some((from.min(to), from.max(to)))
            }
            Item::Note(note) => Some(self.note_lanes(note)),
            Item::Frame(frame) => frame.sections.iter().filter_map(|s| self.lanes(&s.items)).reduce(join),
            Item::Deactivate(_) => None,
        });
        spans.reduce(join)
    }

    fn note_lanes(&self, note: &Note) -> (usize, usize) {
        let lanes: Vec<usize> = note.over.iter().filter_map(|id| self.lane(id)).collect();
        let all = (0, self.heads.len().saturating_sub(1));
        match (lanes.iter().min(), lanes.iter().max()) {
            (Some(low), Some(high)) => (*low, *high),
            _ => all,
        }
    }

    // --- time ----------------------------------------------------------------------------------------------

    fn place_items(&mut self, items: &'a [Item]) {
        for item in items {
            match item {
                Item::Message(message) => self.place_message(message),
                Item::Frame(frame) => self.place_frame(frame),
                Item::Note(note) => self.place_note(note),
                Item::Deactivate(id) => {
                    if let Some(lane) = self.lane(id) {
                        self.close(lane, self.y);
                    }
                }
            }
        }
    }

    fn place_message(&mut self, message: &'a Message) {
        let (Some(from), Some(to)) = (self.lane(&message.from), self.lane(&message.to)) else { return };
        let lines = label_lines(message);
        let text = count(lines.len()).max(i32::from(message.flagged.is_some())) * LINE;
        if from == to {
            return self.place_self(message, from, lines);
        }
        let baseline = self.y + 14;
        self.y += 8 + text.max(4);
        let (start, y) = (self.side(from, from < to), self.y);
        if message.activate {
            self.open(to, y);
        }
        let end = self.side(to, to < from);
        let points = vec![Point { x: start, y }, Point { x: end, y }];
        let label = Point { x: i32::midpoint(start, end), y: baseline };
        self.calls.push(Call { message, from, to, lines, points, label });
        self.touch(from, y);
        self.touch(to, y);
        if message.deactivate {
            self.close(from, y);
        }
        self.y += 12;
    }

    fn place_self(&mut self, message: &'a Message, lane: usize, lines: Vec<String>) {
        let y = self.y + 10;
        let start = self.side(lane, true);
        if message.activate {
            self.open(lane, y + 18);
        }
        let end = self.side(lane, true);
        let out = start.max(end) + LOOP;
        let low = y + 20;
        let points = vec![
            Point { x: start, y },
            Point { x: out, y },
            Point { x: out, y: low },
            Point { x: end, y: low },
        ];
        let text = count(lines.len()) * LINE;
        let label = Point { x: out + 8, y: y + 10 - text / 2 + 12 };
        self.calls.push(Call { message, from: lane, to: lane, lines, points, label });
        self.y = low.max(y + 10 + text / 2) + 12;
        self.touch(lane, low);
        if message.deactivate {
            self.close(lane, low);
        }
    }

    fn place_note(&mut self, note: &Note) {
        if self.heads.is_empty() {
            return;
        }
        let lines = note_lines(note);
        let (low, high) = self.note_lanes(note);
        let (left, right) = (self.column(low), self.column(high));
        let wide = note_width(&lines).max(if low < high { right - left + 2 * FRAME_PAD } else { 0 });
        let rect = Rect {
            x: i32::midpoint(left, right) - wide / 2,
            y: self.y + 8,
            width: wide,
            height: count(lines.len()) * LINE + 14,
        };
        self.y = rect.y + rect.height + 8;
        self.notes.push((rect, lines));
    }

    fn place_frame(&mut self, frame: &'a Frame) {
        let at = self.frames.len();
        let title = frame_title(frame);
        let top = self.y + 8;
        self.y = top + 22 + (count(title.len()) - 1).max(0) * LINE;
        let lanes = self.frame_lanes(frame);
        let text = self.side(lanes.0, true) + 10;
        let (rect, word) = (Rect::default(), frame.kind.word());
        self.frames.push(Span { rect, word, title, text, dividers: Vec::new() });
        let (calls, notes) = (self.calls.len(), self.notes.len());
        let before = self.open.clone();
        let mut after: Vec<Vec<usize>> = vec![Vec::new(); before.len()];
        for (number, section) in frame.sections.iter().enumerate() {
            if number > 0 {
                let lines = section_title(&section.title);
                let top = self.y + 4;
                self.y = top + 8 + count(lines.len()) * LINE;
                if let Some(span) = self.frames.get_mut(at) {
                    span.dividers.push((top, lines));
                }
            }
            if matches!(frame.kind, FrameKind::Alt | FrameKind::Par | FrameKind::Break) {
                self.open.clone_from(&before);
            }
            self.place_items(&section.items);
            for (still, open) in after.iter_mut().zip(&self.open) {
                still.extend(open.iter().filter(|bar| !still.contains(bar)).copied().collect::<Vec<_>>());
            }
        }
        if !frame.sections.is_empty() {
            self.open = after;
        }
        self.y += 8;
        let reach = self.reach(calls, notes);
        let left = reach.0.min(self.column(lanes.0) - left_pad(frame));
        let right = reach.1.max(self.column(lanes.1) + FRAME_PAD + FRAME_NEST * nesting(frame));
        let right = right.max(text + frame_text(frame));
        if let Some(span) = self.frames.get_mut(at) {
            span.rect = Rect { x: left, y: top, width: right - left, height: self.y - top };
        }
        self.y += 8;
    }

    /// The outermost lifelines of a frame; all of them for an empty one.
    fn frame_lanes(&self, frame: &Frame) -> (usize, usize) {
        let lanes = frame.sections.iter().filter_map(|section| self.lanes(&section.items)).reduce(join);
        lanes.unwrap_or((0, self.heads.len().saturating_sub(1)))
    }

    /// How far notes and arrows to themselves, from the given ones on, reach out to both sides.
    fn reach(&self, calls: usize, notes: usize) -> (i32, i32) {
        let notes = self.notes.get(notes..).unwrap_or_default().iter().map(|(rect, _)| *rect);
        let loops = self.calls.get(calls..).unwrap_or_default().iter().filter(|call| call.is_self());
        let loops = loops.map(|call| call.label.x + label_width(call.message, &call.lines));
        let left = notes.clone().map(|note| note.x - 8).min().unwrap_or(i32::MAX);
        (left, notes.map(|note| note.x + note.width).chain(loops).max().unwrap_or(0) + 8)
    }

    // --- activation bars -----------------------------------------------------------------------------------

    /// The border of the lifeline's bars on one side.
    fn side(&self, lane: usize, right: bool) -> i32 {
        let level = self.open.get(lane).map_or(0, |open| count(open.len()));
        let x = self.column(lane);
        match (level, right) {
            (0, _) => x,
            (level, true) => x + BAR * level,
            (_, false) => x - BAR,
        }
    }

    fn open(&mut self, lane: usize, y: i32) {
        let bar = self.bars.len();
        let x = self.column(lane);
        if let Some(open) = self.open.get_mut(lane) {
            let level = count(open.len());
            self.bars.push(Rect { x: x - BAR + BAR * level, y, width: 2 * BAR, height: 0 });
            open.push(bar);
        }
    }

    fn close(&mut self, lane: usize, y: i32) {
        let Some(bar) = self.open.get_mut(lane).and_then(Vec::pop) else { return };
        if let Some(rect) = self.bars.get_mut(bar) {
            rect.height = rect.height.max(y - rect.y).max(14);
        }
    }

    fn close_all(&mut self, lane: usize) {
        let end = self.touched.get(lane).copied().unwrap_or(0) + 6;
        while self.open.get(lane).is_some_and(|open| !open.is_empty()) {
            self.close(lane, end);
        }
    }

    fn touch(&mut self, lane: usize, y: i32) {
        if let Some(touched) = self.touched.get_mut(lane) {
            *touched = y;
        }
    }

    // --- the whole -----------------------------------------------------------------------------------------

    /// Moves everything so that the leftmost thing stands at 0, and measures the width.
    fn shift_right(&mut self) {
        let heads = || self.columns.iter().zip(&self.faces);
        let rects =
            || self.frames.iter().map(|frame| frame.rect).chain(self.notes.iter().map(|(rect, _)| *rect));
        let left =
            heads().map(|(x, face)| x - face.size.width / 2).chain(rects().map(|r| r.x)).min().unwrap_or(0);
        let loops = self.calls.iter().filter(|call| call.is_self());
        let reach = loops.map(|call| call.label.x + label_width(call.message, &call.lines));
        let right = heads().map(|(x, face)| x + (face.size.width + 1) / 2);
        let right = right.chain(rects().map(|r| r.x + r.width)).chain(reach).max().unwrap_or(0);
        self.width = right - left;
        self.columns.iter_mut().for_each(|x| *x -= left);
        for frame in &mut self.frames {
            frame.rect.x -= left;
            frame.text -= left;
        }
        self.notes.iter_mut().for_each(|(rect, _)| rect.x -= left);
        self.bars.iter_mut().for_each(|rect| rect.x -= left);
        for call in &mut self.calls {
            call.label.x -= left;
            call.points.iter_mut().for_each(|point| point.x -= left);
        }
    }
}

fn join(a: (usize, usize), b: (usize, usize)) -> (usize, usize) {
    (a.0.min(b.0), a.1.max(b.1))
}

fn label_lines(message: &Message) -> Vec<String> {
    wrap_evenly(&message.label, theme::BODY, LABEL_LIMIT, 3)
}

fn label_width(message: &Message, lines: &[String]) -> i32 {
    let text = lines.iter().map(|line| width(line, theme::BODY)).max().unwrap_or(0);
    text + if message.flagged.is_some() { SIGN } else { 0 }
}

fn note_lines(note: &Note) -> Vec<String> {
    wrap_evenly(&note.text, theme::BODY, NOTE_LIMIT, 8)
}

fn note_width(lines: &[String]) -> i32 {
    lines.iter().map(|line| width(line, theme::BODY)).max().unwrap_or(0) + 28
}

/// The frame's title and that of its first section.
fn frame_title(frame: &Frame) -> Vec<String> {
    let first = frame.sections.first().map_or("", |section| section.title.trim());
    let first = if first.is_empty() { String::new() } else { format!("[{first}]") };
    wrap(&format!("{} {first}", frame.title.trim()), theme::BODY, TITLE_LIMIT, 2)
}

fn section_title(title: &str) -> Vec<String> {
    if title.trim().is_empty() {
        return Vec::new();
    }
    wrap(&format!("[{}]", title.trim()), theme::BODY, TITLE_LIMIT, 2)
}

/// The width that the titles of a frame need.
fn frame_text(frame: &Frame) -> i32 {
    let wide = |lines: Vec<String>| lines.iter().map(|line| width(line, theme::BODY)).max().unwrap_or(0);
    let sections = frame.sections.iter().skip(1).map(|section| wide(section_title(&section.title)));
    sections.max().unwrap_or(0).max(wide(frame_title(frame))) + 12
}

/// The width of the tab with the frame's word.
pub(super) fn tab_width(word: &str) -> i32 {
    width(word, theme::BAND) + 18
}

/// From the border to the first lifeline: the frame's own tab, and the frames inside.
fn left_pad(frame: &Frame) -> i32 {
    let inner = frame.sections.iter().flat_map(|section| &section.items).filter_map(|item| match item {
        Item::Frame(frame) => Some(left_pad(frame) + FRAME_NEST),
        _ => None,
    });
    inner.max().unwrap_or(0).max(tab_width(frame.kind.word()) + 2 * BAR)
}

/// How many frames stand inside one another below this one.
fn nesting(frame: &Frame) -> i32 {
    let inner = frame.sections.iter().flat_map(|section| &section.items).filter_map(|item| match item {
        Item::Frame(frame) => Some(1 + nesting(frame)),
        _ => None,
    });
    inner.max().unwrap_or(0)
}
