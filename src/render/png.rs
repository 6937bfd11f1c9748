//! SVG pictures as PNG, with the bundled fonts only: the same picture on every machine.
//!
//! Other scripts and emoji, which the bundled fonts lack, are left blank. Dark pictures need
//! [`super::svg::Theme::Dark`]: there is no viewer whose preference could be asked.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

/// TTF subsets of Inter (SIL Open Font License, `src/render/fonts/OFL.txt`).
const FONTS: [&[u8]; 2] = [include_bytes!("fonts/inter-400.ttf"), include_bytes!("fonts/inter-600.ttf")];

/// The longest side of a picture in pixels: 16 k square is 1 GB in memory.
pub const MOST_PIXELS: u32 = 16_384;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    /// The text is no SVG that the renderer reads.
    #[error("not an SVG picture: {0}")]
    Svg(#[from] resvg::usvg::Error),
    /// Too large, or empty.
    #[error("a picture of {width} by {height} pixels is outside of 1 to {MOST_PIXELS}; try a smaller scale")]
    Size {
        /// Width that was asked for.
        width: u32,
        /// Height that was asked for.
        height: u32,
    },
    /// The picture could not be encoded.
    #[error("cannot encode the picture: {0}")]
    Encode(String),
}

/// Draws a picture of [`super::svg`], `scale` pixels for each of its own.
///
/// # Errors
///
/// If `svg` is no SVG, or larger than [`MOST_PIXELS`] at this scale.
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>, PngError> {
    let options =
        Options { font_family: "Inter".to_owned(), fontdb: Arc::new(fonts()), ..Options::default() };
    let tree = Tree::from_str(svg, &options)?;
    let pixels = |side: f32| (side * scale).ceil().max(0.0) as u32;
    let (width, height) = (pixels(tree.size().width()), pixels(tree.size().height()));
    let size = PngError::Size { width, height };
    if width > MOST_PIXELS || height > MOST_PIXELS {
        return Err(size);
    }
    let mut pixmap = Pixmap::new(width, height).ok_or(size)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|error| PngError::Encode(error.to_string()))
}

fn fonts() -> fontdb::Database {
    let mut fonts = fontdb::Database::new();
    for font in FONTS {
        fonts.load_font_data(font.to_vec());
    }
    fonts.set_sans_serif_family("Inter");
    fonts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{svg, testing};

    #[test]
    fn a_scene_becomes_a_picture_of_its_own_size() {
        let picture = svg::sequence(&testing::feed_sequence(), &svg::Options::default());
        let (once, twice) = (png(&picture, 1.0).unwrap(), png(&picture, 2.0).unwrap());
        let side =
            |png: &[u8], at: usize| u32::from_be_bytes([png[at], png[at + 1], png[at + 2], png[at + 3]]);
        // The header chunk of PNG, section 11.2.2: width at byte 16, height at byte 20.
        assert!(picture.contains(&format!("width=\"{}\" height=\"{}\"", side(&once, 16), side(&once, 20))));
        assert_eq!(side(&twice, 16), 2 * side(&once, 16));
    }

    #[test]
    fn both_weights_are_found_as_one_family() {
        let fonts = fonts();
        let faces: Vec<(&str, u16)> =
            fonts.faces().map(|face| (face.families[0].0.as_str(), face.weight.0)).collect();
        assert_eq!(faces, [("Inter", 400), ("Inter", 600)]);
    }

    #[test]
    fn what_is_no_picture_or_too_large_is_an_error() {
        assert!(matches!(png("<html/>", 1.0), Err(PngError::Svg(_))));
        let empty = svg::sequence(&crate::render::scene::Sequence::default(), &svg::Options::default());
        for scale in [1e6, f32::INFINITY, 0.0, -1.0, f32::NAN] {
            assert!(matches!(png(&empty, scale), Err(PngError::Size { .. })), "{scale}");
        }
    }
}
