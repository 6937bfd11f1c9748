//! Trees that were analysed already, in any case of the design: most scenarios change a load and no wiring,
//! and many flows need the same.

use super::super::fault_tree::{self, Analysis, FaultTree, Formula, Options};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// Analyses by tree.
#[derive(Default)]
pub struct Trees {
    known: RefCell<FxHashMap<u64, Vec<Known>>>,
}

struct Known {
    tree: FaultTree,
    top: Formula,
    analysis: Rc<Analysis>,
}

/// More trees than this are not worth their memory: few designs have as many flows.
const KEPT: usize = 1024;

impl Trees {
    /// Whether so many are kept that it is time to forget them.
    pub fn is_full(&self) -> bool {
        self.known.borrow().len() > KEPT
    }

    /// The analysis of a tree, made once.
    pub fn analyse(&self, tree: &FaultTree, top: Formula) -> Rc<Analysis> {
        let print = tree.fingerprint(top);
        let mut known = self.known.borrow_mut();
        let alike = known.entry(print).or_default();
        if let Some(found) = alike.iter().find(|k| k.top == top && k.tree.is_same(tree)) {
            return Rc::clone(&found.analysis);
        }
        let analysis = Rc::new(fault_tree::analyse(tree, top, &Options::default()));
        alike.push(Known { tree: tree.clone(), top, analysis: Rc::clone(&analysis) });
        analysis
    }
}
