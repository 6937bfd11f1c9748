//! Numbers that other numbers are computed from: inputs (`let`) and sizes of data.
//!
//! They are evaluated on demand, so that order does not matter; a circle is `E021`.

use super::names::{Found, Names, Space};
use super::{Draws, Lowerer, Pending};
use crate::diagnostic::{Finding, language};
use crate::model::{DataId, Entity, InputId};
use crate::quantity::{
    Environment, EvalError, EvalErrorKind, LiteralError, Lookup, Quantity, UnitTable,
    evaluate as evaluate_expression, functions,
};
use crate::source::Span;
use crate::syntax::{Arg, Expr, Path};
use crate::words;
use ecow::EcoString;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Properties of a datum that an expression may name: `photo.size`.
const DATUM_NUMBERS: [&str; 2] = ["size", "count"];

#[derive(Clone, Copy)]
enum State {
    Waiting,
    Running,
    Done(Option<Quantity>),
}

struct Number<'t> {
    expr: &'t Expr,
    scope: usize,
    state: State,
    inputs: Vec<InputId>,
}

/// Every such number, by what it belongs to.
#[derive(Default)]
pub(super) struct Numbers<'t> {
    inputs: Vec<Number<'t>>,
    data: FxHashMap<(DataId, &'static str), Number<'t>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Key {
    Input(InputId),
    Datum(DataId, &'static str),
}

impl<'t> Numbers<'t> {
    pub(super) fn add_input(&mut self, id: InputId, expr: &'t Expr, pending: Pending<'t>) {
        debug_assert_eq!(id.index(), self.inputs.len());
        self.inputs.push(Number { expr, scope: pending.scope, state: State::Waiting, inputs: Vec::new() });
    }

    pub(super) fn add_datum(&mut self, id: DataId, pending: Pending<'t>) {
        let Some(block) = &pending.item.block else { return };
        for key in DATUM_NUMBERS {
            let item = block.items.iter().find(|i| i.key() == Some(key));
            if let Some(expr) = item.and_then(|i| i.args.get(1)).and_then(Arg::value) {
                let number = Number { expr, scope: pending.scope, state: State::Waiting, inputs: Vec::new() };
                self.data.insert((id, key), number);
            }
        }
    }

    fn get(&mut self, key: Key) -> Option<&mut Number<'t>> {
        match key {
            Key::Input(id) => self.inputs.get_mut(id.index()),
            Key::Datum(id, name) => self.data.get_mut(&(id, name)),
        }
    }
}

/// The environment of one expression.
struct Seen<'a, 't> {
    names: &'a Names,
    scopes: &'a [EcoString],
    scope: usize,
    units: &'a UnitTable,
    numbers: &'a RefCell<Numbers<'t>>,
    used: RefCell<Vec<InputId>>,
    findings: RefCell<Vec<Finding>>,
    uncertain: &'a RefCell<BTreeMap<Span, Quantity>>,
    draws: Option<&'a Draws>,
}

impl<'a, 't> Seen<'a, 't> {
    fn new(lowerer: &'a Lowerer<'t>, scope: usize) -> Self {
        Seen {
            names: &lowerer.names,
            scopes: &lowerer.scopes,
            scope,
            units: &lowerer.unit_table,
            numbers: &lowerer.numbers,
            used: RefCell::default(),
            findings: RefCell::default(),
            uncertain: &lowerer.uncertain,
            draws: lowerer.draws,
        }
    }
}

/// The value of an expression, the inputs it names, and what is to be said about it.
pub(super) fn evaluate(
    lowerer: &Lowerer,
    expr: &Expr,
    scope: usize,
) -> (Option<Quantity>, Vec<InputId>, Vec<Finding>) {
    let seen = Seen::new(lowerer, scope);
    let value = seen.value(expr);
    (value, seen.used.into_inner(), seen.findings.into_inner())
}

impl Seen<'_, '_> {
    fn value(&self, expr: &Expr) -> Option<Quantity> {
        match evaluate_expression(expr, self) {
            Ok(value) => Some(value),
            Err(error) => {
                let pass = |e| matches!(e, Entity::Input(_));
                let names = self.names.candidates(Space::Things, pass);
                if let Some(finding) = evaluation_finding(&error, &names, self.units) {
                    self.findings.borrow_mut().push(finding);
                }
                None
            }
        }
    }

    /// The number under a key, evaluated now if it was not yet.
    fn number(&self, key: Key, at: Span) -> Lookup {
        let mut numbers = self.numbers.borrow_mut();
        let Some(number) = numbers.get(key) else { return Lookup::Unknown };
        match number.state {
            State::Done(Some(value)) => return Lookup::Value(value),
            State::Done(None) => return Lookup::Failed,
            State::Running => {
                let finding = Finding::new(language::CONSTANT_CYCLE, at, "this number is defined by itself")
                    .related(number.expr.span, "its value is asked for while it is computed")
                    .help("give one of the circle a value of its own");
                self.findings.borrow_mut().push(finding);
                return Lookup::Failed;
            }
            State::Waiting => {}
        }
        number.state = State::Running;
        let (expr, scope) = (number.expr, number.scope);
        drop(numbers);
        let inner = Seen {
            scope,
            used: RefCell::default(),
            findings: RefCell::default(),
            names: self.names,
            scopes: self.scopes,
            units: self.units,
            numbers: self.numbers,
            uncertain: self.uncertain,
            draws: self.draws,
        };
        let value = if super::values::contains_hole(expr) { None } else { inner.value(expr) };
        self.findings.borrow_mut().extend(inner.findings.into_inner());
        if let Some(number) = self.numbers.borrow_mut().get(key) {
            number.state = State::Done(value);
            number.inputs = inner.used.into_inner();
        }
        value.map_or(Lookup::Failed, Lookup::Value)
    }

    fn datum_number(&self, path: &Path) -> Option<Lookup> {
        let text = path.text();
        let (datum, name) = text.rsplit_once('.')?;
        let name = DATUM_NUMBERS.into_iter().find(|n| *n == name)?;
        match self.names.find(Space::Data, datum, &self.scopes[self.scope]) {
            Found::One(entry) => match entry.entity {
                Entity::Data(id) => Some(self.number(Key::Datum(id, name), path.span)),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Environment for Seen<'_, '_> {
    fn lookup(&self, path: &Path) -> Lookup {
        let text = path.text();
        match self.names.find(Space::Things, &text, &self.scopes[self.scope]) {
            Found::One(entry) => match entry.entity {
                Entity::Input(id) => {
                    let mut used = self.used.borrow_mut();
                    if !used.contains(&id) {
                        used.push(id);
                    }
                    drop(used);
                    self.number(Key::Input(id), path.span)
                }
                _ => self.datum_number(path).unwrap_or(Lookup::Unknown),
            },
            Found::Several(entries) => {
                let names: Vec<&str> = entries.iter().map(|e| e.full.as_str()).collect();
                let finding = Finding::new(
                    language::AMBIGUOUS_NAME,
                    path.span,
                    format!("`{text}` is ambiguous: {} are candidates", words::enumeration(&names)),
                );
                self.findings.borrow_mut().push(finding.help("write the full name"));
                Lookup::Failed
            }
            Found::None => self.datum_number(path).unwrap_or(Lookup::Unknown),
        }
    }

    fn units(&self) -> &UnitTable {
        self.units
    }

    fn uncertain(&self, span: Span, value: Quantity) -> Quantity {
        match self.draws.and_then(|draws| draws.get(&span)) {
            Some(drawn) => Quantity { value: *drawn, spread: None, ..value },
            None => {
                self.uncertain.borrow_mut().insert(span, value);
                value
            }
        }
    }
}

impl Lowerer<'_> {
    /// Evaluates every input.
    pub(super) fn lower_inputs(&mut self) {
        for index in 0..self.model.inputs.len() {
            let id = InputId(index as u32);
            let seen = Seen::new(self, 0);
            let span = self.model.inputs[index].scalar.span;
            let value = seen.number(Key::Input(id), span);
            let findings = seen.findings.into_inner();
            for finding in findings {
                self.report(finding);
            }
            if let Lookup::Value(quantity) = value {
                self.model.inputs[index].scalar.quantity = quantity;
            }
            let used = self.numbers.borrow_mut().get(Key::Input(id)).map(|n| n.inputs.clone());
            self.model.inputs[index].scalar.inputs = used.unwrap_or_default();
        }
    }
}

/// What an expression got wrong, as a finding; `None` where it was said already. `names` are the
/// numbers that it could have named.
pub fn evaluation_finding(error: &EvalError, names: &[&str], units: &UnitTable) -> Option<Finding> {
    let message = error.kind.to_string();
    Some(match &error.kind {
        EvalErrorKind::Failed => return None,
        EvalErrorKind::UnknownName(name) => {
            let mut finding = Finding::new(language::UNKNOWN_NAME, error.span, message);
            finding.help =
                words::did_you_mean(name, names.iter().copied().chain(units.names())).or_else(|| {
                    Some(format!(
                        "declare it, as in `let {} = … \"where it comes from\"`",
                        name.replace('.', "_")
                    ))
                });
            finding
        }
        EvalErrorKind::UnknownFunction(name) => {
            let known: Vec<&str> = functions::all().map(|function| function.name).collect();
            let mut finding = Finding::new(language::UNKNOWN_NAME, error.span, message);
            finding.help = words::did_you_mean(name, known.iter().copied())
                .or_else(|| Some(format!("the functions are {}", words::enumeration(&known))));
            finding
        }
        EvalErrorKind::Literal(LiteralError::Unit(unit)) => {
            let mut finding = Finding::new(language::UNKNOWN_UNIT, error.span, message);
            finding.help = unit.help();
            finding
        }
        EvalErrorKind::Literal(_) => Finding::new(language::WRONG_TYPE, error.span, message),
        EvalErrorKind::Arithmetic(why) => {
            use crate::quantity::QuantityError::{Expected, Mixed, NoRoot};
            let code = match why {
                Mixed { .. } | Expected { .. } | NoRoot { .. } => language::WRONG_DIMENSION,
                _ => language::OUT_OF_RANGE,
            };
            Finding::new(code, error.span, message)
        }
        EvalErrorKind::Arity { .. } => Finding::new(language::MISSING_ARGUMENT, error.span, message),
        EvalErrorKind::NotANumber(_) => Finding::new(language::WRONG_TYPE, error.span, message),
    })
}
