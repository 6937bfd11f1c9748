//! The designs of `examples/estimates` report the figures that their sources publish.

use sysd::compile::{Design, Options, compile};
use sysd::source::NoFiles;

/// Half a unit of the last digit of a rounded figure, or what the source says of its own rounding.
struct Figure {
    quantity: &'static str,
    published: f64,
    relative: f64,
}

const fn exact(quantity: &'static str, published: f64) -> Figure {
    Figure { quantity, published, relative: 1e-9 }
}

const fn rounded(quantity: &'static str, published: f64, relative: f64) -> Figure {
    Figure { quantity, published, relative }
}

fn design(name: &str) -> Design {
    let path = format!("{}/examples/estimates/{name}.sysd", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read(path).expect("an example");
    compile(name, &text, &NoFiles, &Options::default())
}

fn holds(name: &str, figures: &[Figure]) {
    let design = design(name);
    let open: Vec<&str> = design.open_findings().map(|f| f.message.as_str()).collect();
    assert!(open.is_empty(), "{name}: {open:?}");
    let graph = &design.analysis.base.derivation;
    for Figure { quantity, published, relative } in figures {
        let id = sysd::analysis::names::find(&design.lowered.model, graph, quantity);
        let found = id.and_then(|id| graph.value(id)).unwrap_or_else(|| panic!("{name}: {quantity}"));
        assert!(
            (found / published - 1.0).abs() <= *relative,
            "{name}: {quantity} is {found}, published {published}"
        );
    }
}

/// Case `est-twitter`: system-design-primer, solutions/system_design/twitter/README.md @ae9bbd7 (CC BY 4.0).
#[test]
fn twitter() {
    holds(
        "twitter",
        &[
            exact("new_a_month", 150e12),
            exact("tweets.storage.bytes_at_horizon", 5.4e15),
            exact("post_tweet.rate.average", 6000.0),
            exact("read_timeline.rate.average", 100_000.0),
            exact("timelines.load.write.average", 60_000.0),
            exact("search.rate.average", 4000.0),
        ],
    );
}

/// Case `est-salesrank`: system-design-primer, solutions/system_design/sales_rank/README.md @ae9bbd7 (CC BY 4.0);
/// the source rounds the 42 bytes of its fields to 40.
#[test]
fn sales_rank() {
    holds(
        "sales_rank",
        &[
            rounded("transaction_size", 40.0, 0.051),
            rounded("new_a_month", 40e9, 0.051),
            rounded("log.storage.bytes_at_horizon", 1.44e12, 0.051),
            exact("sell.rate.average", 400.0),
            exact("popular.rate.average", 40_000.0),
        ],
    );
}

/// Case `est-querycache`: system-design-primer, solutions/system_design/query_cache/README.md @ae9bbd7 (CC BY 4.0).
#[test]
fn query_cache() {
    holds(
        "query_cache",
        &[
            exact("query_size", 270.0),
            exact("new_a_month", 2.7e12),
            exact("kept.storage.bytes_at_horizon", 2.7e12),
            exact("search.rate.average", 4000.0),
        ],
    );
}

/// Case `est-socialgraph`: system-design-primer, solutions/system_design/social_graph/README.md @ae9bbd7
/// (CC BY 4.0).
#[test]
fn social_graph() {
    holds("social_graph", &[exact("friendships", 5e9), exact("search.rate.average", 400.0)]);
}

/// Case `est-xu-twitter`: Alex Xu, System Design Interview, volume 1, chapter 2, as quoted in public notes.
#[test]
fn media_posts() {
    holds(
        "media_posts",
        &[
            exact("dau", 150e6),
            rounded("write_post.rate.average", 3500.0, 0.01),
            rounded("write_post.rate.peak", 7000.0, 0.01),
            exact("pictures.storage.bytes_per_day", 30e12),
            rounded("pictures.storage.bytes_at_horizon", 55e15, 0.01),
        ],
    );
}

/// Case `est-xu-urlshort`: Alex Xu, System Design Interview, volume 1, chapter 8 (corrected edition), as quoted in
/// public notes.
#[test]
fn url_shortener() {
    holds(
        "url_shortener",
        &[
            rounded("shorten.rate.average", 1160.0, 0.003),
            rounded("follow_link.rate.average", 11_600.0, 0.003),
            exact("addresses", 365e9),
            exact("links.storage.bytes_at_horizon", 36.5e12),
        ],
    );
}

/// Case `est-snowflake`: Twitter's layout of identifiers (Xu, volume 1, chapter 7): 69 years, 4 096 a millisecond.
#[test]
fn snowflake() {
    let year = 365.0 * 86_400.0;
    holds(
        "snowflake",
        &[rounded("lasts", 69.5 * year, 0.5 / 69.5), exact("worker_ids.capacity", 4_096_000.0)],
    );
}
