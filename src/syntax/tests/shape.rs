//! Section 2 and 3 of the language: what shape a text has.

use super::*;

#[track_caller]
fn reads(text: &str, shape: &str) {
    assert_eq!(complaints(text), Vec::<String>::new(), "{text}");
    assert_eq!(show(text), shape, "{text}");
}

#[test]
fn items_end_with_the_line_or_a_separator() {
    reads("a 1\nb 2", "a 1; b 2");
    reads("a 1; b 2, c 3", "a 1; b 2; c 3");
    reads("a { b 1, c 2; d 3 }", "a {b 1; c 2; d 3}");
    let tree = tree("a 1, b 2; c 3,\n d 4");
    let leads: Vec<Separator> = tree.items.iter().map(|item| item.lead).collect();
    assert_eq!(leads, [Separator::Line, Separator::Comma, Separator::Semicolon, Separator::Line]);
}

#[test]
fn a_line_goes_on_behind_an_operator_an_arrow_and_an_open_bracket() {
    reads("let a = b *\n  c", "let a = <b * c>");
    reads("let a =\n  b", "let a = b");
    reads("a ->\n b ->\n\n c", "a -> b -> c");
    reads("let a = (b\n + c)", "let a = (<b + c>)");
    reads("in [us\n eu]", "in [us, eu]");
    reads("let a = max(b,\n c)", "let a = max(b, c)");
    reads("let a = b + // remark\n  c", "let a = <b + c>");
}

#[test]
fn a_line_goes_on_where_the_next_begins_with_an_arrow() {
    reads("user\n  -> api\n  -> db read post\nb 1", "user -> api -> db read post; b 1");
    reads("user\n\n  // remark\n  ~> api", "user ~> api");
}

#[test]
fn nodes_steps_and_properties() {
    reads(
        "store posts: wide-column \"Posts\" { replicas 3 }",
        "store posts :wide-column \"Posts\" {replicas 3}",
    );
    reads("queue jobs:postgres", "queue jobs :postgres");
    reads("a -> b ~> c read post \"T\" { times 2 }", "a -> b ~> c read post \"T\" {times 2}");
    reads("a->b~>c", "a -> b ~> c");
    reads("states placed -> paid", "states placed -> paid");
    reads("view_feed.p99 <= 250ms", "<view_feed.p99 <= 250'ms>");
    reads("store.rate 5", "store.rate 5");
}

#[test]
fn values_stand_side_by_side_and_operators_join() {
    reads("in us eu", "in us eu");
    reads("fan_out editors - 1", "fan_out <editors - 1>");
    reads("fan_out editors -1", "fan_out <editors - 1>");
    reads("a 1 2 * 3 4", "a 1 <2 * 3> 4");
}

#[test]
fn operators_bind_by_strength() {
    reads("let x = a + b * c - d / e", "let x = <<a + <b * c>> - <d / e>>");
    reads("let x = a to b + c", "let x = <a to <b + c>>");
    reads("x >= a to b", "<x >= <a to b>>");
    reads("x < -a * b", "<x < <<-a> * b>>");
    reads("let x = (a + b) / 2", "let x = <(<a + b>) / 2>");
    reads("let x = - - 5", "let x = <-<-5>>");
    reads("a.b != c", "<a.b != c>");
}

#[test]
fn conditions_and_words_share_an_item() {
    reads("error_rate > 1% for 5 min", "<error_rate > 1%> for 5'min");
    reads(
        "forbid service -> store where source.group != target.group",
        "forbid service -> store where <source.group != target.group>",
    );
}

#[test]
fn intervals() {
    reads("let s = 200 kB to 3 MB", "let s = <200'kB to 3'MB>");
    reads("replicas 4 to 40", "replicas <4 to 40>");
    reads("to api 5", "to api 5");
    reads("go to api", "go to api");
    reads("route a to b", "route <a to b>");
    reads("send a to \"x\"", "send a to \"x\"");
    reads("x 1 to -1", "x <1 to <-1>>");
}

#[test]
fn numbers_take_their_units() {
    reads("let x = 500M users", "let x = 500M'users");
    reads("a 2.5k req/s", "a 2.5k'req/s");
    reads("a 99.95%", "a 99.95%");
    reads("a 3x", "a 3x");
    reads("a 5 MB", "a 5'MB");
    reads("a 5M", "a 5M");
    reads("a 5bn users", "a 5bn'users");
    reads("a 12ms", "a 12'ms");
    reads("a 5Musers", "a 5M'users");
    reads("a 40kUSD", "a 40k'USD");
    reads("a 0.4USD/M", "a 0.4'USD/M");
    reads("a 0.02 USD/GB/month", "a 0.02'USD/GB/month");
    reads("a 20/day", "a 20'/day");
    reads("a 5%/month", "a 5%'/month");
    reads("a 100/min per user", "a 100'/min per user");
    reads("a 10 EUR/month", "a 10'EUR/month");
    reads("a 12foo", "a 12'foo");
    reads("rate dau * 20/day", "rate <dau * 20'/day>");
}

#[test]
fn a_number_with_its_unit_is_one_literal() {
    reads("let x = 100 kB/s / 10 kB/s", "let x = <100'kB/s / 10'kB/s>");
    reads("let x = 10/x", "let x = <10 / x>");
    reads("let x = 10 / day", "let x = <10 / day>");
    reads("let x = 5 GB/replicas", "let x = <5'GB / replicas>");
    reads("let x = 5 us.rate", "let x = 5 us.rate");
    reads("let x = 15 min(a)", "let x = 15 min(a)");
    reads("replicas 5\nms 4", "replicas 5; ms 4");
    reads("let x = 10/min(a, b)", "let x = <10 / min(a, b)>");
}

#[test]
fn dates_are_not_subtractions() {
    reads("date 2026-03-01", "date @2026-03-01");
    reads("let x = 2026 - 3 - 1", "let x = <<2026 - 3> - 1>");
    assert_eq!(complaints("date 2026-3-1"), ["`2026-3-1` is not a date @ 2026-3-1"]);
    assert_eq!(complaints("date 2026-02-29"), ["`2026-02-29` is not a date @ 2026-02-29"]);
}

#[test]
fn calls_touch_their_bracket() {
    reads("let x = max(a, b.c, 2)", "let x = max(a, b.c, 2)");
    reads("let x = max (a)", "let x = max (a)");
    reads("let x = sum(max(a, b), (c))", "let x = sum(max(a, b), (c))");
}

#[test]
fn lists_take_commas_or_blanks() {
    reads("in [us, eu]", "in [us, eu]");
    reads("x in [tls mtls] where y", "x in [tls, mtls] where y");
    reads("a [1 + 2 3, (4)]", "a [<1 + 2>, 3, (4)]");
    reads("a []", "a []");
    reads("a [b, c,]", "a [b, c]");
}

#[test]
fn comments_are_transparent() {
    reads("a /* x */ 1 // y\nb /* over\n lines */ 2", "a 1; b 2");
    let tree = tree("// one\na 1 /* two */ // three\n/* four */");
    let kinds: Vec<bool> = tree.comments.iter().map(|c| c.block).collect();
    assert_eq!(kinds, [false, true, false, true]);
}

#[test]
fn documentation_belongs_to_the_item_that_follows() {
    let tree = tree(
        "//! The system\n//!second\n\n/// First\n///  indented\n// remark\napi { /// inner\n x 1 }\n//// no doc",
    );
    assert!(tree.findings.is_empty(), "{:?}", tree.findings);
    let texts = |docs: &[Doc]| docs.iter().map(|d| d.text.to_string()).collect::<Vec<_>>();
    assert_eq!(texts(&tree.docs), ["The system", "second"]);
    assert_eq!(texts(&tree.items[0].docs), ["First", " indented"]);
    let inner = &tree.items[0].block.as_ref().expect("a block").items[0];
    assert_eq!(texts(&inner.docs), ["inner"]);
    assert_eq!(tree.comments.len(), 2);
}

#[test]
fn strings() {
    reads(r#"a "b \"c\" {" "#, r#"a "b \"c\" {""#);
    reads("a \"\"\"\n  x\n    y\n  \"\"\"", r#"a "x\n  y""#);
    reads("a \"\"", "a \"\"");
}
