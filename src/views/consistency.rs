//! What each read of a flow is given: its path hop by hop, the weakest hop marked.

use super::common::{anchor, card_kind};
use super::{View, ViewKind};
use crate::analysis::Read;
use crate::compile::Design;
use crate::diagnostic::Severity;
use crate::model::{ElementId, Flow, FlowId};
use crate::quantity::Quantity;
use crate::render::scene::{Arrow, Boundary, Card, Diagram, Direction, Mark, Placing, Scene};
use crate::schema::Kind;
use ecow::EcoString;

/// One picture for each flow whose reads are promised something or pass a copy.
pub(super) fn views(design: &Design) -> Vec<View> {
    let flows = design.lowered.model.flows().zip(&design.analysis.base.flows);
    flows.filter_map(|((id, flow), facts)| view(design, id, flow, &facts.reads)).collect()
}

fn view(design: &Design, id: FlowId, flow: &Flow, reads: &[Read]) -> Option<View> {
    let telling = |read: &&Read| !read.path.is_empty() && (read.required.is_some() || read.path.len() > 1);
    let shown: Vec<&Read> = reads.iter().filter(telling).collect();
    if shown.is_empty() {
        return None;
    }
    let name = format!("reads_{}", flow.head.name.replace(".", "_"));
    let title = format!("{}: what its reads are given", flow.head.label());
    let mut diagram =
        Diagram { id: name.clone(), title: title.clone(), direction: Direction::Right, ..Diagram::default() };
    for (at, read) in shown.into_iter().enumerate() {
        let row = Row { design, flow, read, id: format!("read {at}") };
        row.draw(&mut diagram);
        if at > 0 {
            diagram.hints.push(Placing::Above(caller_id(&format!("read {}", at - 1)), caller_id(&row.id)));
        }
    }
    Some(View { name, title, kind: ViewKind::Consistency, flow: Some(id), scene: Scene::Diagram(diagram) })
}

fn caller_id(row: &str) -> String {
    format!("{row} caller")
}

/// One read: a boundary with its caller and the hops of its path.
struct Row<'a> {
    design: &'a Design,
    flow: &'a Flow,
    read: &'a Read,
    id: String,
}

impl Row<'_> {
    fn draw(&self, diagram: &mut Diagram) {
        diagram.boxes.push(Boundary {
            id: self.id.clone(),
            title: format!("read {}", self.read.data),
            note: self.verdict().to_string(),
            ..Boundary::default()
        });
        let caller = self.flow.step(self.read.step).from;
        let mut ids = vec![caller_id(&self.id)];
        diagram.nodes.push(Card { rows: self.outcome(), rank: Some(0), ..self.card(&ids[0], caller) });
        // What a cache misses, every place behind it is asked for: the source of a hop is the last copy before it.
        let mut source = 0;
        for (at, hop) in self.read.path.iter().enumerate() {
            let id = format!("{} hop {at}", self.id);
            diagram.nodes.push(Card {
                technology: hop.why.to_string(),
                rows: levels("gives", &hop.level),
                mark: self.mark(at),
                rank: Some(at as u8 + 1),
                ..self.card(&id, hop.element)
            });
            diagram.edges.push(Arrow {
                from: ids[source].clone(),
                to: id.clone(),
                label: if source == 0 { "read" } else { "on a miss" }.to_string(),
                ..Arrow::default()
            });
            diagram.hints.push(Placing::LeftOf(ids[at].clone(), id.clone()));
            ids.push(id);
            let kind = self.design.lowered.model.element(hop.element).kind;
            if matches!(kind, Kind::Cache | Kind::Cdn) {
                source = at + 1;
            }
        }
    }

    fn card(&self, id: &str, element: ElementId) -> Card {
        let element = self.design.lowered.model.element(element);
        Card {
            id: id.to_string(),
            title: element.head.label().to_string(),
            kind: card_kind(element),
            link: Some(format!("#{}", anchor(&element.head.name))),
            parent: Some(self.id.clone()),
            ..Card::default()
        }
    }

    /// The weakest hop: an error where the promise is broken by it, else only said.
    fn mark(&self, at: usize) -> Option<Mark> {
        if self.read.weakest != Some(at) || self.read.path.len() < 2 && self.read.met != Some(false) {
            return None;
        }
        let broken = self.read.met == Some(false);
        let severity = if broken { Severity::Error } else { Severity::Info };
        Some(Mark { severity, label: "weakest hop".to_string(), tooltip: self.read.path[at].why.to_string() })
    }

    fn verdict(&self) -> &'static str {
        match (&self.read.needs, self.read.met) {
            (Some(_), _) => "not evaluated",
            (None, Some(true)) => "as required",
            (None, Some(false)) => "less than required",
            (None, None) => "",
        }
    }

    /// What the caller asks for and what it is given: a line for each level, then the age.
    fn outcome(&self) -> Vec<String> {
        let required = self.read.required.as_ref().map(|level| format!("requires {}", spaced(level)));
        let mut lines: Vec<String> = required.into_iter().collect();
        if let Some(need) = &self.read.needs {
            lines.push(format!("needs {need}"));
            return lines;
        }
        lines.extend(levels("is given", self.read.provided.as_deref().unwrap_or_default()));
        lines.extend(match (self.read.staleness, &self.read.unbounded) {
            (Some(0.0), _) => None,
            (Some(seconds), _) => Some(format!("{} old at most", Quantity::seconds(seconds).human())),
            (None, _) => Some("of any age".to_string()),
        });
        let seen = self.design.analysis.base.seen_within(self.read.source);
        lines.extend(seen.map(|time| format!("99.9% see it in {}", Quantity::seconds(time).human())));
        lines
    }
}

fn levels(verb: &str, levels: &[EcoString]) -> Vec<String> {
    levels.iter().map(|level| format!("{verb} {}", spaced(level))).collect()
}

fn spaced(level: &str) -> String {
    level.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::{Options, compile};
    use crate::source::NoFiles;

    fn diagrams(text: &str) -> Vec<Diagram> {
        let design = compile("design.sysd", text.as_bytes(), &NoFiles, &Options::default());
        let drawn = views(&design).into_iter().map(|view| view.scene);
        drawn
            .filter_map(|scene| if let Scene::Diagram(diagram) = scene { Some(diagram) } else { None })
            .collect()
    }

    fn shop(ttl: &str, level: &str) -> String {
        format!(
            "data item {{ size 1 kB }}\nactor user\nservice api {{ replicas 2 }}\n\
             store db: postgresql {{ replicas 2, holds item }}\ncache hot: redis {{ of db, hit 90%{ttl} }}\n\
             flow look {{\n  rate 1/s\n  require {{ consistency {level} }}\n  user -> api -> hot read item\n  \
             on miss {{ api -> db read item }}\n}}\nflow save {{\n  rate 1/s\n  user -> api -> db write item\n}}\n"
        )
    }

    #[test]
    fn the_hop_that_breaks_a_promise_wears_an_error() {
        let drawn = diagrams(&shop(", ttl 60s", "linearizable"));
        let [diagram] = drawn.as_slice() else { panic!("one flow reads: {drawn:?}") };
        assert_eq!(diagram.boxes[0].note, "less than required");
        let marked: Vec<_> =
            diagram.nodes.iter().filter_map(|n| Some((&*n.title, n.mark.as_ref()?.severity))).collect();
        assert_eq!(marked, [("hot", Severity::Error)]);
        let rows = ["requires linearizable", "is given eventual", "1 min old at most"];
        assert_eq!(diagram.nodes[0].rows, rows);
        let path: Vec<_> = diagram.edges.iter().map(|e| (&*e.from, &*e.to)).collect();
        assert_eq!(path, [("read 0 caller", "read 0 hop 0"), ("read 0 hop 0", "read 0 hop 1")]);
    }

    #[test]
    fn a_kept_promise_is_said_and_an_unbounded_age_too() {
        let drawn = diagrams(&shop("", "eventual"));
        assert_eq!(drawn[0].boxes[0].note, "as required");
        assert_eq!(drawn[0].nodes[0].rows, ["requires eventual", "is given eventual", "of any age"]);
        assert_eq!(drawn[0].nodes[1].mark.as_ref().map(|m| m.severity), Some(Severity::Info));
    }
}
