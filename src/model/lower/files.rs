//! The first pass: the file, what it imports, and what those import.
//!
//! A file is read once, however many import it. Paths are relative to the importing file and
//! may not leave the project's root.

use super::Unit;
use crate::diagnostic::{Finding, language};
use crate::quantity::UnitTable;
use crate::source::{FileId, Loader, SourceFile, SourceMap, Span};
use crate::syntax::{self, Arg, Item};
use ecow::EcoString;
use rustc_hash::FxHashMap;

pub(super) struct Loaded {
    pub(super) units: Vec<Unit>,
    pub(super) sources: SourceMap,
    pub(super) findings: Vec<Finding>,
    /// The path of the design that the first file supersedes, if it is there.
    pub(super) supersedes: Option<EcoString>,
}

/// An `import` item: the file it names, the alias, the place of the path.
pub(super) struct Import<'a> {
    pub(super) path: &'a EcoString,
    pub(super) alias: Option<&'a str>,
    pub(super) span: Span,
}

pub(super) fn import_of(item: &Item) -> Option<Import<'_>> {
    if item.key() != Some("import") || item.is_step() {
        return None;
    }
    let path = item.args.get(1).and_then(Arg::value)?;
    let alias = match (item.args.get(2).and_then(Arg::value).and_then(|e| e.word()), item.args.get(3)) {
        (Some("as"), Some(alias)) => alias.value().and_then(|e| e.word()),
        _ => None,
    };
    Some(Import { path: path.string()?, alias, span: path.span })
}

/// The path of `supersedes` in the item of a system, and its place.
fn superseded_by(item: &Item) -> Option<(EcoString, Span)> {
    if item.key() != Some("system") || item.is_step() {
        return None;
    }
    let block = item.block.as_ref()?;
    let path = block.items.iter().find(|i| i.key() == Some("supersedes"))?.args.get(1)?.value()?;
    Some((path.string()?.clone(), path.span))
}

struct Loading<'l> {
    loader: &'l dyn Loader,
    units: UnitTable,
    loaded: Loaded,
    known: FxHashMap<String, FileId>,
    /// The files that are being loaded, outermost first, with the import that asked for each.
    stack: Vec<(String, Option<Span>)>,
}

pub(super) fn load(path: &str, bytes: &[u8], loader: &dyn Loader) -> Loaded {
    let loaded =
        Loaded { units: Vec::new(), sources: SourceMap::default(), findings: Vec::new(), supersedes: None };
    let mut loading =
        Loading { loader, units: UnitTable::new(), loaded, known: FxHashMap::default(), stack: Vec::new() };
    loading.add(path, bytes, &EcoString::new(), None);
    let items = loading.loaded.units.first().map(|unit| unit.tree.items.iter());
    if let Some((target, span)) = items.and_then(|mut items| items.find_map(superseded_by)) {
        loading.supersede(path, &target, span);
    }
    loading.loaded
}

/// The files that a file imports, and those that these import, each once, whether they are there or not.
///
/// A file without the word is not even parsed: most designs stand alone.
pub fn imports(path: &str, bytes: &[u8], loader: &dyn Loader) -> Vec<String> {
    let units = UnitTable::new();
    let mut known: Vec<String> = Vec::new();
    let mut waiting = vec![(path.to_string(), bytes.to_vec())];
    while let Some((from, bytes)) = waiting.pop() {
        if !bytes.windows(6).any(|word| word == b"import") {
            continue;
        }
        let (_, tree) = syntax::parse_bytes(FileId(0), &bytes, &|word| units.is_unit(word));
        for import in tree.items.iter().filter_map(import_of) {
            let Some(name) = joined(&from, import.path).filter(|n| n != path && !known.contains(n)) else {
                continue;
            };
            if let Ok(bytes) = loader.load(&name) {
                waiting.push((name.clone(), bytes));
            }
            known.push(name);
        }
    }
    known
}

impl Loading<'_> {
    fn add(&mut self, path: &str, bytes: &[u8], prefix: &EcoString, asked: Option<Span>) {
        let file = FileId(self.loaded.units.len() as u32);
        let (text, tree) = syntax::parse_bytes(file, bytes, &|word| self.units.is_unit(word));
        self.loaded.sources.add(SourceFile::new(path, text));
        self.loaded.findings.extend(tree.findings.iter().cloned());
        self.known.insert(path.to_string(), file);
        let imports: Vec<(EcoString, Option<EcoString>, Span)> = tree
            .items
            .iter()
            .filter_map(import_of)
            .map(|i| (i.path.clone(), i.alias.map(EcoString::from), i.span))
            .collect();
        self.loaded.units.push(Unit { tree, prefix: prefix.clone(), imported: asked.is_some() });
        self.stack.push((path.to_string(), asked));
        for (target, alias, span) in imports {
            let inner = match (&alias, prefix.is_empty()) {
                (None, _) => prefix.clone(),
                (Some(alias), true) => alias.clone(),
                (Some(alias), false) => EcoString::from(format!("{prefix}.{alias}")),
            };
            self.import(path, &target, &inner, span);
        }
        self.stack.pop();
    }

    fn import(&mut self, from: &str, target: &str, prefix: &EcoString, span: Span) {
        let Some(path) = self.inside(from, target, span) else { return };
        if let Some(at) = self.stack.iter().position(|(p, _)| *p == path) {
            self.report_cycle(at, &path, span);
            return;
        }
        if self.known.contains_key(&path) {
            return;
        }
        match self.loader.load(&path) {
            Ok(bytes) => self.add(&path, &bytes, prefix, Some(span)),
            Err(why) => {
                let finding = Finding::new(
                    language::IMPORT_NOT_FOUND,
                    span,
                    format!("cannot import `{target}`: {why}"),
                );
                self.loaded.findings.push(
                    finding
                        .label(format!("looked for `{path}`"))
                        .help("paths are relative to the file that imports"),
                );
            }
        }
    }

    /// The path of another file; one that leaves the project is a finding.
    fn inside(&mut self, from: &str, target: &str, span: Span) -> Option<String> {
        let path = joined(from, target);
        if path.is_none() {
            let what = format!("`{target}` lies outside the project");
            self.loaded.findings.push(
                Finding::new(language::IMPORT_NOT_FOUND, span, what)
                    .label("leaves the project's root")
                    .help("name files by a path inside the project, relative to this file"),
            );
        }
        path
    }

    /// Notes the earlier version of a design. It is compared with as a whole: none of its names come in.
    fn supersede(&mut self, from: &str, target: &str, span: Span) {
        let Some(path) = self.inside(from, target, span) else { return };
        let fault = if path == from {
            ("a design does not supersede itself".to_string(), "names the file that it stands in".to_string())
        } else {
            match self.loader.load(&path) {
                Ok(_) => return self.loaded.supersedes = Some(path.into()),
                Err(why) => (
                    format!("cannot compare with `{target}`, which is superseded: {why}"),
                    format!("looked for `{path}`"),
                ),
            }
        };
        self.loaded.findings.push(
            Finding::new(language::IMPORT_NOT_FOUND, span, fault.0)
                .label(fault.1)
                .help("name the file of the earlier version, relative to this file"),
        );
    }

    fn report_cycle(&mut self, at: usize, path: &str, span: Span) {
        let mut way: Vec<&str> = self.stack[at..].iter().map(|(p, _)| p.as_str()).collect();
        way.push(path);
        let mut finding = Finding::new(
            language::IMPORT_CYCLE,
            span,
            format!("files import each other in a circle: {}", way.join(" -> ")),
        )
        .label("closes the circle")
        .help("move what both need into a third file that imports neither");
        for (file, asked) in &self.stack[at..] {
            if let Some(asked) = asked {
                finding = finding.related(*asked, format!("`{file}` is imported here"));
            }
        }
        self.loaded.findings.push(finding);
    }
}

/// `target` as seen from the file `from`, normalised; `None` if it leaves the root or is absolute.
fn joined(from: &str, target: &str) -> Option<String> {
    if target.starts_with('/') || target.contains('\\') || target.contains(':') {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop()? == ".." {
                    return None;
                }
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn paths_are_relative_to_the_importing_file_and_stay_inside() {
        assert_eq!(joined("a/b.sysd", "c.sysd").as_deref(), Some("a/c.sysd"));
        assert_eq!(joined("a/b.sysd", "../c.sysd").as_deref(), Some("c.sysd"));
        assert_eq!(joined("a/b.sysd", "../../c.sysd"), None);
        assert_eq!(joined("a/b.sysd", "/etc/passwd"), None);
    }
}
