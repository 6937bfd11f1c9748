//! Warm start: reads the lines of boxes back from an earlier drawing, and puts what is new into the cheapest slot.
//!
//! Nothing that was there before changes its line or its order, so a small edit flips no pair. Items are known by
//! their names; the drawing may come from a file or from the version before the last keystroke.

use super::arrange::{Lines, Plan};
use super::cost::{Terms, Whole};
use super::tree::Tree;
use super::{Graph, Layout, Rect};
use std::collections::BTreeMap;

/// The plan of an earlier drawing, completed for this graph, and the places that items had in it. None if they have nothing in common.
pub(super) fn plan(terms: &Terms, earlier: (&Graph, &Layout)) -> Option<(Plan, Vec<Option<Rect>>)> {
    let (graph, tree) = (terms.graph, terms.tree);
    let known = places(graph, tree, earlier);
    if known.iter().all(Option::is_none) {
        return None;
    }
    let mut plan: Plan = vec![Lines::default(); tree.root() + 1];
    for &item in &tree.boxes {
        let old: Vec<(usize, Rect)> =
            tree.children[item].iter().filter_map(|&c| known[c].map(|r| (c, r))).collect();
        plan[item] = lines(&old, tree.nodes);
    }
    let mut judge = Whole::new(terms);
    for &item in &tree.boxes {
        for &child in tree.children[item].iter().filter(|&&c| known[c].is_none()) {
            insert(&mut plan, item, child, &mut judge);
        }
    }
    Some((plan, known))
}

/// Earlier rectangles of the items of this graph; those that changed boxes count as new.
fn places(graph: &Graph, tree: &Tree, (before, layout): (&Graph, &Layout)) -> Vec<Option<Rect>> {
    let name = |parent: Option<usize>, of: &Graph| {
        parent.and_then(|g| of.groups.get(g)).map_or(String::new(), |g| g.id.clone())
    };
    let mut old: BTreeMap<(bool, String), (String, Rect)> = BTreeMap::new();
    for (node, &rect) in before.nodes.iter().zip(&layout.nodes) {
        old.insert((false, node.id.clone()), (name(node.parent, before), rect));
    }
    for (group, &rect) in before.groups.iter().zip(&layout.groups) {
        old.insert((true, group.id.clone()), (name(group.parent, before), rect));
    }
    let find = |is_box: bool, id: &str, parent: Option<usize>| {
        let (box_before, rect) = old.get(&(is_box, id.to_owned()))?;
        (*box_before == name(parent, graph)).then_some(*rect)
    };
    let nodes = graph.nodes.iter().map(|n| find(false, &n.id, n.parent));
    let groups = graph.groups.iter().map(|g| find(true, &g.id, g.parent));
    let mut places: Vec<Option<Rect>> = nodes.chain(groups).collect();
    places.resize(tree.root() + 1, None);
    places
}

/// Reads rows or columns, whichever has the items of every line apart from each other.
fn lines(items: &[(usize, Rect)], nodes: usize) -> Lines {
    let rows = split(items, true);
    let columns = split(items, false);
    let orderly = |lists: &[Vec<(usize, Rect)>], rows: bool| {
        lists.iter().all(|line| {
            line.windows(2).all(|p| {
                let (a, b) = (p[0].1, p[1].1);
                if rows { a.x + a.width <= b.x } else { a.y + a.height <= b.y }
            })
        })
    };
    // Cards of one line were drawn on a common axis: of two readings, the one with more such pairs is the true one.
    let likeness = |lists: &[Vec<(usize, Rect)>], rows: bool| {
        let middle = |r: Rect| if rows { r.y + r.height / 2 } else { r.x + r.width / 2 };
        let mut count = 0;
        for line in lists {
            let cards: Vec<Rect> = line.iter().filter(|(i, _)| *i < nodes).map(|&(_, r)| r).collect();
            for pair in cards.windows(2) {
                count += if middle(pair[0]) == middle(pair[1]) { 1 } else { -100 };
            }
        }
        (orderly(lists, rows), count, std::cmp::Reverse(lists.len()))
    };
    let use_rows = likeness(&rows, true) >= likeness(&columns, false);
    let lists = if use_rows { rows } else { columns };
    let lists: Vec<Vec<usize>> =
        lists.into_iter().map(|line| line.into_iter().map(|(item, _)| item).collect()).collect();
    Lines::from_lists(use_rows, &lists)
}

/// Groups items into lines that do not overlap across them, each sorted along itself.
fn split(items: &[(usize, Rect)], rows: bool) -> Vec<Vec<(usize, Rect)>> {
    let across = |r: Rect| if rows { (r.y, r.y + r.height) } else { (r.x, r.x + r.width) };
    let mut sorted = items.to_vec();
    sorted.sort_by_key(|&(item, r)| (across(r).0, item));
    let mut lists: Vec<Vec<(usize, Rect)>> = Vec::new();
    let mut end = i32::MIN;
    for (item, r) in sorted {
        let (low, high) = across(r);
        match lists.last_mut() {
            Some(line) if low < end => line.push((item, r)),
            _ => lists.push(vec![(item, r)]),
        }
        end = end.max(high);
    }
    for line in &mut lists {
        line.sort_by_key(|&(item, r)| (if rows { r.x } else { r.y }, item));
    }
    lists
}

/// Tries every slot of a box for a new item, new lines included.
fn insert(plan: &mut Plan, item: usize, child: usize, judge: &mut Whole) {
    let (rows, lists) = (plan[item].rows, plan[item].to_lists());
    let mut trials = Vec::new();
    for line in 0..=lists.len() {
        let mut with = lists.clone();
        with.insert(line, vec![child]);
        trials.push(with);
        for at in 0..=lists.get(line).map_or(0, Vec::len) {
            let mut with = lists.clone();
            if let Some(line) = with.get_mut(line) {
                line.insert(at, child);
                trials.push(with);
            }
        }
    }
    let mut best: Option<(i64, Lines)> = None;
    for trial in trials {
        plan[item] = Lines::from_lists(rows, &trial);
        let cost = judge.cost(plan);
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, plan[item].clone()));
        }
    }
    if let Some((_, lines)) = best {
        plan[item] = lines;
    }
}
