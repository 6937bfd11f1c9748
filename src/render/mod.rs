//! Scenes in, pictures and diagram texts out: SVG, Mermaid, DOT, D2, `PlantUML`, plain text.
//!
//! A scene ([`scene`]) is what is to be shown, already worded: cards, boundaries, arrows,
//! lifelines, bars. The module knows shapes, colours, fonts and the syntax of other tools.
//! It knows nothing of designs and computes no fact: whoever maps a design to a scene
//! has decided every name, number and mark.

pub mod ascii;
pub mod c4_plantuml;
pub mod d2;
mod describe;
pub mod dot;
mod graph;
mod link;
pub mod mermaid;
pub mod plantuml;
#[cfg(feature = "png")]
pub mod png;
mod put;
mod resolve;
pub mod scene;
pub mod svg;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod text;
pub mod text_metrics;
