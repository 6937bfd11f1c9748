//! Who may do what, and what guards the ways in.

use super::{Cell, Grid, Rows};
use crate::compile::Design;
use crate::document::cells::{code, escape};
use crate::document::setting::Setting;

/// Data against roles, and the conditions of the grants.
pub(super) fn access(design: &Design) -> (Rows, Vec<String>) {
    let model = &design.lowered.model;
    let headings: Vec<String> = std::iter::once("data".to_string())
        .chain(model.roles.iter().map(|role| role.head.label().to_string()))
        .collect();
    let mut grid = Grid::new(&headings);
    let mut conditions = Vec::new();
    for access in &model.access {
        for id in &access.data {
            let datum = &model.datum(*id).head;
            let mut row = vec![Cell::Code(datum.name.to_string())];
            for role in 0..model.roles.len() {
                let grants = access.grants.iter().filter(|g| g.role.index() == role);
                let texts: Vec<String> = grants
                    .map(|grant| {
                        let words: Vec<&str> = grant.operations.iter().map(|o| o.word()).collect();
                        let mark = grant.condition.as_ref().map(|condition| {
                            conditions.push(format!(
                                "{}, {}: {}",
                                code(&datum.name),
                                escape(model.roles[role].head.label()),
                                escape(condition)
                            ));
                            format!(" ({})", conditions.len())
                        });
                        format!("{}{}", words.join(", "), mark.unwrap_or_default())
                    })
                    .collect();
                row.push(Cell::Text(texts.join("; ")));
            }
            grid.push(row);
        }
    }
    (grid.finish(), conditions)
}

/// Elements that anybody can reach.
pub(super) fn entries(design: &Design, setting: &Setting) -> Rows {
    let model = &design.lowered.model;
    let mut grid = Grid::new(&["way in", "authentication", "rate limit"]);
    for element in model.elements.iter().filter(|e| e.props.has("public")) {
        let written = |key: &str| {
            let prop = element.props.get(key)?;
            let text = design.lowered.sources.text(prop.span);
            Some(text.strip_prefix(key).unwrap_or(text).trim().to_string())
        };
        grid.push(vec![
            Cell::Link(element.head.label().to_string(), setting.element(&element.head.name)),
            written("auth").map_or_else(|| Cell::Text("none".to_string()), Cell::Code),
            written("limit").map_or_else(|| Cell::Text("none".to_string()), Cell::Code),
        ]);
    }
    grid.finish()
}
