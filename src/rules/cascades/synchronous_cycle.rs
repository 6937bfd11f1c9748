//! Elements that wait for each other.

use crate::diagnostic::Finding;
use crate::model::{Arrow, ElementId, Operation};
use crate::rules::{Context, Hop, declare_rule};
use crate::schema::Kind;
use crate::words;
use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;
use std::collections::BTreeMap;

declare_rule!("CAS005", "synchronous-cycle", Error, "synchronous_cycle");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut graph: DiGraphMap<u32, ()> = DiGraphMap::new();
    let mut hops: BTreeMap<(u32, u32), Hop> = BTreeMap::new();
    for hop in ctx.hops() {
        // What people and outside systems start does not wait for what they answered before.
        let outside = matches!(ctx.element(hop.step.from).kind, Kind::Actor | Kind::External)
            || ctx.element(hop.step.to).kind == Kind::Actor;
        if hop.step.arrow == Arrow::Sync && !outside && hop.step.operation != Operation::Push {
            let pair = (hop.step.from.0, hop.step.to.0);
            graph.add_edge(pair.0, pair.1, ());
            hops.entry(pair).or_insert(hop);
        }
    }
    let mut rings: Vec<Vec<u32>> = tarjan_scc(&graph)
        .into_iter()
        .filter(|ring| ring.len() > 1 || ring.first().is_some_and(|id| graph.contains_edge(*id, *id)))
        .collect();
    for ring in &mut rings {
        ring.sort_unstable();
    }
    rings.sort();
    rings.iter().filter_map(|ring| finding(ctx, ring, &hops)).collect()
}

fn finding(ctx: &Context, ring: &[u32], hops: &BTreeMap<(u32, u32), Hop>) -> Option<Finding> {
    let inside: Vec<&Hop> =
        hops.iter().filter(|((a, b), _)| ring.contains(a) && ring.contains(b)).map(|(_, hop)| hop).collect();
    let first = inside.first()?;
    let names: Vec<&str> = ring.iter().map(|id| ctx.name(ElementId(*id))).collect();
    let message = match names.as_slice() {
        [only] => format!("`{only}` waits for itself"),
        _ => format!("{} wait for each other", words::enumeration(&names)),
    };
    let mut finding =
        Finding::new(CODE, first.step.span, message).subject(names.first().copied().unwrap_or(""));
    for hop in inside.iter().skip(1).take(5) {
        finding = finding.related(hop.step.span, format!("waits here, in `{}`", hop.flow.head.name));
    }
    Some(finding.help("let one of the calls be a message (`~>` through a queue or topic), or move what both need into a third element"))
}
