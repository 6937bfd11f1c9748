//! The values of a number in every sample; most numbers of a design have only one.

use crate::numeric::sensitivity::{quantile, standard_error};

/// The values of many numbers, sample by sample.
pub struct Columns {
    all: Vec<Column>,
    samples: usize,
    room: usize,
}

/// The values of one number; not a number where it could not be evaluated.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// The same in so many samples.
    Same((f64, usize)),
    /// One for each.
    Each(Vec<f64>),
}

impl Columns {
    /// So many numbers, for so many samples.
    pub fn new(numbers: usize, samples: usize) -> Columns {
        Columns { all: vec![Column::Same((f64::NAN, 0)); numbers], samples: 0, room: samples }
    }

    /// The value of a number in the sample at hand.
    pub fn put(&mut self, at: usize, value: Option<f64>) {
        let (value, samples, room) = (value.unwrap_or(f64::NAN), self.samples, self.room);
        let Some(column) = self.all.get_mut(at) else { return };
        match column {
            Column::Same(same) if samples == 0 => *same = (value, 1),
            Column::Same((same, _)) if same.to_bits() != value.to_bits() => {
                let mut values = Vec::with_capacity(room);
                values.resize(samples, *same);
                values.push(value);
                *column = Column::Each(values);
            }
            Column::Same((_, count)) => *count += 1,
            Column::Each(values) => values.push(value),
        }
    }

    /// Ends a sample.
    pub fn next(&mut self) {
        self.samples += 1;
    }

    /// The values of a number.
    pub fn column(&self, at: usize) -> &Column {
        &self.all[at]
    }
}

impl Column {
    /// Columns one behind the other.
    pub fn join<'c>(parts: impl Iterator<Item = &'c Column> + Clone) -> Column {
        let mut first = None;
        let same = parts.clone().all(|part| match part {
            Column::Same((_, 0)) => true,
            Column::Same((value, _)) => first.get_or_insert(value.to_bits()) == &value.to_bits(),
            Column::Each(_) => false,
        });
        if same {
            let count = parts.clone().map(Column::len).sum();
            return Column::Same((f64::from_bits(first.unwrap_or(f64::NAN.to_bits())), count));
        }
        let mut all = Vec::with_capacity(parts.clone().map(Column::len).sum());
        for part in parts {
            match part {
                Column::Same((value, count)) => all.resize(all.len() + count, *value),
                Column::Each(values) => all.extend(values),
            }
        }
        Column::Each(all)
    }

    /// In how many samples.
    pub fn len(&self) -> usize {
        match self {
            Column::Same((_, count)) => *count,
            Column::Each(values) => values.len(),
        }
    }

    /// The share of the samples in which it could be evaluated.
    pub fn evaluated(&self) -> f64 {
        match self {
            Column::Same((value, count)) => f64::from(u8::from(*count > 0 && !value.is_nan())),
            Column::Each(values) => {
                values.iter().filter(|v| !v.is_nan()).count() as f64 / values.len() as f64
            }
        }
    }

    /// The value that a share of the samples does not exceed; what could not be evaluated is above all.
    pub fn quantile(&self, q: f64) -> Option<f64> {
        match self {
            Column::Same((value, _)) => Some(*value).filter(|v| !v.is_nan()),
            Column::Each(values) => of(values, q),
        }
    }

    /// The standard error of that quantile, from so many independent parts.
    pub fn error(&self, q: f64, parts: usize) -> Option<f64> {
        let Column::Each(values) = self else { return Some(0.0) };
        let each: Option<Vec<f64>> =
            values.chunks(values.len().div_ceil(parts)).map(|part| of(part, q)).collect();
        Some(standard_error(&each?)).filter(|e| e.is_finite())
    }
}

fn of(values: &[f64], q: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    // What is not a number comes last in this order.
    sorted.sort_unstable_by(f64::total_cmp);
    let known = sorted.iter().take_while(|v| !v.is_nan()).count();
    // A quantile between what is known and what is not is not known.
    let at = (q * sorted.len() as f64 - 0.5).max(0.0).ceil() as usize;
    if at >= known { None } else { quantile(&sorted, q) }
}
