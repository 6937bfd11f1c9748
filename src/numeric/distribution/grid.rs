//! Probability mass on nodes whose distance grows with the distance from an origin.
//!
//! The first block has `2·BLOCK` nodes at distances h; every level above it has `BLOCK`
//! nodes twice as far apart as those below. Neighbours are thus at most 1/`BLOCK` of their
//! distance from the origin apart, over any number of decades, and two grids of one
//! base width share all their nodes. Widths are powers of two, so positions are exact.
//!
//! Mass that falls between two nodes is divided so that its mean stays where it is. For
//! reading, the mass of a node is spread evenly over its cell, which ends half-way to the
//! neighbours.

use crate::math;

/// Nodes a level: neighbours are at most 1.6% apart, and with linear interpolation the
/// percentiles of smooth distributions are good to a few 10⁻⁴ (measured in the tests).
pub(super) const BLOCK: usize = 64;

/// Mass at the top that is folded into the highest node that is kept.
const NEGLIGIBLE: f64 = 1e-13;

/// Mass that takes no part in a sum; all nodes together cannot hide as much as [`NEGLIGIBLE`].
const UNSEEN: f64 = 1e-17;

/// Mass on nodes above an origin.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Grid {
    /// The position of the first node, in seconds.
    pub origin: f64,
    /// The first nodes are 2 to this power apart.
    exponent: i32,
    /// The masses: `2·BLOCK` of the first block, then `BLOCK` for each level.
    masses: Vec<f64>,
}

/// The width 2^exponent; exponents stay within ±1000.
fn width(exponent: i32) -> f64 {
    f64::from_bits(((1023 + i64::from(exponent.clamp(-1000, 1000))) as u64) << 52)
}

impl Grid {
    /// An empty grid whose first block ends at or below `fine` and whose last node lies at or above
    /// `reach`, both distances from the origin.
    pub fn empty(origin: f64, fine: f64, reach: f64) -> Grid {
        let exponent = math::log2(fine / (2.0 * BLOCK as f64)).floor().clamp(-1000.0, 1000.0) as i32;
        Grid::with_exponent(origin, exponent, reach)
    }

    fn with_exponent(origin: f64, exponent: i32, reach: f64) -> Grid {
        let mut levels = 0;
        let mut last = width(exponent) * (2.0 * BLOCK as f64 - 1.0);
        // 120 levels span 36 decades.
        while last < reach && levels < 120 {
            last *= 2.0;
            levels += 1;
        }
        Grid { origin, exponent, masses: vec![0.0; (2 + levels) * BLOCK] }
    }

    /// An empty grid from `start` that is as fine as the finest of some grids and reaches as far as all
    /// of them. `None` without grids.
    pub fn shell(start: f64, grids: &[&Grid]) -> Option<Grid> {
        let exponent = grids.iter().map(|grid| grid.exponent).min()?;
        let end = grids.iter().map(|grid| grid.end()).reduce(f64::max)?;
        Some(Grid::with_exponent(start, exponent, end - start))
    }

    /// Adds what a distribution puts on each node, from the integral of its distribution function:
    /// the second differences of the integral keep both mass and mean.
    ///
    /// `integral` is given at the ascending positions of the nodes and, with the mass of all, beyond.
    fn project(&mut self, integral: &[f64], weight: f64) {
        let positions = self.positions();
        let slopes = positions
            .iter()
            .zip(integral)
            .zip(positions.iter().zip(integral).skip(1))
            .map(|((x0, g0), (x1, g1))| (g1 - g0) / (x1 - x0))
            .chain([1.0]);
        let mut below = 0.0;
        for (mass, slope) in self.masses.iter_mut().zip(slopes) {
            *mass += weight * (slope - below).max(0.0);
            below = slope.max(below);
        }
    }

    /// The grid with the mass that a distribution function puts on each cell; what lies below the origin
    /// or beyond the last node belongs to the first and the last one.
    pub fn holding(mut self, cdf: impl Fn(f64) -> f64) -> Grid {
        let edges = self.edges();
        let inner = edges.iter().skip(1).take(self.masses.len().saturating_sub(1)).map(|&edge| cdf(edge));
        let mut below = 0.0;
        for (mass, at) in self.masses.iter_mut().zip(inner.chain([1.0])) {
            *mass = (at - below).max(0.0);
            below = at;
        }
        self
    }

    /// The grid with the mass that a distribution function, given at all [`Grid::edges`], leaves beside
    /// some points.
    pub fn filled(mut self, below: &[f64], points: &[(f64, f64)]) -> Grid {
        let edges = self.edges();
        let mut points = points.iter().peekable();
        // The function at the first edge counts the points there.
        while points.next_if(|(position, _)| *position <= self.origin).is_some() {}
        let rises = below.iter().zip(below.iter().skip(1)).map(|(from, to)| to - from);
        for ((mass, rise), &to) in self.masses.iter_mut().zip(rises).zip(edges.iter().skip(1)) {
            let mut beside = 0.0;
            while let Some((_, point)) = points.next_if(|(position, _)| *position <= to) {
                beside += point;
            }
            *mass = (rise - beside).max(0.0);
        }
        self.trimmed()
    }

    /// The positions of the nodes.
    fn positions(&self) -> Vec<f64> {
        let mut positions = Vec::with_capacity(self.masses.len());
        let h = width(self.exponent);
        positions.extend((0..2 * BLOCK).map(|i| self.origin + i as f64 * h));
        for level in 1..=self.levels() {
            let step = self.step(level);
            positions.extend((BLOCK..2 * BLOCK).map(|i| self.origin + i as f64 * step));
        }
        positions
    }

    /// The edges of the cells, one more than there are nodes: the origin, the middles, the last node.
    pub fn edges(&self) -> Vec<f64> {
        let positions = self.positions();
        let mut edges = Vec::with_capacity(positions.len() + 1);
        edges.push(self.origin);
        edges.extend(positions.iter().zip(positions.iter().skip(1)).map(|(a, b)| f64::midpoint(*a, *b)));
        edges.extend(positions.last());
        edges
    }

    /// The distance between neighbours on a level; exact, being a power of two.
    fn step(&self, level: usize) -> f64 {
        width(self.exponent) * math::powi(2.0, level as u32)
    }

    fn levels(&self) -> usize {
        (self.masses.len() / BLOCK).saturating_sub(2)
    }

    /// The masses of the nodes, in order.
    pub fn masses(&self) -> &[f64] {
        &self.masses
    }

    /// The mass on the grid.
    pub fn mass(&self) -> f64 {
        self.masses.iter().sum()
    }

    /// Σ mass × position: the contribution to the mean.
    pub fn moment(&self) -> f64 {
        self.masses.iter().zip(self.positions()).map(|(mass, position)| mass * position).sum()
    }

    /// The position of the last node.
    pub fn end(&self) -> f64 {
        self.origin + self.step(self.levels()) * (2.0 * BLOCK as f64 - 1.0)
    }

    /// The mass at or below each of the ascending positions, and the integral of that function.
    fn cumulative_and_integral(&self, positions: impl Iterator<Item = f64>) -> Vec<(f64, f64)> {
        let edges = self.edges();
        let mut cells = edges.iter().zip(edges.iter().skip(1)).zip(&self.masses);
        let mut current = cells.next();
        let (mut below, mut area, mut end) = (0.0, 0.0, self.origin);
        let at = |position: f64| {
            while let Some(((&from, &to), &mass)) = current {
                if position < to {
                    break;
                }
                area += (to - from) * (below + mass / 2.0);
                below += mass;
                end = to;
                current = cells.next();
            }
            match current {
                Some(((&from, &to), &mass)) if position > from => {
                    let (part, way) = (mass * (position - from) / (to - from), position - from);
                    (below + part, area + way * (below + part / 2.0))
                }
                _ => (below, area + below * (position - end).max(0.0)),
            }
        };
        positions.map(at).collect()
    }

    /// The mass at or below each of the ascending positions.
    pub fn cumulative(&self, positions: &[f64]) -> Vec<f64> {
        self.cumulative_and_integral(positions.iter().copied()).into_iter().map(|(below, _)| below).collect()
    }

    /// The sum of weighted grids, each moved by a distance, on a grid that starts at the lowest origin
    /// and is as fine as the finest. `None` without parts.
    pub fn blend(parts: &[(f64, f64, &Grid)]) -> Option<Grid> {
        let origin = parts.iter().map(|(_, by, grid)| grid.origin + by).reduce(f64::min)?;
        let exponent = parts.iter().map(|(_, _, grid)| grid.exponent).min()?;
        let end = parts.iter().map(|(_, by, grid)| grid.end() + by).reduce(f64::max)?;
        let mut sum = Grid::with_exponent(origin, exponent, end - origin);
        for &(weight, by, grid) in parts {
            sum.add(weight, by, grid);
        }
        Some(sum.trimmed())
    }

    fn add(&mut self, weight: f64, by: f64, grid: &Grid) {
        if self.exponent == grid.exponent && self.origin == grid.origin + by {
            self.masses.iter_mut().zip(&grid.masses).for_each(|(sum, mass)| *sum += weight * mass);
            return;
        }
        let total = grid.mass();
        if total > 0.0 {
            let positions = self.positions();
            let read = grid.cumulative_and_integral(positions.iter().map(|position| position - by));
            let integral: Vec<f64> = read.into_iter().map(|(_, area)| area / total).collect();
            self.project(&integral, weight * total);
        }
    }

    /// The distribution of the sum of two independent values.
    ///
    /// Level by level: what one value puts on a level meets what the other puts on it and, brought to
    /// its width, below it.
    pub fn convolve(&self, other: &Grid) -> Grid {
        let exponent = self.exponent.max(other.exponent);
        let (a, b) = (self.coarsened_to(exponent), other.coarsened_to(exponent));
        let levels = a.levels().max(b.levels()) + 1;
        let mut sum =
            Grid { origin: self.origin + other.origin, exponent, masses: vec![0.0; (2 + levels) * BLOCK] };
        let (mut below_a, mut below_b) = (a.first_block(), b.first_block());
        let mut products = [0.0; 4 * BLOCK];
        accumulate(&mut products, &below_a, &below_b, 0);
        sum.deposit(0, &products);
        for level in 1..levels {
            let (block_a, block_b) = (a.block(level), b.block(level));
            // Without the level's own nodes, whose products with each other count once.
            let under_a = raised(&below_a, &[]);
            below_a = raised(&below_a, block_a);
            below_b = raised(&below_b, block_b);
            products = [0.0; 4 * BLOCK];
            accumulate(&mut products, block_a, &below_b, BLOCK);
            accumulate(&mut products, block_b, &under_a, BLOCK);
            sum.deposit(level, &products);
        }
        sum.trimmed()
    }

    fn first_block(&self) -> [f64; 2 * BLOCK] {
        let mut block = [0.0; 2 * BLOCK];
        block.iter_mut().zip(&self.masses).for_each(|(to, from)| *to = *from);
        block
    }

    /// The masses of a level from 1 on; empty above the highest.
    fn block(&self, level: usize) -> &[f64] {
        let start = (1 + level) * BLOCK;
        self.masses.get(start..start + BLOCK).unwrap_or(&[])
    }

    /// Puts products of a level, which reach over four blocks of its width, where they belong: the upper
    /// two onto the next level.
    fn deposit(&mut self, level: usize, products: &[f64; 4 * BLOCK]) {
        let start = level * BLOCK;
        let (own, above) = products.split_at(2 * BLOCK);
        let mut put = |at: usize, mass: f64| {
            if let Some(node) = self.masses.get_mut(start + at) {
                *node += mass;
            }
        };
        for (i, &mass) in own.iter().enumerate() {
            put(i, mass);
        }
        for (i, pair) in above.chunks_exact(2).enumerate() {
            if let [even, odd] = *pair {
                put(2 * BLOCK + i, even + odd / 2.0);
                put(2 * BLOCK + i + 1, odd / 2.0);
            }
        }
    }

    fn coarsened_to(&self, exponent: i32) -> Grid {
        let mut grid = self.clone();
        while grid.exponent < exponent {
            grid = grid.coarsened();
        }
        grid
    }

    /// The same mass with nodes of the first block twice as far apart.
    fn coarsened(&self) -> Grid {
        let mut masses = raised(&self.first_block(), self.block(1)).to_vec();
        masses.extend(self.masses.iter().skip(3 * BLOCK));
        Grid { origin: self.origin, exponent: self.exponent + 1, masses }
    }

    /// Drops levels at the top and fineness at the bottom that hold next to nothing, and moves the
    /// origin up to where mass begins if that sharpens the picture.
    fn trimmed(mut self) -> Grid {
        let total = self.mass();
        let mut dropped = 0.0;
        while self.levels() > 0 {
            let top: f64 = self.block(self.levels()).iter().sum();
            if dropped + top > NEGLIGIBLE * total {
                break;
            }
            dropped += top;
            self.masses.truncate(self.masses.len() - BLOCK);
        }
        if let Some(last) = self.masses.last_mut() {
            *last += dropped;
        }
        while self.levels() > 0 && self.masses.iter().take(BLOCK).sum::<f64>() <= 1e-9 * total {
            self = self.coarsened();
        }
        self.sharpened(total)
    }

    /// Where the lower half of the way to the median is empty, nodes measured from the true start are
    /// nearer to each other: the sum of many values is narrow and far from 0.
    fn sharpened(self, total: f64) -> Grid {
        let edges = self.edges();
        let (mut below, mut start, mut median) = (0.0, self.origin, self.origin);
        for (mass, &edge) in self.masses.iter().zip(edges.iter().skip(1)) {
            below += mass;
            if below <= NEGLIGIBLE * total {
                start = edge;
            }
            if below <= 0.5 * total {
                median = edge;
            }
        }
        if start - self.origin <= 0.5 * (median - self.origin) || median <= start {
            return self;
        }
        let mut moved = Grid::empty(start, (median - start) / 4.0, self.end() - start);
        moved.add(1.0, 0.0, &self);
        moved
    }
}

/// A block at twice the width: each odd node of the block below is divided between its neighbours, and
/// the level's own nodes stand behind.
fn raised(below: &[f64; 2 * BLOCK], level: &[f64]) -> [f64; 2 * BLOCK] {
    let mut block = [0.0; 2 * BLOCK];
    for (node, mass) in block.iter_mut().skip(BLOCK).zip(level) {
        *node = *mass;
    }
    let mut carried = 0.0;
    for (node, pair) in block.iter_mut().zip(below.chunks_exact(2).chain([&[0.0, 0.0][..]])) {
        if let [even, odd] = *pair {
            *node += carried + even + odd / 2.0;
            carried = odd / 2.0;
        }
    }
    block
}

/// Adds the products of all pairs of nodes at the sum of their positions; `a` starts at `offset`.
fn accumulate(products: &mut [f64; 4 * BLOCK], a: &[f64], b: &[f64], offset: usize) {
    for (i, &mass) in a.iter().enumerate() {
        if mass < UNSEEN {
            continue;
        }
        if let Some(row) = products.get_mut(offset + i..offset + i + b.len()) {
            row.iter_mut().zip(b).for_each(|(sum, other)| *sum += mass * other);
        }
    }
}
