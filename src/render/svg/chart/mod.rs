//! Charts: bars, waterfalls and lines over one linear scale that begins at zero.

mod bars;
mod lines;

pub use bars::{bars, waterfall};
pub use lines::lines;

use super::super::scene::Limit;
use super::super::text_metrics::width;
use super::theme;

/// From values to pixels.
#[derive(Clone, Copy)]
struct Scale {
    most: f64,
    pixels: i32,
}

impl Scale {
    /// A scale on which the greatest of `values` is `pixels` long.
    fn of(values: impl Iterator<Item = f64>, pixels: i32) -> Scale {
        let most = values.filter(|value| value.is_finite()).fold(0.0, f64::max);
        Scale { most: if most > 0.0 { most } else { 1.0 }, pixels }
    }

    /// The distance of `value` from zero, within the scale; what is not finite stands at zero.
    fn at(self, value: f64) -> i32 {
        let share = if value.is_finite() { (value / self.most).clamp(0.0, 1.0) } else { 0.0 };
        (share * f64::from(self.pixels)).round() as i32
    }
}

/// Drawable limits with their places on the scale, in order.
fn placed_limits(limits: &[Limit], scale: Scale) -> Vec<(i32, &Limit)> {
    let mut placed: Vec<(i32, &Limit)> = limits
        .iter()
        .filter(|limit| limit.value.is_finite() && limit.value >= 0.0)
        .map(|limit| (scale.at(limit.value), limit))
        .collect();
    placed.sort_by_key(|(at, _)| *at);
    placed
}

/// The row of each label centred at its place, so that no two stand on one another; `0` is the lowest row.
fn label_rows(places: &[(i32, &Limit)]) -> Vec<i32> {
    let mut ends: Vec<i32> = Vec::new();
    let mut rows = Vec::new();
    for (at, limit) in places {
        let half = width(&limit.label, theme::SMALL) / 2 + 6;
        let free = ends.iter().position(|end| *end <= at - half);
        let row = free.unwrap_or(ends.len());
        if row == ends.len() {
            ends.push(0);
        }
        if let Some(end) = ends.get_mut(row) {
            *end = at + half;
        }
        rows.push(i32::try_from(row).unwrap_or(0));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(value: f64, label: &str) -> Limit {
        Limit { value, label: label.into() }
    }

    #[test]
    fn scales_begin_at_zero_and_swallow_what_is_no_number() {
        let scale = Scale::of([f64::NAN, 50.0, 200.0, f64::INFINITY].into_iter(), 400);
        let places = [0.0, 50.0, 200.0, 900.0, -3.0, f64::NAN, f64::INFINITY].map(|value| scale.at(value));
        assert_eq!(places, [0, 100, 400, 400, 0, 0, 0]);
        assert_eq!(Scale::of(std::iter::empty(), 400).at(0.0), 0);
    }

    #[test]
    fn labels_of_near_limits_go_to_rows_of_their_own() {
        let limits = [
            limit(100.0, "target 250 ms"),
            limit(98.0, "promised 245 ms"),
            limit(10.0, "a"),
            limit(f64::NAN, ""),
        ];
        let placed = placed_limits(&limits, Scale { most: 100.0, pixels: 400 });
        assert_eq!(placed.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [40, 392, 400]);
        assert_eq!(label_rows(&placed), [0, 0, 1]);
    }
}
