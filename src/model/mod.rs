//! The design as it was meant: names resolved, values typed, steps in their call tree.
//!
//! Lowering never fails: what is wrong becomes a finding (`E…`) and is left out. The model
//! knows the text's places, but not what follows from them; that is `analysis`.

pub mod element;
pub mod flow;
pub mod house;
mod ids;
mod lower;
pub mod props;
pub mod statement;

pub use element::{Data, Declared, Element, Group, Nodes, Placement, Region, Replicas, Role};
pub use flow::{Arrow, Block, BlockKind, Flow, Guarded, Node, Operation, Relation, Step, Touched, Trigger};
pub use house::HouseRule;
pub use ids::{
    BlockId, DataId, ElementId, FlowId, GroupId, InputId, NodesId, RegionId, RoleId, ScenarioId, StepId,
};
pub use lower::{Drawn, Draws, Lowered, Uncertain, evaluation_finding, imports, lower};
pub use props::{Entity, Filled, Origin, Prop, Props, Scalar, Value};
pub use statement::{
    Access, Alert, Allow, Assumption, Change, Distance, Functional, Grant, Input, Invariant, Migration,
    Record, Scenario, Sentence, Settings, Style, System, Target, View,
};

/// A whole design.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// The system.
    pub system: System,
    /// Elements, in the order of the text.
    pub elements: Vec<Element>,
    /// Groups, parents before children.
    pub groups: Vec<Group>,
    /// Regions.
    pub regions: Vec<Region>,
    /// Machines that run containers.
    pub nodes: Vec<Nodes>,
    /// Data.
    pub data: Vec<Data>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Inputs (`let`).
    pub inputs: Vec<Input>,
    /// Flows.
    pub flows: Vec<Flow>,
    /// Relations outside flows.
    pub relations: Vec<Relation>,
    /// Goals.
    pub goals: Vec<Sentence>,
    /// Non-goals.
    pub non_goals: Vec<Sentence>,
    /// Functional requirements.
    pub functional: Vec<Functional>,
    /// Targets.
    pub targets: Vec<Target>,
    /// Invariants.
    pub invariants: Vec<Invariant>,
    /// `recovery`.
    pub recovery: Option<Settings>,
    /// `workload`.
    pub workload: Option<Settings>,
    /// `assume { … }`.
    pub assume: Option<Settings>,
    /// `network { … }`.
    pub network: Option<Settings>,
    /// Round-trip times between regions.
    pub distances: Vec<Distance>,
    /// Scenarios.
    pub scenarios: Vec<Scenario>,
    /// Alerts.
    pub alerts: Vec<Alert>,
    /// Assumptions in words.
    pub assumptions: Vec<Assumption>,
    /// Decisions.
    pub decisions: Vec<Record>,
    /// Risks.
    pub risks: Vec<Record>,
    /// Access rules.
    pub access: Vec<Access>,
    /// Migrations.
    pub migrations: Vec<Migration>,
    /// Views.
    pub views: Vec<View>,
    /// Styles.
    pub styles: Vec<Style>,
    /// Rules of the house.
    pub house_rules: Vec<HouseRule>,
    /// Every `allow`.
    pub allows: Vec<Allow>,
    /// Labels in steps that resemble a declared datum: label, its place, the datum (rule `DOC012`).
    pub lookalikes: Vec<(ecow::EcoString, crate::source::Span, DataId)>,
}

impl Model {
    /// The element of a handle of this model.
    pub fn element(&self, id: ElementId) -> &Element {
        &self.elements[id.index()]
    }

    /// Every element with its handle.
    pub fn elements(&self) -> impl Iterator<Item = (ElementId, &Element)> {
        self.elements.iter().enumerate().map(|(i, e)| (ElementId(i as u32), e))
    }

    /// The flow of a handle of this model.
    pub fn flow(&self, id: FlowId) -> &Flow {
        &self.flows[id.index()]
    }

    /// Every flow with its handle.
    pub fn flows(&self) -> impl Iterator<Item = (FlowId, &Flow)> {
        self.flows.iter().enumerate().map(|(i, f)| (FlowId(i as u32), f))
    }

    /// The trust zone of an element: its own, else that of the closest group that states one, else outside for
    /// people and other parties.
    pub fn trust_zone(&self, id: ElementId) -> &str {
        let element = self.element(id);
        if let Some(zone) = element.props.word("trust") {
            return zone;
        }
        let mut groups = std::iter::successors(element.group, |at| self.group(*at).parent);
        let stated = groups.find_map(|at| self.group(at).props.word("trust"));
        let outside = matches!(element.kind, crate::schema::Kind::Actor | crate::schema::Kind::External);
        stated.unwrap_or(if outside { "external" } else { "internal" })
    }

    /// The region of a handle of this model.
    pub fn region(&self, id: RegionId) -> &Region {
        &self.regions[id.index()]
    }

    /// The machines that the replicas of an element run on: as it says, or the only ones there are.
    pub fn runs_on(&self, id: ElementId) -> Option<NodesId> {
        let only = (self.nodes.len() == 1).then_some(NodesId(0));
        self.element(id).containers()?.or(only)
    }

    /// The datum of a handle of this model.
    pub fn datum(&self, id: DataId) -> &Data {
        &self.data[id.index()]
    }

    /// The group of a handle of this model.
    pub fn group(&self, id: GroupId) -> &Group {
        &self.groups[id.index()]
    }

    /// The input of a handle of this model.
    pub fn input(&self, id: InputId) -> &Input {
        &self.inputs[id.index()]
    }

    /// A value as an author would write it.
    pub fn shown(&self, value: &Value) -> String {
        match value {
            Value::Quantity(n) => n.quantity.human(),
            Value::Range(ends) => format!("{} to {}", ends.0.quantity.human(), ends.1.quantity.human()),
            Value::Word(word) => (*word).to_string(),
            Value::Name(name) => name.to_string(),
            Value::Text(text) => format!("\"{text}\""),
            Value::Date(date) => date.to_string(),
            Value::YesNo(yes) => if *yes { "yes" } else { "no" }.to_string(),
            Value::Entity(entity) => self.entity_name(*entity),
        }
    }

    /// The full name of anything declared; a zone as `us.zone1` or `zone1`.
    pub fn entity_name(&self, entity: Entity) -> String {
        let head = match entity {
            Entity::Element(id) => &self.element(id).head,
            Entity::Group(id) => &self.group(id).head,
            Entity::Region(id) => &self.region(id).head,
            Entity::Nodes(id) => &self.nodes[id.index()].head,
            Entity::Zone(Some(region), n) => return format!("{}.zone{n}", self.region(region).head.name),
            Entity::Zone(None, n) => return format!("zone{n}"),
            Entity::Flow(id) => &self.flow(id).head,
            Entity::Input(id) => &self.input(id).head,
            Entity::Data(id) => &self.datum(id).head,
            Entity::Role(id) => &self.roles[id.index()].head,
            Entity::Scenario(id) => &self.scenarios[id.index()].head,
        };
        head.name.to_string()
    }

    /// The element of this full name, or of this short name where it is unique.
    pub fn element_named(&self, name: &str) -> Option<ElementId> {
        let full = self.elements().find(|(_, e)| e.head.name == name).map(|(id, _)| id);
        full.or_else(|| {
            let mut short = self.elements().filter(|(_, e)| e.head.short == name);
            match (short.next(), short.next()) {
                (Some((id, _)), None) => Some(id),
                _ => None,
            }
        })
    }

    /// The flow of this name.
    pub fn flow_named(&self, name: &str) -> Option<FlowId> {
        self.flows().find(|(_, f)| f.head.name == name || f.head.short == name).map(|(id, _)| id)
    }
}
