//! The catalogue: what is known about real technologies, each fact with its value, source, confidence and date.
//!
//! The facts are data files (`catalog/NAME.toml`), embedded in the binary and parsed only for the technologies that
//! a design names; names, kinds and settings come from a generated index. [`consistency`] owns the models that reads
//! and transactions are measured by. This floor knows nothing of designs: the caller says which settings an element
//! states and gets the facts that then hold. A fact that is not known is absent, never a good value.

pub mod consistency;
mod fact;
mod getters;
#[rustfmt::skip]
mod index;
mod keys;
mod numbers;
mod overlay;
mod parse;
mod technology;
#[cfg(test)]
mod tests;
mod variant;

use std::sync::OnceLock;

pub use fact::{Confidence, Derived, Fact, FactValue, Known, Origin, Unknown};
pub use getters::{Anchor, Isolation, PartitionLimit};
pub use index::ENTRIES;
pub use keys::{
    AutoFailover, Class, Delivery, KEYS, Key, KeyKind, MessageOrdering, Replay, ReplicationMode, Sharding,
};
pub use numbers::{Number, numbers};
pub use overlay::{Overlaid, OverlayProblem, StatedFact};
pub use technology::Technology;
pub use variant::{Condition, Stated, Variant};

/// What the index says about one technology without parsing its file.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The identifier, as its file is called: `aws-elb`.
    pub id: &'static str,
    /// The name for people: `AWS Elastic Load Balancing (ALB/NLB)`.
    pub name: &'static str,
    /// Other names that a design may use.
    pub aliases: &'static [&'static str],
    /// What it is, in words.
    pub kind: &'static str,
    /// Its data model or role; the first is the main one.
    pub classes: &'static [Class],
    /// Keywords of elements that it fits, the main one first.
    pub fits: &'static [&'static str],
    /// Whether a provider runs it.
    pub managed: bool,
    /// Settings of an element that choose a deployment variant, with the values that are known.
    pub settings: &'static [Setting],
    /// The text of its file.
    text: &'static str,
}

impl Entry {
    /// The identifier as a design spells it: `aws_elb`.
    pub fn word(&self) -> String {
        fold(self.id)
    }
}

/// A property that chooses a deployment variant: `aof everysec`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The property's name.
    pub key: &'static str,
    /// The values that select a variant; `yes` also stands for the bare word, `>= 3` for a number.
    pub values: &'static [&'static str],
}

/// One name in the index: an identifier or an alias, folded.
#[derive(Clone, Copy, Debug)]
struct Name {
    folded: &'static str,
    entry: usize,
    /// Whether the name itself chooses a variant, as `redis_cluster` does.
    variant: bool,
}

/// All technologies, by name.
pub struct Catalog {
    entries: Vec<OnceLock<Option<Technology>>>,
    variants: Vec<OnceLock<Option<Technology>>>,
}

impl Catalog {
    /// The catalogue that is built in.
    pub fn builtin() -> &'static Catalog {
        static CATALOG: OnceLock<Catalog> = OnceLock::new();
        CATALOG.get_or_init(|| Catalog {
            entries: ENTRIES.iter().map(|_| OnceLock::new()).collect(),
            variants: index::NAMES.iter().map(|_| OnceLock::new()).collect(),
        })
    }

    /// The technology of that name or alias; case, `-` and `_` make no difference. An alias that names a deployment
    /// (`redis_cluster`) answers with that variant applied.
    pub fn find(&self, name: &str) -> Option<&Technology> {
        let at = position(name)?;
        let known = index::NAMES.get(at)?;
        let entry = ENTRIES.get(known.entry)?;
        if known.variant {
            let cell = self.variants.get(at)?;
            cell.get_or_init(|| parse::technology(entry.text).map(|t| t.under_alias(known.folded))).as_ref()
        } else {
            self.entries.get(known.entry)?.get_or_init(|| parse::technology(entry.text)).as_ref()
        }
    }

    /// What the index knows of that name, without parsing the file.
    pub fn entry(&self, name: &str) -> Option<&'static Entry> {
        ENTRIES.get(index::NAMES.get(position(name)?)?.entry)
    }

    /// Every technology of the index, ordered by identifier.
    pub fn entries(&self) -> &'static [Entry] {
        ENTRIES
    }

    /// Every identifier and alias as a design spells it, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        index::NAMES.iter().map(|name| name.folded)
    }

    /// Up to three names that `name` may have meant, the nearest first.
    pub fn nearest(&self, name: &str) -> Vec<&'static str> {
        crate::words::nearest(&fold(name), self.names())
    }
}

/// A name as the index holds it: lower case, with `_` for `-` and blanks.
pub fn fold(name: &str) -> String {
    name.chars().map(folded).collect()
}

fn folded(c: char) -> char {
    if c == '-' || c == ' ' { '_' } else { c.to_ascii_lowercase() }
}

/// Whether two names fold to the same.
fn same_name(a: &str, b: &str) -> bool {
    a.chars().map(folded).eq(b.chars().map(folded))
}

fn position(name: &str) -> Option<usize> {
    let folded = fold(name);
    index::NAMES.binary_search_by(|known| known.folded.cmp(folded.as_str())).ok()
}
