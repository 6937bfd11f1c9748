//! Properties of a block, typed by its scope in the schema.

use super::names::Space;
use super::values::{Context, contains_hole};
use super::{Lowerer, Pending};
use crate::catalog::Setting;
use crate::diagnostic::{Applicability, Finding, language};
use crate::model::{Allow, Entity, Filled, Origin, Prop, Props, Value};
use crate::schema::{Content, Kind, Measure, Property, Scope, Slot, Type};
use crate::source::Span;
use crate::syntax::{Arg, Expr, ExprKind, Item, Separator};
use crate::words;
use ecow::EcoString;

/// Whose properties are lowered.
#[derive(Clone, Copy)]
pub(super) struct Owner<'a> {
    /// The scope of the schema.
    pub(super) scope: &'static Scope,
    /// The kind, where the owner is an element.
    pub(super) kind: Option<Kind>,
    /// Settings of its technology: properties that choose a deployment variant.
    pub(super) settings: &'static [Setting],
    /// Its full name, for `allow`.
    pub(super) subject: Option<&'a EcoString>,
    /// The whole declaration, for `allow`.
    pub(super) span: Span,
    pub(super) origin: Origin,
}

impl<'a> Owner<'a> {
    /// Of a declaration that is no element, as it stands in the text.
    pub(super) fn of(scope: &'static Scope, subject: Option<&'a EcoString>, span: Span) -> Self {
        Owner { scope, kind: None, settings: &[], subject, span, origin: Origin::Own }
    }
}

impl<'t> Lowerer<'t> {
    /// The properties among `items`; what is none is reported, unless `skip` takes it.
    pub(super) fn props(
        &mut self,
        items: &'t [Item],
        owner: Owner,
        pending: Pending<'t>,
        skip: &dyn Fn(&Item) -> bool,
    ) -> Props {
        let mut props = Props::default();
        let mut previous: Option<&'static Property> = None;
        for item in items.iter().filter(|i| !i.args.is_empty() && !skip(i)) {
            previous = self.prop(item, owner, pending, previous, &mut props);
        }
        props.entries.shrink_to_fit();
        props
    }

    fn prop(
        &mut self,
        item: &'t Item,
        owner: Owner,
        pending: Pending<'t>,
        previous: Option<&'static Property>,
        props: &mut Props,
    ) -> Option<&'static Property> {
        if matches!(item.args.first(), Some(Arg::Hole(_))) {
            return None;
        }
        let Some(key) = item.key().filter(|_| !item.is_step()) else {
            self.report_no_property(item, owner);
            return None;
        };
        let Some(property) = owner.scope.property(key) else {
            if let Some(setting) = owner.settings.iter().find(|s| s.key == key) {
                props.entries.extend(self.setting(item, setting, owner, pending));
                return None;
            }
            self.report_unknown_property(item, key, owner, previous);
            return previous.filter(|_| item.lead == Separator::Comma);
        };
        if let Some(kind) = owner.kind
            && !property.kinds.contains(kind)
        {
            self.report_wrong_kind(item, property, kind);
            return Some(property);
        }
        if let Some(earlier) = props.get(property.key)
            && !property.repeats
        {
            let finding =
                Finding::new(language::DUPLICATE_NAME, item.header(), format!("`{key}` is given twice"));
            let finding =
                finding.label("given again").related(earlier.span, "given first").help("keep one of them");
            self.report(finding);
            return Some(property);
        }
        if let Some(prop) = self.typed(item, property, owner, pending) {
            if property.key == "allow" {
                self.collect_allow(&prop, owner);
            }
            props.entries.push(prop);
        }
        Some(property)
    }

    /// A property that only this technology has: a bare word, or one value.
    fn setting(
        &mut self,
        item: &'t Item,
        setting: &'static Setting,
        owner: Owner,
        pending: Pending<'t>,
    ) -> Option<Prop> {
        let at = Context { key: setting.key, example: "aof everysec", pending };
        let mut values = Vec::new();
        for expr in item.args.iter().skip(1).filter_map(Arg::value) {
            let value = match expr.word() {
                Some(word) => Value::Name(word.into()),
                None => Value::Quantity(self.scalar(expr, Measure::Any, at)?),
            };
            values.push(Filled { slot: "value", value, span: expr.span });
        }
        let offered = setting.values;
        if let Some(Value::Name(word)) = values.first().map(|f| &f.value)
            && !offered.iter().any(|o| o == word)
            && !offered.iter().any(|o| o.starts_with(">="))
        {
            let finding = Finding::new(
                language::WRONG_TYPE,
                item.header(),
                format!("`{}` expects {}, found `{word}`", setting.key, words::alternatives(offered)),
            );
            self.report(finding);
            return None;
        }
        Some(Prop { key: setting.key, values, block: None, span: item.span, origin: owner.origin })
    }

    /// Values and block of one property.
    pub(super) fn typed(
        &mut self,
        item: &'t Item,
        property: &'static Property,
        owner: Owner,
        pending: Pending<'t>,
    ) -> Option<Prop> {
        let at = Context { key: property.key, example: property.example, pending };
        let block = self.block(item, property, owner, pending);
        let values = self.slots(
            item,
            property.slots,
            at,
            block.is_some() && property.block_replaces_values,
            Some(owner.scope),
        )?;
        if property.slots.is_empty() && property.block.is_some() && block.is_none() {
            let finding = Finding::new(
                language::MISSING_ARGUMENT,
                item.header(),
                format!("`{}` needs a block", property.key),
            );
            self.report(finding.help(format!("write it as in `{}`", property.example)));
            return None;
        }
        Some(Prop { key: property.key, values, block, span: item.span, origin: owner.origin })
    }

    fn block(
        &mut self,
        item: &'t Item,
        property: &'static Property,
        owner: Owner,
        pending: Pending<'t>,
    ) -> Option<Props> {
        let block = item.block.as_ref()?;
        let Some(scope) = property.block else {
            let finding = Finding::new(
                language::MISPLACED_ITEM,
                block.span,
                format!("`{}` takes no block", property.key),
            );
            self.report(finding.help(format!("write it as in `{}`", property.example)));
            return None;
        };
        let inner = Owner { scope, kind: None, settings: &[], ..owner };
        Some(match scope.content {
            Content::Places => self.places(&block.items, pending, owner.origin),
            _ => self.props(&block.items, inner, pending, &|_| false),
        })
    }

    /// Fills slots with the arguments behind the key.
    pub(super) fn slots(
        &mut self,
        item: &'t Item,
        slots: &'static [Slot],
        at: Context<'t>,
        may_be_empty: bool,
        scope: Option<&'static Scope>,
    ) -> Option<Vec<Filled>> {
        let exprs: Vec<&'t Expr> = item.args.iter().skip(1).filter_map(Arg::value).collect();
        if item.args.iter().any(|a| matches!(a, Arg::Hole(_))) || exprs.iter().any(|e| contains_hole(e)) {
            return None;
        }
        self.fill(&exprs, slots, at, may_be_empty, scope, item.header())
    }

    /// Fills slots with these values; `None` where something was reported.
    pub(super) fn fill(
        &mut self,
        exprs: &[&'t Expr],
        slots: &'static [Slot],
        at: Context<'t>,
        may_be_empty: bool,
        scope: Option<&'static Scope>,
        header: Span,
    ) -> Option<Vec<Filled>> {
        if let Some((expr, near)) = self.slipped_unit(exprs, slots) {
            let word = expr.word().unwrap_or("");
            let finding = Finding::new(language::UNKNOWN_UNIT, expr.span, format!("`{word}` is no unit"));
            self.report(finding.meant(&near, Applicability::Unsafe));
            return None;
        }
        // Nearly every property has as many values as arguments: a vector that grows would keep room for four.
        let mut filled = Vec::with_capacity(exprs.len());
        let mut rest = exprs;
        let mut sound = true;
        for (i, slot) in slots.iter().enumerate() {
            if let Some(lead) = slot.lead {
                match rest.split_first() {
                    Some((first, tail)) if first.word() == Some(lead) => rest = tail,
                    _ if slot.optional || may_be_empty => continue,
                    _ => {
                        self.report_missing(slot, at, header);
                        return None;
                    }
                }
            }
            let more = slots.get(i + 1..).unwrap_or(&[]);
            let taken = self.take(&mut rest, slot, more, at, &mut filled, &mut sound);
            if taken == 0 && (slot.lead.is_some() || !slot.optional && !may_be_empty) {
                self.report_missing(slot, at, header);
                return None;
            }
        }
        if let Some(extra) = rest.first() {
            self.report_surplus(extra, at, scope);
            return None;
        }
        sound.then_some(filled)
    }

    /// Takes the values of one slot; how many there were.
    fn take(
        &mut self,
        rest: &mut &[&'t Expr],
        slot: &'static Slot,
        more: &'static [Slot],
        at: Context<'t>,
        filled: &mut Vec<Filled>,
        sound: &mut bool,
    ) -> usize {
        let mut taken = 0;
        while let Some((first, tail)) = rest.split_first() {
            if first.word().is_some_and(|w| more.iter().any(|s| s.lead == Some(w))) {
                break;
            }
            // A slot that may be left out, or that repeats, gives way to what does not fit it.
            let yields = slot.optional || (slot.many && taken > 0);
            if yields && !self.fits(first, slot.ty, at) && slot.lead.is_none() {
                break;
            }
            *rest = tail;
            taken += 1;
            match &first.kind {
                ExprKind::List(items) if slot.many => {
                    for item in items {
                        self.fill_one(item, slot, at, filled, sound);
                    }
                }
                _ => self.fill_one(first, slot, at, filled, sound),
            }
            if !slot.many {
                break;
            }
        }
        taken
    }

    fn fill_one(
        &mut self,
        expr: &'t Expr,
        slot: &'static Slot,
        at: Context<'t>,
        filled: &mut Vec<Filled>,
        sound: &mut bool,
    ) {
        match self.value(expr, slot.ty, at) {
            Some(value) => filled.push(Filled { slot: slot.name, value, span: expr.span }),
            None => *sound = false,
        }
    }

    fn report_missing(&mut self, slot: &Slot, at: Context, header: Span) {
        let what = expectation(slot.ty);
        let lead = slot.lead.map_or(String::new(), |l| format!(" behind `{l}`"));
        let finding =
            Finding::new(language::MISSING_ARGUMENT, header, format!("`{}` needs {what}{lead}", at.key));
        self.report(finding.help(format!("write it as in `{}`", at.example)));
    }

    fn report_surplus(&mut self, extra: &Expr, at: Context, scope: Option<&'static Scope>) {
        if let (Some(word), Some(scope)) = (extra.word(), scope)
            && scope.property(word).is_some()
        {
            let before = Span { end: extra.span.start, start: extra.span.start, ..extra.span };
            let finding = Finding::new(
                language::SYNTAX_ERROR,
                extra.span,
                format!("a comma is missing before `{word}`"),
            )
            .label("begins a property of its own")
            .help("separate properties by a comma or a new line")
            .fix("insert a comma", vec![(before, ", ".to_string())], Applicability::Safe);
            return self.report(finding);
        }
        if extra.string().is_some() && at.key != "allow" {
            let finding = Finding::new(
                language::MISPLACED_ITEM,
                extra.span,
                format!("the title of `{}` stands right behind its name", at.key),
            );
            return self.report(finding.label("too late").help(format!("write it as in `{}`", at.example)));
        }
        let finding = Finding::new(
            language::MISPLACED_ITEM,
            extra.span,
            format!("`{}` takes no further value", at.key),
        );
        self.report(finding.label("unexpected").help(format!("write it as in `{}`", at.example)));
    }

    /// A word behind a bare number that looks like a unit written wrong, and what was probably meant.
    fn slipped_unit<'e>(&self, exprs: &[&'e Expr], slots: &[Slot]) -> Option<(&'e Expr, Vec<String>)> {
        exprs.windows(2).find_map(|pair| {
            let [ExprKind::Number(number), _] = [&pair[0].kind, &pair[1].kind] else { return None };
            let word = pair[1].word()?;
            let is_lead = slots.iter().any(|s| s.lead == Some(word));
            if number.unit.is_some() || is_lead || number.text.ends_with(['%', 'x']) {
                return None;
            }
            // By the table's own likeness, which knows `seconds` for `s`; else by spelling alone.
            let mut near = self.unit_table.nearest(word);
            if near.is_empty() {
                near =
                    words::nearest(word, self.unit_table.names()).into_iter().map(str::to_string).collect();
            }
            (!near.is_empty()).then_some((pair[1], near))
        })
    }

    fn report_no_property(&mut self, item: &Item, owner: Owner) {
        let what = if item.is_step() { "a step" } else { "this" };
        let finding = Finding::new(
            language::MISPLACED_ITEM,
            item.header(),
            format!(
                "{what} does not belong in {} `{}` block",
                words::article(owner.scope.name),
                owner.scope.name
            ),
        );
        let help = if item.is_step() {
            "steps belong in a flow; relations stand at the top of a file or in a group"
        } else {
            "a property begins with its key"
        };
        self.report(finding.help(help));
    }

    fn report_unknown_property(
        &mut self,
        item: &Item,
        key: &str,
        owner: Owner,
        previous: Option<&'static Property>,
    ) {
        let span = item.args.first().map_or(item.span, Arg::span);
        if item.lead == Separator::Comma
            && item.args.len() == 1
            && let Some(previous) = previous
            && previous.slots.iter().any(|s| s.many)
        {
            let finding = Finding::new(
                language::SYNTAX_ERROR,
                span,
                format!("a comma starts a new property, and `{key}` is none"),
            )
            .label("meant as a further value?")
            .help(format!("several values stand side by side: `{}`", previous.example));
            return self.report(finding);
        }
        let owner_name = owner.kind.map_or(owner.scope.name, Kind::word);
        let candidates: Vec<&str> = owner
            .scope
            .properties
            .iter()
            .filter(|p| owner.kind.is_none_or(|k| p.kinds.contains(k)))
            .map(|p| p.key)
            .collect();
        let finding = Finding::new(
            language::UNKNOWN_PROPERTY,
            span,
            format!("{} `{owner_name}` has no property `{key}`", words::article(owner_name)),
        );
        let finding = finding.help(property_help(owner_name, &candidates));
        self.report(finding.near(key, candidates.iter().copied(), Applicability::Safe));
    }

    fn report_wrong_kind(&mut self, item: &Item, property: &'static Property, kind: Kind) {
        let owners: Vec<&str> = crate::schema::ELEMENT_KEYWORDS
            .iter()
            .filter(|k| property.kinds.contains(k.kind))
            .map(|k| k.word)
            .collect();
        let finding = Finding::new(
            language::MISPLACED_ITEM,
            item.header(),
            format!(
                "`{}` does not belong to {} `{}`",
                property.key,
                words::article(kind.word()),
                kind.word()
            ),
        );
        self.report(finding.help(format!("it is a property of {}", words::alternatives(&owners))));
    }

    fn collect_allow(&mut self, prop: &Prop, owner: Owner) {
        let Some(Value::Name(rule)) = prop.value("rule") else { return };
        let until = match prop.value("until") {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        };
        self.model.allows.push(Allow {
            rule: rule.clone(),
            reason: prop.text().cloned(),
            until,
            span: prop.span,
            scope: owner.span,
            subject: owner.subject.cloned(),
        });
    }

    /// `place { us.zone1 2, us.zone2 1 }`.
    fn places(&mut self, items: &'t [Item], pending: Pending<'t>, origin: Origin) -> Props {
        let at = Context { key: "place", example: "place { us.zone1 2, us.zone2 1 }", pending };
        let mut props = Props::default();
        for item in items {
            let mut exprs = item.args.iter().filter_map(Arg::value);
            let (Some(place), Some(count), None) = (exprs.next(), exprs.next(), exprs.next()) else {
                let finding = Finding::new(
                    language::MISSING_ARGUMENT,
                    item.header(),
                    "a place is a zone and how many replicas stand there",
                );
                self.report(finding.help("write it as in `place { us.zone1 2, us.zone2 1 }`"));
                continue;
            };
            let zone = place.path().and_then(|p| self.zone(p, pending));
            let entity = match zone {
                Some(zone) => Some(Value::Entity(zone)),
                None => self
                    .entity(place, Space::Things, at, "a region or zone", |e| matches!(e, Entity::Region(_))),
            };
            let count = self.scalar(count, crate::schema::Measure::Whole, at);
            if let (Some(entity), Some(scalar)) = (entity, count) {
                let values = vec![
                    Filled { slot: "place", value: entity, span: place.span },
                    Filled { slot: "count", span: scalar.span, value: Value::Quantity(scalar) },
                ];
                props.entries.push(Prop { key: "at", values, block: None, span: item.span, origin });
            }
        }
        props
    }
}

fn property_help(owner: &str, candidates: &[&str]) -> String {
    if candidates.len() <= 8 {
        format!("its properties are {}", words::enumeration(candidates))
    } else {
        format!("`sysd explain {owner}` lists its properties")
    }
}

fn expectation(ty: Type) -> String {
    match ty {
        Type::Quantity(measure) | Type::Range(measure) => measure.expectation().to_string(),
        Type::Word(choices) => words::alternatives(&crate::schema::words(choices).collect::<Vec<_>>()),
        Type::WordOrQuantity(choices, measure) => format!(
            "{}, or {}",
            measure.expectation(),
            words::alternatives(&crate::schema::words(choices).collect::<Vec<_>>())
        ),
        Type::Text => "a string".to_string(),
        Type::Date => "a date".to_string(),
        Type::YesNo => "`yes` or `no`".to_string(),
        Type::Element => "the name of an element".to_string(),
        Type::Region => "the name of a region".to_string(),
        Type::Nodes => "the name of a pool of nodes".to_string(),
        Type::Data => "the name of a datum".to_string(),
        Type::Role => "the name of a role".to_string(),
        Type::Flow => "the name of a flow".to_string(),
        Type::Scenario => "the name of a scenario".to_string(),
        Type::Subject => "the name of an element, group or flow".to_string(),
        Type::Failable => "the name of an element, group, region or zone".to_string(),
        Type::Level => "a consistency or isolation model".to_string(),
        Type::Rule => "the name or code of a rule".to_string(),
        Type::Field | Type::AnyWord => "a word".to_string(),
        Type::Condition => "a condition".to_string(),
    }
}

/// Own properties first, then those of `base` that the own ones do not give; blocks are merged key by key.
pub(super) fn merged(mut own: Props, base: &Props, scope: &'static Scope) -> Props {
    for prop in &base.entries {
        let repeats = scope.property(prop.key).is_some_and(|p| p.repeats);
        let block_scope = scope.property(prop.key).and_then(|p| p.block);
        match own.entries.iter_mut().find(|p| p.key == prop.key) {
            Some(mine) if !repeats => {
                if let (Some(theirs), Some(scope)) = (&prop.block, block_scope)
                    && let Some(inner) = mine.block.take()
                {
                    mine.block = Some(merged(inner, theirs, scope));
                }
            }
            _ => own.entries.push(prop.clone()),
        }
    }
    own.entries.shrink_to_fit();
    own
}
