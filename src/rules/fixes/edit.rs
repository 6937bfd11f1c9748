//! Edits of a text by its tree: a property set, an item replaced or taken out, everything else left as it is.
//!
//! It knows the shape of the text, not what properties mean.

use crate::source::{SourceMap, Span};
use crate::syntax::{Arg, Block, Item, Tree};

/// Replacements of text.
pub(super) type Edits = Vec<(Span, String)>;

/// The texts of a design with their trees.
pub(super) struct Pages<'a> {
    sources: &'a SourceMap,
    trees: Vec<&'a Tree>,
}

/// An item where it stands.
#[derive(Clone, Copy)]
pub(super) struct Found<'a> {
    /// The item.
    pub(super) item: &'a Item,
    /// The items of its block or file.
    siblings: &'a [Item],
    /// Its place among them.
    index: usize,
    /// The item in whose block it stands.
    owner: Option<&'a Item>,
}

impl<'a> Pages<'a> {
    pub(super) fn new(sources: &'a SourceMap, trees: impl Iterator<Item = &'a Tree>) -> Self {
        Pages { sources, trees: trees.collect() }
    }

    /// The text at a place.
    pub(super) fn text(&self, span: Span) -> &'a str {
        self.sources.text(span)
    }

    /// The innermost item around a place.
    pub(super) fn at(&self, span: Span) -> Option<Found<'a>> {
        let mut siblings: &[Item] = &self.trees.get(span.file.0 as usize)?.items;
        let mut owner = None;
        let mut found = None;
        loop {
            // Items stand in the order of the text; a large design has many.
            let behind = siblings.partition_point(|item| item.span.start <= span.start);
            let Some(index) = behind.checked_sub(1) else { return found };
            let item = &siblings[index];
            if item.span.end < span.end {
                return found;
            }
            found = Some(Found { item, siblings, index, owner });
            let Some(block) = item.block.as_ref().filter(|b| b.span.start < span.start) else {
                return found;
            };
            siblings = &block.items;
            owner = Some(item);
        }
    }

    /// The step that ends in this hop; `None` for a hop in the middle of a run, which has no block of its own.
    pub(super) fn step(&self, hop: Span) -> Option<Found<'a>> {
        let found = self.at(hop).filter(|f| f.item.is_step())?;
        let runs_on =
            found.item.args.iter().any(|a| matches!(a, Arg::Arrow(_, span) if span.start >= hop.end));
        (!runs_on).then_some(found)
    }

    /// Sets a property in the block of an item: in place of the one with its key, else behind the last one.
    pub(super) fn set(&self, item: &Item, property: &str) -> Edits {
        let key = property.split(' ').next().unwrap_or(property);
        let Some(block) = &item.block else {
            return vec![(after(item.span), format!(" {{ {property} }}"))];
        };
        if let Some(earlier) = block.items.iter().find(|i| i.key() == Some(key)) {
            return vec![(earlier.span, property.to_string())];
        }
        vec![self.appended(item, block, property)]
    }

    fn appended(&self, item: &Item, block: &Block, property: &str) -> (Span, String) {
        let line = |offset| self.sources.file(block.span.file).position(offset).line;
        let Some(last) = block.items.last() else {
            return (block.span, format!("{{ {property} }}"));
        };
        if line(last.span.end) == line(block.span.end) {
            return (after(last.span), format!(", {property}"));
        }
        // On a line of its own before the closing brace, as deep as its siblings.
        let file = self.sources.file(block.span.file);
        let own_line = block.items.iter().find(|i| i.lead == crate::syntax::Separator::Line);
        let indent = own_line.map_or_else(
            || format!("{}  ", indent_of(file.line(line(item.span.start)))),
            |sibling| indent_of(file.line(line(sibling.span.start))).to_string(),
        );
        let start = file.line_start(line(block.span.end.saturating_sub(1)));
        let at = Span { file: block.span.file, start, end: start };
        (at, format!("{indent}{property}\n"))
    }

    /// Takes an item out with what separates it from its neighbours; `None` where a remark would go with it.
    pub(super) fn removed(&self, found: Found) -> Option<Edits> {
        let item = found.item;
        let start = item.docs.first().map_or(item.span.start, |doc| doc.span.start);
        let whole = Span { start, ..item.span };
        let file = self.sources.file(whole.file);
        let (first, last) = (file.position(whole.start).line, file.position(whole.end).line);
        let before = file.text.get(file.line_start(first) as usize..whole.start as usize)?;
        let behind = file.text.get(whole.end as usize..file.line_start(last + 1) as usize)?;
        let next = found.siblings.get(found.index + 1).filter(|n| file.position(n.span.start).line == last);
        let previous = found.index.checked_sub(1).and_then(|i| found.siblings.get(i));
        let previous = previous.filter(|p| file.position(p.span.end).line == first);
        let cut = if before.trim().is_empty() && behind.trim().is_empty() {
            Span { start: file.line_start(first), end: file.line_start(last + 1), ..whole }
        } else if let Some(next) = next {
            Span { end: next.docs.first().map_or(next.span.start, |doc| doc.span.start), ..whole }
        } else if let Some(previous) = previous {
            Span { start: previous.span.end, ..whole }
        } else {
            match found.owner.and_then(|o| Some((o.header().end, o.block.as_ref()?))) {
                Some((header, block)) if block.items.len() == 1 => {
                    Span { start: header, end: block.span.end, ..whole }
                }
                _ => whole,
            }
        };
        let comments = &self.trees.get(cut.file.0 as usize)?.comments;
        let remark = comments.iter().any(|c| cut.start <= c.span.start && c.span.end <= cut.end);
        (!remark).then(|| vec![(cut, String::new())])
    }
}

fn after(span: Span) -> Span {
    Span { start: span.end, ..span }
}

fn indent_of(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}
