//! How a flow fails: its fault tree, and what must work as a reliability block diagram.

use super::common::{card_kind, replicas};
use super::{View, ViewKind};
use crate::analysis::reliability::{Block, FaultKind, FaultNode, FlowPictures, pictures};
use crate::analysis::{FailureKind, Unit, derivation};
use crate::compile::Design;
use crate::diagnostic::Severity;
use crate::layout::Direction;
use crate::model::{ElementId, Entity, Flow};
use crate::quantity::availability_percent;
use crate::render::scene::{Arrow, ArrowStyle, Card, CardKind, Diagram, Mark, Placing, Scene};

/// A view has at most so many cards.
const MOST_CARDS: usize = 25;

/// The fault tree and the block diagram of every flow that needs something.
pub(super) fn views(design: &Design) -> Vec<View> {
    let mut views = Vec::new();
    for picture in pictures(&design.lowered.model, MOST_CARDS) {
        if picture.blocks.is_empty() {
            continue;
        }
        let flow = design.lowered.model.flow(picture.flow);
        let drawing = Drawing { design, flow, picture: &picture };
        let trees = drawing.view("fault_tree", "how it fails", ViewKind::FaultTree, drawing.tree());
        let blocks = drawing.view("blocks", "what must work", ViewKind::Blocks, drawing.blocks());
        views.extend([trees, blocks]);
    }
    views
}

struct Drawing<'d> {
    design: &'d Design,
    flow: &'d Flow,
    picture: &'d FlowPictures,
}

impl Drawing<'_> {
    fn view(&self, prefix: &str, what: &str, kind: ViewKind, mut diagram: Diagram) -> View {
        let name = format!("{prefix}_{}", self.flow.head.name.replace(".", "_"));
        let title = format!("{}: {what}", self.flow.head.label());
        diagram.id.clone_from(&name);
        diagram.title.clone_from(&title);
        diagram.legend = true;
        let flow = Some(self.picture.flow);
        View { name, title, kind, flow, scene: Scene::Diagram(diagram) }
    }

    /// The availability of the flow, or what it needs to be known.
    fn subtitle(&self) -> String {
        let facts = &self.design.analysis.base;
        let reliability = &facts.flow(self.picture.flow).reliability;
        match facts.value(reliability.unavailability) {
            Some(down) => {
                let year = facts.derivation.show(reliability.downtime);
                format!("{} available, down {year} a year", availability_percent(down))
            }
            None => {
                let need = facts.derivation.need(reliability.unavailability).unwrap_or("more facts");
                format!("not evaluated: needs {need}")
            }
        }
    }

    fn tree(&self) -> Diagram {
        let nodes = &self.picture.tree;
        let depths = depths(nodes);
        let cards = nodes.iter().zip(&depths).enumerate();
        let cards = cards.map(|(at, (node, depth))| self.fault_card(at, node, *depth)).collect();
        let joined: Vec<(usize, usize)> = nodes
            .iter()
            .enumerate()
            .flat_map(|(at, node)| node.inputs.iter().map(move |i| (at, *i)))
            .collect();
        let hints = joined.iter().map(|(gate, input)| Placing::Above(fault_id(*gate), fault_id(*input)));
        let hints = hints.collect();
        let under = joined.into_iter();
        let arrows = under.map(|(gate, input)| Arrow {
            from: fault_id(gate),
            to: fault_id(input),
            style: ArrowStyle::Relation,
            ..Arrow::default()
        });
        Diagram {
            direction: Direction::Down,
            subtitle: self.subtitle(),
            edges: arrows.collect(),
            hints,
            nodes: cards,
            ..Diagram::default()
        }
    }

    fn fault_card(&self, at: usize, node: &FaultNode, depth: usize) -> Card {
        let model = &self.design.lowered.model;
        let of = |id: ElementId| card_kind(model.element(id));
        let (kind, what) = match node.kind {
            FaultKind::All => (CardKind::AllGate, "all of these".to_string()),
            FaultKind::Any => (CardKind::AnyGate, "any of these".to_string()),
            FaultKind::AtLeast(some, total) => {
                (CardKind::VoteGate, format!("{some} of {total} replicas down"))
            }
            FaultKind::Replicas(id) => (of(id), String::new()),
            FaultKind::Common(id) => (of(id), "one cause for all replicas".to_string()),
            FaultKind::Provider(id) => (of(id), "as a whole".to_string()),
            FaultKind::Zone(_) => (CardKind::Region, "zone".to_string()),
            FaultKind::Region(_) => (CardKind::Region, "region".to_string()),
            FaultKind::Undeveloped(id) => (of(id), "with all it stands on".to_string()),
            FaultKind::Others(_) => (CardKind::AnyGate, "any of these".to_string()),
        };
        let is_gate = matches!(node.kind, FaultKind::All | FaultKind::Any | FaultKind::AtLeast(..));
        let title = match (node.text.as_str(), is_gate) {
            ("", _) => what.clone(),
            (text, true) => format!("{text} fails"),
            (text, false) => text.trim_start_matches("zone ").trim_start_matches("region ").to_string(),
        };
        let down = node.unavailability.map(|p| derivation::show(p, Unit::Probability));
        let each =
            node.count > 1 && matches!(node.kind, FaultKind::Replicas(_)) && node.text.find(" of ").is_none();
        Card {
            id: fault_id(at),
            technology: if title == what { String::new() } else { what },
            title,
            size: down
                .map(|p| if each { format!("each down {p}") } else { format!("down {p}") })
                .unwrap_or_default(),
            kind,
            replicas: Some(node.count).filter(|count| *count > 1),
            mark: self.single_point(node),
            rank: Some(depth.min(9) as u8),
            dashed: matches!(node.kind, FaultKind::Undeveloped(_) | FaultKind::Others(_)),
            ..Card::default()
        }
    }

    /// What takes the flow down by itself wears it.
    fn single_point(&self, node: &FaultNode) -> Option<Mark> {
        let model = &self.design.lowered.model;
        let points = &self.design.analysis.base.flow(self.picture.flow).reliability.single_points;
        let place = |entity: Entity| model.entity_name(entity);
        let found = points.iter().find(|p| match (node.kind, p.kind) {
            (
                FaultKind::Replicas(id) | FaultKind::Undeveloped(id),
                FailureKind::Instance | FailureKind::Element,
            )
            | (FaultKind::Common(id) | FaultKind::Undeveloped(id), FailureKind::CommonCause)
            | (FaultKind::Provider(id) | FaultKind::Undeveloped(id), FailureKind::Provider) => {
                p.element == Some(id)
            }
            (FaultKind::Zone(zone), FailureKind::Zone) => p.event == place(Entity::Zone(zone.0, zone.1)),
            (FaultKind::Region(id), FailureKind::Region) => p.event == model.region(id).head.name,
            _ => false,
        })?;
        Some(Mark {
            severity: match found.kind {
                FailureKind::Instance | FailureKind::Element => Severity::Error,
                _ => Severity::Warning,
            },
            label: "single point of failure".to_string(),
            tooltip: format!("{} takes {} down by itself", found.event, self.flow.head.name),
        })
    }

    fn blocks(&self) -> Diagram {
        let mut chain = Chain { drawing: self, diagram: Diagram::default() };
        let asked = chain.end("asked");
        let ends = chain.series(&self.picture.blocks, vec![asked]);
        let answered = chain.end("answered");
        chain.join(&ends, &answered);
        let mut diagram = chain.diagram;
        // Cards stand in the order in which they are joined; the rank has ten steps.
        let last = diagram.nodes.len().saturating_sub(1).max(1);
        for (at, card) in diagram.nodes.iter_mut().enumerate() {
            card.rank = Some((at * 9 / last) as u8);
        }
        let joins = diagram.edges.iter();
        diagram.hints = joins.map(|a| Placing::Above(a.from.clone(), a.to.clone())).collect();
        Diagram { direction: Direction::Down, subtitle: self.subtitle(), ..diagram }
    }
}

/// A block diagram as it grows.
struct Chain<'c, 'd> {
    drawing: &'c Drawing<'d>,
    diagram: Diagram,
}

impl Chain<'_, '_> {
    fn end(&mut self, title: &str) -> String {
        self.add(Card { title: title.to_string(), kind: CardKind::Client, ..Card::default() })
    }

    fn add(&mut self, card: Card) -> String {
        let id = format!("block {}", self.diagram.nodes.len());
        self.diagram.nodes.push(Card { id: id.clone(), ..card });
        id
    }

    fn join(&mut self, from: &[String], to: &str) {
        for from in from {
            self.diagram.edges.push(Arrow {
                from: from.clone(),
                to: to.to_string(),
                style: ArrowStyle::Relation,
                ..Arrow::default()
            });
        }
    }

    /// Blocks one after another; the ends of the last. A branch that needs nothing is a line past the other.
    fn series(&mut self, blocks: &[Block], from: Vec<String>) -> Vec<String> {
        let (shown, others) = likeliest(blocks);
        let mut ends = from;
        for block in shown {
            ends = match block {
                Block::Part { .. } => {
                    let id = self.add(self.part(block));
                    self.join(&ends, &id);
                    vec![id]
                }
                Block::Either { first, then } => {
                    let mut both = self.series(first, ends.clone());
                    both.extend(self.series(then, ends));
                    both
                }
            };
        }
        if others > 0 {
            let title = format!("{others} others");
            let id = self.add(Card { title, kind: CardKind::Group, dashed: true, ..Card::default() });
            self.join(&ends, &id);
            ends = vec![id];
        }
        ends
    }

    fn part(&self, block: &Block) -> Card {
        let Block::Part { element: id, needs, replicas: count, unavailability } = block else {
            return Card::default();
        };
        let design = self.drawing.design;
        let element = design.lowered.model.element(*id);
        let node = FaultNode {
            kind: FaultKind::Undeveloped(*id),
            text: element.head.name.clone(),
            count: *count,
            unavailability: *unavailability,
            inputs: Vec::new(),
        };
        Card {
            title: element.head.short.to_string(),
            technology: needs.to_string(),
            size: unavailability.map(availability_percent).unwrap_or_default(),
            kind: card_kind(element),
            replicas: replicas(element),
            mark: self.drawing.single_point(&node),
            ..Card::default()
        }
    }
}

/// As many blocks as a picture holds, those that fail most, in their order; and how many are left out.
fn likeliest(blocks: &[Block]) -> (Vec<&Block>, usize) {
    let most = MOST_CARDS - 3;
    if blocks.len() <= most {
        return (blocks.iter().collect(), 0);
    }
    let down = |block: &Block| match block {
        Block::Part { unavailability, .. } => unavailability.unwrap_or(0.0),
        Block::Either { .. } => 0.0,
    };
    let mut order: Vec<usize> = (0..blocks.len()).collect();
    let of = |at: &usize| blocks.get(*at).map_or(0.0, down);
    order.sort_by(|a, b| of(b).total_cmp(&of(a)).then(a.cmp(b)));
    order.truncate(most);
    order.sort_unstable();
    (order.into_iter().filter_map(|at| blocks.get(at)).collect(), blocks.len() - most)
}

fn fault_id(at: usize) -> String {
    format!("fault {at}")
}

/// How far each node stands below the top, by its longest way: an input stands below all of its gates.
fn depths(nodes: &[FaultNode]) -> Vec<usize> {
    let mut depths = vec![0; nodes.len()];
    // A shared event may stand before a gate that uses it, so that one pass is not enough; ways have no more
    // steps than there are nodes.
    for _ in 0..nodes.len() {
        let before = depths.clone();
        for (at, node) in nodes.iter().enumerate() {
            let below = depths.get(at).map_or(0, |d| d + 1);
            for input in &node.inputs {
                if let Some(depth) = depths.get_mut(*input) {
                    *depth = below.max(*depth);
                }
            }
        }
        if before == depths {
            break;
        }
    }
    depths
}
