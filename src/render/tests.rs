//! Laws of all renderers, and whole pictures against files.

use proptest::prelude::*;

use super::scene::{Arrow, Boundary, Card, CardKind, Diagram, Direction, Scene};
use super::svg::{FontSource, Options, Theme};
use super::text::Text;
use super::{ascii, c4_plantuml, d2, dot, mermaid, plantuml, svg, testing};
use crate::layout::Layout;

const PLAIN: Options = Options { theme: Theme::Auto, font: FontSource::None };

fn well_formed(picture: &str) {
    let document = roxmltree::Document::parse(picture).unwrap_or_else(|error| panic!("{error}:\n{picture}"));
    let mut ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "ids are unique");
    for node in document.descendants().filter(|node| node.has_tag_name("use")) {
        let target = node.attribute("href").and_then(|href| href.strip_prefix('#')).unwrap();
        assert!(ids.contains(&target), "{target} is defined");
    }
}

fn draw(scene: &Diagram, options: &Options) -> String {
    svg::diagram(scene, &testing::rows(&svg::graph(scene)), options)
}

fn texts(scene: &Diagram) -> [Text; 5] {
    [
        mermaid::diagram(scene),
        dot::diagram(scene),
        d2::diagram(scene),
        plantuml::diagram(scene),
        c4_plantuml::diagram(scene),
    ]
}

/// A little diagram in which every text is `text`.
fn of_one_text(text: &str) -> Diagram {
    let named = |id: &str| Card {
        id: id.into(),
        title: text.into(),
        technology: text.into(),
        size: text.into(),
        rows: vec![text.into()],
        tooltip: vec![text.into()],
        link: Some(text.into()),
        mark: Some(super::scene::Mark {
            label: text.into(),
            tooltip: text.into(),
            ..testing::mark(svg_error())
        }),
        parent: Some(text.into()),
        ..Card::default()
    };
    Diagram {
        id: text.into(),
        title: text.into(),
        subtitle: text.into(),
        footer: text.into(),
        legend: true,
        nodes: vec![named("a"), named(&format!("{text}b"))],
        boxes: vec![Boundary {
            id: text.into(),
            title: text.into(),
            note: text.into(),
            ..Boundary::default()
        }],
        edges: vec![Arrow {
            from: "a".into(),
            to: format!("{text}b"),
            label: text.into(),
            tooltip: vec![text.into()],
            link: Some(text.into()),
            ..Arrow::default()
        }],
        ..Diagram::default()
    }
}

fn svg_error() -> super::scene::Severity {
    super::scene::Severity::Error
}

proptest! {
    #[test]
    fn any_texts_make_well_formed_pictures(text in any::<String>()) {
        let scene = of_one_text(&text);
        well_formed(&draw(&scene, &PLAIN));
        ascii::diagram(&scene, &testing::rows(&ascii::graph(&scene)), ascii::Charset::Ascii);
    }

    /// No text can add a statement to the text of another tool: each text of two letters or more stands on the
    /// lines on which a plain word would stand.
    #[test]
    fn texts_never_reach_beyond_their_line(text in "\\PC{0,8}[\n\r\u{2028}\"\\\\;{}\\[\\]<>|%'`]{0,6}\\PC{0,8}") {
        let plain = texts(&of_one_text("word"));
        for (text, plain) in texts(&of_one_text(&format!("w{text}d"))).iter().zip(&plain) {
            let lines = |text: &Text| text.parts[0].lines().filter(|line| !line.contains("click ")).count();
            prop_assert_eq!(lines(text), lines(plain), "{}", &text.parts[0]);
        }
    }
}

proptest! {
    /// Whatever names whatever: rings of boundaries, things with one id, arrows to nothing, numbers that are none.
    #[test]
    fn no_scene_is_wrong(
        cards in prop::collection::vec(("[a-f]", prop::option::of("[a-h]"), any::<f64>(), any::<u32>(), 0usize..20), 0..8),
        boxes in prop::collection::vec(("[c-h]", prop::option::of("[c-h]")), 0..8),
        arrows in prop::collection::vec(("[a-i]", "[a-i]", "[a-b]?", any::<u8>()), 0..12),
    ) {
        let scene = Diagram {
            nodes: cards.into_iter().map(|(id, parent, share, replicas, kind)| Card {
                id, parent, utilization: Some(share), replicas: Some(replicas), kind: CardKind::ALL[kind], ..Card::default()
            }).collect(),
            boxes: boxes.into_iter().map(|(id, parent)| Boundary { id, parent, ..Boundary::default() }).collect(),
            edges: arrows.into_iter().map(|(from, to, id, weight)| Arrow { id, from, to, weight, ..Arrow::default() }).collect(),
            legend: true,
            ..Diagram::default()
        };
        well_formed(&draw(&scene, &PLAIN));
        // A layout of something else leaves things out, but breaks nothing.
        well_formed(&svg::diagram(&scene, &testing::rows(&svg::graph(&testing::zoo())), &PLAIN));
        well_formed(&svg::diagram(&scene, &Layout::default(), &PLAIN));
        ascii::diagram(&scene, &testing::rows(&ascii::graph(&scene)), ascii::Charset::Unicode);
        prop_assert!(texts(&scene).iter().all(|text| text.parts.len() == 1));
    }
}

#[test]
fn ids_come_from_names_and_stay() {
    let picture = draw(&testing::photos(), &PLAIN);
    for id in ["containers", "containers-feed", "containers-services", "containers-to-feed-posts"] {
        assert!(picture.contains(&format!(" id=\"{id}\"")), "{id}");
    }
}

#[test]
fn the_same_scene_gives_the_same_bytes() {
    let scene = Scene::Diagram(testing::photos());
    assert_eq!(svg::scene(&scene, &PLAIN), svg::scene(&scene.clone(), &PLAIN));
}

#[test]
fn every_scene_is_well_formed_in_every_mode() {
    let options = [
        PLAIN,
        Options { theme: Theme::Light, font: FontSource::Embed },
        Options { theme: Theme::Dark, font: FontSource::Link("../fonts\">".into()) },
    ];
    for options in options {
        for scene in [testing::zoo(), testing::photos(), testing::hostile(), Diagram::default()] {
            well_formed(&draw(&scene, &options));
        }
        for scene in
            [testing::feed_sequence(), testing::hostile_sequence(), super::scene::Sequence::default()]
        {
            well_formed(&svg::sequence(&scene, &options));
        }
        for scene in testing::charts() {
            well_formed(&svg::scene(&scene, &options));
        }
        well_formed(&svg::scene(&Scene::Bars(super::scene::BarChart::default()), &options));
        well_formed(&svg::scene(&Scene::Waterfall(super::scene::Waterfall::default()), &options));
        well_formed(&svg::scene(&Scene::Lines(super::scene::LineChart::default()), &options));
    }
}

#[test]
fn a_picture_of_21_cards_and_31_arrows_is_small_with_its_font() {
    let scene = testing::photos();
    let picture = draw(&scene, &Options::default());
    assert!(picture.len() <= 60_000, "{} bytes", picture.len());
}

#[test]
fn links_that_run_code_are_in_no_output() {
    let mut scene = testing::photos();
    for card in &mut scene.nodes {
        card.link = Some("javascript:alert(1)".into());
    }
    assert!(!draw(&scene, &PLAIN).contains("javascript:"));
    assert!(texts(&scene).iter().all(|text| !text.parts[0].contains("javascript:")));
}

#[test]
fn mermaid_is_split_below_its_limits_and_loses_no_arrow() {
    let card = |at: usize| Card { id: format!("c{at}"), title: "x".repeat(90), ..Card::default() };
    let arrow = |at: usize| Arrow {
        from: format!("c{}", at % 300),
        to: format!("c{}", at * 7 % 300),
        ..Arrow::default()
    };
    let scene = Diagram {
        nodes: (0..301).map(card).collect(),
        edges: (0..1700).map(arrow).collect(),
        direction: Direction::Right,
        ..Diagram::default()
    };
    let text = mermaid::diagram(&scene);
    let arrows = |part: &String| part.matches("-->").count();
    assert!(text.parts.len() > 3);
    assert!(text.parts.iter().all(|part| arrows(part) < 500 && part.encode_utf16().count() < 50_000));
    assert_eq!(text.parts.iter().map(arrows).sum::<usize>(), 1700);
    assert!(text.parts.iter().any(|part| part.contains("c300")), "a card without arrows is kept");
}

#[test]
fn pictures_are_as_they_were() {
    let (zoo, hostile) = (testing::zoo(), testing::hostile());
    compare("zoo.svg", &draw(&zoo, &PLAIN));
    for scene in testing::charts() {
        let name = match &scene {
            Scene::Bars(chart) => &chart.id,
            Scene::Waterfall(chart) => &chart.id,
            Scene::Lines(chart) => &chart.id,
            Scene::Diagram(_) | Scene::Sequence(_) => continue,
        };
        compare(&format!("{name}.svg"), &svg::scene(&scene, &PLAIN));
    }
    for (name, scene) in [("zoo", &zoo), ("hostile", &hostile)] {
        for (text, ending) in texts(scene).iter().zip(["mmd", "dot", "d2", "puml", "c4.puml"]) {
            compare(&format!("{name}.{ending}"), &text.parts[0]);
        }
    }
    let (feed, hostile) = (testing::feed_sequence(), testing::hostile_sequence());
    compare("feed_sequence.svg", &svg::sequence(&feed, &PLAIN));
    compare("feed_sequence.txt", &ascii::sequence(&feed, ascii::Charset::Unicode));
    for (name, scene) in [("feed", &feed), ("hostile", &hostile)] {
        compare(&format!("{name}_sequence.mmd"), &mermaid::sequence(scene).parts[0]);
        compare(&format!("{name}_sequence.d2"), &d2::sequence(scene).parts[0]);
        compare(&format!("{name}_sequence.puml"), &plantuml::sequence(scene).parts[0]);
    }
}

/// Compares with the file of this name, or writes it under `UPDATE=1`.
#[expect(clippy::disallowed_methods, reason = "a test reads and renews its own expectations")]
fn compare(name: &str, made: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/render").join(name);
    if std::env::var("UPDATE").is_ok_and(|value| value == "1") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "{name} has changed; look at it and renew it with UPDATE=1 cargo test");
}
