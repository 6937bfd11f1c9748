//! Published cases, each with its source.

use super::super::*;
use super::{close, unavailability};

struct Built {
    tree: FaultTree,
    events: Vec<Formula>,
}

impl Built {
    fn new(events: &[(&str, f64)]) -> Self {
        let mut tree = FaultTree::new();
        let ids: Vec<EventId> = events.iter().map(|(name, p)| tree.event(*name, *p).unwrap()).collect();
        let events = ids.into_iter().map(|id| tree.down(id)).collect();
        Self { tree, events }
    }

    fn analyse(&self, top: Formula) -> Analysis {
        analyse(&self.tree, top, &Options::default())
    }
}

fn check(analysis: &Analysis, probability: f64, relative: f64, by_order: &[u128]) {
    close(unavailability(analysis), probability, relative);
    assert_eq!(analysis.cut_sets.counts.by_order, by_order);
}

// SCRAM 0.16.2, tests/bench_theatre_tests.cc.
#[test]
fn theatre() {
    let mut b = Built::new(&[("mains", 0.03), ("generator", 0.02), ("relay", 0.05)]);
    let backup = b.tree.or([b.events[1], b.events[2]]);
    let top = b.tree.and([b.events[0], backup]);
    check(&b.analyse(top), 0.00207, 1e-12, &[0, 2]);
    // OpenFTA_Report.txt of the same model reads .02 as a rate over one hour.
    let mut b = Built::new(&[("mains", 0.03), ("generator", -crate::math::exp_m1(-0.02)), ("relay", 0.05)]);
    let backup = b.tree.or([b.events[1], b.events[2]]);
    let top = b.tree.and([b.events[0], backup]);
    check(&b.analyse(top), 0.002_064_338, 1e-6, &[0, 2]);
}

// SCRAM 0.16.2, input/Lift/OpenFTA_Report.txt: 12 single points of failure among 14 events.
#[test]
fn lift() {
    let names = [
        "LMD_1", "DPD_1", "DM_1", "PS_1", "DOD_1", "D_1", "DMS_2", "W_1", "CP_1", "LMD_1_1", "LMD_2",
        "LPD_1", "DOD_2", "DMS_1",
    ];
    let mut b = Built::new(&names.map(|name| (name, 1e-6)));
    let [lmd1, dpd1, dm1, ps1, dod1, d1, dms2, w1, cp1, lmd11, lmd2, lpd1, dod2, dms1] = b.events[..] else {
        panic!("14 events")
    };
    let t = &mut b.tree;
    let and1 = t.and([dm1, dpd1]);
    let hindered = t.or([dod1, d1]);
    let slow = t.or([ps1, hindered]);
    let start_open = t.or([lmd1, dpd1, and1, slow]);
    let uncommanded = t.or([w1, cp1, dms2]);
    let detector = t.and([lmd1, lmd11]);
    let and2 = t.and([uncommanded, detector]);
    let and3 = t.and([cp1, detector]);
    let in_motion = t.or([dms2, and2, and3]);
    let motor = t.or([dm1, ps1]);
    let refuses = t.or([cp1, lmd2, lpd1, motor]);
    let or1 = t.or([dod1, dod2, dms1]);
    let top = t.or([start_open, in_motion, refuses, or1]);
    check(&b.analyse(top), 1.199_993_400_021_999_8e-5, 1e-12, &[12]);
}

// SCRAM 0.16.2, tests/bench_two_train_tests.cc.
#[test]
fn two_train() {
    let (b, top) = two_trains(&[("V1", 0.5), ("P1", 0.7), ("V2", 0.5), ("P2", 0.7)]);
    check(&b.analyse(top), 0.7225, 1e-12, &[0, 4]);
}

fn two_trains(events: &[(&str, f64)]) -> (Built, Formula) {
    let mut b = Built::new(events);
    let one = b.tree.or([b.events[0], b.events[1]]);
    let two = b.tree.or([b.events[2], b.events[3]]);
    let top = b.tree.and([one, two]);
    (b, top)
}

// SCRAM 0.16.2, tests/bench_small_tree_tests.cc: rates 2e-5 and 1e-5 over 8760 h; printed .02678.
#[test]
fn small_tree() {
    let (p, q) = (0.160_710_853_846_925_3, 0.083_872_745_655_345_86);
    let mut b = Built::new(&[("e1", p), ("e2", q), ("e3", p), ("e4", q)]);
    let one = b.tree.and([b.events[0], b.events[1]]);
    let two = b.tree.and([b.events[2], b.events[3]]);
    let top = b.tree.or([one, two]);
    check(&b.analyse(top), 0.02678, 2e-4, &[0, 2]);
    close(unavailability(&b.analyse(top)), 1.0 - (1.0 - p * q) * (1.0 - p * q), 1e-12);
}

// SCRAM 0.16.2, tests/bench_core_tests.cc: 2 of 3 (ft-2of3), and AB + BC with a shared B.
#[test]
fn core_cases() {
    let mut b = Built::new(&[("A", 0.1), ("B", 0.2), ("C", 0.3)]);
    let top = b.tree.at_least(2, b.events.clone());
    check(&b.analyse(top), 0.098, 1e-12, &[0, 3]);
    let one = b.tree.and([b.events[0], b.events[1]]);
    let two = b.tree.and([b.events[1], b.events[2]]);
    let top = b.tree.or([one, two]);
    check(&b.analyse(top), 0.074, 1e-12, &[0, 2]);
}

// OSATE2 FTATest.java, issue1837Test (equal) and issue1837bisTest (unequal): triple modular redundancy.
#[test]
fn triple_modular_redundancy() {
    let mut tree = FaultTree::new();
    let group = tree.replicas("r", 3, 0.2).unwrap();
    let top = tree.at_least_down(group, 2);
    let analysis = analyse(&tree, top, &Options::default());
    check(&analysis, 0.104, 1e-12, &[0, 3]);
    assert_eq!(analysis.cut_sets.sets.len(), 1);
    assert_eq!(analysis.cut_sets.sets[0].multiplicity, 3);
    let mut b = Built::new(&[("a", 0.1), ("b", 0.12), ("c", 0.15)]);
    let top = b.tree.at_least(2, b.events.clone());
    check(&b.analyse(top), 0.0414, 1e-12, &[0, 3]);
}

// OSATE2 FTATest.java, DualFGSCutsetCriticalTest: AC | network | ((AP1|FG1)&(AP2|FG2)).
#[test]
fn dual_flight_guidance() {
    let names = ["AC", "network", "AP1", "FG1", "AP2", "FG2"];
    let mut b = Built::new(&names.map(|name| (name, 0.01)));
    let one = b.tree.or([b.events[2], b.events[3]]);
    let two = b.tree.or([b.events[4], b.events[5]]);
    let both = b.tree.and([one, two]);
    let top = b.tree.or([b.events[0], b.events[1], both]);
    let analysis = b.analyse(top);
    assert_eq!(analysis.cut_sets.counts.by_order, [2, 4]);
    assert_eq!(analysis.cut_sets.counts.total, Some(6));
    let orders: Vec<u32> = analysis.cut_sets.sets.iter().map(|set| set.order).collect();
    assert_eq!(orders, [1, 1, 2, 2, 2, 2]);
}

// SCRAM 0.16.2, tests/bench_core_tests.cc, beta factor: Q = .1, β = .2, three trains; .006859 without.
#[test]
fn beta_factor() {
    let part = BetaFactor::split(0.1, 0.2);
    let mut tree = FaultTree::new();
    let event = |tree: &mut FaultTree, name: &str, p: f64| {
        let id = tree.event(name, p).unwrap();
        tree.down(id)
    };
    let valves = event(&mut tree, "valves", part.common);
    let pumps = event(&mut tree, "pumps", part.common);
    let mut trains = Vec::new();
    for train in 1..=3 {
        let valve = event(&mut tree, &format!("valve{train}"), part.independent);
        let pump = event(&mut tree, &format!("pump{train}"), part.independent);
        trains.push(tree.or([valve, valves, pump, pumps]));
    }
    let top = tree.and(trains);
    check(&analyse(&tree, top, &Options::default()), 0.043_080_373_061_222_41, 1e-12, &[2, 0, 8]);
}

// The same model with multiple Greek letters; SCRAM's expected value is printed as .0163.
#[test]
fn multiple_greek_letters() {
    let mut tree = FaultTree::new();
    let mut event = |name: &str, p: f64| {
        let id = tree.event(name, p).unwrap();
        tree.down(id)
    };
    let mut kinds = Vec::new();
    for kind in ["valve", "pump"] {
        let single = [0, 1, 2].map(|i| event(&format!("{kind}{i}"), 0.08));
        let pair = [0, 1, 2].map(|i| event(&format!("{kind} pair without {i}"), 0.009));
        let all = event(&format!("{kind} all"), 0.002);
        kinds.push((single, pair, all));
    }
    let mut trains = Vec::new();
    for train in 0..3 {
        let mut causes = Vec::new();
        for (single, pair, all) in &kinds {
            causes.extend([single[train], *all]);
            causes.extend((0..3).filter(|without| *without != train).map(|without| pair[without]));
        }
        trains.push(tree.or(causes));
    }
    let top = tree.and(trains);
    check(&analyse(&tree, top, &Options::default()), 0.016_294_770_525_823_205, 1e-12, &[2, 24, 8]);
}

#[test]
fn a_group_with_a_common_cause_fails_by_it_alone() {
    let mut tree = FaultTree::new();
    let group = tree.replicas_with_common_cause("db", 3, 0.1, 0.2).unwrap();
    let top = tree.group_fails(&[Part { event: group.replicas, domain: group.common }], 1);
    let analysis = analyse(&tree, top, &Options::default());
    close(unavailability(&analysis), 0.02 + 0.98 * 0.08 * 0.08 * 0.08, 1e-12);
    assert_eq!(analysis.cut_sets.counts.by_order, [1, 0, 1]);
}

// SCRAM 0.16.2, tests/risk_analysis_tests.cc, ImportanceDefault: [MIF, CIF, RAW, RRW].
#[test]
fn importance_of_two_trains() {
    let (b, top) = two_trains(&[("ValveOne", 0.4), ("PumpOne", 0.6), ("ValveTwo", 0.5), ("PumpTwo", 0.7)]);
    let analysis = b.analyse(top);
    close(unavailability(&analysis), 0.646, 1e-12);
    let expected = [
        ("PumpOne", [0.51, 9.0 / 19.0, 25.0 / 19.0, 1.9]),
        ("PumpTwo", [0.38, 7.0 / 17.0, 20.0 / 17.0, 1.7]),
        ("ValveOne", [0.34, 4.0 / 19.0, 25.0 / 19.0, 19.0 / 15.0]),
        ("ValveTwo", [0.228, 3.0 / 17.0, 20.0 / 17.0, 17.0 / 14.0]),
    ];
    assert_eq!(analysis.importance.len(), expected.len());
    for (importance, (name, [birnbaum, criticality, raw, rrw])) in analysis.importance.iter().zip(expected) {
        assert_eq!(b.tree.get(importance.event).unwrap().name, name);
        close(importance.birnbaum, birnbaum, 1e-12);
        close(importance.criticality, criticality, 1e-12);
        close(importance.risk_achievement_worth, raw, 1e-12);
        close(importance.risk_reduction_worth, rrw, 1e-12);
    }
}

// The same tree bounded instead: SCRAM's Mcub test gives the Esary–Proschan bound .766144.
#[test]
fn esary_proschan_bound_of_two_trains() {
    let (b, top) = two_trains(&[("ValveOne", 0.4), ("PumpOne", 0.6), ("ValveTwo", 0.5), ("PumpTwo", 0.7)]);
    let bounds = bounds::bounds(&b.tree, top, &Options::default());
    assert_eq!(bounds.method, Method::AllCutSets);
    close(bounds.upper, 0.766_144, 1e-12);
    assert!(bounds.lower <= 0.646 && bounds.lower >= 0.42);
}

// Series, parallel and redundancy: system-design-primer, Azure and AWS Well-Architected.
#[test]
fn cloud_compositions() {
    let cases: [(&[f64], bool, f64, f64); 7] = [
        (&[0.999, 0.999], false, 0.998, 5e-6), // primer, in series, printed .998
        (&[0.999, 0.999], true, 0.999_999, 1e-12), // primer, in parallel
        (&[0.9995, 0.9999], false, 0.999_400_05, 1e-12), // Azure, web app and database
        (&[0.9999, 0.999], true, 0.999_999_9, 1e-12), // Azure, database or queue
        (&[0.9995, 0.9995], true, 0.999_999_75, 1e-12), // Azure, two regions
        (&[0.9999, 0.9999, 0.9999], false, 0.999_700_029_999, 1e-12), // AWS, two hard dependencies
        (&[0.99, 0.99], true, 0.9999, 1e-12),  // AWS, two independent replicas
    ];
    for (parts, redundant, expected, tolerance) in cases {
        let events: Vec<(&str, f64)> = parts.iter().map(|a| ("part", 1.0 - a)).collect();
        let mut b = Built::new(&events);
        let top = if redundant { b.tree.and(b.events.clone()) } else { b.tree.or(b.events.clone()) };
        let Probability::Exact { availability, .. } = probability(&b.tree, top, &Options::default()) else {
            panic!("small trees are exact")
        };
        assert!((availability - expected).abs() <= tolerance.max(1e-12), "{availability} is not {expected}");
    }
}

// Own case, by two methods: 2 of 3 replicas over three zones; replica .01, zone .001.
#[test]
fn two_of_three_over_zones() {
    let mut tree = FaultTree::new();
    let mut parts = Vec::new();
    for zone in ["a", "b", "c"] {
        let event = tree.event(format!("r in {zone}"), 0.01).unwrap();
        let zone = tree.event(format!("zone {zone}"), 0.001).unwrap();
        parts.push(Part { event, domain: tree.down(zone) });
    }
    let top = tree.group_fails(&parts, 2);
    let analysis = analyse(&tree, top, &Options::default());
    check(&analysis, 3.596_855_534_020_000_7e-4, 1e-12, &[0, 12]);
    assert_eq!(analysis.cut_sets.counts.total, Some(12));
}

// Own case: two application replicas on one database; the naive product of branches gives 2.2e-4.
#[test]
fn shared_database() {
    let mut tree = FaultTree::new();
    let balancer = tree.event("lb", 1e-4).unwrap();
    let app = tree.replicas("app", 2, 0.01).unwrap();
    let database = tree.event("db", 0.001).unwrap();
    let parts = [Part { event: app, domain: tree.down(database) }];
    let branches = tree.group_fails(&parts, 1);
    let balancer = tree.down(balancer);
    let top = tree.or([balancer, branches]);
    let analysis = analyse(&tree, top, &Options::default());
    close(unavailability(&analysis), 0.001_199_790_009_999_923_7, 1e-12);
    let single: Vec<&str> = analysis
        .cut_sets
        .sets
        .iter()
        .filter(|set| set.order == 1)
        .map(|set| tree.get(set.events[0].event).unwrap().name.as_str())
        .collect();
    assert_eq!(single, ["db", "lb"]);
}
