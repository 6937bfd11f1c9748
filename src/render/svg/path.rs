//! Polylines as path data: rounded corners, parallels, ends cut back for arrow heads.

use crate::layout::{Point, Rect};
use crate::render::put::Put as _;

/// The radius of an edge's corners.
pub(super) const CORNER: i32 = 6;

/// `points` without repeated points and without points on a straight run.
pub(super) fn simplify(points: &[Point]) -> Vec<Point> {
    let mut out: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        if out.last() == Some(point) {
            continue;
        }
        if let [.., a, b] = out.as_slice()
            && ((a.x == b.x && b.x == point.x) || (a.y == b.y && b.y == point.y))
            && direction(*a, *b) == direction(*b, *point)
        {
            out.pop();
        }
        out.push(*point);
    }
    out
}

/// Signs of the way from `a` to `b`.
pub(super) fn direction(a: Point, b: Point) -> (i32, i32) {
    ((b.x - a.x).signum(), (b.y - a.y).signum())
}

/// The longer of the two distances along the axes.
fn length(a: Point, b: Point) -> i32 {
    (b.x - a.x).abs().max((b.y - a.y).abs())
}

/// `points` with the last `by` pixels cut off, as far as its last run goes.
pub(super) fn cut_end(mut points: Vec<Point>, by: i32) -> Vec<Point> {
    if let [.., before, last] = points.as_mut_slice() {
        let (dx, dy) = direction(*before, *last);
        let by = by.min(length(*before, *last));
        last.x -= dx * by;
        last.y -= dy * by;
    }
    points
}

/// The parts of an axis-parallel polyline that lie outside of `gap`.
pub(super) fn outside(points: &[Point], gap: Rect) -> Vec<Vec<Point>> {
    let mut parts: Vec<Vec<Point>> = Vec::new();
    let mut part: Vec<Point> = Vec::new();
    for pair in points.windows(2) {
        let [a, b] = pair else { continue };
        let Some((enter, leave)) = crossing(*a, *b, gap) else {
            if part.is_empty() {
                part.push(*a);
            }
            part.push(*b);
            continue;
        };
        if enter != *a {
            if part.is_empty() {
                part.push(*a);
            }
            part.push(enter);
        }
        parts.push(std::mem::take(&mut part));
        if leave != *b {
            part = vec![leave, *b];
        }
    }
    parts.push(part);
    parts.retain(|part| part.len() > 1);
    parts
}

/// Where the run from `a` to `b` enters and leaves `gap`.
fn crossing(a: Point, b: Point, gap: Rect) -> Option<(Point, Point)> {
    let (right, bottom) = (gap.x + gap.width, gap.y + gap.height);
    let clamp = |p: Point| Point { x: p.x.clamp(gap.x, right), y: p.y.clamp(gap.y, bottom) };
    let meets = if a.y == b.y {
        gap.y < a.y && a.y < bottom && a.x.min(b.x) < right && a.x.max(b.x) > gap.x
    } else {
        a.x == b.x && gap.x < a.x && a.x < right && a.y.min(b.y) < bottom && a.y.max(b.y) > gap.y
    };
    (meets && gap.width > 0 && gap.height > 0).then(|| (clamp(a), clamp(b)))
}

/// The polyline `by` pixels to the right of `points`, seen along them.
pub(super) fn parallel(points: &[Point], by: i32) -> Vec<Point> {
    let normals: Vec<(i32, i32)> = points
        .windows(2)
        .map(|pair| match pair {
            [a, b] => {
                let (dx, dy) = direction(*a, *b);
                (-dy, dx)
            }
            _ => (0, 0),
        })
        .collect();
    let normal = |at: Option<usize>| at.and_then(|at| normals.get(at)).copied().unwrap_or((0, 0));
    let shifted = points.iter().enumerate().map(|(at, point)| {
        let (before, after) = (normal(at.checked_sub(1)), normal(Some(at)));
        let x = if before.0 == 0 { after.0 } else { before.0 };
        let y = if before.1 == 0 { after.1 } else { before.1 };
        Point { x: point.x + x * by, y: point.y + y * by }
    });
    shifted.collect()
}

/// Path data of an orthogonal polyline with corners of at most `radius`.
pub(super) fn rounded(points: &[Point], radius: i32) -> String {
    let Some(first) = points.first() else { return String::new() };
    let mut out = format!("M{} {}", first.x, first.y);
    let mut at = *first;
    for window in points.windows(3) {
        let [a, corner, b] = window else { continue };
        let r = radius.min(length(*a, *corner) / 2).min(length(*corner, *b) / 2);
        let (before, after) = (direction(*a, *corner), direction(*corner, *b));
        let orthogonal = before.0 * after.0 + before.1 * after.1 == 0 && before.0 * before.1 == 0;
        if r < 1 || !orthogonal || after.0 * after.1 != 0 {
            line_to(&mut out, &mut at, *corner);
            continue;
        }
        line_to(&mut out, &mut at, Point { x: corner.x - before.0 * r, y: corner.y - before.1 * r });
        at = Point { x: corner.x + after.0 * r, y: corner.y + after.1 * r };
        out.put(format_args!("Q{} {} {} {}", corner.x, corner.y, at.x, at.y));
    }
    if let Some(last) = points.last() {
        line_to(&mut out, &mut at, *last);
    }
    out
}

fn line_to(out: &mut String, at: &mut Point, to: Point) {
    if *at == to {
        return;
    }
    if at.y == to.y {
        out.put(format_args!("H{}", to.x));
    } else if at.x == to.x {
        out.put(format_args!("V{}", to.y));
    } else {
        out.put(format_args!("L{} {}", to.x, to.y));
    }
    *at = to;
}

/// Path data of an arrow head whose tip is at the end of `points`; `half` is half its width.
/// A closed head is filled, an open one is a stroke.
pub(super) fn head(points: &[Point], long: i32, half: i32, closed: bool) -> String {
    let [.., before, tip] = points else { return String::new() };
    let (dx, dy) = direction(*before, *tip);
    let (x, y) = (tip.x - dx * long, tip.y - dy * long);
    let (nx, ny) = (-dy * half, dx * half);
    let (there, back) = ((dx * long - nx, dy * long - ny), (-dx * long - nx, -dy * long - ny));
    let end = if closed { "z" } else { "" };
    format!("M{} {}l{} {}l{} {}{end}", x + nx, y + ny, there.0, there.1, back.0, back.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(of: &[(i32, i32)]) -> Vec<Point> {
        of.iter().map(|(x, y)| Point { x: *x, y: *y }).collect()
    }

    #[test]
    fn corners_are_rounded_as_far_as_there_is_room() {
        let way = points(&[(0, 0), (40, 0), (40, 4), (80, 4)]);
        assert_eq!(rounded(&way, CORNER), "M0 0H38Q40 0 40 2Q40 4 42 4H80");
        assert_eq!(rounded(&points(&[(0, 0), (40, 0)]), CORNER), "M0 0H40");
        assert_eq!(rounded(&[], CORNER), "");
    }

    #[test]
    fn points_on_a_straight_run_are_left_out_but_turns_are_kept() {
        assert_eq!(
            simplify(&points(&[(0, 0), (0, 0), (5, 0), (9, 0), (9, 3)])),
            points(&[(0, 0), (9, 0), (9, 3)])
        );
        assert_eq!(simplify(&points(&[(0, 0), (9, 0), (5, 0)])).len(), 3);
    }

    #[test]
    fn lines_are_interrupted_by_their_label() {
        let way = points(&[(0, 0), (40, 0), (40, 60)]);
        let gap = |x, y, width, height| Rect { x, y, width, height };
        assert_eq!(
            outside(&way, gap(10, -5, 20, 10)),
            [points(&[(0, 0), (10, 0)]), points(&[(30, 0), (40, 0), (40, 60)])]
        );
        assert_eq!(
            outside(&way, gap(30, -5, 20, 10)),
            [points(&[(0, 0), (30, 0)]), points(&[(40, 5), (40, 60)])]
        );
        assert_eq!(outside(&way, gap(-5, -5, 50, 10)), [points(&[(40, 5), (40, 60)])]);
        assert_eq!(outside(&way, gap(10, 0, 20, 10)), std::slice::from_ref(&way));
        assert!(outside(&way, gap(-5, -5, 90, 90)).is_empty());
    }

    #[test]
    fn parallels_keep_their_distance_on_every_run() {
        let way = points(&[(0, 0), (40, 0), (40, 40), (10, 40)]);
        assert_eq!(parallel(&way, 2), points(&[(0, 2), (38, 2), (38, 38), (10, 38)]));
        assert_eq!(parallel(&way, -2), points(&[(0, -2), (42, -2), (42, 42), (10, 42)]));
    }

    #[test]
    fn heads_point_along_the_last_run() {
        let way = points(&[(0, 0), (0, 20)]);
        assert_eq!(head(&way, 8, 4, true), "M-4 12l4 8l4 -8z");
        assert_eq!(cut_end(way, 7), points(&[(0, 0), (0, 13)]));
        assert_eq!(cut_end(points(&[(0, 0), (0, 3)]), 7), points(&[(0, 0), (0, 0)]));
    }
}
