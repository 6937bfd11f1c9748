//! Rules of the house: what a team forbids and requires, with every name resolved.
//!
//! `model::lower` reads the clauses; `rules::house` holds designs against them.

use super::element::Declared;
use super::flow::{Arrow, Operation};
use super::props::{Props, Value};
use super::{DataId, ElementId, FlowId, GroupId};
use crate::schema::{Kind, Property};
use crate::source::Span;
use crate::syntax::BinaryOp;
use ecow::EcoString;

/// A rule of the house.
#[derive(Clone, Debug)]
pub struct HouseRule {
    /// Name, title, documentation, place.
    pub head: Declared,
    /// `severity`.
    pub props: Props,
    /// Its clauses; each stands for itself.
    pub clauses: Vec<Clause>,
}

/// A `forbid` or `require`.
#[derive(Clone, Debug)]
pub struct Clause {
    /// Whether it forbids; else it requires.
    pub forbids: bool,
    /// What it speaks of.
    pub over: Over,
    /// What is required, or forbidden where all of it holds; with none, what it speaks of is itself forbidden or required.
    pub tests: Vec<Test>,
    /// `where`: what else must hold for it to speak.
    pub given: Vec<Test>,
    /// Its place.
    pub span: Span,
}

/// What a clause speaks of; an empty list means all of them.
#[derive(Clone, Debug)]
pub enum Over {
    /// Elements, and the data they hold where a test names `data`.
    Elements(Vec<Selector>),
    /// Steps of flows, and relations.
    Steps(Option<Hop>),
    /// Flows.
    Flows(Vec<FlowId>),
    /// Data.
    Data(Vec<DataId>),
}

/// A pattern of steps: `actor -> store write`.
#[derive(Clone, Debug)]
pub struct Hop {
    /// Who calls.
    pub from: Vec<Selector>,
    /// How.
    pub arrow: Arrow,
    /// Who is called.
    pub to: Vec<Selector>,
    /// What it does there; empty for anything.
    pub operations: Vec<Operation>,
}

/// Which elements: those of a kind, a group, a technology …, perhaps of one technology only (`store: mysql`).
#[derive(Clone, Debug)]
pub struct Selector {
    /// Which.
    pub which: Which,
    /// Of this technology.
    pub technology: Option<Technology>,
}

/// What a word selects.
#[derive(Clone, Debug, PartialEq)]
pub enum Which {
    /// `element`: any.
    Any,
    /// A kind.
    Kind(Kind),
    /// An archetype, by its name.
    Archetype(EcoString),
    /// What stands in a group, at any depth.
    Group(GroupId),
    /// One element.
    Element(ElementId),
    /// A technology or a class of them.
    Technology(Technology),
}

/// A technology, or a class of them.
#[derive(Clone, Debug, PartialEq)]
pub enum Technology {
    /// By its identifier.
    Id(EcoString),
    /// By its class.
    Class(crate::catalog::Class),
}

/// What a test is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Root {
    /// The element.
    Element,
    /// The caller of a step.
    Source,
    /// What a step calls.
    Target,
    /// The step.
    Step,
    /// A datum that the step touches or the element holds.
    Data,
    /// The flow, or the one in which the step stands.
    Flow,
}

impl Root {
    /// Every root with its word.
    pub const WORDS: [(&'static str, Root); 6] = [
        ("element", Root::Element),
        ("source", Root::Source),
        ("target", Root::Target),
        ("step", Root::Step),
        ("data", Root::Data),
        ("flow", Root::Flow),
    ];
}

/// What of it.
#[derive(Clone, Debug)]
pub enum Attribute {
    /// The kind of an element.
    Kind,
    /// Its technology.
    Technology,
    /// The group that it stands in.
    Group,
    /// The title.
    Title,
    /// The description.
    Doc,
    /// What a step does.
    Operation,
    /// A property that the design states, at this dotted path.
    Property(EcoString, &'static Property),
    /// A computed number.
    Number(EcoString),
}

/// `source.group`, `element.utilization.peak`.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Of what.
    pub root: Root,
    /// What of it.
    pub attribute: Attribute,
    /// As written.
    pub text: EcoString,
    /// Its place.
    pub span: Span,
}

/// What a subject is compared with.
#[derive(Clone, Debug)]
pub enum Term {
    /// A value.
    Value(Value),
    /// A group; `None` for none.
    Group(Option<GroupId>),
    /// A technology.
    Technology(Technology),
    /// Another subject.
    Subject(Subject),
}

/// A test.
#[derive(Clone, Debug)]
pub enum Test {
    /// It is stated.
    Stated(Subject),
    /// It compares so with a term.
    Compare(Subject, BinaryOp, Term),
    /// It is one of these.
    OneOf(Subject, Vec<Term>),
}

impl Test {
    /// What the test is about.
    pub fn subject(&self) -> &Subject {
        match self {
            Test::Stated(subject) | Test::Compare(subject, ..) | Test::OneOf(subject, _) => subject,
        }
    }

    /// Everything that it is about: its subject, and the one that it is compared with.
    pub fn subjects(&self) -> impl Iterator<Item = &Subject> {
        let other = match self {
            Test::Compare(_, _, Term::Subject(other)) => Some(other),
            _ => None,
        };
        std::iter::once(self.subject()).chain(other)
    }
}
