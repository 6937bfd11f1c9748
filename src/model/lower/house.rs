//! Rules of the house: clauses with their patterns and tests, every name resolved.

use super::collect::statement;
use super::names::{Found, Space};
use super::values::Context;
use super::{Lowerer, Pending};
use crate::catalog::{Catalog, Class, fold};
use crate::diagnostic::{Finding, language};
use crate::model::house::{
    Attribute, Clause, Hop, HouseRule, Over, Root, Selector, Subject, Technology, Term, Test, Which,
};
use crate::model::{Declared, Entity, Operation, Value};
use crate::schema::{
    ELEMENT, ELEMENT_KEYWORDS, ELEMENT_NUMBERS, FLOW, FLOW_NUMBERS, Kind, Measure, Number, OPERATIONS,
    Property, STEP, Scope, Statement, Type,
};
use crate::source::Span;
use crate::syntax::{Arg, BinaryOp, Expr, ExprKind, Item, Name, Path};
use crate::words;
use ecow::EcoString;

/// How many rules a design may have: their codes have three digits.
const MOST_RULES: usize = 999;

/// Properties that reports print as a computed number of the same name, also where the design leaves them to a
/// default or to the catalogue: a comparison reads that number.
const COMPUTED: [&str; 5] = ["availability", "capacity", "cost", "hit", "replicas"];

const EXAMPLE: &str = "require element.owner for service store";

/// The parts of a clause behind its first word.
struct Parts<'t> {
    main: &'t [Arg],
    over: Option<&'t [Arg]>,
    given: Option<&'t [Arg]>,
}

impl<'t> Lowerer<'t> {
    pub(super) fn lower_rule(
        &mut self,
        pending: Pending<'t>,
        statement: &'static Statement,
        declared: Declared,
    ) {
        let Some(scope) = statement.block else { return };
        let items = pending.item.block.as_ref().map_or(&[][..], |b| &b.items);
        let is_clause = |item: &Item| {
            matches!(item.args.first().and_then(Arg::value).and_then(Expr::word), Some("forbid" | "require"))
        };
        let owner = super::props::Owner::of(scope, Some(&declared.name), pending.item.span);
        let props = self.props(items, owner, pending, &is_clause);
        let written: Vec<&'t Item> = items.iter().filter(|i| is_clause(i)).collect();
        if written.is_empty() {
            let finding = Finding::new(
                language::MISSING_ARGUMENT,
                pending.item.header(),
                format!("rule `{}` needs a `forbid` or `require`", declared.name),
            );
            self.report(finding.help(format!("write it as in `{}`", statement.example)));
        }
        if self.model.house_rules.len() == MOST_RULES {
            let finding = Finding::new(
                language::LIMIT_EXCEEDED,
                pending.item.header(),
                format!("a design has at most {MOST_RULES} rules of its own"),
            );
            return self.report(finding.help("join clauses that belong together into one rule"));
        }
        let clauses = written.into_iter().filter_map(|item| self.clause(item, pending)).collect();
        self.model.house_rules.push(HouseRule { head: declared, props, clauses });
    }

    fn clause(&mut self, item: &'t Item, pending: Pending<'t>) -> Option<Clause> {
        if item.args.iter().any(|a| matches!(a, Arg::Hole(_))) {
            return None;
        }
        let forbids = item.key() == Some("forbid");
        let parts = self.parts(item)?;
        let given = match parts.given {
            Some(args) => self.tests(args, pending)?,
            None => Vec::new(),
        };
        let is_pattern = parts.main.iter().any(|a| matches!(a, Arg::Arrow(..)));
        if let (true, Some(over)) = (is_pattern, parts.over) {
            self.misplaced(span_of(over).unwrap_or(item.span), "`for` follows a condition, not a call");
            return None;
        }
        // `forbid mongodb` names what is forbidden; everything else without an arrow is a condition.
        let names_elements = forbids
            && parts.over.is_none()
            && !parts.main.first().is_some_and(|a| self.begins_test(a, pending));
        let (tests, pattern) = if is_pattern || names_elements {
            (Vec::new(), Some(parts.main))
        } else {
            (self.tests(parts.main, pending)?, parts.over)
        };
        let over = self.over(pattern, tests.iter().chain(&given), item, pending)?;
        Some(Clause { forbids, over, tests, given, span: item.header() })
    }

    /// Whether a clause goes on with a condition, not with the names of elements.
    fn begins_test(&self, arg: &Arg, pending: Pending) -> bool {
        let Some(expr) = arg.value() else { return false };
        let names_nothing = |path: &Path| {
            let found = self.names.find(Space::Things, &path.text(), &self.scopes[pending.scope]);
            path.names.len() > 1 && matches!(found, Found::None)
        };
        expr.is_condition() || expr.path().is_some_and(names_nothing)
    }

    fn misplaced(&mut self, span: Span, message: &str) {
        let finding = Finding::new(language::MISPLACED_ITEM, span, message);
        self.report(finding.help(format!("write it as in `{EXAMPLE}` or `forbid actor -> store`")));
    }

    /// Takes a clause apart at `for` and `where`.
    fn parts(&mut self, item: &'t Item) -> Option<Parts<'t>> {
        let args = item.args.get(1..).unwrap_or(&[]);
        let at = |word: &str| args.iter().position(|a| a.value().and_then(Expr::word) == Some(word));
        let (over, given) = (at("for"), at("where"));
        if let (Some(over), Some(given)) = (over, given)
            && given < over
        {
            self.misplaced(args[over].span(), "`for` stands before `where`");
            return None;
        }
        let end = |at: Option<usize>| at.unwrap_or(args.len());
        let parts = Parts {
            main: &args[..end(over.or(given))],
            over: over.map(|o| &args[o + 1..end(given)]),
            given: given.map(|g| &args[g + 1..]),
        };
        let key = item.key().unwrap_or("require");
        for (word, part) in [(key, Some(parts.main)), ("for", parts.over), ("where", parts.given)] {
            if part.is_some_and(<[Arg]>::is_empty) {
                let finding = Finding::new(
                    language::MISSING_ARGUMENT,
                    item.header(),
                    format!("nothing stands behind `{word}`"),
                );
                self.report(finding.help(format!("write it as in `{EXAMPLE}` or `forbid actor -> store`")));
                return None;
            }
        }
        Some(parts)
    }

    /// What a clause speaks of: its pattern, else whatever its tests name.
    fn over<'c>(
        &mut self,
        pattern: Option<&'t [Arg]>,
        tests: impl Iterator<Item = &'c Test>,
        item: &'t Item,
        pending: Pending<'t>,
    ) -> Option<Over> {
        let subjects: Vec<&Subject> = tests.map(Test::subject).collect();
        let roots: Vec<Root> = subjects.iter().map(|s| s.root).collect();
        let has = |root| roots.contains(&root);
        let steps = has(Root::Step) || has(Root::Source) || has(Root::Target);
        let arrow = pattern.is_some_and(|p| p.iter().any(|a| matches!(a, Arg::Arrow(..))));
        if (steps || arrow) && has(Root::Element) {
            let span = subjects.iter().find(|s| s.root == Root::Element).map_or(item.span, |s| s.span);
            self.misplaced(span, "a step has a `source` and a `target`, and no `element`");
            return None;
        }
        if arrow {
            return Some(Over::Steps(Some(self.hop(pattern?, pending)?)));
        }
        if steps {
            if let Some(args) = pattern {
                let span = span_of(args).unwrap_or(item.span);
                self.misplaced(span, "a rule about steps is for a call, as in `for service -> store`");
                return None;
            }
            return Some(Over::Steps(None));
        }
        if has(Root::Flow) && !has(Root::Element) {
            let flows = self.named(pattern, Space::Things, "a flow", pending, |e| match e {
                Entity::Flow(id) => Some(id),
                _ => None,
            })?;
            return Some(Over::Flows(flows));
        }
        if has(Root::Data) && !has(Root::Element) {
            let data = self.named(pattern, Space::Data, "a datum", pending, |e| match e {
                Entity::Data(id) => Some(id),
                _ => None,
            })?;
            return Some(Over::Data(data));
        }
        match pattern {
            Some(args) => self.selectors(args, pending).map(Over::Elements),
            None => Some(Over::Elements(Vec::new())),
        }
    }

    /// Flows or data that a `for` names.
    fn named<T>(
        &mut self,
        pattern: Option<&'t [Arg]>,
        space: Space,
        expected: &str,
        pending: Pending<'t>,
        pick: impl Fn(Entity) -> Option<T>,
    ) -> Option<Vec<T>> {
        let mut found = Vec::new();
        for expr in pattern.into_iter().flatten().filter_map(Arg::value).flat_map(listed) {
            let Some(path) = expr.path() else {
                self.misplaced(expr.span, "`for` is followed by names");
                return None;
            };
            found.push(pick(self.resolve(path, space, pending, expected, |e| pick(e).is_some())?)?);
        }
        Some(found)
    }

    /// `actor -> store: mysql write`.
    fn hop(&mut self, args: &'t [Arg], pending: Pending<'t>) -> Option<Hop> {
        let at = args.iter().position(|a| matches!(a, Arg::Arrow(..)))?;
        let Arg::Arrow(arrow, _) = args[at] else { return None };
        let from = self.selectors(&args[..at], pending)?;
        let behind = &args[at + 1..];
        if behind.is_empty() {
            // The parser has said that a name is missing.
            return None;
        }
        let is_operation = |a: &Arg| a.value().and_then(Expr::word).and_then(Operation::of).is_some();
        let end = behind.iter().position(is_operation).unwrap_or(behind.len());
        if let Some(Arg::Arrow(_, span)) = behind.iter().find(|a| matches!(a, Arg::Arrow(..))) {
            self.misplaced(*span, "a rule speaks of one call, with one arrow");
            return None;
        }
        let to = self.selectors(&behind[..end], pending)?;
        let mut operations = Vec::new();
        for expr in behind[end..].iter().filter_map(Arg::value) {
            if let Some(operation) = expr.word().and_then(Operation::of) {
                operations.push(operation);
                continue;
            }
            let known: Vec<&str> = OPERATIONS.iter().map(|o| o.word).collect();
            let finding = Finding::new(
                language::WRONG_TYPE,
                expr.span,
                format!("behind the target stand operations: {}", words::alternatives(&known)),
            );
            self.report(finding.help("data are chosen by a condition, as in `where data.class == personal`"));
            return None;
        }
        Some(Hop { from, arrow, to, operations })
    }

    /// Words and lists of words, each perhaps with a technology: `service store: mysql`.
    fn selectors(&mut self, args: &'t [Arg], pending: Pending<'t>) -> Option<Vec<Selector>> {
        let mut found: Vec<Selector> = Vec::new();
        for arg in args {
            match arg {
                Arg::Technology(name) => {
                    let technology = self.rule_technology(name)?;
                    if let Some(last) = found.last_mut() {
                        last.technology = Some(technology);
                    }
                }
                Arg::Value(expr) => {
                    for inner in listed(expr) {
                        let which = self.which(inner, pending)?;
                        found.push(Selector { which, technology: None });
                    }
                }
                other => {
                    self.misplaced(other.span(), "a name or a kind of elements stands here");
                    return None;
                }
            }
        }
        if found.is_empty() {
            self.misplaced(span_of(args).unwrap_or(pending.item.span), "a rule names elements here");
            return None;
        }
        Some(found)
    }

    /// What a word selects: a kind, an archetype, a declared name, a technology or a class of them.
    fn which(&mut self, expr: &Expr, pending: Pending<'t>) -> Option<Which> {
        let Some(path) = expr.path() else {
            self.misplaced(expr.span, "a name or a kind of elements stands here");
            return None;
        };
        let text = path.text();
        if text == "element" {
            return Some(Which::Any);
        }
        if let Some(kind) = Kind::of(&text) {
            return Some(Which::Kind(kind));
        }
        if self.archetypes.contains_key(&text) {
            return Some(Which::Archetype(text));
        }
        let known = match self.names.find(Space::Things, &text, &self.scopes[pending.scope]) {
            Found::One(entry) => Some(entry.entity),
            Found::Several(_) => {
                self.resolve(path, Space::Things, pending, "an element or group", |_| true)?;
                return None;
            }
            Found::None => None,
        };
        match known {
            Some(Entity::Element(id)) => return Some(Which::Element(id)),
            Some(Entity::Group(id)) => return Some(Which::Group(id)),
            _ => {}
        }
        if let Some(technology) = self.technology_named(&text) {
            return Some(Which::Technology(technology));
        }
        let mut finding = Finding::new(
            language::UNKNOWN_NAME,
            expr.span,
            format!("`{text}` is no kind, group, element or technology"),
        );
        let is_thing = |e| matches!(e, Entity::Element(_) | Entity::Group(_));
        let mut candidates = self.element_words();
        candidates.extend(self.names.candidates(Space::Things, is_thing));
        for name in Catalog::builtin().names() {
            candidates.push(name);
        }
        finding.help = words::did_you_mean(&text, candidates)
            .or_else(|| Some("name a kind such as `service`, a group, an element or a technology".into()));
        self.report(finding);
        None
    }

    fn technology_named(&self, name: &str) -> Option<Technology> {
        let folded = EcoString::from(fold(name));
        if self.technologies.contains_key(&folded) {
            return Some(Technology::Id(name.into()));
        }
        if let Some(entry) = Catalog::builtin().entry(name) {
            return Some(Technology::Id(entry.id.into()));
        }
        Class::parse(name).map(Technology::Class)
    }

    fn rule_technology(&mut self, name: &Name) -> Option<Technology> {
        let found = self.technology_named(&name.text);
        if found.is_none() {
            self.report_unknown_technology(name);
        }
        found
    }

    /// Tests joined by `and`.
    fn tests(&mut self, args: &'t [Arg], pending: Pending<'t>) -> Option<Vec<Test>> {
        let mut tests = Vec::new();
        let mut rest = args;
        while let Some((first, tail)) = rest.split_first() {
            let (test, tail) = self.test(first, tail, pending)?;
            tests.push(test);
            rest = tail;
            match rest.split_first() {
                None => {}
                Some((and, tail)) if and.value().and_then(Expr::word) == Some("and") && !tail.is_empty() => {
                    rest = tail;
                }
                Some((other, _)) => {
                    self.misplaced(other.span(), "conditions are joined by `and`");
                    return None;
                }
            }
        }
        Some(tests)
    }

    /// One test and what follows it.
    fn test(&mut self, first: &'t Arg, tail: &'t [Arg], pending: Pending<'t>) -> Option<(Test, &'t [Arg])> {
        let Some(expr) = first.value() else {
            self.misplaced(first.span(), "a condition stands here");
            return None;
        };
        if let ExprKind::Binary(op, left, right) = &expr.kind
            && op.compares()
        {
            let Some(path) = left.path() else {
                self.misplaced(left.span, "a condition begins with what it is about, as in `element.owner`");
                return None;
            };
            let subject = self.subject(path, true)?;
            let term = self.term(&subject, *op, right, pending)?;
            return Some((Test::Compare(subject, *op, term), tail));
        }
        let Some(path) = expr.path() else {
            self.misplaced(
                expr.span,
                "a condition stands here, as in `element.owner` or `step.timeout <= 2s`",
            );
            return None;
        };
        let list = match tail {
            [word, list, ..] if word.value().and_then(Expr::word) == Some("in") => Some(list),
            _ => None,
        };
        let Some(list) = list else { return Some((Test::Stated(self.subject(path, false)?), tail)) };
        let subject = self.subject(path, true)?;
        let items: Vec<&'t Expr> = list.value().map(|e| listed(e).collect()).unwrap_or_default();
        if items.is_empty() {
            self.misplaced(list.span(), "`in` is followed by a list, as in `in [tls mtls]`");
            return None;
        }
        let terms: Option<Vec<Term>> =
            items.into_iter().map(|item| self.term(&subject, BinaryOp::Equal, item, pending)).collect();
        Some((Test::OneOf(subject, terms?), &tail[2..]))
    }

    /// `source.group`, `element.utilization.peak`.
    fn subject(&mut self, path: &Path, compared: bool) -> Option<Subject> {
        let (first, rest) = path.names.split_first()?;
        let Some((_, root)) = Root::WORDS.iter().find(|(word, _)| *word == first.text) else {
            let roots = Root::WORDS.map(|(word, _)| word);
            let mut finding = Finding::new(
                language::UNKNOWN_NAME,
                first.span,
                format!(
                    "a rule speaks of {}, and `{}` is none of them",
                    words::alternatives(&roots),
                    first.text
                ),
            );
            finding.help = words::did_you_mean(&first.text, roots)
                .or_else(|| Some("write it as in `element.owner` or `step.timeout`".to_string()));
            self.report(finding);
            return None;
        };
        if rest.is_empty() {
            self.misplaced(
                path.span,
                &format!("a condition says what of `{0}`, as in `{0}.owner`", first.text),
            );
            return None;
        }
        let attribute = self.attribute(*root, rest, compared)?;
        Some(Subject { root: *root, attribute, text: path.text(), span: path.span })
    }

    fn attribute(&mut self, root: Root, names: &[Name], compared: bool) -> Option<Attribute> {
        let text = joined(names);
        let is_element = matches!(root, Root::Element | Root::Source | Root::Target);
        match (is_element, text.as_str()) {
            (true, "kind") => return Some(Attribute::Kind),
            (true, "technology") => return Some(Attribute::Technology),
            (true, "group") => return Some(Attribute::Group),
            (false, "operation") if root == Root::Step => return Some(Attribute::Operation),
            (_, "title") => return Some(Attribute::Title),
            (_, "doc") => return Some(Attribute::Doc),
            _ => {}
        }
        let (scope, numbers): (&'static Scope, &'static [Number]) = match root {
            Root::Element | Root::Source | Root::Target => (&ELEMENT, ELEMENT_NUMBERS),
            Root::Flow => (&FLOW, FLOW_NUMBERS),
            Root::Step => (&STEP, &[]),
            Root::Data => (statement("data").and_then(|s| s.block)?, &[]),
        };
        if compared && is_element && COMPUTED.contains(&text.as_str()) {
            return Some(Attribute::Number(text));
        }
        if let Some(property) = property_at(scope, names) {
            return Some(Attribute::Property(text, property));
        }
        if numbers.iter().any(|n| n.name == text) {
            return Some(Attribute::Number(text));
        }
        self.report_no_attribute(root, scope, numbers, names);
        None
    }

    fn report_no_attribute(
        &mut self,
        root: Root,
        scope: &'static Scope,
        numbers: &'static [Number],
        names: &[Name],
    ) {
        let Some((first, last)) = names.first().zip(names.last()) else { return };
        let text = joined(names);
        let what = match root {
            Root::Element | Root::Source | Root::Target => "an element",
            Root::Flow => "a flow",
            Root::Step => "a step",
            Root::Data => "a datum",
        };
        let mut finding = Finding::new(
            language::UNKNOWN_PROPERTY,
            first.span.to(last.span),
            format!("{what} has neither a property nor a computed number `{text}`"),
        );
        let mut known: Vec<String> = scope.properties.iter().map(|p| p.key.to_string()).collect();
        if let Some(block) = scope.property(&first.text).and_then(|p| p.block) {
            known.extend(block.properties.iter().map(|p| format!("{}.{}", first.text, p.key)));
        }
        known.extend(numbers.iter().map(|n| n.name.to_string()));
        known.extend(["kind", "technology", "group", "title", "doc"].map(String::from));
        finding.help = words::did_you_mean(&text, known.iter().map(String::as_str))
            .or_else(|| Some("the language reference lists properties and numbers".to_string()));
        self.report(finding);
    }

    /// What stands on the other side of a comparison.
    fn term(
        &mut self,
        subject: &Subject,
        op: BinaryOp,
        expr: &'t Expr,
        pending: Pending<'t>,
    ) -> Option<Term> {
        if let Some(path) = expr.path()
            && path.names.len() > 1
            && Root::WORDS.iter().any(|(word, _)| *word == path.names[0].text)
        {
            return self.subject(path, true).map(Term::Subject);
        }
        let at = Context { key: "rule", example: EXAMPLE, pending };
        let ordered = !matches!(op, BinaryOp::Equal | BinaryOp::NotEqual);
        if ordered && !is_number(&subject.attribute) {
            self.misplaced(
                subject.span,
                &format!("`{}` is no number: compare it by `==` or `!=`", subject.text),
            );
            return None;
        }
        match &subject.attribute {
            Attribute::Kind => {
                let kind = expr.word().and_then(Kind::of);
                if kind.is_none() {
                    let kinds: Vec<&str> = ELEMENT_KEYWORDS.iter().map(|k| k.word).collect();
                    return self.unknown_word(expr, "a kind of elements", &kinds);
                }
                kind.map(|k| Term::Value(Value::Word(k.word())))
            }
            Attribute::Technology => {
                let path = expr.path()?;
                let name = Name { text: path.text(), span: path.span };
                self.rule_technology(&name).map(Term::Technology)
            }
            Attribute::Group => {
                if expr.word() == Some("none") {
                    return Some(Term::Group(None));
                }
                let found =
                    self.entity(expr, Space::Things, at, "a group", |e| matches!(e, Entity::Group(_)))?;
                match found {
                    Value::Entity(Entity::Group(id)) => Some(Term::Group(Some(id))),
                    _ => None,
                }
            }
            Attribute::Operation => {
                let operation = expr.word().and_then(Operation::of);
                if operation.is_none() {
                    let known: Vec<&str> = OPERATIONS.iter().map(|o| o.word).collect();
                    return self.unknown_word(expr, "an operation", &known);
                }
                operation.map(|o| Term::Value(Value::Word(o.word())))
            }
            Attribute::Title | Attribute::Doc => self.value(expr, Type::Text, at).map(Term::Value),
            Attribute::Number(name) => {
                let numbers = ELEMENT_NUMBERS.iter().chain(FLOW_NUMBERS);
                let measure = numbers.into_iter().find(|n| n.name == name.as_str()).map(|n| n.measure);
                self.scalar(expr, measure.unwrap_or(Measure::Any), at)
                    .map(|s| Term::Value(Value::Quantity(s)))
            }
            Attribute::Property(_, property) => self.property_term(property, &subject.text, expr, at),
        }
    }

    /// A value of the property's first slot that it fits.
    fn property_term(
        &mut self,
        property: &'static Property,
        text: &str,
        expr: &'t Expr,
        at: Context<'t>,
    ) -> Option<Term> {
        let at = Context { key: property.key, example: property.example, ..at };
        if property.slots.is_empty() && property.block.is_none() {
            return self.value(expr, Type::YesNo, at).map(Term::Value);
        }
        let fitting = property.slots.iter().find(|s| self.fits(expr, s.ty, at));
        let Some(slot) = fitting.or(property.slots.first()) else {
            let inner = property.block.map(|b| b.properties.iter().map(|p| p.key).collect::<Vec<_>>());
            self.misplaced(
                expr.span,
                &format!(
                    "`{text}` has a block: compare one of {}",
                    words::alternatives(&inner.unwrap_or_default())
                ),
            );
            return None;
        };
        self.value(expr, slot.ty, at).map(Term::Value)
    }

    fn unknown_word(&mut self, expr: &Expr, expected: &str, known: &[&str]) -> Option<Term> {
        let Some(word) = expr.word() else {
            self.misplaced(expr.span, &format!("{expected} stands here"));
            return None;
        };
        let finding = Finding::new(language::UNKNOWN_NAME, expr.span, format!("`{word}` is not {expected}"));
        let near = words::did_you_mean(word, known.iter().copied());
        self.report(finding.help(near.unwrap_or_else(|| format!("write {}", words::alternatives(known)))));
        None
    }
}

/// Whether a comparison by order makes sense.
fn is_number(attribute: &Attribute) -> bool {
    match attribute {
        Attribute::Number(_) => true,
        Attribute::Property(_, property) => property
            .slots
            .iter()
            .any(|s| matches!(s.ty, Type::Quantity(_) | Type::Range(_) | Type::WordOrQuantity(..))),
        _ => false,
    }
}

/// The values of a list, or the value itself.
fn listed(expr: &Expr) -> impl Iterator<Item = &Expr> {
    match &expr.kind {
        ExprKind::List(items) => items.iter(),
        _ => std::slice::from_ref(expr).iter(),
    }
}

fn span_of(args: &[Arg]) -> Option<Span> {
    Some(args.first()?.span().to(args.last()?.span()))
}

fn joined(names: &[Name]) -> EcoString {
    names.iter().map(|n| n.text.as_str()).collect::<Vec<_>>().join(".").into()
}

/// The property at a path of keys.
fn property_at(scope: &'static Scope, names: &[Name]) -> Option<&'static Property> {
    let (first, rest) = names.split_first()?;
    let property = scope.property(&first.text)?;
    if rest.is_empty() { Some(property) } else { property_at(property.block?, rest) }
}
