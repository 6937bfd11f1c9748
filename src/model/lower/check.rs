//! What can only be said when everything is there: counts against counts, zones, fields.

use super::Lowerer;
use crate::diagnostic::{Finding, language};
use crate::model::{Change, ElementId, Entity, Placement, Prop, Replicas, Value};
use crate::quantity::percent;
use crate::schema::{ELEMENT, Kind};
use crate::source::Span;
use crate::words;
use ecow::EcoString;
use rustc_hash::FxHashMap;

impl Lowerer<'_> {
    pub(super) fn check(&mut self) {
        for index in 0..self.model.elements.len() {
            let id = ElementId(index as u32);
            self.check_needs(id);
            self.check_copies(id);
            self.check_placement(id);
            self.check_homes(id);
            self.check_nodes(id);
            self.check_skew(id);
            self.check_managed(id);
            self.check_fields(id);
        }
        self.check_data();
        self.check_lookups();
        self.check_scenarios();
        self.link_alerts();
    }

    /// `needs` above `replicas` can never be met.
    fn check_needs(&mut self, id: ElementId) {
        let element = self.model.element(id);
        let Some(needs) = element.props.get("needs") else { return };
        let Some(n) = needs.quantity() else { return };
        let most = match element.replicas() {
            Some(Replicas::Fixed(n) | Replicas::Range(n, _)) => n,
            None if element.props.has("place") => return,
            None => 1,
        };
        if n.value() > f64::from(most) {
            let mut finding = Finding::new(
                language::OUT_OF_RANGE,
                needs.span,
                format!("`{}` needs {} replicas and has {most}", element.head.name, n.quantity),
            );
            if let Some(replicas) = element.props.get("replicas") {
                finding = finding.related(replicas.span, "so many there are");
            }
            self.report(finding.help("give it more replicas, or need fewer"));
        }
    }

    /// Quorums of more copies than there are.
    fn check_copies(&mut self, id: ElementId) {
        let element = self.model.element(id);
        let props = &element.props;
        let stated = |path: &str| props.at(path).and_then(|p| Some((p.quantity()?.value(), p.span)));
        let replicas = match (element.replicas(), props.get("replicas")) {
            (Some(Replicas::Fixed(n) | Replicas::Range(_, n)), Some(stated)) => {
                Some((f64::from(n), stated.span))
            }
            _ => None,
        };
        let factor = stated("replication.factor");
        let mut findings = Vec::new();
        let mut check = |path: &str, part: &str, whole: Option<(f64, Span)>, noun: &str| {
            let (Some((asked, span)), Some((there, place))) = (stated(path), whole) else { return };
            if asked > there {
                let message =
                    format!("{part} of `{}` is {asked}, and there are {there} {noun}", element.head.name);
                findings.push(
                    Finding::new(language::OUT_OF_RANGE, span, message)
                        .related(place, "so many there are")
                        .help(format!("ask for at most {there}, or have more {noun}")),
                );
            }
        };
        check("replication.factor", "the replication factor", replicas, "replicas");
        let copies = factor.map(|known| (known, "copies")).or(replicas.map(|known| (known, "replicas")));
        if let Some((known, noun)) = copies {
            check("min_in_sync", "`min_in_sync`", Some(known), noun);
            check("consistency.read", "the read quorum", Some(known), noun);
            check("consistency.write", "the write quorum", Some(known), noun);
        }
        for finding in findings {
            self.report(finding);
        }
    }

    /// A skew of shards that says nothing, or a law of popularity without its exponent.
    fn check_skew(&mut self, id: ElementId) {
        let element = self.model.element(id);
        let Some(skew) = element.props.at("shard.skew") else { return };
        let message = match (skew.word(), skew.quantity()) {
            (None, None) => "`skew` needs a factor, or how popularity is spread over the keys",
            (Some("zipf"), None) => "`skew zipf` needs the exponent of the law",
            _ => return,
        };
        let finding = Finding::new(language::MISSING_ARGUMENT, skew.span, message);
        self.report(finding.help("write it as in `skew 1.5x`, or `keys 10M, skew zipf 0.9`"));
    }

    /// Containers where there are several kinds of machines, and nothing says which.
    fn check_nodes(&mut self, id: ElementId) {
        let element = self.model.element(id);
        if element.containers() != Some(None) || self.model.nodes.len() < 2 {
            return;
        }
        let Some(runs) = element.props.all("runs").find(|p| p.word() == Some("containers")) else { return };
        let names: Vec<&str> = self.model.nodes.iter().map(|n| n.head.short.as_str()).collect();
        let message =
            format!("`{}` runs containers, and there are several kinds of nodes", element.head.name);
        let help = format!(
            "say on which, as in `runs containers on {}`: there are {}",
            names[0],
            words::enumeration(&names)
        );
        self.report(Finding::new(language::MISSING_ARGUMENT, runs.span, message).help(help));
    }

    /// People in regions: their shares are those of one whole.
    fn check_homes(&mut self, id: ElementId) {
        let element = self.model.element(id);
        let homes = element.homes();
        let Some(first) = element.props.get("in").filter(|_| element.kind == Kind::Actor) else { return };
        let sum: f64 = homes.iter().map(|h| h.1).sum();
        // Shares are written as decimal numbers, which rarely add up to 1 exactly.
        if (sum - 1.0).abs() <= 1e-9 {
            return;
        }
        let shown = percent(sum);
        let message = format!("the regions of `{}` hold {shown} of its people", element.head.name);
        let finding = Finding::new(language::OUT_OF_RANGE, first.span, message)
            .help("let the shares add up to 100%; a region without a share holds what the others leave");
        self.report(finding);
    }

    /// Zones that do not exist, and more replicas placed than there are.
    fn check_placement(&mut self, id: ElementId) {
        let element = self.model.element(id);
        let Some(place) = element.props.get("place") else { return };
        let Placement::Explicit(places) = element.placement() else { return };
        let total: u32 = places.iter().map(|p| p.2).sum();
        let mut findings = Vec::new();
        for prop in place.block.iter().flat_map(|b| &b.entries) {
            for entity in prop.entities() {
                findings.extend(self.missing_zone(entity, prop.span));
            }
        }
        let element = self.model.element(id);
        if let (Some(Replicas::Fixed(n)), Some(stated)) = (element.replicas(), element.props.get("replicas"))
            && n != total
        {
            findings.push(
                Finding::new(
                    language::OUT_OF_RANGE,
                    place.span,
                    format!("`{}` has {n} replicas and {total} are placed", element.head.name),
                )
                .related(stated.span, "so many there are")
                .help("place every replica, or leave `replicas` out: the places say how many there are"),
            );
        }
        for finding in findings {
            self.report(finding);
        }
    }

    /// The finding that a zone is not there, if so.
    fn missing_zone(&self, entity: Entity, span: Span) -> Option<Finding> {
        match entity {
            Entity::Zone(Some(region), zone) => {
                let region = self.model.region(region);
                (zone == 0 || zone > region.zones).then(|| {
                    let zones = if region.zones == 1 {
                        "1 zone".to_string()
                    } else {
                        format!("{} zones", region.zones)
                    };
                    Finding::new(
                        language::UNKNOWN_NAME,
                        span,
                        format!("region `{}` has {zones}, so there is no `zone{zone}`", region.head.name),
                    )
                    .related(region.head.span, "declared here")
                    .help(format!("its zones are `zone1` … `zone{}`", region.zones))
                })
            }
            Entity::Zone(None, zone) => {
                let most =
                    self.model.elements.iter().filter_map(|e| e.props.number("zones")).fold(0.0, f64::max);
                (zone == 0 || f64::from(zone) > most).then(|| {
                    Finding::new(language::UNKNOWN_NAME, span, format!("there is no zone named `zone{zone}`"))
                        .help("zones without a region come from `zones N` of an element; write `us.zone1` for one of a region")
                })
            }
            _ => None,
        }
    }

    /// Replicas of what is not yours to replicate.
    fn check_managed(&mut self, id: ElementId) {
        let element = self.model.element(id);
        let external = element.kind == crate::schema::Kind::External;
        let actor = element.kind == crate::schema::Kind::Actor;
        if !external && !actor {
            return;
        }
        let why = if external {
            "is somebody else's: its availability is of the whole"
        } else {
            "stands for people, who never fail"
        };
        let name = element.head.name.clone();
        let spans: Vec<(&'static str, Span)> = ["replicas", "needs", "zones", "place"]
            .into_iter()
            .filter_map(|key| element.props.get(key).map(|p| (key, p.span)))
            .collect();
        for (key, span) in spans {
            let finding =
                Finding::new(language::MISPLACED_ITEM, span, format!("`{name}` {why}, so it has no `{key}`"));
            let help = if external { "give it an `availability`" } else { "leave it out" };
            self.report(finding.help(help));
        }
    }

    /// `by` and `index` must name a field where the data held here declare theirs.
    fn check_fields(&mut self, id: ElementId) {
        let element = self.model.element(id);
        let held: Vec<_> = element.holds().collect();
        let fields: Vec<EcoString> =
            held.iter().flat_map(|d| fields_of(self.model.datum(*d).props.get("fields"))).collect();
        if held.is_empty() || held.iter().any(|d| !self.model.datum(*d).props.has("fields")) {
            return;
        }
        let mut findings = Vec::new();
        for (key, slot) in [("shard.by", "key"), ("index", "fields")] {
            let props: Vec<&Prop> = if key == "index" {
                element.props.all("index").collect()
            } else {
                element.props.at(key).into_iter().collect()
            };
            for filled in props.iter().flat_map(|p| p.values_of(slot)) {
                if let Value::Name(name) = &filled.value
                    && !fields.contains(name)
                {
                    let message = format!("`{name}` is no field of what `{}` holds", element.head.name);
                    findings.push(unknown_field(name, filled.span, &fields, message));
                }
            }
        }
        for finding in findings {
            self.report(finding);
        }
    }

    /// `key` must be one of the fields.
    fn check_data(&mut self) {
        let mut findings = Vec::new();
        for datum in &self.model.data {
            let fields: Vec<EcoString> = fields_of(datum.props.get("fields")).collect();
            if fields.is_empty() {
                continue;
            }
            if let Some(filled) = datum.props.get("key").and_then(|p| p.values.first())
                && let Value::Name(name) = &filled.value
                && !fields.contains(name)
            {
                let message = format!("`{name}` is no field of what `{}` holds", datum.head.name);
                findings.push(unknown_field(name, filled.span, &fields, message));
            }
        }
        for finding in findings {
            self.report(finding);
        }
    }

    /// `by` of a step must name a field of what it touches, where all of it declares its fields.
    fn check_lookups(&mut self) {
        let mut findings = Vec::new();
        for step in self.model.flows.iter().flat_map(|f| &f.steps) {
            let Some(by) = step.props.get("by") else { continue };
            let touched: Vec<_> = step.data().map(|d| self.model.datum(d)).collect();
            if touched.is_empty() || touched.iter().any(|d| !d.props.has("fields")) {
                continue;
            }
            let fields: Vec<EcoString> =
                touched.iter().flat_map(|d| fields_of(d.props.get("fields"))).collect();
            for filled in by.values_of("fields") {
                if let Value::Name(name) = &filled.value
                    && !fields.contains(name)
                {
                    let message = format!("`{name}` is no field of what the step touches");
                    findings.push(unknown_field(name, filled.span, &fields, message));
                }
            }
        }
        for finding in findings {
            self.report(finding);
        }
    }

    fn check_scenarios(&mut self) {
        let mut findings = Vec::new();
        for scenario in &self.model.scenarios {
            let mut known: FxHashMap<(&str, u32), Span> = FxHashMap::default();
            for change in &scenario.changes {
                let (what, span) = match change {
                    Change::Fail(entity, span) => {
                        findings.extend(self.missing_zone(*entity, *span));
                        continue;
                    }
                    Change::Rate(flow, by) => (("rate", flow.map_or(u32::MAX, |f| f.0)), by.span),
                    Change::Hit(element, share) => (("hit", element.0), share.span),
                    Change::Latency(element, by) => (("latency", element.0), by.span),
                    Change::Property(_, prop) if ELEMENT.property(prop.key).is_some_and(|p| p.repeats) => {
                        continue;
                    }
                    Change::Property(element, prop) => ((prop.key, element.0), prop.span),
                };
                if let Some(first) = known.insert(what, span) {
                    let message = format!("`{}` changes `{}` of one thing twice", scenario.head.name, what.0);
                    findings.push(
                        Finding::new(language::DUPLICATE_NAME, span, message)
                            .related(first, "changed here already")
                            .help("keep one of them: a scenario is one state of the design"),
                    );
                }
            }
        }
        for finding in findings {
            self.report(finding);
        }
    }

    fn link_alerts(&mut self) {
        let targets: FxHashMap<&EcoString, usize> =
            self.model.targets.iter().enumerate().map(|(i, t)| (&t.head.name, i)).collect();
        for alert in self.model.alerts.iter_mut().filter(|a| a.entity.is_none()) {
            alert.target = targets.get(&alert.subject).copied();
        }
    }
}

fn fields_of(prop: Option<&Prop>) -> impl Iterator<Item = EcoString> + '_ {
    prop.into_iter().flat_map(|p| &p.values).filter_map(|f| match &f.value {
        Value::Name(name) => Some(name.clone()),
        _ => None,
    })
}

fn unknown_field(name: &str, span: Span, fields: &[EcoString], message: String) -> Finding {
    let mut finding = Finding::new(language::UNKNOWN_NAME, span, message);
    finding.help = words::did_you_mean(name, fields.iter().map(EcoString::as_str))
        .or_else(|| Some(format!("the fields are {}", words::enumeration(fields))));
    finding
}
