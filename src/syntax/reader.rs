//! From the row of tokens to the tree: items, blocks, documentation comments and
//! arguments. What a value is stands in `expression`.

use super::messages;
use super::parser::{Kind, Token};
use super::tree::{Arg, Arrow, Block, Comment, Doc, Expr, ExprKind, Item, Name, Separator, Tree};
use crate::diagnostic::Finding;
use crate::source::{FileId, Span};

/// Longest name, in bytes: it must fit into a diagram and a column of a report.
pub(super) const MAX_NAME: usize = 256;

/// Reads tokens into a tree and collects what is wrong with them.
pub(super) struct Reader<'a> {
    file: FileId,
    pub(super) text: &'a str,
    /// The text as the grammar saw it, of the same length; see `brackets`.
    prepared: &'a str,
    pub(super) row: &'a [Token],
    pub(super) is_unit: &'a dyn Fn(&str) -> bool,
    findings: Vec<Finding>,
    file_docs: Vec<Doc>,
    comments: Vec<Comment>,
    /// Whether the value at hand has been reported as too deep.
    pub(super) deep: bool,
}

/// A stretch of the row.
#[derive(Clone, Copy)]
pub(super) struct Cursor {
    pub at: usize,
    pub end: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum CommentKind {
    Doc,
    FileDoc,
    Line,
    Hash,
    Block,
}

fn comment_kind(text: &str) -> CommentKind {
    match text.as_bytes() {
        [b'#', ..] => CommentKind::Hash,
        [b'/', b'*', ..] => CommentKind::Block,
        [b'/', b'/', b'!', ..] => CommentKind::FileDoc,
        [b'/', b'/', b'/', rest @ ..] if rest.first() != Some(&b'/') => CommentKind::Doc,
        _ => CommentKind::Line,
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        file: FileId,
        text: &'a str,
        prepared: &'a str,
        row: &'a [Token],
        is_unit: &'a dyn Fn(&str) -> bool,
        findings: Vec<Finding>,
    ) -> Self {
        let (file_docs, comments) = (Vec::new(), Vec::new());
        Reader { file, text, prepared, row, is_unit, findings, file_docs, comments, deep: false }
    }

    /// The tree of a whole file.
    pub(super) fn file(mut self) -> Tree {
        self.collect_comments();
        let items = self.items(Cursor { at: 0, end: self.row.len() }, true);
        self.comments.sort_by_key(|c| c.span.start);
        let findings = self.sorted_findings();
        Tree { file: self.file, docs: self.file_docs, items, comments: self.comments, findings }
    }

    /// The findings in the order of the text, cut at the limit.
    pub(super) fn sorted_findings(&mut self) -> Vec<Finding> {
        let mut findings = std::mem::take(&mut self.findings);
        findings.sort_by_key(|f| (f.primary.span.start, f.primary.span.end));
        findings.truncate(messages::MAX_FINDINGS);
        findings
    }

    pub(super) fn report(&mut self, finding: Finding) {
        // Twice the limit, because findings arrive nearly, not quite, in the order of the text.
        if self.findings.len() < 2 * messages::MAX_FINDINGS {
            self.findings.push(finding);
        }
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end)
    }

    pub(super) fn token_span(&self, token: Token) -> Span {
        self.span(token.start, token.end)
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or("")
    }

    pub(super) fn token_text(&self, token: Token) -> &'a str {
        self.slice(token.start, token.end)
    }

    /// The token at the cursor; comments and characters that look like blanks are passed over.
    pub(super) fn peek(&mut self, cursor: &mut Cursor) -> Option<Token> {
        while cursor.at < cursor.end {
            let token = *self.row.get(cursor.at)?;
            match token.kind {
                Kind::Comment => self.misplaced_doc(token),
                Kind::Hole if self.is_blank_like(token) => {
                    let span = self.token_span(token);
                    self.report(messages::stray_characters(span, self.token_text(token), ""));
                }
                _ => return Some(token),
            }
            cursor.at = token.next;
        }
        None
    }

    /// The token behind `index`, comments passed over, without moving a cursor.
    pub(super) fn look(&self, mut index: usize, end: usize) -> Option<Token> {
        while index < end {
            let token = *self.row.get(index)?;
            if token.kind != Kind::Comment {
                return Some(token);
            }
            index = token.next;
        }
        None
    }

    /// Whether a hole stands for a bracket that has been reported already.
    pub(super) fn is_bracket(&self, hole: Token) -> bool {
        let seen = self.prepared.as_bytes().get(hole.start..hole.end).unwrap_or(&[]);
        let written = self.text.as_bytes().get(hole.start..hole.end).unwrap_or(&[]);
        seen.iter().zip(written).any(|(&s, &w)| s == super::brackets::BLANKED && s != w && w > 2)
    }

    fn is_blank_like(&self, hole: Token) -> bool {
        self.token_text(hole).chars().all(messages::is_blank_like) && !self.is_bracket(hole)
    }

    fn collect_comments(&mut self) {
        for &token in self.row.iter().filter(|t| t.kind == Kind::Comment) {
            let text = self.token_text(token);
            let span = self.token_span(token);
            let kind = comment_kind(text);
            match kind {
                CommentKind::Doc | CommentKind::FileDoc => continue,
                CommentKind::Hash => self.report(messages::hash_comment(span)),
                CommentKind::Block if text.len() < 4 || !text.ends_with("*/") => {
                    self.report(messages::unclosed_comment(span));
                }
                CommentKind::Block | CommentKind::Line => {}
            }
            self.comments.push(Comment { span, block: kind == CommentKind::Block });
        }
    }

    /// Reports a documentation comment where none can be; plain comments pass.
    fn misplaced_doc(&mut self, token: Token) {
        let kind = comment_kind(self.token_text(token));
        if matches!(kind, CommentKind::Doc | CommentKind::FileDoc) {
            let span = self.token_span(token);
            self.report(messages::misplaced_doc(span, kind == CommentKind::FileDoc));
            self.comments.push(Comment { span, block: false });
        }
    }

    fn doc(&self, token: Token) -> Doc {
        let line = self.token_text(token).get(3..).unwrap_or("").trim_end();
        Doc { span: self.token_span(token), text: line.strip_prefix(' ').unwrap_or(line).into() }
    }

    fn items(&mut self, cursor: Cursor, top: bool) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::new();
        let mut docs: Vec<(Doc, Token)> = Vec::new();
        let mut index = cursor.at;
        while index < cursor.end {
            let Some(&token) = self.row.get(index) else { break };
            match token.kind {
                Kind::Comment => match comment_kind(self.token_text(token)) {
                    CommentKind::Doc => docs.push((self.doc(token), token)),
                    CommentKind::FileDoc if top && items.is_empty() && docs.is_empty() => {
                        self.file_docs.push(self.doc(token));
                    }
                    CommentKind::FileDoc => self.misplaced_doc(token),
                    _ => {}
                },
                Kind::Item => {
                    let mut docs = docs.drain(..).map(|(doc, _)| doc).collect();
                    let mut cursor = Cursor { at: index + 1, end: token.next };
                    // Behind a block nothing goes on: what the grammar still found there are items of their own.
                    while self.peek(&mut cursor).is_some() {
                        let item = self.item(&mut cursor, std::mem::take(&mut docs), items.last());
                        items.extend(item);
                    }
                }
                _ => {}
            }
            index = token.next;
        }
        for (_, token) in docs {
            self.misplaced_doc(token);
        }
        items.shrink_to_fit();
        items
    }

    fn item(&mut self, cursor: &mut Cursor, docs: Vec<Doc>, previous: Option<&Item>) -> Option<Item> {
        let first = self.peek(cursor)?;
        let lead = previous.map_or(Separator::Line, |p| self.separator(p, first.start));
        let known = self.findings.len();
        let args = self.arguments(cursor);
        let block = match self.peek(cursor) {
            Some(block) if block.kind == Kind::Block => {
                let index = cursor.at;
                cursor.at = block.next;
                Some(self.block(index, block))
            }
            _ => None,
        };
        if args.is_empty() && block.is_none() {
            return None;
        }
        let start = args.first().map_or(first.start, |arg| arg.span().start as usize);
        let end = args.last().map_or(first.start, |arg| arg.span().end as usize);
        let end = block.as_ref().map_or(end, |block| block.span.end as usize);
        let item = Item { span: self.span(start.min(first.start), end), docs, lead, args, block };
        let known_inside = self.findings.len();
        self.check_block_place(&item);
        if self.findings.len() == known {
            self.check_start(&item);
        }
        if let Some(previous) = previous
            && self.findings.len() == known_inside
        {
            self.check_separation(previous, &item);
        }
        Some(item)
    }

    /// What separates the item that starts at `start` from the one before.
    fn separator(&self, previous: &Item, start: usize) -> Separator {
        let mut gap = self.slice(previous.span.end as usize, start);
        if gap.contains('\n') {
            return Separator::Line;
        }
        loop {
            gap = gap.trim_start();
            match gap.as_bytes() {
                [b',', ..] => return Separator::Comma,
                [b';', ..] => return Separator::Semicolon,
                [b'/', b'*', ..] => match gap.get(2..).and_then(|g| g.split_once("*/")) {
                    Some((_, rest)) => gap = rest,
                    None => return Separator::Line,
                },
                _ => return Separator::Line,
            }
        }
    }

    /// An item behind a `}` on the same line needs a separator.
    fn check_separation(&mut self, previous: &Item, item: &Item) {
        let Some(block) = &previous.block else { return };
        let gap = self.slice(previous.span.end as usize, item.span.start as usize);
        let open = !block.closed || gap.contains(['\n', ',', ';']);
        if open || self.hole_between(previous.span.end, item.span.start) || item.args.is_empty() {
            return;
        }
        let title = item.args.first().and_then(Arg::value).is_some_and(|v| v.string().is_some());
        self.report(messages::items_not_separated(previous.span, item.header(), title));
    }

    /// Whether the pass over the brackets took something out between two offsets.
    fn hole_between(&self, start: u32, end: u32) -> bool {
        let range = start as usize..(end as usize + 1).min(self.prepared.len());
        self.prepared.as_bytes().get(range).is_some_and(|bytes| bytes.contains(&super::brackets::BLANKED))
    }

    fn block(&mut self, index: usize, token: Token) -> Block {
        let items = self.items(Cursor { at: index + 1, end: token.next }, false);
        let closed =
            token.end > token.start + 1 && self.prepared.as_bytes().get(token.end - 1) == Some(&b'}');
        Block { span: self.token_span(token), items, closed }
    }

    fn check_block_place(&mut self, item: &Item) {
        let Some(block) = &item.block else { return };
        let brace = self.span(block.span.start as usize, block.span.start as usize + 1);
        let Some(last) = item.args.last() else {
            self.report(messages::block_without_owner(brace));
            return;
        };
        let owner_end = last.span().end as usize;
        let gap = self.slice(owner_end, brace.start as usize);
        if !gap.contains('\n') {
            return;
        }
        let edits = if gap.trim().is_empty() {
            vec![(self.span(owner_end, brace.start as usize), " ".to_string())]
        } else {
            vec![(self.span(owner_end, owner_end), " {".to_string()), (brace, String::new())]
        };
        self.report(messages::block_on_own_line(brace, edits));
    }

    fn check_start(&mut self, item: &Item) {
        let Some(first) = item.args.first() else { return };
        match first {
            Arg::Hole(_) | Arg::Arrow(..) => {}
            Arg::Equals(span) => self.report(messages::missing_before(*span, "a name", "=")),
            Arg::Technology(name) => {
                let span = self.span(item.span.start as usize, name.span.end as usize);
                self.report(messages::missing_before(span, "a name", ":"));
            }
            Arg::Value(value) => {
                let word = matches!(value.kind, ExprKind::Path(_) | ExprKind::Call(..) | ExprKind::Hole);
                if !word && !item.args.iter().filter_map(Arg::value).any(Expr::is_condition) {
                    self.value_first(item, value);
                }
            }
        }
    }

    fn value_first(&mut self, item: &Item, value: &Expr) {
        let (start, end) = (value.span.start as usize, value.span.end as usize);
        let before = self.slice(0, start);
        let behind_comma = item.lead == Separator::Comma
            && matches!(value.kind, ExprKind::Number(_))
            && before.strip_suffix(',').is_some_and(|b| b.ends_with(|c: char| c.is_ascii_digit()))
            && self.slice(start, end).bytes().take_while(u8::is_ascii_digit).count() == 3;
        if !behind_comma {
            self.report(messages::value_first(value.span, self.slice(start, end)));
            return;
        }
        let after = self.text.as_bytes().get(end..).unwrap_or(&[]);
        if matches!(after, [b',', digit, ..] if digit.is_ascii_digit()) {
            return;
        }
        let head = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == ',').len();
        let joined: String = self.slice(head, end).chars().filter(|&c| c != ',').collect();
        self.report(messages::thousands(self.span(head, end), &joined));
    }

    fn arguments(&mut self, cursor: &mut Cursor) -> Vec<Arg> {
        let mut args = Vec::new();
        while let Some(token) = self.peek(cursor) {
            let span = self.token_span(token);
            match token.kind {
                Kind::Block => break,
                Kind::Arrow | Kind::WrongArrow => {
                    cursor.at = token.next;
                    let arrow = self.arrow(token, cursor);
                    args.push(arrow);
                }
                Kind::Technology => {
                    cursor.at = token.next;
                    args.extend(self.technology(token, cursor));
                }
                Kind::Equals => {
                    cursor.at = token.next;
                    if self.peek(cursor).is_none_or(|t| t.kind == Kind::Block) {
                        self.report(messages::missing_after(span, "a value", "="));
                    }
                    args.push(Arg::Equals(span));
                }
                Kind::Comma | Kind::Item | Kind::Comment => cursor.at = token.next,
                _ => {
                    let value = self.argument(cursor, args.is_empty());
                    args.push(match value.kind {
                        ExprKind::Hole => Arg::Hole(value.span),
                        _ => Arg::Value(value),
                    });
                }
            }
        }
        self.check_arrows(&mut args);
        args.shrink_to_fit();
        args
    }

    fn arrow(&mut self, token: Token, cursor: &mut Cursor) -> Arg {
        let (text, span) = (self.token_text(token), self.token_span(token));
        if token.kind == Kind::WrongArrow {
            let number = self.peek(cursor).is_some_and(|next| next.kind == Kind::Number);
            match text {
                "=>" if number => {
                    self.report(messages::wrong_operator(span, text, ">="));
                    return Arg::Hole(span);
                }
                _ => {
                    let meant = if text.starts_with('~') { "~>" } else { "->" };
                    self.report(messages::wrong_arrow(span, text, meant));
                }
            }
        }
        let arrow = if text.starts_with('~') { Arrow::Async } else { Arrow::Sync };
        Arg::Arrow(arrow, span)
    }

    fn technology(&mut self, token: Token, cursor: &mut Cursor) -> Option<Arg> {
        let text = self.token_text(token);
        let name = text.get(1..).unwrap_or("").trim_start();
        if name.is_empty() {
            let span = self.span(token.start, token.start + 1);
            let property = self.peek(cursor).is_some_and(|next| next.kind != Kind::Block);
            self.report(messages::technology_missing(span, property));
            return None;
        }
        let name = self.name(token.end - name.len(), token.end);
        Some(Arg::Technology(name))
    }

    /// A name with its place; one that is too long is reported.
    pub(super) fn name(&mut self, start: usize, end: usize) -> Name {
        let span = self.span(start, end);
        if end - start > MAX_NAME {
            self.report(messages::name_too_long(span, end - start, MAX_NAME));
        }
        Name { text: self.slice(start, end).into(), span }
    }

    /// An arrow joins two names; `a-b` beside an arrow or at the start is a name written with `-`.
    fn check_arrows(&mut self, args: &mut [Arg]) {
        for index in 0..args.len() {
            let is_arrow = |arg: Option<&Arg>| matches!(arg, Some(Arg::Arrow(..)));
            let (before, behind) = (index.checked_sub(1).and_then(|i| args.get(i)), args.get(index + 1));
            match &args[index] {
                Arg::Arrow(arrow, span) => {
                    let (arrow, span) = (*arrow, *span);
                    let (before, behind) =
                        (before.is_some_and(joins), behind.is_some_and(joins) || is_arrow(behind));
                    if !before {
                        self.report(messages::missing_before(span, "a name", arrow.symbol()));
                    } else if !behind {
                        self.report(messages::missing_after(span, "a name", arrow.symbol()));
                    }
                }
                Arg::Value(value)
                    if index == 0 || is_arrow(before) || is_arrow(behind) || titles(index, behind) =>
                {
                    let written = self.slice(value.span.start as usize, value.span.end as usize);
                    if is_kebab(value, written) {
                        let span = value.span;
                        self.report(messages::kebab_name(span, written));
                        args[index] = Arg::Hole(span);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether an argument can stand beside an arrow.
fn joins(arg: &Arg) -> bool {
    match arg {
        Arg::Value(value) => value.string().is_none(),
        Arg::Hole(_) => true,
        Arg::Arrow(..) | Arg::Technology(_) | Arg::Equals(_) => false,
    }
}

/// Whether an argument at this place, before this one, can only be a name: `api: go`, `api "API"`.
fn titles(index: usize, behind: Option<&Arg>) -> bool {
    match behind {
        Some(Arg::Technology(_)) => true,
        Some(Arg::Value(value)) => index == 1 && value.string().is_some(),
        _ => false,
    }
}

/// Whether a value is words joined by `-` without blanks.
fn is_kebab(value: &Expr, written: &str) -> bool {
    matches!(value.kind, ExprKind::Binary(..))
        && written.split('-').count() > 1
        && written.split('-').all(|part| {
            part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        })
}
