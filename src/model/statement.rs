//! What a design says about itself: goals, targets, scenarios, decisions and the rest.

use super::element::Declared;
use super::flow::Operation;
use super::props::{Entity, Props, Scalar};
use super::{DataId, ElementId, FlowId, RoleId, ScenarioId};
use crate::quantity::Quantity;
use crate::source::Span;
use crate::syntax::Expr;
use ecow::EcoString;

/// The system itself.
#[derive(Clone, Debug, Default)]
pub struct System {
    /// Name (of the file where no `system` item gives one), title, `//!` text, place.
    pub head: Declared,
    /// `owner`, `status`, `version`.
    pub props: Props,
    /// The path of the design that it supersedes, as its loader knows it.
    pub supersedes: Option<EcoString>,
}

/// An input: `let dau = 500M users "source"`.
#[derive(Clone, Debug)]
pub struct Input {
    /// Name, documentation, place.
    pub head: Declared,
    /// Its value.
    pub scalar: Scalar,
    /// Where the number comes from.
    pub note: Option<EcoString>,
    /// Whether it is written as a percentage.
    pub percent: bool,
}

/// A sentence with its place: a goal or a non-goal.
#[derive(Clone, Debug)]
pub struct Sentence {
    /// The sentence.
    pub text: EcoString,
    /// Its place.
    pub span: Span,
}

/// A functional requirement.
#[derive(Clone, Debug)]
pub struct Functional {
    /// The requirement.
    pub text: EcoString,
    /// The flows that meet it.
    pub flows: Vec<FlowId>,
    /// Its place.
    pub span: Span,
}

/// A target: conditions over computed quantities.
#[derive(Clone, Debug)]
pub struct Target {
    /// Name, title, documentation, place.
    pub head: Declared,
    /// The scenario under which it must hold; `None`: the base case.
    pub scenario: Option<ScenarioId>,
    /// Its conditions.
    pub conditions: Vec<Expr>,
    /// `allow`.
    pub props: Props,
}

/// An invariant of the data.
#[derive(Clone, Debug)]
pub struct Invariant {
    /// Name, title, documentation, place.
    pub head: Declared,
    /// The data it speaks of.
    pub on: Vec<DataId>,
    /// `guard`, `rows`, `allow`.
    pub props: Props,
}

/// A block of properties with its place: `workload`, `recovery`, `assume`, `network`.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The properties.
    pub props: Props,
    /// The item's head.
    pub span: Span,
}

/// Round-trip time between two regions.
#[derive(Clone, Debug)]
pub struct Distance {
    /// The two regions.
    pub between: (super::RegionId, super::RegionId),
    /// The time, in seconds.
    pub time: Scalar,
}

/// A change that a scenario makes.
#[derive(Clone, Debug)]
pub enum Change {
    /// Multiplies the rate of all flows, or of one.
    Rate(Option<FlowId>, Scalar),
    /// Takes something down.
    Fail(Entity, Span),
    /// Sets a hit ratio.
    Hit(ElementId, Scalar),
    /// Slows an element down.
    Latency(ElementId, Scalar),
    /// Replaces a property of an element: `api.replicas 3`.
    Property(ElementId, super::Prop),
}

/// A scenario.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Name, title, documentation, place.
    pub head: Declared,
    /// What it changes.
    pub changes: Vec<Change>,
}

/// An alert on an element, flow or target.
#[derive(Clone, Debug)]
pub struct Alert {
    /// What it watches, as written.
    pub subject: EcoString,
    /// What it watches, resolved; a target stands as `None`.
    pub entity: Option<Entity>,
    /// The target it watches, by position.
    pub target: Option<usize>,
    /// Conditions and for how long each must hold, in seconds.
    pub conditions: Vec<(Expr, Option<Quantity>)>,
    /// Its place.
    pub span: Span,
}

/// An assumption in words: `assume "…" { source "…" }`.
#[derive(Clone, Debug)]
pub struct Assumption {
    /// The sentence.
    pub text: EcoString,
    /// Its source.
    pub source: Option<EcoString>,
    /// Its place.
    pub span: Span,
}

/// A decision or a risk: a name, a title and properties.
#[derive(Clone, Debug)]
pub struct Record {
    /// Name, title, documentation, place.
    pub head: Declared,
    /// Its properties.
    pub props: Props,
    /// What it is about, where it names declared things.
    pub about: Vec<Entity>,
}

/// One line of an `access` item.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Who.
    pub role: RoleId,
    /// May do what.
    pub operations: Vec<Operation>,
    /// Under which condition, in words.
    pub condition: Option<EcoString>,
    /// Its place.
    pub span: Span,
}

/// Who may do what to some data.
#[derive(Clone, Debug)]
pub struct Access {
    /// The data.
    pub data: Vec<DataId>,
    /// The grants.
    pub grants: Vec<Grant>,
    /// Its place.
    pub span: Span,
}

/// A migration.
#[derive(Clone, Debug)]
pub struct Migration {
    /// Name, title, documentation, place.
    pub head: Declared,
    /// What it changes.
    pub on: Option<Entity>,
    /// Its properties.
    pub props: Props,
}

/// A view of the author's own.
#[derive(Clone, Debug)]
pub struct View {
    /// Name, title, documentation, place.
    pub head: Declared,
    /// `include`, `exclude`, `of`, hints.
    pub props: Props,
}

/// A style for a kind, a tag or a name.
#[derive(Clone, Debug)]
pub struct Style {
    /// `kind`, `tag`, or empty for a name.
    pub by: EcoString,
    /// The kind, tag or name.
    pub name: EcoString,
    /// `color`, `shape`, `icon`.
    pub props: Props,
    /// Its place.
    pub span: Span,
}

/// An `allow`, wherever it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Allow {
    /// The rule's code or name, as written.
    pub rule: EcoString,
    /// The reason.
    pub reason: Option<EcoString>,
    /// When it runs out.
    pub until: Option<crate::quantity::Date>,
    /// The `allow` itself.
    pub span: Span,
    /// The declaration (or step) it stands in: findings whose primary place or subject lies there are accepted.
    pub scope: Span,
    /// The full name of the declaration, where it has one.
    pub subject: Option<EcoString>,
}
