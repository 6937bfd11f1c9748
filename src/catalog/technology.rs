//! One technology: its facts, what follows from them, and how settings change that.

use std::collections::BTreeMap;

use super::fact::{Derived, Fact, Known, Origin, Unknown};
use super::getters::{Anchor, PartitionLimit};
use super::keys::Class;
use super::variant::{Stated, Variant};

/// Everything that is known about one technology.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Technology {
    /// The identifier: `redis`.
    pub id: String,
    /// The name for people: `Redis`.
    pub name: String,
    /// Other names that a design may use.
    pub aliases: Vec<String>,
    /// What it is, in words.
    pub kind: String,
    /// Its data model or role; the first is the main one.
    pub classes: Vec<Class>,
    /// Keywords of elements that it fits, the main one first.
    pub fits: Vec<String>,
    /// Whether a provider runs it.
    pub managed: bool,
    /// The day on which its facts were entered.
    pub entered: String,
    /// Remarks about the whole.
    pub notes: Vec<String>,
    /// The facts by path.
    pub facts: BTreeMap<String, Fact>,
    /// What was looked for in vain, by path.
    pub unknown: BTreeMap<String, Unknown>,
    /// What the compiler computes with, by key (see [`super::KEYS`]).
    pub normalised: BTreeMap<String, Derived>,
    /// Throughputs of named hardware: orders of magnitude, not capacities.
    pub anchors: Vec<Anchor>,
    /// Limits per partition, shard, prefix or key.
    pub partition_limits: Vec<PartitionLimit>,
    /// The deployment variants it knows.
    pub variants: Vec<Variant>,
    /// Names of the variants that were applied.
    pub applied: Vec<String>,
}

impl Technology {
    /// A technology that the catalogue does not know: nothing is known about it but its class.
    pub fn new(name: &str, class: Class) -> Technology {
        Technology {
            id: name.to_owned(),
            name: name.to_owned(),
            kind: class.token().replace('_', "-"),
            classes: vec![class],
            fits: fits_of(class).iter().map(|keyword| (*keyword).to_owned()).collect(),
            ..Technology::default()
        }
    }

    /// The main data model or role.
    pub fn class(&self) -> Option<Class> {
        self.classes.first().copied()
    }

    /// Whether it is of that class, mainly or also.
    pub fn is(&self, class: Class) -> bool {
        self.classes.contains(&class)
    }

    /// Whether all its data must fit into memory, which it answers from.
    pub fn keeps_data_in_memory(&self) -> bool {
        let bound = self.fact("limits.dataset_bound").and_then(|f| f.value.text());
        bound.is_some_and(|text| text.contains("RAM"))
    }

    /// Whether elements of that keyword can be made of it.
    pub fn fits_keyword(&self, keyword: &str) -> bool {
        self.fits.iter().any(|fit| fit == keyword)
    }

    /// Whether it holds only what can be rebuilt from elsewhere: a text or vector index.
    pub fn is_derived_store(&self) -> bool {
        (self.is(Class::Search) || self.is(Class::Vector)) && !self.is(Class::Relational)
    }

    /// The fact at a path such as `limits.max_clients_default`.
    pub fn fact(&self, path: &str) -> Option<&Fact> {
        self.facts.get(path)
    }

    /// Why something is unknown, where that was looked for.
    pub fn why_unknown(&self, path: &str) -> Option<&Unknown> {
        self.unknown.get(path)
    }

    /// The technology as an element deploys it: every variant that its settings select, in order. `stated` answers
    /// for the element's properties (`aof`, `multi_az`, and of the general ones `factor`, `replicas`, `min_in_sync`,
    /// `acks`, `mode`).
    #[must_use]
    pub fn deployed(&self, stated: &dyn Fn(&str) -> Option<Stated>) -> Technology {
        let mut deployed = self.clone();
        for variant in self.variants.iter().filter(|variant| variant.holds(stated)) {
            deployed.apply(variant);
        }
        deployed
    }

    /// The technology under an alias that names a deployment.
    pub(super) fn under_alias(self, folded: &str) -> Technology {
        let mut deployed = self.clone();
        for variant in self.variants.iter().filter(|variant| variant.alias.as_deref() == Some(folded)) {
            deployed.apply(variant);
        }
        deployed
    }

    fn apply(&mut self, variant: &Variant) {
        if self.applied.contains(&variant.name) {
            return;
        }
        for (key, derived) in &variant.set {
            // What the design states wins over what a variant implies.
            if self.normalised.get(key).is_none_or(|old| old.origin != Origin::Stated) {
                self.normalised.insert(key.clone(), derived.clone());
                self.unknown.remove(&format!("normalised.{key}"));
            }
        }
        self.partition_limits.extend(variant.partition_limits.iter().cloned());
        self.applied.push(variant.name.clone());
    }

    /// What the design itself states about the technology, as key and value, in order of the key.
    pub fn stated(&self) -> Vec<(&str, String)> {
        let keys = self.normalised.iter().filter(|(_, derived)| derived.origin == Origin::Stated);
        let facts = self.facts.iter().filter(|(_, fact)| fact.origin == Origin::Stated);
        keys.map(|(key, derived)| (key.as_str(), derived.value.to_string()))
            .chain(facts.map(|(path, fact)| (path.as_str(), fact.value.to_string())))
            .collect()
    }

    /// The value under a key, with its source, where `read` finds it to be of the right kind.
    pub(super) fn known<T>(
        &self,
        key: &str,
        read: impl FnOnce(&super::FactValue) -> Option<T>,
    ) -> Option<Known<T>> {
        let derived = self.normalised.get(key)?;
        Some(Known {
            value: read(&derived.value)?,
            confidence: derived.confidence,
            source: self.source_of(derived),
            fact: key.to_owned(),
            origin: derived.origin.clone(),
        })
    }

    /// The sources that a derived value rests on, each once, in order.
    pub fn source_of(&self, derived: &Derived) -> String {
        if derived.origin == Origin::Stated {
            return "stated by the design".to_owned();
        }
        self.sources(&derived.from)
    }

    /// The sources of the facts at these paths, each once, in order.
    pub(super) fn sources(&self, paths: &[String]) -> String {
        let mut sources: Vec<&str> = Vec::new();
        for fact in paths.iter().filter_map(|path| self.facts.get(path)) {
            if !sources.contains(&fact.source.as_str()) {
                sources.push(&fact.source);
            }
        }
        if sources.is_empty() {
            format!("inferred from the catalogue's entry of {}; no single fact states it", self.name)
        } else {
            sources.join("; ")
        }
    }
}

fn fits_of(class: Class) -> &'static [&'static str] {
    match class {
        Class::KeyValue => &["store", "cache"],
        Class::Queue => &["queue"],
        Class::Topic | Class::Log => &["topic", "queue"],
        Class::Processor | Class::Workflow => &["worker", "job", "service"],
        Class::Proxy => &["balancer", "gateway"],
        Class::Gateway => &["gateway"],
        Class::HttpCache => &["cache", "cdn"],
        Class::Cdn => &["cdn"],
        Class::Compute => &["service", "worker", "job", "function"],
        Class::Dns | Class::Protocol | Class::Outside | Class::Auth | Class::Observability => {
            &["external", "service"]
        }
        _ => &["store"],
    }
}
