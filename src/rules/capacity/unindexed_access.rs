//! Data that are looked for by a field that nothing finds them by.

use crate::catalog::Class;
use crate::diagnostic::Finding;
use crate::model::{Data, Element, Prop, Value};
use crate::quantity::{Quantity, count};
use crate::rules::{Context, Hop, declare_rule};
use crate::schema::Kind;
use crate::words;

declare_rule!("CAP024", "unindexed-access", Warning, "unindexed_access");

/// Stores that find by keys and stated indexes only; a search engine or a column store finds by any field.
const BY_INDEX: [Class; 4] = [Class::Relational, Class::Document, Class::WideColumn, Class::KeyValue];

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for hop in ctx.hops() {
        let store = ctx.element(hop.step.to);
        let Some(by) = hop.step.props.get("by").filter(|_| store.kind == Kind::Store) else { continue };
        let class = store.tech().and_then(crate::catalog::Technology::class);
        if !class.is_some_and(|c| BY_INDEX.contains(&c)) {
            continue;
        }
        let fields = fields(by);
        for id in hop.step.data() {
            let datum = ctx.model.datum(id);
            if is_found(store, datum, &fields) {
                continue;
            }
            if datum.props.has("key") {
                findings.push(finding(&hop, store, datum, by));
            } else {
                let what = format!("unindexed-access for {}", ctx.step_name(hop.step));
                ctx.lacks(what, format!("{}.key", datum.head.name));
            }
        }
    }
    findings
}

fn fields(prop: &Prop) -> Vec<&str> {
    let names = prop.values.iter().filter_map(|f| match &f.value {
        Value::Name(name) => Some(name.as_str()),
        _ => None,
    });
    names.collect()
}

/// By its key, by the key of its shard, or by an index that begins with one of the fields.
fn is_found(store: &Element, datum: &Data, fields: &[&str]) -> bool {
    let begins = |prop: &Prop| self::fields(prop).first().is_some_and(|first| fields.contains(first));
    datum.props.get("key").is_some_and(begins)
        || store.props.at("shard.by").is_some_and(begins)
        || store.props.all("index").any(begins)
}

fn finding(hop: &Hop, store: &Element, datum: &Data, by: &Prop) -> Finding {
    let (name, data) = (store.head.name.as_str(), &datum.head.name);
    let wanted = fields(by);
    let key = datum.props.word("key").unwrap_or_default();
    let mut finding = Finding::new(
        CODE,
        by.span,
        format!(
            "`{name}` is asked for `{data}` by {}, and finds it by neither key nor index: it looks through all of them",
            words::enumeration(&wanted)
        ),
    )
    .subject(name)
    .flow(hop.flow.head.name.as_str())
    .note(format!("the key of `{data}` is `{key}`"));
    for index in store.props.all("index") {
        finding = finding.related(index.span, "an index by something else");
    }
    if let (Some(number), Some(size)) = (datum.props.number("count"), datum.size()) {
        finding = finding.note(format!(
            "each time {} of {}: {}",
            count(number),
            size.quantity,
            Quantity::bytes(number * size.value()).human()
        ));
    }
    if let Some(shards) = store.props.number("shard.count") {
        finding = finding.note(format!("in all {} shards, because none is named by it", count(shards)));
    }
    finding.help(format!(
        "add `index by {}` to `{name}`, or keep a copy whose key it is",
        wanted.first().copied().unwrap_or_default()
    ))
}
