//! Data that the server cannot read, and is to work with.

use crate::catalog::Class;
use crate::diagnostic::Finding;
use crate::model::DataId;
use crate::rules::{Context, declare_rule};
use crate::source::Span;
use std::collections::BTreeMap;

declare_rule!("SEC007", "encrypted-data-processed", Warning, "encrypted_data_processed");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut sealed: BTreeMap<DataId, Span> = BTreeMap::new();
    for hop in ctx.hops().filter(|h| h.step.props.word("encrypted") == Some("end_to_end")) {
        for datum in hop.step.data() {
            sealed.entry(datum).or_insert(hop.step.span);
        }
    }
    let mut findings = Vec::new();
    for (datum, sent) in sealed {
        let data = &ctx.model.datum(datum).head.name;
        for (id, element) in ctx.model.elements().filter(|(_, e)| e.holds().any(|d| d == datum)) {
            let name = ctx.name(id);
            let searched = element.tech().is_some_and(|t| t.is(Class::Search) || t.is(Class::Vector));
            let (place, how) = match element.props.get("index") {
                _ if searched => (element.head.name_span, "searches in"),
                Some(index) => (index.span, "indexes"),
                None => continue,
            };
            findings.push(
                Finding::new(CODE, place, format!("`{name}` {how} `{data}`, which only its ends can read"))
                    .subject(name)
                    .related(sent, "encrypted end to end here")
                    .help("index what travels in the clear (sender, time), or search on the devices"),
            );
        }
    }
    findings
}
