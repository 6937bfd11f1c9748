//! A public path without a version.

use crate::diagnostic::Finding;
use crate::rules::{Context, declare_rule};
use std::collections::BTreeSet;

declare_rule!("EVO002", "unversioned-public-api", Warning, "unversioned_public_api");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for entry in ctx.entries() {
        let Some(last) = entry.last() else { continue };
        let Some(path) = last.step.title.as_deref().and_then(path) else { continue };
        if !versioned(path) && seen.insert(path.to_string()) {
            findings.push(
                Finding::new(CODE, last.step.span, format!("`{path}` is public and has no version"))
                    .subject(ctx.name(last.step.to))
                    .flow(last.flow.head.name.as_str())
                    .help(format!("put the version into the path, as in `/v1{path}`")),
            );
        }
    }
    findings
}

/// The path of a title such as `GET /v1/feed`.
fn path(title: &str) -> Option<&str> {
    let (verb, rest) = title.split_once(' ')?;
    let known = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"].contains(&verb);
    let path = rest.split_whitespace().next()?;
    (known && path.starts_with('/')).then_some(path)
}

/// Whether a segment of the path is a version: `v1`, `v2beta1`.
fn versioned(path: &str) -> bool {
    path.split('/').any(|segment| {
        let mut letters = segment.chars();
        letters.next() == Some('v') && letters.next().is_some_and(|c| c.is_ascii_digit())
    })
}
