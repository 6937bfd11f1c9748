//! The SVG document: writer, root element, style sheet, heading and footer.

use std::collections::BTreeMap;

use base64::Engine as _;

use super::super::resolve::unique;
use super::super::text_metrics::{width, wrap};
use super::escape::{escape, escape_lines, escape_run, id_part};
use super::theme;
use crate::layout::Rect;
use crate::render::link::safe_link;
use crate::render::put::Put as _;

/// WOFF2 subset of Inter 400 (SIL Open Font License, `src/render/fonts/OFL.txt`), for pages that share one font.
pub const FONT_400: &[u8] = include_bytes!("../fonts/inter-400.woff2");

/// WOFF2 subset of Inter 600 (SIL Open Font License, `src/render/fonts/OFL.txt`), for pages that share one font.
pub const FONT_600: &[u8] = include_bytes!("../fonts/inter-600.woff2");

/// How a picture is to look, beside what it shows.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Options {
    /// Colours.
    pub theme: Theme,
    /// Where the font comes from.
    pub font: FontSource,
}

/// Which colours a picture carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Theme {
    /// Light, and dark where the viewer prefers it.
    #[default]
    Auto,
    /// Light only.
    Light,
    /// Dark only.
    Dark,
}

/// Where the font of a picture comes from.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum FontSource {
    /// Inside the picture, about 26 kB.
    #[default]
    Embed,
    /// From `inter-400.woff2` and `inter-600.woff2` under this address; empty: beside the picture.
    Link(String),
    /// From the page around the picture or the viewer's machine.
    None,
}

/// The outer side of the picture, free of drawing.
const MARGIN: i32 = 24;

/// What stands around the content.
pub(super) struct Heading<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub subtitle: &'a str,
    pub footer: &'a str,
    pub desc: String,
    /// Width and height of the content.
    pub content: (i32, i32),
}

/// A group of shapes with its own name.
#[derive(Default)]
pub(super) struct Group<'a> {
    pub class: &'a str,
    /// Id below that of the picture; empty for none.
    pub id: &'a str,
    /// Tooltip lines; the first is the name.
    pub title: Vec<&'a str>,
    pub link: Option<&'a str>,
}

/// Where a text stands in relation to its point.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// Collects the body of a picture.
pub(super) struct Canvas {
    out: String,
    /// The picture's id, before every other id.
    prefix: String,
    used: BTreeMap<String, u32>,
}

impl Canvas {
    pub fn new(id: &str) -> Canvas {
        let prefix = if id.is_empty() { "diagram".to_owned() } else { id_part(id) };
        Canvas { out: String::new(), prefix, used: BTreeMap::new() }
    }

    /// The id of a shared shape.
    pub fn shared(&self, name: &str) -> String {
        format!("{}-i-{name}", self.prefix)
    }

    pub fn group(&mut self, group: &Group<'_>, draw: impl FnOnce(&mut Canvas)) {
        let link = group.link.and_then(safe_link);
        if let Some(link) = link {
            self.out.put(format_args!("<a href=\"{}\">", escape(link)));
        }
        self.out.push_str("<g");
        if !group.id.is_empty() {
            let id = unique(&mut self.used, &format!("{}-{}", self.prefix, id_part(group.id)));
            self.out.put(format_args!(" id=\"{id}\""));
        }
        if !group.class.is_empty() {
            self.out.put(format_args!(" class=\"{}\"", group.class));
        }
        self.out.push('>');
        let title = escape_lines(group.title.iter().copied().filter(|line| !line.trim().is_empty()));
        if !title.is_empty() {
            self.out.put(format_args!("<title>{title}</title>"));
        }
        draw(self);
        self.out.push_str(if link.is_some() { "</g></a>\n" } else { "</g>\n" });
    }

    pub fn path(&mut self, class: &str, data: &str) {
        if !data.is_empty() {
            self.out.put(format_args!("<path class=\"{class}\" d=\"{data}\"/>"));
        }
    }

    pub fn rect(&mut self, class: &str, rect: Rect, radius: i32) {
        let Rect { x, y, width, height } = rect;
        let round = if radius > 0 { format!(" rx=\"{radius}\"") } else { String::new() };
        self.out.put(format_args!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\"{round}/>",
            width.max(0),
            height.max(0)
        ));
    }

    pub fn text(&mut self, class: &str, x: i32, y: i32, anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " s-mid",
            Anchor::End => " s-end",
        };
        let run = escape_run(text);
        self.out.put(format_args!("<text class=\"{class}{anchor}\" x=\"{x}\" y=\"{y}\">{run}</text>"));
    }

    /// A shape that [`super::icons`] has defined.
    pub fn shape(&mut self, name: &str, x: i32, y: i32) {
        let id = self.shared(name);
        self.out.put(format_args!("<use href=\"#{id}\" x=\"{x}\" y=\"{y}\"/>"));
    }

    /// Closes the picture: `definitions` are shared shapes, ready to be written.
    pub fn finish(self, heading: &Heading<'_>, definitions: &str, options: &Options) -> String {
        let frame = Frame::around(heading);
        let (id, size) = (&self.prefix, (frame.width, frame.height));
        let mut out = root(id, size, heading);
        out.push_str(&style(options));
        if !definitions.is_empty() {
            out.put(format_args!("<defs>{definitions}</defs>\n"));
        }
        out.put(format_args!("<rect class=\"s-g\" width=\"{}\" height=\"{}\"/>\n", size.0, size.1));
        let mut texts = Canvas { out: String::new(), prefix: String::new(), used: BTreeMap::new() };
        for (y, line) in &frame.titles {
            texts.text("s-h", MARGIN, *y, Anchor::Start, line);
        }
        for (y, line) in &frame.subtitles {
            texts.text("s-q", MARGIN, *y, Anchor::Start, line);
        }
        for (y, line) in &frame.footers {
            texts.text("s-x", MARGIN, *y, Anchor::Start, line);
        }
        out.push_str(&texts.out);
        out.put(format_args!("<g transform=\"translate({MARGIN} {})\">\n", frame.top));
        out.push_str(&self.out);
        out.push_str("</g>\n</svg>\n");
        out
    }
}

/// Heading and footer, broken into lines, with their baselines.
struct Frame {
    width: i32,
    height: i32,
    /// Where the content begins.
    top: i32,
    titles: Vec<(i32, String)>,
    subtitles: Vec<(i32, String)>,
    footers: Vec<(i32, String)>,
}

impl Frame {
    fn around(heading: &Heading<'_>) -> Frame {
        // Narrow pictures may be widened by their heading up to this width.
        let inner = heading.content.0.max(width(heading.title, theme::HEADING).min(560)).max(200);
        let mut y = MARGIN;
        let mut stack = |text: &str, font, rise: i32, step: i32, lines: usize| -> Vec<(i32, String)> {
            let lines = wrap(text, font, inner, lines).into_iter();
            lines
                .map(|line| {
                    y += step;
                    (y - step + rise, line)
                })
                .collect()
        };
        let titles = stack(heading.title, theme::HEADING, 18, 26, 2);
        let subtitles = stack(heading.subtitle, theme::BODY, 14, 18, 3);
        let gap = if titles.is_empty() && subtitles.is_empty() { 0 } else { 14 };
        let top = y + gap;
        y = top + heading.content.1 + if heading.footer.trim().is_empty() { 0 } else { 14 };
        let mut footers = Vec::new();
        for line in wrap(heading.footer, theme::SMALL, inner, 2) {
            footers.push((y + 11, line));
            y += 15;
        }
        Frame { width: inner + 2 * MARGIN, height: y + MARGIN, top, titles, subtitles, footers }
    }
}

fn root(id: &str, (width, height): (i32, i32), heading: &Heading<'_>) -> String {
    let title = if heading.title.trim().is_empty() { heading.id } else { heading.title };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"{id}\" class=\"s\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\n\
         <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n",
        escape(title),
        escape(&heading.desc),
    )
}

fn style(options: &Options) -> String {
    let mut out = String::from("<style>");
    for (weight, bytes) in [(400, FONT_400), (600, FONT_600)] {
        let source = match &options.font {
            FontSource::None => continue,
            FontSource::Embed => {
                format!("data:font/woff2;base64,{}", base64::engine::general_purpose::STANDARD.encode(bytes))
            }
            FontSource::Link(base) => {
                let base = safe_link(base).unwrap_or_default().trim_end_matches('/');
                let slash = if base.is_empty() { "" } else { "/" };
                let safe = |c: &char| c.is_ascii_alphanumeric() || "-._~/:?=&%#@+".contains(*c);
                format!(
                    "{}{slash}inter-{weight}.woff2",
                    escape(&base.chars().filter(safe).collect::<String>())
                )
            }
        };
        out.put(format_args!(
            "@font-face{{font-family:Inter;font-weight:{weight};src:url({source}) format(\"woff2\")}}\n"
        ));
    }
    out.push_str(&theme::shapes());
    out.push('\n');
    match options.theme {
        Theme::Light => out.push_str(&theme::colours(&theme::LIGHT)),
        Theme::Dark => out.push_str(&theme::colours(&theme::DARK)),
        Theme::Auto => {
            out.push_str(&theme::colours(&theme::LIGHT));
            let dark = theme::colours(&theme::DARK);
            out.put(format_args!("\n@media (prefers-color-scheme:dark){{{dark}}}"));
        }
    }
    out.push_str("</style>\n");
    out
}
