//! The measures of a finished drawing: faults, crossings, lengths, use of space.
//!
//! Every measure speaks of what a reader sees, not of how the drawing came about, so that this module needs nothing
//! but the graph and its layout. Routes run along the axes, which makes every test one of intervals.

use super::{End, Graph, Layout, Point, Rect};

/// What can be counted in a drawing. Faults are those counts that must be zero.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Score {
    /// Pairs of edges that cross, each crossing point once; meetings within 25 px of a common end are none.
    pub crossings: usize,
    /// Fault: pixels along which two edges lie on one another, further than 60 px from a common end.
    pub shared_px: i32,
    /// Fault: edges through a card that is not their end.
    pub edge_through_node: usize,
    /// Fault: edges through a box that holds neither of their ends.
    pub edge_through_group: usize,
    /// Fault: labels on labels.
    pub label_on_label: usize,
    /// Fault: labels on cards.
    pub label_on_node: usize,
    /// Fault: edges through labels of others.
    pub label_on_edge: usize,
    /// Fault: labels across the border of a box.
    pub label_on_border: usize,
    /// Fault: labels further than 8 px from their edge.
    pub label_far: usize,
    /// Fault: labels beside their edge with another edge as close.
    pub label_ambiguous: usize,
    /// Fault: labels that the drawing lacks.
    pub label_missing: usize,
    /// Fault: cards on cards.
    pub node_on_node: usize,
    /// Fault: items that stick out of their box.
    pub outside_parent: usize,
    /// Fault: boxes on foreign items.
    pub group_overlap: usize,
    /// Fault: edges whose way does not run along the axes from border to border.
    pub broken_routes: usize,
    /// Corners of all edges.
    pub bends: usize,
    /// Length of all edges in pixels.
    pub length: i64,
    /// Edges whose head lies before their tail in the reading direction.
    pub against: usize,
    /// Extent of the drawing in pixels.
    pub width: i32,
    /// Extent of the drawing in pixels.
    pub height: i32,
    /// Square pixels of all cards.
    pub card_area: i64,
}

impl Score {
    /// The sum of all faults, a shared track counted by starting 8 px.
    pub fn faults(&self) -> usize {
        let shared = usize::try_from(self.shared_px / 8).unwrap_or(0);
        shared
            + self.edge_through_node
            + self.edge_through_group
            + self.label_on_label
            + self.label_on_node
            + self.label_on_edge
            + self.label_on_border
            + self.label_far
            + self.label_ambiguous
            + self.label_missing
            + self.node_on_node
            + self.outside_parent
            + self.group_overlap
            + self.broken_routes
    }

    /// Width by height.
    pub fn aspect(&self) -> f64 {
        f64::from(self.width) / f64::from(self.height.max(1))
    }

    /// Share of the drawing covered by cards, in percent.
    pub fn fill(&self) -> f64 {
        let whole = i64::from(self.width) * i64::from(self.height);
        100.0 * self.card_area as f64 / whole.max(1) as f64
    }
}

type Span = (Point, Point);

fn overlap(a: Rect, b: Rect, slack: i32) -> bool {
    let w = (a.x + a.width).min(b.x + b.width) - a.x.max(b.x);
    let h = (a.y + a.height).min(b.y + b.height) - a.y.max(b.y);
    w > slack && h > slack
}

fn within(inner: Rect, outer: Rect) -> bool {
    inner.x >= outer.x
        && inner.y >= outer.y
        && inner.x + inner.width <= outer.x + outer.width
        && inner.y + inner.height <= outer.y + outer.height
}

/// Length of a span inside a rectangle shrunk by one pixel.
fn inside(span: Span, r: Rect) -> i32 {
    let (a, b) = span;
    let (left, right, top, bottom) = (r.x + 1, r.x + r.width - 1, r.y + 1, r.y + r.height - 1);
    let w = a.x.max(b.x).min(right) - a.x.min(b.x).max(left);
    let h = a.y.max(b.y).min(bottom) - a.y.min(b.y).max(top);
    if w < 0 || h < 0 { 0 } else { w + h }
}

fn spans(points: &[Point]) -> impl Iterator<Item = Span> + '_ {
    points.windows(2).map(|p| (p[0], p[1]))
}

fn near(a: Point, b: Point, radius: i32) -> bool {
    let (dx, dy) = (i64::from(a.x - b.x), i64::from(a.y - b.y));
    dx * dx + dy * dy < i64::from(radius) * i64::from(radius)
}

/// Measures a drawing.
pub fn score(graph: &Graph, layout: &Layout) -> Score {
    let mut result = Score::default();
    measure_boxes(graph, layout, &mut result);
    measure_edges(graph, layout, &mut result);
    measure_pairs(graph, layout, &mut result);
    measure_labels(graph, layout, &mut result);
    result
}

/// Boxes around a node or box, innermost first.
fn around(graph: &Graph, end: End) -> Vec<usize> {
    let mut parent = match end {
        End::Node(i) => graph.nodes.get(i).and_then(|n| n.parent),
        End::Group(i) => graph.groups.get(i).and_then(|g| g.parent.filter(|&p| p < i)),
    };
    let mut result = Vec::new();
    while let Some(group) = parent.filter(|&g| g < graph.groups.len()) {
        result.push(group);
        parent = graph.groups[group].parent.filter(|&p| p < group);
    }
    result
}

fn rect_of(layout: &Layout, end: End) -> Rect {
    match end {
        End::Node(i) => layout.nodes.get(i),
        End::Group(i) => layout.groups.get(i),
    }
    .copied()
    .unwrap_or_default()
}

fn measure_boxes(graph: &Graph, layout: &Layout, result: &mut Score) {
    let nodes = (0..layout.nodes.len()).map(End::Node);
    let ends: Vec<End> = nodes.chain((0..layout.groups.len()).map(End::Group)).collect();
    let parents: Vec<Vec<usize>> = ends.iter().map(|&e| around(graph, e)).collect();
    for (i, (&a, above)) in ends.iter().zip(&parents).enumerate() {
        let r = rect_of(layout, a);
        if above.first().is_some_and(|&p| !within(r, layout.groups[p])) {
            result.outside_parent += 1;
        }
        for (&b, below) in ends[..i].iter().zip(&parents) {
            let related = matches!(b, End::Group(g) if above.contains(&g))
                || matches!(a, End::Group(g) if below.contains(&g));
            if related || !overlap(r, rect_of(layout, b), 1) {
                continue;
            }
            if matches!((a, b), (End::Node(_), End::Node(_))) {
                result.node_on_node += 1;
            } else {
                result.group_overlap += 1;
            }
        }
    }
    let labels = layout.edges.iter().filter_map(|e| e.label);
    let rects = layout.nodes.iter().chain(&layout.groups).copied().chain(labels);
    let points = layout.edges.iter().flat_map(|e| e.points.iter());
    let dots = points.map(|p| Rect { x: p.x, y: p.y, width: 0, height: 0 });
    let (mut left, mut top, mut right, mut bottom) = (i32::MAX, i32::MAX, i32::MIN, i32::MIN);
    for r in rects.chain(dots) {
        (left, top) = (left.min(r.x), top.min(r.y));
        (right, bottom) = (right.max(r.x + r.width), bottom.max(r.y + r.height));
    }
    if left <= right {
        (result.width, result.height) = (right - left, bottom - top);
    }
    result.card_area = layout.nodes.iter().map(|r| i64::from(r.width) * i64::from(r.height)).sum();
}

fn on_border(p: Point, r: Rect) -> bool {
    let inside = r.x <= p.x && p.x <= r.x + r.width && r.y <= p.y && p.y <= r.y + r.height;
    inside && (p.x == r.x || p.x == r.x + r.width || p.y == r.y || p.y == r.y + r.height)
}

fn measure_edges(graph: &Graph, layout: &Layout, result: &mut Score) {
    for (edge, route) in graph.edges.iter().zip(&layout.edges) {
        let (Some(&first), Some(&last)) = (route.points.first(), route.points.last()) else {
            result.broken_routes += 1;
            continue;
        };
        let (tail, head) = (rect_of(layout, edge.from), rect_of(layout, edge.to));
        let straight = spans(&route.points).all(|(a, b)| (a.x == b.x) != (a.y == b.y));
        if !straight || !on_border(first, tail) || !on_border(last, head) {
            result.broken_routes += 1;
        }
        result.length +=
            spans(&route.points).map(|(a, b)| i64::from((a.x - b.x).abs() + (a.y - b.y).abs())).sum::<i64>();
        result.bends += route.points.windows(3).filter(|p| (p[0].x == p[1].x) != (p[1].x == p[2].x)).count();
        let back = match graph.direction {
            super::Direction::Down => 2 * tail.y + tail.height - 2 * head.y - head.height,
            super::Direction::Right => 2 * tail.x + tail.width - 2 * head.x - head.width,
        };
        result.against += usize::from(back > 2);
        for (i, &r) in layout.nodes.iter().enumerate() {
            let own = edge.from == End::Node(i) || edge.to == End::Node(i);
            if !own && spans(&route.points).map(|s| inside(s, r)).sum::<i32>() > 2 {
                result.edge_through_node += 1;
            }
        }
        let mut mine = around(graph, edge.from);
        mine.extend(around(graph, edge.to));
        for (i, &r) in layout.groups.iter().enumerate() {
            let own = mine.contains(&i) || edge.from == End::Group(i) || edge.to == End::Group(i);
            if !own && spans(&route.points).map(|s| inside(s, r)).sum::<i32>() > 4 {
                result.edge_through_group += 1;
            }
        }
    }
}

/// Whether a point lies near an end that two edges share.
fn at_common_end(graph: &Graph, layout: &Layout, (a, b): (usize, usize), p: Point, radius: i32) -> bool {
    let ends = |e: usize| {
        let points = &layout.edges[e].points;
        [(graph.edges[e].from, points.first()), (graph.edges[e].to, points.last())]
    };
    ends(a).iter().any(|&(end, at)| {
        ends(b).iter().any(|&(other, there)| {
            let close = |q: Option<&Point>| q.is_some_and(|&q| near(p, q, radius));
            end == other && close(at) && close(there)
        })
    })
}

fn measure_pairs(graph: &Graph, layout: &Layout, result: &mut Score) {
    let mut all: Vec<(i32, i32, usize, Span)> = Vec::new();
    for (e, route) in layout.edges.iter().enumerate() {
        all.extend(spans(&route.points).map(|(a, b)| (a.x.min(b.x), a.x.max(b.x), e, (a, b))));
    }
    all.sort_unstable_by_key(|s| (s.0, s.1, s.2));
    let mut points: Vec<(usize, usize, Point)> = Vec::new();
    for (i, &(_, right, e, s)) in all.iter().enumerate() {
        for &(_, _, f, t) in all[i + 1..].iter().take_while(|t| t.0 <= right + 1) {
            if e == f {
                continue;
            }
            let pair = (e.min(f), e.max(f));
            match meeting(s, t) {
                Meeting::None => {}
                Meeting::At(p) => {
                    if !at_common_end(graph, layout, pair, p, 25) {
                        points.push((pair.0, pair.1, p));
                    }
                }
                Meeting::Along(length, middle) => {
                    if length > 1 && !at_common_end(graph, layout, pair, middle, 60) {
                        result.shared_px += length;
                    }
                }
            }
        }
    }
    points.sort_unstable();
    let mut kept: Vec<(usize, usize, Point)> = Vec::new();
    for point in points {
        let same = kept.iter().rev().take_while(|k| (k.0, k.1) == (point.0, point.1));
        if same.into_iter().all(|k| !near(k.2, point.2, 9)) {
            kept.push(point);
        }
    }
    result.crossings = kept.len();
}

enum Meeting {
    None,
    At(Point),
    Along(i32, Point),
}

/// How two spans meet: at right angles in a point, or side by side less than 1.5 px apart.
fn meeting(s: Span, t: Span) -> Meeting {
    let upright = |s: Span| s.0.x == s.1.x;
    if upright(s) != upright(t) {
        let (v, h) = if upright(s) { (s, t) } else { (t, s) };
        let p = Point { x: v.0.x, y: h.0.y };
        let meets = h.0.x.min(h.1.x) <= p.x
            && p.x <= h.0.x.max(h.1.x)
            && v.0.y.min(v.1.y) <= p.y
            && p.y <= v.0.y.max(v.1.y);
        return if meets { Meeting::At(p) } else { Meeting::None };
    }
    let flat = |p: Point| if upright(s) { (p.y, p.x) } else { (p.x, p.y) };
    let ((a, pos), (b, _), (c, other), (d, _)) = (flat(s.0), flat(s.1), flat(t.0), flat(t.1));
    let (low, high) = (a.min(b).max(c.min(d)), a.max(b).min(c.max(d)));
    if (pos - other).abs() > 1 || low > high {
        return Meeting::None;
    }
    let middle = i32::midpoint(low, high);
    let p = if upright(s) { Point { x: pos, y: middle } } else { Point { x: middle, y: pos } };
    Meeting::Along(high - low, p)
}

/// Distance from a rectangle to a way, as the greater of the two gaps along the axes is what the eye sees.
fn distance(r: Rect, points: &[Point]) -> i32 {
    let gap = |(a, b): Span| {
        let dx = (r.x - a.x.max(b.x)).max(a.x.min(b.x) - r.x - r.width).max(0);
        let dy = (r.y - a.y.max(b.y)).max(a.y.min(b.y) - r.y - r.height).max(0);
        dx.max(dy)
    };
    spans(points).map(gap).min().unwrap_or(i32::MAX)
}

fn measure_labels(graph: &Graph, layout: &Layout, result: &mut Score) {
    let labels: Vec<(usize, Rect)> =
        layout.edges.iter().enumerate().filter_map(|(e, r)| r.label.map(|l| (e, l))).collect();
    let wanted = graph.edges.iter().filter(|e| e.label.is_some()).count();
    result.label_missing = wanted.saturating_sub(labels.len());
    for (i, &(e, label)) in labels.iter().enumerate() {
        result.label_on_label += labels[..i].iter().filter(|(_, other)| overlap(label, *other, 1)).count();
        result.label_on_node += layout.nodes.iter().filter(|&&r| overlap(label, r, 1)).count();
        result.label_on_border +=
            layout.groups.iter().filter(|&&r| overlap(label, r, 0) && !within(label, r)).count();
        let own = distance(label, &layout.edges[e].points);
        result.label_far += usize::from(own > 8);
        let others = layout.edges.iter().enumerate().filter(|&(f, _)| f != e);
        let mut ambiguous = false;
        for (_, other) in others {
            if spans(&other.points).map(|s| inside(s, label)).sum::<i32>() > 2 {
                result.label_on_edge += 1;
            }
            ambiguous |= own > 0 && distance(label, &other.points) <= own + 1;
        }
        result.label_ambiguous += usize::from(ambiguous);
    }
}
