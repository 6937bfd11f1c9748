//! Everything that a design declares, as names and stated facts that two designs can be compared by.

use crate::analysis::condition;
use crate::compile::Design;
use crate::model::{
    BlockKind, Change, Flow, Guarded, Model, Prop, Props, Relation, Step, StepId, Touched, Trigger, Value,
};
use crate::schema::{ELEMENT, Scope};
use std::collections::BTreeMap;

/// What kind of thing is declared, in the order in which changes are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// The system itself.
    System,
    /// An element.
    Element,
    /// A group.
    Group,
    /// A region.
    Region,
    /// Machines that run containers.
    Nodes,
    /// Data.
    Data,
    /// A role.
    Role,
    /// An input.
    Input,
    /// A flow.
    Flow,
    /// A step of a flow, or a relation.
    Step,
    /// Everything else: targets, scenarios, decisions, rules …
    Statement,
}

/// What identifies a thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// What kind of thing.
    pub class: Class,
    /// The flow of a step; the keyword of a statement; else empty.
    pub owner: String,
    /// Its name.
    pub name: String,
}

impl Key {
    fn new(class: Class, owner: &str, name: impl Into<String>) -> Key {
        Key { class, owner: owner.to_string(), name: name.into() }
    }

    /// The elements at the ends of a step or relation.
    pub fn ends(&self) -> Option<(&str, &str)> {
        // A step is called as in `a -> b read post`; names have no blanks.
        let mut words = self.name.split(' ');
        let from = words.next().filter(|_| self.class == Class::Step)?;
        Some((from, words.nth(1)?))
    }

    /// The flow of a step.
    pub fn flow(&self) -> Option<Key> {
        (self.class == Class::Step && !self.owner.is_empty())
            .then(|| Key::new(Class::Flow, "", self.owner.as_str()))
    }
}

/// What is stated: how it reads, and what it is compared by.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub(super) struct Stated {
    pub(super) text: String,
    /// The value in base units, where it is a number.
    pub(super) number: Option<f64>,
}

/// Facts by path; a property that repeats has several, in an order of its own.
pub(super) type Facts = BTreeMap<String, Vec<Stated>>;

/// A thing with what is stated of it.
#[derive(Clone, Debug)]
pub(super) struct Thing {
    pub(super) kind: String,
    pub(super) facts: Facts,
}

/// Everything that is declared.
#[derive(Clone, Debug, Default)]
pub(super) struct Inventory {
    pub(super) things: BTreeMap<Key, Thing>,
}

/// Properties whose values have no order.
const SETS: [&str; 7] = ["about", "fields", "holds", "in", "of", "on", "tags"];

/// Relative difference below which two numbers are the same: rounding of another order of arithmetic.
pub(super) const SAME: f64 = 1e-9;

impl Inventory {
    pub(super) fn of(design: &Design) -> Inventory {
        let model = &design.lowered.model;
        let mut inventory = Inventory::default();
        inventory.structure(model);
        inventory.flows(model);
        inventory.statements(model);
        inventory.records(design);
        inventory
    }

    fn add(&mut self, class: Class, owner: &str, name: &str, kind: &str, facts: Facts) {
        self.things.insert(Key::new(class, owner, name), Thing { kind: kind.to_string(), facts });
    }

    /// Adds what has no name of its own: those of the same text are told apart by their facts.
    fn add_several(&mut self, class: Class, owner: &str, kind: &str, mut all: Vec<(String, Facts)>) {
        all.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for (name, facts) in all {
            let count = seen.entry(name.clone()).or_insert(0);
            *count += 1;
            let name = if *count == 1 { name } else { format!("{name} ({count})") };
            self.add(class, owner, &name, kind, facts);
        }
    }

    fn structure(&mut self, model: &Model) {
        let mut facts = stated(model, &model.system.props, None);
        title(&mut facts, model.system.head.title.as_deref());
        self.add(Class::System, "", "", "system", facts);
        for element in &model.elements {
            let mut facts = stated(model, &element.props, Some(&ELEMENT));
            title(&mut facts, element.head.title.as_deref());
            put(&mut facts, "kind", element.kind.word());
            if let Some((_, technology)) = &element.technology {
                put(&mut facts, "technology", crate::catalog::fold(&technology.id));
            }
            self.add(Class::Element, "", &element.head.name, element.kind.word(), facts);
        }
        for group in &model.groups {
            let mut facts = stated(model, &group.props, None);
            title(&mut facts, group.head.title.as_deref());
            self.add(Class::Group, "", &group.head.name, "group", facts);
        }
        for region in &model.regions {
            self.add(Class::Region, "", &region.head.name, "region", stated(model, &region.props, None));
        }
        for nodes in &model.nodes {
            let mut facts = stated(model, &nodes.props, None);
            title(&mut facts, nodes.head.title.as_deref());
            self.add(Class::Nodes, "", &nodes.head.name, "nodes", facts);
        }
        for datum in &model.data {
            let mut facts = stated(model, &datum.props, None);
            title(&mut facts, datum.head.title.as_deref());
            self.add(Class::Data, "", &datum.head.name, "data", facts);
        }
        for role in &model.roles {
            self.add(Class::Role, "", &role.head.name, "role", Facts::new());
        }
        for input in &model.inputs {
            let mut facts = Facts::new();
            let value = Stated { text: input.scalar.quantity.human(), number: Some(input.scalar.value()) };
            facts.insert("value".into(), vec![value]);
            self.add(Class::Input, "", &input.head.name, "let", facts);
        }
    }

    fn flows(&mut self, model: &Model) {
        for flow in &model.flows {
            let mut facts = stated(model, &flow.props, None);
            facts.retain(|path, _| path != "trigger");
            title(&mut facts, flow.head.title.as_deref());
            match &flow.trigger {
                Some(Trigger::Messages(broker, word)) => {
                    let broker = &model.element(*broker).head.name;
                    put(
                        &mut facts,
                        "trigger",
                        format!("{broker} {}", word.as_deref().unwrap_or("")).trim_end(),
                    );
                }
                Some(Trigger::Clock(every)) => {
                    let every = Stated { text: every.quantity.human(), number: Some(every.value()) };
                    facts.insert("trigger every".into(), vec![every]);
                }
                None => {}
            }
            let name = &flow.head.name;
            self.add(Class::Flow, "", name, "flow", facts);
            let steps = flow.steps().map(|(id, step)| step_facts(model, flow, id, step)).collect();
            self.add_several(Class::Step, name, "step", steps);
        }
        let relations = model.relations.iter().map(|r| relation_facts(model, r)).collect();
        self.add_several(Class::Step, "", "relation", relations);
    }

    fn statements(&mut self, model: &Model) {
        for (word, sentences) in [("goal", &model.goals), ("non_goal", &model.non_goals)] {
            let all = sentences.iter().map(|s| (s.text.to_string(), Facts::new())).collect();
            self.add_several(Class::Statement, word, word, all);
        }
        for functional in &model.functional {
            let mut facts = Facts::new();
            for flow in &functional.flows {
                push(&mut facts, "via", model.flow(*flow).head.name.as_str());
            }
            sort(&mut facts);
            self.add(Class::Statement, "functional", &functional.text, "functional", facts);
        }
        for target in &model.targets {
            let mut facts = Facts::new();
            title(&mut facts, target.head.title.as_deref());
            for condition in &target.conditions {
                push(&mut facts, "condition", condition::text(condition).as_str());
            }
            if let Some(id) = target.scenario {
                put(&mut facts, "under", model.scenarios[id.index()].head.name.as_str());
            }
            sort(&mut facts);
            self.add(Class::Statement, "target", &target.head.name, "target", facts);
        }
        for invariant in &model.invariants {
            let facts = stated(model, &invariant.props, None);
            self.add(Class::Statement, "invariant", &invariant.head.name, "invariant", facts);
        }
        let settings = [
            ("recovery", &model.recovery),
            ("workload", &model.workload),
            ("assume", &model.assume),
            ("network", &model.network),
        ];
        for (word, settings) in settings {
            if let Some(settings) = settings {
                let mut facts = stated(model, &settings.props, None);
                for distance in model.distances.iter().filter(|_| word == "network") {
                    let mut names = [distance.between.0, distance.between.1]
                        .map(|r| model.region(r).head.name.to_string());
                    names.sort();
                    let time =
                        Stated { text: distance.time.quantity.human(), number: Some(distance.time.value()) };
                    facts.insert(names.join(" "), vec![time]);
                }
                self.add(Class::Statement, word, "", word, facts);
            }
        }
        for scenario in &model.scenarios {
            let mut facts = Facts::new();
            title(&mut facts, scenario.head.title.as_deref());
            for change in &scenario.changes {
                push(&mut facts, "change", &change_text(model, change));
            }
            sort(&mut facts);
            self.add(Class::Statement, "scenario", &scenario.head.name, "scenario", facts);
        }
        let alerts = model.alerts.iter().map(|alert| {
            let mut facts = Facts::new();
            for (condition, hold) in &alert.conditions {
                let hold = hold.map(|h| format!(" for {}", h.human())).unwrap_or_default();
                push(&mut facts, "condition", &format!("{}{hold}", condition::text(condition)));
            }
            sort(&mut facts);
            (alert.subject.to_string(), facts)
        });
        self.add_several(Class::Statement, "alert", "alert", alerts.collect());
    }

    fn records(&mut self, design: &Design) {
        let model = &design.lowered.model;
        for (word, records) in [("decision", &model.decisions), ("risk", &model.risks)] {
            for record in records {
                let mut facts = stated(model, &record.props, None);
                title(&mut facts, record.head.title.as_deref());
                self.add(Class::Statement, word, &record.head.name, word, facts);
            }
        }
        for migration in &model.migrations {
            let mut facts = stated(model, &migration.props, None);
            if let Some(on) = migration.on {
                put(&mut facts, "on", model.entity_name(on));
            }
            self.add(Class::Statement, "migration", &migration.head.name, "migration", facts);
        }
        for access in &model.access {
            for data in &access.data {
                let mut facts = Facts::new();
                for grant in &access.grants {
                    let role = &model.roles[grant.role.index()].head.name;
                    for operation in &grant.operations {
                        let condition =
                            grant.condition.as_ref().map(|c| format!(": {c}")).unwrap_or_default();
                        push(&mut facts, role, &format!("{}{condition}", operation.word()));
                    }
                }
                sort(&mut facts);
                self.add(Class::Statement, "access", &model.datum(*data).head.name, "access", facts);
            }
        }
        for rule in &model.house_rules {
            let mut facts = stated(model, &rule.props, None);
            for clause in &rule.clauses {
                push(&mut facts, "clause", &plain(design.lowered.sources.text(clause.span)));
            }
            sort(&mut facts);
            self.add(Class::Statement, "rule", &rule.head.name, "rule", facts);
        }
    }

    /// The same with moved elements under their new names.
    pub(super) fn renamed(mut self, moved: &[(String, String)]) -> Inventory {
        for (old, new) in moved {
            let key = Key::new(Class::Element, "", old.as_str());
            if let Some(thing) = self.things.remove(&key) {
                self.things.insert(Key::new(Class::Element, "", new.as_str()), thing);
            }
        }
        if moved.is_empty() {
            return self;
        }
        let word = |text: &str| -> String {
            text.split(' ').map(|w| super::renamed(w, moved)).collect::<Vec<_>>().join(" ")
        };
        let rename = |(key, mut thing): (Key, Thing)| {
            for stated in thing.facts.values_mut().flatten() {
                stated.text = word(&stated.text);
            }
            let name = if key.class == Class::Step { word(&key.name) } else { key.name };
            (Key { name, ..key }, thing)
        };
        Inventory { things: self.things.into_iter().map(rename).collect() }
    }
}

/// A clause as it reads however it is spaced: one blank between its words and around its operators.
fn plain(clause: &str) -> String {
    let mut text = clause.to_string();
    for operator in ["==", "!=", "<=", ">=", "->", "~>"] {
        text = text.replace(operator, &format!(" {operator} "));
    }
    let text = text.replace(['[', ']'], " ");
    text.split(|c: char| c.is_whitespace() || c == ',')
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn put(facts: &mut Facts, path: &str, text: impl AsRef<str>) {
    facts.insert(path.to_string(), vec![Stated { text: text.as_ref().to_string(), number: None }]);
}

fn push(facts: &mut Facts, path: &str, text: &str) {
    facts.entry(path.to_string()).or_default().push(Stated { text: text.to_string(), number: None });
}

fn sort(facts: &mut Facts) {
    for stated in facts.values_mut() {
        stated.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    }
}

fn title(facts: &mut Facts, title: Option<&str>) {
    if let Some(title) = title {
        put(facts, "title", format!("\"{title}\""));
    }
}

/// What properties state, by dotted path; of one that does not repeat the first counts.
fn stated(model: &Model, props: &Props, scope: Option<&'static Scope>) -> Facts {
    let mut facts = Facts::new();
    collect(model, props, scope, "", &mut facts);
    sort(&mut facts);
    facts
}

fn collect(model: &Model, props: &Props, scope: Option<&'static Scope>, prefix: &str, facts: &mut Facts) {
    let mut seen: Vec<&str> = Vec::new();
    for prop in props.entries.iter().filter(|p| p.key != "allow") {
        let known = scope.and_then(|s| s.property(prop.key));
        if known.is_some_and(|p| !p.repeats) && seen.contains(&prop.key) {
            continue;
        }
        seen.push(prop.key);
        let path = if prefix.is_empty() { prop.key.to_string() } else { format!("{prefix}.{}", prop.key) };
        if let Some(block) = &prop.block {
            collect(model, block, known.and_then(|p| p.block), &path, facts);
        }
        let entry = facts.entry(path);
        match values(model, prop) {
            values if values.is_empty() && prop.block.is_some() => {}
            values if values.is_empty() => {
                entry.or_default().push(Stated { text: "yes".into(), number: None });
            }
            values if SETS.contains(&prop.key) => entry.or_default().extend(values),
            values => {
                let number = if let [only] = values.as_slice() { only.number } else { None };
                let text: Vec<&str> = values.iter().map(|v| v.text.as_str()).collect();
                entry.or_default().push(Stated { text: text.join(" "), number });
            }
        }
    }
    facts.retain(|_, stated| !stated.is_empty());
}

fn values(model: &Model, prop: &Prop) -> Vec<Stated> {
    let stated = prop.values.iter().map(|filled| {
        let number = match &filled.value {
            Value::Quantity(scalar) => Some(scalar.value()),
            _ => None,
        };
        Stated { text: model.shown(&filled.value), number }
    });
    stated.collect()
}

fn change_text(model: &Model, change: &Change) -> String {
    let element = |id| &model.element(id).head.name;
    match change {
        Change::Rate(None, factor) => format!("rate {}", factor.quantity.human()),
        Change::Rate(Some(flow), factor) => {
            format!("rate {} {}", model.flow(*flow).head.name, factor.quantity.human())
        }
        Change::Fail(entity, _) => format!("fail {}", model.entity_name(*entity)),
        Change::Hit(id, share) => format!("hit {} {}", element(*id), share.quantity.human()),
        Change::Latency(id, factor) => format!("latency {} {}", element(*id), factor.quantity.human()),
        Change::Property(id, prop) => {
            let values: Vec<String> = values(model, prop).into_iter().map(|v| v.text).collect();
            format!("{}.{} {}", element(*id), prop.key, values.join(" "))
        }
    }
}

fn touched(model: &Model, touches: &[Touched]) -> String {
    let names = touches.iter().map(|t| match t {
        Touched::Data(id) => model.datum(*id).head.name.to_string(),
        Touched::Label(label, _) => label.to_string(),
    });
    let mut names: Vec<String> = names.collect();
    names.sort();
    names.join(" ")
}

fn call(model: &Model, from: crate::model::ElementId, arrow: &str, to: crate::model::ElementId) -> String {
    format!("{} {arrow} {}", model.element(from).head.name, model.element(to).head.name)
}

fn step_facts(model: &Model, flow: &Flow, id: StepId, step: &Step) -> (String, Facts) {
    let mut name = call(model, step.from, step.arrow.symbol(), step.to);
    name.push_str(&doing(model, step.operation.word(), &step.touches));
    let mut facts = stated(model, &step.props, None);
    title(&mut facts, step.title.as_deref());
    let blocks: Vec<String> =
        flow.enclosing(id).map(|b| block_text(model, flow, &flow.block(b).kind)).collect();
    let blocks: Vec<String> = blocks.into_iter().filter(|b| !b.is_empty()).collect();
    if !blocks.is_empty() {
        put(&mut facts, "within", blocks.join(", within "));
    }
    if let Some(parent) = step.parent {
        let parent = flow.step(parent);
        put(&mut facts, "after", call(model, parent.from, parent.arrow.symbol(), parent.to));
    }
    (name, facts)
}

fn doing(model: &Model, operation: &str, touches: &[Touched]) -> String {
    let touched = touched(model, touches);
    match (operation, touched.is_empty()) {
        ("call", true) => String::new(),
        (_, true) => format!(" {operation}"),
        _ => format!(" {operation} {touched}"),
    }
}

fn relation_facts(model: &Model, relation: &Relation) -> (String, Facts) {
    let mut name = call(model, relation.from, relation.arrow.symbol(), relation.to);
    name.push_str(&doing(model, relation.operation.word(), &relation.touches));
    let mut facts = stated(model, &relation.props, None);
    title(&mut facts, relation.title.as_deref());
    (name, facts)
}

fn block_text(model: &Model, flow: &Flow, kind: &BlockKind) -> String {
    let step = |id: StepId| {
        let step = flow.step(id);
        call(model, step.from, step.arrow.symbol(), step.to)
    };
    match kind {
        BlockKind::OnMiss(id) => format!("on miss of {}", step(*id)),
        BlockKind::OnFailure(Guarded::Step(id)) => format!("on failure of {}", step(*id)),
        BlockKind::OnFailure(Guarded::Block(_)) => "on failure".to_string(),
        BlockKind::Try => "try".to_string(),
        BlockKind::Parallel => "parallel".to_string(),
        BlockKind::Chance(share) => format!("chance {}", share.quantity.human()),
        BlockKind::Repeat(times) => format!("repeat {}", times.quantity.human()),
        BlockKind::Transaction(level) => {
            format!("transaction {}", level.as_deref().unwrap_or("")).trim_end().to_string()
        }
        BlockKind::Compensate => "compensate".to_string(),
        BlockKind::Nested(_) => String::new(),
    }
}

/// Facts that differ: path, before, after.
pub(super) fn changed(old: &Thing, new: &Thing) -> Vec<(String, String, String)> {
    let mut paths: Vec<&String> = old.facts.keys().chain(new.facts.keys()).collect();
    paths.sort();
    paths.dedup();
    let text = |facts: Option<&Vec<Stated>>| {
        let texts = facts.into_iter().flatten().map(|s| s.text.as_str());
        texts.collect::<Vec<_>>().join(", ")
    };
    let mut changes = Vec::new();
    for path in paths {
        let (before, after) = (old.facts.get(path), new.facts.get(path));
        let same = match (before, after) {
            (Some(a), Some(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
            _ => false,
        };
        if !same {
            changes.push((path.clone(), text(before), text(after)));
        }
    }
    changes
}

fn same(a: &Stated, b: &Stated) -> bool {
    match (a.number, b.number) {
        (Some(a), Some(b)) => near(a, b),
        _ => a.text == b.text,
    }
}

/// Whether two numbers differ by rounding only.
pub(super) fn near(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= SAME * a.abs().max(b.abs())
}
