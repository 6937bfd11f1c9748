//! Own glyphs for kinds and findings, drawn on a grid of 20 by 20 (16 by 16 for findings).

use std::collections::BTreeSet;

use super::super::scene::{CardKind, Change, Severity};
use super::document::Canvas;
use crate::render::put::Put as _;

/// The glyphs that a picture uses; each is defined once.
#[derive(Default)]
pub(super) struct Icons {
    kinds: BTreeSet<CardKind>,
    marks: BTreeSet<Severity>,
    changes: BTreeSet<Change>,
}

impl Icons {
    /// Draws the glyph of `kind` with its top left corner at `x`, `y`.
    pub fn kind(&mut self, canvas: &mut Canvas, kind: CardKind, x: i32, y: i32) {
        self.kinds.insert(kind);
        canvas.shape(kind_name(kind), x, y);
    }

    /// Draws the sign of a finding with its top left corner at `x`, `y`, in the current colour.
    pub fn mark(&mut self, canvas: &mut Canvas, severity: Severity, x: i32, y: i32) {
        self.marks.insert(severity);
        canvas.shape(severity.word(), x, y);
    }

    /// Draws the sign of what became of a part, likewise.
    pub fn change(&mut self, canvas: &mut Canvas, change: Change, x: i32, y: i32) {
        self.changes.insert(change);
        canvas.shape(change.word(), x, y);
    }

    /// The definitions of the glyphs used.
    pub fn definitions(&self, canvas: &Canvas) -> String {
        let mut out = String::new();
        for kind in &self.kinds {
            let id = canvas.shared(kind_name(*kind));
            out.put(format_args!("<path id=\"{id}\" class=\"s-i\" d=\"{}\"/>", kind_path(*kind)));
        }
        let marks = self.marks.iter().map(|mark| (mark.word(), mark_paths(*mark)));
        let changes = self.changes.iter().map(|change| (change.word(), (TILE, change_path(*change))));
        for (word, (shape, sign)) in marks.chain(changes) {
            let id = canvas.shared(word);
            out.put(format_args!(
                "<g id=\"{id}\"><path class=\"s-f\" d=\"{shape}\"/><path class=\"s-y\" d=\"{sign}\"/></g>"
            ));
        }
        out
    }
}

/// A stable short name for ids.
fn kind_name(kind: CardKind) -> &'static str {
    match kind {
        CardKind::Person => "person",
        CardKind::Client => "client",
        CardKind::Service => "service",
        CardKind::Worker => "worker",
        CardKind::Function => "function",
        CardKind::Job => "job",
        CardKind::Balancer => "balancer",
        CardKind::Gateway => "gateway",
        CardKind::Cdn => "cdn",
        CardKind::AllGate => "all",
        CardKind::AnyGate => "any",
        CardKind::VoteGate => "vote",
        CardKind::Store => "store",
        CardKind::ObjectStore => "objects",
        CardKind::SearchIndex => "search",
        CardKind::Cache => "cache",
        CardKind::Queue => "queue",
        CardKind::Topic => "topic",
        CardKind::External => "external",
        CardKind::System => "system",
        CardKind::Group => "group",
        CardKind::Region => "region",
        CardKind::Entity => "entity",
    }
}

fn kind_path(kind: CardKind) -> &'static str {
    match kind {
        // Head and shoulders.
        CardKind::Person => {
            "M10 2.5a3.6 3.6 0 1 1 0 7.2a3.6 3.6 0 1 1 0-7.2zM3 17.5c0-3.6 3.1-5.3 7-5.3s7 1.7 7 5.3"
        }
        // A screen on its stand.
        CardKind::Client => {
            "M3 3.5h14a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1zM7 17h6M10 13.5V17"
        }
        // A hexagon with a core.
        CardKind::Service => "M10 2l7 4v8l-7 4l-7-4V6zM10 7.4a2.6 2.6 0 1 1 0 5.2a2.6 2.6 0 1 1 0-5.2z",
        // A cog.
        CardKind::Worker => {
            "M10 5.2a4.8 4.8 0 1 1 0 9.6a4.8 4.8 0 1 1 0-9.6zM10 8.6a1.4 1.4 0 1 1 0 2.8a1.4 1.4 0 1 1 0-2.8z\
             M10 2v3.2M10 14.8V18M2 10h3.2M14.8 10H18M4.3 4.3l2.3 2.3M13.4 13.4l2.3 2.3M4.3 15.7l2.3-2.3M13.4 6.6l2.3-2.3"
        }
        // A lambda.
        CardKind::Function => "M4 17.5l5.2-9.8M5.5 2.5h1.2c1 0 1.5.5 1.9 1.5l4.6 12c.4 1 .9 1.5 1.9 1.5h1.4",
        // A clock.
        CardKind::Job => "M10 2.5a7.5 7.5 0 1 1 0 15a7.5 7.5 0 1 1 0-15zM10 5.8V10l3 1.9",
        // One way splits into three.
        CardKind::Balancer => {
            "M10 2v6M10 8v4.6M10 8H3.8v4.6M10 8h6.2v4.6M3.8 12.6a2 2 0 1 1 0 4.6a2 2 0 1 1 0-4.6z\
             M10 12.6a2 2 0 1 1 0 4.6a2 2 0 1 1 0-4.6zM16.2 12.6a2 2 0 1 1 0 4.6a2 2 0 1 1 0-4.6z"
        }
        // An arched gate.
        CardKind::Gateway => "M3 17.5V9.3a7 7 0 0 1 14 0v8.2M1.5 17.5h17M7 17.5v-7.3a3 3 0 0 1 6 0v7.3",
        // A globe.
        CardKind::Cdn => {
            "M10 2.5a7.5 7.5 0 1 1 0 15a7.5 7.5 0 1 1 0-15zM2.5 10h15\
             M10 2.5c2.6 2.2 3.6 4.7 3.6 7.5s-1 5.3-3.6 7.5c-2.6-2.2-3.6-4.7-3.6-7.5s1-5.3 3.6-7.5z"
        }
        // A drum.
        CardKind::Store => {
            "M10 2.2c3.6 0 6.5 1.1 6.5 2.5s-2.9 2.5-6.5 2.5s-6.5-1.1-6.5-2.5s2.9-2.5 6.5-2.5z\
             M3.5 4.7v10.6c0 1.4 2.9 2.5 6.5 2.5s6.5-1.1 6.5-2.5V4.7M3.5 10c0 1.4 2.9 2.5 6.5 2.5s6.5-1.1 6.5-2.5"
        }
        // A bucket.
        CardKind::ObjectStore => {
            "M10 2.5c3.9 0 7 .9 7 2s-3.1 2-7 2s-7-.9-7-2s3.1-2 7-2zM3 4.5l1.9 11.6c.2.9 2.3 1.6 5.1 1.6s4.9-.7 5.1-1.6L17 4.5"
        }
        // A magnifying glass.
        CardKind::SearchIndex => "M8.5 2.5a6 6 0 1 1 0 12a6 6 0 1 1 0-12zM12.9 12.9l4.6 4.6",
        // A bolt.
        CardKind::Cache => "M11.2 2L3.8 11.6h5L8.2 18l7.8-9.9h-5.2z",
        // Messages in line.
        CardKind::Queue => {
            "M2.5 5.5h15a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1zM7 5.5v9M12.8 5.5v9"
        }
        // A source and its waves.
        CardKind::Topic => {
            "M10 8.4a1.6 1.6 0 1 1 0 3.2a1.6 1.6 0 1 1 0-3.2zM6.3 6.3a5.2 5.2 0 0 0 0 7.4M13.7 6.3a5.2 5.2 0 0 1 0 7.4\
             M3.5 3.5a9.2 9.2 0 0 0 0 13M16.5 3.5a9.2 9.2 0 0 1 0 13"
        }
        // Out of the box.
        CardKind::External => {
            "M11.5 3H17v5.5M17 3l-7.5 7.5M8 4.5H4.5a1.5 1.5 0 0 0-1.5 1.5v9.5a1.5 1.5 0 0 0 1.5 1.5H14a1.5 1.5 0 0 0 1.5-1.5V12"
        }
        // A box of parts.
        CardKind::System => {
            "M4 2.5h12A1.5 1.5 0 0 1 17.5 4v12a1.5 1.5 0 0 1-1.5 1.5H4A1.5 1.5 0 0 1 2.5 16V4A1.5 1.5 0 0 1 4 2.5zM6 6h3.2v3.2H6zM10.8 6H14v3.2h-3.2zM6 10.8h8V14H6z"
        }
        // A folder.
        CardKind::Group => {
            "M2.5 15V5.5A1.5 1.5 0 0 1 4 4h3.8l2 2.5H16A1.5 1.5 0 0 1 17.5 8v7a1.5 1.5 0 0 1-1.5 1.5H4A1.5 1.5 0 0 1 2.5 15z"
        }
        // A pin.
        CardKind::Region => {
            "M10 18c3.6-3.4 6-6.6 6-9.7a6 6 0 0 0-12 0c0 3.1 2.4 6.3 6 9.7zM10 6.3a2 2 0 1 1 0 4a2 2 0 1 1 0-4z"
        }
        // A gate with a flat foot and a round head.
        CardKind::AllGate => "M4 17.5V9.5a6 6 0 0 1 12 0v8zM10 3.5V1M7 17.5V20M13 17.5V20",
        // A gate with a hollow foot and a pointed head.
        CardKind::AnyGate => {
            "M4 17.5V11c0-3.6 2.6-6.2 6-8c3.4 1.8 6 4.4 6 8v6.5c-3.6-2.6-8.4-2.6-12 0zM10 3V1M7 16.2V20M13 16.2V20"
        }
        // The same, with a bar across: so many of them.
        CardKind::VoteGate => {
            "M4 17.5V11c0-3.6 2.6-6.2 6-8c3.4 1.8 6 4.4 6 8v6.5c-3.6-2.6-8.4-2.6-12 0zM4 11h12M10 3V1M7 16.2V20M13 16.2V20"
        }
        // A table.
        CardKind::Entity => {
            "M3.5 3.5h13a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1h-13a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1zM2.5 7.8h15M8 7.8v8.7"
        }
    }
}

/// The filled shape and the sign on it; the shapes differ, so that colour is not the only difference.
fn mark_paths(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Info => ("M8 1a7 7 0 1 1 0 14a7 7 0 1 1 0-14z", "M8 7.5v3.7M8 4.8v.1"),
        Severity::Warning => (
            "M8 1.2a1.4 1.4 0 0 1 1.2.7l6.2 10.9a1.4 1.4 0 0 1-1.2 2.1H1.8a1.4 1.4 0 0 1-1.2-2.1L6.8 1.9A1.4 1.4 0 0 1 8 1.2z",
            "M8 5.8v3.6M8 12.2v.1",
        ),
        Severity::Error => ("M5 1h6l4 4v6l-4 4H5l-4-4V5z", "M8 4.3v4.4M8 11.6v.1"),
    }
}

/// The tile under the sign of a change: no finding has its shape.
const TILE: &str = "M4 1h8a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3H4a3 3 0 0 1-3-3V4a3 3 0 0 1 3-3z";

/// Plus, wave and minus.
fn change_path(change: Change) -> &'static str {
    match change {
        Change::Added => "M8 4.5v7M4.5 8h7",
        Change::Changed => "M4.2 9.2c1.3-2.8 2.5-2.8 3.8-1.2s2.5 1.6 3.8-1.2",
        Change::Removed => "M4.5 8h7",
    }
}
