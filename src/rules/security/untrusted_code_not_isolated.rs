//! Code of strangers that is not kept apart.

use crate::diagnostic::Finding;
use crate::model::Value;
use crate::rules::{Context, declare_rule};

declare_rule!("SEC005", "untrusted-code-not-isolated", Error, "untrusted_code_not_isolated");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (id, element) in ctx.model.elements() {
        for runs in element.props.all("runs") {
            let untrusted = runs.value("what") == Some(&Value::Word("untrusted"));
            let isolated = matches!(runs.value("in"), Some(Value::Word("sandbox" | "microvm")));
            if !untrusted || isolated {
                continue;
            }
            let name = ctx.name(id);
            let how = match runs.value("in") {
                Some(Value::Word("container")) => "in a container, which shares the host's kernel",
                _ => "with nothing around it",
            };
            findings.push(
                Finding::new(CODE, runs.span, format!("`{name}` runs code of strangers {how}"))
                    .subject(name)
                    .help("write `runs untrusted in sandbox` (a filter of system calls, as gVisor) or `in microvm` (as Firecracker), and give it limits"),
            );
        }
    }
    findings
}
