//! What each read of a flow is really given: the meet along its path.

use super::ground::{Ground, Needs, confidence};
use super::store::{self, Given};
use super::{data_word, isolation};
use crate::analysis::calls::{Calls, counts_as, touches};
use crate::analysis::facts::{Read, ReadHop};
use crate::catalog::consistency::{Model as Level, ModelSet};
use crate::model::{
    BlockKind, DataId, Element, ElementId, Flow, FlowId, Model, Operation, Step, StepId, Touched,
};
use crate::schema::Kind;
use crate::source::Span;
use ecow::{EcoString, eco_format};
use std::collections::BTreeMap;

/// What a step touches, so that equal things are found: a datum, or the word of a label.
type Thing = Result<DataId, EcoString>;

/// A write of something, wherever in the design.
struct Wrote {
    from: ElementId,
    to: ElementId,
    /// Whether messages or a clock start it, or no answer waits for it.
    later: bool,
    span: Span,
}

/// Every write of a design by what it writes.
pub struct Writers(BTreeMap<Thing, Vec<Wrote>>);

impl Writers {
    /// Collects them from every flow.
    pub fn of(model: &Model, calls: &[Calls]) -> Writers {
        let mut writers: BTreeMap<Thing, Vec<Wrote>> = BTreeMap::new();
        for (flow, calls) in model.flows.iter().zip(calls) {
            for hop in calls.hops.iter().filter(|h| h.counts_as == Operation::Write) {
                for touched in touches(flow, hop) {
                    let later = flow.trigger.is_some() || !hop.on_path;
                    let span = flow.step(hop.step).span;
                    let wrote = Wrote { from: hop.from, to: hop.to, later, span };
                    writers.entry(thing(touched)).or_default().push(wrote);
                }
            }
        }
        Writers(writers)
    }

    fn writes_of(&self, touched: &Touched) -> &[Wrote] {
        self.0.get(&thing(touched)).map_or(&[], Vec::as_slice)
    }
}

fn thing(touched: &Touched) -> Thing {
    match touched {
        Touched::Data(id) => Ok(*id),
        Touched::Label(label, _) => Err(label.clone()),
    }
}

/// The reads of one flow, in the order of its steps.
pub fn of_flow(model: &Model, id: FlowId, all: &Writers) -> Vec<Read> {
    let flow = model.flow(id);
    let fills: Vec<StepId> =
        flow.steps().filter(|(id, _)| fills_cache(model, flow, *id)).map(|(id, _)| id).collect();
    let mut reads = Vec::new();
    for (step_id, step) in flow.steps() {
        if !is_read(model, step) || fills.contains(&step_id) {
            continue;
        }
        if step.touches.is_empty() {
            reads.push(read(model, flow, step_id, None, all));
        }
        for touched in &step.touches {
            reads.push(read(model, flow, step_id, Some(touched), all));
        }
    }
    reads
}

fn is_read(model: &Model, step: &Step) -> bool {
    let kind = model.element(step.to).kind;
    let keeps = matches!(kind, Kind::Store | Kind::Cache)
        || (matches!(kind, Kind::Topic | Kind::Cdn | Kind::External) && step.operation == Operation::Read);
    keeps && counts_as(step.operation, kind) == Operation::Read
}

/// The cache read whose miss a step answers, where it reads the same and asks for no level of its own: that is one read.
fn fills_cache(model: &Model, flow: &Flow, id: StepId) -> bool {
    let step = flow.step(id);
    if !is_read(model, step) || step.props.has("consistency") {
        return false;
    }
    flow.enclosing(id).any(|block| match flow.block(block).kind {
        BlockKind::OnMiss(of) => same_data(model, flow.step(of), step),
        _ => false,
    })
}

fn same_data(model: &Model, a: &Step, b: &Step) -> bool {
    let words = |s: &Step| s.touches.iter().map(|t| data_word(model, t)).collect::<Vec<_>>();
    words(a) == words(b)
}

/// The path so far.
struct Path<'m> {
    model: &'m Model,
    flow: &'m Flow,
    all: &'m Writers,
    hops: Vec<ReadHop>,
    set: ModelSet,
    attainable: ModelSet,
    staleness: Option<f64>,
    unbounded: Option<EcoString>,
    grounds: Vec<Ground>,
    source: ElementId,
    last: Option<Given>,
    cached: bool,
    required: Option<Level>,
}

impl Path<'_> {
    fn add(&mut self, element: ElementId, given: Given) {
        self.set = self.set.meet(given.set);
        self.attainable = self.attainable.meet(given.attainable);
        self.staleness = self.staleness.zip(given.staleness).map(|(a, b)| a + b);
        if self.unbounded.is_none() {
            self.unbounded.clone_from(&given.unbounded);
        }
        self.hops.push(ReadHop {
            element,
            level: store::names(given.set),
            why: given.why.clone(),
            strength: given.set,
            grounds: given.grounds.clone(),
        });
        self.source = element;
        self.last = Some(given);
    }
}

fn read(model: &Model, flow: &Flow, id: StepId, touched: Option<&Touched>, all: &Writers) -> Read {
    let step = flow.step(id);
    let (required, required_span) = requirement(flow, step);
    let mut path = Path {
        model,
        flow,
        all,
        hops: Vec::new(),
        set: ModelSet::all(),
        attainable: ModelSet::all(),
        staleness: Some(0.0),
        unbounded: None,
        grounds: Vec::new(),
        source: step.to,
        last: None,
        cached: false,
        required,
    };
    let walked = walk(&mut path, id, touched);
    let data = touched.map_or_else(|| model.element(step.to).head.short.clone(), |t| data_word(model, t));
    let mut read = Read {
        step: id,
        data,
        source: path.source,
        required: required.map(|level| level.name().into()),
        required_span,
        provided: None,
        met: None,
        staleness: None,
        unbounded: None,
        needs: None,
        weakest: weakest(&path.hops, required),
        path: Vec::new(),
        attainable: false,
        unsupported: None,
        quorum: None,
        confidence: confidence(&[]),
    };
    match walked {
        Ok(()) => judge(&mut read, path, required, id),
        Err(need) => {
            read.path = path.hops;
            read.needs = Some(need);
        }
    }
    read
}

fn judge(read: &mut Read, path: Path<'_>, required: Option<Level>, id: StepId) {
    let mut set = path.set;
    let mut grounds: Vec<Ground> = path.grounds;
    let last = path.last;
    let transactional = required.is_some_and(Level::is_transactional);
    if transactional && !path.cached {
        let element = path.model.element(path.source);
        match isolation::in_force(path.flow, id, element) {
            Ok(level) => {
                let follower = last.as_ref().is_some_and(|given| given.follower);
                // What a follower's transactions are kept apart by is not published beyond committed reads.
                let most = if follower { ModelSet::closure(Level::ReadCommitted) } else { ModelSet::all() };
                set = set.union(level.set().meet(most));
                grounds.extend(level.grounds);
            }
            Err(need) if required.is_some_and(|level| !set.satisfies(level)) => read.needs = Some(need),
            Err(_) => {}
        }
    }
    read.provided = Some(store::names(set));
    read.met = required.map(|level| set.satisfies(level));
    // Whether both halves of the model hold together is not published for a union.
    let halves = set.satisfies(Level::Linearizable) && set.satisfies(Level::Serializable);
    if required == Some(Level::StrictSerializable) && read.met == Some(false) && halves {
        read.needs = Some("whether its transactions are strict_serializable".into());
    }
    if read.needs.is_some() {
        read.met = None;
        read.provided = None;
    }
    read.attainable = required.is_some_and(|level| path.attainable.satisfies(level));
    read.staleness = path.staleness;
    read.unbounded = path.unbounded;
    if let Some(given) = last {
        read.unsupported = given.unsupported;
        read.quorum = given.quorum;
    }
    read.path = path.hops;
    for hop in &read.path {
        grounds.extend(hop.grounds.iter().cloned());
    }
    read.confidence = confidence(&grounds);
}

/// The step's own level, else that of the flow, with its place.
fn requirement(flow: &Flow, step: &Step) -> (Option<Level>, Option<Span>) {
    let prop = step.props.get("consistency").or_else(|| flow.props.at("require.consistency"));
    let level = prop.and_then(|p| Level::from_user(p.word()?));
    (level, prop.filter(|_| level.is_some()).map(|p| p.span))
}

/// The hop that gives least of what is required, the nearest to the reader of equals; none where nothing weakens.
fn weakest(hops: &[ReadHop], required: Option<Level>) -> Option<usize> {
    let weight = |hop: &ReadHop| {
        let met = required.is_some_and(|level| hop.strength.satisfies(level));
        (met, hop.strength.models().count())
    };
    let weak = hops.iter().enumerate().filter(|(_, hop)| !hop.strength.satisfies(Level::Linearizable));
    weak.min_by_key(|(at, hop)| (weight(hop), *at)).map(|(at, _)| at)
}

fn walk(path: &mut Path<'_>, id: StepId, touched: Option<&Touched>) -> Result<(), Needs> {
    let step = path.flow.step(id);
    let mut passed: Vec<ElementId> = Vec::new();
    let mut above = step.parent;
    while let Some(parent) = above {
        let hop = path.flow.step(parent);
        if hop.run != step.run {
            break;
        }
        if path.model.element(hop.to).kind == Kind::Cdn {
            passed.push(hop.to);
        }
        above = hop.parent.filter(|p| *p < parent);
    }
    for cdn in passed.into_iter().rev() {
        let given = cached(path, cdn, None);
        path.add(cdn, given);
    }
    ends_in(path, id, step.to, touched, 0)
}

/// A cache in front of a cache is rare, and one in front of itself is a mistake: deeper paths are not followed.
const MOST_CACHES: u32 = 4;

fn ends_in(
    path: &mut Path<'_>,
    id: StepId,
    element: ElementId,
    touched: Option<&Touched>,
    depth: u32,
) -> Result<(), Needs> {
    let at = path.model.element(element);
    match at.kind {
        Kind::Cache | Kind::Cdn if depth < MOST_CACHES => {
            let origins = origins(path, id, element, touched);
            if at.kind == Kind::Cache
                && (!at.props.has("of") || keeps_alone(path, element, &origins, touched))
            {
                return copy(path, id, element, touched);
            }
            let given = cached(path, element, touched);
            path.add(element, given);
            for (step, origin) in origins {
                ends_in(path, step, origin, touched, depth + 1)?;
            }
            Ok(())
        }
        Kind::Store | Kind::Cache => copy(path, id, element, touched),
        Kind::Topic if path.required.is_none_or(|level| level == Level::Eventual) => {
            let given = log(at);
            path.add(element, given);
            Ok(())
        }
        _ => Err(eco_format!("{}: what its reads are given", at.head.name)),
    }
}

/// Whether a cache is the only place that holds what is read: its own record, whatever else it fronts.
fn keeps_alone(
    path: &Path<'_>,
    cache: ElementId,
    origins: &[(StepId, ElementId)],
    touched: Option<&Touched>,
) -> bool {
    let kept_by = |id: ElementId| super::keeps(path.model.element(id), touched);
    kept_by(cache) && !origins.iter().any(|(_, origin)| kept_by(*origin))
}

/// A log is read as it arrives; more than that is not known of it.
fn log(element: &Element) -> Given {
    let lag = element.head.name.clone();
    let grounds = vec![Ground::theorem("every model implies eventual", "jepsen.io/consistency")];
    let unbounded = eco_format!("how far readers of {lag} follow is not stated");
    Given::plain(ModelSet::closure(Level::Eventual), "log".into(), grounds, (None, Some(unbounded)))
}

fn copy(path: &mut Path<'_>, id: StepId, element: ElementId, touched: Option<&Touched>) -> Result<(), Needs> {
    let at = path.model.element(element);
    let step = path.flow.step(id);
    let mut given = store::given(at, step)?;
    if given.set == ModelSet::closure(Level::Eventual) && sticky(path.model, step) {
        given.set = given.set.union(ModelSet::closure(Level::MonotonicReads));
        given.why.push_str(", the same copy for each caller");
    }
    if let Some(ground) = fed_later(path, element, touched) {
        given.set = given.set.meet(ModelSet::closure(Level::Eventual));
        given.attainable = ModelSet::EMPTY;
        given.staleness = None;
        given.unbounded = Some(eco_format!("how far {} follows is not stated", at.head.name));
        given.why = "derived copy".into();
        given.grounds.push(ground);
    }
    path.add(element, given);
    Ok(())
}

/// A balancer right before the copies sends the same caller to the same copy.
fn sticky(model: &Model, step: &Step) -> bool {
    model.element(step.from).props.has("sticky")
}

/// A store that only asynchronous work fills, while another one takes the writes, is a copy of that.
fn fed_later(path: &Path<'_>, element: ElementId, touched: Option<&Touched>) -> Option<Ground> {
    let Touched::Data(_) = touched? else { return None };
    let mut own = Vec::new();
    let mut others = Vec::new();
    for wrote in path.all.writes_of(touched?) {
        if wrote.to == element {
            own.push((wrote.later, wrote.span));
        } else if path.model.element(wrote.to).kind == Kind::Store {
            others.push(wrote.later);
        }
    }
    let span = own.first().map(|(_, span)| *span)?;
    let derived = own.iter().all(|(later, _)| *later) && others.iter().any(|later| !later);
    let name = &path.model.element(element).head.name;
    derived.then(|| Ground::stated(eco_format!("{name} is written after the answer of another store"), span))
}

/// What a miss reads: the steps of `on miss`, else the origins that the cache fronts.
fn origins(
    path: &Path<'_>,
    id: StepId,
    element: ElementId,
    touched: Option<&Touched>,
) -> Vec<(StepId, ElementId)> {
    let flow = path.flow;
    let in_miss = |step: StepId| {
        flow.enclosing(step).any(|b| matches!(flow.block(b).kind, BlockKind::OnMiss(of) if of == id))
    };
    let reads = flow.steps().filter(|(step, s)| in_miss(*step) && s.to != element && is_read(path.model, s));
    let found: Vec<(StepId, ElementId)> = reads.map(|(step, s)| (step, s.to)).collect();
    let same: Vec<(StepId, ElementId)> = found
        .iter()
        .copied()
        .filter(|(step, _)| touched.is_some_and(|t| flow.step(*step).touches.contains(t)))
        .collect();
    if !same.is_empty() {
        return same;
    }
    if !found.is_empty() {
        return found;
    }
    let fronted: Vec<ElementId> = path.model.element(element).props.elements("of").collect();
    let keeping: Vec<ElementId> =
        fronted.iter().copied().filter(|o| super::keeps(path.model.element(*o), touched)).collect();
    let of = if keeping.is_empty() { fronted } else { keeping };
    let keeps = |o: &ElementId| matches!(path.model.element(*o).kind, Kind::Store | Kind::Cache);
    of.into_iter().filter(keeps).map(|o| (id, o)).collect()
}

/// What a cache gives: the last version that it saw, at most as old as the time to live says. Where every write goes
/// through it before it is acknowledged, a caller finds what it wrote.
fn cached(path: &mut Path<'_>, element: ElementId, touched: Option<&Touched>) -> Given {
    path.cached = true;
    let at = path.model.element(element);
    let mut grounds = Vec::new();
    let policy = at.props.get("policy");
    let word = policy.and_then(crate::model::Prop::word).unwrap_or("cache_aside");
    grounds.extend(policy.map(|p| Ground::property(at, p, word)));
    let mut set = ModelSet::closure(Level::Eventual);
    let through = matches!(word, "write_through" | "write_back") && only_writer(path, element, touched);
    if through {
        set = set.union([Level::ReadYourWrites, Level::MonotonicReads].into_iter().collect());
    }
    let (ttl, ttl_ground) = time_to_live(at);
    grounds.extend(ttl_ground);
    let kind = if at.kind == Kind::Cdn { "cdn" } else { "cache" };
    let why = match ttl {
        Some(ttl) => eco_format!("{kind} with ttl {}", crate::quantity::Quantity::seconds(ttl).human()),
        None => eco_format!("{kind} without ttl"),
    };
    let staleness = if through { Some(0.0) } else { ttl };
    let unbounded = staleness.is_none().then(|| eco_format!("{}.ttl is not stated", at.head.name));
    Given::plain(set, why, grounds, (staleness, unbounded))
}

/// How long an entry serves: as stated, else, where responses carry no word on it, as the technology does.
pub(super) fn time_to_live(element: &Element) -> (Option<f64>, Option<Ground>) {
    if let Some(prop) = element.props.get("ttl")
        && let Some(ttl) = prop.quantity()
    {
        return (Some(ttl.value()), Some(Ground::property(element, prop, ttl.quantity.human())));
    }
    let known = element.tech().and_then(|t| Some((t, t.ttl_default_s()?)));
    known.map_or((None, None), |(technology, known)| {
        let ground = Ground::catalogue(technology, &known, format!("{} s", known.value));
        (Some(known.value), Some(ground))
    })
}

/// Whether every write of what is read goes through the cache, and there is one.
fn only_writer(path: &Path<'_>, cache: ElementId, touched: Option<&Touched>) -> bool {
    let Some(touched) = touched else { return false };
    let mut writes = path.all.writes_of(touched).iter().filter(|wrote| wrote.from != cache).peekable();
    writes.peek().is_some() && writes.all(|wrote| wrote.to == cache)
}
