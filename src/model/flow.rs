//! Flows: steps, blocks and the call tree that they form.

use super::element::Declared;
use super::props::{Props, Scalar};
use super::{BlockId, DataId, ElementId, RoleId, StepId};
use crate::source::Span;
pub use crate::syntax::Arrow;
use ecow::EcoString;

/// What a step does at its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// A request.
    Call,
    /// Reads data.
    Read,
    /// Writes data.
    Write,
    /// Deletes data.
    Delete,
    /// Hands a message to a broker.
    Publish,
    /// Takes a message from a broker.
    Consume,
    /// Sends to a client that did not ask.
    Push,
    /// Asks whether there is something new.
    Poll,
    /// Keeps a connection open.
    Stream,
}

impl Operation {
    /// The operation of this word.
    pub fn of(word: &str) -> Option<Operation> {
        use Operation::{Call, Consume, Delete, Poll, Publish, Push, Read, Stream, Write};
        [Call, Read, Write, Delete, Publish, Consume, Push, Poll, Stream]
            .into_iter()
            .find(|o| o.word() == word)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Operation::Call => "call",
            Operation::Read => "read",
            Operation::Write => "write",
            Operation::Delete => "delete",
            Operation::Publish => "publish",
            Operation::Consume => "consume",
            Operation::Push => "push",
            Operation::Poll => "poll",
            Operation::Stream => "stream",
        }
    }
}

/// What a step touches: declared data, or a label without size.
#[derive(Clone, Debug, PartialEq)]
pub enum Touched {
    /// Declared data.
    Data(DataId),
    /// A word that is not declared.
    Label(EcoString, Span),
}

/// One hop: a caller and what it calls. `a -> b -> c` is two of them.
#[derive(Clone, Debug)]
pub struct Step {
    /// Who calls.
    pub from: ElementId,
    /// Who is called.
    pub to: ElementId,
    /// Whether the caller waits.
    pub arrow: Arrow,
    /// What it does; of a run `a -> b -> c` only the last hop has the operation, the hops before it are calls.
    pub operation: Operation,
    /// What it touches.
    pub touches: Vec<Touched>,
    /// Its title.
    pub title: Option<EcoString>,
    /// Its `///` text.
    pub doc: EcoString,
    /// Its properties; of a run, those of the last hop (`timeout` and `retry` of the first, where it passes through).
    pub props: Props,
    /// From the source's name to the target's.
    pub span: Span,
    /// The target's name.
    pub target_span: Span,
    /// The step that this one hangs under: the latest earlier one that ends in its source.
    pub parent: Option<StepId>,
    /// Whether no earlier step reaches its source: entered by the flow itself.
    pub entry: bool,
    /// The run `a -> b -> c` that it belongs to: the first step of the run.
    pub run: StepId,
    /// The block that it stands in.
    pub block: Option<BlockId>,
    /// Whether it is off the caller's path: behind `~>`.
    pub asynchronous: bool,
}

impl Step {
    /// The declared data that it touches.
    pub fn data(&self) -> impl Iterator<Item = DataId> + '_ {
        self.touches.iter().filter_map(|t| match t {
            Touched::Data(id) => Some(*id),
            Touched::Label(..) => None,
        })
    }
}

/// What kind of block groups steps.
#[derive(Clone, Debug, PartialEq)]
pub enum BlockKind {
    /// `on miss`: of the read of this cache or cdn.
    OnMiss(StepId),
    /// `on failure`: of this step or block.
    OnFailure(Guarded),
    /// `try`.
    Try,
    /// `parallel`.
    Parallel,
    /// `chance P`.
    Chance(Scalar),
    /// `repeat N`.
    Repeat(Scalar),
    /// `transaction LEVEL`.
    Transaction(Option<EcoString>),
    /// `compensate`.
    Compensate,
    /// The block of a step, with steps in it.
    Nested(StepId),
}

/// What an `on failure` block stands in for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guarded {
    /// A step.
    Step(StepId),
    /// A block.
    Block(BlockId),
}

/// A block of steps.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its kind.
    pub kind: BlockKind,
    /// Steps and blocks in it, in order.
    pub body: Vec<Node>,
    /// The block around it.
    pub parent: Option<BlockId>,
    /// Its head.
    pub span: Span,
    /// Its properties (`allow`).
    pub props: Props,
}

/// A step or a block of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Node {
    /// A step.
    Step(StepId),
    /// A block.
    Block(BlockId),
}

/// What starts a flow.
#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    /// Messages of this broker, with this word if one is named.
    Messages(ElementId, Option<EcoString>),
    /// A clock: every so many seconds.
    Clock(Scalar),
}

/// A flow.
#[derive(Clone, Debug, Default)]
pub struct Flow {
    /// Name, title, documentation, place.
    pub head: Declared,
    /// `rate`, `peak`, `require` and so on.
    pub props: Props,
    /// What starts it, if not people.
    pub trigger: Option<Trigger>,
    /// The role in which its steps act.
    pub role: Option<RoleId>,
    /// Steps and blocks at the top, in order.
    pub body: Vec<Node>,
    /// Every step, in the order of the text.
    pub steps: Vec<Step>,
    /// Every block.
    pub blocks: Vec<Block>,
}

impl Flow {
    /// The step of a handle of this flow.
    pub fn step(&self, id: StepId) -> &Step {
        &self.steps[id.index()]
    }

    /// The block of a handle of this flow.
    pub fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id.index()]
    }

    /// Every step with its handle.
    pub fn steps(&self) -> impl Iterator<Item = (StepId, &Step)> {
        self.steps.iter().enumerate().map(|(i, s)| (StepId(i as u32), s))
    }

    /// The runs `a -> b -> c`, each with its hops in order.
    pub fn runs(&self) -> Vec<Vec<StepId>> {
        let mut runs: Vec<Vec<StepId>> = Vec::new();
        for (id, step) in self.steps() {
            match runs.last_mut() {
                Some(run) if run.first() == Some(&step.run) => run.push(id),
                _ => runs.push(vec![id]),
            }
        }
        runs
    }

    /// The steps that hang under a step, in order.
    pub fn children(&self, id: StepId) -> impl Iterator<Item = StepId> + '_ {
        self.steps().filter(move |(_, s)| s.parent == Some(id)).map(|(i, _)| i)
    }

    /// The blocks around a step, from the inside out.
    pub fn enclosing(&self, id: StepId) -> impl Iterator<Item = BlockId> + '_ {
        std::iter::successors(self.step(id).block, |b| self.block(*b).parent)
    }
}

/// `api -> posts "reads"` outside any flow.
#[derive(Clone, Debug)]
pub struct Relation {
    /// Who uses.
    pub from: ElementId,
    /// What is used.
    pub to: ElementId,
    /// Whether the user waits.
    pub arrow: Arrow,
    /// What it does.
    pub operation: Operation,
    /// What it touches.
    pub touches: Vec<Touched>,
    /// Its title.
    pub title: Option<EcoString>,
    /// Its properties.
    pub props: Props,
    /// From the source's name to the target's.
    pub span: Span,
}
