//! Counting straight lines that cross, and lines that pass over rectangles: the inner loops of placement.
//!
//! Plain arrays of numbers and no branches, so that the compiler can work on several pairs at once. The arithmetic is
//! that of IEEE single precision without contraction, the same on every machine.

use super::Rect;

/// Straight lines by their ends.
#[derive(Default)]
pub(super) struct Strokes {
    ax: Vec<f32>,
    ay: Vec<f32>,
    bx: Vec<f32>,
    by: Vec<f32>,
}

/// Rectangles by their middles and half extents.
#[derive(Default)]
pub(super) struct Cards {
    x: Vec<f32>,
    y: Vec<f32>,
    half_width: Vec<f32>,
    half_height: Vec<f32>,
}

/// A coordinate as a number of the inner loops; drawings stay far below the 2^24 that it holds exactly.
fn real(pixels: i32) -> f32 {
    pixels as f32
}

impl Strokes {
    pub(super) fn clear(&mut self) {
        for list in [&mut self.ax, &mut self.ay, &mut self.bx, &mut self.by] {
            list.clear();
        }
    }

    pub(super) fn push(&mut self, [a, b]: [(i32, i32); 2]) {
        self.ax.push(real(a.0));
        self.ay.push(real(a.1));
        self.bx.push(real(b.0));
        self.by.push(real(b.1));
    }

    /// Pairs that cross properly; a common end is no crossing.
    pub(super) fn crossings(&self) -> u32 {
        let mut count = 0;
        for i in 1..self.ax.len() {
            let (ax, ay, bx, by) = (self.ax[i], self.ay[i], self.bx[i], self.by[i]);
            let (dx, dy) = (bx - ax, by - ay);
            let others = self.ax[..i].iter().zip(&self.ay[..i]).zip(&self.bx[..i]).zip(&self.by[..i]);
            count += others
                .map(|(((&cx, &cy), &ex), &ey)| {
                    let c = dx * (cy - ay) - dy * (cx - ax);
                    let e = dx * (ey - ay) - dy * (ex - ax);
                    let (fx, fy) = (ex - cx, ey - cy);
                    let a = fx * (ay - cy) - fy * (ax - cx);
                    let b = fx * (by - cy) - fy * (bx - cx);
                    u32::from(c * e < 0.0) & u32::from(a * b < 0.0)
                })
                .sum::<u32>();
        }
        count
    }

    /// Pairs of a line and a rectangle that it passes over; lines pass over those that they start or end in.
    pub(super) fn passages(&self, cards: &Cards) -> u32 {
        let mut count = 0;
        for i in 0..self.ax.len() {
            let (mx, my) = ((self.ax[i] + self.bx[i]) * 0.5, (self.ay[i] + self.by[i]) * 0.5);
            let (dx, dy) = (self.bx[i] - mx, self.by[i] - my);
            let (wide, high) = (dx.abs(), dy.abs());
            let all = cards.x.iter().zip(&cards.y).zip(&cards.half_width).zip(&cards.half_height);
            count += all
                .map(|(((&x, &y), &w), &h)| {
                    let (x, y) = (x - mx, y - my);
                    let near = u32::from(x.abs() <= w + wide) & u32::from(y.abs() <= h + high);
                    near & u32::from((dx * y - dy * x).abs() <= w * high + h * wide)
                })
                .sum::<u32>();
        }
        count
    }
}

impl Cards {
    pub(super) fn clear(&mut self) {
        for list in [&mut self.x, &mut self.y, &mut self.half_width, &mut self.half_height] {
            list.clear();
        }
    }

    pub(super) fn push(&mut self, r: Rect) {
        self.x.push(real(r.x) + real(r.width) * 0.5);
        self.y.push(real(r.y) + real(r.height) * 0.5);
        self.half_width.push(real(r.width) * 0.5);
        self.half_height.push(real(r.height) * 0.5);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_with_a_common_end_do_not_cross() {
        let mut strokes = Strokes::default();
        strokes.push([(0, 0), (100, 100)]);
        strokes.push([(0, 100), (100, 0)]);
        strokes.push([(0, 0), (100, 0)]);
        assert_eq!(strokes.crossings(), 1);
    }

    #[test]
    fn a_line_passes_over_what_lies_between_its_ends_only() {
        let mut strokes = Strokes::default();
        strokes.push([(0, 0), (100, 100)]);
        let mut cards = Cards::default();
        for (x, y) in [(40, 40), (120, 120), (0, 60)] {
            cards.push(Rect { x, y, width: 20, height: 20 });
        }
        assert_eq!(strokes.passages(&cards), 1);
    }
}
