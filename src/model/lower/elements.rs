//! Elements, groups, regions and data: their properties, archetypes, defaults and technologies.

use super::head::head_of;
use super::names::{Found, Space};
use super::props::{Owner, merged};
use super::values::Context;
use super::{Lowerer, Pending};
use crate::catalog::{Catalog, Class, FactValue, OverlayProblem, Setting, Stated, StatedFact, Technology};
use crate::diagnostic::{Applicability, Finding, language};
use crate::model::{DataId, ElementId, Entity, Origin, Props, Value};
use crate::schema::{ELEMENT, Kind, Measure, Presence, Scope, Statement};
use crate::source::Span;
use crate::syntax::{Arg, Expr, Item, Name};
use crate::words;
use ecow::EcoString;
use std::fmt::Write;
use std::sync::Arc;

impl<'t> Lowerer<'t> {
    pub(super) fn lower_elements(&mut self) {
        self.lower_technologies();
        for (index, pending) in self.elements.clone().into_iter().enumerate() {
            self.lower_element(ElementId(index as u32), pending);
        }
        for (index, pending) in self.data.clone().into_iter().enumerate() {
            self.lower_datum(DataId(index as u32), pending);
        }
        for pending in self.pending.clone() {
            match pending.item.key() {
                Some("group") => self.lower_group(pending),
                Some("region") => self.lower_region(pending),
                Some("nodes") => self.lower_nodes(pending),
                _ => {}
            }
        }
    }

    fn lower_element(&mut self, id: ElementId, pending: Pending<'t>) {
        let element = self.model.element(id);
        let (kind, keyword, subject) = (element.kind, element.keyword.clone(), element.head.name.clone());
        let head = head_of(pending.item, Presence::Required);
        let written = head.technology.or_else(|| self.archetype_technology(&keyword));
        let settings =
            written.and_then(|name| Catalog::builtin().entry(&name.text)).map_or(&[][..], |e| e.settings);
        let owner = Owner {
            scope: &ELEMENT,
            kind: Some(kind),
            settings,
            subject: Some(&subject),
            span: pending.item.span,
            origin: Origin::Own,
        };
        let own = match &pending.item.block {
            Some(block) => self.props(&block.items, owner, pending, &|_| false),
            None => Props::default(),
        };
        let mut props = own;
        if self.archetypes.contains_key(&keyword) {
            let base = self.archetype_props(&keyword, kind, settings);
            props = merged(props, &base, &ELEMENT);
        }
        let base = self.default_props(pending.file, &keyword, kind);
        props = merged(props, &base, &ELEMENT);
        let technology = written.and_then(|name| self.technology(name, &props, settings));
        let element = &mut self.model.elements[id.index()];
        element.props = props;
        element.technology = technology;
    }

    /// The technology that an archetype gives its elements.
    fn archetype_technology(&self, keyword: &str) -> Option<&'t Name> {
        let mut at = keyword;
        for _ in 0..=self.archetypes.len() {
            let archetype = self.archetypes.get(at)?;
            let found = archetype.pending.item.args.iter().find_map(|arg| match arg {
                Arg::Technology(name) => Some(name),
                _ => None,
            });
            if found.is_some() {
                return found;
            }
            at = archetype.base.as_ref()?.text.as_str();
        }
        None
    }

    /// The properties that an archetype and those it refines give; lowered once for a kind.
    fn archetype_props(&mut self, keyword: &str, kind: Kind, settings: &'static [Setting]) -> Props {
        let Some(archetype) = self.archetypes.get(keyword) else { return Props::default() };
        if let Some((_, props)) = archetype.props.iter().find(|(k, _)| *k == kind) {
            return props.clone();
        }
        let (pending, base) = (archetype.pending, archetype.base.clone());
        let owner = Owner {
            scope: &ELEMENT,
            kind: Some(kind),
            settings,
            subject: None,
            span: pending.item.span,
            origin: Origin::Archetype,
        };
        let mut props = match &pending.item.block {
            Some(block) => self.props(&block.items, owner, pending, &|_| false),
            None => Props::default(),
        };
        if let Some(base) = base.filter(|b| b.text != keyword && self.archetypes.contains_key(&b.text)) {
            let inner = self.archetype_props(&base.text, kind, settings);
            props = merged(props, &inner, &ELEMENT);
        }
        if let Some(archetype) = self.archetypes.get_mut(keyword) {
            archetype.props.push((kind, props.clone()));
        }
        props
    }

    /// What `defaults` of the file give elements of this keyword, and of the kind behind it.
    fn default_props(&mut self, file: usize, keyword: &str, kind: Kind) -> Props {
        let mut props = Props::default();
        let mut words = vec![keyword];
        if keyword != kind.word() {
            words.push(kind.word());
        }
        for word in words {
            let key = (file, EcoString::from(word), kind);
            if let Some(known) = self.lowered_defaults.get(&key) {
                let known = known.clone();
                props = merged(props, &known, &ELEMENT);
                continue;
            }
            let mut lowered = Props::default();
            for pending in self.defaults[file].get(word).cloned().unwrap_or_default() {
                let owner = Owner {
                    scope: &ELEMENT,
                    kind: Some(kind),
                    settings: &[],
                    subject: None,
                    span: pending.item.span,
                    origin: Origin::Defaults,
                };
                if let Some(block) = &pending.item.block {
                    let inner = self.props(&block.items, owner, pending, &|_| false);
                    lowered = merged(lowered, &inner, &ELEMENT);
                }
            }
            props = merged(props, &lowered, &ELEMENT);
            self.lowered_defaults.insert(key, lowered);
        }
        props
    }

    fn lower_datum(&mut self, id: DataId, pending: Pending<'t>) {
        let subject = self.model.datum(id).head.name.clone();
        let Some(statement) = super::collect::statement("data") else { return };
        let Some(scope) = statement.block else { return };
        let own = self.statement_props(pending, scope, Some(&subject));
        self.model.data[id.index()].props = self.with_statement_defaults(own, pending, statement, scope);
    }

    /// Own properties, then what `defaults` of the file give every statement of this keyword.
    pub(super) fn with_statement_defaults(
        &mut self,
        own: Props,
        pending: Pending<'t>,
        statement: &'static Statement,
        scope: &'static Scope,
    ) -> Props {
        let key = (pending.file, statement.word);
        if let Some(base) = self.statement_defaults.get(&key) {
            return merged(own, base, scope);
        }
        let mut base = Props::default();
        for given in self.defaults[pending.file].get(statement.word).cloned().unwrap_or_default() {
            let owner = Owner {
                scope,
                kind: None,
                settings: &[],
                subject: None,
                span: given.item.span,
                origin: Origin::Defaults,
            };
            if let Some(block) = &given.item.block {
                let inner = self.props(&block.items, owner, given, &|_| false);
                base = merged(base, &inner, scope);
            }
        }
        let props = merged(own, &base, scope);
        self.statement_defaults.insert(key, base);
        props
    }

    /// What the declaration of this name became; `None` where the name was taken.
    fn declared_entity(&self, pending: Pending<'t>, name: &Name) -> Option<Entity> {
        let full = self.declared(pending, name, None).name;
        match self.names.find(Space::Things, &full, "") {
            Found::One(entry) if entry.span == name.span => Some(entry.entity),
            _ => None,
        }
    }

    fn lower_group(&mut self, pending: Pending<'t>) {
        let head = head_of(pending.item, Presence::Required);
        let Some(name) = head.name else { return };
        let Some(Entity::Group(id)) = self.declared_entity(pending, &name) else { return };
        let Some(scope) = super::collect::statement("group").and_then(|s| s.block) else { return };
        let subject = self.model.group(id).head.name.clone();
        let Some(block) = &pending.item.block else { return };
        let owner = Owner {
            scope,
            kind: None,
            settings: &[],
            subject: Some(&subject),
            span: pending.item.header(),
            origin: Origin::Own,
        };
        let skip =
            |item: &Item| item.is_step() || item.key().is_none_or(|word| scope.property(word).is_none());
        let props = self.props(&block.items, owner, pending, &skip);
        self.model.groups[id.index()].props = props;
    }

    fn lower_region(&mut self, pending: Pending<'t>) {
        let head = head_of(pending.item, Presence::Required);
        let Some(name) = head.name else { return };
        let Some(Entity::Region(id)) = self.declared_entity(pending, &name) else { return };
        let Some(scope) = super::collect::statement("region").and_then(|s| s.block) else { return };
        let subject = self.model.region(id).head.name.clone();
        let props = self.statement_props(pending, scope, Some(&subject));
        let region = &mut self.model.regions[id.index()];
        region.zones = props.number("zones").map_or(1, |n| n as u32);
        region.props = props;
    }

    fn lower_nodes(&mut self, pending: Pending<'t>) {
        let head = head_of(pending.item, Presence::Required);
        let Some(name) = head.name else { return };
        let Some(Entity::Nodes(id)) = self.declared_entity(pending, &name) else { return };
        let Some(scope) = super::collect::statement("nodes").and_then(|s| s.block) else { return };
        let subject = self.model.nodes[id.index()].head.name.clone();
        self.model.nodes[id.index()].props = self.statement_props(pending, scope, Some(&subject));
    }

    /// The properties of a statement's block.
    pub(super) fn statement_props(
        &mut self,
        pending: Pending<'t>,
        scope: &'static Scope,
        subject: Option<&EcoString>,
    ) -> Props {
        let Some(block) = &pending.item.block else { return Props::default() };
        let owner =
            Owner { scope, kind: None, settings: &[], subject, span: pending.item.span, origin: Origin::Own };
        self.props(&block.items, owner, pending, &|_| false)
    }

    fn lower_technologies(&mut self) {
        for pending in self.pending.clone() {
            if pending.item.key() == Some("technology") {
                self.lower_technology(pending);
            }
        }
    }

    /// `technology mydb: relational { … }`: adds to the catalogue or overrides it.
    fn lower_technology(&mut self, pending: Pending<'t>) {
        let head = head_of(pending.item, Presence::Required);
        let Some(name) = &head.name else {
            return self.report_missing_name(pending.item, "technology", "technology mydb: relational { … }");
        };
        let folded = crate::catalog::fold(&name.text);
        let known = Catalog::builtin().find(&name.text).cloned();
        let base = match head.technology {
            None => known.or_else(|| {
                let finding = Finding::new(
                    language::MISSING_ARGUMENT,
                    pending.item.header(),
                    format!("`{}` is not in the catalogue and needs the class that it belongs to", name.text),
                );
                self.report(finding.help("write it as in `technology mydb: relational { … }`"));
                None
            }),
            Some(class) => self.technology_base(&name.text, class),
        };
        let Some(base) = base else { return };
        let facts: Vec<(StatedFact, Span)> = pending
            .item
            .block
            .iter()
            .flat_map(|b| &b.items)
            .filter_map(|item| self.stated_fact(item, pending))
            .collect();
        let mut technology = base;
        for (fact, span) in facts {
            let overlaid = technology.overlaid(std::slice::from_ref(&fact));
            for problem in &overlaid.problems {
                self.report_overlay(problem, span);
            }
            technology = overlaid.technology;
        }
        self.technologies.insert(folded.into(), Arc::new(technology));
    }

    fn technology_base(&mut self, name: &str, class: &Name) -> Option<Technology> {
        if let Some(class) = Class::parse(&class.text) {
            return Some(Technology::new(name, class));
        }
        if let Some(base) = Catalog::builtin().find(&class.text) {
            let mut technology = base.clone();
            name.clone_into(&mut technology.id);
            name.clone_into(&mut technology.name);
            return Some(technology);
        }
        let finding = Finding::new(
            language::UNKNOWN_TECHNOLOGY,
            class.span,
            format!("`{}` is neither a class of technologies nor in the catalogue", class.text),
        );
        let candidates = Class::TOKENS.iter().copied().chain(Catalog::builtin().names());
        let finding = finding.help(format!("the classes are {}", words::enumeration(Class::TOKENS)));
        self.report(finding.near(&class.text, candidates, Applicability::Unsafe));
        None
    }

    /// One fact of a `technology` block: a key, a value, perhaps where it comes from.
    fn stated_fact(&mut self, item: &'t Item, pending: Pending<'t>) -> Option<(StatedFact, Span)> {
        let exprs: Vec<&'t Expr> = item.args.iter().filter_map(Arg::value).collect();
        let (Some(key), rest) = (exprs.first()?.path(), &exprs[1..]) else {
            self.report_no_fact(item.header());
            return None;
        };
        let at = Context { key: "fact", example: "max_connections 500 \"measured\"", pending };
        let value = match rest.first() {
            None => FactValue::Flag(true),
            Some(expr) => match (expr.word(), expr.string()) {
                (Some("yes" | "on"), _) => FactValue::Flag(true),
                (Some("no" | "off"), _) => FactValue::Flag(false),
                (Some(word), _) if self.fits_word(expr, at) => FactValue::Text(word.to_string()),
                (_, Some(text)) => FactValue::Text(text.to_string()),
                _ => FactValue::Number(self.scalar(expr, Measure::Any, at)?.value()),
            },
        };
        let source = rest.get(1).and_then(|e| e.string()).map(ToString::to_string);
        Some((StatedFact { key: key.text().to_string(), value, source }, item.header()))
    }

    fn fits_word(&self, expr: &Expr, at: Context) -> bool {
        !self.fits(expr, crate::schema::Type::Quantity(Measure::Any), at)
    }

    fn report_no_fact(&mut self, span: Span) {
        let finding = Finding::new(language::MISPLACED_ITEM, span, "a fact is a key and a value");
        self.report(finding.help("write it as in `max_connections 500 \"measured\"`"));
    }

    fn report_overlay(&mut self, problem: &OverlayProblem, span: Span) {
        let finding = match problem {
            OverlayProblem::UnknownKey { key, nearest } => {
                let mut finding = Finding::new(
                    language::UNKNOWN_PROPERTY,
                    span,
                    format!("a technology has no fact `{key}`"),
                );
                finding.help = if nearest.is_empty() {
                    Some("`sysd catalog postgresql` shows the facts that are read".to_string())
                } else {
                    Some(format!("did you mean {}?", words::alternatives(nearest)))
                };
                finding
            }
            OverlayProblem::UnknownWord { key, word, allowed } => Finding::new(
                language::WRONG_TYPE,
                span,
                format!("`{key}` expects {}, found `{word}`", words::alternatives(allowed)),
            ),
            OverlayProblem::WrongKind { key, expected } => {
                Finding::new(language::WRONG_TYPE, span, format!("`{key}` expects {expected}"))
            }
        };
        self.report(finding);
    }

    /// The technology of an element, with the variants that its settings select.
    fn technology(
        &mut self,
        name: &Name,
        props: &Props,
        settings: &[Setting],
    ) -> Option<(EcoString, Arc<Technology>)> {
        let folded = EcoString::from(crate::catalog::fold(&name.text));
        let own = self.technologies.get(&folded).cloned();
        let base: &Technology = match &own {
            Some(technology) => technology,
            None => match Catalog::builtin().find(&name.text) {
                Some(technology) => technology,
                None => {
                    self.report_unknown_technology(name);
                    return None;
                }
            },
        };
        let stated = |key: &str| stated_setting(props, key);
        let mut key = folded.to_string();
        let general = ["factor", "replicas", "min_in_sync", "acks", "mode"];
        for setting in settings.iter().map(|s| s.key).chain(general) {
            if let Some(value) = stated(setting) {
                let _ = write!(key, " {setting}={value:?}");
            }
        }
        let key = EcoString::from(key);
        if let Some(known) = self.deployed.get(&key) {
            return Some((name.text.clone(), known.clone()));
        }
        let deployed = Arc::new(base.deployed(&stated));
        self.deployed.insert(key, deployed.clone());
        Some((name.text.clone(), deployed))
    }

    pub(super) fn report_unknown_technology(&mut self, name: &Name) {
        let finding = Finding::new(
            language::UNKNOWN_TECHNOLOGY,
            name.span,
            format!("`{}` is not in the catalogue of technologies", name.text),
        );
        let folded = crate::catalog::fold(&name.text);
        let mut candidates: Vec<&str> = Catalog::builtin().names().collect();
        candidates.extend(self.technologies.keys().map(EcoString::as_str));
        let finding = finding.help(format!(
            "declare it, as in `technology {}: relational {{ … }}`, or see `sysd catalog`",
            name.text
        ));
        let finding = finding.near(&folded, candidates, Applicability::Unsafe);
        self.report(finding);
    }
}

/// What properties say about a setting that chooses a deployment variant.
fn stated_setting(props: &Props, key: &str) -> Option<Stated> {
    let path = match key {
        "factor" => "replication.factor",
        "mode" => "replication.mode",
        other => other,
    };
    let prop = props.at(path)?;
    Some(match prop.values.first().map(|f| &f.value) {
        None => Stated::Flag,
        Some(Value::Quantity(n)) => Stated::Number(n.value()),
        Some(Value::Range(ends)) => Stated::Number(ends.0.value()),
        Some(Value::Word(word)) => Stated::Word((*word).to_string()),
        Some(Value::Name(word)) => Stated::Word(word.to_string()),
        Some(Value::Text(text)) => Stated::Word(text.to_string()),
        Some(Value::YesNo(true)) => Stated::Flag,
        Some(Value::YesNo(false)) => Stated::Word("no".to_string()),
        Some(Value::Entity(_) | Value::Date(_)) => return None,
    })
}
