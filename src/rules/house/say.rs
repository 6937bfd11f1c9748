//! Sentences and places of what a rule of the house finds.

use super::attributes::{Answer, answer};
use super::{Bound, Context};
use crate::analysis::derivation::show;
use crate::analysis::{Facts, Unit};
use crate::model::house::{Attribute, Hop, Root, Selector, Subject, Technology, Term, Test, Which};
use crate::model::{Model, Value};
use crate::source::Span;
use crate::syntax::BinaryOp;
use crate::words;

/// What a clause is held against, as a reader knows it: `api`, `api -> posts`.
pub(super) fn thing(ctx: &Context, bound: &Bound) -> String {
    let datum = |text: String| match bound.datum {
        Some(id) => format!("{text} with `{}`", ctx.model.datum(id).head.name),
        None => text,
    };
    if let Some(call) = bound.step {
        return datum(format!("`{} {} {}`", ctx.name(call.from), call.arrow.symbol(), ctx.name(call.to)));
    }
    match (bound.element, bound.flow, bound.datum) {
        (Some(id), _, _) => datum(format!("`{}`", ctx.name(id))),
        (_, Some(id), _) => format!("`{}`", ctx.model.flow(id).head.name),
        (_, _, Some(id)) => format!("`{}`", ctx.model.datum(id).head.name),
        _ => String::new(),
    }
}

/// Where a finding stands, what it is about and in which flow it shows.
pub(super) fn place(
    ctx: &Context,
    bound: &Bound,
    test: Option<&Test>,
) -> (Span, Option<String>, Option<String>) {
    let model = ctx.model;
    let flow = bound.flow.map(|id| model.flow(id).head.name.to_string());
    let path = test.and_then(|t| match &t.subject().attribute {
        Attribute::Property(path, _) | Attribute::Number(path) => Some(path.as_str()),
        _ => None,
    });
    let stated =
        |props: &crate::model::Props, name: Span| path.and_then(|p| props.at(p)).map_or(name, |p| p.span);
    if let Some(call) = bound.step {
        let own = test.is_some_and(|t| t.subject().root == Root::Step);
        let span = if own { stated(call.props, call.span) } else { call.span };
        return (span, Some(ctx.name(call.from).to_string()), flow);
    }
    if let Some(id) = bound.element {
        let element = model.element(id);
        return (stated(&element.props, element.head.name_span), Some(element.head.name.to_string()), None);
    }
    if let Some(id) = bound.flow {
        let head = &model.flow(id).head;
        return (stated(&model.flow(id).props, head.name_span), Some(head.name.to_string()), flow);
    }
    match bound.datum {
        Some(id) => {
            let datum = model.datum(id);
            (stated(&datum.props, datum.head.name_span), Some(datum.head.name.to_string()), None)
        }
        None => (model.system.head.span, None, None),
    }
}

/// What is required and what is: `` `api.owner` is required and not stated ``.
pub(super) fn requirement(ctx: &Context, facts: &Facts, test: &Test, bound: &Bound) -> String {
    let subject = test.subject();
    let name = full_name(ctx, subject, bound);
    let is = value(ctx, facts, subject, bound);
    let unit = unit_of(ctx, facts, subject, bound);
    let limit = |wanted: &Term| match (wanted, unit) {
        (Term::Value(Value::Quantity(n)), Some(unit)) => show(n.value(), unit),
        _ => term(ctx, facts, wanted, bound),
    };
    let wanted = match test {
        Test::Stated(_) => return format!("{name} is required and not stated"),
        Test::OneOf(_, terms) => {
            let terms: Vec<String> = terms.iter().map(|t| term(ctx, facts, t, bound)).collect();
            words::alternatives(&terms)
        }
        Test::Compare(_, op, wanted) => {
            let wanted = limit(wanted);
            match op {
                BinaryOp::Equal => format!("`{wanted}`"),
                BinaryOp::NotEqual => format!("anything but `{wanted}`"),
                BinaryOp::LessOrEqual => format!("at most {wanted}"),
                BinaryOp::GreaterOrEqual => format!("at least {wanted}"),
                BinaryOp::Less => format!("less than {wanted}"),
                _ => format!("more than {wanted}"),
            }
        }
    };
    format!("{name} is {is}, and {wanted} is required")
}

/// A call as a clause writes it: `service -> topic publish`.
pub(super) fn pattern(model: &Model, hop: &Hop) -> String {
    let side = |selectors: &[Selector]| {
        let words: Vec<String> = selectors.iter().map(|s| selector(model, s)).collect();
        if let [only] = words.as_slice() { only.clone() } else { format!("[{}]", words.join(" ")) }
    };
    let mut text = format!("{} {} {}", side(&hop.from), hop.arrow.symbol(), side(&hop.to));
    for operation in &hop.operations {
        text.push(' ');
        text.push_str(operation.word());
    }
    text
}

fn selector(model: &Model, selector: &Selector) -> String {
    let which = match &selector.which {
        Which::Any => "element".to_string(),
        Which::Kind(kind) => kind.word().to_string(),
        Which::Archetype(name) => name.to_string(),
        Which::Group(id) => model.group(*id).head.name.to_string(),
        Which::Element(id) => model.element(*id).head.name.to_string(),
        Which::Technology(technology) => technology_word(technology),
    };
    match &selector.technology {
        Some(technology) => format!("{which}: {}", technology_word(technology)),
        None => which,
    }
}

fn technology_word(technology: &Technology) -> String {
    match technology {
        Technology::Id(id) => crate::catalog::fold(id),
        Technology::Class(class) => class.token().to_string(),
    }
}

/// What a subject is, as a note.
pub(super) fn fact(ctx: &Context, facts: &Facts, subject: &Subject, bound: &Bound) -> String {
    format!("{} is {}", full_name(ctx, subject, bound), value(ctx, facts, subject, bound))
}

/// `` `api.owner` ``, `` `encrypted` of `api -> ledger` ``.
fn full_name(ctx: &Context, subject: &Subject, bound: &Bound) -> String {
    let what = subject.text.split_once('.').map_or(subject.text.as_str(), |(_, what)| what);
    let owner = match subject.root {
        Root::Element => bound.element.map(|id| ctx.name(id)),
        Root::Source => bound.step.map(|s| ctx.name(s.from)),
        Root::Target => bound.step.map(|s| ctx.name(s.to)),
        Root::Flow => bound.flow.map(|id| ctx.model.flow(id).head.name.as_str()),
        Root::Data => bound.datum.map(|id| ctx.model.datum(id).head.name.as_str()),
        Root::Step => {
            let step = Bound { datum: None, ..*bound };
            return format!("`{what}` of {}", thing(ctx, &step));
        }
    };
    format!("`{}.{what}`", owner.unwrap_or_default())
}

/// The unit of a computed number, so that a limit is printed as the number is.
fn unit_of(ctx: &Context, facts: &Facts, subject: &Subject, bound: &Bound) -> Option<Unit> {
    match answer(ctx, facts, subject, bound, false) {
        Answer::Number(id) => Some(facts.derivation.fact(id).unit),
        _ => None,
    }
}

fn value(ctx: &Context, facts: &Facts, subject: &Subject, bound: &Bound) -> String {
    match answer(ctx, facts, subject, bound, false) {
        Answer::Values(values) => {
            let all: Vec<String> = values.iter().map(|v| ctx.model.shown(v)).collect();
            let text = all.join(" ");
            let number = values.iter().any(|v| matches!(v, Value::Quantity(_) | Value::Range(..)));
            if number { text } else { format!("`{text}`") }
        }
        Answer::Number(id) => facts.derivation.show(id),
        Answer::Groups(groups) => match groups.first() {
            Some(id) => format!("`{}`", ctx.model.group(*id).head.name),
            None => "no group".to_string(),
        },
        Answer::Technology(element) => {
            format!("`{}`", element.technology.as_ref().map_or("", |(name, _)| name.as_str()))
        }
        Answer::NotStated => "not stated".to_string(),
        Answer::NotApplicable => "nothing that it has".to_string(),
        Answer::Missing(need) => format!("not evaluated: needs {need}"),
    }
}

fn term(ctx: &Context, facts: &Facts, term: &Term, bound: &Bound) -> String {
    match term {
        Term::Value(value) => ctx.model.shown(value),
        Term::Group(None) => "none".to_string(),
        Term::Group(Some(id)) => ctx.model.group(*id).head.name.to_string(),
        Term::Technology(technology) => technology_word(technology),
        Term::Subject(subject) => value(ctx, facts, subject, bound).trim_matches('`').to_string(),
    }
}
