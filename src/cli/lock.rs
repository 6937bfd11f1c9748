//! Drawings that an author keeps beside a design: `shop.sysd` has its own in `shop.sysd.layout`.

use super::Failure;
use crate::layout::lock::{Lock, lay_out_kept};
use crate::project::{read as read_file, write_atomically};
use crate::render::scene::Scene;
use crate::render::svg;
use crate::views::View;
use std::path::{Path, PathBuf};

fn path_of(design: &Path) -> PathBuf {
    let mut path = design.as_os_str().to_owned();
    path.push(".layout");
    path.into()
}

/// The kept drawings of a design; `None` where its author keeps none.
pub(super) fn read(design: &Path) -> Result<Option<Lock>, Failure> {
    let path = path_of(design);
    if !path.is_file() {
        return Ok(None);
    }
    let at = |what: &str| Failure::Argument(format!("{}: {what}; delete it to draw afresh", path.display()));
    let text = String::from_utf8(read_file(&path)?).map_err(|_| at("it is no UTF-8 text"))?;
    Lock::read(&text).map(Some).map_err(|what| at(&what))
}

/// Keeps the drawings of these views; those of others stay as they are.
pub(super) fn write(design: &Path, kept: Option<&Lock>, views: &[View]) -> Result<(), Failure> {
    let mut lock = kept.cloned().unwrap_or_default();
    for view in views {
        if let Scene::Diagram(diagram) = &view.scene {
            let graph = svg::graph(diagram);
            lock.keep(&view.name, &graph, &lay_out_kept(&view.name, &graph, kept));
        }
    }
    Ok(write_atomically(&path_of(design), lock.write().as_bytes())?)
}
