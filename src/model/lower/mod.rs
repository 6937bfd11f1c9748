//! Lowering: trees to a model, in passes that do not care about order.
//!
//! 1. `files`: the file and everything that it imports.
//! 2. `collect`: every declared name.
//! 3. `inputs`: numbers that others are computed from, on demand.
//! 4. `elements`, `flows`, `statements`: properties typed by the schema, names resolved.
//! 5. `check`: what can only be said when everything is there.
//!
//! `drawn` does the same again with other values of the uncertain numbers.

mod check;
mod collect;
mod drawn;
mod elements;
mod files;
mod flows;
mod head;
mod house;
mod inputs;
mod names;
mod props;
mod statements;
mod values;

pub use drawn::{Drawn, Draws, Uncertain};
pub use files::imports;
pub use inputs::evaluation_finding;

use super::{DataId, GroupId, Model, Props};
use crate::catalog::Technology;
use crate::diagnostic::Finding;
use crate::quantity::{Quantity, UnitTable};
use crate::schema::Kind;
use crate::source::{Loader, SourceMap, Span};
use crate::syntax::{Item, Tree};
use ecow::EcoString;
use names::Names;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A design with its texts and what the language has to say about them.
#[derive(Clone, Debug, Default)]
pub struct Lowered {
    /// The model; what was wrong is left out of it.
    pub model: Model,
    /// Every text that was read.
    pub sources: SourceMap,
    /// Findings of the language (`E…`), in the order of the text.
    pub findings: Vec<Finding>,
    /// Units, with the currencies that the design declares.
    pub units: UnitTable,
    /// Numbers that are given as `A to B`, in the order of the text.
    pub uncertain: Vec<Uncertain>,
    files: Vec<Unit>,
}

impl Lowered {
    /// The tree of each text, by file.
    pub fn trees(&self) -> impl Iterator<Item = &Tree> {
        self.files.iter().map(|file| &file.tree)
    }
}

/// Lowers the design whose first file has this path and these bytes; imports are asked of `loader`.
pub fn lower(path: &str, bytes: &[u8], loader: &dyn Loader) -> Lowered {
    let loaded = files::load(path, bytes, loader);
    let mut lowerer = Lowerer::new(&loaded.units);
    lowerer.findings = loaded.findings;
    lowerer.lower_all();
    let Lowerer { mut model, mut findings, unit_table, uncertain, .. } = lowerer;
    model.system.supersedes = loaded.supersedes;
    findings.sort_by_key(|f| (f.primary.span.file, f.primary.span.start, f.code.code));
    let uncertain = drawn::uncertain(&model, uncertain.into_inner());
    Lowered { model, sources: loaded.sources, findings, units: unit_table, uncertain, files: loaded.units }
}

/// One file of the compilation.
#[derive(Clone, Debug)]
struct Unit {
    tree: Tree,
    /// Name under which it was imported; empty for names that come in unqualified.
    prefix: EcoString,
    /// Whether it came in by an import.
    imported: bool,
}

/// An item that waits for the pass that lowers it.
#[derive(Clone, Copy)]
struct Pending<'t> {
    item: &'t Item,
    /// The scope it stands in, by its position in [`Lowerer::scopes`].
    scope: usize,
    file: usize,
    group: Option<GroupId>,
}

struct Lowerer<'t> {
    units: &'t [Unit],
    names: Names,
    unit_table: UnitTable,
    model: Model,
    findings: Vec<Finding>,
    /// Full names of groups (the top is empty), so that a pending item stays small.
    scopes: Vec<EcoString>,
    archetypes: FxHashMap<EcoString, collect::Archetype<'t>>,
    /// `defaults` items by file and keyword.
    defaults: Vec<FxHashMap<EcoString, Vec<Pending<'t>>>>,
    lowered_defaults: FxHashMap<(usize, EcoString, Kind), Props>,
    /// What `defaults data` and `defaults decision` of a file give.
    statement_defaults: FxHashMap<(usize, &'static str), Props>,
    /// Technologies that the design declares.
    technologies: FxHashMap<EcoString, Arc<Technology>>,
    /// Technologies as elements deploy them, by name and settings.
    deployed: FxHashMap<EcoString, Arc<Technology>>,
    /// Statements that wait for their turn, in the order of the text.
    pending: Vec<Pending<'t>>,
    elements: Vec<Pending<'t>>,
    flows: Vec<Pending<'t>>,
    relations: Vec<Pending<'t>>,
    data: Vec<Pending<'t>>,
    numbers: RefCell<inputs::Numbers<'t>>,
    /// Short names of data, each with the first datum of that name; filled when a label is first compared.
    data_names: BTreeMap<EcoString, DataId>,
    /// Names of targets, which an alert may watch.
    target_names: FxHashSet<EcoString>,
    /// Labels of steps and the datum that each resembles.
    lookalikes: FxHashMap<EcoString, Option<DataId>>,
    /// What was already said, so that one mistake is one finding.
    reported: FxHashSet<(Span, &'static str)>,
    /// Uncertain numbers that were met, by place.
    uncertain: RefCell<BTreeMap<Span, Quantity>>,
    /// Values to take in their place.
    draws: Option<&'t Draws>,
    /// Numbers that a draw took out of their range, and that were brought back into it.
    clipped: Vec<Span>,
}

impl<'t> Lowerer<'t> {
    fn new(units: &'t [Unit]) -> Self {
        Lowerer {
            units,
            names: Names::default(),
            unit_table: UnitTable::new(),
            model: Model::default(),
            findings: Vec::new(),
            scopes: vec![EcoString::new()],
            archetypes: FxHashMap::default(),
            defaults: units.iter().map(|_| FxHashMap::default()).collect(),
            lowered_defaults: FxHashMap::default(),
            statement_defaults: FxHashMap::default(),
            technologies: FxHashMap::default(),
            deployed: FxHashMap::default(),
            pending: Vec::new(),
            elements: Vec::new(),
            flows: Vec::new(),
            relations: Vec::new(),
            data: Vec::new(),
            numbers: RefCell::default(),
            data_names: BTreeMap::new(),
            target_names: FxHashSet::default(),
            lookalikes: FxHashMap::default(),
            reported: FxHashSet::default(),
            uncertain: RefCell::default(),
            draws: None,
            clipped: Vec::new(),
        }
    }

    fn lower_all(&mut self) {
        self.collect();
        self.lower_inputs();
        self.lower_elements();
        self.lower_flows();
        self.lower_statements();
        self.check();
    }

    /// Adds a finding unless the same code stands at the same place already.
    fn report(&mut self, finding: Finding) {
        if self.reported.insert((finding.primary.span, finding.code.code)) {
            self.findings.push(finding);
        }
    }
}
