//! Large and deep trees: closed forms where enumeration cannot reach.

use super::super::*;
use super::{close, unavailability};

/// A flow over `elements` groups of 40 replicas in 3 regions of 3 zones, each needing `needed`.
fn flow(elements: usize, needed: u32) -> (FaultTree, Formula) {
    let mut tree = FaultTree::new();
    let mut domains = Vec::new();
    for region in 0..3 {
        let region_event = tree.event(format!("region {region}"), 1e-4).unwrap();
        let region_down = tree.down(region_event);
        for zone in 0..3 {
            let zone_event = tree.event(format!("zone {region}.{zone}"), 5e-4).unwrap();
            let zone_down = tree.down(zone_event);
            domains.push(tree.or([region_down, zone_down]));
        }
    }
    let mut failures = Vec::new();
    for element in 0..elements {
        let p = 0.005 + 1e-5 * element as f64;
        let mut parts = Vec::new();
        for (at, domain) in domains.iter().enumerate() {
            let count = if at < 4 { 5 } else { 4 };
            let event = tree.replicas(format!("e{element} in {at}"), count, p).unwrap();
            parts.push(Part { event, domain: *domain });
        }
        failures.push(tree.group_fails(&parts, needed));
    }
    let top = tree.or(failures);
    (tree, top)
}

/// The same by hand: all states of regions and zones, and binomials below.
fn flow_by_states(elements: usize, needed: u32) -> f64 {
    let mut sum = 0.0;
    for state in 0_u32..1 << 12 {
        let mut share = 1.0;
        let mut survivors = 0;
        for region in 0..3 {
            let region_down = state >> region & 1 == 1;
            share *= if region_down { 1e-4 } else { 1.0 - 1e-4 };
            for zone in 0..3 {
                let at = 3 * region + zone;
                let zone_down = state >> (3 + at) & 1 == 1;
                share *= if zone_down { 5e-4 } else { 1.0 - 5e-4 };
                if !region_down && !zone_down {
                    survivors += if at < 4 { 5 } else { 4 };
                }
            }
        }
        let mut any = 0.0;
        for element in 0..elements {
            let p = 0.005 + 1e-5 * element as f64;
            let fails: f64 = (0..needed.min(survivors + 1))
                .map(|up| {
                    let ways: f64 = (0..up).map(|i| f64::from(survivors - i) / f64::from(i + 1)).product();
                    ways * crate::math::powi(1.0 - p, up) * crate::math::powi(p, survivors - up)
                })
                .sum();
            any += (1.0 - any) * fails;
        }
        sum += share * any;
    }
    sum
}

#[test]
fn a_flow_over_200_elements_of_40_replicas_in_nine_zones_is_exact() {
    for needed in [1, 21] {
        let (tree, top) = flow(200, needed);
        let exact = probability(&tree, top, &Options::default());
        let Probability::Exact { unavailability, availability } = exact else { panic!("{exact:?}") };
        close(unavailability, flow_by_states(200, needed), 1e-9);
        close(availability, 1.0 - unavailability, 1e-12);
    }
}

/// ln of 0!, 1!, … by summation.
fn log_factorials(most: u32) -> Vec<f64> {
    let mut sums = vec![0.0];
    for k in 1..=most {
        sums.push(sums[k as usize - 1] + crate::math::ln(f64::from(k)));
    }
    sums
}

#[test]
fn a_fleet_of_18_000_replicas_in_three_zones_is_exact() {
    let (p, zone_down) = (0.005, 5e-4);
    let ln = log_factorials(18_000);
    // Probability that fewer than `needed` of `left` are up, term by term.
    let too_few = |left: u32, needed: u32| -> f64 {
        let pmf = |up: u32| {
            let ways = ln[left as usize] - ln[up as usize] - ln[(left - up) as usize];
            let up_share = f64::from(up) * crate::math::ln(1.0 - p);
            crate::math::exp(ways + up_share + f64::from(left - up) * crate::math::ln(p))
        };
        (0..needed.min(left + 1)).map(pmf).sum()
    };
    for needed in [1, 6_000, 9_000, 11_950, 17_900, 18_000] {
        let mut tree = FaultTree::new();
        let mut parts = Vec::new();
        for zone in 0..3 {
            let event = tree.event(format!("zone {zone}"), zone_down).unwrap();
            let domain = tree.down(event);
            let event = tree.replicas(format!("fleet in {zone}"), 6_000, p).unwrap();
            parts.push(Part { event, domain });
        }
        let top = tree.group_fails(&parts, needed);
        let analysis = analyse(&tree, top, &Options::default());
        let mut expected = 0.0;
        for (zones_up, ways) in [(0_u32, 1.0), (1, 3.0), (2, 3.0), (3, 1.0)] {
            let share = ways
                * crate::math::powi(1.0 - zone_down, zones_up)
                * crate::math::powi(zone_down, 3 - zones_up);
            expected += share * too_few(6_000 * zones_up, needed);
        }
        close(unavailability(&analysis), expected, 1e-9);
        // A zone decides where the two others are down, but for all replicas of one.
        if needed == 1 {
            let of_zone =
                analysis.importance.iter().find(|i| tree.get(i.event).is_some_and(|e| e.count == 1));
            close(of_zone.unwrap().birnbaum, zone_down * zone_down, 1e-9);
        }
    }
}

#[test]
fn chains_of_ten_thousand_gates_do_not_overflow_the_stack() {
    // Alternating gates, once with events of their own and once with one event shared by every second gate.
    for shared in [false, true] {
        let mut tree = FaultTree::new();
        let common = tree.event("common", 0.25).unwrap();
        let common = tree.down(common);
        let mut top = Formula::FALSE;
        let (mut with, mut without) = (0.0, 0.0);
        for level in 0..10_000 {
            let event = tree.event(format!("e{level}"), 0.5).unwrap();
            let own = tree.down(event);
            if level % 2 == 0 {
                top = tree.or([top, own]);
                (with, without) = (0.5 + 0.5 * with, 0.5 + 0.5 * without);
            } else {
                let guard = if shared { tree.or([own, common]) } else { own };
                top = tree.and([top, guard]);
                (with, without) = (if shared { with } else { 0.5 * with }, 0.5 * without);
            }
        }
        let expected = 0.25 * with + 0.75 * without;
        let Probability::Exact { unavailability, .. } = probability(&tree, top, &Options::default()) else {
            panic!("fits the default budget")
        };
        close(unavailability, expected, 1e-9);
        if !shared {
            let cut_sets = cut_sets(&tree, top, &Options { count_budget: 0, ..Options::default() });
            // The last conjunction with the disjunction below it, and that with the conjunction below.
            assert_eq!(cut_sets.counts.by_order, [0, 1, 1]);
        }
    }
}

#[test]
fn wide_gates_and_long_lists_are_counted_before_they_are_listed() {
    let mut tree = FaultTree::new();
    let group = tree.replicas("r", 1000, 0.01).unwrap();
    let two = tree.at_least_down(group, 2);
    let others: Vec<Formula> = (0..2000)
        .map(|at| {
            let event = tree.event(format!("e{at}"), 1e-6).unwrap();
            tree.down(event)
        })
        .collect();
    let pairs = tree.at_least(2, others);
    let top = tree.or([two, pairs]);
    let cut_sets = cut_sets(&tree, top, &Options { max_listed: 5, ..Options::default() });
    // C(1000, 2) + C(2000, 2).
    assert_eq!(cut_sets.counts.total, Some(499_500 + 1_999_000));
    assert_eq!(cut_sets.sets.len(), 5);
    assert!(!cut_sets.complete);
}

#[test]
fn a_tree_over_its_budget_is_bounded_and_says_so() {
    let (tree, top) = flow(20, 1);
    let Probability::Exact { unavailability: exact, .. } = probability(&tree, top, &Options::default())
    else {
        panic!("fits the default budget")
    };
    let small = Options { budget: 5_000, ..Options::default() };
    let Probability::Bounded(bounds) = probability(&tree, top, &small) else { panic!("does not fit") };
    assert!(bounds.lower <= exact && exact <= bounds.upper, "{bounds:?} of {exact}");
    assert!(analyse(&tree, top, &small).importance.is_empty());
}

#[test]
fn rare_events_keep_their_digits() {
    let mut tree = FaultTree::new();
    let a = tree.replicas("a", 3, 1e-9).unwrap();
    let b = tree.event("b", 1e-12).unwrap();
    let both = {
        let (a, b) = (tree.down(a), tree.down(b));
        tree.and([a, b])
    };
    let analysis = analyse(&tree, both, &Options::default());
    close(unavailability(&analysis), 1e-39, 1e-12);
}

#[test]
fn constants_and_refusals() {
    let mut tree = FaultTree::new();
    assert!(tree.event("x", f64::NAN).is_err());
    assert!(tree.event("x", 1.5).is_err());
    assert!(tree.replicas("x", 0, 0.5).is_err());
    let never = tree.event("never", 0.0).unwrap();
    assert_eq!(tree.down(never), Formula::FALSE);
    let analysis = analyse(&tree, Formula::FALSE, &Options::default());
    assert_eq!(analysis.probability, Probability::Exact { unavailability: 0.0, availability: 1.0 });
    assert_eq!(analysis.cut_sets.counts.total, Some(0));
    let analysis = analyse(&tree, Formula::TRUE, &Options::default());
    assert_eq!(analysis.probability, Probability::Exact { unavailability: 1.0, availability: 0.0 });
    assert_eq!(analysis.cut_sets.sets.len(), 1);
    // A formula of a larger tree reads as never instead of failing.
    let analysis = analyse(&tree, Formula(99), &Options::default());
    assert_eq!(analysis.probability, Probability::Exact { unavailability: 0.0, availability: 1.0 });
}

#[test]
fn a_domain_that_reads_the_replicas_it_takes_down_is_not_independent_of_them() {
    let mut tree = FaultTree::new();
    let group = tree.replicas("group", 3, 1e-4).unwrap();
    let single = tree.event("single", 1e-4).unwrap();
    let domain = tree.at_least_down(group, 1);
    let parts = [Part { event: group, domain }, Part { event: single, domain: Formula::FALSE }];
    let top = tree.spread_down(&parts, 2);
    // Whenever one replica of the group is down, all of them are.
    let analysis = analyse(&tree, top, &Options::default());
    close(unavailability(&analysis), 3e-4 - 3e-8 + 1e-12, 1e-12);
    assert_eq!(analysis.cut_sets.counts.by_order, [3]);
}

#[test]
fn the_export_names_every_replica_and_no_input_twice() {
    let mut tree = FaultTree::new();
    let group = tree.replicas("a & b", 3, 0.1).unwrap();
    let zone = tree.event("zone", 0.01).unwrap();
    let zone = tree.down(zone);
    let own = tree.at_least_down(group, 2);
    let top = tree.at_least(3, [own, zone, zone]);
    let text = open_psa(&tree, top);
    assert_eq!(text.matches("<define-basic-event").count(), 4);
    assert!(text.contains("<label>a &amp; b 2 of 3</label><float value=\"0.1\"/>"));
    assert!(text.contains("<atleast min=\"2\"><basic-event name=\"e0_1\"/><basic-event name=\"e0_2\"/>"));
    // All three inputs are needed, so that counting the zone twice adds nothing.
    assert_eq!(top, tree.and([own, zone]));
    let other = tree.event("other", 0.1).unwrap();
    let other = tree.down(other);
    let top = tree.at_least(2, [own, zone, zone, other]);
    let text = open_psa(&tree, top);
    assert!(text.contains("<gate name=\"top_1_2\"/></or></define-gate>"), "{text}");
}
