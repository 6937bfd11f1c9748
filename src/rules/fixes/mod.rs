//! Mechanical answers to findings: which rules have one, and what it writes.
//!
//! A safe answer keeps what the design means, or is certainly what was meant. One that changes the design is
//! unsafe: it writes down what its author must then make true. Rules without an honest answer have none.

mod edit;
mod own;

use super::Context;
use crate::diagnostic::{Applicability, Finding, Fix};
use crate::source::SourceMap;
use crate::syntax::Tree;
use Applicability::{Safe, Unsafe};
use edit::{Edits, Pages};

/// What is at hand when an answer is written.
struct Desk<'a> {
    ctx: &'a Context<'a>,
    pages: Pages<'a>,
}

/// How an answer is written.
#[derive(Clone, Copy)]
enum How {
    /// Where the finding is made.
    There,
    /// The item at the place becomes this.
    Write(&'static str),
    /// The item at the place goes.
    Remove,
    /// The item around the place gets this property.
    Set(&'static str),
    /// The step at the place gets this property.
    Step(&'static str),
    /// In a way of its own: what it does, and the edits.
    Own(fn(&Desk, &Finding) -> Option<(String, Edits)>),
}

/// The rules that have an answer, by code.
const TABLE: &[(&str, Applicability, How)] = &[
    ("CAP001", Unsafe, How::Own(own::replicas)),
    ("CAP003", Unsafe, How::Own(own::replicas_after_zone_loss)),
    ("CAP011", Unsafe, How::Own(own::partitions)),
    ("CAS002", Unsafe, How::Step("breaker { opens 50%, after 10s }")),
    ("CAS003", Unsafe, How::Own(own::retry_budgets)),
    ("CAS004", Unsafe, How::Own(own::backoff)),
    ("CAS012", Unsafe, How::Write("deep no")),
    ("CAS013", Unsafe, How::Own(own::storm_budgets)),
    ("CON003", Unsafe, How::Own(own::outbox)),
    ("CON008", Unsafe, How::Write("policy write_through")),
    ("CON012", Unsafe, How::Own(own::level)),
    ("CON014", Unsafe, How::Write("conflicts crdt")),
    ("DOC003", Unsafe, How::Remove),
    ("DOC012", Unsafe, How::There),
    ("E001", Safe, How::There),
    ("E002", Safe, How::There),
    ("E003", Safe, How::There),
    ("E004", Unsafe, How::There),
    ("E005", Safe, How::Own(own::said_twice)),
    ("E006", Safe, How::There),
    ("E014", Unsafe, How::There),
    ("E015", Unsafe, How::There),
    ("E018", Safe, How::Remove),
    ("E020", Unsafe, How::Remove),
    ("EVO002", Unsafe, How::Own(own::version)),
    ("EVO004", Unsafe, How::Write("strategy strangler")),
    ("LAT002", Unsafe, How::Own(own::shorter_timeout)),
    ("MSG001", Unsafe, How::Own(own::idempotent_effect)),
    ("MSG002", Unsafe, How::Step("idempotent by message_id")),
    ("MSG006", Unsafe, How::Set("retention 7 day")),
    ("MSG007", Unsafe, How::Write("ack after_work")),
    ("MSG010", Unsafe, How::Own(own::broker_settings)),
    ("MSG012", Unsafe, How::Step("idempotent by message_id")),
    ("REL006", Unsafe, How::Write("failover automatic 30s")),
    ("REL007", Unsafe, How::Write("failover automatic 30s")),
    ("REL013", Unsafe, How::Set("backup { every 24h, keep 30 day }")),
    ("REL016", Unsafe, How::Set("health_check { every 5s, misses 3 }")),
    ("SEC001", Unsafe, How::Own(own::authentication)),
    ("SEC002", Unsafe, How::Step("encrypted tls")),
    ("SEC005", Unsafe, How::Write("runs untrusted in sandbox")),
    ("SEC008", Unsafe, How::Set("revocable yes")),
];

/// Whether findings of a rule may have a mechanical answer, and whether it is safe.
pub fn of(code: &str) -> Option<Applicability> {
    entry(code).map(|(_, how, _)| *how)
}

/// The same as a word: `safe`, `unsafe`, or nothing.
pub fn word(code: &str) -> &'static str {
    match of(code) {
        Some(Safe) => "safe",
        Some(Unsafe) => "unsafe",
        None => "",
    }
}

fn entry(code: &str) -> Option<&'static (&'static str, Applicability, How)> {
    TABLE.iter().find(|(known, ..)| *known == code)
}

/// Writes the answers to the findings that have one.
pub fn attach<'a>(
    ctx: &Context<'a>,
    sources: &'a SourceMap,
    trees: impl Iterator<Item = &'a Tree>,
    findings: &mut [Finding],
) {
    let desk = Desk { ctx, pages: Pages::new(sources, trees) };
    for finding in findings.iter_mut().filter(|f| f.fixes.is_empty()) {
        let Some((_, applicability, how)) = entry(finding.code.code) else { continue };
        if let Some((title, edits)) = desk.answer(finding, *how).filter(|(_, edits)| !edits.is_empty()) {
            finding.fixes.push(Fix { title, edits, applicability: *applicability });
        }
    }
}

impl Desk<'_> {
    fn answer(&self, finding: &Finding, how: How) -> Option<(String, Edits)> {
        let place = finding.primary.span;
        match how {
            How::There => None,
            How::Write(text) => {
                let found = self.pages.at(place).filter(|f| f.item.span == place)?;
                Some((format!("write `{text}`"), vec![(found.item.span, text.to_string())]))
            }
            How::Remove => {
                let found = self.pages.at(place)?;
                Some((
                    format!("remove `{}`", self.pages.text(found.item.header())),
                    self.pages.removed(found)?,
                ))
            }
            How::Set(text) => {
                Some((format!("add `{text}`"), self.pages.set(self.pages.at(place)?.item, text)))
            }
            How::Step(text) => {
                Some((format!("add `{text}`"), self.pages.set(self.pages.step(place)?.item, text)))
            }
            How::Own(write) => write(self, finding),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TABLE, of};
    use crate::rules::page_of;

    #[test]
    fn the_table_is_in_order_and_names_rules_that_are_there() {
        assert!(TABLE.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(TABLE.iter().all(|(code, ..)| page_of(code).is_some()));
        assert!(of("CAS004").is_some() && of("REL001").is_none());
    }
}
