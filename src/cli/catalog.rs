//! `sysd catalog`: what is known about technologies.

use super::args::CatalogArgs;
use super::common::say;
use super::{Failure, Outcome};
use crate::catalog::Catalog;
use crate::report::catalog::{catalog_list, catalog_page};
use crate::words;

pub(super) fn run(args: &CatalogArgs) -> Result<Outcome, Failure> {
    let catalog = Catalog::builtin();
    let text = match &args.name {
        None => catalog_list(catalog),
        Some(name) => match catalog.find(name) {
            Some(technology) => catalog_page(technology),
            None => {
                let near = catalog.nearest(name);
                let hint = if near.is_empty() {
                    "`sysd catalog` lists them".to_string()
                } else {
                    format!("did you mean {}?", words::alternatives(&near))
                };
                return Err(Failure::Argument(format!(
                    "there is no technology `{name}` in the catalogue; {hint}"
                )));
            }
        },
    };
    say(&text);
    Ok(Outcome::Fine)
}
