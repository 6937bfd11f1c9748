//! Values: operands, operators by their strength, and numbers with their units.

use super::messages;
use super::parser::{Kind, Token};
use super::reader::{Cursor, Reader};
use super::text::{self, TextFault};
use super::tree::{BinaryOp, Expr, ExprKind, Name, Number, Path, UnaryOp};
use crate::source::Span;
use ecow::EcoString;

/// How deep operators and brackets of one expression nest; every recursion over an
/// expression stays within it. A sum of more terms is better named in parts.
const MAX_DEPTH: usize = 256;

/// Strengths of the operators, from the loosest.
const COMPARISON: u8 = 1;
const RANGE: u8 = 2;
const SUM: u8 = 3;
const PRODUCT: u8 = 4;

/// Magnitudes, written against the number.
const MAGNITUDES: [&str; 4] = ["k", "M", "bn", "tn"];

/// A value and how deep it nests.
struct Deep {
    expr: Expr,
    depth: usize,
}

#[derive(Clone, Copy)]
enum Operator {
    Binary(BinaryOp),
    To,
}

impl Operator {
    fn strength(self) -> u8 {
        match self {
            Operator::To => RANGE,
            Operator::Binary(op) if op.compares() => COMPARISON,
            Operator::Binary(BinaryOp::Add | BinaryOp::Subtract) => SUM,
            Operator::Binary(_) => PRODUCT,
        }
    }
}

/// The operator of a spelling, and whether it is spelt as the language does.
fn binary(text: &str) -> (BinaryOp, bool) {
    match text {
        "+" => (BinaryOp::Add, true),
        "-" => (BinaryOp::Subtract, true),
        "*" => (BinaryOp::Multiply, true),
        "/" => (BinaryOp::Divide, true),
        "<" => (BinaryOp::Less, true),
        "<=" => (BinaryOp::LessOrEqual, true),
        ">" => (BinaryOp::Greater, true),
        ">=" => (BinaryOp::GreaterOrEqual, true),
        "==" => (BinaryOp::Equal, true),
        "!=" => (BinaryOp::NotEqual, true),
        "×" => (BinaryOp::Multiply, false),
        "÷" => (BinaryOp::Divide, false),
        "−" => (BinaryOp::Subtract, false),
        "≥" => (BinaryOp::GreaterOrEqual, false),
        _ => (BinaryOp::LessOrEqual, false),
    }
}

fn is_operand(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Path | Kind::Number | Kind::Date | Kind::String | Kind::Group | Kind::List | Kind::Hole
    )
}

impl Reader<'_> {
    /// One argument of an item. The first word of an item is its key, so `to` behind it is a word.
    pub(super) fn argument(&mut self, cursor: &mut Cursor, first: bool) -> Expr {
        self.deep = false;
        let key = first && self.peek(cursor).is_some_and(|t| t.kind == Kind::Path);
        self.expression(cursor, COMPARISON, !key).expr
    }

    /// The whole row as one expression.
    pub(super) fn whole(&mut self) -> Expr {
        let mut cursor = Cursor { at: 0, end: self.row.len() };
        self.single(&mut cursor, None).expr
    }

    /// `ranges` is false where the first operand is a key, which is no end of an interval.
    fn expression(&mut self, cursor: &mut Cursor, weakest: u8, mut ranges: bool) -> Deep {
        let mut left = self.operand(cursor);
        while let Some((token, operator)) = self.operator(cursor, ranges && joins_range(&left.expr)) {
            let strength = operator.strength();
            if strength < weakest {
                break;
            }
            cursor.at = token.next;
            ranges = true;
            let right = self.right_operand(cursor, token, operator);
            left = self.join(left, right, token, operator);
        }
        left
    }

    /// The operator at the cursor, if there is one.
    fn operator(&mut self, cursor: &mut Cursor, ranges: bool) -> Option<(Token, Operator)> {
        let token = self.peek(cursor)?;
        match token.kind {
            Kind::Operator => Some((token, Operator::Binary(binary(self.token_text(token)).0))),
            Kind::Path if ranges && self.token_text(token) == "to" => {
                let next = self.look(token.next, cursor.end)?;
                let ends = matches!(next.kind, Kind::Path | Kind::Number | Kind::Date)
                    || next.kind == Kind::Group && next.start > token.end
                    || next.kind == Kind::Operator && self.token_text(next) == "-";
                ends.then_some((token, Operator::To))
            }
            _ => None,
        }
    }

    fn right_operand(&mut self, cursor: &mut Cursor, token: Token, operator: Operator) -> Deep {
        let span = self.token_span(token);
        if let Operator::Binary(op) = operator {
            let written = self.token_text(token);
            if !binary(written).1 {
                self.report(messages::wrong_operator(span, written, op.symbol()));
            }
        }
        let next = self.peek(cursor);
        let negative = next.is_some_and(|t| t.kind == Kind::Operator && self.token_text(t) == "-");
        if negative || next.is_some_and(|t| is_operand(t.kind)) {
            return self.expression(cursor, operator.strength() + 1, true);
        }
        let written = self.token_text(token);
        self.report(messages::missing_after(span, "a value", written));
        Deep { expr: Expr { span: self.span(token.end, token.end), kind: ExprKind::Hole }, depth: 1 }
    }

    fn join(&mut self, left: Deep, right: Deep, token: Token, operator: Operator) -> Deep {
        let span = left.expr.span.to(right.expr.span);
        let depth = left.depth.max(right.depth) + 1;
        if depth > MAX_DEPTH {
            return self.too_deep(token, span);
        }
        let at = self.token_span(token);
        let (left, right) = (left.expr, right.expr);
        let kind = match operator {
            Operator::To => {
                if matches!(left.kind, ExprKind::Range(..)) {
                    self.report(messages::third_end(at));
                }
                ExprKind::Range(Box::new(left), Box::new(right))
            }
            Operator::Binary(op) => {
                if op.compares() && left.is_condition() {
                    self.report(messages::comparisons_chain(at));
                }
                ExprKind::Binary(op, Box::new(left), Box::new(right))
            }
        };
        Deep { expr: Expr { span, kind }, depth }
    }

    fn too_deep(&mut self, token: Token, span: Span) -> Deep {
        // One finding for one value: its rest is as deep.
        if !self.deep {
            self.report(messages::expression_too_deep(self.token_span(token), MAX_DEPTH));
        }
        self.deep = true;
        Deep { expr: Expr { span, kind: ExprKind::Hole }, depth: 1 }
    }

    fn operand(&mut self, cursor: &mut Cursor) -> Deep {
        let mut signs: Vec<Token> = Vec::new();
        while let Some(token) = self.peek(cursor).filter(|t| t.kind == Kind::Operator) {
            let written = self.token_text(token);
            if written == "-" {
                signs.push(token);
                cursor.at = token.next;
                continue;
            }
            if signs.is_empty() {
                self.report(messages::missing_before(self.token_span(token), "a value", written));
                return self.hole_at(token.start);
            }
            break;
        }
        let mut value = match self.peek(cursor) {
            Some(token) if is_operand(token.kind) => self.primary(cursor, token),
            _ => {
                if let Some(&sign) = signs.last() {
                    self.report(messages::missing_after(self.token_span(sign), "a value", "-"));
                    self.hole_at(sign.end)
                } else {
                    self.hole_at(cursor_offset(self, *cursor))
                }
            }
        };
        while let Some(sign) = signs.pop() {
            let span = self.span(sign.start, value.expr.span.end as usize);
            value = if value.depth >= MAX_DEPTH {
                self.too_deep(sign, span)
            } else {
                let kind = ExprKind::Unary(UnaryOp::Negate, Box::new(value.expr));
                Deep { expr: Expr { span, kind }, depth: value.depth + 1 }
            };
        }
        value
    }

    fn hole_at(&self, at: usize) -> Deep {
        Deep { expr: Expr { span: self.span(at, at), kind: ExprKind::Hole }, depth: 1 }
    }

    fn primary(&mut self, cursor: &mut Cursor, token: Token) -> Deep {
        let index = cursor.at;
        cursor.at = token.next;
        let span = self.token_span(token);
        if let Some(hole) = self.hole(cursor, token) {
            return Deep { expr: hole, depth: 1 };
        }
        let flat = |kind| Deep { expr: Expr { span, kind }, depth: 1 };
        match token.kind {
            Kind::Path => self.path_or_call(cursor, token),
            Kind::Number => self.number(cursor, token),
            Kind::Date => flat(self.date(token)),
            Kind::String => flat(self.string(token)),
            Kind::Group => {
                let mut inner = Cursor { at: index + 1, end: token.next };
                let value = self.single(&mut inner, Some(token));
                let depth = value.depth + 1;
                Deep { expr: Expr { span, kind: ExprKind::Group(Box::new(value.expr)) }, depth }
            }
            Kind::List => {
                let (values, depth) = self.values(Cursor { at: index + 1, end: token.next }, false);
                Deep { expr: Expr { span, kind: ExprKind::List(values) }, depth: depth + 1 }
            }
            _ => flat(ExprKind::Hole),
        }
    }

    /// Exactly one value: the content of these brackets, or a whole text.
    fn single(&mut self, cursor: &mut Cursor, brackets: Option<Token>) -> Deep {
        let inside = if brackets.is_some() { "brackets" } else { "the expression" };
        let Some(first) = self.peek(cursor) else {
            let (start, end) = brackets.map_or((0, self.text.len()), |b| (b.start, b.end));
            self.report(messages::missing_value(self.span(start, end), inside));
            return self.hole_at(if brackets.is_some() { start + 1 } else { end });
        };
        if !is_operand(first.kind) && first.kind != Kind::Operator {
            self.misplaced(first, inside);
            return self.hole_at(first.start);
        }
        let value = self.expression(cursor, COMPARISON, true);
        if let Some(rest) = self.peek(cursor)
            && !(ends_in_hole(&value.expr) || rest.kind == Kind::Hole && self.is_bracket(rest))
        {
            if is_operand(rest.kind) && brackets.is_some() {
                self.report(messages::arguments_not_separated(self.token_span(rest), false));
            } else {
                self.misplaced(rest, inside);
            }
        }
        value
    }

    fn misplaced(&mut self, token: Token, inside: &str) {
        let span = self.token_span(token);
        self.report(messages::misplaced_token(span, self.token_text(token), inside));
    }

    /// The values of a list or of a call; those of a call need commas between them.
    fn values(&mut self, mut cursor: Cursor, call: bool) -> (Vec<Expr>, usize) {
        let inside = if call { "a call" } else { "a list" };
        let (mut values, mut deepest) = (Vec::new(), 0);
        let mut separated = true;
        let mut complained = false;
        while let Some(token) = self.peek(&mut cursor) {
            let span = self.token_span(token);
            match token.kind {
                Kind::Comma => {
                    cursor.at = token.next;
                    if self.token_text(token) == ";" {
                        self.report(messages::replace(
                            messages::syntax(span, format!("`;` does not separate the values of {inside}"))
                                .help("write `,`"),
                            span,
                            ",",
                        ));
                    } else if separated {
                        self.report(messages::missing_before(span, "a value", ","));
                    }
                    separated = true;
                }
                kind if is_operand(kind) || kind == Kind::Operator => {
                    if call && !separated && !complained && kind != Kind::Hole {
                        self.report(messages::arguments_not_separated(span, true));
                        complained = true;
                    }
                    let value = self.expression(&mut cursor, COMPARISON, true);
                    deepest = deepest.max(value.depth);
                    values.push(value.expr);
                    separated = false;
                }
                _ => {
                    cursor.at = token.next;
                    if !complained {
                        self.misplaced(token, inside);
                        complained = true;
                    }
                }
            }
        }
        (values, deepest)
    }

    /// What cannot be read, with the words and numbers that touch it; none if this is readable.
    fn hole(&mut self, cursor: &mut Cursor, token: Token) -> Option<Expr> {
        if token.kind == Kind::Hole && self.is_bracket(token) {
            return Some(Expr { span: self.token_span(token), kind: ExprKind::Hole });
        }
        let mut stray = (token.kind == Kind::Hole).then_some(token);
        let mut end = token.end;
        if !matches!(token.kind, Kind::Hole | Kind::Path | Kind::Number | Kind::Date) {
            return None;
        }
        let mut next = cursor.at;
        while let Some(&touching) = self.row.get(next).filter(|t| next < cursor.end && t.start == end) {
            let hole = touching.kind == Kind::Hole && !self.is_bracket(touching);
            let blank = hole && self.token_text(touching).chars().all(messages::is_blank_like);
            let word = matches!(touching.kind, Kind::Path | Kind::Number | Kind::Date) && stray.is_some();
            if blank || !(hole || word) {
                break;
            }
            if hole && stray.is_none() {
                stray = Some(touching);
            }
            end = touching.end;
            next = touching.next;
        }
        let stray = stray?;
        cursor.at = next.max(cursor.at);
        let span = self.span(token.start, end);
        self.report(messages::stray_characters(span, self.token_text(stray), self.slice(token.start, end)));
        Some(Expr { span, kind: ExprKind::Hole })
    }

    fn path_or_call(&mut self, cursor: &mut Cursor, token: Token) -> Deep {
        let path = self.path(token);
        let group = self.row.get(token.next).copied();
        if let Some(group) = group
            && token.next < cursor.end
            && group.kind == Kind::Group
            && group.start == token.end
        {
            let (values, depth) = self.values(Cursor { at: token.next + 1, end: group.next }, true);
            cursor.at = group.next;
            let span = self.span(token.start, group.end);
            return Deep { expr: Expr { span, kind: ExprKind::Call(path, values) }, depth: depth + 1 };
        }
        Deep { expr: Expr { span: path.span, kind: ExprKind::Path(path) }, depth: 1 }
    }

    fn path(&mut self, token: Token) -> Path {
        let mut names = Vec::with_capacity(1);
        let mut start = token.start;
        for part in self.token_text(token).split('.') {
            names.push(self.name(start, start + part.len()));
            start += part.len() + 1;
        }
        Path { names, span: self.token_span(token) }
    }

    fn date(&mut self, token: Token) -> ExprKind {
        let text = self.token_text(token);
        let mut parts = text.split('-').map(|part| part.parse::<u32>().unwrap_or(0));
        let (year, month, day) = (parts.next(), parts.next(), parts.next());
        let (year, month, day) = (year.unwrap_or(0), month.unwrap_or(0), day.unwrap_or(0));
        let exists = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        if !exists || text.len() != 10 {
            let meant = exists.then(|| format!("{year:04}-{month:02}-{day:02}"));
            self.report(messages::not_a_date(self.token_span(token), text, meant));
        }
        ExprKind::Date(text.into())
    }

    fn string(&mut self, token: Token) -> ExprKind {
        let raw = self.token_text(token);
        let decoded = text::decode(raw);
        for (range, fault) in &decoded.faults {
            let span = self.span(token.start + range.start, token.start + range.end);
            let finding = match fault {
                TextFault::Unclosed => messages::unclosed_string(span, raw.starts_with("\"\"\"")),
                TextFault::Quotes => messages::wrong_quotes(span, &decoded.text),
                TextFault::Escape => messages::unknown_escape(span, raw.get(range.clone()).unwrap_or("")),
            };
            self.report(finding);
        }
        ExprKind::Text(decoded.text)
    }

    fn number(&mut self, cursor: &mut Cursor, token: Token) -> Deep {
        let text = self.token_text(token);
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        let magnitude = self.magnitude(&text[digits..]);
        let (number, attached) = text.split_at(digits + magnitude);
        let mut unit = EcoString::from(attached);
        let unit_start = token.start + number.len();
        let mut start = (!attached.is_empty()).then_some(unit_start);
        let mut end = token.end;
        self.check_attached(token, attached);
        let factor = number.ends_with(['%', 'x']);
        if attached.is_empty()
            && !factor
            && let Some(word) = self.unit_word(cursor, end)
        {
            (start, end) = (Some(word.start), word.end);
            unit.push_str(self.token_text(word));
            cursor.at = word.next;
        }
        while let Some(tail) = self.unit_tail(cursor, end, start.is_some()) {
            start = start.or(Some(end));
            unit.push('/');
            unit.push_str(self.token_text(tail));
            (end, cursor.at) = (tail.end, tail.next);
        }
        let unit = start.map(|start| Name { text: unit, span: self.span(start, end) });
        let kind = ExprKind::Number(Number { text: number.into(), unit });
        Deep { expr: Expr { span: self.span(token.start, end), kind }, depth: 1 }
    }

    /// What stands against the digits and is no magnitude: a unit, unless it is the mark of another language.
    fn check_attached(&mut self, token: Token, attached: &str) {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
        let marks = ["_", "e", "E"];
        if marks.iter().any(|mark| attached.strip_prefix(mark).is_some_and(digits)) {
            self.report(messages::foreign_number(self.token_span(token), self.token_text(token)));
        }
        if attached.len() > super::reader::MAX_NAME {
            self.name(token.end - attached.len(), token.end);
        }
    }

    /// How many bytes of what stands against the digits belong to the number: `%`, `x` or a magnitude.
    fn magnitude(&self, suffix: &str) -> usize {
        if suffix == "%" || suffix == "x" || MAGNITUDES.contains(&suffix) {
            return suffix.len();
        }
        if suffix.is_empty() || (self.is_unit)(suffix) {
            return 0;
        }
        let known = |m: &&&str| {
            suffix.strip_prefix(**m).is_some_and(|rest| (self.is_unit)(rest) || is_currency(rest))
        };
        MAGNITUDES.iter().find(known).map_or(0, |m| m.len())
    }

    /// The word behind blanks that is the unit of the number that ends at `end`.
    fn unit_word(&self, cursor: &Cursor, end: usize) -> Option<Token> {
        let word = *self.row.get(cursor.at).filter(|t| cursor.at < cursor.end && t.kind == Kind::Path)?;
        let blanks = self.slice(end, word.start);
        let text = self.token_text(word);
        let behind = !blanks.is_empty() && blanks.bytes().all(|b| b == b' ' || b == b'\t');
        (behind && ((self.is_unit)(text) || is_currency(text)) && !self.is_touched(word, cursor.end))
            .then_some(word)
    }

    /// The word of a `/unit` that touches what ends at `end`.
    fn unit_tail(&self, cursor: &Cursor, end: usize, after_unit: bool) -> Option<Token> {
        let slash =
            *self.row.get(cursor.at).filter(|t| cursor.at < cursor.end && t.kind == Kind::Operator)?;
        let word = *self.row.get(slash.next).filter(|t| slash.next < cursor.end && t.kind == Kind::Path)?;
        let joined = slash.start == end && word.start == slash.end && self.token_text(slash) == "/";
        let text = self.token_text(word);
        let known = (self.is_unit)(text) || after_unit && MAGNITUDES.contains(&text);
        (joined && known && !self.is_touched(word, cursor.end)).then_some(word)
    }

    /// Whether a bracket or something unreadable touches a word, which is then no unit.
    fn is_touched(&self, word: Token, end: usize) -> bool {
        let next = self.row.get(word.next).filter(|_| word.next < end);
        next.is_some_and(|t| t.start == word.end && matches!(t.kind, Kind::Group | Kind::Hole))
    }
}

/// Whether a value breaks off: what follows it may have been meant as its rest.
fn ends_in_hole(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Hole => true,
        ExprKind::Unary(_, last) | ExprKind::Binary(_, _, last) | ExprKind::Range(_, last) => {
            ends_in_hole(last)
        }
        _ => false,
    }
}

fn cursor_offset(reader: &Reader, cursor: Cursor) -> usize {
    reader.row.get(cursor.at).map_or(reader.text.len(), |t| t.start)
}

/// Three capital letters, as in `USD`.
fn is_currency(word: &str) -> bool {
    word.len() == 3 && word.bytes().all(|b| b.is_ascii_uppercase())
}

/// Whether a value can be an end of `A to B`.
fn joins_range(value: &Expr) -> bool {
    !matches!(value.kind, ExprKind::Text(_) | ExprKind::List(_) | ExprKind::Hole)
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}
