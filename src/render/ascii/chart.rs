//! Charts as lines of text: bars and stages as rows of blocks, lines as a row of levels each.

use super::super::scene::{BarChart, Limit, LineChart, Severity, Waterfall};
use super::{Charset, cut};
use crate::render::text::one_line;
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// Columns of the longest bar.
const PLOT: usize = 48;
/// Widest label before a bar, and most rows.
const LABEL: usize = 40;
const MOST_ROWS: usize = 200;

/// The characters of a chart.
struct Blocks {
    full: char,
    limit: char,
    levels: &'static [char],
    above: char,
}

const UNICODE: Blocks =
    Blocks {
        full: '█', limit: '│', levels: &['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'], above: '▲'
    };
const ASCII: Blocks =
    Blocks { full: '#', limit: '|', levels: &['_', '.', ':', '-', '=', '+', '*', '#'], above: '^' };

fn blocks(charset: Charset) -> &'static Blocks {
    match charset {
        Charset::Unicode => &UNICODE,
        Charset::Ascii => &ASCII,
    }
}

/// One row: from where to where, and what stands beside it.
struct Row {
    label: String,
    start: f64,
    end: f64,
    text: String,
    severity: Option<Severity>,
}

/// A bar chart.
pub fn bars(scene: &BarChart, charset: Charset) -> String {
    let rows = scene.bars.iter().map(|bar| Row {
        label: bar.label.clone(),
        start: 0.0,
        end: bar.value,
        text: bar.text.clone(),
        severity: bar.severity,
    });
    let heading = [&scene.title, &scene.subtitle];
    framed(&heading, &draw(&rows.collect::<Vec<_>>(), &scene.limits, charset), &scene.footer)
}

/// A waterfall.
pub fn waterfall(scene: &Waterfall, charset: Charset) -> String {
    let rows = scene.stages.iter().map(|stage| Row {
        label: format!("{}{}", "  ".repeat(usize::from(stage.depth.min(8))), stage.label),
        start: stage.start,
        end: stage.start + stage.length,
        text: stage.text.clone(),
        severity: stage.severity,
    });
    let heading = [&scene.title, &scene.subtitle];
    framed(&heading, &draw(&rows.collect::<Vec<_>>(), &scene.limits, charset), &scene.footer)
}

/// Lines over time: each as a row of levels between zero and the highest limit, with its first and last value.
pub fn lines(scene: &LineChart, charset: Charset) -> String {
    let blocks = blocks(charset);
    let finite = |values: &[f64]| values.iter().copied().filter(|v| v.is_finite()).fold(0.0, f64::max);
    let limit = finite(&scene.limits.iter().map(|l| l.value).collect::<Vec<_>>());
    let highest = scene.series.iter().map(|s| finite(&s.values)).fold(0.0, f64::max);
    let top = if limit > 0.0 { limit } else { highest };
    let level = |value: &f64| {
        if !value.is_finite() || top <= 0.0 {
            return ' ';
        }
        // Rounding of a limit that is just met is no excess.
        if *value > top * (1.0 + 1e-9) {
            return blocks.above;
        }
        let at = (value.max(0.0) / top * blocks.levels.len() as f64).ceil() as usize;
        blocks.levels.get(at.saturating_sub(1)).copied().unwrap_or(blocks.full)
    };
    let labels: Vec<String> = scene.series.iter().map(|s| cut(&s.label, LABEL)).collect();
    let widest = labels.iter().map(|l| l.width()).max().unwrap_or(0);
    let mut body = String::new();
    for (series, label) in scene.series.iter().zip(&labels).take(MOST_ROWS) {
        let drawn: String = series.values.iter().map(level).collect();
        let ends = [series.texts.first(), series.texts.last()].into_iter().flatten();
        let ends: Vec<String> = ends.map(|text| one_line(text, LABEL)).collect();
        body.push_str(format!("{}  {drawn}  {}", padded(label, widest), ends.join(" to ")).trim_end());
        body.push('\n');
    }
    let span = [scene.ticks.first(), scene.ticks.last()].into_iter().flatten();
    let span: Vec<String> = span.map(|tick| one_line(tick, LABEL)).collect();
    let legend: Vec<String> = scene.limits.iter().map(|l| one_line(&l.label, LABEL)).collect();
    let above = format!("{} above {}", blocks.above, legend.join(", "));
    let _ = write!(body, "{}  from left to right: {}", padded("", widest), span.join(" to "));
    if !legend.is_empty() {
        let _ = write!(body, "; {above}");
    }
    body.push('\n');
    framed(&[&scene.title, &scene.subtitle], &body, &scene.footer)
}

fn draw(rows: &[Row], limits: &[Limit], charset: Charset) -> String {
    let blocks = blocks(charset);
    let ends = rows.iter().map(|r| r.end).chain(limits.iter().map(|l| l.value));
    let top = ends.filter(|v| v.is_finite()).fold(0.0, f64::max);
    let column = |value: f64| {
        let share = if top > 0.0 && value.is_finite() { (value / top).clamp(0.0, 1.0) } else { 0.0 };
        (share * PLOT as f64).round() as usize
    };
    let labels: Vec<String> = rows.iter().map(|r| cut(&r.label, LABEL)).collect();
    let widest = labels.iter().map(|l| l.width()).max().unwrap_or(0);
    let mut out = String::new();
    for (row, label) in rows.iter().zip(&labels).take(MOST_ROWS) {
        let mut plot = vec![' '; PLOT + 1];
        for limit in limits {
            plot[column(limit.value).min(PLOT)] = blocks.limit;
        }
        let (start, end) = (column(row.start), column(row.end));
        // What takes some time is seen, however short.
        let start = if row.end > row.start { start.min(end.saturating_sub(1)).min(PLOT - 1) } else { start };
        let end = if row.end > row.start { end.max(start + 1) } else { end };
        plot[start.min(end)..end].fill(blocks.full);
        let plot: String = plot.into_iter().collect();
        let mark = match row.severity {
            Some(Severity::Error) => " !!",
            Some(Severity::Warning) => " !",
            _ => "",
        };
        let text = one_line(&row.text, LABEL);
        out.push_str(format!("{}  {plot} {text}{mark}", padded(label, widest)).trim_end());
        out.push('\n');
    }
    let legend: Vec<String> =
        limits.iter().map(|l| format!("{} {}", blocks.limit, one_line(&l.label, LABEL))).collect();
    if !legend.is_empty() {
        let _ = writeln!(out, "{}  {}", padded("", widest), legend.join("  "));
    }
    out
}

fn padded(label: &str, width: usize) -> String {
    format!("{label}{}", " ".repeat(width.saturating_sub(label.width())))
}

/// Heading and footer around the rows; empty lines of both are left out.
fn framed(heading: &[&String], body: &str, footer: &str) -> String {
    let mut out = String::new();
    for line in heading.iter().filter(|line| !line.is_empty()) {
        out.push_str(&one_line(line, 4 * PLOT));
        out.push('\n');
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(body);
    if !footer.is_empty() {
        out.push('\n');
        out.push_str(&one_line(footer, 4 * PLOT));
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::scene::{Bar, Series, Stage};

    #[test]
    fn bars_stand_before_their_limits() {
        let bar = |label: &str, value, severity| Bar {
            label: label.to_string(),
            value,
            text: format!("{}%", value * 100.0),
            severity,
            ..Bar::default()
        };
        let scene = BarChart {
            title: "Utilization".to_string(),
            bars: vec![
                bar("api", 1.25, Some(Severity::Error)),
                bar("db", 0.5, None),
                bar("idle", f64::NAN, None),
            ],
            limits: vec![Limit { value: 1.0, label: "100%".to_string() }],
            ..BarChart::default()
        };
        let text = bars(&scene, Charset::Ascii);
        let rows: Vec<&str> = text.lines().collect();
        assert_eq!(rows[0], "Utilization");
        assert_eq!(rows[2], format!("api   {}  125% !!", "#".repeat(48)));
        assert_eq!(rows[3], format!("db    {}{}|{}50%", "#".repeat(19), " ".repeat(19), " ".repeat(11)));
        assert_eq!(rows[4], format!("idle  {}|{}NaN%", " ".repeat(38), " ".repeat(11)));
        assert_eq!(rows[5], "      | 100%");
    }

    #[test]
    fn stages_begin_where_those_before_end() {
        let stage = |label: &str, start, length| Stage {
            label: label.to_string(),
            start,
            length,
            text: "x".to_string(),
            ..Stage::default()
        };
        let scene =
            Waterfall { stages: vec![stage("a", 0.0, 3.0), stage("b", 3.0, 1.0)], ..Waterfall::default() };
        let text = waterfall(&scene, Charset::Ascii);
        assert_eq!(text.lines().next(), Some(format!("a  {}{} x", "#".repeat(36), " ".repeat(13)).as_str()));
        assert_eq!(text.lines().nth(1), Some(format!("b  {}{}  x", " ".repeat(36), "#".repeat(12)).as_str()));
    }

    #[test]
    fn lines_rise_to_their_limit() {
        let series = Series {
            label: "disk".to_string(),
            values: vec![0.0, 0.5, 1.0, 1.5, f64::NAN],
            texts: vec!["0%".to_string(), "150%".to_string()],
            ..Series::default()
        };
        let scene = LineChart {
            ticks: vec!["today".to_string(), "2 years".to_string()],
            series: vec![series],
            limits: vec![Limit { value: 1.0, label: "100%".to_string() }],
            ..LineChart::default()
        };
        let text = lines(&scene, Charset::Ascii);
        assert_eq!(
            text,
            "disk  _-#^   0% to 150%\n      from left to right: today to 2 years; ^ above 100%\n"
        );
    }
}
