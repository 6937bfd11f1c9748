//! The head of a declaration: keyword, name, technology, title, and the arguments after them.

use super::{Lowerer, Pending};
use crate::diagnostic::{Finding, language};
use crate::model::Declared;
use crate::schema::Presence;
use crate::syntax::{Arg, Expr, Item, Name};
use crate::words;
use ecow::EcoString;

/// A head, taken apart.
#[derive(Default)]
pub(super) struct Head<'t> {
    pub(super) name: Option<Name>,
    pub(super) technology: Option<&'t Name>,
    pub(super) title: Option<EcoString>,
    /// What stands behind them.
    pub(super) rest: Vec<&'t Expr>,
    /// `=` and what stands behind it.
    pub(super) defined: Option<Vec<&'t Expr>>,
}

/// Takes the head of an item apart: whether a word behind the keyword is its name is up to `name`.
pub(super) fn head_of(item: &Item, name: Presence) -> Head<'_> {
    let mut head = Head::default();
    let mut args = item.args.iter().skip(1).peekable();
    if name != Presence::Never
        && let Some(Arg::Value(expr)) = args.peek()
        && let Some(path) = expr.path()
        && let [only] = path.names.as_slice()
    {
        head.name = Some(only.clone());
        args.next();
    }
    for arg in args {
        match arg {
            Arg::Technology(technology) => head.technology = Some(technology),
            Arg::Equals(_) => head.defined = Some(Vec::new()),
            Arg::Value(expr) => match (&mut head.defined, expr.string()) {
                (Some(defined), _) => defined.push(expr),
                (None, Some(text)) if head.title.is_none() && head.rest.is_empty() => {
                    head.title = Some(text.clone());
                }
                (None, _) => head.rest.push(expr),
            },
            Arg::Arrow(..) | Arg::Hole(_) => {}
        }
    }
    head
}

/// The `///` lines of an item as one Markdown text.
pub(super) fn doc_of(item: &Item) -> EcoString {
    let mut doc = EcoString::new();
    for (i, line) in item.docs.iter().enumerate() {
        if i > 0 {
            doc.push('\n');
        }
        doc.push_str(&line.text);
    }
    doc
}

impl<'t> Lowerer<'t> {
    /// The declaration of an item whose name is `name`, seen from its scope.
    pub(super) fn declared(&self, pending: Pending<'t>, name: &Name, title: Option<EcoString>) -> Declared {
        let scope = &self.scopes[pending.scope];
        let full = if scope.is_empty() {
            name.text.clone()
        } else {
            EcoString::from(format!("{scope}.{}", name.text))
        };
        Declared {
            name: full,
            short: name.text.clone(),
            title,
            doc: doc_of(pending.item),
            span: pending.item.header(),
            name_span: name.span,
            imported: self.units[pending.file].imported,
        }
    }

    /// Says that a declaration lacks its name.
    pub(super) fn report_missing_name(&mut self, item: &Item, keyword: &str, example: &str) {
        let next = item.args.get(1).and_then(Arg::value).and_then(Expr::path);
        let finding = match next {
            Some(path) => Finding::new(
                language::WRONG_TYPE,
                path.span,
                format!(
                    "`{}` is no name for {} `{keyword}`: a name is one word",
                    path.text(),
                    words::article(keyword)
                ),
            ),
            None => {
                Finding::new(language::MISSING_ARGUMENT, item.header(), format!("`{keyword}` needs a name"))
            }
        };
        self.report(finding.help(format!("write it as in `{example}`")));
    }

    /// Says that arguments stand where the keyword takes none.
    pub(super) fn report_extra(&mut self, keyword: &str, rest: &[&Expr]) {
        if let (Some(first), Some(last)) = (rest.first(), rest.last()) {
            let finding = Finding::new(
                language::MISPLACED_ITEM,
                first.span.to(last.span),
                format!("`{keyword}` takes nothing here"),
            );
            self.report(finding.label("unexpected").help("properties stand in the block: `{ … }`"));
        }
    }
}
