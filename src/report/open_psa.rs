//! The fault tree of a flow in the Open-PSA Model Exchange Format, for an independent tool.

use crate::analysis::fault_tree;
use crate::analysis::reliability::fault_trees;
use crate::compile::Design;
use crate::model::FlowId;

/// The fault tree of a flow as an Open-PSA document; its top gate is called `top`.
///
/// # Errors
/// What the design does not say, as in `bank.availability`, where a probability rests on it.
pub fn open_psa(design: &Design, flow: FlowId) -> Result<String, String> {
    let trees = fault_trees(&design.lowered.model);
    let Some(found) = trees.into_iter().find(|t| t.flow == flow) else {
        return Err("a flow".to_owned());
    };
    match found.lacks {
        Some(need) => Err(need.to_string()),
        None => Ok(fault_tree::open_psa(&found.tree, found.top)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::{Options, compile};
    use crate::source::NoFiles;

    fn exported(text: &str) -> Result<String, String> {
        let design = compile("test.sysd", text.as_bytes(), &NoFiles, &Options::default());
        open_psa(&design, FlowId(0))
    }

    #[test]
    fn a_flow_is_exported_with_every_replica() {
        let text = "actor user\nservice a { availability 99%, replicas 2 }\nflow f { user -> a }";
        let document = exported(text).unwrap();
        assert!(document.contains("name=\"top\""), "{document}");
        assert_eq!(document.matches("<define-basic-event").count(), 2, "{document}");
    }

    #[test]
    fn a_probability_that_nobody_knows_is_not_exported() {
        let text = "actor user\nexternal bank\nflow f { user -> bank }";
        assert_eq!(exported(text), Err("bank.availability".to_owned()));
    }
}
