//! From the text of a data file to a [`Technology`]. A file that does not parse is a defect that the tests find.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::fact::{Confidence, Derived, Fact, FactValue, Origin, Unknown};
use super::getters::{Anchor, PartitionLimit};
use super::keys::Class;
use super::technology::Technology;
use super::variant::{Condition, Variant};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileText {
    id: String,
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    kind: String,
    class: Vec<String>,
    fits: Vec<String>,
    managed: bool,
    entered: String,
    #[serde(default)]
    notes: Vec<String>,
    #[serde(default)]
    normalised: BTreeMap<String, DerivedText>,
    #[serde(default)]
    anchors: Vec<RateText>,
    #[serde(default)]
    partition_limits: Vec<RateText>,
    #[serde(default)]
    variants: Vec<VariantText>,
    #[serde(default)]
    facts: BTreeMap<String, BTreeMap<String, FactText>>,
    #[serde(default)]
    unknown: BTreeMap<String, UnknownText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DerivedText {
    value: FactValue,
    confidence: Confidence,
    #[serde(default)]
    from: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RateText {
    operation: String,
    per_s: f64,
    unit: String,
    scope: String,
    confidence: Confidence,
    from: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VariantText {
    name: String,
    when: BTreeMap<String, String>,
    alias: Option<String>,
    why: String,
    #[serde(default)]
    set: BTreeMap<String, DerivedText>,
    #[serde(default)]
    partition_limits: Vec<RateText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactText {
    value: FactValue,
    source: String,
    confidence: Confidence,
    note: Option<String>,
    date: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum UnknownText {
    Reason(String),
    Noted { reason: String, note: Option<String> },
}

/// The technology that the file describes.
pub(super) fn technology(text: &str) -> Option<Technology> {
    read(text).ok()
}

/// The same, with the reason why not.
pub(super) fn read(text: &str) -> Result<Technology, String> {
    let file: FileText = toml::from_str(text).map_err(|error| error.to_string())?;
    let classes = file.class.iter().map(|word| Class::parse(word).ok_or(format!("no class `{word}`")));
    let classes = classes.collect::<Result<Vec<_>, _>>()?;
    let variants = file.variants.into_iter().map(variant).collect::<Result<Vec<_>, _>>()?;
    Ok(Technology {
        facts: facts(file.facts, &file.entered),
        unknown: file.unknown.into_iter().map(unknown).collect(),
        normalised: derived(file.normalised, &Origin::Catalogue),
        anchors: file.anchors.into_iter().map(anchor).collect(),
        partition_limits: file.partition_limits.into_iter().map(limit).collect(),
        id: file.id,
        name: file.name,
        aliases: file.aliases,
        kind: file.kind,
        classes,
        fits: file.fits,
        managed: file.managed,
        entered: file.entered,
        notes: file.notes,
        variants,
        applied: Vec::new(),
    })
}

fn facts(sections: BTreeMap<String, BTreeMap<String, FactText>>, entered: &str) -> BTreeMap<String, Fact> {
    let mut facts = BTreeMap::new();
    for (section, items) in sections {
        for (name, text) in items {
            let path = format!("{section}.{name}");
            let FactText { value, source, confidence, note, date } = text;
            let date = Some(date.unwrap_or_else(|| entered.to_owned()));
            let fact =
                Fact { path: path.clone(), value, source, confidence, note, date, origin: Origin::Catalogue };
            facts.insert(path, fact);
        }
    }
    facts
}

fn unknown((path, text): (String, UnknownText)) -> (String, Unknown) {
    let (reason, note) = match text {
        UnknownText::Reason(reason) => (reason, None),
        UnknownText::Noted { reason, note } => (reason, note),
    };
    (path.clone(), Unknown { path, reason, note })
}

fn derived(texts: BTreeMap<String, DerivedText>, origin: &Origin) -> BTreeMap<String, Derived> {
    let derive = |text: DerivedText| Derived {
        value: text.value,
        confidence: text.confidence,
        from: text.from,
        origin: origin.clone(),
    };
    texts.into_iter().map(|(key, text)| (key, derive(text))).collect()
}

fn anchor(text: RateText) -> Anchor {
    let RateText { operation, per_s, unit, scope, confidence, from } = text;
    Anchor { operation, per_s, unit, scope, confidence, from }
}

fn limit(text: RateText) -> PartitionLimit {
    let RateText { operation, per_s, unit, scope, confidence, from } = text;
    PartitionLimit { scope, operation, per_s, unit, confidence, from }
}

fn variant(text: VariantText) -> Result<Variant, String> {
    let mut when = BTreeMap::new();
    for (key, words) in text.when {
        let condition = Condition::parse(&words).ok_or(format!("no condition `{words}`"))?;
        when.insert(key, condition);
    }
    let origin = Origin::Variant(text.name.clone());
    Ok(Variant {
        set: derived(text.set, &origin),
        partition_limits: text.partition_limits.into_iter().map(limit).collect(),
        alias: text.alias.as_deref().map(super::fold),
        name: text.name,
        when,
        why: text.why,
    })
}
