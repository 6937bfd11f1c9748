//! Which anomalies remain possible, per real database and level, as Hermitage measured them.

use std::sync::OnceLock;

use serde::Deserialize;

use super::model::Model;
use crate::catalog::FactValue;

const TEXT: &str = include_str!("../../../catalog/consistency/hermitage.json");

/// The credit of the table.
pub const SOURCE: &str = "Hermitage by Martin Kleppmann, github.com/ept/hermitage README @000346f, CC BY 4.0";

/// Databases of the table by technology.
const DATABASES: &[(&str, &str)] = &[
    ("postgresql", "PostgreSQL"),
    ("postgis", "PostgreSQL"),
    ("pgvector", "PostgreSQL"),
    ("mysql", "MySQL/InnoDB"),
    ("oracle", "Oracle DB"),
    ("sqlserver", "MS SQL Server"),
    ("cockroachdb", "CockroachDB"),
    ("yugabytedb", "YugabyteDB"),
];

/// An anomaly of concurrent transactions, in Adya's notation as the table uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Anomaly {
    /// Dirty write.
    G0,
    /// Aborted read.
    G1a,
    /// Intermediate read.
    G1b,
    /// Circular information flow.
    G1c,
    /// Observed transaction vanishes.
    Otv,
    /// Predicate-many-preceders.
    Pmp,
    /// Lost update.
    P4,
    /// Single anti-dependency cycle: read skew.
    GSingle,
    /// Item anti-dependency cycle: write skew on disjoint reads.
    G2Item,
    /// Anti-dependency cycle: write skew on predicates.
    G2,
}

impl Anomaly {
    /// Every anomaly, in the order of the table's columns.
    pub const ALL: &'static [Anomaly] = &[
        Anomaly::G0,
        Anomaly::G1a,
        Anomaly::G1b,
        Anomaly::G1c,
        Anomaly::Otv,
        Anomaly::Pmp,
        Anomaly::P4,
        Anomaly::GSingle,
        Anomaly::G2Item,
        Anomaly::G2,
    ];

    /// The name of the column.
    pub fn id(self) -> &'static str {
        match self {
            Anomaly::G0 => "G0",
            Anomaly::G1a => "G1a",
            Anomaly::G1b => "G1b",
            Anomaly::G1c => "G1c",
            Anomaly::Otv => "OTV",
            Anomaly::Pmp => "PMP",
            Anomaly::P4 => "P4",
            Anomaly::GSingle => "G-single",
            Anomaly::G2Item => "G2-item",
            Anomaly::G2 => "G2",
        }
    }

    /// What an engineer calls it.
    pub fn name(self) -> &'static str {
        match self {
            Anomaly::G0 => "dirty write",
            Anomaly::G1a => "aborted read",
            Anomaly::G1b => "intermediate read",
            Anomaly::G1c => "circular information flow",
            Anomaly::Otv => "observed transaction vanishes",
            Anomaly::Pmp => "predicate-many-preceders",
            Anomaly::P4 => "lost update",
            Anomaly::GSingle => "read skew",
            Anomaly::G2Item => "write skew",
            Anomaly::G2 => "write skew on predicates",
        }
    }

    /// The anomaly of a column's name.
    pub fn parse(id: &str) -> Option<Anomaly> {
        Anomaly::ALL.iter().copied().find(|anomaly| anomaly.id() == id)
    }
}

/// Whether a level prevents an anomaly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prevention {
    /// Always.
    Yes,
    /// Not at all.
    No,
    /// Only in transactions that do not write.
    ReadOnly,
    /// In some cases.
    Some,
}

#[derive(Deserialize)]
struct TableText {
    rows: Vec<RowText>,
}

#[derive(Deserialize)]
struct RowText {
    db: String,
    level: String,
    default: bool,
    actual: String,
    #[serde(rename = "G0")]
    g0: Prevention,
    #[serde(rename = "G1a")]
    g1a: Prevention,
    #[serde(rename = "G1b")]
    g1b: Prevention,
    #[serde(rename = "G1c")]
    g1c: Prevention,
    #[serde(rename = "OTV")]
    otv: Prevention,
    #[serde(rename = "PMP")]
    pmp: Prevention,
    #[serde(rename = "P4")]
    p4: Prevention,
    #[serde(rename = "G-single")]
    g_single: Prevention,
    #[serde(rename = "G2-item")]
    g2_item: Prevention,
    #[serde(rename = "G2")]
    g2: Prevention,
}

/// One isolation level of one database.
#[derive(Clone, Debug, PartialEq)]
pub struct IsolationLevel {
    /// The database's own name for it: `repeatable read`.
    pub name: String,
    /// Whether it is the default.
    pub default: bool,
    /// What it actually is.
    pub actual: Option<Model>,
    prevented: [Prevention; 10],
}

impl IsolationLevel {
    /// Whether it prevents the anomaly.
    pub fn prevents(&self, anomaly: Anomaly) -> Prevention {
        self.prevented.get(anomaly as usize).copied().unwrap_or(Prevention::No)
    }

    /// The anomalies that are not always prevented, in the order of the table.
    pub fn possible(&self) -> Vec<Anomaly> {
        let open = |anomaly: &Anomaly| self.prevents(*anomaly) != Prevention::Yes;
        Anomaly::ALL.iter().copied().filter(open).collect()
    }

    /// Whether an update can be lost.
    pub fn lost_update_possible(&self) -> bool {
        self.prevents(Anomaly::P4) != Prevention::Yes
    }

    /// Whether two transactions can together break an invariant over several rows.
    pub fn write_skew_possible(&self) -> bool {
        self.prevents(Anomaly::G2Item) != Prevention::Yes
    }

    /// Reads an item of the fact `isolation.levels`; the first item of such a list is not marked as the default.
    pub(in crate::catalog) fn from_fact(value: &FactValue) -> Option<IsolationLevel> {
        let FactValue::Table(fields) = value else { return None };
        let listed = |key: &str, anomaly: Anomaly| matches!(fields.get(key), Some(FactValue::List(ids)) if ids.iter().any(|id| id.text() == Some(anomaly.id())));
        let mut prevented = [Prevention::No; 10];
        for (cell, anomaly) in prevented.iter_mut().zip(Anomaly::ALL) {
            if listed("read_only_only", *anomaly) {
                *cell = Prevention::ReadOnly;
            } else if listed("prevents", *anomaly) {
                *cell = Prevention::Yes;
            }
        }
        let actual = fields.get("actual_model").and_then(FactValue::text).and_then(Model::parse);
        let name = fields.get("level")?.text()?.to_owned();
        Some(IsolationLevel { name, default: false, actual, prevented })
    }
}

impl From<&RowText> for IsolationLevel {
    fn from(row: &RowText) -> Self {
        let prevented =
            [row.g0, row.g1a, row.g1b, row.g1c, row.otv, row.pmp, row.p4, row.g_single, row.g2_item, row.g2];
        IsolationLevel {
            name: row.level.clone(),
            default: row.default,
            actual: Model::parse(&row.actual),
            prevented,
        }
    }
}

fn table() -> &'static [(String, IsolationLevel)] {
    static TABLE: OnceLock<Vec<(String, IsolationLevel)>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let rows = serde_json::from_str(TEXT).map_or(Vec::new(), |text: TableText| text.rows);
        rows.iter().map(|row| (row.db.clone(), row.into())).collect()
    })
}

/// The levels of a database of the table, by its name there (`PostgreSQL`) or by the identifier of the technology;
/// `None` where it was not measured.
pub fn levels_of(database: &str) -> Option<Vec<IsolationLevel>> {
    let folded = crate::catalog::fold(database);
    let name = DATABASES.iter().find(|(id, _)| *id == folded).map_or(database, |(_, name)| *name);
    let levels: Vec<_> = table()
        .iter()
        .filter(|(db, _)| db.eq_ignore_ascii_case(name))
        .map(|(_, level)| level.clone())
        .collect();
    (!levels.is_empty()).then_some(levels)
}

/// The level that a design means by `name`: that of the same name, else the variant of it that is the default, else,
/// for `snapshot_isolation`, the level that actually is one.
pub fn choose<'a>(levels: &'a [IsolationLevel], name: &str) -> Option<&'a IsolationLevel> {
    let wanted = crate::catalog::fold(name);
    let folded = |level: &IsolationLevel| crate::catalog::fold(&level.name);
    let exact = levels.iter().find(|level| folded(level) == wanted);
    let variant = || {
        let mut variants = levels.iter().filter(|level| folded(level).starts_with(&format!("{wanted}_(")));
        let first = variants.clone().next();
        variants.find(|level| level.default).or(first)
    };
    let snapshot = || {
        let is_snapshot = wanted == "snapshot_isolation" || wanted == "snapshot";
        levels.iter().find(|level| is_snapshot && level.actual == Some(Model::SnapshotIsolation))
    };
    exact.or_else(variant).or_else(snapshot)
}

/// Whether the level of the database prevents the anomaly; `None` where that was not measured.
pub fn prevention(database: &str, level: &str, anomaly: Anomaly) -> Option<Prevention> {
    choose(&levels_of(database)?, level).map(|level| level.prevents(anomaly))
}

/// Whether an update can be lost at that level of that database; `None` where that was not measured.
pub fn lost_update_possible(database: &str, level: &str) -> Option<bool> {
    choose(&levels_of(database)?, level).map(IsolationLevel::lost_update_possible)
}

/// Whether write skew is possible at that level of that database; `None` where that was not measured.
pub fn write_skew_possible(database: &str, level: &str) -> Option<bool> {
    choose(&levels_of(database)?, level).map(IsolationLevel::write_skew_possible)
}
