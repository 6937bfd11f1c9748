//! Flows: their properties, their blocks, and the call tree that their steps form.
//!
//! A step hangs under the latest earlier step, in its own or an enclosing block, that ends in
//! its source. A balancer, gateway or cdn passes requests through, so some properties of the
//! last hop cover the whole run (`COVERS_RUN`) and others its first hop (`FIRST_HOP`).

use super::head::doc_of;
use super::names::Space;
use super::props::Owner;
use super::values::Context;
use super::{Lowerer, Pending};
use crate::diagnostic::{Finding, language};
use crate::model::{
    Arrow, Block, BlockId, BlockKind, DataId, ElementId, Entity, Filled, Flow, FlowId, Guarded, Node,
    Operation, Origin, Props, Relation, Scalar, Step, StepId, Touched, Trigger, Value,
};
use crate::schema::{BLOCKS, FLOW, Kind, OPERATIONS, STEP, Statement};
use crate::source::Span;
use crate::syntax::{self, Arg, Expr, Item};
use crate::words;
use ecow::EcoString;
use rustc_hash::FxHashMap;

/// Properties of a run that hold for every hop of it.
const COVERS_RUN: [&str; 6] = ["request", "response", "protocol", "encrypted", "auth", "as"];
/// Properties of a run that belong to its first hop: the caller is the one who waits.
const FIRST_HOP: [&str; 2] = ["timeout", "retry"];

/// A flow while its body is lowered.
struct Body {
    flow: Flow,
    subject: EcoString,
    /// For each open block, the latest step that ends in an element.
    latest: Vec<FxHashMap<ElementId, StepId>>,
}

/// The elements of `a -> b -> c` with their places, and the arrows between them.
type Run = (Vec<(ElementId, Span)>, Vec<Arrow>);

/// What the words behind a step's last path say.
struct Tail {
    operation: Option<Operation>,
    touches: Vec<Touched>,
    title: Option<EcoString>,
}

impl<'t> Lowerer<'t> {
    pub(super) fn lower_flows(&mut self) {
        for (index, pending) in self.flows.clone().into_iter().enumerate() {
            self.lower_flow(FlowId(index as u32), pending);
        }
        for pending in self.relations.clone() {
            self.lower_relation(pending);
        }
    }

    fn lower_flow(&mut self, id: FlowId, pending: Pending<'t>) {
        let mut flow = std::mem::take(&mut self.model.flows[id.index()]);
        let subject = flow.head.name.clone();
        let items = pending.item.block.as_ref().map_or(&[][..], |b| &b.items);
        let owner = Owner::of(&FLOW, Some(&subject), pending.item.span);
        flow.props = self.props(items, owner, pending, &is_body);
        flow.trigger = self.trigger(&flow.props);
        flow.role = flow.props.get("as").and_then(|p| p.entities().next()).and_then(|e| match e {
            Entity::Role(role) => Some(role),
            _ => None,
        });
        let mut body = Body { flow, subject, latest: vec![FxHashMap::default()] };
        let nodes = self.body(items, None, &mut body, pending);
        body.flow.body = nodes;
        self.model.flows[id.index()] = body.flow;
    }

    fn trigger(&mut self, props: &Props) -> Option<Trigger> {
        let prop = props.get("trigger")?;
        if let Some(Value::Quantity(every)) = prop.value("every") {
            return Some(Trigger::Clock(every.clone()));
        }
        let message = match prop.value("message") {
            Some(Value::Name(word)) => Some(word.clone()),
            _ => None,
        };
        let broker = match prop.value("broker") {
            Some(Value::Entity(Entity::Element(id))) => *id,
            _ => {
                let finding = Finding::new(
                    language::MISSING_ARGUMENT,
                    prop.span,
                    "`trigger` needs a broker or `every` and a time",
                );
                self.report(finding.help("write it as in `trigger events viewed` or `trigger every 1h`"));
                return None;
            }
        };
        let kind = self.model.element(broker).kind;
        if !kind.is_broker() {
            let name = self.model.element(broker).head.name.clone();
            let finding = Finding::new(
                language::WRONG_TYPE,
                prop.span,
                format!(
                    "`trigger` expects a queue or topic, found `{name}`, which is {} {}",
                    words::article(kind.word()),
                    kind.word()
                ),
            );
            self.report(finding.help(
                "flows are started by messages of a queue or topic, or by a clock: `trigger every 1h`",
            ));
            return None;
        }
        Some(Trigger::Messages(broker, message))
    }

    /// Steps and blocks among `items`, in order.
    fn body(
        &mut self,
        items: &'t [Item],
        block: Option<BlockId>,
        body: &mut Body,
        pending: Pending<'t>,
    ) -> Vec<Node> {
        let mut nodes = Vec::new();
        for item in items.iter().filter(|i| is_body(i)) {
            if item.is_step() {
                self.step(item, block, body, pending, &mut nodes);
            } else if let Some(statement) = item.key().and_then(block_statement) {
                self.block_of_steps(item, statement, block, body, pending, &mut nodes);
            }
        }
        nodes
    }

    fn step(
        &mut self,
        item: &'t Item,
        block: Option<BlockId>,
        body: &mut Body,
        pending: Pending<'t>,
        nodes: &mut Vec<Node>,
    ) {
        let Some((paths, arrows)) = self.run(item, pending) else { return };
        let tail = self.tail(item, paths.len(), pending);
        let role = body.flow.role;
        let owner = Owner::of(&STEP, Some(&body.subject), item.span);
        let inner = item.block.as_ref().map_or(&[][..], |b| &b.items);
        let mut props = self.props(inner, owner, pending, &is_body);
        if let (Some(role), false) = (role, props.has("as")) {
            props.entries.push(crate::model::Prop {
                key: "as",
                values: vec![Filled {
                    slot: "role",
                    value: Value::Entity(Entity::Role(role)),
                    span: item.header(),
                }],
                block: None,
                span: item.header(),
                origin: Origin::Own,
            });
        }
        let run = StepId(body.flow.steps.len() as u32);
        let hops = paths.len() - 1;
        // The hops that the last one's properties cover: those behind which requests only pass through.
        let covered =
            (1..hops).rev().take_while(|&i| self.model.element(paths[i].0).kind.passes_through()).count();
        let first_covered = hops - 1 - covered;
        for hop in 0..hops {
            let last = hop + 1 == hops;
            let (from, to) = (paths[hop].0, paths[hop + 1].0);
            let props = hop_props(&props, hop, first_covered, last);
            let id = self.push_step(
                body,
                block,
                Step {
                    from,
                    to,
                    arrow: arrows[hop],
                    operation: Operation::Call,
                    touches: if last { tail.touches.clone() } else { Vec::new() },
                    title: if last { tail.title.clone() } else { None },
                    doc: if last { doc_of(item) } else { EcoString::new() },
                    props,
                    span: paths[hop].1.to(paths[hop + 1].1),
                    target_span: paths[hop + 1].1,
                    parent: None,
                    entry: false,
                    run,
                    block,
                    asynchronous: false,
                },
                if last { tail.operation } else { None },
            );
            nodes.push(Node::Step(id));
        }
        if inner.iter().any(is_body) {
            let step = StepId(body.flow.steps.len() as u32 - 1);
            let nested = open_block(body, BlockKind::Nested(step), block, item.header(), Props::default());
            body.latest.push(FxHashMap::from_iter([(body.flow.step(step).to, step)]));
            let inside = self.body(inner, Some(nested), body, pending);
            body.latest.pop();
            body.flow.blocks[nested.index()].body = inside;
            nodes.push(Node::Block(nested));
        }
    }

    fn push_step(
        &mut self,
        body: &mut Body,
        block: Option<BlockId>,
        mut step: Step,
        stated: Option<Operation>,
    ) -> StepId {
        let id = StepId(body.flow.steps.len() as u32);
        step.parent = body.latest.iter().rev().find_map(|latest| latest.get(&step.from)).copied();
        step.entry = step.parent.is_none();
        step.block = block;
        let (source, target) = (self.model.element(step.from).kind, self.model.element(step.to).kind);
        step.operation = stated.unwrap_or(if target.is_broker() {
            Operation::Publish
        } else if source.is_broker() {
            Operation::Consume
        } else {
            Operation::Call
        });
        let behind = step.parent.is_some_and(|p| {
            let parent = body.flow.step(p);
            parent.asynchronous || parent.arrow == Arrow::Async
        });
        let hands_over = target.is_broker() && !matches!(step.props.word("via"), Some("outbox" | "cdc"));
        step.asynchronous = behind || step.arrow == Arrow::Async && !hands_over;
        if let Some(latest) = body.latest.last_mut() {
            latest.insert(step.to, id);
        }
        body.flow.steps.push(step);
        id
    }

    /// The elements of `a -> b -> c` with their places, and the arrows between them.
    fn run(&mut self, item: &'t Item, pending: Pending<'t>) -> Option<Run> {
        let mut elements = Vec::new();
        let mut arrows = Vec::new();
        let mut sound = true;
        let mut args = item.args.iter();
        while let Some(Arg::Value(expr)) = args.next() {
            match self.step_end(expr, pending) {
                Some(id) => elements.push((id, expr.span)),
                None => sound = false,
            }
            let Some(Arg::Arrow(arrow, _)) = args.clone().next() else { break };
            arrows.push(*arrow);
            args.next();
        }
        (sound && elements.len() >= 2 && arrows.len() + 1 == elements.len()).then_some((elements, arrows))
    }

    fn step_end(&mut self, expr: &'t Expr, pending: Pending<'t>) -> Option<ElementId> {
        let at = Context { key: "a step", example: "api -> posts read post", pending };
        match self.entity(expr, Space::Things, at, "an element", |e| matches!(e, Entity::Element(_)))? {
            Value::Entity(Entity::Element(id)) => Some(id),
            _ => None,
        }
    }

    /// Operation, data and title behind the last path of a run of so many elements.
    fn tail(&mut self, item: &'t Item, elements: usize, pending: Pending<'t>) -> Tail {
        let mut tail = Tail { operation: None, touches: Vec::new(), title: None };
        for arg in item.args.iter().skip(elements * 2 - 1) {
            let Arg::Value(expr) = arg else { continue };
            if let Some(text) = expr.string() {
                tail.title = Some(text.clone());
                continue;
            }
            let Some(path) = expr.path() else {
                self.report_step_value(expr);
                continue;
            };
            match path.word().and_then(Operation::of) {
                Some(operation) if tail.operation.is_none() && tail.touches.is_empty() => {
                    tail.operation = Some(operation);
                }
                _ => {
                    let touched = self.touched(path, pending);
                    if tail.operation.is_none() && matches!(touched, Touched::Label(..)) {
                        self.report_no_operation(path);
                        break;
                    }
                    tail.touches.push(touched);
                }
            }
        }
        tail
    }

    fn report_step_value(&mut self, expr: &Expr) {
        if super::values::contains_hole(expr) {
            return;
        }
        let finding =
            Finding::new(language::MISPLACED_ITEM, expr.span, "a step has an operation, data and a title");
        self.report(
            finding.help("write numbers in its block, as in `api -> posts read post { fan_out 20 }`"),
        );
    }

    fn report_no_operation(&mut self, path: &syntax::Path) {
        let text = path.text();
        let offered = OPERATIONS.iter().map(|o| o.word);
        if let Some(near) = words::did_you_mean(&text, offered.clone()) {
            let finding =
                Finding::new(language::WRONG_TYPE, path.span, format!("`{text}` is no operation of a step"));
            self.report(finding.help(near));
        } else if STEP.property(&text).is_some() {
            let finding = Finding::new(
                language::SYNTAX_ERROR,
                path.span,
                format!("`{text}` is a property of the step"),
            );
            self.report(finding.help(format!("write it in the step's block, as in `{{ {text} … }}`")));
        } else {
            let names: Vec<&str> = offered.collect();
            let finding = Finding::new(
                language::MISSING_ARGUMENT,
                path.span,
                format!("`{text}` needs an operation before it"),
            );
            self.report(finding.help(format!("the operations are {}", words::enumeration(&names))));
        }
    }

    /// Declared data, or a label; a label that resembles declared data is remembered.
    fn touched(&mut self, path: &syntax::Path, pending: Pending) -> Touched {
        let text = path.text();
        if let super::names::Found::One(entry) =
            self.names.find(Space::Data, &text, &self.scopes[pending.scope])
            && let Entity::Data(id) = entry.entity
        {
            return Touched::Data(id);
        }
        if let Some(datum) = self.lookalike(&text) {
            self.model.lookalikes.push((text.clone(), path.span, datum));
        }
        Touched::Label(text, path.span)
    }

    /// The datum that a label resembles; each label is compared once, with each short name once.
    fn lookalike(&mut self, label: &EcoString) -> Option<DataId> {
        if let Some(known) = self.lookalikes.get(label) {
            return *known;
        }
        if self.data_names.is_empty() {
            for (index, datum) in self.model.data.iter().enumerate() {
                self.data_names.entry(datum.head.short.clone()).or_insert(DataId(index as u32));
            }
        }
        let near = words::nearest(label, self.data_names.keys().map(EcoString::as_str));
        let found = near.first().and_then(|name| self.data_names.get(*name)).copied();
        self.lookalikes.insert(label.clone(), found);
        found
    }

    fn block_of_steps(
        &mut self,
        item: &'t Item,
        statement: &'static Statement,
        parent: Option<BlockId>,
        body: &mut Body,
        pending: Pending<'t>,
        nodes: &mut Vec<Node>,
    ) {
        let at = Context { key: statement.word, example: statement.example, pending };
        let Some(values) = self.slots(item, statement.slots, at, false, None) else { return };
        let Some(kind) = self.block_kind(item, statement, &values, body, nodes) else { return };
        let Some(block) = &item.block else {
            let finding = Finding::new(
                language::MISSING_ARGUMENT,
                item.header(),
                format!("`{}` needs a block of steps", statement.word),
            );
            return self.report(finding.help(format!("write it as in `{}`", statement.example)));
        };
        let subject = body.subject.clone();
        let owner = Owner::of(statement.block.unwrap_or(&STEP), Some(&subject), item.span);
        let props = self.props(&block.items, owner, pending, &is_body);
        let id = open_block(body, kind, parent, item.header(), props);
        body.latest.push(FxHashMap::default());
        let inside = self.body(&block.items, Some(id), body, pending);
        let latest = body.latest.pop().unwrap_or_default();
        // What a group of steps reached stays reachable below it; what only happens sometimes does not.
        if matches!(
            body.flow.block(id).kind,
            BlockKind::Try | BlockKind::Parallel | BlockKind::Transaction(_) | BlockKind::Repeat(_)
        ) && let Some(around) = body.latest.last_mut()
        {
            around.extend(latest);
        }
        body.flow.blocks[id.index()].body = inside;
        nodes.push(Node::Block(id));
    }

    fn block_kind(
        &mut self,
        item: &Item,
        statement: &'static Statement,
        values: &[Filled],
        body: &Body,
        nodes: &[Node],
    ) -> Option<BlockKind> {
        let scalar = || {
            values.iter().find_map(|f| match &f.value {
                Value::Quantity(scalar) => Some(scalar.clone()),
                _ => None,
            })
        };
        let word = values.iter().find_map(|f| match &f.value {
            Value::Word(word) => Some(EcoString::from(*word)),
            Value::Name(name) => Some(name.clone()),
            _ => None,
        });
        match statement.word {
            "on" if word.as_deref() == Some("miss") => self.on_miss(item, body, nodes),
            "on" => self.on_failure(item, body, nodes),
            "try" => Some(BlockKind::Try),
            "parallel" => Some(BlockKind::Parallel),
            "chance" => scalar().map(BlockKind::Chance),
            "repeat" => scalar().map(|n: Scalar| BlockKind::Repeat(n)),
            "transaction" => Some(BlockKind::Transaction(word)),
            _ => Some(BlockKind::Compensate),
        }
    }

    /// The read of a cache or cdn just above, which `on miss` belongs to.
    fn on_miss(&mut self, item: &Item, body: &Body, nodes: &[Node]) -> Option<BlockKind> {
        let above = nodes.iter().rev().find_map(|node| match node {
            Node::Step(id) => Some(*id),
            Node::Block(id) => match body.flow.block(*id).kind {
                BlockKind::OnMiss(_) | BlockKind::OnFailure(_) | BlockKind::Nested(_) => None,
                _ => Some(StepId(u32::MAX)),
            },
        });
        let cached = above.filter(|id| {
            body.flow
                .steps
                .get(id.index())
                .is_some_and(|s| matches!(self.model.element(s.to).kind, Kind::Cache | Kind::Cdn))
        });
        if let Some(step) = cached {
            return Some(BlockKind::OnMiss(step));
        }
        let mut finding = Finding::new(
            language::MISPLACED_ITEM,
            item.header(),
            "`on miss` belongs below the read of a cache or cdn, and the step above reads none",
        );
        if let Some(step) = above.and_then(|id| body.flow.steps.get(id.index())) {
            let target = self.model.element(step.to);
            finding = finding.related(
                step.target_span,
                format!(
                    "`{}` is {} {}",
                    target.head.short,
                    words::article(target.kind.word()),
                    target.kind.word()
                ),
            );
        }
        self.report(
            finding
                .help("put it right below the read, as in `api -> feeds read feed` and then `on miss { … }`"),
        );
        None
    }

    fn on_failure(&mut self, item: &Item, body: &Body, nodes: &[Node]) -> Option<BlockKind> {
        let above = nodes.last().map(|node| match node {
            Node::Step(id) => Guarded::Step(*id),
            Node::Block(id) => match body.flow.block(*id).kind {
                BlockKind::Nested(step) => Guarded::Step(step),
                _ => Guarded::Block(*id),
            },
        });
        if above.is_none() {
            let finding = Finding::new(
                language::MISPLACED_ITEM,
                item.header(),
                "`on failure` stands in for the step or block above it, and there is none",
            );
            self.report(
                finding.help("put it right below the step that it stands in for, or below `try { … }`"),
            );
        }
        above.map(BlockKind::OnFailure)
    }

    fn lower_relation(&mut self, pending: Pending<'t>) {
        let item = pending.item;
        let Some((paths, arrows)) = self.run(item, pending) else { return };
        let tail = self.tail(item, paths.len(), pending);
        let owner = Owner::of(&STEP, None, item.span);
        let inner = item.block.as_ref().map_or(&[][..], |b| &b.items);
        let props = self.props(inner, owner, pending, &|_| false);
        for (hop, pair) in paths.windows(2).enumerate() {
            let ([(from, start), (to, end)], last) = (pair, hop + 2 == paths.len()) else { continue };
            let broker = self.model.element(*to).kind.is_broker();
            self.model.relations.push(Relation {
                from: *from,
                to: *to,
                arrow: arrows[hop],
                operation: tail.operation.filter(|_| last).unwrap_or(if broker {
                    Operation::Publish
                } else {
                    Operation::Call
                }),
                touches: if last { tail.touches.clone() } else { Vec::new() },
                title: if last { tail.title.clone() } else { None },
                props: if last { props.clone() } else { Props::default() },
                span: start.to(*end),
            });
        }
    }
}

/// Whether an item of a flow is a step or a block of steps, not a property.
fn is_body(item: &Item) -> bool {
    item.is_step()
        || item.key().is_some_and(|word| block_statement(word).is_some() && is_block_head(item, word))
}

/// `chance 5%` is a property of a step, `chance 5% { … }` a block of steps.
fn is_block_head(item: &Item, word: &str) -> bool {
    word != "chance" || item.block.is_some()
}

fn block_statement(word: &str) -> Option<&'static Statement> {
    BLOCKS.iter().find(|b| b.word == word)
}

/// The part of a run's properties that one hop has.
fn hop_props(props: &Props, hop: usize, first_covered: usize, last: bool) -> Props {
    if hop < first_covered {
        return Props::default();
    }
    let entries = props.entries.iter().filter(|p| {
        if COVERS_RUN.contains(&p.key) {
            true
        } else if FIRST_HOP.contains(&p.key) {
            hop == first_covered
        } else {
            last
        }
    });
    Props { entries: entries.cloned().collect() }
}

fn open_block(
    body: &mut Body,
    kind: BlockKind,
    parent: Option<BlockId>,
    span: Span,
    props: Props,
) -> BlockId {
    let id = BlockId(body.flow.blocks.len() as u32);
    body.flow.blocks.push(Block { kind, body: Vec::new(), parent, span, props });
    id
}
