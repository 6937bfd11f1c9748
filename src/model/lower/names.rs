//! The three spaces of names and how a path finds its entity.
//!
//! A full name is its groups and its own name, joined by dots. A path is looked up from the
//! innermost group outwards, then as a full name, then as the end of a full name where that is
//! unique: `media.api` is also `api` as long as there is only one.

use crate::model::Entity;
use crate::source::Span;
use ecow::EcoString;
use rustc_hash::FxHashMap;

/// The spaces in which names live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Space {
    /// Elements, groups, regions, flows and inputs.
    Things,
    /// Data.
    Data,
    /// Roles.
    Roles,
    /// Scenarios.
    Scenarios,
}

/// A declared name.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) full: EcoString,
    pub(super) entity: Entity,
    pub(super) span: Span,
}

/// What a path stands for.
pub(super) enum Found<'a> {
    One(&'a Entry),
    Several(Vec<&'a Entry>),
    None,
}

#[derive(Default)]
struct Table {
    entries: Vec<Entry>,
    full: FxHashMap<EcoString, u32>,
    short: FxHashMap<EcoString, Vec<u32>>,
}

/// All declared names.
#[derive(Default)]
pub(super) struct Names {
    things: Table,
    data: Table,
    roles: Table,
    scenarios: Table,
}

impl Names {
    fn table(&self, space: Space) -> &Table {
        match space {
            Space::Things => &self.things,
            Space::Data => &self.data,
            Space::Roles => &self.roles,
            Space::Scenarios => &self.scenarios,
        }
    }

    /// Declares a name; the place of an earlier declaration of the same name, if there is one.
    pub(super) fn declare(&mut self, space: Space, entry: Entry) -> Result<(), Span> {
        let table = match space {
            Space::Things => &mut self.things,
            Space::Data => &mut self.data,
            Space::Roles => &mut self.roles,
            Space::Scenarios => &mut self.scenarios,
        };
        if let Some(&earlier) = table.full.get(&entry.full) {
            return Err(table.entries[earlier as usize].span);
        }
        let at = table.entries.len() as u32;
        let short = entry.full.rsplit('.').next().unwrap_or(&entry.full);
        table.short.entry(short.into()).or_default().push(at);
        table.full.insert(entry.full.clone(), at);
        table.entries.push(entry);
        Ok(())
    }

    /// What `path` stands for, seen from inside `scope` (the full name of a group; empty at the top).
    pub(super) fn find(&self, space: Space, path: &str, scope: &str) -> Found<'_> {
        let table = self.table(space);
        let mut around = scope;
        while !around.is_empty() {
            if let Some(&at) = table.full.get(format!("{around}.{path}").as_str()) {
                return Found::One(&table.entries[at as usize]);
            }
            around = around.rsplit_once('.').map_or("", |(outer, _)| outer);
        }
        if let Some(&at) = table.full.get(path) {
            return Found::One(&table.entries[at as usize]);
        }
        let last = path.rsplit('.').next().unwrap_or(path);
        let ends: Vec<&Entry> = table
            .short
            .get(last)
            .into_iter()
            .flatten()
            .map(|&at| &table.entries[at as usize])
            .filter(|e| {
                e.full.strip_suffix(path).is_some_and(|before| before.is_empty() || before.ends_with('.'))
            })
            .collect();
        match ends.as_slice() {
            [] => Found::None,
            [one] => Found::One(one),
            _ => Found::Several(ends),
        }
    }

    /// Full and short names of a space whose entity passes, for candidates.
    pub(super) fn candidates(&self, space: Space, pass: impl Fn(Entity) -> bool) -> Vec<&str> {
        let mut names = Vec::new();
        for entry in self.table(space).entries.iter().filter(|e| pass(e.entity)) {
            names.push(entry.full.as_str());
            if let Some((_, short)) = entry.full.rsplit_once('.') {
                names.push(short);
            }
        }
        names
    }
}
