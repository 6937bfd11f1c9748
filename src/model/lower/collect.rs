//! The second pass: every declared name, whatever its place.

use super::files::import_of;
use super::head::{Head, head_of};
use super::names::{Entry, Space};
use super::{Lowerer, Pending};
use crate::diagnostic::{Applicability, Finding, language};
use crate::model::{
    Data, DataId, Declared, Element, ElementId, Entity, Flow, FlowId, Group, GroupId, Input, InputId, Nodes,
    NodesId, Props, Region, RegionId, Role, RoleId, Scalar, Scenario, ScenarioId,
};
use crate::quantity::Quantity;
use crate::schema::{ELEMENT, ELEMENT_KEYWORDS, Kind, Presence, STATEMENTS, Statement};
use crate::source::Span;
use crate::syntax::{Block, ExprKind, Item, Name};
use crate::words;
use ecow::EcoString;

/// `archetype NAME = KEYWORD { … }`.
pub(super) struct Archetype<'t> {
    /// The keyword on its right: a kind or another archetype.
    pub(super) base: Option<Name>,
    pub(super) pending: Pending<'t>,
    pub(super) name: Span,
    /// Its properties by the kind they were lowered for, once lowered.
    pub(super) props: Vec<(Kind, Props)>,
}

/// Statements beside the elements that a file may give defaults for.
const WITH_DEFAULTS: [&str; 3] = ["data", "decision", "risk"];

/// The statement of a keyword.
pub(super) fn statement(word: &str) -> Option<&'static Statement> {
    STATEMENTS.iter().find(|s| s.word == word)
}

impl<'t> Lowerer<'t> {
    /// Declares the names of every file.
    pub(super) fn collect(&mut self) {
        let units = self.units;
        for (file, unit) in units.iter().enumerate() {
            for item in &unit.tree.items {
                self.collect_archetype(item, file);
                self.collect_currency(item, file);
            }
        }
        for (file, unit) in units.iter().enumerate() {
            let scope = self.scope_of(unit.prefix.clone());
            self.collect_items(&unit.tree.items, file, scope, None);
        }
    }

    fn scope_of(&mut self, name: EcoString) -> usize {
        self.scopes.iter().position(|s| *s == name).unwrap_or_else(|| {
            self.scopes.push(name);
            self.scopes.len() - 1
        })
    }

    fn collect_archetype(&mut self, item: &'t Item, file: usize) {
        if item.key() != Some("archetype") || item.is_step() {
            return;
        }
        let head = head_of(item, Presence::Required);
        let Some(name) = head.name else {
            return self.report_missing_name(
                item,
                "archetype",
                "archetype web_tier = service { replicas 6 }",
            );
        };
        let base = head
            .defined
            .as_ref()
            .and_then(|d| d.first())
            .and_then(|e| e.path())
            .map(|path| Name { text: path.text(), span: path.span });
        if base.is_none() {
            let finding = Finding::new(
                language::MISSING_ARGUMENT,
                item.header(),
                format!("archetype `{}` needs the keyword that it refines", name.text),
            );
            self.report(finding.help("write it as in `archetype web_tier = service { replicas 6 }`"));
        }
        let taken = Kind::of(&name.text).is_some() || statement(&name.text).is_some();
        if taken {
            let finding = Finding::new(
                language::DUPLICATE_NAME,
                name.span,
                format!("`{}` is a keyword of the language", name.text),
            );
            self.report(finding.help("give the archetype another name"));
            return;
        }
        if let Some(earlier) = self.archetypes.get(&name.text) {
            let finding = duplicate(&name.text, name.span, earlier.name);
            return self.report(finding);
        }
        let pending = Pending { item, scope: 0, file, group: None };
        self.archetypes
            .insert(name.text.clone(), Archetype { base, pending, name: name.span, props: Vec::new() });
    }

    fn collect_currency(&mut self, item: &'t Item, _file: usize) {
        if item.key() != Some("currency") || item.is_step() {
            return;
        }
        let head = head_of(item, Presence::Required);
        let Some(name) = head.name else {
            return self.report_missing_name(item, "currency", "currency EUR 1.08 USD");
        };
        let rate = match head.rest.first() {
            None => Some(Quantity { value: 1.0, ..Quantity::default() }),
            Some(expr) => self.evaluate(expr, 0, &mut Vec::new()),
        };
        if let Some(rate) = rate
            && !self.unit_table.add_currency(&name.text, rate.value)
        {
            let finding = Finding::new(
                language::DUPLICATE_NAME,
                name.span,
                format!("`{}` is a unit already", name.text),
            );
            self.report(finding.help("a currency is three capital letters that no other unit has"));
        }
    }

    /// The kind that a keyword stands for, archetypes followed to their end.
    pub(super) fn kind_of(&self, keyword: &str) -> Option<Kind> {
        let mut at = keyword;
        for _ in 0..=self.archetypes.len() {
            if let Some(kind) = Kind::of(at) {
                return Some(kind);
            }
            at = self.archetypes.get(at)?.base.as_ref()?.text.as_str();
        }
        None
    }

    fn collect_items(&mut self, items: &'t [Item], file: usize, scope: usize, group: Option<GroupId>) {
        for item in items {
            if item.args.is_empty() {
                continue;
            }
            let pending = Pending { item, scope, file, group };
            if item.is_step() {
                self.relations.push(pending);
                continue;
            }
            let Some(word) = item.key() else {
                if !matches!(item.args.first(), Some(crate::syntax::Arg::Hole(_))) {
                    self.report(
                        Finding::new(language::SYNTAX_ERROR, item.header(), "an item begins with a keyword")
                            .help("write a keyword such as `service`, or a relation such as `api -> posts`"),
                    );
                }
                continue;
            };
            if Kind::of(word).is_some() || self.archetypes.contains_key(word) {
                self.collect_element(pending, word);
            } else if let Some(statement) = statement(word) {
                self.collect_statement(pending, statement);
            } else if group.is_some() && group_property(word) {
                // Lowered with the group itself.
            } else {
                self.report_unknown_keyword(item, word, group.is_some());
            }
        }
    }

    fn collect_element(&mut self, pending: Pending<'t>, keyword: &str) {
        let Some(kind) = self.kind_of(keyword) else {
            return self.report_baseless_archetype(pending.item, keyword);
        };
        let head = head_of(pending.item, Presence::Required);
        let Some(name) = &head.name else {
            let example = format!("{keyword} my_{keyword}");
            return self.report_missing_name(pending.item, keyword, &example);
        };
        self.report_extra(keyword, &head.rest);
        let declared = self.declared(pending, name, head.title.clone());
        let id = ElementId(self.model.elements.len() as u32);
        if !self.declare(Space::Things, &declared, Entity::Element(id)) {
            return;
        }
        self.model.elements.push(Element {
            head: declared,
            kind,
            keyword: keyword.into(),
            technology: None,
            group: pending.group,
            props: Props::default(),
        });
        self.elements.push(pending);
    }

    fn report_baseless_archetype(&mut self, item: &Item, keyword: &str) {
        let Some(archetype) = self.archetypes.get(keyword) else { return };
        let Some(base) = archetype.base.clone() else { return };
        let name = archetype.name;
        if self.archetypes.contains_key(&base.text) {
            let finding = Finding::new(
                language::CONSTANT_CYCLE,
                base.span,
                format!("archetype `{keyword}` refines itself"),
            );
            self.report(
                finding
                    .related(name, "declared here")
                    .help("let one of the circle refine a kind such as `service`"),
            );
        } else {
            let finding = Finding::new(
                language::UNKNOWN_KEYWORD,
                base.span,
                format!("`{}` is no kind of element", base.text),
            )
            .related(item.header(), format!("`{keyword}` is used here"));
            let keywords = ELEMENT_KEYWORDS.iter().map(|k| k.word);
            self.report(finding.near(&base.text, keywords, Applicability::Safe));
        }
    }

    fn collect_statement(&mut self, pending: Pending<'t>, statement: &'static Statement) {
        let in_group = pending.group.is_some();
        if in_group
            && !matches!(
                statement.word,
                "group"
                    | "data"
                    | "flow"
                    | "let"
                    | "defaults"
                    | "role"
                    | "alert"
                    | "decision"
                    | "risk"
                    | "invariant"
                    | "target"
                    | "functional"
                    | "access"
                    | "migration"
            )
        {
            let finding = Finding::new(
                language::MISPLACED_ITEM,
                pending.item.header(),
                format!("`{}` stands at the top of a file, not in a group", statement.word),
            );
            return self.report(finding.help("move it out of the group"));
        }
        match statement.word {
            "import" => self.check_import(pending.item),
            "archetype" | "currency" => {}
            "defaults" => self.collect_defaults(pending),
            "group" => self.collect_group(pending),
            "region" | "nodes" | "data" | "flow" | "let" | "role" | "scenario" => {
                self.collect_named(pending, statement);
            }
            _ => self.pending.push(pending),
        }
    }

    fn check_import(&mut self, item: &Item) {
        if import_of(item).is_none() {
            let finding = Finding::new(
                language::MISSING_ARGUMENT,
                item.header(),
                "`import` needs the path of a file, as a string",
            );
            self.report(finding.help("write it as in `import \"payments.sysd\" as payments`"));
        }
    }

    fn collect_defaults(&mut self, pending: Pending<'t>) {
        let head = head_of(pending.item, Presence::Never);
        let Some(path) = head.rest.first().and_then(|e| e.path()) else {
            let finding = Finding::new(
                language::MISSING_ARGUMENT,
                pending.item.header(),
                "`defaults` needs the keyword that it is for",
            );
            return self.report(finding.help("write it as in `defaults service { timeout 1s }`"));
        };
        let keyword = path.text();
        if self.kind_of(&keyword).is_none() && !WITH_DEFAULTS.contains(&keyword.as_str()) {
            let finding = Finding::new(
                language::UNKNOWN_KEYWORD,
                path.span,
                format!(
                    "`{keyword}` is neither a kind of element nor {}",
                    words::alternatives(&WITH_DEFAULTS)
                ),
            );
            let mut known = self.element_words();
            known.extend(WITH_DEFAULTS);
            return self.report(finding.near(&keyword, known, Applicability::Safe));
        }
        self.defaults[pending.file].entry(keyword).or_default().push(pending);
    }

    fn collect_group(&mut self, pending: Pending<'t>) {
        let head = head_of(pending.item, Presence::Required);
        let Some(name) = &head.name else {
            return self.report_missing_name(pending.item, "group", "group media \"Media\" { … }");
        };
        self.report_extra("group", &head.rest);
        let declared = self.declared(pending, name, head.title.clone());
        let id = GroupId(self.model.groups.len() as u32);
        let full = declared.name.clone();
        if !self.declare(Space::Things, &declared, Entity::Group(id)) {
            return;
        }
        self.model.groups.push(Group { head: declared, parent: pending.group, props: Props::default() });
        self.pending.push(pending);
        let scope = self.scopes.len();
        self.scopes.push(full);
        if let Some(Block { items, .. }) = &pending.item.block {
            self.collect_items(items, pending.file, scope, Some(id));
        }
    }

    fn collect_named(&mut self, pending: Pending<'t>, statement: &'static Statement) {
        let head = head_of(pending.item, statement.name);
        let Some(name) = &head.name else {
            return self.report_missing_name(pending.item, statement.word, statement.example);
        };
        let declared = self.declared(pending, name, head.title.clone());
        match statement.word {
            "region" => self.collect_region(pending, declared),
            "nodes" => {
                let id = NodesId(self.model.nodes.len() as u32);
                if self.declare(Space::Things, &declared, Entity::Nodes(id)) {
                    self.model.nodes.push(Nodes { head: declared, props: Props::default() });
                    self.pending.push(pending);
                }
            }
            "data" => self.collect_data(pending, declared),
            "flow" => self.collect_flow(pending, declared),
            "let" => self.collect_input(pending, declared, name, &head),
            "role" => {
                let id = RoleId(self.model.roles.len() as u32);
                if self.declare(Space::Roles, &declared, Entity::Role(id)) {
                    self.model.roles.push(Role { head: declared });
                }
            }
            _ => {
                let id = ScenarioId(self.model.scenarios.len() as u32);
                if self.declare(Space::Scenarios, &declared, Entity::Scenario(id)) {
                    self.model.scenarios.push(Scenario { head: declared, changes: Vec::new() });
                    self.pending.push(pending);
                }
            }
        }
        if statement.word != "let" {
            self.report_extra(statement.word, &head.rest);
        }
    }

    fn collect_region(&mut self, pending: Pending<'t>, declared: Declared) {
        let id = RegionId(self.model.regions.len() as u32);
        if self.declare(Space::Things, &declared, Entity::Region(id)) {
            self.model.regions.push(Region { head: declared, zones: 1, props: Props::default() });
            self.pending.push(pending);
        }
    }

    fn collect_data(&mut self, pending: Pending<'t>, declared: Declared) {
        let id = DataId(self.model.data.len() as u32);
        if self.declare(Space::Data, &declared, Entity::Data(id)) {
            self.numbers.borrow_mut().add_datum(id, pending);
            self.model.data.push(Data { head: declared, props: Props::default() });
            self.data.push(pending);
        }
    }

    fn collect_flow(&mut self, pending: Pending<'t>, declared: Declared) {
        let id = FlowId(self.model.flows.len() as u32);
        if self.declare(Space::Things, &declared, Entity::Flow(id)) {
            self.model.flows.push(Flow { head: declared, ..Flow::default() });
            self.flows.push(pending);
        }
    }

    fn collect_input(&mut self, pending: Pending<'t>, declared: Declared, name: &Name, head: &Head<'t>) {
        if self.unit_table.is_unit(&name.text) {
            let finding = Finding::new(
                language::DUPLICATE_NAME,
                name.span,
                format!(
                    "`{}` is a unit, so `let {}` would make `2 {}` ambiguous",
                    name.text, name.text, name.text
                ),
            );
            // It is declared all the same: what names it is not to be reported as well.
            self.report(finding.help("give the input another name"));
        }
        let values = head.defined.as_deref().unwrap_or(&[]);
        let Some(value) = values.first() else {
            let finding = Finding::new(
                language::MISSING_ARGUMENT,
                pending.item.header(),
                format!("`let {}` needs a value", name.text),
            );
            return self
                .report(finding.help("write it as in `let dau = 500M users \"where it comes from\"`"));
        };
        let note = values.get(1).and_then(|e| e.string()).cloned();
        self.report_extra_input_values(&name.text, values);
        let id = InputId(self.model.inputs.len() as u32);
        if self.declare(Space::Things, &declared, Entity::Input(id)) {
            self.numbers.borrow_mut().add_input(id, value, pending);
            let scalar = Scalar { quantity: Quantity::default(), span: value.span, inputs: Vec::new() };
            let percent =
                matches!(&value.kind, ExprKind::Number(n) if n.unit.is_none() && n.text.ends_with('%'));
            self.model.inputs.push(Input { head: declared, scalar, note, percent });
        }
    }

    fn report_extra_input_values(&mut self, name: &str, values: &[&'t crate::syntax::Expr]) {
        let extra = values.iter().skip(1).find(|e| e.string().is_none());
        if let Some(extra) = extra {
            let mut finding = Finding::new(
                language::MISPLACED_ITEM,
                extra.span,
                format!("`let {name}` has one value, and a second one stands here"),
            )
            .label("unexpected");
            finding.help = match extra.word() {
                Some(word) => words::did_you_mean(word, self.unit_table.names())
                    .map(|near| format!("`{word}` is no unit; {near}"))
                    .or_else(|| Some(format!("`{word}` is no unit; write the note in quotes"))),
                None => Some("write the note in quotes".to_string()),
            };
            finding.code = if extra.word().is_some() { language::UNKNOWN_UNIT } else { finding.code };
            self.report(finding);
        }
    }

    /// Declares a name; says so and answers `false` where it is taken.
    pub(super) fn declare(&mut self, space: Space, declared: &Declared, entity: Entity) -> bool {
        let entry = Entry { full: declared.name.clone(), entity, span: declared.name_span };
        match self.names.declare(space, entry) {
            Ok(()) => true,
            Err(earlier) => {
                self.report(duplicate(&declared.name, declared.name_span, earlier));
                false
            }
        }
    }

    /// Every keyword that declares an element.
    pub(super) fn element_words(&self) -> Vec<&str> {
        let mut words: Vec<&str> = ELEMENT_KEYWORDS.iter().map(|k| k.word).collect();
        let mut own: Vec<&str> = self.archetypes.keys().map(EcoString::as_str).collect();
        own.sort_unstable();
        words.extend(own);
        words
    }

    fn report_unknown_keyword(&mut self, item: &Item, word: &str, in_group: bool) {
        let span = item.args.first().map_or(item.span, crate::syntax::Arg::span);
        if let Some(property) = ELEMENT.property(word) {
            let place = if in_group {
                "a property of elements, not of a group"
            } else {
                "a property, not a statement"
            };
            let finding = Finding::new(language::MISPLACED_ITEM, span, format!("`{word}` is {place}"));
            return self.report(
                finding
                    .help(format!("write it inside the block of an element, as in `{}`", property.example)),
            );
        }
        let mut candidates = self.element_words();
        candidates.extend(STATEMENTS.iter().map(|s| s.word));
        let finding = Finding::new(language::UNKNOWN_KEYWORD, span, format!("`{word}` is no keyword"));
        let help = if item.args.len() == 1 {
            format!("an element is declared by its kind, as in `service {word}`")
        } else {
            "an item begins with a keyword such as `service`, `store` or `flow`".to_string()
        };
        self.report(finding.help(help).near(word, candidates, Applicability::Safe));
    }
}

fn group_property(word: &str) -> bool {
    statement("group").and_then(|s| s.block).is_some_and(|scope| scope.property(word).is_some())
}

fn duplicate(name: &str, span: Span, earlier: Span) -> Finding {
    Finding::new(language::DUPLICATE_NAME, span, format!("`{name}` is declared twice"))
        .label("declared again")
        .related(earlier, "declared first")
        .help("rename one of them, or put it into a group: `media.api` and `api` are two names")
}
