//! From lines of items to rectangles: the rough coordinates on which edges are routed.
//!
//! Every box is a sequence of lines, rows under one another or columns beside one another. The gaps here only make
//! room for routing; the final ones come from `widen`, which counts what really runs through each gap.

use super::tree::Tree;
use super::{Graph, Rect, Size};

/// Rough gap between neighbours in a line.
pub(super) const ITEM_GAP: i32 = 40;
/// Rough gap between lines: wider, since most labels and tracks lie here.
pub(super) const LINE_GAP: i32 = 56;
/// Rough gap between a box and its content.
pub(super) const PADDING: i32 = 32;
/// Smallest extent of a box without content.
const EMPTY_BOX: i32 = 48;
/// Sizes are clamped here, far beyond any drawing, so that sums stay inside `i32`.
const LARGEST: i32 = 20_000;

/// The lines of one box.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lines {
    /// Rows (true) or columns (false).
    pub(super) rows: bool,
    /// Items in reading order.
    pub(super) order: Vec<usize>,
    /// Whether a line starts at this position of `order`; the first entry counts as true.
    pub(super) starts: Vec<bool>,
}

impl Lines {
    /// The lines as slices.
    pub(super) fn lines(&self) -> Vec<&[usize]> {
        let mut result = Vec::new();
        let mut from = 0;
        for i in 1..=self.order.len() {
            if i == self.order.len() || self.starts[i] {
                result.push(&self.order[from..i]);
                from = i;
            }
        }
        result
    }

    /// Lines from nested lists; empty lists vanish.
    pub(super) fn from_lists(rows: bool, lists: &[Vec<usize>]) -> Self {
        let mut result = Self { rows, ..Self::default() };
        for list in lists {
            for (i, &item) in list.iter().enumerate() {
                result.order.push(item);
                result.starts.push(i == 0);
            }
        }
        result
    }

    /// The lines as nested lists.
    pub(super) fn to_lists(&self) -> Vec<Vec<usize>> {
        self.lines().into_iter().map(<[usize]>::to_vec).collect()
    }

    /// Places the items around the origin of the content; answers the extent of the content.
    /// `size_of` and `at` are indexed by item.
    pub(super) fn spread(&self, size_of: &[Size], at: &mut [(i32, i32)]) -> Size {
        let (mut main, mut widest, mut from) = (0, 0, 0);
        let extent = |item: usize| {
            let size = size_of[item];
            if self.rows { (size.width, size.height) } else { (size.height, size.width) }
        };
        let count = self.order.len();
        for i in 1..=count {
            if i < count && !self.starts[i] {
                continue;
            }
            let line = &self.order[from..i];
            let thickness = line.iter().map(|&item| extent(item).1).max().unwrap_or(0);
            let mut along = 0;
            for &item in line {
                let (length, thin) = extent(item);
                let across = main + (thickness - thin) / 2;
                at[item] = if self.rows { (along, across) } else { (across, along) };
                along += length + ITEM_GAP;
            }
            widest = widest.max(along - ITEM_GAP);
            main += thickness + LINE_GAP;
            from = i;
        }
        self.centre(size_of, at, widest);
        let main = (main - LINE_GAP).max(0);
        if self.rows { Size { width: widest, height: main } } else { Size { width: main, height: widest } }
    }

    /// Moves every line to the middle of the longest.
    fn centre(&self, size_of: &[Size], at: &mut [(i32, i32)], widest: i32) {
        let mut from = 0;
        for i in 1..=self.order.len() {
            if i < self.order.len() && !self.starts[i] {
                continue;
            }
            let last = self.order[i - 1];
            let end =
                if self.rows { at[last].0 + size_of[last].width } else { at[last].1 + size_of[last].height };
            let shift = (widest - end) / 2;
            for &item in &self.order[from..i] {
                if self.rows {
                    at[item].0 += shift;
                } else {
                    at[item].1 += shift;
                }
            }
            from = i;
        }
    }
}

/// The lines of all boxes, indexed by item (empty for nodes).
pub(super) type Plan = Vec<Lines>;

/// Sizes of nodes, clamped to what can be drawn; boxes get theirs from [`measure`].
pub(super) fn node_sizes(graph: &Graph, tree: &Tree) -> Vec<Size> {
    let mut sizes = vec![Size::default(); tree.root() + 1];
    for (i, node) in graph.nodes.iter().enumerate() {
        let size = node.size;
        sizes[i] = Size { width: size.width.clamp(1, LARGEST), height: size.height.clamp(1, LARGEST) };
    }
    sizes
}

/// Title band of a box; nothing for the root.
pub(super) fn title(graph: &Graph, tree: &Tree, item: usize) -> Size {
    let group = item.checked_sub(tree.nodes).and_then(|g| graph.groups.get(g));
    group.map_or(Size::default(), |g| Size {
        width: g.title.width.clamp(0, LARGEST),
        height: g.title.height.clamp(0, LARGEST),
    })
}

/// Size of a box around content of a size.
pub(super) fn box_size(title: Size, content: Size, empty: bool) -> Size {
    if empty {
        return Size { width: title.width.max(EMPTY_BOX), height: title.height.max(EMPTY_BOX) };
    }
    Size {
        width: (content.width + 2 * PADDING).max(title.width),
        height: content.height + 2 * PADDING + title.height,
    }
}

/// Sizes and places of all items by a plan: rectangles indexed by item, the root's last.
pub(super) fn locate(graph: &Graph, tree: &Tree, plan: &Plan) -> Vec<Rect> {
    let mut desk = Desk::new(graph, tree);
    desk.locate(tree, plan);
    desk.rects
}

/// Work space for placing items again and again.
pub(super) struct Desk {
    bands: Vec<Size>,
    sizes: Vec<Size>,
    at: Vec<(i32, i32)>,
    inset: Vec<(i32, i32)>,
    /// The places found last, by item.
    pub(super) rects: Vec<Rect>,
}

impl Desk {
    pub(super) fn new(graph: &Graph, tree: &Tree) -> Self {
        let count = tree.root() + 1;
        Self {
            bands: (0..count).map(|i| title(graph, tree, i)).collect(),
            sizes: node_sizes(graph, tree),
            at: vec![(0, 0); count],
            inset: vec![(0, 0); count],
            rects: vec![Rect::default(); count],
        }
    }

    /// Places all items by a plan.
    pub(super) fn locate(&mut self, tree: &Tree, plan: &Plan) {
        for &item in tree.boxes.iter().rev() {
            let content = plan[item].spread(&self.sizes, &mut self.at);
            let band = self.bands[item];
            let size = box_size(band, content, tree.children[item].is_empty());
            self.sizes[item] = size;
            self.inset[item] = ((size.width - content.width) / 2, PADDING + band.height);
        }
        let root = tree.root();
        self.rects[root] =
            Rect { x: 0, y: 0, width: self.sizes[root].width, height: self.sizes[root].height };
        for &item in &tree.boxes {
            let (outer, inset) = (self.rects[item], self.inset[item]);
            for &child in &tree.children[item] {
                let (at, size) = (self.at[child], self.sizes[child]);
                let (x, y) = (outer.x + inset.0 + at.0, outer.y + inset.1 + at.1);
                self.rects[child] = Rect { x, y, width: size.width, height: size.height };
            }
        }
    }
}
