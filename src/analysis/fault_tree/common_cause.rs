//! Common cause failures by the beta factor model (Fleming 1975; NUREG/CR-5485, section 5.2).
//!
//! Of the unavailability Q of a replica, the share β is due to causes that take all replicas of
//! the group down at once: each replica fails alone with (1 - β) Q, the whole group with β Q.

use super::arena::Formula;
use super::tree::{EventId, FaultTree, FaultTreeError};

/// The two parts of an unavailability under the beta factor model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BetaFactor {
    /// (1 - β) Q, of each replica.
    pub independent: f64,
    /// β Q, of all replicas at once.
    pub common: f64,
}

impl BetaFactor {
    /// Splits the unavailability `q` of one replica by the share `beta`, both 0 to 1.
    pub fn split(q: f64, beta: f64) -> Self {
        Self { independent: (1.0 - beta) * q, common: beta * q }
    }
}

/// A group of replicas with a common cause, in a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommonCauseGroup {
    /// The replicas failing one by one.
    pub replicas: EventId,
    /// All failing at once; belongs into the domain of every part of the group.
    pub common: Formula,
}

impl FaultTree {
    /// Adds a group of replicas of which the share `beta` of failures strikes all at once. The
    /// event of the common cause is called `NAME common cause`. One replica alone has none.
    ///
    /// # Errors
    /// Where `unavailability` or `beta` is not a probability, or `count` is 0.
    pub fn replicas_with_common_cause(
        &mut self,
        name: &str,
        count: u32,
        unavailability: f64,
        beta: f64,
    ) -> Result<CommonCauseGroup, FaultTreeError> {
        if count == 1 {
            let replicas = self.event(name, unavailability)?;
            return Ok(CommonCauseGroup { replicas, common: Formula::FALSE });
        }
        let parts = BetaFactor::split(unavailability, beta);
        let replicas = self.replicas(name, count, parts.independent)?;
        let common = self.event(format!("{name} common cause"), parts.common)?;
        Ok(CommonCauseGroup { replicas, common: self.down(common) })
    }
}
