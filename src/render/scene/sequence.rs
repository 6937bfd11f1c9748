//! Messages between lifelines, from top to bottom.

use super::CardKind;

/// A sequence diagram.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Sequence {
    /// Stable name of the view, as `view_feed`.
    pub id: String,
    /// Heading; empty for none.
    pub title: String,
    /// One quiet line under the heading; empty for none.
    pub subtitle: String,
    /// Lifelines, from left to right.
    pub participants: Vec<Participant>,
    /// What happens, from top to bottom.
    pub items: Vec<Item>,
    /// One quiet line at the bottom; empty for none.
    pub footer: String,
    /// Description for screen readers; empty: generated from the messages.
    pub desc: String,
}

/// One lifeline.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Participant {
    /// Stable name, unique in the diagram.
    pub id: String,
    /// The name shown; empty: the id.
    pub title: String,
    /// A quiet second line; empty for none.
    pub technology: String,
    /// What it is: decides the icon and the hue.
    pub kind: CardKind,
    /// Where a click leads.
    pub link: Option<String>,
    /// Lines of the tooltip, after the full name.
    pub tooltip: Vec<String>,
}

/// One entry of the time axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// An arrow.
    Message(Message),
    /// A frame around further items.
    Frame(Frame),
    /// A note over one or more lifelines.
    Note(Note),
    /// Ends the latest activation of the participant of this id.
    Deactivate(String),
}

/// One arrow; from and to alike: an arrow to itself.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Message {
    /// The id of the sender.
    pub from: String,
    /// The id of the receiver.
    pub to: String,
    /// What is said; empty for none.
    pub label: String,
    /// How the sender is bound to it.
    pub kind: MessageKind,
    /// Whether it opens an activation bar on the receiver.
    pub activate: bool,
    /// Whether it closes the latest activation bar of the sender.
    pub deactivate: bool,
    /// The finding that it wears.
    pub flagged: Option<super::Mark>,
    /// Lines of the tooltip, after the ends and the label.
    pub tooltip: Vec<String>,
}

/// How a message is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum MessageKind {
    /// The sender waits: solid line, filled head.
    #[default]
    Sync,
    /// The sender goes on: solid line, open head.
    Async,
    /// An answer: dashed line, open head.
    Return,
    /// A message that is lost or refused: solid line, a cross for a head.
    Lost,
}

/// A frame with one or more sections.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Frame {
    /// What it means.
    pub kind: FrameKind,
    /// Its title beside the word of the kind; empty for none.
    pub title: String,
    /// Its sections, separated by dashed lines; the first section's title stands beside the frame's own.
    pub sections: Vec<Section>,
}

/// What a frame means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum FrameKind {
    /// One section or another.
    #[default]
    Alt,
    /// Perhaps.
    Opt,
    /// All sections at once.
    Par,
    /// Again and again.
    Loop,
    /// Not to be interleaved: a transaction or lock.
    Critical,
    /// Leaves the enclosing frame.
    Break,
    /// Steps that belong together.
    Group,
}

impl FrameKind {
    /// The word in the frame's corner.
    pub fn word(self) -> &'static str {
        match self {
            FrameKind::Alt => "alt",
            FrameKind::Opt => "opt",
            FrameKind::Par => "par",
            FrameKind::Loop => "loop",
            FrameKind::Critical => "critical",
            FrameKind::Break => "break",
            FrameKind::Group => "group",
        }
    }
}

/// One compartment of a frame.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Section {
    /// Its condition or name; empty for none.
    pub title: String,
    /// What happens in it.
    pub items: Vec<Item>,
}

/// A note.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Note {
    /// The ids of the lifelines that it spans; none: all.
    pub over: Vec<String>,
    /// Its text; `\n` breaks the line.
    pub text: String,
}
