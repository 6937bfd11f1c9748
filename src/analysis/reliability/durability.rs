//! How likely replicated data outlives a year, from the rate at which copies are lost and the time
//! until a lost copy is made anew.
//!
//! Copies fail independently, but for the share of failures that the design calls common
//! (`common_cause`). What an asynchronous copy has not yet received is a loss window, and judged
//! elsewhere; so are backups, which bring back what is older than they are.

use super::super::case::Case;
use super::super::derivation::{FactId, Unit};
use super::super::derive::{NUMBER, RATE, TIME, What};
use super::super::facts::DataDurability;
use super::super::shape::Shape;
use crate::math;
use crate::model::ElementId;
use crate::numeric::durability::mean_time_to_loss;
use crate::schema::Kind;
use ecow::eco_format;

/// The durability of what an element keeps, over the year in which downtime is counted too; `None` for what is no
/// store.
pub fn durability(case: &mut Case<'_>, id: ElementId, shape: &Shape, year: FactId) -> Option<DataDurability> {
    let element = case.element(id);
    if element.kind != Kind::Store {
        return None;
    }
    let name = &element.head.name;
    let kept = || What::of(name, "durability", Unit::Availability);
    let lost = || What::of(name, "loss_per_year", Unit::Probability);
    let until = || What::of(name, "mean_time_to_loss", TIME);
    if let Some(promised) = element.props.quantity("durability") {
        let fact = case.stated(
            eco_format!("{name}.durability"),
            "as promised, in a year",
            promised,
            Unit::Availability,
        );
        let loss = case.graph.formula(lost(), "1 - durability", vec![fact], |v| Ok(1.0 - v[0]));
        let time = case.graph.missing(until(), eco_format!("{name}.replication.failure_rate"));
        return Some(DataDurability { durability: fact, loss, time });
    }
    let time = time_to_loss(case, id, shape, until());
    let inputs = vec![year, time];
    let text = "1 - e^(-year / mean time to loss)";
    let loss = case.graph.formula(
        lost().labelled("that a datum is lost within a year"),
        text,
        inputs.clone(),
        |v| Ok(-math::exp_m1(-v[0] / v[1])),
    );
    let text = "e^(-year / mean time to loss)";
    let what = kept().labelled("that a datum outlives a year");
    let durability = case.graph.formula(what, text, inputs, |v| Ok(math::exp(-v[0] / v[1])));
    Some(DataDurability { durability, loss, time })
}

fn time_to_loss(case: &mut Case<'_>, id: ElementId, shape: &Shape, what: What) -> FactId {
    let element = case.element(id);
    let (name, props) = (&element.head.name, &element.props);
    let needs = |case: &mut Case<'_>, key: &str| {
        case.graph.missing(what.clone(), eco_format!("{name}.replication.{key}"))
    };
    let Some(rate) = props.quantity("replication.failure_rate") else { return needs(case, "failure_rate") };
    let Some(repair) = props.quantity("replication.repair") else { return needs(case, "repair") };
    let rate = case.stated("", "failures of one copy", rate, RATE);
    let repair = case.stated("", "time until a lost copy is made anew", repair, TIME);
    let copies = match shape.factor {
        Some(copies) => copies,
        None => case.graph.constant(What::between("one copy", NUMBER), 1.0),
    };
    let mut inputs = vec![copies, rate, repair];
    if let Some(beta) = props.quantity("common_cause") {
        inputs.push(case.stated("", "share of failures that take all copies", beta, Unit::Share));
    }
    let text = if inputs.len() == 4 {
        "1 / (1 / MTTDL of the independent failures + common share × rate)"
    } else {
        "birth-and-death chain: Σ h(i), h(i) = (1 + (i / repair) · h(i-1)) / ((copies - i) · rate)"
    };
    case.graph.formula(what.labelled("until every copy of a datum is lost"), text, inputs, |v| {
        Ok(mean_time(v[0], v[1], v[2], v.get(3).copied().unwrap_or(0.0)))
    })
}

/// Mean seconds until the last of `copies` is lost, of which each fails at `rate` per second and is
/// back after `repair` seconds; `common` is the share of failures that take all copies at once.
fn mean_time(copies: f64, rate: f64, repair: f64, common: f64) -> f64 {
    let alone = mean_time_to_loss(copies.round().max(1.0) as u64, 1, 1.0 / ((1.0 - common) * rate), repair);
    1.0 / (1.0 / alone + common * rate)
}

#[cfg(test)]
mod tests {
    use super::mean_time;
    use crate::analysis::tests::{assert_needs, assert_number, base};
    use crate::math;
    use crate::numeric::testing::assert_close;

    const HOUR: f64 = 3600.0;
    const YEAR: f64 = 365.2425 * 24.0 * HOUR;

    /// Mirrored pair: (3λ + μ) / 2λ² (Trivedi, chapter 8).
    #[test]
    fn a_mirrored_pair_lasts_as_long_as_its_closed_form() {
        let facts = base(
            "actor user
service api
store pair { replication { factor 2, failure_rate 4%/year, repair 12h } }
flow f { user -> api -> pair }",
        );
        let (l, m) = (0.04 / (365.0 * 24.0 * HOUR), 1.0 / (12.0 * HOUR));
        let time = (3.0 * l + m) / (2.0 * l * l);
        assert_number(&facts, "pair.mean_time_to_loss", time);
        assert_number(&facts, "pair.loss_per_year", -math::exp_m1(-YEAR / time));
        assert_number(&facts, "pair.durability", math::exp(-YEAR / time));
    }

    #[test]
    fn one_copy_lasts_as_long_as_itself_and_common_failures_bound_all_copies() {
        assert_close(mean_time(1.0, 1e-8, HOUR, 0.0), 1e8, 1e-12);
        // With every failure common, copies are worth nothing.
        assert_close(mean_time(5.0, 1e-8, HOUR, 1.0), 1e8, 1e-12);
        // With a tenth of them common, three quickly repaired copies last ten times as long as one.
        assert_close(mean_time(3.0, 1e-8, 60.0, 0.1), 1e9, 1e-3);
        assert_eq!(mean_time(3.0, 0.0, HOUR, 0.0), f64::INFINITY);
        assert_close(mean_time(1.0, 1e-8, 0.0, 0.0), 1e8, 1e-12);
    }

    #[test]
    fn what_is_not_said_is_asked_for() {
        let facts = base(
            "actor user
service api
store a { replication { factor 3 } }
store b { replication { factor 3, failure_rate 2%/year } }
store c { durability 99.999999999% }
flow f { user -> api; api -> a; api -> b; api -> c }",
        );
        assert_needs(&facts, "a.durability", "a.replication.failure_rate");
        assert_needs(&facts, "b.durability", "b.replication.repair");
        assert_number(&facts, "c.durability", 0.999_999_999_99);
    }
}
