//! Copies of which none ever takes over.

use crate::analysis::consistency::Ground;
use crate::catalog::AutoFailover;
use crate::diagnostic::Finding;
use crate::model::Replicas;
use crate::rules::{Context, declare_rule};
use crate::schema::Kind;

declare_rule!("REL015", "replicated-but-never-promoted", Warning, "replicated_but_never_promoted");

fn check(ctx: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (id, element) in ctx.model.elements().filter(|(_, e)| e.kind == Kind::Store || e.kind == Kind::Cache)
    {
        let copies = matches!(element.replicas(), Some(Replicas::Fixed(n) | Replicas::Range(n, _)) if n > 1);
        let led = !matches!(element.props.word("replication.leader"), Some("multi" | "none"))
            && !matches!(element.props.word("replication.mode"), Some("quorum" | "raft"));
        let Some(technology) = element.tech().filter(|t| !t.managed) else { continue };
        let manual = technology
            .auto_failover()
            .filter(|known| matches!(known.value, AutoFailover::No | AutoFailover::Addon));
        let sharded = element.props.has("shard");
        if let Some(known) = manual
            && copies
            && led
            && !sharded
            && !element.props.has("failover")
        {
            let name = ctx.name(id);
            let finding = Finding::new(
                CODE,
                ctx.place(id, "replicas"),
                format!("`{name}` has copies, and nothing promotes one when the leader fails"),
            )
            .subject(name)
            .help("say who does: `failover automatic 30s` (with a manager such as Patroni or Sentinel), or `manual 30 min`");
            findings
                .push(ctx.resting_on(finding, &[Ground::catalogue(technology, &known, known.value.token())]));
        }
    }
    findings
}
