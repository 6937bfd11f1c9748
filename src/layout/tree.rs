//! The nesting of a graph in one index space: nodes first, then boxes, then the drawing itself.
//!
//! Owns the questions of who stands in whom; knows no coordinates.

use super::{End, Graph};

/// Parents and children of all items. Item `i` is node `i` for `i < nodes`, box `i - nodes` below `root()`.
pub(super) struct Tree {
    /// Number of nodes.
    pub(super) nodes: usize,
    /// Number of boxes.
    pub(super) groups: usize,
    /// The box (or the root) around each item; the root is its own parent.
    pub(super) parent: Vec<usize>,
    /// Items directly inside, in source order; empty for nodes.
    pub(super) children: Vec<Vec<usize>>,
    /// Boxes and the root, every parent before its children.
    pub(super) boxes: Vec<usize>,
    /// Number of boxes around an item, the root not counted.
    pub(super) depth: Vec<usize>,
    enter: Vec<usize>,
    leave: Vec<usize>,
}

impl Tree {
    /// Reads the nesting; a parent that does not exist or does not precede its child counts as none.
    pub(super) fn new(graph: &Graph) -> Self {
        let (nodes, groups) = (graph.nodes.len(), graph.groups.len());
        let root = nodes + groups;
        let mut parent = vec![root; root + 1];
        let mut children = vec![Vec::new(); root + 1];
        for (i, node) in graph.nodes.iter().enumerate() {
            parent[i] = node.parent.filter(|&p| p < groups).map_or(root, |p| nodes + p);
            children[parent[i]].push(i);
        }
        for (i, group) in graph.groups.iter().enumerate() {
            parent[nodes + i] = group.parent.filter(|&p| p < i).map_or(root, |p| nodes + p);
            children[parent[nodes + i]].push(nodes + i);
        }
        let mut tree = Self {
            nodes,
            groups,
            parent,
            children,
            boxes: Vec::new(),
            depth: vec![0; root + 1],
            enter: vec![0; root + 1],
            leave: vec![0; root + 1],
        };
        tree.number();
        tree
    }

    /// Preorder numbers, without recursion: nesting may be deep.
    fn number(&mut self) {
        let root = self.root();
        let mut clock = 0;
        let mut stack = vec![(root, 0)];
        while let Some((item, next)) = stack.pop() {
            if next == 0 {
                self.enter[item] = clock;
                clock += 1;
                if item >= self.nodes {
                    self.boxes.push(item);
                }
            }
            if let Some(&child) = self.children[item].get(next) {
                stack.push((item, next + 1));
                self.depth[child] = stack.len() - 1;
                stack.push((child, 0));
            } else {
                self.leave[item] = clock;
            }
        }
    }

    /// The drawing itself.
    pub(super) fn root(&self) -> usize {
        self.nodes + self.groups
    }

    /// Whether the item is drawn as one block: a node, or a box without content.
    pub(super) fn is_block(&self, item: usize) -> bool {
        self.children[item].is_empty() && item != self.root()
    }

    /// Whether `inner` is `outer` or stands somewhere inside it.
    pub(super) fn contains(&self, outer: usize, inner: usize) -> bool {
        self.enter[outer] <= self.enter[inner] && self.leave[inner] <= self.leave[outer]
    }

    /// The child of `outer` that contains `inner`, if `inner` stands inside `outer`.
    pub(super) fn child_towards(&self, outer: usize, inner: usize) -> Option<usize> {
        if inner == outer || !self.contains(outer, inner) {
            return None;
        }
        let mut item = inner;
        while self.parent[item] != outer {
            item = self.parent[item];
        }
        Some(item)
    }

    /// The item of an edge's end, if it exists.
    pub(super) fn item(&self, end: End) -> Option<usize> {
        match end {
            End::Node(i) => (i < self.nodes).then_some(i),
            End::Group(i) => (i < self.groups).then_some(self.nodes + i),
        }
    }
}
