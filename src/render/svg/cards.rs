//! Cards: how large they must be for what they say, and how they are drawn.

use super::super::resolve::{Resolved, shown};
use super::super::scene::{Card, CardKind, Change};
use super::super::text::share_in_percent;
use super::super::text_metrics::{truncate, width, wrap, wrap_evenly};
use super::document::{Anchor, Canvas, Group};
use super::icons::Icons;
use super::outline::{self, LID, Outline, STACK};
use super::{path, theme};
use crate::layout::{Point, Rect, Size};
use crate::render::put::{Put as _, count};

/// From the left border to the text; the icon of 20 stands in it.
const TEXT_LEFT: i32 = 40;
/// From the text to the right border.
const PAD_RIGHT: i32 = 14;
/// Above and below the text.
const PAD: i32 = 10;
/// Widest text; a card is then 256 wide, an eighth of a slide.
const TEXT_LIMIT: i32 = 202;
/// Narrowest card.
const MIN_WIDTH: i32 = 112;
/// Widths are multiples of this.
const GRID: i32 = 8;
/// Heights of a line of the name, of a quiet line, of the bar and of a row.
const NAME_STEP: i32 = 18;
const LINE_STEP: i32 = 16;
const BAR_STEP: i32 = 16;
const ROW_STEP: i32 = 18;
/// Rows shown before the rest is only counted.
const ROWS_SHOWN: usize = 14;
/// Up to this many lines cards share one height; longer ones stand out.
const EVEN_LINES: i32 = 4;
/// Side of the sign of a finding.
const SIGN: i32 = 16;

/// What a card says, broken into lines, and the size that it needs.
pub(super) struct Face {
    pub size: Size,
    name: Vec<String>,
    quiet: Vec<String>,
    rows: Vec<String>,
    badge: Option<String>,
    percent: Option<String>,
}

/// The faces of all cards, heights evened.
pub(super) fn faces(resolved: &Resolved<'_>) -> Vec<Face> {
    even_faces(resolved.cards.iter().map(|card| card.item))
}

/// The faces of cards that stand side by side.
pub(super) fn even_faces<'a>(cards: impl Iterator<Item = &'a Card>) -> Vec<Face> {
    let mut faces: Vec<Face> = cards.map(face).collect();
    let even = faces.iter().filter(|face| face.is_even()).map(|face| face.size.height).max().unwrap_or(0);
    for face in &mut faces {
        face.size.height = face.size.height.max(even);
    }
    faces
}

impl Face {
    fn is_even(&self) -> bool {
        self.rows.is_empty() && count(self.name.len()) + count(self.quiet.len()) <= EVEN_LINES
    }

    /// Height of name, quiet lines and bar.
    fn text_height(&self) -> i32 {
        let bar = if self.percent.is_some() { BAR_STEP } else { 0 };
        count(self.name.len()) * NAME_STEP + count(self.quiet.len()) * LINE_STEP + bar
    }
}

fn face(card: &Card) -> Face {
    let badge = card.replicas.filter(|count| *count > 1).map(|count| format!("×{count}"));
    let beside = badge_width(badge.as_deref(), card);
    let name = wrap_evenly(shown(&card.title, &card.id), theme::NAME, TEXT_LIMIT - beside, 2);
    let quiet: Vec<String> = [&card.technology, &card.size]
        .iter()
        .flat_map(|line| wrap(line, theme::BODY, TEXT_LIMIT, 1))
        .collect();
    let rows = rows(card);
    let percent = card.utilization.filter(|share| share.is_finite()).map(share_in_percent);
    let texts = name
        .iter()
        .map(|line| width(line, theme::NAME) + beside)
        .chain(quiet.iter().map(|line| width(line, theme::BODY)));
    let text = texts.max().unwrap_or(0).max(if percent.is_some() { 84 } else { 0 });
    let rows_width = rows.iter().map(|row| width(row, theme::BODY) + 2 * PAD_RIGHT).max().unwrap_or(0);
    let stack = if badge.is_some() { STACK } else { 0 };
    let inner = (TEXT_LEFT + text + PAD_RIGHT + stack).max(rows_width).max(MIN_WIDTH);
    let width = (inner + GRID - 1) / GRID * GRID;
    let mut face = Face { size: Size { width, height: 0 }, name, quiet, rows, badge, percent };
    let lid = if is_drum(card.kind) { LID } else { 0 };
    let below = if face.rows.is_empty() { 0 } else { count(face.rows.len()) * ROW_STEP + PAD };
    face.size.height = 2 * PAD + face.text_height() + stack + lid + below;
    face
}

fn rows(card: &Card) -> Vec<String> {
    let cut = |row: &String| truncate(row, theme::BODY, TEXT_LEFT + TEXT_LIMIT - PAD_RIGHT);
    let mut rows: Vec<String> = card.rows.iter().take(ROWS_SHOWN).map(cut).collect();
    let more = card.rows.len() - rows.len();
    if more > 0 {
        rows.push(format!("… {more} more"));
    }
    rows
}

/// Room that the badge and the signs take on the first line.
fn badge_width(badge: Option<&str>, card: &Card) -> i32 {
    let badge = badge.map_or(0, |text| width(text, theme::BAND) + 10);
    let signs = i32::from(card.mark.is_some()) + i32::from(card.change.is_some());
    badge + signs * (SIGN + 8)
}

fn is_drum(kind: CardKind) -> bool {
    Outline::of(kind, 0) == Outline::Drum
}

/// Draws a card into its rectangle.
pub(super) fn draw(canvas: &mut Canvas, icons: &mut Icons, card: &Card, face: &Face, rect: Rect) {
    let hue = theme::hue_class(card.hue.unwrap_or(card.kind.hue()));
    let mut title = vec![shown(&card.title, &card.id)];
    if face.quiet.iter().any(|line| line.ends_with('…')) {
        title.extend([card.technology.as_str(), card.size.as_str()]);
    }
    title.extend(card.tooltip.iter().map(String::as_str));
    title.extend(card.mark.iter().map(|mark| mark.tooltip.as_str()));
    title.extend(card.change.map(Change::word));
    let ghost = card.change == Some(Change::Removed);
    let class = if ghost { format!("{hue} {}", theme::GHOST) } else { hue.to_owned() };
    let group = Group { class: &class, id: &card.id, title, link: card.link.as_deref() };
    canvas.group(&group, |canvas| {
        let front = draw_shape(canvas, card, rect, face.badge.is_some());
        draw_content(canvas, icons, card, face, front);
    });
}

/// Draws border and stack, and gives the rectangle that is free for text.
fn draw_shape(canvas: &mut Canvas, card: &Card, rect: Rect, stacked: bool) -> Rect {
    let mut class = String::from("s-c");
    let finding = card.mark.as_ref().map(|mark| theme::severity_class(mark.severity));
    if let Some(strong) = card.change.map(theme::change_class).or(finding) {
        class.put(format_args!(" s-p {strong}"));
    }
    let mut front = rect;
    if stacked {
        front = Rect { y: rect.y + STACK, width: rect.width - STACK, height: rect.height - STACK, ..rect };
    }
    let outline = Outline::of(card.kind, front.height);
    if stacked {
        for behind in [STACK, STACK / 2] {
            outline.draw(canvas, &class, Rect { x: front.x + behind, y: front.y - behind, ..front });
        }
    }
    if card.dashed || card.kind == CardKind::External {
        class.push_str(" s-d");
    }
    outline.draw(canvas, &class, front);
    if is_drum(card.kind) {
        let rim = Outline::rim(front);
        canvas.path(&class.replace("s-c", "s-l").replace(" s-d", ""), &rim);
        front.y += LID;
        front.height -= LID;
    }
    front
}

fn draw_content(canvas: &mut Canvas, icons: &mut Icons, card: &Card, face: &Face, front: Rect) {
    let height = if face.rows.is_empty() { front.height } else { 2 * PAD + face.text_height() };
    let mut y = front.y + (height - face.text_height()) / 2;
    icons.kind(canvas, card.kind, front.x + 11, front.y + (height - 20) / 2);
    let (left, right) = (front.x + TEXT_LEFT, front.x + front.width - PAD_RIGHT);
    let mut edge = right;
    if let Some(change) = card.change {
        let class = theme::change_class(change);
        let group = Group { class, title: vec![change.word()], ..Group::default() };
        canvas.group(&group, |canvas| icons.change(canvas, change, edge - SIGN + 4, y + 1));
        edge -= SIGN + 4;
    }
    if let Some(mark) = &card.mark {
        let class = theme::severity_class(mark.severity);
        let group = Group { class, title: vec![&mark.tooltip], ..Group::default() };
        canvas.group(&group, |canvas| icons.mark(canvas, mark.severity, edge - SIGN + 4, y + 1));
        edge -= SIGN + 4;
    }
    if let Some(badge) = &face.badge {
        canvas.text("s-r", edge, y + 14, Anchor::End, badge);
    }
    for line in &face.name {
        canvas.text("s-t", left, y + 14, Anchor::Start, line);
        y += NAME_STEP;
    }
    for line in &face.quiet {
        canvas.text("s-q", left, y + 12, Anchor::Start, line);
        y += LINE_STEP;
    }
    if let (Some(percent), Some(share)) = (&face.percent, card.utilization) {
        draw_bar(canvas, percent, share, left, right, y);
    }
    draw_rows(canvas, face, front, front.y + height);
}

fn draw_rows(canvas: &mut Canvas, face: &Face, front: Rect, top: i32) {
    if face.rows.is_empty() {
        return;
    }
    canvas.path("s-u", &format!("M{} {top}H{}", front.x + 1, front.x + front.width - 1));
    for (row, at) in face.rows.iter().zip(0..) {
        canvas.text("s-q", front.x + PAD_RIGHT, top + PAD / 2 + at * ROW_STEP + 13, Anchor::Start, row);
    }
}

/// The thin bar: green below 70%, where queues start to grow fast, then amber, red when full.
fn draw_bar(canvas: &mut Canvas, percent: &str, share: f64, left: i32, right: i32, y: i32) {
    // The round caps stand 2 pixels out on either side.
    let room = (right - left - width(percent, theme::SMALL) - 10).max(8);
    let filled = (share.clamp(0.0, 1.0) * f64::from(room)).round() as i32;
    canvas.path("s-b", &format!("M{} {}h{room}", left + 2, y + 8));
    if filled > 0 {
        canvas.path(&format!("s-b {}", bar_class(share)), &format!("M{} {}h{filled}", left + 2, y + 8));
    }
    canvas.text("s-x", right, y + 12, Anchor::End, percent);
}

/// The class of the colour of a share.
pub(super) fn bar_class(share: f64) -> &'static str {
    match share {
        s if s >= 1.0 => "s-error",
        s if s >= 0.7 => "s-warning",
        _ => "s-green",
    }
}

/// Moves the end of a line that leaves the card `towards` a point from the rectangle's border to the outline.
pub(super) fn meet_outline(card: &Card, rect: Rect, at: &mut Point, towards: Point) {
    let by = outline::card_dent(card.kind, card.replicas.is_some_and(|count| count > 1), rect, *at);
    let (dx, dy) = path::direction(*at, towards);
    at.x -= dx * by;
    at.y -= dy * by;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::scene::{Diagram, Mark, Severity};

    fn card(title: &str) -> Card {
        Card { id: title.into(), title: title.into(), ..Card::default() }
    }

    #[test]
    fn a_card_is_as_wide_as_its_longest_line_on_the_grid() {
        let face = face(&Card { technology: "Kafka, 64 partitions".into(), ..card("Log") });
        let needed = TEXT_LEFT + width("Kafka, 64 partitions", theme::BODY) + PAD_RIGHT;
        assert!(face.size.width >= needed && face.size.width < needed + GRID);
        assert_eq!(face.size.width % GRID, 0);
    }

    #[test]
    fn long_names_wrap_once_and_are_then_cut() {
        let face = face(&card(&"Regulatory reporting gateway ".repeat(9)));
        assert_eq!(face.name.len(), 2);
        assert!(face.name[1].ends_with('…'));
        assert!(face.size.width <= 256);
    }

    #[test]
    fn cards_of_one_picture_share_a_height_but_entities_do_not() {
        let tall =
            Card { technology: "Go".into(), size: "12 pods".into(), replicas: Some(12), ..card("API") };
        let entity = Card { kind: CardKind::Entity, rows: vec!["id".into(); 40], ..card("Post") };
        let diagram = Diagram { nodes: vec![card("Web"), tall, entity], ..Diagram::default() };
        let heights: Vec<i32> = faces(&Resolved::new(&diagram)).iter().map(|face| face.size.height).collect();
        assert_eq!(heights[0], heights[1]);
        assert_eq!(heights[2], 2 * PAD + NAME_STEP + 15 * ROW_STEP + PAD);
    }

    #[test]
    fn badge_and_sign_never_stand_on_the_name() {
        let mark = Mark { severity: Severity::Error, label: String::new(), tooltip: String::new() };
        let marked = Card { mark: Some(mark), replicas: Some(120), ..card("Notification service") };
        let face = face(&marked);
        let name = width(&face.name[0], theme::NAME);
        let free = face.size.width - STACK - TEXT_LEFT - PAD_RIGHT - name;
        assert!(free >= width("×120", theme::BAND) + SIGN);
    }

    #[test]
    fn shares_near_a_bound_do_not_read_as_the_bound() {
        let texts = [0.0, 0.003, 0.5, 0.996, 1.0, 1.004, 1.4, -1.0, 380.0].map(share_in_percent);
        assert_eq!(texts, ["0%", "<1%", "50%", "99%", "100%", ">100%", "140%", "0%", ">9999%"]);
    }
}
