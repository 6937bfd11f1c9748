//! Tree to text: the one layout of a design.
//!
//! Numbers, names and strings stay as they are written; only blanks, line breaks and
//! the separators of one-line blocks change. The floor knows no keyword.

#[cfg(test)]
mod tests;
mod value;

use crate::diagnostic::Severity;
use crate::source::Span;
use crate::syntax::{Arg, Block, Comment, Doc, Item, Separator, Tree};

/// Longest line, in characters, that a one-line block or a step may take.
const WIDTH: usize = 100;

/// Blanks for each level of blocks.
const INDENT: usize = 2;

/// Blanks before the lines on which an item goes on.
const CONTINUATION: usize = 4;

/// The canonical layout of a text and its tree; none where the tree has errors, because
/// a text that was not understood must not be moved about.
pub fn format(tree: &Tree, text: &str) -> Option<String> {
    if tree.findings.iter().any(|finding| finding.severity == Severity::Error) {
        return None;
    }
    let mut printer =
        Printer { text, comments: &tree.comments, out: String::with_capacity(text.len()), flat: false };
    printer.entries(&tree.docs, &tree.items, 0, text.len(), 0);
    Some(printer.out)
}

/// What stands on lines of its own, in the order of the text.
#[derive(Clone, Copy)]
enum Entry<'a> {
    Doc(&'a Doc, &'static str),
    Comment(Comment),
    Item(&'a Item),
}

impl Entry<'_> {
    fn span(&self) -> Span {
        match self {
            Entry::Doc(doc, _) => doc.span,
            Entry::Comment(comment) => comment.span,
            Entry::Item(item) => item.span,
        }
    }
}

struct Printer<'a> {
    text: &'a str,
    /// The comments that are not printed yet.
    comments: &'a [Comment],
    out: String,
    /// Whether the last entry is an item on one line, so that the next may stand beside it.
    flat: bool,
}

impl<'a> Printer<'a> {
    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or("")
    }

    fn has_comment(&self, start: usize, end: usize) -> bool {
        let first = self.comments.partition_point(|c| (c.span.start as usize) < start);
        self.comments.get(first).is_some_and(|c| (c.span.start as usize) < end)
    }

    fn skip_comments(&mut self, end: usize) {
        let count = self.comments.partition_point(|c| (c.span.start as usize) < end);
        self.comments = self.comments.get(count..).unwrap_or(&[]);
    }

    /// Comments up to `end` become entries before whatever starts there.
    fn take_comments(&mut self, end: usize) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        let count = self.comments.partition_point(|c| (c.span.start as usize) < end);
        let (taken, rest) = self.comments.split_at(count);
        self.comments = rest;
        taken.iter().map(|&comment| Entry::Comment(comment))
    }

    /// Items with their documentation and the comments between them; `start` is where the
    /// block opens and `end` where it closes.
    fn entries(&mut self, docs: &'a [Doc], items: &'a [Item], start: usize, end: usize, level: usize) {
        let mut last = start;
        let mut first = true;
        for doc in docs {
            self.entry_with_comments(Entry::Doc(doc, "//!"), &mut last, &mut first, level);
        }
        for item in items {
            for doc in &item.docs {
                self.entry_with_comments(Entry::Doc(doc, "///"), &mut last, &mut first, level);
            }
            self.entry_with_comments(Entry::Item(item), &mut last, &mut first, level);
        }
        for comment in self.take_comments(end) {
            self.entry(comment, &mut last, &mut first, level);
        }
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn entry_with_comments(&mut self, entry: Entry<'a>, last: &mut usize, first: &mut bool, level: usize) {
        for comment in self.take_comments(entry.span().start as usize) {
            self.entry(comment, last, first, level);
        }
        self.entry(entry, last, first, level);
    }

    fn entry(&mut self, entry: Entry<'a>, last: &mut usize, first: &mut bool, level: usize) {
        let span = entry.span();
        let breaks = self.slice(*last, span.start as usize).matches('\n').count();
        let trailing = matches!(entry, Entry::Comment(_)) && breaks == 0 && !self.out.is_empty();
        let beside = if breaks == 0 && !*first { self.beside(&entry) } else { None };
        if let Some((separator, line)) = beside {
            *last = span.end as usize;
            self.out.push_str(separator);
            self.out.push_str(&line);
            return;
        }
        if trailing {
            self.out.push(' ');
        } else {
            if !self.out.is_empty() && !self.out.ends_with('\n') {
                self.out.push('\n');
            }
            if breaks > 1 && !*first {
                self.out.push('\n');
            }
            self.blanks(level * INDENT);
        }
        *first = false;
        *last = span.end as usize;
        self.flat = false;
        match entry {
            Entry::Doc(doc, marker) => {
                let line = format!("{marker} {}", doc.text);
                self.out.push_str(line.trim_end());
            }
            Entry::Comment(comment) => {
                let written = self.slice(comment.span.start as usize, comment.span.end as usize);
                self.out.push_str(line_feeds(written).trim_end());
            }
            Entry::Item(item) => self.item(item, level),
        }
    }

    /// An item that the author wrote beside the one before it stays there, if the line holds it.
    fn beside(&self, entry: &Entry<'a>) -> Option<(&'static str, String)> {
        let Entry::Item(item) = entry else { return None };
        let separator = match item.lead {
            Separator::Line => return None,
            Separator::Comma => ", ",
            Separator::Semicolon => "; ",
        };
        let written = self.out.rsplit('\n').next().unwrap_or("").chars().count();
        let line = self.one_line(item).filter(|_| self.flat && item.docs.is_empty())?;
        (written + separator.len() + line.chars().count() <= WIDTH).then_some((separator, line))
    }

    fn blanks(&mut self, count: usize) {
        self.out.extend(std::iter::repeat_n(' ', count));
    }

    fn item(&mut self, item: &'a Item, level: usize) {
        let used = level * INDENT;
        let line = self.one_line(item);
        self.flat = line.as_ref().is_some_and(|line| used + line.chars().count() <= WIDTH);
        if let Some(line) = line.filter(|_| self.flat) {
            self.out.push_str(&line);
            return;
        }
        let header = self.header(item, used);
        self.out.push_str(&header);
        if let Some(block) = &item.block {
            if !header.is_empty() {
                self.out.push(' ');
            }
            self.block(block, level);
        }
    }

    fn block(&mut self, block: &'a Block, level: usize) {
        self.out.push('{');
        let (start, end) = (block.span.start as usize + 1, block.span.end as usize);
        if block.items.is_empty() && !self.has_comment(start, end) {
            self.out.push('}');
            return;
        }
        self.entries(&[], &block.items, start, end, level + 1);
        self.blanks(level * INDENT);
        self.out.push('}');
    }

    /// Where the header of an item ends: at its block, or with its last argument.
    fn header_end(item: &Item) -> usize {
        item.block.as_ref().map_or(item.span.end, |block| block.span.start) as usize
    }

    /// The item on one line, if its block was written on one and nothing in it needs more.
    fn one_line(&self, item: &Item) -> Option<String> {
        let (start, end) = (item.span.start as usize, item.span.end as usize);
        if self.has_comment(start, end) {
            return None;
        }
        let mut line = self.flat_header(item)?;
        if let Some(block) = &item.block {
            if self.slice(block.span.start as usize, block.span.end as usize).contains('\n')
                && !block.items.is_empty()
            {
                return None;
            }
            let mut items = Vec::with_capacity(block.items.len());
            for item in &block.items {
                if !item.docs.is_empty() {
                    return None;
                }
                items.push(self.one_line(item)?);
            }
            let inner =
                if items.is_empty() { "{}".to_string() } else { format!("{{ {} }}", items.join(", ")) };
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&inner);
        }
        Some(line)
    }

    /// The arguments on one line; none if a string among them has several, or if blanks
    /// between them are of a kind that must stay.
    fn flat_header(&self, item: &Item) -> Option<String> {
        let mut line = String::new();
        for arg in &item.args {
            let written = value::arg(arg, self.text);
            if written.contains('\n') {
                return None;
            }
            if !line.is_empty() && !matches!(arg, Arg::Technology(_)) {
                line.push(' ');
            }
            line.push_str(&written);
        }
        let header = item.header();
        (!line_feeds(self.slice(header.start as usize, header.end as usize)).contains('\r')).then_some(line)
    }

    /// The header of an item that does not stand on one line as a whole.
    fn header(&mut self, item: &Item, used: usize) -> String {
        let (start, end) = (item.span.start as usize, Self::header_end(item));
        let written = self.slice(start, end).trim_end();
        let commented = self.has_comment(start, end);
        self.skip_comments(end);
        let Some(flat) = self.flat_header(item).filter(|_| !commented) else {
            return line_feeds(written);
        };
        let brace = if item.block.is_some() { 2 } else { 0 };
        if used + flat.chars().count() + brace <= WIDTH {
            return flat;
        }
        if item.is_step() {
            return self.broken_step(item, used);
        }
        if !written.contains('\n') {
            return flat;
        }
        let pad = " ".repeat(used + CONTINUATION);
        let lines: Vec<&str> = written.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        lines.join(&format!("\n{pad}"))
    }

    /// A long step, broken before the arrows that would not fit.
    fn broken_step(&self, item: &Item, used: usize) -> String {
        let mut out = String::new();
        let mut column = used;
        for (index, arg) in item.args.iter().enumerate() {
            let written = value::arg(arg, self.text);
            let width = written.chars().count() + 1;
            if matches!(arg, Arg::Arrow(..)) {
                let rest = item.args.get(index + 1..).unwrap_or(&[]);
                let run = rest.iter().take_while(|a| !matches!(a, Arg::Arrow(..)));
                let run: usize = run.map(|a| value::arg(a, self.text).chars().count() + 1).sum();
                if column + width + run > WIDTH {
                    out.push('\n');
                    out.push_str(&" ".repeat(used + CONTINUATION));
                    out.push_str(&written);
                    column = used + CONTINUATION + width;
                    continue;
                }
            }
            if index > 0 && !matches!(arg, Arg::Technology(_)) {
                out.push(' ');
            }
            out.push_str(&written);
            column += width;
        }
        out
    }
}

/// A text whose lines end in line feeds alone. Carriage returns before one belong to the end of the line however many they
/// are: of `\r\r\n` half would be left, and be an end of its own the next time.
fn line_feeds(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.truncate(out.trim_end_matches('\r').len());
            out.push('\n');
        }
        out.push_str(line);
    }
    out
}
