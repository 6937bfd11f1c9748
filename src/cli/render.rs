//! `sysd render`: the diagrams of one design, in one format.

use super::args::{Colors, Drawing, Font, Global, Picture, RenderArgs};
use super::common::{Project, complain, say, show_language_errors};
use super::{Failure, Outcome, lock};
use crate::compile::Design;
use crate::document::picture;
use crate::layout::lay_out;
use crate::layout::lock::Lock;
use crate::model::ElementId;
use crate::project::write_atomically;
use crate::render::scene::Scene;
use crate::render::svg::{FontSource, Options, Theme};
use crate::render::text::Text;
use crate::render::{ascii, c4_plantuml, d2, dot, mermaid, plantuml};
use crate::views::{View, blast_radius, reliability_views, views};
use crate::words;
use std::path::Path;

pub(super) fn run(args: &RenderArgs, global: &Global) -> Result<Outcome, Failure> {
    let project = Project::open(global)?;
    let design = project.compile(&args.file)?;
    if design.has_language_errors() {
        show_language_errors(&design, global);
        return Ok(Outcome::AtFault);
    }
    let views = chosen(&design, args)?;
    let kept = lock::read(&args.file)?;
    for view in &views {
        let parts = drawn(view, &args.drawing, kept.as_ref());
        let into_folder = args.all || args.output.as_ref().is_some_and(|path| path.is_dir());
        let to = args
            .output
            .as_ref()
            .map(|path| if into_folder { path.join(file_name(view, &args.drawing)) } else { path.clone() });
        write(&parts, to.as_deref())?;
    }
    if args.lock {
        lock::write(&args.file, kept.as_ref(), &views)?;
    }
    Ok(Outcome::Fine)
}

fn chosen(design: &Design, args: &RenderArgs) -> Result<Vec<View>, Failure> {
    let mut all = views(design);
    all.extend(reliability_views(design));
    if args.all {
        return Ok(all);
    }
    let name = args.view.as_deref().unwrap_or("containers");
    let at = all.iter().position(|v| v.name == name || v.name == format!("flow_{name}"));
    match at {
        Some(at) => Ok(vec![all.swap_remove(at)]),
        None if name.starts_with("blast_") => Ok(vec![blast(design, &name["blast_".len()..])?]),
        None => {
            let names: Vec<&str> = all.iter().map(|v| v.name.as_str()).collect();
            let hint = words::did_you_mean(name, names.iter().copied())
                .unwrap_or_else(|| format!("the views are {}", words::enumeration(&names)));
            Err(Failure::Argument(format!("there is no view `{name}`; {hint}")))
        }
    }
}

/// What goes down with an element; its name with `_` or `.` between its parts.
fn blast(design: &Design, name: &str) -> Result<View, Failure> {
    let model = &design.lowered.model;
    let joined = |id: ElementId| model.element(id).head.name.as_str().replace('.', "_");
    let found = model
        .element_named(name)
        .or_else(|| model.elements().map(|(id, _)| id).find(|id| joined(*id) == name));
    found.map(|id| blast_radius(design, id)).ok_or_else(|| {
        let names = model.elements.iter().map(|e| e.head.name.as_str());
        let hint = words::did_you_mean(name, names).map(|h| format!("; {h}")).unwrap_or_default();
        Failure::Argument(format!("there is no element `{name}`{hint}"))
    })
}

/// The parts of a picture; several where the format has a limit, none where it cannot show the view.
pub(super) fn drawn(view: &View, drawing: &Drawing, lock: Option<&Lock>) -> Vec<String> {
    let parts = match drawing.to {
        Picture::Svg => vec![picture(&view.name, &view.scene, &options(drawing), lock)],
        Picture::Ascii => ascii_of(&view.scene),
        to => text_of(&view.scene, to).map(|text| text.parts).unwrap_or_default(),
    };
    if parts.is_empty() {
        complain(&format!("view `{}` cannot be written in this format", view.name));
    }
    parts
}

fn options(args: &Drawing) -> Options {
    Options {
        theme: match args.theme {
            Colors::Auto => Theme::Auto,
            Colors::Light => Theme::Light,
            Colors::Dark => Theme::Dark,
        },
        font: match args.font {
            Font::Embed => FontSource::Embed,
            Font::Link => FontSource::Link(String::new()),
            Font::None => FontSource::None,
        },
    }
}

fn ascii_of(scene: &Scene) -> Vec<String> {
    match scene {
        Scene::Diagram(diagram) => {
            vec![ascii::diagram(diagram, &lay_out(&ascii::graph(diagram)), ascii::Charset::Unicode)]
        }
        Scene::Sequence(sequence) => vec![ascii::sequence(sequence, ascii::Charset::Unicode)],
        Scene::Bars(chart) => vec![ascii::bars(chart, ascii::Charset::Unicode)],
        Scene::Waterfall(chart) => vec![ascii::waterfall(chart, ascii::Charset::Unicode)],
        Scene::Lines(chart) => vec![ascii::lines(chart, ascii::Charset::Unicode)],
    }
}

fn text_of(scene: &Scene, to: Picture) -> Option<Text> {
    Some(match (scene, to) {
        (Scene::Diagram(d), Picture::Mermaid) => mermaid::diagram(d),
        (Scene::Sequence(s), Picture::Mermaid) => mermaid::sequence(s),
        (Scene::Diagram(d), Picture::Dot) => dot::diagram(d),
        (Scene::Diagram(d), Picture::D2) => d2::diagram(d),
        (Scene::Sequence(s), Picture::D2) => d2::sequence(s),
        (Scene::Diagram(d), Picture::Plantuml) => plantuml::diagram(d),
        (Scene::Sequence(s), Picture::Plantuml) => plantuml::sequence(s),
        (Scene::Diagram(d), Picture::C4Plantuml) => c4_plantuml::diagram(d),
        _ => return None,
    })
}

/// The file of a view in a folder.
fn file_name(view: &View, drawing: &Drawing) -> String {
    format!("{}.{}", view.name, extension(drawing))
}

/// The ending of files of a format.
pub(super) fn extension(drawing: &Drawing) -> &'static str {
    match drawing.to {
        Picture::Svg => "svg",
        Picture::Mermaid => "mmd",
        Picture::Dot => "dot",
        Picture::D2 => "d2",
        Picture::Plantuml | Picture::C4Plantuml => "puml",
        Picture::Ascii => "txt",
    }
}

/// Writes the parts of a picture to a file and numbered ones beside it, or to standard output.
pub(super) fn write(parts: &[String], to: Option<&Path>) -> Result<(), Failure> {
    for (index, part) in parts.iter().enumerate() {
        match to {
            None => say(part),
            Some(path) if index == 0 => write_atomically(path, part.as_bytes())?,
            Some(path) => {
                let (stem, ending) =
                    (path.file_stem().unwrap_or_default(), path.extension().unwrap_or_default());
                let name = format!("{}_{}.{}", stem.display(), index + 1, ending.display());
                write_atomically(&path.with_file_name(name), part.as_bytes())?;
            }
        }
    }
    Ok(())
}
