//! The units of the language, in one table, and the reading of compound units.
//!
//! A unit is two exact numbers, a multiplier and a divisor, so that `8 ms` is the
//! double nearest to 0.008 and not eight times a rounded 0.001. Knows nothing of
//! where in a file a unit stands.

use std::collections::BTreeMap;

use super::dimension::Dimension;

/// A unit: `value in base units = number * multiplier / divisor`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// What the number is multiplied by.
    pub multiplier: f64,
    /// What the number is divided by.
    pub divisor: f64,
    /// What it measures.
    pub dimension: Dimension,
    /// The word for what is counted, in the plural, where the unit is a count or a rate of one.
    pub label: Option<&'static str>,
}

impl Unit {
    /// The unit of a plain number.
    pub const ONE: Unit = Unit { multiplier: 1.0, divisor: 1.0, dimension: Dimension::NONE, label: None };

    /// The value in base units of so many of this unit.
    pub fn to_base(self, number: f64) -> f64 {
        number * self.multiplier / self.divisor
    }

    /// How many of this unit a value in base units is.
    pub fn from_base(self, value: f64) -> f64 {
        value * self.divisor / self.multiplier
    }

    fn times(self, other: Unit) -> Option<Unit> {
        Some(Unit {
            multiplier: self.multiplier * other.multiplier,
            divisor: self.divisor * other.divisor,
            dimension: self.dimension.product(other.dimension)?,
            label: self.label.or(other.label),
        })
    }

    /// The label of a divisor is dropped: `20 req/user/day` is a rate of requests.
    fn per(self, other: Unit) -> Option<Unit> {
        Some(Unit {
            multiplier: self.multiplier * other.divisor,
            divisor: self.divisor * other.multiplier,
            dimension: self.dimension.quotient(other.dimension)?,
            label: self.label,
        })
    }
}

/// A row of the unit table.
#[derive(Clone, Copy, Debug)]
pub struct UnitRow {
    /// As it is written.
    pub name: &'static str,
    /// Multiplier to the base unit.
    pub multiplier: f64,
    /// Divisor to the base unit.
    pub divisor: f64,
    /// What it measures.
    pub dimension: Dimension,
    /// One line for help and completion.
    pub doc: &'static str,
}

const fn row(
    name: &'static str,
    multiplier: f64,
    divisor: f64,
    dimension: Dimension,
    doc: &'static str,
) -> UnitRow {
    UnitRow { name, multiplier, divisor, dimension, doc }
}

/// Seconds of a day.
pub const DAY: f64 = 86_400.0;
/// Seconds of a month of 30 days.
pub const MONTH: f64 = 30.0 * DAY;
/// Seconds of a year of 365 days.
pub const YEAR: f64 = 365.0 * DAY;

/// Every unit that has a dimension.
pub const UNITS: &[UnitRow] = &[
    row("ns", 1.0, 1e9, Dimension::TIME, "nanosecond"),
    row("us", 1.0, 1e6, Dimension::TIME, "microsecond"),
    row("ms", 1.0, 1e3, Dimension::TIME, "millisecond"),
    row("s", 1.0, 1.0, Dimension::TIME, "second"),
    row("min", 60.0, 1.0, Dimension::TIME, "minute"),
    row("h", 3600.0, 1.0, Dimension::TIME, "hour"),
    row("day", DAY, 1.0, Dimension::TIME, "day of 24 hours"),
    row("week", 7.0 * DAY, 1.0, Dimension::TIME, "week of 7 days"),
    row("month", MONTH, 1.0, Dimension::TIME, "month of 30 days"),
    row("year", YEAR, 1.0, Dimension::TIME, "year of 365 days"),
    row("B", 1.0, 1.0, Dimension::DATA, "byte"),
    row("kB", 1e3, 1.0, Dimension::DATA, "kilobyte, 1000 bytes"),
    row("MB", 1e6, 1.0, Dimension::DATA, "megabyte, 1000 kB"),
    row("GB", 1e9, 1.0, Dimension::DATA, "gigabyte, 1000 MB"),
    row("TB", 1e12, 1.0, Dimension::DATA, "terabyte, 1000 GB"),
    row("PB", 1e15, 1.0, Dimension::DATA, "petabyte, 1000 TB"),
    row("EB", 1e18, 1.0, Dimension::DATA, "exabyte, 1000 PB"),
    row("KiB", 1024.0, 1.0, Dimension::DATA, "kibibyte, 1024 bytes"),
    row("MiB", 1_048_576.0, 1.0, Dimension::DATA, "mebibyte, 1024 KiB"),
    row("GiB", 1_073_741_824.0, 1.0, Dimension::DATA, "gibibyte, 1024 MiB"),
    row("TiB", 1_099_511_627_776.0, 1.0, Dimension::DATA, "tebibyte, 1024 GiB"),
    row("PiB", 1_125_899_906_842_624.0, 1.0, Dimension::DATA, "pebibyte, 1024 TiB"),
    row("EiB", 1_152_921_504_606_846_976.0, 1.0, Dimension::DATA, "exbibyte, 1024 PiB"),
    row("bit", 1.0, 8.0, Dimension::DATA, "bit, an eighth of a byte"),
    row("kbit", 1e3, 8.0, Dimension::DATA, "kilobit, 1000 bits"),
    row("Mbit", 1e6, 8.0, Dimension::DATA, "megabit, 1000 kbit"),
    row("Gbit", 1e9, 8.0, Dimension::DATA, "gigabit, 1000 Mbit"),
    row("Tbit", 1e12, 8.0, Dimension::DATA, "terabit, 1000 Gbit"),
    row("USD", 1.0, 1.0, Dimension::MONEY, "US dollar"),
    row("m", 1.0, 1.0, Dimension::LENGTH, "metre"),
    row("km", 1e3, 1.0, Dimension::LENGTH, "kilometre"),
];

/// The magnitudes that are written against a number, with their power of ten.
pub const MAGNITUDES: &[(&str, i32)] = &[("k", 3), ("M", 6), ("bn", 9), ("tn", 12)];

/// The words for what is counted, singular and plural; an abbreviation serves as both.
pub const COUNTS: &[(&str, &str)] = &[
    ("account", "accounts"),
    ("action", "actions"),
    ("article", "articles"),
    ("attempt", "attempts"),
    ("batch", "batches"),
    ("block", "blocks"),
    ("booking", "bookings"),
    ("call", "calls"),
    ("chat", "chats"),
    ("check", "checks"),
    ("chunk", "chunks"),
    ("click", "clicks"),
    ("client", "clients"),
    ("comment", "comments"),
    ("conn", "conn"),
    ("connection", "connections"),
    ("consumer", "consumers"),
    ("core", "cores"),
    ("customer", "customers"),
    ("delivery", "deliveries"),
    ("device", "devices"),
    ("document", "documents"),
    ("driver", "drivers"),
    ("edge", "edges"),
    ("edit", "edits"),
    ("editor", "editors"),
    ("email", "emails"),
    ("entry", "entries"),
    ("event", "events"),
    ("file", "files"),
    ("follower", "followers"),
    ("frame", "frames"),
    ("friend", "friends"),
    ("game", "games"),
    ("group", "groups"),
    ("host", "hosts"),
    ("image", "images"),
    ("instance", "instances"),
    ("item", "items"),
    ("job", "jobs"),
    ("key", "keys"),
    ("like", "likes"),
    ("line", "lines"),
    ("link", "links"),
    ("location", "locations"),
    ("log", "logs"),
    ("lookup", "lookups"),
    ("match", "matches"),
    ("member", "members"),
    ("message", "messages"),
    ("msg", "msg"),
    ("node", "nodes"),
    ("notification", "notifications"),
    ("object", "objects"),
    ("op", "ops"),
    ("operation", "operations"),
    ("order", "orders"),
    ("packet", "packets"),
    ("page", "pages"),
    ("partition", "partitions"),
    ("passenger", "passengers"),
    ("payment", "payments"),
    ("people", "people"),
    ("person", "persons"),
    ("photo", "photos"),
    ("place", "places"),
    ("player", "players"),
    ("post", "posts"),
    ("product", "products"),
    ("query", "queries"),
    ("read", "reads"),
    ("record", "records"),
    ("replica", "replicas"),
    ("req", "req"),
    ("request", "requests"),
    ("restaurant", "restaurants"),
    ("ride", "rides"),
    ("rider", "riders"),
    ("room", "rooms"),
    ("row", "rows"),
    ("search", "searches"),
    ("seat", "seats"),
    ("segment", "segments"),
    ("server", "servers"),
    ("session", "sessions"),
    ("shard", "shards"),
    ("slot", "slots"),
    ("song", "songs"),
    ("story", "stories"),
    ("stream", "streams"),
    ("subscriber", "subscribers"),
    ("swipe", "swipes"),
    ("task", "tasks"),
    ("thread", "threads"),
    ("ticket", "tickets"),
    ("tile", "tiles"),
    ("token", "tokens"),
    ("train", "trains"),
    ("transaction", "transactions"),
    ("trip", "trips"),
    ("tweet", "tweets"),
    ("tx", "tx"),
    ("update", "updates"),
    ("upload", "uploads"),
    ("url", "urls"),
    ("user", "users"),
    ("vehicle", "vehicles"),
    ("video", "videos"),
    ("view", "views"),
    ("viewer", "viewers"),
    ("visit", "visits"),
    ("vote", "votes"),
    ("worker", "workers"),
    ("write", "writes"),
];

/// What people write for a unit of the table, each with what it is called here.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("$", "USD"),
    ("KB", "kB"),
    ("byte", "B"),
    ("bytes", "B"),
    ("bits", "bit"),
    ("bps", "bit/s"),
    ("d", "day"),
    ("days", "day"),
    ("dollar", "USD"),
    ("dollars", "USD"),
    ("gbps", "Gbit/s"),
    ("Gbps", "Gbit/s"),
    ("hour", "h"),
    ("hours", "h"),
    ("hr", "h"),
    ("hrs", "h"),
    ("kb", "kB"),
    ("kbps", "kbit/s"),
    ("mbps", "Mbit/s"),
    ("Mbps", "Mbit/s"),
    ("millis", "ms"),
    ("minute", "min"),
    ("minutes", "min"),
    ("mins", "min"),
    ("months", "month"),
    ("msec", "ms"),
    ("qps", "req/s"),
    ("reqs", "req"),
    ("rps", "req/s"),
    ("sec", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("secs", "s"),
    ("tps", "tx/s"),
    ("weeks", "week"),
    ("y", "year"),
    ("years", "year"),
    ("yr", "year"),
];

/// Below this the likeness of two short words is chance.
const LEAST_LIKENESS: f64 = 0.6;

/// The singular of a count's label, as it stands in [`COUNTS`].
pub fn singular(label: &'static str) -> &'static str {
    COUNTS.iter().find(|(_, plural)| *plural == label).map_or(label, |(one, _)| one)
}

/// Why a unit could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    /// A word that is no unit, with the nearest that are.
    #[error("unknown unit `{word}`")]
    Unknown {
        /// The word.
        word: String,
        /// The nearest units, best first.
        nearest: Vec<String>,
    },
    /// A magnitude that stands apart from its number: `5 M users`.
    #[error("the magnitude `{0}` is written against the number, as in `5{0} users`")]
    MagnitudeApart(String),
    /// Not of the form `unit/unit/…`.
    #[error("`{0}` is no unit; a compound unit is written `USD/GB/month` or `/day`")]
    Malformed(String),
}

impl UnitError {
    /// What to do about it, where there is something to say.
    pub fn help(&self) -> Option<String> {
        match self {
            UnitError::Unknown { nearest, .. } if !nearest.is_empty() => {
                let names: Vec<String> = nearest.iter().map(|n| format!("`{n}`")).collect();
                Some(format!("did you mean {}?", names.join(" or ")))
            }
            _ => None,
        }
    }
}

/// The units of one compilation: the table above, and the currencies that the design declares.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnitTable {
    currencies: BTreeMap<String, f64>,
}

impl UnitTable {
    /// The units of the language alone.
    pub fn new() -> Self {
        UnitTable::default()
    }

    /// Declares a currency as worth so many US dollars; `false` where the name is a unit already
    /// or the worth is not a positive number.
    pub fn add_currency(&mut self, name: &str, dollars: f64) -> bool {
        let fits = dollars.is_finite() && dollars > 0.0 && !self.is_unit(name);
        if fits {
            self.currencies.insert(name.to_owned(), dollars);
        }
        fits
    }

    /// The unit of this name; simple names only.
    pub fn unit(&self, name: &str) -> Option<Unit> {
        if let Some(row) = UNITS.iter().find(|row| row.name == name) {
            let &UnitRow { multiplier, divisor, dimension, .. } = row;
            return Some(Unit { multiplier, divisor, dimension, label: None });
        }
        if let Some((_, plural)) = COUNTS.iter().find(|(one, many)| *one == name || *many == name) {
            return Some(Unit { label: Some(plural), ..Unit::ONE });
        }
        self.currencies.get(name).map(|&dollars| Unit {
            multiplier: dollars,
            dimension: Dimension::MONEY,
            ..Unit::ONE
        })
    }

    /// Whether the word names a unit.
    pub fn is_unit(&self, name: &str) -> bool {
        self.unit(name).is_some()
    }

    /// Every simple unit name: units, counts, currencies, in the order of the tables.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let counts = COUNTS
            .iter()
            .flat_map(|&(one, many)| [Some(one), (one != many).then_some(many)].into_iter().flatten());
        UNITS.iter().map(|row| row.name).chain(counts).chain(self.currencies.keys().map(String::as_str))
    }

    /// At most three units that the word may have meant, best first.
    pub fn nearest(&self, word: &str) -> Vec<String> {
        if let Some((_, name)) = OTHER_NAMES.iter().find(|(other, _)| *other == word) {
            return vec![(*name).to_owned()];
        }
        let mut found: Vec<(f64, &str)> = self
            .names()
            .map(|name| {
                let same_letters = name.eq_ignore_ascii_case(word);
                (if same_letters { 1.0 } else { strsim::normalized_damerau_levenshtein(name, word) }, name)
            })
            .filter(|(likeness, _)| *likeness >= LEAST_LIKENESS)
            .collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        found.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
    }

    /// Reads a unit, also a compound one: `users`, `req/s`, `/day`, `USD/GB/month`, `USD/M`, `B·s`.
    ///
    /// # Errors
    /// [`UnitError`] that names the part at fault.
    pub fn parse(&self, text: &str) -> Result<Unit, UnitError> {
        let malformed = || UnitError::Malformed(text.to_owned());
        let mut parts = text.split('/');
        let numerator = parts.next().unwrap_or("").trim();
        let mut unit = Unit::ONE;
        if !numerator.is_empty() {
            for word in numerator.split('·') {
                unit = unit.times(self.word(word.trim(), text)?).ok_or_else(malformed)?;
            }
        } else if !text.contains('/') {
            return Err(malformed());
        }
        for part in parts {
            let part = part.trim();
            let below = match MAGNITUDES.iter().find(|(name, _)| *name == part) {
                Some(&(_, power)) => Unit { multiplier: ten_to(power), ..Unit::ONE },
                None => self.word(part, text)?,
            };
            unit = unit.per(below).ok_or_else(malformed)?;
        }
        Ok(unit)
    }

    fn word(&self, word: &str, whole: &str) -> Result<Unit, UnitError> {
        if word.is_empty() {
            return Err(UnitError::Malformed(whole.to_owned()));
        }
        if let Some(unit) = self.unit(word) {
            return Ok(unit);
        }
        if MAGNITUDES.iter().any(|(name, _)| *name == word) {
            return Err(UnitError::MagnitudeApart(word.to_owned()));
        }
        Err(UnitError::Unknown { word: word.to_owned(), nearest: self.nearest(word) })
    }
}

/// A power of ten that a double holds exactly (up to 10²²).
fn ten_to(power: i32) -> f64 {
    crate::math::powi(10.0, power.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Unit, UnitError> {
        UnitTable::new().parse(text)
    }

    /// Case `units-kb` (Numbat, modules/units/bit.nbt): kB = 1000 B, KiB = 1024 B, a byte is 8 bits.
    #[test]
    fn decimal_and_binary_sizes() {
        assert_eq!(parse("kB").unwrap().to_base(1.0), 1000.0);
        assert_eq!(parse("KiB").unwrap().to_base(1.0), 1024.0);
        let megabyte_per_s = parse("MB/s").unwrap().to_base(1.0);
        assert_eq!(parse("bit/s").unwrap().from_base(megabyte_per_s), 8e6);
        assert_eq!(parse("Mbit/s").unwrap().to_base(8.0), megabyte_per_s);
    }

    #[test]
    fn compound_units() {
        let price = parse("USD/GB/month").unwrap();
        assert_eq!(price.dimension, Dimension { money: 1, data: -1, time: -1, length: 0 });
        assert_eq!(parse("USD/M").unwrap().to_base(0.4), 0.4 / 1e6);
        assert_eq!(parse("/day").unwrap().to_base(86_400.0), 1.0);
        assert_eq!(parse("req/user/day").unwrap().label, Some("req"));
        assert_eq!(parse("MB/user").unwrap().label, None);
    }

    #[test]
    fn every_name_is_unique_and_found() {
        let table = UnitTable::new();
        let names: Vec<&str> = table.names().collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), names.len());
        assert!(names.iter().all(|name| table.is_unit(name)));
    }

    #[test]
    fn unknown_units_name_the_nearest() {
        let error = parse("seconds").unwrap_err();
        assert_eq!(error.help().unwrap(), "did you mean `s`?");
        assert!(matches!(parse("mb").unwrap_err(), UnitError::Unknown { nearest, .. } if nearest[0] == "MB"));
        assert!(
            matches!(parse("usrs/s").unwrap_err(), UnitError::Unknown { nearest, .. } if nearest[0] == "users")
        );
        assert_eq!(parse("M").unwrap_err(), UnitError::MagnitudeApart("M".into()));
        for malformed in ["", "s//s", "/", "a/"] {
            assert!(parse(malformed).is_err(), "{malformed}");
        }
    }

    #[test]
    fn currencies_extend_the_table() {
        let mut table = UnitTable::new();
        assert!(table.add_currency("EUR", 1.25));
        assert!(!table.add_currency("USD", 1.0));
        assert!(!table.add_currency("GBP", 0.0));
        assert_eq!(table.parse("EUR/month").unwrap().to_base(MONTH), 1.25);
    }
}
