//! Which bracket belongs to which, before the grammar sees the text.
//!
//! The pass knows strings, comments and brackets, nothing else. Brackets without a
//! partner and regions that nest too deep become U+0001, so that the grammar never
//! looks ahead for a closing bracket and never recurses beyond [`MAX_DEPTH`]; where
//! an unclosed block must end before a `}` that belongs to an outer one, the blank
//! before it becomes U+0002. Every replacement keeps the length of the text, so
//! offsets stay true.

use super::messages;
use crate::diagnostic::Finding;
use crate::source::{FileId, Span};
use std::borrow::Cow;
use std::ops::Range;

/// How deep blocks and brackets nest together. Real designs stay under ten; 64 keeps
/// every recursion over a tree within the smallest thread stack in use.
pub(super) const MAX_DEPTH: usize = 64;

/// What stands for a bracket without a partner.
pub(super) const BLANKED: u8 = 1;

/// What stands where an unclosed block ends.
const VIRTUAL_CLOSE: u8 = 2;

/// A text in which every bracket has its partner.
pub(super) struct Prepared<'a> {
    /// As long as the original.
    pub text: Cow<'a, str>,
    /// What was wrong with the brackets.
    pub findings: Vec<Finding>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    /// A bracket that is never closed.
    Unclosed(usize),
    /// A block that is never closed, and the `}` before which its indentation ends it, with
    /// the offset of the virtual close if there is room for one.
    UnclosedBlock(usize, Option<(usize, Option<usize>)>),
    /// A closing bracket without an opening one.
    Stray(usize),
    /// Nests too deep.
    TooDeep(Range<usize>),
    /// A control character that this pass uses for itself.
    Control(usize),
}

/// Matches the brackets of a text.
pub(super) fn prepare(file: FileId, text: &str) -> Prepared<'_> {
    let mut faults = Scan::new(text, false).run();
    if faults.iter().any(|f| matches!(f, Fault::UnclosedBlock(..) | Fault::Stray(_))) {
        // Indentation tells which brace is missing; where it tells nothing, the plain reading stays.
        let indented = Scan::new(text, true).run();
        if indented.len() <= faults.len() {
            faults = indented;
        }
    }
    if faults.is_empty() {
        return Prepared { text: Cow::Borrowed(text), findings: Vec::new() };
    }
    let deep: Vec<Range<usize>> = faults
        .iter()
        .filter_map(|f| if let Fault::TooDeep(range) = f { Some(range.clone()) } else { None })
        .collect();
    faults.retain(|fault| match fault {
        Fault::TooDeep(_) => true,
        Fault::Unclosed(at) | Fault::UnclosedBlock(at, _) | Fault::Stray(at) | Fault::Control(at) => {
            let region = deep.partition_point(|r| r.end <= *at);
            deep.get(region).is_none_or(|r| !r.contains(at))
        }
    });
    let findings = faults.iter().filter_map(|fault| finding(file, text, fault));
    let findings = findings.take(messages::MAX_FINDINGS).collect();
    Prepared { text: Cow::Owned(patch(text, &faults)), findings }
}

fn finding(file: FileId, text: &str, fault: &Fault) -> Option<Finding> {
    let bracket = |at: usize| (Span::new(file, at, at + 1), text.get(at..=at).unwrap_or(""));
    match fault {
        Fault::Unclosed(at) => {
            let (span, bracket) = bracket(*at);
            Some(messages::unclosed_bracket(span, bracket, None))
        }
        Fault::UnclosedBlock(at, end) => {
            let (span, brace) = bracket(*at);
            Some(messages::unclosed_bracket(span, brace, end.map(|(by, _)| bracket(by).0)))
        }
        Fault::Stray(at) => {
            let (span, bracket) = bracket(*at);
            Some(messages::stray_bracket(span, bracket))
        }
        Fault::TooDeep(range) => Some(messages::too_deep(Span::new(file, range.start, range.start + 1))),
        Fault::Control(_) => None,
    }
}

fn patch(text: &str, faults: &[Fault]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut put = |range: Range<usize>, byte: u8| {
        if let Some(slice) = bytes.get_mut(range) {
            slice.fill(byte);
        }
    };
    for fault in faults {
        match fault {
            Fault::Unclosed(at) | Fault::Stray(at) | Fault::Control(at) => put(*at..at + 1, BLANKED),
            Fault::TooDeep(range) => put(range.clone(), BLANKED),
            Fault::UnclosedBlock(_, Some((_, Some(end)))) => put(*end..end + 1, VIRTUAL_CLOSE),
            Fault::UnclosedBlock(..) => {}
        }
    }
    // Only single ASCII bytes and whole regions between brackets were replaced.
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_string())
}

/// An opening bracket that waits for its partner.
#[derive(Clone, Copy)]
struct Open {
    bracket: u8,
    at: usize,
    /// Leading blanks of its line.
    indent: usize,
}

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    by_indent: bool,
    open: Vec<Open>,
    faults: Vec<Fault>,
    line_start: usize,
    /// Leading blanks of the current line, once somebody asked.
    line_indent: Option<usize>,
    /// The last virtual close.
    last_close: usize,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str, by_indent: bool) -> Self {
        let (open, faults) = (Vec::new(), Vec::new());
        let bytes = text.as_bytes();
        Scan {
            text,
            bytes,
            by_indent,
            open,
            faults,
            line_start: 0,
            line_indent: None,
            last_close: usize::MAX,
        }
    }

    fn run(mut self) -> Vec<Fault> {
        let mut at = 0;
        while let Some(byte) = self.bytes.get(at).copied() {
            if !INTERESTING[byte as usize] {
                at += 1;
            } else if let Some(end) = opaque_end(self.text, at) {
                if let Some(newline) = self.bytes[at..end].iter().rposition(|&b| b == b'\n') {
                    self.start_line(at + newline + 1);
                }
                at = end;
            } else {
                self.visit(byte, at);
                at += 1;
            }
        }
        while let Some(open) = self.open.last().copied() {
            self.pop(self.bytes.len());
            self.faults.push(match open.bracket {
                b'{' => Fault::UnclosedBlock(open.at, None),
                _ => Fault::Unclosed(open.at),
            });
        }
        self.faults.sort_by_key(Fault::offset);
        self.faults
    }

    fn visit(&mut self, byte: u8, at: usize) {
        match byte {
            b'\n' => self.start_line(at + 1),
            b'{' => {
                self.drop_brackets();
                self.push(byte, at);
            }
            b'(' | b'[' => self.push(byte, at),
            b'}' => self.close_block(at),
            b')' => self.close_bracket(b'(', at),
            b']' => self.close_bracket(b'[', at),
            VIRTUAL_CLOSE => self.faults.push(Fault::Control(at)),
            _ => {}
        }
    }

    fn start_line(&mut self, at: usize) {
        self.line_start = at;
        self.line_indent = None;
    }

    fn indent(&mut self) -> usize {
        let rest = &self.bytes[self.line_start..];
        *self.line_indent.get_or_insert_with(|| rest.iter().take_while(|&&b| b == b' ' || b == b'\t').count())
    }

    fn push(&mut self, bracket: u8, at: usize) {
        let indent = if self.by_indent { self.indent() } else { 0 };
        self.open.push(Open { bracket, at, indent });
    }

    /// Takes the innermost bracket off; one that stood too deep is reported with all it holds.
    fn pop(&mut self, end: usize) {
        if let Some(open) = self.open.pop()
            && self.open.len() == MAX_DEPTH
        {
            self.faults.push(Fault::TooDeep(open.at..end));
        }
    }

    /// Blocks cannot stand inside `( )` or `[ ]`, so those still open here were never closed.
    fn drop_brackets(&mut self) {
        while let Some(open) = self.open.last().copied() {
            if open.bracket == b'{' {
                break;
            }
            self.pop(open.at + 1);
            self.faults.push(Fault::Unclosed(open.at));
        }
    }

    fn close_bracket(&mut self, opener: u8, at: usize) {
        // Beyond the depth limit everything is blanked, so looking further down would only cost time.
        let near = self.open.iter().rev().take(MAX_DEPTH + 1).take_while(|open| open.bracket != b'{');
        if !near.into_iter().any(|open| open.bracket == opener) {
            self.faults.push(Fault::Stray(at));
            return;
        }
        while let Some(open) = self.open.last().copied() {
            let partner = open.bracket == opener;
            self.pop(if partner { at + 1 } else { open.at + 1 });
            if partner {
                break;
            }
            self.faults.push(Fault::Unclosed(open.at));
        }
    }

    fn close_block(&mut self, at: usize) {
        self.drop_brackets();
        if self.by_indent {
            let column = self.indent();
            if self.line_start + column == at && self.close_by_indent(at, column) {
                return;
            }
        }
        if self.open.is_empty() {
            self.faults.push(Fault::Stray(at));
        } else {
            self.pop(at + 1);
        }
    }

    /// Ends blocks that are indented further than this `}`; true if the `}` itself closes nothing.
    fn close_by_indent(&mut self, at: usize, column: usize) -> bool {
        while let [.., outer, inner] = self.open[..] {
            if inner.indent <= column || outer.indent < column {
                break;
            }
            let before = if self.last_close < at { self.last_close } else { at };
            let blank = |&i: &usize| i > inner.at && self.bytes[i].is_ascii_whitespace();
            let end = before.checked_sub(1).filter(blank);
            if let Some(end) = end {
                self.last_close = end;
            }
            self.pop(end.unwrap_or(inner.at + 1));
            self.faults.push(Fault::UnclosedBlock(inner.at, Some((at, end))));
        }
        let stray = self.open.last().is_some_and(|open| open.indent < column);
        if stray {
            self.faults.push(Fault::Stray(at));
        }
        stray
    }
}

impl Fault {
    fn offset(&self) -> usize {
        match self {
            Fault::Unclosed(at) | Fault::UnclosedBlock(at, _) | Fault::Stray(at) | Fault::Control(at) => *at,
            Fault::TooDeep(range) => range.start,
        }
    }
}

/// Bytes that open something, close something or end a line.
const INTERESTING: [bool; 256] = {
    let mut table = [false; 256];
    let bytes = b"\n\"'/#(){}[]\x02\xE2";
    let mut i = 0;
    while i < bytes.len() {
        table[bytes[i] as usize] = true;
        i += 1;
    }
    table
};

/// Where the string or comment that starts at `at` ends; none if there is none. Mirrors the
/// rules `string`, `comment` and `block_comment` of the grammar.
fn opaque_end(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let rest = &bytes[at..];
    let until = |start: usize, stop: &[u8]| {
        let found = bytes[start.min(bytes.len())..].windows(stop.len()).position(|w| w == stop);
        found.map_or(bytes.len(), |i| start + i + stop.len())
    };
    let line_end = || at + rest.iter().position(|&b| b == b'\n' || b == VIRTUAL_CLOSE).unwrap_or(rest.len());
    match rest {
        [b'#', ..] | [b'/', b'/', ..] => Some(line_end()),
        [b'/', b'*', ..] => Some(until(at + 2, b"*/")),
        [b'"', b'"', b'"', ..] => Some(until(at + 3, b"\"\"\"")),
        [b'"', ..] => Some(quoted_end(bytes, at).unwrap_or_else(|| open_string_end(bytes, at))),
        [b'\'', ..] => {
            let end = at + 1 + rest[1..].iter().position(|&b| b == b'\'' || b == b'\n')?;
            (bytes.get(end) == Some(&b'\'')).then_some(end + 1)
        }
        [0xE2, 0x80, 0x9C..=0x9E, ..] => {
            let inner = text.get(at + 3..)?;
            let end = inner.find(['“', '”', '\n'])?;
            (!inner[end..].starts_with('\n')).then_some(at + 3 + end + 3)
        }
        _ => None,
    }
}

/// The end of a `"` string that closes on its line.
fn quoted_end(bytes: &[u8], at: usize) -> Option<usize> {
    let mut i = at + 1;
    loop {
        match bytes.get(i)? {
            b'"' => return Some(i + 1),
            b'\n' => return None,
            b'\\' if bytes.get(i + 1) == Some(&b'\n') => return None,
            b'\\' => i += 2,
            _ => i += 1,
        }
    }
}

/// Where a `"` string without its end stops: at the end of the line, but before a brace
/// that belongs to the lines around it.
fn open_string_end(bytes: &[u8], at: usize) -> usize {
    let mut i = at + 1;
    while let Some(&byte) = bytes.get(i) {
        match byte {
            b'\n' | b'}' => break,
            b'{' => {
                let rest = &bytes[i + 1..];
                match rest.iter().position(|b| matches!(b, b'{' | b'}' | b'\n')) {
                    Some(end) if rest[end] == b'}' => i += end + 2,
                    _ if rest
                        .iter()
                        .find(|b| !matches!(b, b' ' | b'\t' | b'\r'))
                        .is_none_or(|&b| b == b'\n') =>
                    {
                        break;
                    }
                    _ => i += 1,
                }
            }
            _ => i += 1,
        }
    }
    i
}
