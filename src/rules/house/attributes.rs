//! What a test asks of a design, and whether the answer compares as it says.

use super::{Bound, Context, is_of};
use crate::analysis::{FactId, Facts, names};
use crate::math::near;
use crate::model::house::{Attribute, Root, Subject, Technology, Term};
use crate::model::{Element, GroupId, Model, Prop, Props, Value};
use crate::schema::{ELEMENT, Kind};
use crate::syntax::BinaryOp;
use ecow::{EcoString, eco_format};

/// Properties of a step that default to those of what it calls.
const OF_TARGET: [&str; 2] = ["timeout", "auth"];

/// What the design says, or what was computed.
pub(super) enum Answer<'a> {
    /// Values: one, or several side by side.
    Values(Vec<Value>),
    /// A computed number that has a value.
    Number(FactId),
    /// The groups around an element, the innermost first; none where it stands in no group.
    Groups(Vec<GroupId>),
    /// The element whose technology is asked for.
    Technology(&'a Element),
    /// The design does not state it.
    NotStated,
    /// It has no such thing: an actor has no replication.
    NotApplicable,
    /// It could not be computed, and what is needed.
    Missing(EcoString),
}

/// The groups around an element, the innermost first.
pub(super) fn groups<'m>(model: &'m Model, element: &Element) -> impl Iterator<Item = GroupId> + 'm {
    std::iter::successors(element.group, |id| model.group(*id).parent)
}

/// The answer to a subject; `stated` where only what the design states counts.
pub(super) fn answer<'a>(
    ctx: &Context<'a>,
    facts: &Facts,
    subject: &Subject,
    bound: &Bound<'a>,
    stated: bool,
) -> Answer<'a> {
    let model = ctx.model;
    let element = match subject.root {
        Root::Element => bound.element,
        Root::Source => bound.step.map(|s| s.from),
        Root::Target => bound.step.map(|s| s.to),
        _ => None,
    };
    if let Some(id) = element {
        return of_element(facts, model, model.element(id), &subject.attribute, stated);
    }
    match subject.root {
        Root::Step => bound.step.map_or(Answer::NotApplicable, |call| match &subject.attribute {
            Attribute::Operation => Answer::Values(vec![Value::Word(call.operation.word())]),
            Attribute::Title => text(call.title),
            Attribute::Doc => text(Some(call.doc)),
            Attribute::Property(path, _) => {
                let own = property(call.props, path);
                let first = path.split('.').next().unwrap_or(path);
                match own {
                    Answer::NotStated if OF_TARGET.contains(&first) && !call.props.has(first) => {
                        property(&model.element(call.to).props, path)
                    }
                    own => own,
                }
            }
            _ => Answer::NotApplicable,
        }),
        Root::Flow => bound.flow.map_or(Answer::NotApplicable, |id| {
            let flow = model.flow(id);
            declared(facts, model, &subject.attribute, &flow.props, &flow.head)
        }),
        Root::Data => bound.datum.map_or(Answer::NotApplicable, |id| {
            let datum = model.datum(id);
            declared(facts, model, &subject.attribute, &datum.props, &datum.head)
        }),
        _ => Answer::NotApplicable,
    }
}

fn of_element<'a>(
    facts: &Facts,
    model: &'a Model,
    element: &'a Element,
    attribute: &Attribute,
    stated: bool,
) -> Answer<'a> {
    match attribute {
        Attribute::Kind => Answer::Values(vec![Value::Word(element.kind.word())]),
        Attribute::Technology if element.technology.is_none() => Answer::NotStated,
        Attribute::Technology => Answer::Technology(element),
        Attribute::Group if stated && element.group.is_none() => Answer::NotStated,
        Attribute::Group => Answer::Groups(groups(model, element).collect()),
        Attribute::Property(path, _) if !takes(element.kind, path) => Answer::NotApplicable,
        _ => declared(facts, model, attribute, &element.props, &element.head),
    }
}

/// Whether elements of a kind have the property at a path.
fn takes(kind: Kind, path: &str) -> bool {
    let first = path.split('.').next().unwrap_or(path);
    ELEMENT.property(first).is_none_or(|p| p.kinds.contains(kind))
}

/// Of anything that is declared: its title, its description, a property or a number.
fn declared<'a>(
    facts: &Facts,
    model: &Model,
    attribute: &Attribute,
    props: &Props,
    head: &crate::model::Declared,
) -> Answer<'a> {
    match attribute {
        Attribute::Title => text(head.title.as_deref()),
        Attribute::Doc => text(Some(&head.doc)),
        Attribute::Property(path, _) => property(props, path),
        Attribute::Number(name) => {
            let graph = &facts.derivation;
            let Some(id) = names::find(model, graph, &eco_format!("{}.{name}", head.name)) else {
                return Answer::NotApplicable;
            };
            match (graph.value(id), graph.need(id)) {
                (Some(_), _) => Answer::Number(id),
                (None, Some(need)) => Answer::Missing(need.into()),
                (None, None) => Answer::NotApplicable,
            }
        }
        _ => Answer::NotApplicable,
    }
}

fn text<'a>(text: Option<&str>) -> Answer<'a> {
    match text {
        Some(text) if !text.is_empty() => Answer::Values(vec![Value::Text(text.into())]),
        _ => Answer::NotStated,
    }
}

/// What stands at a dotted path; a property that is only a word or a block answers `yes`.
fn property<'a>(props: &Props, path: &str) -> Answer<'a> {
    let all: Vec<&Prop> =
        if path.contains('.') { props.at(path).into_iter().collect() } else { props.all(path).collect() };
    if all.is_empty() {
        return Answer::NotStated;
    }
    let values: Vec<Value> = all.iter().flat_map(|p| &p.values).map(|f| f.value.clone()).collect();
    Answer::Values(if values.is_empty() { vec![Value::YesNo(true)] } else { values })
}

/// What a term stands for.
pub(super) enum Wanted<'a> {
    Value(Value),
    Group(Option<GroupId>),
    Technology(Technology),
    Answer(Answer<'a>),
}

/// The value of a term.
pub(super) fn term_values<'a>(
    ctx: &Context<'a>,
    facts: &Facts,
    term: &Term,
    bound: &Bound<'a>,
) -> Wanted<'a> {
    match term {
        Term::Value(value) => Wanted::Value(value.clone()),
        Term::Group(id) => Wanted::Group(*id),
        Term::Technology(technology) => Wanted::Technology(technology.clone()),
        Term::Subject(subject) => Wanted::Answer(answer(ctx, facts, subject, bound, false)),
    }
}

/// Whether an answer compares so. `!=` is exactly the opposite of `==`; what is not stated has no order.
pub(super) fn compares(facts: &Facts, answer: &Answer, op: BinaryOp, wanted: &Wanted) -> bool {
    match op {
        BinaryOp::Equal => equals(facts, answer, wanted),
        BinaryOp::NotEqual => !equals(facts, answer, wanted),
        _ => ordered(facts, answer, op, wanted),
    }
}

fn equals(facts: &Facts, answer: &Answer, wanted: &Wanted) -> bool {
    match (answer, wanted) {
        (Answer::Groups(groups), Wanted::Group(None)) => groups.is_empty(),
        (Answer::Groups(groups), Wanted::Group(Some(id))) => groups.contains(id),
        (Answer::Groups(a), Wanted::Answer(Answer::Groups(b))) => a.first() == b.first(),
        (Answer::Technology(element), Wanted::Technology(technology)) => is_of(element, technology),
        (Answer::Technology(a), Wanted::Answer(Answer::Technology(b))) => {
            a.tech().map(|t| &t.id) == b.tech().map(|t| &t.id)
        }
        (Answer::NotStated, Wanted::Answer(Answer::NotStated)) => true,
        (Answer::Number(_), _) => match (number(facts, answer), limits(facts, wanted)) {
            (Some((value, _)), Some((least, most))) => near(value, least) && near(value, most),
            _ => false,
        },
        _ => {
            let (mine, theirs) = (values(answer), wanted_values(wanted));
            mine.iter().any(|a| theirs.iter().any(|b| same(a, b)))
        }
    }
}

fn values(answer: &Answer) -> Vec<Value> {
    match answer {
        Answer::Values(values) => values.clone(),
        _ => Vec::new(),
    }
}

fn wanted_values(wanted: &Wanted) -> Vec<Value> {
    match wanted {
        Wanted::Value(value) => vec![value.clone()],
        Wanted::Answer(answer) => values(answer),
        _ => Vec::new(),
    }
}

fn same(a: &Value, b: &Value) -> bool {
    let word = |v: &Value| match v {
        Value::Word(w) => Some(EcoString::from(*w)),
        Value::Name(n) | Value::Text(n) => Some(n.clone()),
        _ => None,
    };
    match (a, b) {
        (Value::Quantity(a), Value::Quantity(b)) => near(a.value(), b.value()),
        (Value::YesNo(a), Value::YesNo(b)) => a == b,
        (Value::Entity(a), Value::Entity(b)) => a == b,
        (Value::Date(a), Value::Date(b)) => a == b,
        _ => word(a).is_some() && word(a) == word(b),
    }
}

fn ordered(facts: &Facts, answer: &Answer, op: BinaryOp, wanted: &Wanted) -> bool {
    let Some((low, high)) = number(facts, answer) else { return false };
    let Some((least, most)) = limits(facts, wanted) else { return false };
    // A range such as `4 to 40` keeps a limit where both of its ends do.
    match op {
        BinaryOp::Less => high < least && !near(high, least),
        BinaryOp::LessOrEqual => high < least || near(high, least),
        BinaryOp::Greater => low > most && !near(low, most),
        BinaryOp::GreaterOrEqual => low > most || near(low, most),
        _ => false,
    }
}

/// Least and greatest value of what an answer is compared with.
fn limits(facts: &Facts, wanted: &Wanted) -> Option<(f64, f64)> {
    match wanted {
        Wanted::Value(value) => number_of(value),
        Wanted::Answer(answer) => number(facts, answer),
        _ => None,
    }
}

/// Least and greatest value of an answer.
fn number(facts: &Facts, answer: &Answer) -> Option<(f64, f64)> {
    match answer {
        Answer::Number(id) => facts.value(*id).map(|value| (value, value)),
        Answer::Values(values) => values.iter().find_map(number_of),
        _ => None,
    }
}

fn number_of(value: &Value) -> Option<(f64, f64)> {
    match value {
        Value::Quantity(n) => Some((n.value(), n.value())),
        Value::Range(ends) => Some((ends.0.value(), ends.1.value())),
        _ => None,
    }
}
