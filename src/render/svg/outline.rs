//! The outlines of cards, and how far they lie inside their rectangle where an arrow ends.

use super::super::scene::CardKind;
use super::document::Canvas;
use crate::layout::{Point, Rect};
use crate::math;

/// How far replicas behind a card stand out above and to the right of it.
pub(super) const STACK: i32 = 6;
/// How far the curve of a drum or pipe reaches.
pub(super) const LID: i32 = 5;

/// A shape within a rectangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outline {
    /// Corners of this radius.
    Round(i32),
    /// Corners cut off by as much.
    Cut(i32),
    /// A standing drum.
    Drum,
    /// A lying pipe.
    Pipe,
}

impl Outline {
    /// The shape of a kind, in a rectangle of this height.
    pub fn of(kind: CardKind, height: i32) -> Outline {
        match kind {
            CardKind::Store | CardKind::ObjectStore | CardKind::SearchIndex | CardKind::Cache => {
                Outline::Drum
            }
            CardKind::Queue | CardKind::Topic => Outline::Pipe,
            CardKind::Balancer | CardKind::Gateway | CardKind::Cdn => Outline::Cut(9.min(height / 3)),
            CardKind::Person | CardKind::Client => Outline::Round(16.min(height / 2)),
            CardKind::Entity => Outline::Round(2),
            _ => Outline::Round(7),
        }
    }

    /// Draws the shape.
    pub fn draw(self, canvas: &mut Canvas, class: &str, rect: Rect) {
        let Rect { x, y, width: w, height: h } = rect;
        let data = match self {
            Outline::Round(radius) => return canvas.rect(class, rect, radius),
            Outline::Drum => {
                let (rx, body) = (w / 2, h - 2 * LID);
                let arc = format!("a{rx} {LID} 0 0 1");
                format!("M{x} {}{arc} {} 0v{body}{arc}-{} 0z", y + LID, 2 * rx, 2 * rx)
            }
            Outline::Pipe => {
                let (ry, body) = (h / 2, w - 2 * LID);
                let arc = format!("a{LID} {ry} 0 0 1 0");
                format!("M{} {y}h{body}{arc} {}h-{body}{arc}-{}z", x + LID, 2 * ry, 2 * ry)
            }
            Outline::Cut(c) => {
                let (across, down) = (w - 2 * c, h - 2 * c);
                format!("M{} {y}h{across}l{c} {c}v{down}l-{c} {c}h-{across}l-{c}-{c}v-{down}z", x + c)
            }
        };
        canvas.path(class, &data);
    }

    /// Path data of the front rim of a drum's lid.
    pub fn rim(rect: Rect) -> String {
        let rx = rect.width / 2;
        format!("M{} {}A{rx} {LID} 0 0 0 {} {}", rect.x, rect.y + LID, rect.x + 2 * rx, rect.y + LID)
    }

    /// How far inside of the border of `rect` the shape lies where `at` stands on that border; 0 for points
    /// elsewhere.
    pub fn dent(self, rect: Rect, at: Point) -> i32 {
        let (right, bottom) = (rect.x + rect.width, rect.y + rect.height);
        let upright = at.x == rect.x || at.x == right;
        let level = at.y == rect.y || at.y == bottom;
        // Along the side: the distance from its nearer end, and its length.
        let (along, side) = match (level, upright) {
            (true, false) => ((at.x - rect.x).min(right - at.x), rect.width),
            (false, true) => ((at.y - rect.y).min(bottom - at.y), rect.height),
            _ => return 0,
        };
        match self {
            Outline::Round(radius) if along < radius => radius - chord(radius, radius - along),
            Outline::Cut(by) if along < by => by - along,
            Outline::Drum if level => LID - LID * chord(side / 2, side / 2 - along) / (side / 2).max(1),
            Outline::Pipe if upright => LID - LID * chord(side / 2, side / 2 - along) / (side / 2).max(1),
            _ => 0,
        }
    }
}

/// Half the chord of a circle at this distance from its centre.
fn chord(radius: i32, distance: i32) -> i32 {
    let square = f64::from(radius) * f64::from(radius) - f64::from(distance) * f64::from(distance);
    math::sqrt(square.max(0.0)).round() as i32
}

/// [`Outline::dent`] of a card that may be a stack: at the top and right its rear card is met, else its front;
/// beyond that card's end the other one.
pub(super) fn card_dent(kind: CardKind, stacked: bool, rect: Rect, at: Point) -> i32 {
    if !stacked {
        return Outline::of(kind, rect.height).dent(rect, at);
    }
    let small = Rect { width: rect.width - STACK, height: rect.height - STACK, ..rect };
    let (front, rear) = (Rect { y: rect.y + STACK, ..small }, Rect { x: rect.x + STACK, ..small });
    let outline = Outline::of(kind, small.height);
    let (right, bottom) = (rect.x + rect.width, rect.y + rect.height);
    if at.y == rect.y || at.y == bottom {
        let (met, other) = if at.y == bottom { (front, rear) } else { (rear, front) };
        let inside = at.x >= met.x && at.x <= met.x + met.width;
        let y = if at.y == bottom { other.y + other.height } else { other.y };
        return if inside { outline.dent(met, at) } else { STACK + outline.dent(other, Point { y, ..at }) };
    }
    if at.x == rect.x || at.x == right {
        let (met, other) = if at.x == right { (rear, front) } else { (front, rear) };
        let inside = at.y >= met.y && at.y <= met.y + met.height;
        let x = if at.x == right { other.x + other.width } else { other.x };
        return if inside { outline.dent(met, at) } else { STACK + outline.dent(other, Point { x, ..at }) };
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARD: Rect = Rect { x: 100, y: 50, width: 120, height: 60 };

    fn dent(outline: Outline, x: i32, y: i32) -> i32 {
        outline.dent(CARD, Point { x, y })
    }

    #[test]
    fn arrows_meet_the_middle_of_a_side_at_its_border_and_corners_further_in() {
        for outline in [Outline::Round(16), Outline::Cut(9), Outline::Drum, Outline::Pipe] {
            assert_eq!((dent(outline, 160, 50), dent(outline, 220, 80)), (0, 0), "{outline:?}");
        }
        // 8 pixels from the end of a corner of radius 16: 16 - sqrt(16² - 8²) = 2.1.
        assert_eq!(dent(Outline::Round(16), 108, 50), 2);
        assert_eq!(dent(Outline::Cut(9), 220, 54), 5);
        assert_eq!((dent(Outline::Drum, 101, 50), dent(Outline::Drum, 100, 60)), (5, 0));
        assert_eq!((dent(Outline::Pipe, 100, 51), dent(Outline::Pipe, 110, 50)), (4, 0));
        assert_eq!(dent(Outline::Round(16), 0, 0), 0);
    }

    #[test]
    fn stacks_are_met_at_the_card_that_is_seen() {
        let at = |x, y| card_dent(CardKind::Service, true, CARD, Point { x, y });
        assert_eq!((at(160, 50), at(160, 110), at(100, 80), at(220, 80)), (0, 0, 0, 0));
        // The rear card ends 6 pixels higher; its corner of radius 7 recedes by 7 - sqrt(7² - 5²) = 2.1 more.
        assert_eq!(at(218, 110), 8, "the lower right corner belongs to cards behind");
        assert_eq!(at(102, 50), 8, "and so does the upper left one");
    }
}
