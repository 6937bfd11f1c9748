//! Tests of the data files and of the index made from them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::*;
use crate::catalog::consistency::Model;

/// Texts of the data files by identifier.
fn files() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog");
    let mut files = BTreeMap::new();
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.extension().is_some_and(|extension| extension == "toml") && stem != "numbers" {
            files.insert(stem, read(&path));
        }
    }
    files
}

#[expect(clippy::disallowed_methods, reason = "the test compares the data files with what is built in")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

fn technologies() -> Vec<Technology> {
    files()
        .iter()
        .map(|(id, text)| parse::read(text).unwrap_or_else(|error| panic!("{id}: {error}")))
        .collect()
}

fn listed<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let quoted: Vec<String> = items.into_iter().map(|item| format!("{:?}", item.as_ref())).collect();
    quoted.join(", ")
}

/// The words of a condition as the data file writes them.
fn condition_words(condition: &Condition) -> Vec<String> {
    match condition {
        Condition::AtLeast(bound) => vec![format!(">= {bound}")],
        Condition::OneOf { words, .. } => words.clone(),
    }
}

fn settings(technology: &Technology) -> String {
    let mut settings: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (key, condition) in technology.variants.iter().flat_map(|variant| &variant.when) {
        let words = settings.entry(key).or_default();
        for word in condition_words(condition) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
    }
    let written = settings
        .iter()
        .map(|(key, words)| format!("Setting {{ key: {key:?}, values: &[{}] }}", listed(words)));
    written.collect::<Vec<_>>().join(", ")
}

/// The generated source of the index.
fn index_source(technologies: &[Technology]) -> String {
    let mut text = String::from(
        "//! Generated from `catalog/*.toml` by `UPDATE=1 cargo test catalog::`; do not edit.\n\n\
         use super::{Class, Entry, Name, Setting};\n\n\
         /// Every technology, ordered by identifier.\npub const ENTRIES: &[Entry] = &[\n",
    );
    let mut names = BTreeMap::new();
    for (at, technology) in technologies.iter().enumerate() {
        let Technology { id, name, aliases, kind, fits, managed, .. } = technology;
        let classes: Vec<String> =
            technology.classes.iter().map(|class| format!("Class::{class:?}")).collect();
        let _ = writeln!(
            text,
            "    Entry {{ id: {id:?}, name: {name:?}, aliases: &[{}], kind: {kind:?}, classes: &[{}], fits: &[{}], \
             managed: {managed}, settings: &[{}], text: include_str!(\"../../catalog/{id}.toml\") }},",
            listed(aliases),
            classes.join(", "),
            listed(fits),
            settings(technology),
        );
        assert!(names.insert(fold(id), (at, false)).is_none(), "{id} is named twice");
        for alias in aliases.iter().map(|alias| fold(alias)) {
            let variant = technology.variants.iter().any(|variant| variant.alias.as_ref() == Some(&alias));
            assert!(names.insert(alias.clone(), (at, variant)).is_none(), "{alias} is named twice");
        }
    }
    text.push_str("];\n\npub(super) const NAMES: &[Name] = &[\n");
    for (folded, (entry, variant)) in names {
        let _ = writeln!(text, "    Name {{ folded: {folded:?}, entry: {entry}, variant: {variant} }},");
    }
    text.push_str("];\n");
    text
}

#[test]
#[expect(clippy::disallowed_methods, reason = "UPDATE=1 rewrites the generated index")]
fn the_index_is_made_from_the_data_files() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/catalog/index.rs");
    let expected = index_source(&technologies());
    if std::env::var("UPDATE").is_ok_and(|update| update == "1") {
        std::fs::write(&path, &expected).unwrap();
    }
    assert!(read(&path) == expected, "run `UPDATE=1 cargo test catalog::` and commit src/catalog/index.rs");
}

#[test]
fn there_are_87_technologies_and_each_is_found_by_its_names() {
    let catalog = Catalog::builtin();
    assert_eq!(catalog.entries().len(), 87);
    for entry in catalog.entries() {
        for name in [entry.id].iter().chain(entry.aliases) {
            let found = catalog.find(name).unwrap_or_else(|| panic!("{name} is not found"));
            assert_eq!(found.id, entry.id);
            assert_eq!(found.classes, entry.classes);
        }
        assert!(catalog.find(&entry.word().to_uppercase()).is_some());
        assert_eq!(catalog.entry(&entry.word()).map(|found| found.id), Some(entry.id));
    }
}

#[test]
fn no_fact_is_without_a_source() {
    for technology in technologies() {
        for fact in technology.facts.values() {
            let at = format!("{} {}", technology.id, fact.path);
            assert!(fact.source.len() >= 8, "{at} has no source");
            assert!(!fact.source.starts_with("same"), "{at} does not say which source");
            assert!(!technology.unknown.contains_key(&fact.path), "{at} is known and unknown");
            assert_eq!(fact.date.as_deref().map(str::len), Some("2026-01-01".len()), "{at} has no date");
        }
        for unknown in technology.unknown.values() {
            assert!(!unknown.reason.is_empty(), "{} {} does not say why", technology.id, unknown.path);
        }
    }
}

#[test]
fn a_derived_value_is_as_weak_as_its_weakest_fact() {
    for technology in technologies() {
        let weakest = |at: &str, from: &[String]| {
            let confidence = |path: &String| {
                technology
                    .fact(path)
                    .unwrap_or_else(|| panic!("{at} rests on {path}, which is unknown"))
                    .confidence
            };
            // Where no single fact states it, the catalogue's word is a hint.
            from.iter().map(confidence).min().unwrap_or(Confidence::Low)
        };
        let sets = technology.variants.iter().map(|variant| &variant.set);
        for (key, derived) in [&technology.normalised].into_iter().chain(sets).flatten() {
            let at = format!("{} {key}", technology.id);
            assert_eq!(derived.confidence, weakest(&at, &derived.from), "{at}");
            assert!(Key::find(key).is_some_and(|known| known.name == key), "{at} is no key");
        }
        let variant_limits = technology.variants.iter().flat_map(|variant| &variant.partition_limits);
        for limit in technology.partition_limits.iter().chain(variant_limits) {
            assert_eq!(limit.confidence, weakest(&limit.scope, &limit.from));
        }
        for anchor in &technology.anchors {
            assert_eq!(anchor.confidence, weakest(&anchor.unit, &anchor.from));
        }
    }
}

#[test]
fn every_value_is_of_the_kind_of_its_key() {
    for technology in technologies() {
        let sets = technology.variants.iter().map(|variant| &variant.set);
        for (key, derived) in [&technology.normalised].into_iter().chain(sets).flatten() {
            let stated = StatedFact { key: key.clone(), value: derived.value.clone(), source: None };
            let overlaid = technology.overlaid(&[stated]);
            assert_eq!(overlaid.problems, [], "{} {key}", technology.id);
            assert_eq!(overlaid.technology.normalised[key].value, derived.value, "{} {key}", technology.id);
        }
    }
}

#[test]
fn a_commitment_of_all_the_time_is_not_an_availability() {
    for name in ["cloudflare", "route53"] {
        let technology = Catalog::builtin().find(name).unwrap();
        assert!(technology.fact("sla.monthly_uptime_pct").is_some());
        assert_eq!(technology.sla(), None);
        assert!(technology.why_unknown("normalised.sla").unwrap().reason.contains("credits"));
    }
    for technology in technologies() {
        assert!(technology.sla().is_none_or(|sla| sla.value < 1.0 && sla.value >= 0.99), "{}", technology.id);
    }
}

fn stated<'a>(settings: &'a [(&'a str, Stated)]) -> impl Fn(&str) -> Option<Stated> + 'a {
    move |key| settings.iter().find(|(name, _)| *name == key).map(|(_, value)| value.clone())
}

fn word(text: &str) -> Stated {
    Stated::Word(text.to_owned())
}

#[test]
fn redis_survives_a_restart_only_with_the_append_only_file() {
    // redis-doc persistence.md l.157-158: everysec loses one second, always nothing; the default is snapshots.
    let redis = Catalog::builtin().find("redis").unwrap();
    assert_eq!(redis.read_default().unwrap().value, Model::Linearizable);
    assert!(!redis.acked_survive_restart_default().unwrap().value);
    assert_eq!(redis.restart_loss_s().unwrap().value, 3600.0);
    let every_second = redis.deployed(&stated(&[("aof", word("everysec"))]));
    assert_eq!(every_second.restart_loss_s().unwrap().value, 1.0);
    assert!(!every_second.acked_survive_restart_default().unwrap().value);
    let always = redis.deployed(&stated(&[("aof", word("always"))]));
    assert_eq!(always.restart_loss_s().unwrap().value, 0.0);
    let survives = always.acked_survive_restart_default().unwrap();
    assert!(survives.value);
    assert_eq!(survives.confidence, Confidence::High);
    assert!(survives.source.contains("persistence.md"));
    assert_eq!(survives.origin, Origin::Variant("aof always".to_owned()));
    assert_eq!(always.applied, ["aof always"]);
}

#[test]
fn an_alias_can_name_a_deployment() {
    let catalog = Catalog::builtin();
    let failover = |name: &str| catalog.find(name).unwrap().auto_failover().unwrap().value;
    assert_eq!(failover("redis"), AutoFailover::Addon);
    assert_eq!(failover("redis_sentinel"), AutoFailover::Yes);
    assert_eq!(failover("redis-cluster"), AutoFailover::Yes);
    assert_eq!(catalog.find("redis_cluster").unwrap().sharded().unwrap().value, Sharding::Yes);
    assert_eq!(catalog.find("nlb").unwrap().id, "aws-elb");
}

#[test]
fn a_managed_database_earns_its_better_commitment_by_a_setting() {
    // AWS RDS SLA: 99.95% Multi-AZ, 99.5% for a single instance.
    let rds = Catalog::builtin().find("RDS").unwrap();
    assert_eq!(rds.sla().unwrap().value, 0.995);
    assert_eq!(rds.auto_failover().unwrap().value, AutoFailover::Option);
    let multi = rds.deployed(&stated(&[("multi_az", Stated::Flag)]));
    assert_eq!(multi.sla().unwrap().value, 0.9995);
    assert_eq!(multi.auto_failover().unwrap().value, AutoFailover::Yes);
    let off = rds.deployed(&stated(&[("multi_az", word("no"))]));
    assert_eq!(off.sla().unwrap().value, 0.995);
}

#[test]
fn kafka_keeps_acknowledged_messages_with_three_copies_two_in_sync() {
    // apache/kafka design.html: RF 3, min.insync 2, acks=all; acks=all is the default.
    let kafka = Catalog::builtin().find("kafka").unwrap();
    let survives = |settings: &[(&str, Stated)]| {
        kafka.deployed(&stated(settings)).acked_survive_failover_default().unwrap().value
    };
    let (three, two) = (("factor", Stated::Number(3.0)), ("min_in_sync", Stated::Number(2.0)));
    assert!(!survives(&[]));
    assert!(!survives(std::slice::from_ref(&three)));
    assert!(survives(&[three.clone(), two.clone()]));
    assert!(survives(&[three.clone(), two.clone(), ("acks", word("all"))]));
    assert!(!survives(&[three, two, ("acks", Stated::Number(1.0))]));
    assert_eq!(kafka.min_in_sync_default().unwrap().value, 1.0);
    assert_eq!(kafka.retention_default_s().unwrap().value, 7.0 * 86400.0);
}

#[test]
fn what_is_not_known_is_not_answered() {
    let catalog = Catalog::builtin();
    let cassandra = catalog.find("cassandra").unwrap();
    assert_eq!(cassandra.default_factor(), None);
    assert!(cassandra.why_unknown("replication.default_factor").unwrap().note.is_some());
    assert_eq!(catalog.find("bigquery").unwrap().read_default(), None);
    assert_eq!(catalog.find("upi").unwrap().sla(), None);
    // The token is given, but no fact of the entry states it: a hint at most.
    assert_eq!(catalog.find("sqlserver").unwrap().read_default().unwrap().confidence, Confidence::Low);
    assert!(catalog.find("oracel").is_none());
}

#[test]
fn misspelt_names_are_answered_with_near_ones() {
    let catalog = Catalog::builtin();
    assert_eq!(catalog.nearest("postgress").first(), Some(&"postgres"));
    assert_eq!(catalog.nearest("mongo").first(), Some(&"mongodb"));
    assert_eq!(catalog.nearest("redsi").first(), Some(&"redis"));
    assert_eq!(catalog.nearest("Kafak").first(), Some(&"kafka"));
    assert!(catalog.nearest("qqqqqqqq").is_empty());
}

#[test]
fn the_design_wins_and_is_listed() {
    let postgres = Catalog::builtin().find("postgres").unwrap();
    let facts = [
        ("max_connections", FactValue::Number(800.0)),
        ("retention_default", FactValue::Number(60.0)),
        ("read-default", FactValue::Text("strong".to_owned())),
        ("single_writer", FactValue::Text("no".to_owned())),
        ("limits.partitions", FactValue::Number(32.0)),
    ]
    .map(|(key, value)| StatedFact { key: key.to_owned(), value, source: None });
    let Overlaid { technology, problems } = postgres.overlaid(&facts);
    assert_eq!(problems, []);
    let connections = technology.max_connections().unwrap();
    assert_eq!((connections.value, connections.origin), (800.0, Origin::Stated));
    assert_eq!(connections.source, "stated by the design");
    assert_eq!(technology.read_default().unwrap().value, Model::Linearizable);
    assert_eq!(technology.retention_default_s().unwrap().value, 60.0);
    let listed = technology.stated();
    assert_eq!(listed.len(), 5);
    assert!(listed.contains(&("max_connections", "800".to_owned())));
    // A variant of the catalogue does not override the design.
    let own = Catalog::builtin().find("rds").unwrap();
    let sla = StatedFact { key: "availability".to_owned(), value: FactValue::Number(0.97), source: None };
    let deployed = own.overlaid(&[sla]).technology.deployed(&stated(&[("multi_az", Stated::Flag)]));
    assert_eq!(deployed.sla().unwrap().value, 0.97);
}

#[test]
fn a_fact_that_makes_no_sense_is_refused_with_what_would() {
    let mydb = Technology::new("mydb", Class::Relational);
    assert!(mydb.fits_keyword("store"));
    assert_eq!(mydb.read_default(), None);
    let state = |key: &str, value: FactValue| {
        mydb.overlaid(&[StatedFact { key: key.to_owned(), value, source: None }]).problems
    };
    assert!(matches!(&state("max_conections", FactValue::Number(1.0))[..],
        [OverlayProblem::UnknownKey { nearest, .. }] if nearest.first() == Some(&"max_connections")));
    assert!(matches!(&state("auto_failover", FactValue::Text("maybe".to_owned()))[..],
        [OverlayProblem::UnknownWord { allowed, .. }] if allowed.contains(&"yes")));
    assert!(matches!(&state("sla", FactValue::Number(99.9))[..], [OverlayProblem::WrongKind { .. }]));
    assert_eq!(state("auto_failover", FactValue::Flag(true)), []);
}

#[test]
fn isolation_levels_come_from_measurements_where_there_are_any() {
    let catalog = Catalog::builtin();
    let level = |technology: &str, name: &str| catalog.find(technology).unwrap().isolation_level(name);
    let repeatable = level("mysql", "repeatable_read").unwrap();
    assert!(repeatable.value.lost_update_possible());
    assert!(repeatable.source.contains("Hermitage"));
    assert!(!level("postgres", "snapshot_isolation").unwrap().value.lost_update_possible());
    assert!(level("postgres", "snapshot_isolation").unwrap().value.write_skew_possible());
    // TiDB is not in the table: the catalogue's own levels, which do not prevent lost updates.
    assert!(level("tidb", "repeatable_read").unwrap().value.lost_update_possible());
    assert_eq!(level("tidb", "serializable"), None);
    assert_eq!(level("mongodb", "serializable"), None);
}

#[test]
fn every_level_of_the_catalogue_agrees_with_the_measurements() {
    for technology in technologies() {
        let Some(measured) = consistency::isolation::levels_of(&technology.id) else { continue };
        let Some(FactValue::List(items)) = technology.fact("isolation.levels").map(|fact| &fact.value) else {
            continue;
        };
        for told in items.iter().filter_map(IsolationLevel::from_fact) {
            let level = measured.iter().find(|level| level.name == told.name).unwrap();
            assert_eq!(level.lost_update_possible(), told.lost_update_possible(), "{}", technology.id);
            assert_eq!(level.write_skew_possible(), told.write_skew_possible(), "{}", technology.id);
            assert_eq!(level.actual, told.actual, "{} {}", technology.id, told.name);
        }
    }
}

#[test]
fn lost_updates_and_write_skew_are_decided_by_level_else_by_model() {
    use consistency::Phenomenon::{LostUpdate, StaleRead, WriteSkew};
    let ask = |technology: &str, phenomenon, level| {
        Catalog::builtin().find(technology).unwrap().possible(phenomenon, level).map(|known| known.value)
    };
    // Hermitage: the default levels of PostgreSQL and MySQL lose updates, CockroachDB's does not.
    assert_eq!(ask("postgresql", LostUpdate, None), Some(true));
    assert_eq!(ask("mysql", LostUpdate, None), Some(true));
    assert_eq!(ask("cockroachdb", LostUpdate, None), Some(false));
    assert_eq!(ask("postgresql", WriteSkew, Some("serializable")), Some(false));
    assert_eq!(ask("oracle", WriteSkew, Some("serializable")), Some(true));
    // The catalogue's own levels; their default is told by the fact `isolation.default`.
    assert_eq!(ask("mariadb", LostUpdate, None), Some(true));
    assert_eq!(ask("aurora", WriteSkew, Some("repeatable_read")), Some(true));
    // Without levels the model decides.
    assert_eq!(ask("spanner", WriteSkew, None), Some(false));
    assert_eq!(ask("mongodb", LostUpdate, None), Some(true));
    assert_eq!(ask("mongodb", LostUpdate, Some("snapshot_isolation")), Some(false));
    assert_eq!(ask("mongodb", WriteSkew, Some("snapshot_isolation")), Some(true));
    // Not offered, not known, not a question of isolation.
    assert_eq!(ask("mongodb", WriteSkew, Some("serializable")), None);
    assert_eq!(ask("rds", LostUpdate, None), None);
    assert_eq!(ask("postgresql", StaleRead, None), None);
}

#[test]
fn limits_and_anchors_say_where_they_are_from() {
    let dynamodb = Catalog::builtin().find("dynamodb").unwrap();
    let writes = dynamodb.limits_on("write");
    // DynamoDB: 1000 write units and 3000 read units a second for one partition.
    assert_eq!(writes.iter().map(|limit| limit.value.per_s).collect::<Vec<_>>(), [1000.0]);
    assert_eq!(dynamodb.limits_on("read")[0].value.per_s, 3000.0);
    assert!(writes.iter().all(|limit| !limit.source.is_empty() && limit.confidence == Confidence::High));
    let redis = Catalog::builtin().find("redis").unwrap();
    assert_eq!(redis.anchor("write").unwrap().value.per_s, 74239.0);
    assert_eq!(Catalog::builtin().find("valkey").unwrap().anchor("read").unwrap().value.operation, "any");
    assert_eq!(Catalog::builtin().find("mysql").unwrap().anchor("read"), None);
    let sqs = Catalog::builtin().find("sqs").unwrap();
    assert!(sqs.limits_on("write").is_empty());
    assert_eq!(sqs.deployed(&stated(&[("fifo", Stated::Flag)])).limits_on("write").len(), 2);
}

#[test]
fn numbers_have_sources() {
    assert_eq!(numbers().len(), 18);
    assert!(numbers().iter().all(|number| number.source.len() > 20 && number.value > 0.0));
    assert_eq!(Number::find("data_centre_round_trip").unwrap().value, 500e-6);
    let zones = Number::find("between_zones_of_a_region").unwrap();
    assert_eq!((zones.value, zones.confidence), (250e-6, Confidence::High));
}

use consistency::IsolationLevel;
