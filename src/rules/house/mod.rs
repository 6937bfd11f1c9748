//! Rules of the house: what a team forbids and requires in its own words.
//!
//! `model::lower` has resolved every name; here designs are held against the clauses. What a design
//! does not state breaks a requirement and is never equal to anything; what could not be computed is
//! noted as not evaluated.

mod attributes;
mod say;

use super::{Context, is_named};
use crate::analysis::Facts;
use crate::diagnostic::{Code, Finding, Severity, house_code, language};
use crate::model::house::{Clause, Hop, HouseRule, Over, Root, Selector, Technology, Test, Which};
use crate::model::{DataId, Element, ElementId, FlowId, Model, Operation, Props, Touched};
use crate::source::{SourceMap, Span};
use attributes::{Answer, answer};
use std::collections::BTreeSet;
use std::fmt::Write;

/// What a clause is held against: an element, a step, a flow or a datum.
#[derive(Clone, Copy, Default)]
struct Bound<'a> {
    element: Option<ElementId>,
    step: Option<Call<'a>>,
    flow: Option<FlowId>,
    datum: Option<DataId>,
}

/// A step of a flow, or a relation outside any.
#[derive(Clone, Copy)]
struct Call<'a> {
    from: ElementId,
    to: ElementId,
    arrow: crate::model::Arrow,
    operation: Operation,
    touches: &'a [Touched],
    title: Option<&'a str>,
    doc: &'a str,
    props: &'a Props,
    span: Span,
}

/// The code of each rule of the house, in the order of the model: those of imported files first, so that
/// designs which share a file agree on its codes.
pub fn codes(model: &Model) -> Vec<Option<Code>> {
    let rules = &model.house_rules;
    let mut order: Vec<usize> = (0..rules.len()).collect();
    order.sort_by_key(|i| !rules[*i].head.imported);
    let mut codes = vec![None; rules.len()];
    for (position, index) in order.into_iter().enumerate() {
        codes[index] = house_code(position, &name_of(model, &rules[index]), severity(&rules[index]));
    }
    codes
}

/// The name in kebab case: the short one where no other rule of the house has it.
fn name_of(model: &Model, rule: &HouseRule) -> String {
    let alone = model.house_rules.iter().filter(|r| r.head.short == rule.head.short).count() == 1;
    let name = if alone { &rule.head.short } else { &rule.head.name };
    name.as_str().replace('_', "-").to_lowercase()
}

fn severity(rule: &HouseRule) -> Severity {
    match rule.props.word("severity") {
        Some("error") => Severity::Error,
        Some("info") => Severity::Info,
        _ => Severity::Warning,
    }
}

/// The rule of the house with this code or name, and its code.
pub fn find<'m>(model: &'m Model, name: &str) -> Option<(Code, &'m HouseRule)> {
    let coded = codes(model).into_iter().zip(&model.house_rules);
    coded
        .filter_map(|(code, rule)| Some((code?, rule)))
        .find(|(code, rule)| is_named(*code, name) || rule.head.name == name || rule.head.short == name)
}

/// The page of a rule: its title, its `///` text, its clauses as they are written.
pub fn page(code: Code, rule: &HouseRule, sources: &SourceMap) -> String {
    let mut out = format!("# {}\n\n", code.name);
    for text in [rule.head.title.as_deref().unwrap_or(""), &rule.head.doc] {
        if !text.is_empty() {
            let _ = writeln!(out, "{}\n", text.trim_end());
        }
    }
    out.push_str("## What it says\n\n");
    for clause in &rule.clauses {
        let _ = writeln!(out, "    {}", sources.text(clause.span));
    }
    let _ = write!(
        out,
        "\nA rule of the house, stated at {}. `allow {} \"reason\"` in the declaration that it speaks of accepts what it finds.\n",
        sources.location(rule.head.name_span),
        rule.head.short,
    );
    out
}

/// One line on a rule: its title, else the first line of its text.
pub fn summary(rule: &HouseRule) -> &str {
    let text = rule.head.title.as_deref().unwrap_or(&rule.head.doc);
    text.lines().find(|l| !l.trim().is_empty()).unwrap_or("a rule of the house")
}

/// Rules of the house that take the name of a rule of sysd, which `allow` could then not tell apart.
pub fn clashes(model: &Model) -> Vec<Finding> {
    let taken = model.house_rules.iter().filter(|r| super::page_of(&r.head.short).is_some());
    taken
        .map(|rule| {
            let message = format!("`{}` is the name of a rule of sysd", rule.head.short);
            Finding::new(language::DUPLICATE_NAME, rule.head.name_span, message)
                .help("give the rule of the house another name")
        })
        .collect()
}

/// Everything that the rules of the house find.
pub(super) fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (code, rule) in codes(ctx.model).into_iter().zip(&ctx.model.house_rules) {
        let Some(code) = code else { continue };
        for clause in &rule.clauses {
            let judge = Judge { ctx, facts: ctx.facts(), code, rule, clause };
            findings.extend(judge.findings());
        }
    }
    findings
}

struct Judge<'a, 'c> {
    ctx: &'c Context<'a>,
    facts: &'a Facts,
    code: Code,
    rule: &'c HouseRule,
    clause: &'c Clause,
}

/// How a test fares.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Held {
    Yes,
    No,
    /// It does not apply, or a number that it needs is missing, which was noted.
    Unknown,
}

impl<'a> Judge<'a, '_> {
    fn model(&self) -> &'a Model {
        self.ctx.model
    }

    fn findings(&self) -> Vec<Finding> {
        match &self.clause.over {
            Over::Elements(selectors) => self.over_elements(selectors),
            Over::Steps(Some(hop)) if !self.clause.forbids && self.clause.tests.is_empty() => {
                self.callers(hop)
            }
            Over::Steps(hop) => self.over_calls(hop.as_ref()),
            Over::Flows(named) => {
                let flows = self.model().flows().map(|(id, _)| id);
                let bound = |id| Bound { flow: Some(id), ..Bound::default() };
                flows
                    .filter(|id| named.is_empty() || named.contains(id))
                    .filter_map(|id| self.verdict(bound(id)))
                    .collect()
            }
            Over::Data(named) => {
                let data = (0..self.model().data.len()).map(|i| DataId(i as u32));
                let bound = |id| Bound { datum: Some(id), ..Bound::default() };
                data.filter(|id| named.is_empty() || named.contains(id))
                    .filter_map(|id| self.verdict(bound(id)))
                    .collect()
            }
        }
    }

    fn over_elements(&self, selectors: &[Selector]) -> Vec<Finding> {
        let mut found = Vec::new();
        for (id, element) in self.model().elements() {
            if !selectors.is_empty() && !selects(self.model(), selectors, id) {
                continue;
            }
            let bound = Bound { element: Some(id), ..Bound::default() };
            let held: Vec<DataId> = element.holds().collect();
            found.extend(self.by_datum(bound, &held));
        }
        found
    }

    fn over_calls(&self, hop: Option<&Hop>) -> Vec<Finding> {
        let mut found = Vec::new();
        for (flow, call) in calls(self.model()) {
            if hop.is_some_and(|hop| !fits(self.model(), hop, call)) {
                continue;
            }
            let bound = Bound { step: Some(call), flow, ..Bound::default() };
            let touched: Vec<DataId> = data_of(call.touches).collect();
            found.extend(self.by_datum(bound, &touched));
        }
        found
    }

    /// The first datum that breaks the clause, where it speaks of data; else the thing itself.
    fn by_datum(&self, bound: Bound<'a>, data: &[DataId]) -> Option<Finding> {
        let tests = self.clause.tests.iter().chain(&self.clause.given);
        if tests.flat_map(Test::subjects).all(|subject| subject.root != Root::Data) {
            return self.verdict(bound);
        }
        data.iter().find_map(|id| self.verdict(Bound { datum: Some(*id), ..bound }))
    }

    /// `require A -> B`: whoever of A makes no such call.
    fn callers(&self, hop: &Hop) -> Vec<Finding> {
        let mut callers = BTreeSet::new();
        for (flow, call) in calls(self.model()).filter(|(_, call)| fits(self.model(), hop, *call)) {
            let bound = Bound { step: Some(call), flow, ..Bound::default() };
            if self.holds_all(&self.clause.given, bound) == Held::Yes {
                callers.insert(call.from);
            }
        }
        let elements = self.model().elements().map(|(id, _)| id);
        let without = elements.filter(|id| selects(self.model(), &hop.from, *id) && !callers.contains(id));
        without
            .map(|id| {
                let what =
                    format!("`{}` makes no call `{}`", self.ctx.name(id), say::pattern(self.model(), hop));
                self.finding(self.model().element(id).head.name_span, &what, &[]).subject(self.ctx.name(id))
            })
            .collect()
    }

    /// The finding, where the clause is broken.
    fn verdict(&self, bound: Bound<'a>) -> Option<Finding> {
        if self.holds_all(&self.clause.given, bound) != Held::Yes {
            return None;
        }
        if self.clause.forbids {
            let broken = self.holds_all(&self.clause.tests, bound) == Held::Yes;
            return broken.then(|| self.broken(bound, None));
        }
        let broken = self.clause.tests.iter().find(|t| self.holds(t, bound) == Held::No)?;
        Some(self.broken(bound, Some(broken)))
    }

    fn holds_all(&self, tests: &[Test], bound: Bound<'a>) -> Held {
        let mut all = Held::Yes;
        for test in tests {
            match self.holds(test, bound) {
                Held::Yes => {}
                Held::No => return Held::No,
                Held::Unknown => all = Held::Unknown,
            }
        }
        all
    }

    fn holds(&self, test: &Test, bound: Bound<'a>) -> Held {
        let of = |held: bool| if held { Held::Yes } else { Held::No };
        let subject = test.subject();
        let answer = answer(self.ctx, self.facts, subject, &bound, matches!(test, Test::Stated(_)));
        if let Answer::Missing(need) = &answer {
            let what = format!("rule {} for {}", self.code.name, say::thing(self.ctx, &bound));
            self.ctx.lacks(what, need.clone());
        }
        match (test, answer) {
            (_, Answer::Missing(_) | Answer::NotApplicable) => Held::Unknown,
            (Test::Stated(_), Answer::NotStated) => Held::No,
            (Test::Stated(_), _) => Held::Yes,
            (Test::Compare(_, op, term), answer) => {
                let terms = attributes::term_values(self.ctx, self.facts, term, &bound);
                of(attributes::compares(self.facts, &answer, *op, &terms))
            }
            (Test::OneOf(_, terms), answer) => of(terms.iter().any(|term| {
                let terms = attributes::term_values(self.ctx, self.facts, term, &bound);
                attributes::compares(self.facts, &answer, crate::syntax::BinaryOp::Equal, &terms)
            })),
        }
    }

    fn broken(&self, bound: Bound<'a>, test: Option<&Test>) -> Finding {
        let (place, subject, flow) = say::place(self.ctx, &bound, test);
        let thing = say::thing(self.ctx, &bound);
        let what = match test {
            Some(test) => say::requirement(self.ctx, self.facts, test, &bound),
            None => format!("{thing} is forbidden"),
        };
        let mut notes = Vec::new();
        let said = test.map(|t| t.subject().span);
        let subjects = self.clause.tests.iter().chain(&self.clause.given).flat_map(Test::subjects);
        for subject in subjects.filter(|s| Some(s.span) != said) {
            notes.push(say::fact(self.ctx, self.facts, subject, &bound));
        }
        let mut finding = self.finding(place, &what, &notes);
        finding.subject = subject;
        finding.flow = flow;
        finding
    }

    fn finding(&self, place: Span, what: &str, notes: &[String]) -> Finding {
        let says = match &self.rule.head.title {
            Some(title) => format!("{what}: {title}"),
            None => format!("{what}: rule `{}`", self.rule.head.short),
        };
        let mut finding = Finding::new(self.code, place, says)
            .related(self.clause.span, format!("the rule of the house `{}`", self.rule.head.short))
            .help(format!(
                "change the design, or accept it where it stands: `allow {} \"reason\"`",
                self.rule.head.short
            ));
        for note in notes {
            if !finding.notes.contains(note) {
                finding.notes.push(note.clone());
            }
        }
        finding
    }
}

/// Every step of every flow, and every relation.
fn calls(model: &Model) -> impl Iterator<Item = (Option<FlowId>, Call<'_>)> {
    let steps = model.flows().flat_map(|(id, flow)| {
        flow.steps.iter().map(move |s| {
            let call = Call {
                from: s.from,
                to: s.to,
                arrow: s.arrow,
                operation: s.operation,
                touches: &s.touches,
                title: s.title.as_deref(),
                doc: &s.doc,
                props: &s.props,
                span: s.span,
            };
            (Some(id), call)
        })
    });
    let relations = model.relations.iter().map(|r| {
        let call = Call {
            from: r.from,
            to: r.to,
            arrow: r.arrow,
            operation: r.operation,
            touches: &r.touches,
            title: r.title.as_deref(),
            doc: "",
            props: &r.props,
            span: r.span,
        };
        (None, call)
    });
    steps.chain(relations)
}

fn data_of(touches: &[Touched]) -> impl Iterator<Item = DataId> + '_ {
    touches.iter().filter_map(|t| match t {
        Touched::Data(id) => Some(*id),
        Touched::Label(..) => None,
    })
}

fn fits(model: &Model, hop: &Hop, call: Call) -> bool {
    hop.arrow == call.arrow
        && (hop.operations.is_empty() || hop.operations.contains(&call.operation))
        && selects(model, &hop.from, call.from)
        && selects(model, &hop.to, call.to)
}

/// Whether one of the selectors takes an element.
fn selects(model: &Model, selectors: &[Selector], id: ElementId) -> bool {
    let element = model.element(id);
    selectors.iter().any(|selector| {
        let technology = selector.technology.as_ref().is_none_or(|t| is_of(element, t));
        technology
            && match &selector.which {
                Which::Any => true,
                Which::Kind(kind) => element.kind == *kind,
                Which::Archetype(name) => element.keyword == *name,
                Which::Element(other) => *other == id,
                Which::Technology(technology) => is_of(element, technology),
                Which::Group(group) => attributes::groups(model, element).any(|g| g == *group),
            }
    })
}

/// Whether an element is of a technology, or of a class of them.
fn is_of(element: &Element, technology: &Technology) -> bool {
    element.tech().is_some_and(|own| match technology {
        Technology::Id(id) => own.id == id.as_str(),
        Technology::Class(class) => own.is(*class),
    })
}
