//! Sequence diagrams: lifelines, activation bars, frames, messages, notes.

mod plan;

use super::super::scene::{MessageKind, Sequence};
use super::super::text_metrics::width;
use super::document::{Anchor, Canvas, Group, Heading, Options};
use super::icons::Icons;
use super::{cards, path, theme};
use crate::layout::{Point, Rect};
use crate::render::describe;
use plan::{Call, Plan, Span};

/// Taller pictures repeat the heads at the bottom: the names would be off the screen.
const REPEAT_HEADS: i32 = 560;

/// Draws a sequence diagram.
pub fn draw(scene: &Sequence, options: &Options) -> String {
    let plan = Plan::of(scene);
    let mut canvas = Canvas::new(&scene.id);
    let mut icons = Icons::default();
    let bottom = plan.bottom;
    for x in &plan.columns {
        canvas.path("s-o", &format!("M{x} {}V{bottom}", plan.top));
    }
    for frame in &plan.frames {
        draw_frame(&mut canvas, frame);
    }
    for bar in &plan.bars {
        canvas.rect("s-c s-w0 s-slate", *bar, 2);
    }
    let mut heads = vec![0];
    if bottom > REPEAT_HEADS {
        heads.push(bottom);
    }
    for y in &heads {
        for ((card, face), x) in plan.heads.iter().zip(&plan.faces).zip(&plan.columns) {
            let rect =
                Rect { x: x - face.size.width / 2, y: *y, width: face.size.width, height: face.size.height };
            cards::draw(&mut canvas, &mut icons, card, face, rect);
        }
    }
    for (call, at) in plan.calls.iter().zip(1..) {
        draw_call(&mut canvas, &mut icons, &plan, call, at);
    }
    for (rect, lines) in &plan.notes {
        draw_note(&mut canvas, *rect, lines);
    }
    let desc = if scene.desc.is_empty() { describe::sequence(scene) } else { scene.desc.clone() };
    let definitions = icons.definitions(&canvas);
    let repeated = if heads.len() > 1 { plan.top } else { 0 };
    let heading = Heading {
        id: &scene.id,
        title: &scene.title,
        subtitle: &scene.subtitle,
        footer: &scene.footer,
        desc,
        content: (plan.width, bottom + repeated),
    };
    canvas.finish(&heading, &definitions, options)
}

fn draw_frame(canvas: &mut Canvas, frame: &Span) {
    let Rect { x, y, width: wide, .. } = frame.rect;
    canvas.rect("s-u", frame.rect, 4);
    let tab = plan::tab_width(frame.word);
    canvas.path("s-v s-z", &format!("M{x} {y}h{tab}v14l-7 7H{x}z"));
    canvas.text("s-n", x + 8, y + 15, Anchor::Start, frame.word);
    for (line, at) in frame.title.iter().zip(0..) {
        canvas.text("s-m", frame.text, y + 15 + at * plan::LINE, Anchor::Start, line);
    }
    for (top, lines) in &frame.dividers {
        canvas.path("s-o", &format!("M{x} {top}h{wide}"));
        for (line, at) in lines.iter().zip(0..) {
            canvas.text("s-m", frame.text, top + 16 + at * plan::LINE, Anchor::Start, line);
        }
    }
}

fn draw_call(canvas: &mut Canvas, icons: &mut Icons, plan: &Plan<'_>, call: &Call<'_>, number: i32) {
    let message = call.message;
    let way = format!("{} → {}", plan.name(call.from), plan.name(call.to));
    let mut title = vec![way.as_str(), message.label.as_str()];
    title.extend(message.tooltip.iter().map(String::as_str));
    title.extend(message.flagged.iter().map(|mark| mark.tooltip.as_str()));
    let class = message.flagged.as_ref().map_or("s-e", |mark| theme::severity_class(mark.severity));
    let id = format!("step-{number}");
    canvas.group(&Group { class, id: &id, title, link: None }, |canvas| {
        draw_line(canvas, message.kind, &call.points);
        draw_label(canvas, icons, call);
    });
}

fn draw_line(canvas: &mut Canvas, kind: MessageKind, points: &[Point]) {
    let class = if kind == MessageKind::Return { "s-l s-d" } else { "s-l" };
    match kind {
        MessageKind::Sync => {
            canvas.path(class, &path::rounded(&path::cut_end(points.to_vec(), 8), path::CORNER));
            canvas.path("s-f", &path::head(points, 9, 4, true));
        }
        MessageKind::Async | MessageKind::Return => {
            canvas.path(class, &path::rounded(points, path::CORNER));
            canvas.path("s-l", &path::head(points, 8, 5, false));
        }
        MessageKind::Lost => {
            let short = path::cut_end(points.to_vec(), 14);
            canvas.path(class, &path::rounded(&short, path::CORNER));
            if let Some(end) = short.last() {
                let (x, y) = (end.x - 5, end.y - 5);
                canvas.path("s-l", &format!("M{x} {y}l10 10m0-10l-10 10"));
            }
        }
    }
}

fn draw_label(canvas: &mut Canvas, icons: &mut Icons, call: &Call<'_>) {
    let Point { x, y } = call.label;
    let anchor = if call.is_self() { Anchor::Start } else { Anchor::Middle };
    let mut shift = 0;
    if let Some(mark) = &call.message.flagged {
        let text = call.lines.iter().map(|line| width(line, theme::BODY)).max().unwrap_or(0);
        shift = plan::SIGN;
        let left = if call.is_self() { x } else { x - i32::midpoint(text, plan::SIGN) };
        icons.mark(canvas, mark.severity, left, y - 13);
    }
    let x = if call.is_self() { x + shift } else { x + shift / 2 };
    for (line, at) in call.lines.iter().zip(0..) {
        canvas.text("s-m", x, y + at * plan::LINE, anchor, line);
    }
}

fn draw_note(canvas: &mut Canvas, rect: Rect, lines: &[String]) {
    let Rect { x, y, width, height } = rect;
    let fold = 8;
    let (across, down) = (width - fold, height - fold);
    canvas.path("s-v s-z", &format!("M{x} {y}h{across}l{fold} {fold}v{down}H{x}z"));
    canvas.path("s-u", &format!("M{} {y}v{fold}h{fold}", x + across));
    for (line, at) in lines.iter().zip(0..) {
        canvas.text("s-q", x + 10, y + 18 + at * plan::LINE, Anchor::Start, line);
    }
}
