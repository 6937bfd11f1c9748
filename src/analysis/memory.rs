//! Caches: how much fits, what is hit, how old an entry may be; and what Bloom filters cost and spare.

use super::case::Case;
use super::derivation::{FactId, Operation, Unit};
use super::derive::{DATA, NUMBER, RATE, TIME, What};
use super::facts::Load;
use super::shape::Shape;
use crate::catalog::Technology;
use crate::model::{Element, ElementId, Operation as Does};
use crate::numeric::bloom;
use crate::numeric::cache::{Eviction, Popularity};
use crate::schema::Kind;
use ecow::eco_format;

/// Reads a second of each element on average, as far as they are known before the hit ratios are.
pub type Reads = Vec<Option<f64>>;

/// Whether the hit ratio of an element follows from how often it is read: what expires must be asked for again
/// before that.
pub fn expires(case: &Case<'_>, id: ElementId) -> bool {
    let element = case.element(id);
    let computed = matches!(element.kind, Kind::Cache | Kind::Cdn)
        && !case.overrides.is_failed(id)
        && !case.overrides.hits.contains_key(&id)
        && !element.props.has("hit");
    computed && element.props.has("ttl") && element.props.has("items")
}

/// The hit ratio of each cache and cdn; `None` for everything else.
pub fn hit_ratios(case: &mut Case<'_>, shapes: &[Shape], reads: &Reads) -> Vec<Option<FactId>> {
    let caching: Vec<(ElementId, bool)> =
        case.model.elements().map(|(id, e)| (id, matches!(e.kind, Kind::Cache | Kind::Cdn))).collect();
    let of = |id: ElementId| reads.get(id.index()).copied().flatten();
    caching
        .into_iter()
        .map(|(id, caches)| caches.then(|| hit_ratio(case, id, &shapes[id.index()], of(id))))
        .collect()
}

fn hit_ratio(case: &mut Case<'_>, id: ElementId, shape: &Shape, reads: Option<f64>) -> FactId {
    let element = case.element(id);
    let name = &element.head.name;
    let full = eco_format!("{name}.cache.hit_ratio");
    if case.overrides.is_failed(id) {
        let what = What::of(name, "cache.hit_ratio", Unit::Share);
        return case.graph.constant(what.labelled(eco_format!("{name} is down: every read misses")), 0.0);
    }
    if let Some(hit) = case.overrides.hits.get(&id) {
        return case.stated(full, "hit ratio in the scenario", hit, Unit::Share);
    }
    if let Some(hit) = element.props.quantity("hit") {
        return case.stated(full, "hit ratio", hit, Unit::Share);
    }
    computed_hit_ratio(case, id, shape, reads)
}

/// Che's approximation over what fits; where something is missing it says that `hit` would do.
fn computed_hit_ratio(case: &mut Case<'_>, id: ElementId, shape: &Shape, reads: Option<f64>) -> FactId {
    let element = case.element(id);
    let name = &element.head.name;
    let what = What::of(name, "cache.hit_ratio", Unit::Share);
    let (items, size) = (element.props.quantity("items"), element.props.quantity("item_size"));
    let (Some(items), Some(size), true) = (items, size, element.props.has("memory")) else {
        return case.graph.missing(what, eco_format!("{name}.hit"));
    };
    let popularity = element.props.word("skew");
    let exponent = element.props.get("skew").and_then(|p| p.quantity());
    if popularity.is_none() || (popularity == Some("zipf") && exponent.is_none()) {
        return case.graph.missing(what, eco_format!("{name}.hit or {name}.skew"));
    }
    let memory = declared_memory(case, id, shape);
    let items = case.stated("", "items asked for", items, NUMBER);
    let size = case.stated("", "size of an item", size, DATA);
    let mut inputs = vec![memory, items, size];
    if let Some(exponent) = exponent {
        inputs.push(case.stated("", "exponent of Zipf's law", exponent, NUMBER));
    }
    let eviction = eviction(element);
    let zipf = popularity == Some("zipf");
    let asked = move |v: &[f64]| if zipf { Popularity::zipf(v[1], v[3]) } else { Popularity::uniform(v[1]) };
    let Some(ttl) = element.props.quantity("ttl") else {
        return case.graph.formula(what, text(eviction), inputs, move |v| {
            Ok(asked(v).hit_ratio((v[0] / v[2]).floor(), eviction))
        });
    };
    let Some(reads) = reads else {
        return case.graph.missing(what, eco_format!("{name}.hit, or how often {name} is read"));
    };
    inputs.push(case.stated("", "an entry serves for so long", ttl, TIME));
    let formula = Operation::Formula("as its load, on average".into());
    inputs.push(case.graph.put(
        What::between(eco_format!("reads of {name}"), RATE),
        Some(reads),
        formula,
        Vec::new(),
    ));
    let text = eco_format!("{}; an entry ends with its ttl", text(eviction));
    case.graph.formula(what, &text, inputs, move |v| {
        let [.., ttl, reads] = *v else { return Err("a time to live and reads".into()) };
        Ok(asked(v).expiring_hit_ratio((v[0] / v[2]).floor(), eviction, reads * ttl))
    })
}

fn eviction(element: &Element) -> Eviction {
    match element.props.word("eviction") {
        Some("lfu") => Eviction::LeastFrequentlyUsed,
        Some("fifo") => Eviction::FirstIn,
        Some("random") => Eviction::Random,
        _ => Eviction::LeastRecentlyUsed,
    }
}

fn text(eviction: Eviction) -> &'static str {
    match eviction {
        Eviction::LeastRecentlyUsed => "LRU by Che's approximation: memory / item size items of all",
        Eviction::LeastFrequentlyUsed => "LFU: the share of the most popular memory / item size items",
        Eviction::FirstIn | Eviction::Random => {
            "FIFO or random by the variant of Martina et al.: memory / item size items of all"
        }
    }
}

/// What one copy of everything can take: memory × replicas / factor.
fn declared_memory(case: &mut Case<'_>, id: ElementId, shape: &Shape) -> FactId {
    let element = case.element(id);
    let name = &element.head.name;
    if let Some(known) = case.graph.named(&eco_format!("{name}.memory.declared")) {
        return known;
    }
    let what = What::of(name, "memory.declared", DATA);
    let Some(memory) = element.props.quantity("memory") else {
        return case.graph.missing(what, eco_format!("{name}.memory"));
    };
    let memory = case.stated("", "memory of one replica", memory, DATA);
    match shape.factor.filter(|_| element.kind == Kind::Cache) {
        Some(factor) => {
            let inputs = vec![memory, shape.declared, factor];
            case.graph.formula(what, "memory × replicas / factor", inputs, |v| {
                if v[2] > 0.0 { Ok(v[0] * v[1] / v[2]) } else { Err("a factor above 0".into()) }
            })
        }
        None => case.graph.product(what, vec![memory, shape.declared]),
    }
}

/// Memory there is and memory needed: the items of a cache, the bits of a Bloom filter.
pub fn memory(case: &mut Case<'_>, id: ElementId, shape: &Shape) -> (FactId, FactId) {
    let element = case.element(id);
    let name = &element.head.name;
    let declared = declared_memory(case, id, shape);
    let needed = What::of(name, "memory.needed", DATA);
    if element.kind == Kind::Cache {
        let needed = match (element.props.quantity("items"), element.props.quantity("item_size")) {
            (Some(items), Some(size)) => {
                let items = case.stated("", "items asked for", items, NUMBER);
                let size = case.stated("", "size of an item", size, DATA);
                case.graph.product(needed.labelled("working set"), vec![items, size])
            }
            (None, _) => case.graph.missing(needed, eco_format!("{name}.items")),
            (_, None) => case.graph.missing(needed, eco_format!("{name}.item_size")),
        };
        return (declared, needed);
    }
    let needed = match bloom_bits(case, id) {
        Some(bits) => case
            .graph
            .formula(needed.labelled("its Bloom filter"), "bits / 8", vec![bits], |v| Ok(v[0] / 8.0)),
        None => case.graph.not_applicable(needed),
    };
    (declared, needed)
}

fn bloom_bits(case: &mut Case<'_>, id: ElementId) -> Option<FactId> {
    let element = case.element(id);
    let name = &element.head.name;
    if let Some(known) = case.graph.named(&eco_format!("{name}.bloom_filter.bits")) {
        return Some(known);
    }
    let items = element.props.quantity("bloom_filter.items")?;
    let rate = element.props.quantity("bloom_filter.false_positive")?;
    let items = case.stated("", "items in the filter", items, NUMBER);
    let rate = case.stated("", "false positives", rate, Unit::Share);
    let what = What::of(name, "bloom_filter.bits", NUMBER);
    let bits = case.graph.formula(what, "⌈-n ln p / ln²2⌉ (Bloom 1970)", vec![items, rate], |v| {
        Ok(bloom::bits(v[0], v[1]))
    });
    let what = What::of(name, "bloom_filter.hashes", NUMBER);
    case.graph.formula(what, "round(m/n · ln 2)", vec![bits, items], |v| Ok(bloom::hashes(v[0], v[1])));
    Some(bits)
}

/// The reads at peak that a Bloom filter answers without a look at the data.
pub fn reads_spared(case: &mut Case<'_>, id: ElementId, load: &Load) {
    let element = case.element(id);
    let (Some(absent), Some(rate)) = (
        element.props.quantity("bloom_filter.absent"),
        element.props.quantity("bloom_filter.false_positive"),
    ) else {
        return;
    };
    let over = element.props.at("bloom_filter.over").and_then(|p| {
        p.entities().find_map(|e| match e {
            crate::model::Entity::Data(id) => Some(id),
            _ => None,
        })
    });
    let reads = match over {
        Some(data) => load.by_data.get(&(data, Does::Read)),
        None => load.by_operation.get(&Does::Read),
    };
    let Some(reads) = reads.map(|r| r.peak) else { return };
    let absent = case.stated("", "reads of what is absent", absent, Unit::Share);
    let rate = case.stated("", "false positives", rate, Unit::Share);
    let what = What::of(&element.head.name, "bloom_filter.reads_avoided", RATE);
    case.graph.formula(what, "reads × absent × (1 - false positives)", vec![reads, absent, rate], |v| {
        Ok(v[0] * v[1] * (1.0 - v[2]))
    });
}

/// Hit ratio and the bound of staleness of a cache; `None` for what is none.
pub fn cache_facts(case: &mut Case<'_>, id: ElementId, hits: &[Option<FactId>]) -> Option<(FactId, FactId)> {
    let hit = hits[id.index()]?;
    let element = case.element(id);
    let name = &element.head.name;
    let full = eco_format!("{name}.cache.staleness");
    let staleness = match (element.props.quantity("ttl"), element.tech().and_then(Technology::ttl_default_s))
    {
        (Some(ttl), _) => case.stated(full, "an entry serves for so long", ttl, TIME),
        (None, Some(known)) => {
            let what = What::of(name, "cache.staleness", TIME);
            case.graph.put(what, Some(known.value), Operation::Catalogue(known.source.into()), Vec::new())
        }
        (None, None) => {
            case.graph.missing(What::of(name, "cache.staleness", TIME), eco_format!("{name}.ttl"))
        }
    };
    Some((hit, staleness))
}
