//! Requirements and their verdicts: what flows require, targets, functional requirements, invariants,
//! recovery. What reliability and consistency judge is asked of them by [`Question`].

use super::condition::{self, Outcome};
use super::derivation::FactId;
use super::facts::{Facts, FlowFacts, Requirement, Status};
use super::{Analysis, consistency, reliability};
use crate::model::{FlowId, Model, Prop, ScenarioId, Target};
use crate::quantity::UnitTable;
use crate::source::Span;
use ecow::{EcoString, eco_format};

/// A promise that another analysis judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// `loss none` of a flow.
    Loss(FlowId),
    /// `available under partition` of a flow.
    AvailableUnderPartition(FlowId),
    /// `revocable yes` of a flow.
    Revocable(FlowId),
    /// An invariant, by position.
    Invariant(usize),
    /// `recovery { rpo }`.
    Rpo,
    /// `recovery { rto }`.
    Rto,
    /// `recovery { survives }`.
    Survives,
}

/// How a promise fares.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The verdict.
    pub status: Status,
    /// What is, as text; empty where not evaluated.
    pub actual: EcoString,
    /// Why, or what is needed.
    pub why: EcoString,
}

impl Verdict {
    /// Not evaluated, and what it needs.
    pub fn needs(need: impl std::fmt::Display) -> Verdict {
        Verdict { status: Status::NotEvaluated, actual: EcoString::new(), why: eco_format!("needs {need}") }
    }

    /// Met or violated.
    pub fn of(holds: bool, actual: impl Into<EcoString>, why: impl Into<EcoString>) -> Verdict {
        let status = if holds { Status::Met } else { Status::Violated };
        Verdict { status, actual: actual.into(), why: why.into() }
    }
}

/// Fills in the requirements of every case.
pub fn judge_all(model: &Model, units: &UnitTable, analysis: &mut Analysis) {
    let under: Vec<Vec<Requirement>> = analysis
        .scenarios
        .iter()
        .map(|(id, facts)| {
            let judge = Judge { model, units, facts, scenario: Some(*id) };
            model.targets.iter().filter(|t| t.scenario == Some(*id)).map(|t| judge.target(t)).collect()
        })
        .collect();
    let mut base = Judge { model, units, facts: &analysis.base, scenario: None }.all();
    base.extend(under.iter().flatten().cloned());
    settle(model, &mut base);
    let scenarios: Vec<Vec<Requirement>> = analysis
        .scenarios
        .iter()
        .zip(under)
        .map(|((id, facts), under)| {
            let mut all = Judge { model, units, facts, scenario: Some(*id) }.all();
            all.extend(under);
            settle(model, &mut all);
            all
        })
        .collect();
    analysis.base.requirements = base;
    for ((_, facts), requirements) in analysis.scenarios.iter_mut().zip(scenarios) {
        facts.requirements = requirements;
    }
}

struct Judge<'j> {
    model: &'j Model,
    units: &'j UnitTable,
    facts: &'j Facts,
    scenario: Option<ScenarioId>,
}

/// What is known of a requirement before it is judged.
struct Head {
    id: EcoString,
    kind: &'static str,
    text: EcoString,
    expected: EcoString,
    flow: Option<FlowId>,
    span: Span,
}

impl Judge<'_> {
    fn all(&self) -> Vec<Requirement> {
        let mut all: Vec<Requirement> = self.functional();
        for (id, flow) in self.model.flows() {
            for prop in flow.props.all("require") {
                let inner = prop.block.iter().flat_map(|b| &b.entries);
                all.extend(inner.filter_map(|p| self.required(id, p)));
            }
        }
        all.extend(self.system());
        all.extend(self.model.targets.iter().filter(|t| t.scenario.is_none()).map(|t| self.target(t)));
        all.extend(self.invariants());
        all.extend(self.recovery());
        all
    }

    fn judged(&self, head: Head, verdict: Verdict, fact: Option<FactId>) -> Requirement {
        let Head { id, kind, text, expected, flow, span } = head;
        let Verdict { status, actual, why } = verdict;
        let measure =
            fact.map(|id| self.facts.derivation.fact(id)).map(|fact| (fact.name.clone(), fact.unit));
        Requirement {
            id,
            kind,
            text,
            status,
            expected,
            actual,
            why,
            flow,
            scenario: self.scenario,
            fact,
            measure,
            span,
        }
    }

    /// A limit on a computed number: at most, or at least.
    fn limit(&self, mut head: Head, fact: FactId, limit: f64, at_least: bool) -> Requirement {
        let graph = &self.facts.derivation;
        let unit = graph.fact(fact).unit;
        let sign = if at_least { "≥" } else { "≤" };
        if head.expected.is_empty() {
            head.expected = eco_format!("{sign} {}", super::derivation::show(limit, unit));
        }
        let verdict = match graph.value(fact) {
            None => Verdict::needs(graph.need(fact).unwrap_or("a number that applies")),
            Some(value) => {
                let holds = if at_least { value >= limit } else { value <= limit };
                let actual: EcoString = graph.show(fact).into();
                let why = eco_format!("{} is {actual}, required {}", head.text, head.expected);
                Verdict::of(holds, actual, why)
            }
        };
        self.judged(head, verdict, Some(fact))
    }

    fn required(&self, id: FlowId, prop: &Prop) -> Option<Requirement> {
        let flow = self.model.flow(id);
        let facts: &FlowFacts = self.facts.flow(id);
        let name = &flow.head.name;
        let key = prop.key;
        let head = |expected: EcoString| Head {
            id: eco_format!("{name}.{key}"),
            kind: "require",
            text: eco_format!("{key} of {name}"),
            expected,
            flow: Some(id),
            span: prop.span,
        };
        let number = prop.quantity();
        let latency = match key {
            "p50" => Some(facts.latency.p50),
            "p95" => Some(facts.latency.p95),
            "p99" => Some(facts.latency.p99),
            "p999" => Some(facts.latency.p999),
            "mean" => Some(facts.latency.mean),
            _ => None,
        };
        if let (Some(fact), Some(limit)) = (latency, number) {
            let expected = eco_format!("≤ {}", limit.quantity.human());
            return Some(self.limit(head(expected), fact, limit.value(), false));
        }
        match (key, number) {
            ("availability", Some(limit)) => {
                Some(self.availability(head(EcoString::new()), id, limit.value()))
            }
            ("cost", Some(limit)) => {
                let expected = eco_format!("≤ {}", limit.quantity.human());
                Some(self.limit(head(expected), self.facts.cost, limit.value(), false))
            }
            ("consistency", _) => {
                let level = prop.word().unwrap_or_default();
                Some(self.judged(head(level.into()), consistency_of(facts, level, name), None))
            }
            ("loss", _) if prop.word() == Some("none") => {
                Some(self.asked(head("none".into()), Question::Loss(id), "what a failover may lose"))
            }
            ("loss", _) => {
                let verdict = Verdict::of(true, "tolerated", "a short tail may be lost");
                Some(self.judged(head("tolerated".into()), verdict, None))
            }
            ("available", _) => {
                let need = "the consistency that it is given";
                Some(self.asked(head("under partition".into()), Question::AvailableUnderPartition(id), need))
            }
            ("revocable", _) => Some(self.asked(head("yes".into()), Question::Revocable(id), "auth")),
            _ => None,
        }
    }

    /// Availability is compared by what is missing of it, which keeps its digits.
    fn availability(&self, mut head: Head, id: FlowId, limit: f64) -> Requirement {
        let graph = &self.facts.derivation;
        let reliability = &self.facts.flow(id).reliability;
        head.expected = eco_format!("≥ {}", crate::quantity::availability_percent(1.0 - limit));
        let verdict = match (graph.value(reliability.availability), graph.value(reliability.unavailability)) {
            (Some(_), Some(missing)) => {
                let actual: EcoString = crate::quantity::availability_percent(missing).into();
                let why = eco_format!("{} is {actual}, required {}", head.text, head.expected);
                // 1 - 0.9995 is not exactly 0.0005: the limit is as good as its last digit.
                Verdict::of(missing <= (1.0 - limit) * (1.0 + 1e-9) || missing <= f64::EPSILON, actual, why)
            }
            _ => Verdict::needs(graph.need(reliability.availability).unwrap_or("its structure")),
        };
        self.judged(head, verdict, Some(reliability.availability))
    }

    fn asked(&self, head: Head, question: Question, need: &str) -> Requirement {
        let verdict = consistency::judge(self.model, self.facts, question)
            .or_else(|| reliability::judge(self.model, self.facts, question))
            .or_else(|| match question {
                Question::Revocable(flow) => Some(revocable(self.model, flow)),
                _ => None,
            })
            .unwrap_or_else(|| Verdict::needs(need));
        self.judged(head, verdict, None)
    }

    fn system(&self) -> Option<Requirement> {
        let limit = self.model.system.props.quantity("availability")?;
        let name = &self.model.system.head.name;
        let head = Head {
            id: eco_format!("{name}.availability"),
            kind: "require",
            text: "availability of every flow".into(),
            expected: eco_format!("≥ {}", crate::quantity::availability_percent(1.0 - limit.value())),
            flow: None,
            span: limit.span,
        };
        let worst = super::names::find(self.model, &self.facts.derivation, "all.availability");
        match worst {
            Some(fact) => Some(self.limit(head, fact, limit.value() * (1.0 - 1e-12), true)),
            None => Some(self.judged(head, Verdict::needs("a flow"), None)),
        }
    }

    fn target(&self, target: &Target) -> Requirement {
        let graph = &self.facts.derivation;
        let outcomes: Vec<Outcome> =
            target.conditions.iter().map(|c| condition::judge(self.model, graph, self.units, c)).collect();
        let join = |parts: Vec<&EcoString>| -> EcoString {
            parts.iter().map(|p| p.as_str()).filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ").into()
        };
        let broken = outcomes.iter().find(|o| o.holds == Ok(false));
        let open = outcomes.iter().find(|o| o.holds.is_err());
        let deciding = broken.or(open).or(outcomes.first());
        let verdict = match (broken, open) {
            (Some(o), _) => Verdict::of(
                false,
                join(outcomes.iter().map(|o| &o.actual).collect()),
                eco_format!("{} does not hold: it is {}", o.expected, o.actual),
            ),
            (None, Some(Outcome { holds: Err(need), .. })) => Verdict::needs(need),
            _ => Verdict::of(
                !outcomes.is_empty(),
                join(outcomes.iter().map(|o| &o.actual).collect()),
                "every condition holds",
            ),
        };
        let head = Head {
            id: target.head.name.clone(),
            kind: "target",
            text: target.head.title.clone().unwrap_or_else(|| target.head.name.clone()),
            expected: join(outcomes.iter().map(|o| &o.expected).collect()),
            flow: None,
            span: target.head.span,
        };
        self.judged(head, verdict, deciding.and_then(|o| o.fact))
    }

    fn functional(&self) -> Vec<Requirement> {
        let each = self.model.functional.iter().enumerate().map(|(i, functional)| {
            let names: Vec<&str> =
                functional.flows.iter().map(|f| self.model.flow(*f).head.name.as_str()).collect();
            let head = Head {
                id: eco_format!("functional.{}", i + 1),
                kind: "functional",
                text: functional.text.clone(),
                expected: names.join(", ").into(),
                flow: None,
                span: functional.span,
            };
            // Settled once the requirements of the flows are known.
            self.judged(head, Verdict::needs("its flows"), None)
        });
        each.collect()
    }

    fn invariants(&self) -> Vec<Requirement> {
        let each = self.model.invariants.iter().enumerate().map(|(i, invariant)| {
            let head = Head {
                id: invariant.head.name.clone(),
                kind: "invariant",
                text: invariant.head.title.clone().unwrap_or_else(|| invariant.head.name.clone()),
                expected: "holds".into(),
                flow: None,
                span: invariant.head.span,
            };
            self.asked(head, Question::Invariant(i), "the isolation of its writes")
        });
        each.collect()
    }

    fn recovery(&self) -> Vec<Requirement> {
        let Some(recovery) = &self.model.recovery else { return Vec::new() };
        let questions = [
            (
                "rpo",
                Question::Rpo,
                "what may be lost of what was written (RPO)",
                "replication, failover and backup of what is written",
            ),
            ("rto", Question::Rto, "time until it works again (RTO)", "failover times and detection times"),
            (
                "survives",
                Question::Survives,
                "what may be lost without an outage",
                "the structure of the flows",
            ),
        ];
        let mut all = Vec::new();
        for (key, question, text, need) in questions {
            let Some(prop) = recovery.props.get(key) else { continue };
            let expected = match (prop.quantity(), prop.word()) {
                (Some(time), _) => eco_format!("≤ {}", time.quantity.human()),
                (None, word) => word.unwrap_or_default().into(),
            };
            let head = Head {
                id: eco_format!("recovery.{key}"),
                kind: "recovery",
                text: text.into(),
                expected,
                flow: None,
                span: prop.span,
            };
            all.push(self.asked(head, question, need));
        }
        all
    }
}

/// Consistency is required of every read; each of them was judged along its path.
fn consistency_of(facts: &FlowFacts, level: &str, flow: &str) -> Verdict {
    let judged: Vec<_> = facts.reads.iter().filter(|r| r.required.is_some()).collect();
    if let Some(read) = judged.iter().find(|r| r.met == Some(false)) {
        let given =
            read.provided.as_ref().map(|p| p.iter().map(EcoString::as_str).collect::<Vec<_>>().join(", "));
        let given: EcoString = given.unwrap_or_default().into();
        let why = eco_format!("the read of {} is given {given}, required {level}", read.data);
        return Verdict::of(false, given, why);
    }
    if let Some(read) = judged.iter().find(|r| r.met.is_none()) {
        return Verdict::needs(read.needs.as_deref().unwrap_or("what its reads are given"));
    }
    if judged.is_empty() {
        return Verdict::needs(eco_format!("the reads of {flow}"));
    }
    Verdict::of(true, level, eco_format!("every read is given {level}"))
}

/// Whether every credential on the way of a flow can be taken back: a session, key or certificate is looked
/// up, a signed token is good until it ends unless the design says how it is revoked.
fn revocable(model: &Model, id: FlowId) -> Verdict {
    let flow = model.flow(id);
    let mut found = false;
    for step in &flow.steps {
        let own = step.props.get("auth");
        let Some(auth) = own.or_else(|| model.element(step.to).props.get("auth")) else { continue };
        let kind = auth.word().unwrap_or_default();
        if kind == "none" {
            continue;
        }
        found = true;
        let name = &model.element(step.to).head.name;
        let stated = auth.block.as_ref().and_then(|b| b.yes_no("revocable"));
        match (kind, stated) {
            (_, Some(false)) => {
                return Verdict::of(false, "no", eco_format!("{kind} of {name} is not revocable"));
            }
            ("jwt" | "oauth" | "oidc", None) => {
                return Verdict::needs(eco_format!("auth {kind} {{ revocable }} of {name}"));
            }
            _ => {}
        }
    }
    if found {
        Verdict::of(true, "yes", "every credential can be taken back")
    } else {
        Verdict::needs("auth")
    }
}

/// Judges functional requirements by the requirements of their flows. To be called again when those change.
pub fn settle(model: &Model, requirements: &mut [Requirement]) {
    for (i, functional) in model.functional.iter().enumerate() {
        let id = eco_format!("functional.{}", i + 1);
        let own: Vec<(EcoString, Status)> = requirements
            .iter()
            .filter(|r| r.kind == "require" && r.flow.is_some_and(|f| functional.flows.contains(&f)))
            .map(|r| (r.id.clone(), r.status))
            .collect();
        let verdict = functional_verdict(model, &functional.flows, &own);
        if let Some(requirement) = requirements.iter_mut().find(|r| r.id == id && r.kind == "functional") {
            requirement.status = verdict.status;
            requirement.actual = verdict.actual;
            requirement.why = verdict.why;
        }
    }
}

fn functional_verdict(model: &Model, flows: &[FlowId], own: &[(EcoString, Status)]) -> Verdict {
    if let Some(empty) = flows.iter().map(|f| model.flow(*f)).find(|f| f.steps.is_empty()) {
        return Verdict::needs(eco_format!("a step of {}", empty.head.name));
    }
    let of = |status| own.iter().find(|(_, s)| *s == status).map(|(id, _)| id);
    match (flows.is_empty(), of(Status::Violated), of(Status::NotEvaluated)) {
        (true, _, _) => Verdict::of(false, "no flow", "no flow meets it"),
        (_, Some(id), _) => {
            Verdict::of(false, eco_format!("{id} is violated"), eco_format!("{id} is violated"))
        }
        (_, None, Some(id)) => Verdict::needs(eco_format!("{id}, which is not evaluated")),
        _ => Verdict::of(
            true,
            "its flows meet what they require",
            "its flows exist and meet what they require",
        ),
    }
}
