//! Numbers as pictures. Values are plain; the texts beside them are already formatted, with their units.

use super::{Hue, Severity};

/// Horizontal bars over a common axis from zero: utilization, cost, load.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct BarChart {
    /// Stable name of the view.
    pub id: String,
    /// Heading; empty for none.
    pub title: String,
    /// One quiet line under the heading; empty for none.
    pub subtitle: String,
    /// The bars, from top to bottom.
    pub bars: Vec<Bar>,
    /// Vertical lines to compare with.
    pub limits: Vec<Limit>,
    /// One quiet line at the bottom; empty for none.
    pub footer: String,
    /// Description for screen readers; empty: generated from the bars.
    pub desc: String,
}

/// One bar.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Bar {
    /// What it is.
    pub label: String,
    /// Its length; negative and not finite values are drawn as zero, the text tells them.
    pub value: f64,
    /// An uncertain value's low and high ends, drawn as a whisker.
    pub range: Option<(f64, f64)>,
    /// The value as shown, as `72%` or `1.2k USD`.
    pub text: String,
    /// The hue; `None`: blue.
    pub hue: Option<Hue>,
    /// Set where the value breaks, or comes near, a limit.
    pub severity: Option<Severity>,
    /// Where a click leads.
    pub link: Option<String>,
    /// Lines of the tooltip, after label and value.
    pub tooltip: Vec<String>,
}

/// A line to compare with: a target, a headroom, a capacity.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Limit {
    /// Where it stands on the value axis.
    pub value: f64,
    /// What it is, with its value, as `target 250 ms`.
    pub label: String,
}

/// Stages of one duration from left to right: a latency budget.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Waterfall {
    /// Stable name of the view.
    pub id: String,
    /// Heading; empty for none.
    pub title: String,
    /// One quiet line under the heading; empty for none.
    pub subtitle: String,
    /// The stages, from top to bottom.
    pub stages: Vec<Stage>,
    /// Vertical lines to compare with, such as the target.
    pub limits: Vec<Limit>,
    /// One quiet line at the bottom; empty for none.
    pub footer: String,
    /// Description for screen readers; empty: generated from the stages.
    pub desc: String,
}

/// One stage of a waterfall.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Stage {
    /// What it is.
    pub label: String,
    /// How deep it is nested below other stages; 0 at the top.
    pub depth: u8,
    /// Where it starts.
    pub start: f64,
    /// How long it lasts.
    pub length: f64,
    /// Where its second part begins, which is drawn in full colour, the first one softly; `None`: it has one part.
    pub turn: Option<f64>,
    /// The length as shown, as `8 ms`.
    pub text: String,
    /// The hue; `None`: blue.
    pub hue: Option<Hue>,
    /// Set where this stage breaks, or endangers, the budget.
    pub severity: Option<Severity>,
    /// Lines of the tooltip, after label and length.
    pub tooltip: Vec<String>,
}

/// Values over time, with limit lines: growth against capacity.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct LineChart {
    /// Stable name of the view.
    pub id: String,
    /// Heading; empty for none.
    pub title: String,
    /// One quiet line under the heading; empty for none.
    pub subtitle: String,
    /// Marks of the time axis, at equal distances: one for each point of a series.
    pub ticks: Vec<String>,
    /// Marks of the value axis: value and text; none: only zero and the limits are marked.
    pub levels: Vec<Limit>,
    /// The lines.
    pub series: Vec<Series>,
    /// Horizontal lines to compare with.
    pub limits: Vec<Limit>,
    /// One quiet line at the bottom; empty for none.
    pub footer: String,
    /// Description for screen readers; empty: generated from the series.
    pub desc: String,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Series {
    /// What it is; stands at the end of the line.
    pub label: String,
    /// One value a tick; a value that is not finite breaks the line.
    pub values: Vec<f64>,
    /// The text of each value for tooltips, as `12 TB`; may be shorter than the values.
    pub texts: Vec<String>,
    /// The hue; `None`: the next one of the theme.
    pub hue: Option<Hue>,
}
