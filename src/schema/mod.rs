//! THE table of keywords and properties: what each means, which values it takes, its default.
//!
//! The checker, "did you mean", completion, hover, the formatter, the JSON Schema and the
//! language reference all read this table; no keyword is described twice. It knows words and
//! types, but no names of a design and no technologies.

mod blocks;
mod describe;
mod elements;
mod flows;
mod numbers;
mod reference;
mod statements;

pub use blocks::*;
pub use describe::{blocks, describe, keywords, slot_type};
pub use elements::{ELEMENT, ELEMENT_KEYWORDS, Kind};
pub use flows::{BLOCKS, FLOW, OPERATIONS, STEP};
pub use numbers::{ELEMENT_NUMBERS, FLOW_NUMBERS, NODES_NUMBERS, Number};
pub use reference::reference;
pub use statements::{STATEMENTS, SYSTEM, TECHNOLOGY};

/// A set of element kinds, as bits of [`Kind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds(pub u32);

impl Kinds {
    /// Every kind.
    pub const ALL: Kinds = Kinds(u32::MAX);

    /// Whether `kind` belongs to the set.
    pub fn contains(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u32) != 0
    }
}

/// What dimension and range a quantity must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// A number of things, from 0.
    Count,
    /// A whole number of things, from 1.
    Whole,
    /// A share between 0 and 1, written `95%`.
    Share,
    /// A plain factor, above 0, written `3x`.
    Factor,
    /// A time, from 0.
    Time,
    /// Something per time: `800 req/s`.
    Rate,
    /// Data: `1.2 kB`.
    Data,
    /// Data per time: `10 Gbit/s`.
    DataRate,
    /// Money.
    Money,
    /// Money per time: `210 USD/month`.
    MoneyRate,
    /// Money per anything: a price such as `0.02 USD/GB/month`.
    Price,
    /// A length.
    Length,
    /// A growth such as `2x per year`: a factor.
    Growth,
    /// Whatever is written.
    Any,
}

impl Measure {
    /// What is expected, as it stands in a message: "a rate, as in `800 req/s`".
    pub fn expectation(self) -> &'static str {
        match self {
            Measure::Count => "a number, as in `20`",
            Measure::Whole => "a whole number from 1",
            Measure::Share => "a share, as in `99.9%`",
            Measure::Factor | Measure::Growth => "a factor, as in `3x`",
            Measure::Time => "a time, as in `250ms`",
            Measure::Rate => "a rate (1/time), as in `800 req/s`",
            Measure::Data => "data, as in `1.2 kB`",
            Measure::DataRate => "data per time, as in `10 Gbit/s`",
            Measure::Money => "money, as in `40k USD`",
            Measure::MoneyRate => "money per time, as in `210 USD/month`",
            Measure::Price => "a price, as in `0.02 USD/GB/month`",
            Measure::Length => "a length, as in `5 km`",
            Measure::Any => "a value",
        }
    }
}

/// A word that may stand in a slot, and what it means.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// The word.
    pub word: &'static str,
    /// What it means, one line.
    pub doc: &'static str,
}

/// What kind of value a slot takes.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// A number with its unit; `A to B` is an uncertain value.
    Quantity(Measure),
    /// A number, or `A to B` as a range (autoscaling).
    Range(Measure),
    /// One of these words.
    Word(&'static [Choice]),
    /// Any of these words, or a quantity (`retention 7 day | forever`).
    WordOrQuantity(&'static [Choice], Measure),
    /// Any word: a label, a protocol, an axis of a trade-off.
    AnyWord,
    /// `yes`/`no`/`on`/`off`.
    YesNo,
    /// A string.
    Text,
    /// A date.
    Date,
    /// The name of an element.
    Element,
    /// The name of an element, group, region, zone or technology of an outage.
    Failable,
    /// The name of an element, group or flow.
    Subject,
    /// The name of a region.
    Region,
    /// A name of machines that run containers.
    Nodes,
    /// The name of a declared datum.
    Data,
    /// A field of a datum (checked where the datum lists its fields), or a free word.
    Field,
    /// The name of a role.
    Role,
    /// The name of a flow.
    Flow,
    /// The name of a scenario.
    Scenario,
    /// A consistency or isolation model.
    Level,
    /// The name or code of a rule.
    Rule,
    /// A condition: `view_feed.p99 <= 250ms`.
    Condition,
}

/// One value of a property.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    /// What the value is called in the model and the reference.
    pub name: &'static str,
    /// The word that must stand before it (`by`, `per`, `until`), if any.
    pub lead: Option<&'static str>,
    /// Its type.
    pub ty: Type,
    /// Whether it may be left out.
    pub optional: bool,
    /// Whether several may stand side by side.
    pub many: bool,
}

/// A slot that must be filled.
pub const fn slot(name: &'static str, ty: Type) -> Slot {
    Slot { name, lead: None, ty, optional: false, many: false }
}

impl Slot {
    /// May be left out.
    #[must_use]
    pub const fn optional(mut self) -> Slot {
        self.optional = true;
        self
    }

    /// One or more, side by side.
    #[must_use]
    pub const fn many(mut self) -> Slot {
        self.many = true;
        self
    }

    /// Follows this word.
    #[must_use]
    pub const fn after(mut self, lead: &'static str) -> Slot {
        self.lead = Some(lead);
        self
    }
}

/// A property: a key, its values, perhaps a block.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    /// The key.
    pub key: &'static str,
    /// Its values in order.
    pub slots: &'static [Slot],
    /// The scope of its block, if it has one.
    pub block: Option<&'static Scope>,
    /// Whether the block alone suffices (the required slots may be left out when there is a block).
    pub block_replaces_values: bool,
    /// Element kinds that it belongs to (only read in the scope [`ELEMENT`]).
    pub kinds: Kinds,
    /// Whether it may stand several times.
    pub repeats: bool,
    /// One line of documentation; Markdown.
    pub doc: &'static str,
    /// What holds where it is not stated, as documented; empty where there is none.
    pub default: &'static str,
    /// How it is written.
    pub example: &'static str,
}

/// A property with these values.
pub const fn prop(
    key: &'static str,
    slots: &'static [Slot],
    example: &'static str,
    doc: &'static str,
) -> Property {
    Property {
        key,
        slots,
        block: None,
        block_replaces_values: false,
        kinds: Kinds::ALL,
        repeats: false,
        doc,
        default: "",
        example,
    }
}

impl Property {
    /// May, or must where it has no values, have a block of this scope.
    #[must_use]
    pub const fn block(mut self, scope: &'static Scope) -> Property {
        self.block = Some(scope);
        self
    }

    /// Has values or a block of this scope.
    #[must_use]
    pub const fn or_block(mut self, scope: &'static Scope) -> Property {
        self.block = Some(scope);
        self.block_replaces_values = true;
        self
    }

    /// Only on these kinds of elements.
    #[must_use]
    pub const fn on(mut self, kinds: Kinds) -> Property {
        self.kinds = kinds;
        self
    }

    /// May stand several times.
    #[must_use]
    pub const fn repeats(mut self) -> Property {
        self.repeats = true;
        self
    }

    /// What holds where it is not stated.
    #[must_use]
    pub const fn default(mut self, text: &'static str) -> Property {
        self.default = text;
        self
    }
}

/// What else than properties may stand in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Properties only.
    Properties,
    /// Properties, steps and flow blocks.
    Steps,
    /// Elements, groups and relations (the body of a `group`).
    Elements,
    /// Conditions: `view_feed.p99 <= 250ms`.
    Conditions,
    /// `ROLE may OPERATION… "condition"`.
    Access,
    /// `PLACE COUNT`, keys are regions and zones.
    Places,
    /// `REGION REGION TIME` beside the properties.
    Network,
    /// Properties of the design itself beside the properties: `api.replicas 3`.
    Changes,
    /// `forbid` and `require` clauses.
    Rules,
    /// `CONDITION for TIME`.
    Alert,
    /// Facts of a technology: `PATH VALUE`.
    Facts,
}

/// A block: its name in the reference, its properties, what else it may hold.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// What it is called: "a `replication` block".
    pub name: &'static str,
    /// Its properties, in the order of the reference.
    pub properties: &'static [Property],
    /// What else may stand in it.
    pub content: Content,
}

impl Scope {
    /// The property of this key.
    pub fn property(&self, key: &str) -> Option<&'static Property> {
        self.properties.iter().find(|p| p.key == key)
    }
}

/// How the head of a statement is written.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// The keyword.
    pub word: &'static str,
    /// Whether a name follows.
    pub name: Presence,
    /// Whether a title (a string) follows.
    pub title: Presence,
    /// Values of the head besides name and title.
    pub slots: &'static [Slot],
    /// Its block.
    pub block: Option<&'static Scope>,
    /// One line of documentation; Markdown.
    pub doc: &'static str,
    /// How it is written.
    pub example: &'static str,
}

/// Whether a part of a head stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Never.
    Never,
    /// May be left out.
    Optional,
    /// Must stand there.
    Required,
}

/// Count labels, time units and so on stand in `quantity`; this is the list of words that a choice offers.
pub fn words(choices: &[Choice]) -> impl Iterator<Item = &'static str> + '_ {
    choices.iter().map(|c| c.word)
}
