//! Lines over time, each with its name at its end, and horizontal limits.

use super::super::super::scene::{Hue, Limit, LineChart, Series};
use super::super::super::text_metrics::{truncate, width};
use super::super::document::{Anchor, Canvas, Group, Heading, Options};
use super::super::theme;
use super::Scale;
use crate::render::describe;
use crate::render::put::{Put as _, count};

/// Size of the plot.
const WIDE: i32 = 520;
const HIGH: i32 = 240;
/// Widest text on the value axis.
const LABEL_LIMIT: i32 = 160;
/// Widest text at the end of a line.
const NAME_LIMIT: i32 = 260;
/// Least distance between two texts one above the other.
const LABEL_STEP: i32 = 15;
/// Colours of lines that name none, chosen to differ for most kinds of colour blindness.
const CYCLE: [Hue; 6] = [Hue::Blue, Hue::Orange, Hue::Green, Hue::Magenta, Hue::Violet, Hue::Slate];

/// Draws a line chart.
pub fn lines(scene: &LineChart, options: &Options) -> String {
    let values = scene.series.iter().flat_map(|series| series.values.iter().copied());
    let limits = scene.limits.iter().chain(&scene.levels).map(|limit| limit.value);
    // A little air above the highest thing.
    let scale = Scale::of(values.chain(limits).map(|value| value * 1.04), HIGH);
    let labels: Vec<String> =
        scene.levels.iter().map(|level| truncate(&level.label, theme::SMALL, LABEL_LIMIT)).collect();
    let left = labels.iter().map(|label| width(label, theme::SMALL)).max().unwrap_or(0).max(10) + 10;
    let top = 8;

    let mut canvas = Canvas::new(&scene.id);
    draw_axes(&mut canvas, scene, &labels, (left, top), scale);
    draw_limits(&mut canvas, &scene.limits, (left, top), scale);
    for (series, at) in scene.series.iter().zip(0..) {
        draw_series(&mut canvas, scene, series, at, (left, top), scale);
    }
    let right = draw_names(&mut canvas, scene, (left, top), scale);
    let heading = Heading {
        id: &scene.id,
        title: &scene.title,
        subtitle: &scene.subtitle,
        footer: &scene.footer,
        desc: described(scene),
        content: (right, top + HIGH + 24),
    };
    canvas.finish(&heading, "", options)
}

fn described(scene: &LineChart) -> String {
    if !scene.desc.is_empty() {
        return scene.desc.clone();
    }
    let ends = scene.series.iter().map(|series| {
        let (first, last) = (series.texts.first(), series.texts.last());
        match (first, last) {
            (Some(first), Some(last)) => format!("{} from {first} to {last}", series.label),
            _ => series.label.clone(),
        }
    });
    let limits = scene.limits.iter().map(|limit| limit.label.clone()).collect();
    describe::join(&[describe::list("Lines:", ends.collect()), describe::list("Limits:", limits)])
}

/// The x of the point at `index` of the time axis.
fn tick_x(scene: &LineChart, left: i32, index: i32) -> i32 {
    let longest = scene.series.iter().map(|series| series.values.len()).max().unwrap_or(0);
    let steps = count(longest.max(scene.ticks.len())).saturating_sub(1).max(1);
    let share = f64::from(index) / f64::from(steps);
    left + (share * f64::from(WIDE)).round() as i32
}

fn draw_axes(
    canvas: &mut Canvas,
    scene: &LineChart,
    labels: &[String],
    (left, top): (i32, i32),
    scale: Scale,
) {
    let floor = top + HIGH;
    for (level, label) in scene.levels.iter().zip(labels) {
        let y = floor - scale.at(level.value);
        canvas.path("s-u", &format!("M{left} {y}h{WIDE}"));
        canvas.text("s-x", left - 8, y + 4, Anchor::End, label);
    }
    canvas.group(&Group { class: "s-e", ..Group::default() }, |canvas| {
        canvas.path("s-l s-w0", &format!("M{left} {floor}h{WIDE}"));
    });
    let mut end = i32::MIN;
    for (tick, at) in scene.ticks.iter().zip(0..) {
        let (x, half) = (tick_x(scene, left, at), width(tick, theme::SMALL) / 2 + 4);
        if x - half >= end {
            canvas.text("s-x", x, floor + 18, Anchor::Middle, tick);
            end = x + half;
        }
    }
}

fn draw_limits(canvas: &mut Canvas, limits: &[Limit], (left, top): (i32, i32), scale: Scale) {
    let drawable = limits.iter().filter(|limit| limit.value.is_finite() && limit.value >= 0.0);
    let mut placed: Vec<(i32, &Limit)> = drawable.map(|limit| (scale.at(limit.value), limit)).collect();
    placed.sort_by_key(|(at, _)| *at);
    let mut lowest = i32::MIN;
    for (at, limit) in placed {
        let y = top + HIGH - at;
        // Names stand above their line, and above the name of the limit below.
        let above = (at + 5).max(lowest);
        lowest = above + LABEL_STEP;
        canvas.group(&Group { class: "s-error", title: vec![&limit.label], ..Group::default() }, |canvas| {
            canvas.path("s-l s-d", &format!("M{left} {y}h{WIDE}"));
            canvas.text("s-m", left + 6, top + HIGH - above, Anchor::Start, &limit.label);
        });
    }
}

fn hue_of(series: &Series, at: usize) -> &'static str {
    theme::hue_class(series.hue.or_else(|| CYCLE.get(at % CYCLE.len()).copied()).unwrap_or(Hue::Blue))
}

fn draw_series(
    canvas: &mut Canvas,
    scene: &LineChart,
    series: &Series,
    at: usize,
    (left, top): (i32, i32),
    scale: Scale,
) {
    let hue = hue_of(series, at);
    let id = format!("line-{}", at + 1);
    canvas.group(&Group { class: hue, id: &id, title: vec![&series.label], link: None }, |canvas| {
        let mut data = String::new();
        let mut pen_down = false;
        let points = series.values.iter().zip(0..).map(|(value, index)| {
            value.is_finite().then(|| (tick_x(scene, left, index), top + HIGH - scale.at(*value)))
        });
        let points: Vec<Option<(i32, i32)>> = points.collect();
        for point in &points {
            if let Some((x, y)) = point {
                data.put(format_args!("{}{x} {y}", if pen_down { 'L' } else { 'M' }));
            }
            pen_down = point.is_some();
        }
        canvas.path("s-i s-w2", &data);
        for (index, (x, y)) in points.iter().enumerate().filter_map(|(index, point)| Some((index, (*point)?)))
        {
            let text = series.texts.get(index).map_or("", String::as_str);
            let tick = scene.ticks.get(index).map_or("", String::as_str);
            let title = format!("{} {tick} {text}", series.label);
            canvas.group(&Group { title: vec![&title], ..Group::default() }, |canvas| {
                canvas.path("s-f", &format!("M{} {y}a3 3 0 1 1 0 .1z", x - 3));
            });
        }
    });
}

/// Writes each line's name and last value at its end, pushed apart, and gives the right end.
fn draw_names(canvas: &mut Canvas, scene: &LineChart, (left, top): (i32, i32), scale: Scale) -> i32 {
    let mut ends: Vec<(i32, i32, String, &str)> = Vec::new();
    for (at, series) in scene.series.iter().enumerate() {
        let Some((index, value)) = series.values.iter().enumerate().rfind(|(_, value)| value.is_finite())
        else {
            continue;
        };
        let text = series.texts.get(index).map_or("", String::as_str);
        let name = truncate(format!("{} {text}", series.label).trim(), theme::BODY, NAME_LIMIT);
        let y = top + HIGH - scale.at(*value);
        ends.push((y, tick_x(scene, left, count(index)), name, hue_of(series, at)));
    }
    ends.sort();
    let (mut right, mut free) = (left + WIDE, i32::MIN);
    for (y, x, name, hue) in ends {
        let y = y.max(free);
        free = y + LABEL_STEP;
        canvas.group(&Group { class: hue, ..Group::default() }, |canvas| {
            canvas.text("s-r", x + 9, y + 4, Anchor::Start, &name);
        });
        right = right.max(x + 9 + width(&name, theme::BAND));
    }
    right
}
