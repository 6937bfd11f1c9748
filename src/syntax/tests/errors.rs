//! What is said about texts that do not have the shape of the language: one finding for
//! one error, at its place, and fixes that leave nothing to say.

use super::*;

/// One error: the text, the shape that it still has, the message and the input it points at.
#[track_caller]
fn says(text: &str, shape: &str, message: &str, at: &str) {
    assert_eq!(complaints(text), [format!("{message} @ {at}")], "{text}");
    assert_eq!(show(text), shape, "{text}");
    let tree = tree(text);
    let finding = tree.findings.first().expect("one finding");
    assert!(finding.help.is_some() && !finding.primary.text.is_empty(), "{finding:?} offers no way out");
    assert!(!finding.message.ends_with('.') && !finding.message.contains("invalid"), "{}", finding.message);
}

#[track_caller]
fn is_fixed(text: &str, to: &str) {
    assert!(!complaints(text).is_empty(), "{text}");
    assert_eq!(fixed(text), to);
    assert_eq!(complaints(to), Vec::<String>::new());
}

#[test]
fn missing_operands() {
    says("let x = a *", "let x = <a * ?>", "expected a value after `*`", "*");
    says("let x = a * / b", "let x = <<a * ?> / b>", "expected a value after `*`", "*");
    says("let x = * 5", "let x = <? * 5>", "expected a value before `*`", "*");
    says("let x = -", "let x = <-?>", "expected a value after `-`", "-");
    says("let x =", "let x =", "expected a value after `=`", "=");
    says("= 5", "= 5", "expected a name before `=`", "=");
    says("let x = ()", "let x = (?)", "expected a value in brackets", "()");
    says("let x = 5 < ", "let x = <5 < ?>", "expected a value after `<`", "<");
}

#[test]
fn steps_without_an_end() {
    says("a ->", "a ->", "expected a name after `->`", "->");
    says("a -> \"title\"", "a -> \"title\"", "expected a name after `->`", "->");
    says("-> b", "-> b", "expected a name before `->`", "->");
    says("a { }\n-> b", "a {}; -> b", "expected a name before `->`", "->");
    says("a ~> ~> b", "a ~> ~> b", "expected a name before `~>`", "~>");
}

#[test]
fn wrong_arrows_and_operators() {
    says("a --> b", "a -> b", "`-->` is not an arrow", "-->");
    says("a => b", "a -> b", "`=>` is not an arrow", "=>");
    says("a —> b", "a -> b", "`—>` is not an arrow", "—>");
    says("a <- b", "a -> b", "`<-` is not an arrow", "<-");
    says("a.p99 => 5ms", "a.p99 ? 5'ms", "`=>` is not an operator", "=>");
    says("a.p99 ≤ 5ms", "<a.p99 <= 5'ms>", "`≤` is not an operator", "≤");
    says("x < 5 < 6", "<<x < 5> < 6>", "comparisons do not chain", "<");
    says("let x = 1 to 2 to 3", "let x = <<1 to 2> to 3>", "an interval has two ends", "to");
    is_fixed("a --> b → c ~~> d", "a -> b -> c ~> d");
    is_fixed("a.p99 ≤ 5 × 2", "a.p99 <= 5 * 2");
}

#[test]
fn blocks_and_their_owners() {
    says("a\n{ b 1 }", "a {b 1}", "`{` stands on the line of its owner", "{");
    says("{ b 1 }", "{b 1}", "expected an item before `{`", "{");
    says("a { }\n{ }", "a {}; {}", "expected an item before `{`", "{");
    says("a { b 1 } c 2", "a {b 1}; c 2", "expected a new line, `,` or `;` after `}`", "c 2");
    is_fixed("a\n  {\n b 1 }", "a {\n b 1 }");
    is_fixed("a // note\n{\n b 1\n}", "a { // note\n\n b 1\n}");
    is_fixed("a { b 1 } c 2", "a { b 1 }; c 2");
}

#[test]
fn braces_without_a_partner_are_found_by_indentation() {
    let inner = "flow a {\n  on miss {\n    x -> z\n}\nflow b { x 1 }";
    says(inner, "flow a {on miss {x -> z}}; flow b {x 1}", "`{` is never closed", "{");
    assert_eq!(tree(inner).findings[0].primary.span.start, 19);
    let outer = "flow a {\n  x -> y\n\nflow b {\n  x 1\n}\n";
    assert_eq!(complaints(outer), ["`{` is never closed @ {"]);
    let extra = "service a {\n  }\n  replicas 3\n}\n";
    says(extra, "service a {?; replicas 3}", "`}` closes nothing", "}");
    assert_eq!(tree(extra).findings[0].primary.span.start, 14);
    says("a }", "a ?", "`}` closes nothing", "}");
    // Balanced braces are never doubted, however they are indented.
    assert_eq!(complaints("flow a {\n      b {\n  c 1\n}\n}\n"), Vec::<String>::new());
}

#[test]
fn brackets_without_a_partner() {
    says("let x = (a + b\nlet y = 5", "let x = ? <a + b>; let y = 5", "`(` is never closed", "(");
    says("let x = a + b)", "let x = <a + b> ?", "`)` closes nothing", ")");
    says("a { b [ }", "a {b ?}", "`[` is never closed", "[");
    says("let x = (a b)", "let x = (a)", "expected an operator or `)`", "b");
    says("let x = (a, b)", "let x = (a)", "`,` has no place in brackets", ",");
    says("let x = [a -> b]", "let x = [a, b]", "`->` has no place in a list", "->");
    says("let x = max(a b)", "let x = max(a, b)", "expected `,` or `)` in a call", "b");
    assert_eq!(complaints("a ) ] }\nb ( [ {").len(), 6);
}

#[test]
fn strings_and_comments_without_an_end() {
    says("a \"title\nc 1", "a \"title\"; c 1", "a string is never closed", "\"title");
    says("flow a \"title {\n b 1\n}", "flow a \"title \" {b 1}", "a string is never closed", "\"title ");
    says("a { b \"x }", "a {b \"x \"}", "a string is never closed", "\"x ");
    says("a \"\"\"x\n", "a \"x\"", "a string is never closed", "\"\"\"");
    says("a /* x\n", "a", "a comment is never closed", "/*");
    says(r#"a "x\q""#, "a \"x\"", "`\\q` is not an escape", "\\q");
    says("# x ; { (\na 1", "a 1", "`#` does not begin a comment", "#");
    says("a “b”", "a \"b\"", "a string stands in straight double quotes", "“b”");
    is_fixed("a 'b \"c\"' # d", "a \"b \\\"c\\\"\" // d");
    is_fixed(r#"a "C:\q""#, r#"a "C:\\q""#);
}

#[test]
fn documentation_that_documents_nothing() {
    says("a {\n  /// x\n}", "a {}", "`///` documents the item that follows, and none starts here", "/// x");
    says("a 1\n//! x\nb 2", "a 1; b 2", "`//!` documents the whole file and stands at its top", "//! x");
}

#[test]
fn names_and_stray_characters() {
    says("größe 5", "? 5", "`größe` is not a name", "größe");
    says("a -> größe", "a -> ?", "`größe` is not a name", "größe");
    says("my-api -> db", "? -> db", "`my-api` is a subtraction, not a name", "my-api");
    says("service my-api: go", "service ? :go", "`my-api` is a subtraction, not a name", "my-api");
    says("layer 4|7", "layer ?", "`4|7` has no meaning here", "4|7");
    says("cost $40", "cost ?", "`$40` has no meaning here", "$40");
    says("a b.", "a ?", "`b.` has no meaning here", "b.");
    says("a .5", "a ?", "`.5` has no meaning here", ".5");
    says("a \u{7}", "a ?", "the control character U+0007 has no meaning here", "\u{7}");
    says("a\u{a0}5", "a 5", "U+00A0 is not a blank that sysd reads", "\u{a0}");
    is_fixed("my-api -> a.b", "my_api -> a.b");
    is_fixed("a\u{a0}5", "a 5");
}

#[test]
fn numbers_of_other_languages() {
    says("posts 1,000", "posts 1; 000", "a comma starts a new item", "1,000");
    says("posts 1_000", "posts 1'_000", "`1_000` is not a number", "1_000");
    says("posts 1e6", "posts 1'e6", "`1e6` is not a number", "1e6");
    says("a 1.2.3", "a ?", "`1.2.3` has no meaning here", "1.2.3");
    is_fixed("posts 1,000,000 users", "posts 1000000 users");
    is_fixed("posts 1_000", "posts 1000");
}

#[test]
fn items_begin_with_a_word() {
    says("5 MB", "5'MB", "expected a word at the start of an item, found `5 MB`", "5 MB");
    says(
        "a -> b\n\"title\"",
        "a -> b; \"title\"",
        "expected a word at the start of an item, found `\"title\"`",
        "\"title\"",
    );
    says(": go", ":go", "expected a name before `:`", ": go");
    says("replicas: 3", "replicas 3", "expected a technology after `:`", ":");
    is_fixed("replicas: 3", "replicas 3");
}

#[test]
fn four_errors_give_four_findings() {
    let text = "service api {\n  replicas 6,, zones 3 }\nlet x = a */ 2\nflow f \"Open {\n  user --> api\n  api -> posts read\n}\n\
                store posts: { disk 2 TB\n}\nlet y = (1 + 2\n";
    assert_eq!(
        complaints(text),
        [
            "expected a value after `*` @ *",
            "a string is never closed @ \"Open ",
            "`-->` is not an arrow @ -->",
            "expected a technology after `:` @ :",
            "`(` is never closed @ (",
        ]
    );
}

#[test]
fn limits() {
    let deep = |n: usize| format!("let x = {}1{}\nlet y = 2", "(".repeat(n), ")".repeat(n));
    assert_eq!(complaints(&deep(64)), Vec::<String>::new());
    let text = deep(65);
    assert_eq!(tree(&text).findings[0].code, LIMIT_EXCEEDED);
    assert_eq!(tree(&text).findings[0].primary.span.start, 8 + 64);
    assert_eq!((tree(&text).findings.len(), tree(&text).items.len()), (1, 2));
    let blocks = format!("{}{}", "a {\n".repeat(5000), "}".repeat(5000));
    assert_eq!(tree(&blocks).findings.len(), 1);
    let name = "n".repeat(257);
    assert_eq!(
        complaints(&format!("a {name}")),
        [format!("a name of 257 bytes is longer than the limit of 256 @ {name}")]
    );
    for chain in [format!("a{}", " + a".repeat(50_000)), format!("{}5", "- ".repeat(50_000))] {
        let tree = tree(&format!("let x = {chain}"));
        assert_eq!(tree.findings.iter().map(|f| f.code).collect::<Vec<_>>(), [LIMIT_EXCEEDED]);
    }
}

#[test]
fn bytes_that_are_no_text() {
    let codes = |bytes: &[u8]| {
        let (_, tree) = parse_bytes(FileId(0), bytes, &is_unit);
        tree.findings.iter().map(|f| f.code.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(b"a \xff"), ["E017"]);
    assert_eq!(codes(b"a \0"), ["E017"]);
    assert_eq!(codes(&vec![b' '; source::MAX_BYTES + 1]), ["E016"]);
    assert_eq!(codes("\u{feff}a 1".as_bytes()), Vec::<&str>::new());
}

#[test]
fn a_whole_text_as_one_expression() {
    let eval = |text: &str| {
        let (expr, findings) = parse_expression(FileId(0), text, &is_unit);
        (show_expr(&expr), findings.into_iter().map(|f| f.message).collect::<Vec<_>>())
    };
    assert_eq!(eval("10M users * 20/day"), ("<10M'users * 20'/day>".to_string(), vec![]));
    assert_eq!(eval("200 kB to 3 MB").0, "<200'kB to 3'MB>");
    assert_eq!(eval("a\n < \n max(b, 2)").0, "<a < max(b, 2)>");
    assert_eq!(eval("1 2").1, ["`2` has no place in the expression"]);
    assert_eq!(eval("").1, ["expected a value in the expression"]);
    assert_eq!(eval("1 + (2").1, ["`(` is never closed"]);
    assert_eq!(eval("a { b }").1, ["`{` has no place in the expression"]);
}
