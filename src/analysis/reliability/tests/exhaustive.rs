//! Random small designs against enumeration of every state: a second implementation, on the
//! generator's own tree of steps, that shares nothing with the one under test but the text.

use crate::analysis::Facts;
use crate::analysis::tests::{base, value};
use std::fmt::Write;

/// Numbers that look random; the same in every run (Knuth, MMIX).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides
    }
}

/// Something that is up or down by itself.
struct Variable {
    down: f64,
}

struct Part {
    name: String,
    declaration: String,
    /// By replica: what must be up for it to be.
    replicas: Vec<Vec<usize>>,
    /// How many replicas must be up; `None`: the first.
    needs: Option<usize>,
    cache: bool,
}

enum Step {
    Call { to: usize, below: Vec<Step>, optional: bool },
    Guarded { first: Box<Step>, then: Vec<Step> },
    Try { first: Vec<Step>, then: Vec<Step> },
    Missed { cache: usize, miss: Vec<Step>, fills: bool },
    Maybe { steps: Vec<Step> },
    Undone { steps: Vec<Step> },
}

struct Design {
    variables: Vec<Variable>,
    parts: Vec<Part>,
    steps: Vec<Step>,
}

const REGIONS: [(&str, usize); 2] = [("us", 2), ("eu", 1)];

impl Design {
    fn new(dice: &mut Dice) -> Design {
        let mut design = Design { variables: Vec::new(), parts: Vec::new(), steps: Vec::new() };
        // Two regions with three zones in all, then two zones without a region.
        for down in [0.04, 0.03, 0.05, 0.05, 0.05, 0.05, 0.05] {
            design.variables.push(Variable { down });
        }
        let count = 3 + dice.roll(3);
        for at in 0..count {
            design.add(at, dice);
        }
        let start = dice.roll(count);
        let below = design.steps_from(start, 3, dice);
        design.steps.push(Step::Call { to: start, below, optional: false });
        design
    }

    fn add(&mut self, at: usize, dice: &mut Dice) {
        let down = [0.1, 0.2, 0.01][dice.roll(3)];
        let count = 1 + dice.roll(3);
        let (place, domains): (&str, Vec<Vec<usize>>) = match dice.roll(5) {
            0 => ("zones 2", (0..count).map(|r| vec![5 + r % 2]).collect()),
            1 => ("in us", (0..count).map(|r| vec![0, 2 + r % 2]).collect()),
            // The first zone of each region, then the second.
            2 => (
                "in us eu",
                (0..count).map(|r| [vec![0, 2], vec![1, 4], vec![0, 3]][r % 3].clone()).collect(),
            ),
            _ => ("", vec![Vec::new(); count]),
        };
        let replicas = domains.into_iter().map(|mut needed| {
            self.variables.push(Variable { down });
            needed.push(self.variables.len() - 1);
            needed
        });
        let replicas: Vec<Vec<usize>> = replicas.collect();
        let (kind, agreement, needs) = match dice.roll(7) {
            0 => ("store", "replication { mode raft }", Some(count / 2 + 1)),
            1 => ("store", "failover automatic 10s", Some(1)),
            2 => ("store", "", None),
            3 => ("queue", "", Some(1)),
            4 => ("cache", "", Some(1)),
            5 => ("service", "needs 1", Some(1)),
            _ => ("service", "needs ALL", Some(count)),
        };
        let agreement = agreement.replace("ALL", &count.to_string());
        let name = format!("p{at}");
        let declaration = format!(
            "{kind} {name} {{ replicas {count}; availability {}%; {place}; {agreement} }}",
            (1.0 - down) * 100.0
        );
        self.parts.push(Part { name, declaration, replicas, needs, cache: kind == "cache" });
    }

    fn other(&self, than: usize, dice: &mut Dice) -> usize {
        (than + 1 + dice.roll(self.parts.len() - 1)) % self.parts.len()
    }

    fn steps_from(&self, from: usize, depth: usize, dice: &mut Dice) -> Vec<Step> {
        let count = if depth == 0 { 0 } else { dice.roll(3) };
        (0..count).map(|_| self.step_from(from, depth - 1, dice)).collect()
    }

    fn call_from(&self, from: usize, depth: usize, dice: &mut Dice) -> Step {
        let to = self.other(from, dice);
        Step::Call { to, below: self.steps_from(to, depth, dice), optional: dice.roll(6) == 0 }
    }

    fn some_from(&self, from: usize, depth: usize, dice: &mut Dice) -> Vec<Step> {
        let mut steps = vec![self.call_from(from, depth, dice)];
        steps.extend(self.steps_from(from, depth, dice));
        steps
    }

    fn step_from(&self, from: usize, depth: usize, dice: &mut Dice) -> Step {
        let caches: Vec<usize> =
            (0..self.parts.len()).filter(|c| self.parts[*c].cache && *c != from).collect();
        match dice.roll(8) {
            0 | 1 => {
                let first = Box::new(self.call_from(from, depth, dice));
                Step::Guarded { first, then: self.some_from(from, depth, dice) }
            }
            2 => {
                let first = self.some_from(from, depth, dice);
                Step::Try { first, then: self.some_from(from, depth, dice) }
            }
            3 => Step::Maybe { steps: self.some_from(from, depth, dice) },
            4 => Step::Undone { steps: self.some_from(from, depth, dice) },
            5 if !caches.is_empty() => {
                let cache = caches[dice.roll(caches.len())];
                Step::Missed { cache, miss: self.some_from(from, depth, dice), fills: dice.roll(2) == 0 }
            }
            _ => self.call_from(from, depth, dice),
        }
    }

    fn text(&self) -> String {
        let mut text = String::from("assume { zone 95% }\nactor user\n");
        for (at, (region, zones)) in REGIONS.iter().enumerate() {
            let up = (1.0 - self.variables[at].down) * 100.0;
            let _ = writeln!(text, "region {region} {{ zones {zones}, availability {up}% }}");
        }
        for part in &self.parts {
            let _ = writeln!(text, "{}", part.declaration);
        }
        text.push_str("flow f {\n");
        self.write(&self.steps, "user", &mut text);
        text.push('}');
        text
    }

    fn write(&self, steps: &[Step], from: &str, text: &mut String) {
        for step in steps {
            match step {
                Step::Call { to, below, optional } => {
                    let to = &self.parts[*to].name;
                    let _ =
                        writeln!(text, "{from} -> {to} call {{{}", if *optional { " optional" } else { "" });
                    self.write(below, to, text);
                    text.push_str("}\n");
                }
                Step::Guarded { first, then } => {
                    self.write(std::slice::from_ref(first), from, text);
                    self.block("on failure", then, from, text);
                }
                Step::Try { first, then } => {
                    self.block("try", first, from, text);
                    self.block("on failure", then, from, text);
                }
                Step::Missed { cache, miss, fills } => {
                    let cache = &self.parts[*cache].name;
                    let _ = writeln!(text, "{from} -> {cache} read x\non miss {{");
                    self.write(miss, from, text);
                    if *fills {
                        let _ = writeln!(text, "{from} -> {cache} write x");
                    }
                    text.push_str("}\n");
                }
                Step::Maybe { steps } => self.block("chance 5%", steps, from, text),
                Step::Undone { steps } => self.block("compensate", steps, from, text),
            }
        }
    }

    fn block(&self, head: &str, steps: &[Step], from: &str, text: &mut String) {
        let _ = writeln!(text, "{head} {{");
        self.write(steps, from, text);
        text.push_str("}\n");
    }

    fn is_up(&self, part: usize, down: u32) -> bool {
        let part = &self.parts[part];
        let up = |replica: &Vec<usize>| replica.iter().all(|v| down & (1 << v) == 0);
        match part.needs {
            None => up(&part.replicas[0]),
            Some(needed) => part.replicas.iter().filter(|r| up(r)).count() >= needed,
        }
    }

    fn work(&self, steps: &[Step], down: u32) -> bool {
        steps.iter().all(|step| match step {
            Step::Call { to, below, optional } => {
                // What a queue sets off is off the caller's path.
                let off = self.parts[*to].declaration.starts_with("queue");
                *optional || self.is_up(*to, down) && (off || self.work(below, down))
            }
            Step::Guarded { first, then } => {
                self.work(std::slice::from_ref(first), down) || self.work(then, down)
            }
            Step::Try { first, then } => self.work(first, down) || self.work(then, down),
            // A cache that is down is all misses, and cannot be filled.
            Step::Missed { miss, .. } => self.work(miss, down),
            Step::Maybe { steps } => self.work(steps, down),
            Step::Undone { .. } => true,
        })
    }

    /// Unavailability, and minimal cut sets by order.
    fn enumerate(&self, used: &[usize]) -> (f64, Vec<f64>) {
        let works = |down: u32| self.work(&self.steps, down);
        let (mut unavailability, mut by_order) = (0.0, vec![0.0; used.len() + 1]);
        for state in 0..1_u32 << used.len() {
            let bits = || used.iter().enumerate().map(|(i, v)| (state >> i & 1, *v));
            let down = bits().fold(0, |mask, (bit, v)| mask | bit << v);
            if works(down) {
                continue;
            }
            let of = |(bit, v): (u32, usize)| {
                let p = self.variables[v].down;
                if bit == 1 { p } else { 1.0 - p }
            };
            unavailability += bits().map(of).product::<f64>();
            if bits().all(|(bit, v)| bit == 0 || works(down & !(1 << v))) {
                by_order[down.count_ones() as usize] += 1.0;
            }
        }
        (unavailability, by_order)
    }

    /// Variables that steps can reach.
    fn used(&self) -> Vec<usize> {
        let mut used: Vec<usize> =
            self.parts.iter().flat_map(|p| p.replicas.iter().flatten().copied()).collect();
        used.sort_unstable();
        used.dedup();
        used
    }
}

fn compare(design: &Design, facts: &Facts, used: &[usize], text: &str) {
    let (unavailability, mut by_order) = design.enumerate(used);
    let found = value(facts, "f.unavailability").unwrap_or_else(|need| panic!("needs {need}\n{text}"));
    let error = (found - unavailability).abs();
    assert!(error <= 1e-9 * unavailability, "{found}, expected {unavailability}\n{text}");
    by_order.remove(0);
    while by_order.last() == Some(&0.0) {
        by_order.pop();
    }
    let mut counted = facts.flows[0].reliability.cut_sets_by_order.clone();
    while counted.last() == Some(&0.0) {
        counted.pop();
    }
    assert_eq!(counted, by_order, "cut sets by order\n{text}");
}

#[test]
fn random_designs_equal_the_enumeration() {
    let mut dice = Dice(20_260_301);
    let (mut compared, mut largest) = (0, 0);
    while compared < 250 {
        let design = Design::new(&mut dice);
        let used = design.used();
        if used.len() > 13 {
            continue;
        }
        let text = design.text();
        compare(&design, &base(&text), &used, &text);
        compared += 1;
        largest = largest.max(used.len());
    }
    assert!(largest >= 12, "{largest}");
}

/// A few designs of the size that the issue names.
#[test]
fn designs_of_eighteen_variables_equal_the_enumeration() {
    let mut dice = Dice(7);
    let mut compared = 0;
    while compared < 3 {
        let design = Design::new(&mut dice);
        let used = design.used();
        if !(17..=18).contains(&used.len()) {
            continue;
        }
        let text = design.text();
        compare(&design, &base(&text), &used, &text);
        compared += 1;
    }
}
