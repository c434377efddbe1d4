//! A slide's SVG → PNG at the exact pixels of a screen. Its text is outlined already, so no font is needed.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use resvg::{tiny_skia, usvg};

/// The PNG of an SVG, filled to this width and height. Opaque: what is transparent becomes black, as on the screen.
pub fn png(svg: &[u8], (width, height): (u32, u32)) -> Result<Vec<u8>, String> {
    let pixels = pixels(svg, (width, height))?;
    let mut png = Vec::with_capacity(pixels.len() / 8);
    // Fast: a screen fetches a picture once, and the best compression takes seven times as long for half the bytes.
    let encoder = PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Adaptive);
    encoder.write_image(&pixels, width, height, ExtendedColorType::Rgb8).map_err(|error| error.to_string())?;
    Ok(png)
}

/// Red, green and blue of each pixel, row by row.
pub fn pixels(svg: &[u8], (width, height): (u32, u32)) -> Result<Vec<u8>, String> {
    let tree = usvg::Tree::from_data(svg, &usvg::Options::default()).map_err(|error| error.to_string())?;
    let mut picture = tiny_skia::Pixmap::new(width, height).ok_or("no pixels")?;
    picture.fill(tiny_skia::Color::BLACK);
    let size = tree.size();
    let scale = tiny_skia::Transform::from_scale(width as f32 / size.width(), height as f32 / size.height());
    resvg::render(&tree, scale, &mut picture.as_mut());
    let mut pixels = vec![0; picture.data().len() / 4 * 3];
    for (to, from) in pixels.chunks_exact_mut(3).zip(picture.data().chunks_exact(4)) {
        to.copy_from_slice(&from[..3]);
    }
    Ok(pixels)
}
