//! Technologies in use, remarks about them, and the facts of the catalogue that numbers rest on.

use super::{Cell, Grid, Rows};
use crate::analysis::{Facts, Operation};
use crate::document::setting::Setting;
use crate::model::Model;
use std::collections::BTreeMap;

type Users = Vec<(String, Option<String>)>;

pub(super) fn technologies(model: &Model, setting: &Setting) -> Rows {
    let mut grid = Grid::new(&["technology", "what it is", "used by", "to know"]);
    let mut seen: BTreeMap<String, (String, Users, String)> = BTreeMap::new();
    for element in &model.elements {
        let Some(technology) = element.tech() else { continue };
        let user = (element.head.label().to_string(), setting.element(&element.head.name));
        let entry = seen
            .entry(technology.name.clone())
            .or_insert_with(|| (technology.kind.clone(), Vec::new(), technology.notes.join(" ")));
        entry.1.push(user);
    }
    for (name, (kind, users, notes)) in seen {
        grid.push(vec![Cell::Text(name), Cell::Text(kind), Cell::Links(users), Cell::Text(notes)]);
    }
    grid.finish()
}

/// What was looked up, each fact once.
pub(super) fn catalogue(facts: &Facts) -> Rows {
    let mut grid = Grid::new(&["taken from the catalogue", ">value", "source"]);
    let mut seen: Vec<(String, String, String)> = Vec::new();
    for (id, fact) in facts.derivation.iter().filter(|(_, f)| f.value.is_some()) {
        let Operation::Catalogue(source) = &fact.operation else { continue };
        let what = if fact.label.is_empty() { &fact.name } else { &fact.label };
        let row = (what.to_string(), facts.derivation.show(id), source.to_string());
        if !seen.contains(&row) {
            seen.push(row);
        }
    }
    for (what, value, source) in seen {
        grid.push(vec![Cell::Message(what), Cell::Number(value), Cell::Text(source)]);
    }
    grid.finish()
}
