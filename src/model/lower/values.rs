//! One written value against one type of the schema.

use super::names::{Found, Space};
use super::{Lowerer, Pending};
use crate::catalog::consistency::Model;
use crate::diagnostic::{Applicability, Finding, language};
use crate::model::{Entity, InputId, RegionId, Scalar, Value};
use crate::quantity::{Date, Dimension, Quantity};
use crate::schema::{Choice, Measure, Type, words as choice_words};
use crate::source::Span;
use crate::syntax::{Expr, ExprKind, Path};
use crate::words;
use ecow::EcoString;

/// Where a value stands, for messages: the key of its property.
#[derive(Clone, Copy)]
pub(super) struct Context<'t> {
    pub(super) key: &'static str,
    pub(super) example: &'static str,
    pub(super) pending: Pending<'t>,
}

impl<'t> Lowerer<'t> {
    /// The typed value, or `None` with a finding.
    pub(super) fn value(&mut self, expr: &'t Expr, ty: Type, at: Context<'t>) -> Option<Value> {
        match ty {
            Type::Quantity(measure) => self.scalar(expr, measure, at).map(Value::Quantity),
            Type::Range(measure) => self.range(expr, measure, at),
            Type::Word(choices) => self.choice(expr, choices, at).map(Value::Word),
            Type::WordOrQuantity(choices, measure) => match expr.word() {
                Some(word) if choices.iter().any(|c| c.word == word) => {
                    self.choice(expr, choices, at).map(Value::Word)
                }
                Some(word) if self.looks_like_word(word, at.pending) => {
                    self.choice(expr, choices, at).map(Value::Word)
                }
                _ => self.scalar(expr, measure, at).map(Value::Quantity),
            },
            Type::AnyWord | Type::Field | Type::Rule => self.any_word(expr, at).map(Value::Name),
            Type::YesNo => self.yes_no(expr, at),
            Type::Text => match expr.string() {
                Some(text) => Some(Value::Text(text.clone())),
                None => self.wrong_type(expr, "a string, as in `\"…\"`", at),
            },
            Type::Date => self.date(expr, at),
            Type::Level => self.level(expr, at),
            Type::Condition => self.wrong_type(expr, "a condition", at),
            Type::Element => {
                self.entity(expr, Space::Things, at, "an element", |e| matches!(e, Entity::Element(_)))
            }
            Type::Failable => self.failable(expr, at),
            Type::Subject => self.entity(expr, Space::Things, at, "an element, group or flow", |e| {
                matches!(e, Entity::Element(_) | Entity::Group(_) | Entity::Flow(_) | Entity::Region(_))
            }),
            Type::Region => {
                self.entity(expr, Space::Things, at, "a region", |e| matches!(e, Entity::Region(_)))
            }
            Type::Nodes => {
                self.entity(expr, Space::Things, at, "a pool of nodes", |e| matches!(e, Entity::Nodes(_)))
            }
            Type::Data => self.entity(expr, Space::Data, at, "a datum", |e| matches!(e, Entity::Data(_))),
            Type::Role => self.entity(expr, Space::Roles, at, "a role", |e| matches!(e, Entity::Role(_))),
            Type::Flow => self.entity(expr, Space::Things, at, "a flow", |e| matches!(e, Entity::Flow(_))),
            Type::Scenario => {
                self.entity(expr, Space::Scenarios, at, "a scenario", |e| matches!(e, Entity::Scenario(_)))
            }
        }
    }

    /// Whether a word could fill a slot of this type: decides between two slots of which one may be left out.
    pub(super) fn fits(&self, expr: &Expr, ty: Type, at: Context) -> bool {
        match ty {
            Type::Quantity(_) | Type::Range(_) | Type::WordOrQuantity(..) => {
                expr.word().is_none_or(|w| !self.looks_like_word(w, at.pending)) && expr.string().is_none()
            }
            Type::Element | Type::Region | Type::Nodes | Type::Flow | Type::Subject | Type::Failable => expr.path().is_some_and(|p| {
                !matches!(self.names.find(Space::Things, &p.text(), &self.scopes[at.pending.scope]), Found::One(entry) if matches!(entry.entity, Entity::Input(_)))
            }),
            Type::Text => expr.string().is_some(),
            Type::Date => matches!(expr.kind, ExprKind::Date(_)),
            Type::Word(choices) => expr.word().is_some_and(|w| choices.iter().any(|c| c.word == w)),
            Type::Condition => expr.is_condition(),
            _ => expr.path().is_some(),
        }
    }

    /// Whether a word stands for no number: neither an input nor a unit.
    fn looks_like_word(&self, word: &str, pending: Pending) -> bool {
        let scope = &self.scopes[pending.scope];
        let input = matches!(self.names.find(Space::Things, word, scope), Found::One(e) if matches!(e.entity, Entity::Input(_)));
        !input && !self.unit_table.is_unit(word)
    }

    pub(super) fn wrong_type<T>(&mut self, expr: &Expr, expected: &str, at: Context) -> Option<T> {
        if !contains_hole(expr) {
            let found = described(expr);
            let finding = Finding::new(
                language::WRONG_TYPE,
                expr.span,
                format!("`{}` expects {expected}, found {found}", at.key),
            );
            self.report(finding.help(format!("write it as in `{}`", at.example)));
        }
        None
    }

    /// A number of this measure.
    pub(super) fn scalar(&mut self, expr: &'t Expr, measure: Measure, at: Context<'t>) -> Option<Scalar> {
        if expr.string().is_some()
            || matches!(expr.kind, ExprKind::Date(_) | ExprKind::List(_))
            || expr.is_condition()
        {
            return self.wrong_type(expr, measure.expectation(), at);
        }
        let mut inputs = Vec::new();
        let mut quantity = self.evaluate(expr, at.pending.scope, &mut inputs)?;
        if self.draws.is_some() {
            quantity.value = self.within_range(quantity.value, measure, expr.span);
        }
        self.check_measure(quantity, measure, expr.span, at)?;
        Some(Scalar { quantity, span: expr.span, inputs })
    }

    fn check_measure(&mut self, found: Quantity, measure: Measure, span: Span, at: Context) -> Option<()> {
        if !fits_dimension(found.dimension, measure) {
            let finding = Finding::new(
                language::WRONG_DIMENSION,
                span,
                format!(
                    "`{}` expects {}, found {}: `{found}`",
                    at.key,
                    measure.expectation(),
                    found.dimension
                ),
            );
            self.report(finding.help(format!("write it as in `{}`", at.example)));
            return None;
        }
        if let Some(range) = out_of_range(found.value, measure) {
            let finding = Finding::new(
                language::OUT_OF_RANGE,
                span,
                format!("`{}` must be {range}, found `{}`", at.key, shown(found, measure)),
            );
            self.report(finding.help(format!("write it as in `{}`", at.example)));
            return None;
        }
        Some(())
    }

    /// The tail of a distribution may lie beyond what a property admits: the share of a hit ratio above 100%.
    fn within_range(&mut self, value: f64, measure: Measure, span: Span) -> f64 {
        let least = if measure == Measure::Whole { 1.0 } else { 0.0 };
        let most = if measure == Measure::Share { 1.0 } else { f64::INFINITY };
        if measure == Measure::Any || (least..=most).contains(&value) {
            return value;
        }
        self.clipped.push(span);
        value.clamp(least, most)
    }

    fn range(&mut self, expr: &'t Expr, measure: Measure, at: Context<'t>) -> Option<Value> {
        let ExprKind::Range(low, high) = &expr.kind else {
            return self.scalar(expr, measure, at).map(Value::Quantity);
        };
        let (low, high) = (self.scalar(low, measure, at)?, self.scalar(high, measure, at)?);
        if low.value() > high.value() {
            let finding = Finding::new(
                language::OUT_OF_RANGE,
                expr.span,
                format!("the range of `{}` runs from {} down to {}", at.key, low.quantity, high.quantity),
            );
            self.report(finding.help("write the smaller number first"));
            return None;
        }
        Some(Value::Range(Box::new((low, high))))
    }

    fn choice(&mut self, expr: &Expr, choices: &'static [Choice], at: Context) -> Option<&'static str> {
        let offered: Vec<&str> = choice_words(choices).collect();
        let Some(word) = expr.word() else {
            return self.wrong_type(expr, &words::alternatives(&offered), at);
        };
        if let Some(choice) = choices.iter().find(|c| c.word == word) {
            return Some(choice.word);
        }
        let finding = Finding::new(
            language::WRONG_TYPE,
            expr.span,
            format!("`{}` expects {}, found `{word}`", at.key, words::alternatives(&offered)),
        );
        let finding = finding.help(format!("write it as in `{}`", at.example));
        self.report(finding.near(word, offered.iter().copied(), Applicability::Safe));
        None
    }

    fn any_word(&mut self, expr: &Expr, at: Context) -> Option<EcoString> {
        match expr.path() {
            Some(path) => Some(path.text()),
            None => self.wrong_type(expr, "a word", at),
        }
    }

    fn yes_no(&mut self, expr: &Expr, at: Context) -> Option<Value> {
        match expr.word() {
            Some("yes" | "on") => Some(Value::YesNo(true)),
            Some("no" | "off") => Some(Value::YesNo(false)),
            _ => self.wrong_type(expr, "`yes` or `no`", at),
        }
    }

    fn date(&mut self, expr: &Expr, at: Context) -> Option<Value> {
        let ExprKind::Date(text) = &expr.kind else {
            return self.wrong_type(expr, "a date, as in `2027-06-30`", at);
        };
        // A date that is no day of the calendar was reported by the parser.
        Date::parse(text).map(Value::Date)
    }

    fn level(&mut self, expr: &Expr, at: Context) -> Option<Value> {
        let Some(word) = expr.word() else {
            return self.wrong_type(expr, "a consistency or isolation model, as in `read_your_writes`", at);
        };
        if let Some(model) = Model::from_user(word) {
            return Some(Value::Name(model.name().into()));
        }
        let finding = Finding::new(
            language::WRONG_TYPE,
            expr.span,
            format!("`{}` expects a consistency or isolation model, found `{word}`", at.key),
        );
        let names = Model::USER_NAMES;
        let finding = finding.help(format!("the models are {}", words::enumeration(names)));
        self.report(finding.near(word, names.iter().copied(), Applicability::Safe));
        None
    }

    /// What a path stands for, with a finding where it stands for nothing, for several, or for something else.
    pub(super) fn entity(
        &mut self,
        expr: &Expr,
        space: Space,
        at: Context,
        expected: &str,
        pass: impl Fn(Entity) -> bool,
    ) -> Option<Value> {
        let Some(path) = expr.path() else {
            return self.wrong_type(expr, &format!("the name of {expected}"), at);
        };
        self.resolve(path, space, at.pending, expected, pass).map(Value::Entity)
    }

    /// What a path stands for in a space.
    pub(super) fn resolve(
        &mut self,
        path: &Path,
        space: Space,
        pending: Pending,
        expected: &str,
        pass: impl Fn(Entity) -> bool,
    ) -> Option<Entity> {
        let text = path.text();
        let scope = &self.scopes[pending.scope];
        let finding = match self.names.find(space, &text, scope) {
            Found::One(entry) if pass(entry.entity) => return Some(entry.entity),
            Found::One(entry) => Finding::new(
                language::WRONG_TYPE,
                path.span,
                format!("expected {expected}, found `{text}`, which is {}", noun(entry.entity)),
            )
            .related(entry.span, "declared here"),
            Found::Several(entries) => {
                let fitting: Vec<_> = entries.iter().filter(|e| pass(e.entity)).collect();
                if let [only] = fitting.as_slice() {
                    return Some(only.entity);
                }
                let names: Vec<&str> = entries.iter().map(|e| e.full.as_str()).collect();
                let mut finding = Finding::new(
                    language::AMBIGUOUS_NAME,
                    path.span,
                    format!("`{text}` is ambiguous: {} are candidates", words::enumeration(&names)),
                );
                for entry in &entries {
                    finding = finding.related(entry.span, format!("`{}` is declared here", entry.full));
                }
                finding.help("write the full name")
            }
            Found::None => {
                let candidates = self.names.candidates(space, &pass);
                let finding = Finding::new(
                    language::UNKNOWN_NAME,
                    path.span,
                    format!(
                        "there is no {} named `{text}`",
                        expected.trim_start_matches("an ").trim_start_matches("a ")
                    ),
                );
                let finding = finding.help(declare_hint(expected, &text));
                finding.near(&text, candidates.iter().copied(), Applicability::Unsafe)
            }
        };
        self.report(finding);
        None
    }

    fn failable(&mut self, expr: &Expr, at: Context) -> Option<Value> {
        let Some(path) = expr.path() else {
            return self.wrong_type(expr, "the name of an element, group, region or zone", at);
        };
        if let Some(zone) = self.zone(path, at.pending) {
            return Some(Value::Entity(zone));
        }
        self.entity(expr, Space::Things, at, "an element, group, region or zone", |e| {
            matches!(e, Entity::Element(_) | Entity::Group(_) | Entity::Region(_))
        })
    }

    /// The zone that a path names: `us.zone1`, or `zone1` of the zones that belong to no region.
    pub(super) fn zone(&self, path: &Path, pending: Pending) -> Option<Entity> {
        let (last, before) = path.names.split_last()?;
        let number: u32 = last.text.strip_prefix("zone")?.parse().ok()?;
        if before.is_empty() {
            return Some(Entity::Zone(None, number));
        }
        let region: Vec<&str> = before.iter().map(|n| n.text.as_str()).collect();
        match self.names.find(Space::Things, &region.join("."), &self.scopes[pending.scope]) {
            Found::One(entry) => match entry.entity {
                Entity::Region(id) => Some(Entity::Zone(Some(id), number)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The region that an expression names.
    pub(super) fn region(&mut self, expr: &Expr, at: Context) -> Option<RegionId> {
        match self.entity(expr, Space::Things, at, "a region", |e| matches!(e, Entity::Region(_)))? {
            Value::Entity(Entity::Region(id)) => Some(id),
            _ => None,
        }
    }

    /// The value of an expression, and which inputs it names.
    pub(super) fn evaluate(
        &mut self,
        expr: &'t Expr,
        scope: usize,
        inputs: &mut Vec<InputId>,
    ) -> Option<Quantity> {
        if contains_hole(expr) {
            return None;
        }
        let (value, used, findings) = super::inputs::evaluate(self, expr, scope);
        for finding in findings {
            self.report(finding);
        }
        for input in used {
            if !inputs.contains(&input) {
                inputs.push(input);
            }
        }
        value
    }
}

/// Whether part of an expression could not be read; its finding stands already.
pub(super) fn contains_hole(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Hole => true,
        ExprKind::List(items) | ExprKind::Call(_, items) => items.iter().any(contains_hole),
        ExprKind::Group(inner) | ExprKind::Unary(_, inner) => contains_hole(inner),
        ExprKind::Binary(_, a, b) | ExprKind::Range(a, b) => contains_hole(a) || contains_hole(b),
        _ => false,
    }
}

fn described(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Path(path) => format!("`{}`", path.text()),
        ExprKind::Text(_) => "a string".to_string(),
        ExprKind::Number(number) => match &number.unit {
            Some(unit) => format!("`{} {}`", number.text, unit.text),
            None => format!("`{}`", number.text),
        },
        ExprKind::Date(date) => format!("the date `{date}`"),
        ExprKind::List(_) => "a list".to_string(),
        _ => "an expression".to_string(),
    }
}

fn fits_dimension(found: Dimension, measure: Measure) -> bool {
    let wanted = match measure {
        Measure::Count | Measure::Whole | Measure::Share | Measure::Factor | Measure::Growth => {
            Dimension::NONE
        }
        Measure::Time => Dimension::TIME,
        Measure::Rate => Dimension::RATE,
        Measure::Data => Dimension::DATA,
        Measure::DataRate => Dimension::BANDWIDTH,
        Measure::Money => Dimension::MONEY,
        Measure::MoneyRate => Dimension::COST,
        Measure::Length => Dimension::LENGTH,
        Measure::Price => return found.money == 1,
        Measure::Any => return true,
    };
    found == wanted
}

/// The range that a value of this measure must lie in, if it does not.
fn out_of_range(value: f64, measure: Measure) -> Option<&'static str> {
    let (inside, range) = match measure {
        Measure::Share => ((0.0..=1.0).contains(&value), "between 0% and 100%"),
        Measure::Whole => {
            (value >= 1.0 && value.fract() == 0.0 && value <= 1e9, "a whole number from 1 to 1bn")
        }
        Measure::Factor | Measure::Growth => (value >= 0.0, "0 or more"),
        Measure::Any => (true, ""),
        _ => (value >= 0.0, "0 or more"),
    };
    (!inside).then_some(range)
}

/// A value as the author would write it.
fn shown(value: Quantity, measure: Measure) -> String {
    if measure == Measure::Share { crate::quantity::percent(value.value) } else { value.to_string() }
}

fn noun(entity: Entity) -> &'static str {
    match entity {
        Entity::Element(_) => "an element",
        Entity::Group(_) => "a group",
        Entity::Region(_) => "a region",
        Entity::Nodes(_) => "a pool of nodes",
        Entity::Zone(..) => "a zone",
        Entity::Flow(_) => "a flow",
        Entity::Input(_) => "an input",
        Entity::Data(_) => "a datum",
        Entity::Role(_) => "a role",
        Entity::Scenario(_) => "a scenario",
    }
}

fn declare_hint(expected: &str, name: &str) -> String {
    let keyword = match expected {
        "a region" => "region",
        "a pool of nodes" => "nodes",
        "a datum" => "data",
        "a role" => "role",
        "a flow" => "flow",
        "a scenario" => "scenario",
        _ => "service",
    };
    let short = name.rsplit('.').next().unwrap_or(name);
    format!("declare it, as in `{keyword} {short}`")
}
