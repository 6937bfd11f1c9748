//! Stands in until the analyses land: no number is evaluated.
use super::*;
use crate::model::Model;
/// Stand-in.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// Stand-in.
    pub base: Facts,
    /// Stand-in.
    pub scenarios: Vec<(crate::model::ScenarioId, Facts)>,
}
/// Stand-in.
pub fn analyse(_model: &Model) -> Analysis {
    let mut d = Derivation::default();
    let id = d.add(Fact {
        name: "x".into(),
        label: "".into(),
        value: None,
        unit: Unit::Share,
        operation: Operation::Constant,
        inputs: vec![],
        span: None,
    });
    Analysis {
        base: Facts {
            derivation: d,
            elements: vec![],
            flows: vec![],
            cost: id,
            scales_to: id,
            requirements: vec![],
        },
        scenarios: vec![],
    }
}
impl Derivation {
    /// Stand-in.
    pub fn show(&self, id: FactId) -> String {
        format!("{:?}", self.value(id))
    }
}
