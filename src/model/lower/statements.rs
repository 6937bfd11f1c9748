//! Statements that are not elements, data or flows: goals, targets, scenarios, decisions and the rest.

use super::collect::statement;
use super::head::{Head, doc_of, head_of};
use super::names::{Found, Space};
use super::values::Context;
use super::{Lowerer, Pending};
use crate::diagnostic::{Applicability, Finding, language};
use crate::model::{
    Access, Alert, Assumption, Change, Declared, Distance, Entity, Filled, Functional, Grant, Invariant,
    Migration, Operation, Origin, Prop, Props, Record, ScenarioId, Sentence, Settings, Style, Target, Value,
    View,
};
use crate::quantity::Quantity;
use crate::schema::{Kind, Measure, Statement};
use crate::source::Span;
use crate::syntax::{Arg, Expr, Item};
use crate::words;
use ecow::EcoString;
use rustc_hash::FxHashMap;

impl<'t> Lowerer<'t> {
    pub(super) fn lower_statements(&mut self) {
        let mut named: FxHashMap<(&'static str, EcoString), Span> = FxHashMap::default();
        self.default_system();
        self.target_names = self
            .pending
            .iter()
            .filter(|p| p.item.key() == Some("target"))
            .filter_map(|p| p.item.args.get(1).and_then(Arg::value).and_then(Expr::word).map(EcoString::from))
            .collect();
        for pending in self.pending.clone() {
            let Some(statement) = pending.item.key().and_then(statement) else { continue };
            let head = head_of(pending.item, statement.name);
            let declared = match (&head.name, statement.name) {
                (Some(name), _) => {
                    let declared = self.declared(pending, name, head.title.clone());
                    if !self.own_space(statement, &declared, &mut named) {
                        continue;
                    }
                    declared
                }
                (None, crate::schema::Presence::Required) => {
                    self.report_missing_name(pending.item, statement.word, statement.example);
                    continue;
                }
                (None, _) => Declared {
                    title: head.title.clone(),
                    doc: doc_of(pending.item),
                    span: pending.item.header(),
                    name_span: pending.item.header(),
                    imported: self.units[pending.file].imported,
                    ..Declared::default()
                },
            };
            self.lower_statement(pending, statement, &head, declared);
        }
    }

    /// Names of these statements live in a space of their own for each keyword.
    fn own_space(
        &mut self,
        statement: &'static Statement,
        declared: &Declared,
        named: &mut FxHashMap<(&'static str, EcoString), Span>,
    ) -> bool {
        if matches!(statement.word, "group" | "region" | "nodes" | "scenario" | "technology" | "system") {
            return true;
        }
        let key = (statement.word, declared.name.clone());
        if let Some(earlier) = named.get(&key) {
            let finding = Finding::new(
                language::DUPLICATE_NAME,
                declared.name_span,
                format!("there are two of `{} {}`", statement.word, declared.name),
            );
            let finding = finding
                .label("declared again")
                .related(*earlier, "declared first")
                .help("rename one of them");
            self.report(finding);
            return false;
        }
        named.insert(key, declared.name_span);
        true
    }

    fn lower_statement(
        &mut self,
        pending: Pending<'t>,
        statement: &'static Statement,
        head: &Head<'t>,
        declared: Declared,
    ) {
        match statement.word {
            "system" => self.lower_system(pending, declared),
            "goal" | "non_goal" => self.lower_goal(pending, statement, head),
            "functional" => self.lower_functional(pending, statement, head),
            "target" => self.lower_target(pending, statement, head, declared),
            "invariant" => self.lower_invariant(pending, statement, declared),
            "recovery" | "workload" => self.lower_settings(pending, statement),
            "assume" => self.lower_assume(pending, statement, head),
            "network" => self.lower_network(pending, statement),
            "scenario" => self.lower_scenario(pending, declared.name_span),
            "alert" => self.lower_alert(pending, head),
            "decision" | "risk" => self.lower_record(pending, statement, declared),
            "access" => self.lower_access(pending, statement, head),
            "migration" => self.lower_migration(pending, statement, head, declared),
            "view" => {
                let props = self.block_props(pending, statement, &declared.name);
                self.model.views.push(View { head: declared, props });
            }
            "style" => self.lower_style(pending, statement, head),
            "rule" => self.lower_rule(pending, statement, declared),
            _ => {}
        }
    }

    fn block_props(
        &mut self,
        pending: Pending<'t>,
        statement: &'static Statement,
        subject: &EcoString,
    ) -> Props {
        match statement.block {
            Some(scope) => self.statement_props(pending, scope, Some(subject)),
            None => Props::default(),
        }
    }

    /// The system of a file without a `system` item: named after the file, documented by its `//!` lines.
    fn default_system(&mut self) {
        let Some(unit) = self.units.first() else { return };
        let mut doc = EcoString::new();
        for line in &unit.tree.docs {
            if !doc.is_empty() {
                doc.push('\n');
            }
            doc.push_str(&line.text);
        }
        self.model.system.head.doc = doc;
        self.model.system.head.span = Span { file: unit.tree.file, start: 0, end: 0 };
    }

    fn lower_system(&mut self, pending: Pending<'t>, declared: Declared) {
        let scope = &crate::schema::SYSTEM;
        let props = self.statement_props(pending, scope, Some(&declared.name));
        if self.units[pending.file].imported {
            return;
        }
        if !self.model.system.head.name.is_empty() || self.model.system.head.title.is_some() {
            let first = self.model.system.head.span;
            let finding =
                Finding::new(language::DUPLICATE_NAME, declared.span, "a file describes one system");
            return self.report(
                finding.related(first, "declared first").help("move the other one into a file of its own"),
            );
        }
        let doc = std::mem::take(&mut self.model.system.head.doc);
        let mut head = declared;
        if head.doc.is_empty() {
            head.doc = doc;
        } else if !doc.is_empty() {
            head.doc = EcoString::from(format!("{doc}\n\n{}", head.doc));
        }
        self.model.system = crate::model::System { head, props, supersedes: None };
    }

    fn lower_goal(&mut self, pending: Pending<'t>, statement: &'static Statement, head: &Head<'t>) {
        let Some(text) = head.title.clone() else { return self.report_missing_text(pending.item, statement) };
        self.report_extra(statement.word, &head.rest);
        let sentence = Sentence { text, span: pending.item.header() };
        if statement.word == "goal" {
            self.model.goals.push(sentence);
        } else {
            self.model.non_goals.push(sentence);
        }
    }

    fn report_missing_text(&mut self, item: &Item, statement: &'static Statement) {
        let finding = Finding::new(
            language::MISSING_ARGUMENT,
            item.header(),
            format!("`{}` needs a sentence, as a string", statement.word),
        );
        self.report(finding.help(format!("write it as in `{}`", statement.example)));
    }

    fn head_slots(
        &mut self,
        pending: Pending<'t>,
        statement: &'static Statement,
        head: &Head<'t>,
    ) -> Option<Vec<Filled>> {
        let at = Context { key: statement.word, example: statement.example, pending };
        self.fill(&head.rest, statement.slots, at, false, None, pending.item.header())
    }

    /// The entities of one kind that the head names.
    fn head_entities<T>(
        &mut self,
        pending: Pending<'t>,
        statement: &'static Statement,
        head: &Head<'t>,
        kind: impl Fn(Entity) -> Option<T>,
    ) -> Vec<T> {
        let filled = self.head_slots(pending, statement, head).unwrap_or_default();
        let entity = |f: &Filled| if let Value::Entity(entity) = f.value { kind(entity) } else { None };
        filled.iter().filter_map(entity).collect()
    }

    fn lower_functional(&mut self, pending: Pending<'t>, statement: &'static Statement, head: &Head<'t>) {
        let Some(text) = head.title.clone() else { return self.report_missing_text(pending.item, statement) };
        let flows = self.head_entities(pending, statement, head, |entity| match entity {
            Entity::Flow(id) => Some(id),
            _ => None,
        });
        self.model.functional.push(Functional { text, flows, span: pending.item.header() });
    }

    fn lower_target(
        &mut self,
        pending: Pending<'t>,
        statement: &'static Statement,
        head: &Head<'t>,
        declared: Declared,
    ) {
        let scenario =
            self.head_slots(pending, statement, head).unwrap_or_default().into_iter().find_map(|f| {
                match f.value {
                    Value::Entity(Entity::Scenario(id)) => Some(id),
                    _ => None,
                }
            });
        let Some(scope) = statement.block else { return };
        let items = pending.item.block.as_ref().map_or(&[][..], |b| &b.items);
        let conditions: Vec<Expr> = items.iter().filter_map(condition).cloned().collect();
        let owner = super::props::Owner::of(scope, Some(&declared.name), pending.item.span);
        let props = self.props(items, owner, pending, &|item| condition(item).is_some());
        if conditions.is_empty() && items.iter().all(|i| i.key() == Some("allow")) {
            let finding = Finding::new(
                language::MISSING_ARGUMENT,
                pending.item.header(),
                format!("target `{}` needs a condition", declared.name),
            );
            self.report(finding.help(format!("write it as in `{}`", statement.example)));
        }
        self.model.targets.push(Target { head: declared, scenario, conditions, props });
    }

    fn lower_invariant(&mut self, pending: Pending<'t>, statement: &'static Statement, declared: Declared) {
        let props = self.block_props(pending, statement, &declared.name);
        let on = props.data("on").collect();
        self.model.invariants.push(Invariant { head: declared, on, props });
    }

    fn lower_settings(&mut self, pending: Pending<'t>, statement: &'static Statement) {
        let props = self.block_props(pending, statement, &EcoString::new());
        let settings = Settings { props, span: pending.item.header() };
        if self.units[pending.file].imported {
            return;
        }
        let slot =
            if statement.word == "recovery" { &mut self.model.recovery } else { &mut self.model.workload };
        let earlier = slot.as_ref().map(|s| s.span);
        if earlier.is_none() {
            *slot = Some(settings);
        }
        self.report_second(earlier, pending.item.header(), statement.word);
    }

    fn report_second(&mut self, earlier: Option<Span>, span: Span, word: &str) {
        if let Some(earlier) = earlier {
            let finding = Finding::new(language::DUPLICATE_NAME, span, format!("`{word}` stands twice"));
            self.report(finding.related(earlier, "the first one").help("write all of it in one block"));
        }
    }

    fn lower_assume(&mut self, pending: Pending<'t>, statement: &'static Statement, head: &Head<'t>) {
        let props = self.block_props(pending, statement, &EcoString::new());
        if let Some(text) = head.title.clone() {
            let source = props.text("source").cloned();
            self.model.assumptions.push(Assumption { text, source, span: pending.item.header() });
            return;
        }
        let settings = Settings { props, span: pending.item.header() };
        let earlier = self.model.assume.as_ref().map(|s| s.span);
        if earlier.is_none() {
            self.model.assume = Some(settings);
        }
        self.report_second(earlier, pending.item.header(), "assume");
    }

    /// `network { within_zone 0.25ms, us eu 80ms }`.
    fn lower_network(&mut self, pending: Pending<'t>, statement: &'static Statement) {
        let Some(scope) = statement.block else { return };
        let items = pending.item.block.as_ref().map_or(&[][..], |b| &b.items);
        let owner = super::props::Owner::of(scope, None, pending.item.span);
        let is_distance =
            |item: &Item| item.key().is_some_and(|k| scope.property(k).is_none()) && item.args.len() == 3;
        let props = self.props(items, owner, pending, &is_distance);
        for item in items.iter().filter(|i| is_distance(i)) {
            let at = Context { key: "network", example: "us eu 80ms", pending };
            let exprs: Vec<&'t Expr> = item.args.iter().filter_map(Arg::value).collect();
            let [a, b, time] = exprs.as_slice() else { continue };
            if let (Some(a), Some(b), Some(time)) =
                (self.region(a, at), self.region(b, at), self.scalar(time, Measure::Time, at))
            {
                self.model.distances.push(Distance { between: (a, b), time });
            }
        }
        let earlier = self.model.network.as_ref().map(|s| s.span);
        if earlier.is_none() {
            self.model.network = Some(Settings { props, span: pending.item.header() });
        }
        self.report_second(earlier, pending.item.header(), "network");
    }

    fn lower_scenario(&mut self, pending: Pending<'t>, name_span: Span) {
        let Some(index) = self.model.scenarios.iter().position(|s| s.head.name_span == name_span) else {
            return;
        };
        let Some(scope) = statement("scenario").and_then(|s| s.block) else { return };
        let subject = self.model.scenarios[index].head.name.clone();
        let items = pending.item.block.as_ref().map_or(&[][..], |b| &b.items);
        let owner = super::props::Owner {
            origin: Origin::Scenario,
            ..super::props::Owner::of(scope, Some(&subject), pending.item.span)
        };
        let is_change = |item: &Item| {
            item.args.first().and_then(Arg::value).and_then(Expr::path).is_some_and(|p| p.names.len() > 1)
        };
        let props = self.props(items, owner, pending, &is_change);
        let mut changes: Vec<Change> = props.entries.iter().flat_map(|prop| self.changes(prop)).collect();
        for item in items.iter().filter(|i| is_change(i)) {
            changes.extend(self.property_change(item, pending));
        }
        self.model.scenarios[ScenarioId(index as u32).index()].changes = changes;
    }

    /// What a property of a scenario changes; what would change nothing is said, not passed over.
    fn changes(&mut self, prop: &Prop) -> Vec<Change> {
        let mut changes = changes_of(prop);
        changes.retain(|change| {
            let Change::Hit(id, _) = change else { return true };
            let element = self.model.element(*id);
            if matches!(element.kind, Kind::Cache | Kind::Cdn) {
                return true;
            }
            let (kind, name) = (element.kind.word(), element.head.name.clone());
            let message = format!("`{name}` is {} `{kind}` and has no hit ratio", words::article(kind));
            let finding = Finding::new(language::MISPLACED_ITEM, prop.span, message);
            self.report(finding.help("`hit` changes a cache or a cdn"));
            false
        });
        changes
    }

    /// `api.replicas 3` in a scenario: another value for a property of an element.
    fn property_change(&mut self, item: &'t Item, pending: Pending<'t>) -> Option<Change> {
        let path = item.args.first().and_then(Arg::value).and_then(Expr::path)?;
        let (key, owner) = path.names.split_last()?;
        let names: Vec<&str> = owner.iter().map(|n| n.text.as_str()).collect();
        let end = owner.last()?.span;
        let owner_path = crate::syntax::Path { names: owner.to_vec(), span: path.span.to(end) };
        let found = self.resolve(&owner_path, Space::Things, pending, "an element", |e| {
            matches!(e, Entity::Element(_))
        })?;
        let Entity::Element(id) = found else { return None };
        let kind = self.model.element(id).kind;
        let Some(property) = crate::schema::ELEMENT.property(&key.text).filter(|p| p.kinds.contains(kind))
        else {
            let candidates =
                crate::schema::ELEMENT.properties.iter().filter(|p| p.kinds.contains(kind)).map(|p| p.key);
            let finding = Finding::new(
                language::UNKNOWN_PROPERTY,
                key.span,
                format!("{} `{}` has no property `{}`", words::article(kind.word()), kind.word(), key.text),
            );
            self.report(finding.near(&key.text, candidates, Applicability::Safe));
            return None;
        };
        let subject = EcoString::from(names.join("."));
        let owner = super::props::Owner {
            scope: &crate::schema::ELEMENT,
            kind: Some(kind),
            settings: &[],
            subject: Some(&subject),
            span: pending.item.span,
            origin: Origin::Scenario,
        };
        self.typed(item, property, owner, pending).map(|prop| Change::Property(id, prop))
    }

    /// `alert view_feed { error_rate > 1% for 5 min }`.
    fn lower_alert(&mut self, pending: Pending<'t>, head: &Head<'t>) {
        let Some(path) = head.rest.first().and_then(|e| e.path()) else {
            let finding = Finding::new(
                language::MISSING_ARGUMENT,
                pending.item.header(),
                "`alert` needs the element, flow or target that it watches",
            );
            return self
                .report(finding.help("write it as in `alert view_feed { error_rate > 1% for 5 min }`"));
        };
        let subject = path.text();
        let is_target = self.target_names.contains(&subject);
        let found = match self.names.find(Space::Things, &subject, &self.scopes[pending.scope]) {
            Found::One(entry) => Some(entry.entity),
            _ => None,
        };
        let entity = match found {
            Some(entity) => Some(entity),
            None if is_target => None,
            None => self.resolve(path, Space::Things, pending, "an element, flow or target", |_| true),
        };
        let mut conditions = Vec::new();
        for item in pending.item.block.iter().flat_map(|b| &b.items) {
            conditions.extend(self.alert_condition(item, pending));
        }
        // The position of the target is filled in by `check`, when every target is there.
        self.model.alerts.push(Alert {
            subject,
            entity,
            target: None,
            conditions,
            span: pending.item.header(),
        });
    }

    fn alert_condition(&mut self, item: &'t Item, pending: Pending<'t>) -> Option<(Expr, Option<Quantity>)> {
        let Some(expr) = condition(item) else {
            if !item.args.is_empty() {
                let finding =
                    Finding::new(language::MISPLACED_ITEM, item.header(), "an alert holds conditions");
                self.report(finding.help("write it as in `error_rate > 1% for 5 min`"));
            }
            return None;
        };
        let at = Context { key: "for", example: "error_rate > 1% for 5 min", pending };
        let rest: Vec<&'t Expr> = item.args.iter().skip(1).filter_map(Arg::value).collect();
        let hold = match rest.as_slice() {
            [word, time] if word.word() == Some("for") => {
                self.scalar(time, Measure::Time, at).map(|s| s.quantity)
            }
            [] => None,
            [extra, ..] => {
                let finding = Finding::new(
                    language::MISPLACED_ITEM,
                    extra.span,
                    "a condition of an alert ends in `for` and a time",
                );
                self.report(finding.help("write it as in `error_rate > 1% for 5 min`"));
                None
            }
        };
        Some((expr.clone(), hold))
    }

    fn lower_record(&mut self, pending: Pending<'t>, statement: &'static Statement, declared: Declared) {
        let own = self.block_props(pending, statement, &declared.name);
        let props = match statement.block {
            Some(scope) => self.with_statement_defaults(own, pending, statement, scope),
            None => own,
        };
        let about = self.about(&props, pending);
        let record = Record { head: declared, props, about };
        if statement.word == "decision" {
            self.model.decisions.push(record);
        } else {
            self.model.risks.push(record);
        }
    }

    /// The declared things that `about` names; a word that names none is an unknown name.
    fn about(&mut self, props: &Props, pending: Pending<'t>) -> Vec<Entity> {
        let subjects: Vec<(EcoString, Span)> = props
            .all("about")
            .flat_map(|p| &p.values)
            .filter_map(|f| match &f.value {
                Value::Name(name) => Some((name.clone(), f.span)),
                _ => None,
            })
            .collect();
        let mut about = Vec::new();
        for (name, span) in subjects {
            let scope = &self.scopes[pending.scope];
            let found = [Space::Things, Space::Data, Space::Roles].into_iter().find_map(|space| {
                match self.names.find(space, &name, scope) {
                    Found::One(entry) => Some(entry.entity),
                    _ => None,
                }
            });
            match found {
                Some(entity) => about.push(entity),
                None => {
                    let mut candidates = self.names.candidates(Space::Things, |_| true);
                    candidates.extend(self.names.candidates(Space::Data, |_| true));
                    let mut finding = Finding::new(
                        language::UNKNOWN_NAME,
                        span,
                        format!("there is no element, flow or datum named `{name}`"),
                    );
                    finding.help = words::did_you_mean(&name, candidates);
                    self.report(finding);
                }
            }
        }
        about
    }

    /// `access post { owner may read write; follower may read "public profiles" }`.
    fn lower_access(&mut self, pending: Pending<'t>, statement: &'static Statement, head: &Head<'t>) {
        let data = self.head_entities(pending, statement, head, |entity| match entity {
            Entity::Data(id) => Some(id),
            _ => None,
        });
        let mut grants = Vec::new();
        for item in pending.item.block.iter().flat_map(|b| &b.items) {
            grants.extend(self.grant(item, pending));
        }
        self.model.access.push(Access { data, grants, span: pending.item.header() });
    }

    fn grant(&mut self, item: &'t Item, pending: Pending<'t>) -> Option<Grant> {
        let at = Context { key: "access", example: "owner may read write", pending };
        let exprs: Vec<&'t Expr> = item.args.iter().filter_map(Arg::value).collect();
        let (role, may, rest) = match exprs.as_slice() {
            [role, may, rest @ ..] => (*role, *may, rest),
            _ => {
                self.report_grant(item);
                return None;
            }
        };
        if may.word() != Some("may") {
            self.report_grant(item);
            return None;
        }
        let mut operations = Vec::new();
        let mut condition = None;
        for expr in rest {
            match (expr.word().and_then(Operation::of), expr.string()) {
                (Some(operation), _) => operations.push(operation),
                (None, Some(text)) => condition = Some(text.clone()),
                (None, None) => {
                    let names: Vec<&str> = crate::schema::OPERATIONS.iter().map(|o| o.word).collect();
                    self.wrong_type::<()>(expr, &words::alternatives(&names), at);
                }
            }
        }
        match self.entity(role, Space::Roles, at, "a role", |e| matches!(e, Entity::Role(_)))? {
            Value::Entity(Entity::Role(role)) => {
                Some(Grant { role, operations, condition, span: item.header() })
            }
            _ => None,
        }
    }

    fn report_grant(&mut self, item: &Item) {
        if item.args.is_empty() {
            return;
        }
        let finding =
            Finding::new(language::MISPLACED_ITEM, item.header(), "an access rule says who may do what");
        self.report(finding.help("write it as in `owner may read write`"));
    }

    fn lower_migration(
        &mut self,
        pending: Pending<'t>,
        statement: &'static Statement,
        head: &Head<'t>,
        declared: Declared,
    ) {
        let on = self.head_slots(pending, statement, head).unwrap_or_default().into_iter().find_map(|f| {
            match f.value {
                Value::Entity(entity) => Some(entity),
                _ => None,
            }
        });
        let props = self.block_props(pending, statement, &declared.name);
        self.model.migrations.push(Migration { head: declared, on, props });
    }

    fn lower_style(&mut self, pending: Pending<'t>, statement: &'static Statement, head: &Head<'t>) {
        let Some(values) = self.head_slots(pending, statement, head) else { return };
        let word = |slot: &str| {
            values.iter().find(|f| f.slot == slot).and_then(|f| match &f.value {
                Value::Name(name) => Some(name.clone()),
                _ => None,
            })
        };
        let (by, name) = match (word("by"), word("name")) {
            (Some(by), Some(name)) => (by, name),
            (Some(name), None) => (EcoString::new(), name),
            _ => return,
        };
        let props = self.block_props(pending, statement, &name);
        self.model.styles.push(Style { by, name, props, span: pending.item.header() });
    }
}

/// The condition of an item, if it begins with one.
fn condition(item: &Item) -> Option<&Expr> {
    item.args.first().and_then(Arg::value).filter(|e| e.is_condition())
}

/// What a property of a scenario changes.
fn changes_of(prop: &Prop) -> Vec<Change> {
    let scalar = prop.quantity().cloned();
    let entities: Vec<(Entity, Span)> = prop
        .values
        .iter()
        .filter_map(|f| match f.value {
            Value::Entity(entity) => Some((entity, f.span)),
            _ => None,
        })
        .collect();
    let first = entities.first().map(|(e, _)| *e);
    match (prop.key, scalar, first) {
        ("rate", Some(factor), flow) => vec![Change::Rate(
            match flow {
                Some(Entity::Flow(id)) => Some(id),
                _ => None,
            },
            factor,
        )],
        ("fail", _, _) => entities.into_iter().map(|(entity, span)| Change::Fail(entity, span)).collect(),
        ("hit", Some(share), Some(Entity::Element(id))) => vec![Change::Hit(id, share)],
        ("latency", Some(factor), Some(Entity::Element(id))) => vec![Change::Latency(id, factor)],
        _ => Vec::new(),
    }
}
