//! `sysd eval`: the calculator.

use super::args::{EvalArgs, Global, TextOrJson};
use super::common::{Project, colored, complain, say, width};
use super::{Failure, Outcome};
use crate::diagnostic::Finding;
use crate::model::{Input, Lowered, evaluation_finding, lower};
use crate::project::FolderLoader;
use crate::quantity::{Environment, Lookup, Quantity, UnitTable, evaluate};
use crate::report::terminal::{self, Style};
use crate::source::{FileId, NoFiles, SourceFile, SourceMap};
use crate::syntax::{Path, parse_expression};

/// Units, and the inputs of a design.
struct Inputs<'a> {
    units: &'a UnitTable,
    inputs: &'a [Input],
}

impl Environment for Inputs<'_> {
    fn lookup(&self, path: &Path) -> Lookup {
        let name = path.text();
        let found = self.inputs.iter().find(|i| i.head.name == name || i.head.short == name);
        found.map_or(Lookup::Unknown, |input| Lookup::Value(input.scalar.quantity))
    }

    fn units(&self) -> &UnitTable {
        self.units
    }
}

pub(super) fn run(args: &EvalArgs, global: &Global) -> Result<Outcome, Failure> {
    let design = match &args.file {
        Some(path) => {
            let project = Project::open(global)?;
            let (name, root, bytes) = project.source(path)?;
            lower(&name, &bytes, &FolderLoader::new(&root))
        }
        None => lower("", b"", &NoFiles),
    };
    match value(&args.expression, &design) {
        Ok(quantity) => Ok(print(quantity, args, &design.units)),
        Err(findings) => {
            let mut sources = SourceMap::default();
            sources.add(SourceFile::new("expression", args.expression.as_str()));
            let style = Style { color: colored(global.color), width: width() };
            for finding in &findings {
                complain(terminal::full(finding, &sources, style).trim_end());
            }
            Ok(Outcome::AtFault)
        }
    }
}

fn value(text: &str, design: &Lowered) -> Result<Quantity, Vec<Finding>> {
    let (expr, findings) = parse_expression(FileId(0), text, &|word| design.units.is_unit(word));
    if !findings.is_empty() {
        return Err(findings);
    }
    let names = Inputs { units: &design.units, inputs: &design.model.inputs };
    evaluate(&expr, &names).map_err(|error| {
        let known: Vec<&str> = design.model.inputs.iter().map(|i| i.head.name.as_str()).collect();
        evaluation_finding(&error, &known, &design.units).into_iter().collect()
    })
}

fn print(quantity: Quantity, args: &EvalArgs, units: &UnitTable) -> Outcome {
    let shown = match &args.unit {
        None => None,
        Some(unit) => match quantity.in_unit(unit, units) {
            Ok(shown) => Some(shown),
            Err(error) => {
                complain(&format!("error: {error}"));
                return Outcome::AtFault;
            }
        },
    };
    let text = match (args.format, shown) {
        (TextOrJson::Text, None) => quantity.human(),
        (TextOrJson::Text, Some(shown)) => shown.text,
        (TextOrJson::Json, shown) => {
            let (value, unit) = match shown {
                Some(shown) => (shown.number, args.unit.clone().unwrap_or_default()),
                None => (quantity.value, quantity.dimension.base_unit()),
            };
            serde_json::json!({ "value": value, "unit": unit, "text": quantity.human() }).to_string()
        }
    };
    say(&format!("{text}\n"));
    Outcome::Fine
}
