//! Typed properties: what the schema made of keys, values and blocks.
//!
//! A bag keeps every property with its span and where it came from, so that each number
//! can say on which text it rests. Typed views of the common ones stand on
//! [`super::Element`] and [`super::Step`].

use super::{DataId, ElementId, FlowId, GroupId, InputId, NodesId, RegionId, RoleId, ScenarioId};
use crate::quantity::{Date, Quantity};
use crate::source::Span;
use ecow::EcoString;

/// A number that the author stated, with its place and the inputs it is computed from.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// The value; of an uncertain one the median, with its spread.
    pub quantity: Quantity,
    /// The expression as it stands in the text.
    pub span: Span,
    /// The `let`s that it names, directly.
    pub inputs: Vec<InputId>,
}

impl Scalar {
    /// The value in SI base units (seconds, bytes, per second, USD, fractions of 1).
    pub fn value(&self) -> f64 {
        self.quantity.value
    }
}

/// What a name in a property stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entity {
    /// An element.
    Element(ElementId),
    /// A group.
    Group(GroupId),
    /// A region.
    Region(RegionId),
    /// Machines that run containers.
    Nodes(NodesId),
    /// Zone `n` (from 1) of a region, or of the zones that `zones N` shares (`None`).
    Zone(Option<RegionId>, u32),
    /// A flow.
    Flow(FlowId),
    /// An input.
    Input(InputId),
    /// A datum.
    Data(DataId),
    /// A role.
    Role(RoleId),
    /// A scenario.
    Scenario(ScenarioId),
}

/// A value of a property.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number.
    Quantity(Scalar),
    /// `4 to 40` where the schema reads a range; boxed, because most values are small.
    Range(Box<(Scalar, Scalar)>),
    /// One of the schema's words.
    Word(&'static str),
    /// A free word, or a level or rule by its canonical name.
    Name(EcoString),
    /// A string.
    Text(EcoString),
    /// A date.
    Date(Date),
    /// `yes` or `no`.
    YesNo(bool),
    /// Something declared.
    Entity(Entity),
}

/// One filled slot of a property.
#[derive(Clone, Debug, PartialEq)]
pub struct Filled {
    /// The slot's name in the schema.
    pub slot: &'static str,
    /// The value.
    pub value: Value,
    /// Its place.
    pub span: Span,
}

/// Where a property comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The declaration itself.
    Own,
    /// Its archetype.
    Archetype,
    /// A `defaults` item of its file.
    Defaults,
    /// A scenario that changes it.
    Scenario,
}

/// One property.
#[derive(Clone, Debug, PartialEq)]
pub struct Prop {
    /// The schema's key.
    pub key: &'static str,
    /// Its values in the schema's order.
    pub values: Vec<Filled>,
    /// Its block.
    pub block: Option<Props>,
    /// The property with its block.
    pub span: Span,
    /// Where it comes from.
    pub origin: Origin,
}

/// Properties in the order in which they stand; own ones first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Props {
    /// The properties.
    pub entries: Vec<Prop>,
}

impl Prop {
    /// The value in the slot of this name.
    pub fn value(&self, slot: &str) -> Option<&Value> {
        self.values.iter().find(|f| f.slot == slot).map(|f| &f.value)
    }

    /// All values in the slot of this name.
    pub fn values_of<'a>(&'a self, slot: &'a str) -> impl Iterator<Item = &'a Filled> {
        self.values.iter().filter(move |f| f.slot == slot)
    }

    /// The first value that is a number.
    pub fn quantity(&self) -> Option<&Scalar> {
        self.values.iter().find_map(|f| match &f.value {
            Value::Quantity(scalar) => Some(scalar),
            _ => None,
        })
    }

    /// The first value that is a word, whether the schema lists it or not.
    pub fn word(&self) -> Option<&str> {
        self.values.iter().find_map(|f| match &f.value {
            Value::Word(word) => Some(*word),
            Value::Name(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The first value that is a string.
    pub fn text(&self) -> Option<&EcoString> {
        self.values.iter().find_map(|f| match &f.value {
            Value::Text(text) => Some(text),
            _ => None,
        })
    }

    /// The first value that is `yes` or `no`.
    pub fn yes_no(&self) -> Option<bool> {
        self.values.iter().find_map(|f| match f.value {
            Value::YesNo(yes) => Some(yes),
            _ => None,
        })
    }

    /// Every declared thing that it names.
    pub fn entities(&self) -> impl Iterator<Item = Entity> + '_ {
        self.values.iter().filter_map(|f| match f.value {
            Value::Entity(entity) => Some(entity),
            _ => None,
        })
    }
}

impl Props {
    /// The first property of this key.
    pub fn get(&self, key: &str) -> Option<&Prop> {
        self.entries.iter().find(|p| p.key == key)
    }

    /// Every property of this key (for those that repeat).
    pub fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Prop> {
        self.entries.iter().filter(move |p| p.key == key)
    }

    /// Whether the key is there.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The property at a dotted path: `replication.factor`.
    pub fn at(&self, path: &str) -> Option<&Prop> {
        match path.split_once('.') {
            None => self.get(path),
            Some((key, rest)) => self.get(key)?.block.as_ref()?.at(rest),
        }
    }

    /// The number at a dotted path.
    pub fn quantity(&self, path: &str) -> Option<&Scalar> {
        self.at(path)?.quantity()
    }

    /// The number at a dotted path, in SI base units.
    pub fn number(&self, path: &str) -> Option<f64> {
        self.quantity(path).map(Scalar::value)
    }

    /// The word at a dotted path.
    pub fn word(&self, path: &str) -> Option<&str> {
        self.at(path)?.word()
    }

    /// The string at a dotted path.
    pub fn text(&self, path: &str) -> Option<&EcoString> {
        self.at(path)?.text()
    }

    /// `yes` or `no` at a dotted path.
    pub fn yes_no(&self, path: &str) -> Option<bool> {
        self.at(path)?.yes_no()
    }

    /// Every element that the properties of this key name.
    pub fn elements<'a>(&'a self, key: &'a str) -> impl Iterator<Item = ElementId> + 'a {
        self.all(key).flat_map(Prop::entities).filter_map(|e| match e {
            Entity::Element(id) => Some(id),
            _ => None,
        })
    }

    /// Every datum that the properties of this key name.
    pub fn data<'a>(&'a self, key: &'a str) -> impl Iterator<Item = DataId> + 'a {
        self.all(key).flat_map(Prop::entities).filter_map(|e| match e {
            Entity::Data(id) => Some(id),
            _ => None,
        })
    }

    /// Every region that the properties of this key name.
    pub fn regions<'a>(&'a self, key: &'a str) -> impl Iterator<Item = RegionId> + 'a {
        self.all(key).flat_map(Prop::entities).filter_map(|e| match e {
            Entity::Region(id) => Some(id),
            _ => None,
        })
    }
}
