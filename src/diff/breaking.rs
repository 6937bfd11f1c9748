//! Changes that break others: callers of the system, readers of its data, those who rely on its promises.

use super::RequirementChange;
use super::inventory::{Class, Inventory, Key, Thing};
use crate::catalog::consistency::Model;

/// A change that breaks others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Breaking {
    /// What changed.
    pub what: String,
    /// Whom it breaks.
    pub why: &'static str,
}

/// Everything in a change that breaks others.
pub(super) fn breaking(
    before: &Inventory,
    after: &Inventory,
    requirements: &[RequirementChange],
) -> Vec<Breaking> {
    let mut found = Vec::new();
    for (key, old) in &before.things {
        let new = after.things.get(key);
        match key.class {
            Class::Flow => flow(key, old, new, &mut found),
            Class::Data => datum(key, old, new, &mut found),
            Class::Element => element(key, old, new, &mut found),
            Class::Step => step(key, old, new, (before, after), &mut found),
            Class::Statement => statement(key, old, new, &mut found),
            _ => {}
        }
    }
    promises(requirements, &mut found);
    found.sort();
    found.dedup();
    found
}

fn say(found: &mut Vec<Breaking>, what: String, why: &'static str) {
    found.push(Breaking { what, why });
}

fn text(thing: &Thing, path: &str) -> Option<String> {
    let stated = thing.facts.get(path)?;
    Some(stated.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(", "))
}

fn number(thing: &Thing, path: &str) -> Option<f64> {
    thing.facts.get(path)?.first()?.number
}

fn flow(key: &Key, old: &Thing, new: Option<&Thing>, found: &mut Vec<Breaking>) {
    let name = &key.name;
    let Some(new) = new else {
        return say(found, format!("flow `{name}` is gone"), "who calls it finds nothing");
    };
    for path in old.facts.keys().filter(|p| p.starts_with("require.")) {
        let what = &path["require.".len()..];
        let Some(before) = text(old, path) else { continue };
        let Some(after) = text(new, path) else {
            say(
                found,
                format!("`{name}` promises no `{what}` any more: it was {before}"),
                "who relied on the promise",
            );
            continue;
        };
        let weaker = match (what, number(old, path), number(new, path)) {
            ("availability", Some(a), Some(b)) => b < a,
            (_, Some(a), Some(b)) => b > a,
            ("consistency", _, _) => weaker_level(&before, &after),
            ("loss", _, _) => before == "none" && after != "none",
            ("revocable", _, _) => before == "yes" && after != "yes",
            _ => false,
        };
        if weaker {
            say(
                found,
                format!("`{name}` promises a weaker `{what}`: {before} → {after}"),
                "who relied on the promise",
            );
        }
    }
    limit(&format!("flow `{name}`"), old, new, found);
}

/// Whether a level no longer implies the one that was promised.
fn weaker_level(before: &str, after: &str) -> bool {
    match (
        Model::from_user(before).or_else(|| Model::parse(before)),
        Model::from_user(after).or_else(|| Model::parse(after)),
    ) {
        (Some(a), Some(b)) => a != b && !b.implies(a),
        _ => false,
    }
}

fn limit(who: &str, old: &Thing, new: &Thing, found: &mut Vec<Breaking>) {
    let (before, after) = (number(old, "limit.rate"), number(new, "limit.rate"));
    let texts = || (text(old, "limit.rate").unwrap_or_default(), text(new, "limit.rate").unwrap_or_default());
    match (before, after) {
        (Some(a), Some(b)) if b < a => {
            let (a, b) = texts();
            say(found, format!("{who} admits less: {a} → {b}"), "callers who used what was admitted");
        }
        (None, Some(_)) if !old.facts.contains_key("limit.rate") => {
            say(found, format!("{who} has a rate limit now: {}", texts().1), "callers who exceed it");
        }
        _ => {}
    }
}

fn datum(key: &Key, old: &Thing, new: Option<&Thing>, found: &mut Vec<Breaking>) {
    let name = &key.name;
    let Some(new) = new else {
        return say(found, format!("data `{name}` are gone"), "who reads them");
    };
    let fields = |thing: &Thing| -> Vec<String> {
        thing.facts.get("fields").into_iter().flatten().map(|s| s.text.clone()).collect()
    };
    let after = fields(new);
    for field in fields(old).into_iter().filter(|f| !after.is_empty() && !after.contains(f)) {
        say(found, format!("`{name}` has no field `{field}` any more"), "who reads or writes the field");
    }
    if let (Some(a), Some(b)) = (text(old, "key"), text(new, "key"))
        && a != b
    {
        say(
            found,
            format!("the key of `{name}` is `{b}`, and was `{a}`"),
            "who looks for them by the old key",
        );
    }
    shorter(&format!("`{name}` is kept"), "keep", old, new, found);
}

fn shorter(what: &str, path: &str, old: &Thing, new: &Thing, found: &mut Vec<Breaking>) {
    let less = match (number(old, path), number(new, path)) {
        (Some(a), Some(b)) => b < a,
        (None, Some(_)) => text(old, path).as_deref() == Some("forever"),
        _ => false,
    };
    if less {
        let (a, b) = (text(old, path).unwrap_or_default(), text(new, path).unwrap_or_default());
        say(found, format!("{what} for a shorter time: {a} → {b}"), "who comes back for older ones");
    }
}

fn element(key: &Key, old: &Thing, new: Option<&Thing>, found: &mut Vec<Breaking>) {
    let name = &key.name;
    let is_public = old.facts.contains_key("public");
    let Some(new) = new else {
        let messaging = matches!(old.kind.as_str(), "queue" | "topic");
        if is_public || messaging {
            let why = if messaging {
                "who publishes to it or consumes from it"
            } else {
                "who reaches it from outside"
            };
            say(found, format!("{} `{name}` is gone", old.kind), why);
        }
        return;
    };
    if is_public && !new.facts.contains_key("public") {
        say(found, format!("`{name}` is not public any more"), "who reaches it from outside");
    }
    if let Some(after) = text(new, "auth").filter(|after| text(old, "auth").as_ref() != Some(after)) {
        let before = text(old, "auth").unwrap_or_else(|| "none".to_string());
        if after != "none" {
            say(
                found,
                format!("`{name}` asks for other credentials: {before} → {after}"),
                "callers that have the old ones",
            );
        }
    }
    limit(&format!("`{name}`"), old, new, found);
    shorter(&format!("`{name}` keeps messages"), "retention", old, new, found);
    for (path, order) in [
        ("delivery", &["at_most_once", "at_least_once", "exactly_once"][..]),
        ("ordering", &["none", "key", "total"][..]),
    ] {
        let rank = |thing: &Thing| {
            let text = text(thing, path)?;
            let word = text.split(' ').next()?.to_string();
            order.iter().position(|o| *o == word)
        };
        if let (Some(a), Some(b)) = (rank(old), rank(new))
            && b < a
        {
            say(
                found,
                format!("`{name}` gives a weaker `{path}`: {} → {}", order[a], order[b]),
                "consumers that rely on it",
            );
        }
    }
}

/// What people and outside systems call: the titles of their steps are its interface.
fn step(
    key: &Key,
    old: &Thing,
    new: Option<&Thing>,
    (before, after): (&Inventory, &Inventory),
    found: &mut Vec<Breaking>,
) {
    let Some(flow) = key.flow().filter(|flow| after.things.contains_key(flow)) else { return };
    if !is_entry(key, before) {
        return;
    }
    let titles = |inventory: &Inventory| -> Vec<String> {
        let steps = inventory.things.iter().filter(|(k, _)| k.class == Class::Step && k.owner == flow.name);
        steps.filter_map(|(_, thing)| text(thing, "title")).collect()
    };
    if let Some(title) = text(old, "title").filter(|t| !titles(after).contains(t)) {
        say(found, format!("`{}` no longer offers {title}", flow.name), "callers of that interface");
    }
    let Some(new) = new else { return };
    for path in ["protocol", "auth"] {
        let (a, b) = (text(old, path), text(new, path));
        if let (Some(a), Some(b)) = (a, b)
            && a != b
        {
            say(
                found,
                format!("`{}` is called with another `{path}`: {a} → {b}", key.name),
                "callers that speak the old one",
            );
        }
    }
}

/// Whether a step's run begins outside: nothing before it in its flow, or only what passes requests through.
fn is_entry(key: &Key, inventory: &Inventory) -> bool {
    let kind = |name: &str| {
        inventory
            .things
            .get(&Key { class: Class::Element, owner: String::new(), name: name.to_string() })
            .map(|t| t.kind.as_str())
    };
    let source = key.name.split(' ').next().unwrap_or_default();
    matches!(kind(source), Some("actor" | "external" | "balancer" | "gateway" | "cdn"))
}

fn statement(key: &Key, old: &Thing, new: Option<&Thing>, found: &mut Vec<Breaking>) {
    match (key.owner.as_str(), new) {
        ("target", None) => {
            say(found, format!("target `{}` is gone", key.name), "who relied on the promise");
        }
        ("access", new) => {
            for (role, grants) in &old.facts {
                let after: Vec<&str> = new
                    .and_then(|n| n.facts.get(role))
                    .into_iter()
                    .flatten()
                    .map(|s| s.text.split(':').next().unwrap_or_default())
                    .collect();
                // Without an access item everything is allowed.
                for grant in grants.iter().filter(|_| new.is_some()) {
                    let operation = grant.text.split(':').next().unwrap_or_default();
                    if !after.contains(&operation) {
                        say(
                            found,
                            format!("`{role}` may no longer {operation} `{}`", key.name),
                            "who acts in that role",
                        );
                    }
                }
            }
        }
        _ => {}
    }
}

/// Promises that held and do not.
fn promises(requirements: &[RequirementChange], found: &mut Vec<Breaking>) {
    use crate::analysis::Status::{Met, Violated};
    for change in requirements.iter().filter(|r| r.before == Some(Met) && r.after == Some(Violated)) {
        let (expected, actual) = &change.is;
        say(
            found,
            format!("`{}` was met and is violated: {actual}, required {expected}", change.id),
            "who relied on the promise",
        );
    }
}
