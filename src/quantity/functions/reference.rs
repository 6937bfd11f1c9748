//! The reference of the functions, made from their table: `docs/reference/functions.md`.

use super::{TABLES, Takes};
use std::fmt::Write;

/// The whole reference as Markdown.
pub fn reference() -> String {
    let mut out = String::from(
        "# Functions\n\nGenerated from the table of functions; `UPDATE=1 cargo test` writes it anew. They serve in `let`s and \
         other expressions of a design and in `sysd eval`: `sysd eval 'erlang_c(4, 3)'`. What stands in `[ ]` may be left out. \
         An argument outside what is admitted is an error, and so is what has no result.\n",
    );
    for (title, table) in TABLES {
        let _ = writeln!(out, "\n## {title}");
        for function in *table {
            let _ = writeln!(out, "\n### {}\n\n    {}\n", function.name, function.signature());
            let _ = writeln!(
                out,
                "Gives {}. Computed as {}. Source: {}.\n",
                function.doc, function.formula, function.source
            );
            let limited: Vec<_> = function.parameters.iter().filter(|p| p.takes != Takes::Any).collect();
            if !limited.is_empty() {
                out.push('\n');
            }
            for parameter in limited {
                let _ = writeln!(out, "- `{}`: {}", parameter.name, parameter.takes.expectation());
            }
        }
    }
    out
}
