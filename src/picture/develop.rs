//! Decoding, turning upright, resizing, encoding. The libraries for pictures are known here only.

use std::io::Cursor;

use fast_image_resize::{ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageReader, RgbImage};

use super::{Flaw, Format, Variant, clean};

/// Qualities of photos in slides, tried in this order until one is small enough: foliage and crowds take more bytes than sky.
const COVER_QUALITIES: [u8; 4] = [82, 72, 62, 50];
/// A slide is sent to every screen, and holds a third more than this as text.
const COVER_BYTES: usize = 300_000;

/// A picture before it is turned upright.
struct Negative {
    image: DynamicImage,
    orientation: Orientation,
    icc: Option<Vec<u8>>,
    is_png: bool,
}

fn refused(error: image::ImageError) -> Flaw {
    match &error {
        image::ImageError::Unsupported(_) => Flaw::Foreign,
        image::ImageError::IoError(reason) if reason.kind() == std::io::ErrorKind::UnexpectedEof => Flaw::CutOff,
        _ => flaw(error),
    }
}

fn flaw(reason: impl std::fmt::Display) -> Flaw {
    Flaw::Broken(reason.to_string())
}

/// Decodes. The caller has seen the size in the header and found it bearable.
fn decode(bytes: &[u8]) -> Result<Negative, Flaw> {
    // Decoders fill up what is missing at the end of a JPEG with grey; a half-copied photo must not pass for a whole one.
    if bytes.starts_with(&[0xff, 0xd8]) && clean::jpeg(bytes).is_none() {
        return Err(Flaw::CutOff);
    }
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(flaw)?;
    let is_png = reader.format() == Some(image::ImageFormat::Png);
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let icc = decoder.icc_profile().ok().flatten();
    let image = DynamicImage::from_decoder(decoder).map_err(refused)?;
    Ok(Negative { image, orientation, icc, is_png })
}

impl Negative {
    /// Upright width and height.
    fn size(&self) -> (u32, u32) {
        let (width, height) = (self.image.width(), self.image.height());
        if self.is_on_its_side() { (height, width) } else { (width, height) }
    }

    fn is_on_its_side(&self) -> bool {
        use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
        matches!(self.orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
    }

    /// Upright, in eight bits of sRGB, with an alpha channel only where something is transparent. Resizing comes first,
    /// because all else then has less to do.
    fn print(self, width: u32, height: u32, crop: Option<(u32, u32)>) -> Result<DynamicImage, Flaw> {
        let on_side = self.is_on_its_side();
        let lying = |size: (u32, u32)| if on_side { (size.1, size.0) } else { size };
        let small = resized(&self.image, lying((width, height)), crop.map(lying))?;
        drop(self.image);
        let mut small = eight_bits(small);
        small.apply_orientation(self.orientation);
        if let Some(icc) = &self.icc {
            to_srgb(&mut small, icc);
        }
        Ok(small)
    }
}

/// To this size; of the middle part with the proportions of `crop` when that is given.
fn resized(image: &DynamicImage, size: (u32, u32), crop: Option<(u32, u32)>) -> Result<DynamicImage, Flaw> {
    if crop.is_none() && size == (image.width(), image.height()) {
        return Ok(image.clone());
    }
    let mut options = ResizeOptions::new();
    if crop.is_some() {
        options = options.fit_into_destination(None);
    }
    let mut out = DynamicImage::new(size.0, size.1, image.color());
    Resizer::new().resize(image, &mut out, &options).map_err(flaw)?;
    Ok(out)
}

fn eight_bits(image: DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return DynamicImage::ImageRgb8(image.into_rgb8());
    }
    let rgba = image.into_rgba8();
    match rgba.pixels().all(|pixel| pixel.0[3] == 255) {
        true => DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(rgba).into_rgb8()),
        false => DynamicImage::ImageRgba8(rgba),
    }
}

/// Phones take photos in wider colours than sRGB; without their profile they would look pale. A profile that can't be used
/// is left out, as browsers do.
fn to_srgb(image: &mut DynamicImage, icc: &[u8]) {
    use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};
    let Ok(profile) = ColorProfile::new_from_slice(icc) else { return };
    if profile.color_space != DataColorSpace::Rgb {
        return;
    }
    let srgb = ColorProfile::new_srgb();
    let layout = if image.color().has_alpha() { Layout::Rgba } else { Layout::Rgb };
    let Ok(transform) = profile.create_transform_8bit(layout, &srgb, layout, TransformOptions::default()) else {
        return;
    };
    let mut out = vec![0; image.as_bytes().len()];
    if transform.transform(image.as_bytes(), &mut out).is_err() {
        return;
    }
    let (width, height) = (image.width(), image.height());
    let converted = match layout {
        Layout::Rgba => image::RgbaImage::from_raw(width, height, out).map(DynamicImage::ImageRgba8),
        _ => RgbImage::from_raw(width, height, out).map(DynamicImage::ImageRgb8),
    };
    if let Some(converted) = converted {
        *image = converted;
    }
}

/// See `Set::make`.
pub(super) fn variants(bytes: &[u8], variants: &[Variant], quality: u8) -> Result<Vec<Vec<u8>>, Flaw> {
    let negative = decode(bytes)?;
    let (own_width, is_png) = (negative.size().0, negative.is_png);
    let is_upright = negative.orientation == Orientation::NoTransforms;
    let Some(widest) = variants.iter().max_by_key(|variant| variant.width) else { return Ok(Vec::new()) };
    let print = negative.print(widest.width, widest.height, None)?;
    let mut made = Vec::with_capacity(variants.len());
    for variant in variants {
        let image = resized(&print, (variant.width, variant.height), None)?;
        let mut encoded = encode(&image, variant.format, quality, is_png && own_width == variant.width)?;
        // The file that the author gave may be the smaller one (a drawing has fewer colours before it is resized), and it
        // has lost nothing.
        if variant.format != Format::Webp
            && is_upright
            && own_width <= variant.width * 2
            && let Some(own) = own(bytes, variant.format)
            && own.len() < encoded.len()
        {
            encoded = own;
        }
        made.push(encoded);
    }
    Ok(made)
}

/// The bytes as they are, without metadata, when they are of this format.
fn own(bytes: &[u8], format: Format) -> Option<Vec<u8>> {
    match format {
        Format::Jpeg => clean::jpeg(bytes),
        Format::Png => clean::png(bytes),
        Format::Webp => None,
    }
}

/// See `Cover::make`.
pub(super) fn cover(bytes: &[u8], width: u32, height: u32) -> Result<Vec<u8>, Flaw> {
    let negative = decode(bytes)?;
    let is_png = negative.is_png;
    // Never enlarged: a small photo keeps its pixels, and the slide enlarges it.
    let (own_width, own_height) = negative.size();
    let scale = (f64::from(own_width) / f64::from(width)).min(f64::from(own_height) / f64::from(height)).min(1.0);
    let side = |full: u32| ((f64::from(full) * scale).round() as u32).max(1);
    let size = (side(width), side(height));
    let image = negative.print(size.0, size.1, Some(size))?;
    let image = DynamicImage::ImageRgb8(on_white(&image));
    let mut smallest = Vec::new();
    for quality in COVER_QUALITIES {
        smallest = encode(&image, Format::Jpeg, quality, false)?;
        if smallest.len() <= COVER_BYTES {
            break;
        }
    }
    if is_png {
        let png = encode(&image, Format::Png, 0, true)?;
        return Ok(if png.len() < smallest.len() { png } else { smallest });
    }
    Ok(smallest)
}

/// `is_original`: a drawing as its author drew it.
fn encode(image: &DynamicImage, format: Format, quality: u8, is_original: bool) -> Result<Vec<u8>, Flaw> {
    let (width, height) = (image.width(), image.height());
    let mut out = Vec::new();
    match format {
        Format::Webp => return webp(image, quality, is_original),
        Format::Jpeg => {
            let rgb = on_white(image);
            JpegEncoder::new_with_quality(&mut out, quality)
                .write_image(rgb.as_raw(), width, height, image::ExtendedColorType::Rgb8)
                .map_err(flaw)?;
        }
        Format::Png => PngEncoder::new_with_quality(&mut out, CompressionType::Default, FilterType::Adaptive)
            .write_image(image.as_bytes(), width, height, image.color().into())
            .map_err(flaw)?,
    }
    Ok(out)
}

/// Drawings have few colours and sharp edges as long as they are not resized: for them lossless is often the smaller one, and
/// always the better.
fn webp(image: &DynamicImage, quality: u8, is_original: bool) -> Result<Vec<u8>, Flaw> {
    let (width, height) = (image.width(), image.height());
    let encoder = match image.color().has_alpha() {
        true => webp::Encoder::from_rgba(image.as_bytes(), width, height),
        false => webp::Encoder::from_rgb(image.as_bytes(), width, height),
    };
    let wrong = |error: webp::WebPEncodingError| Flaw::Broken(format!("WebP: {error:?}"));
    let lossy = encoder.encode_simple(false, f32::from(quality)).map_err(wrong)?.to_vec();
    if !is_original {
        return Ok(lossy);
    }
    let mut config = webp::WebPConfig::new().map_err(|()| Flaw::Broken("WebP".into()))?;
    // The effort at which size and time are in proportion.
    (config.lossless, config.quality, config.method) = (1, 40.0, 2);
    let lossless = encoder.encode_advanced(&config).map_err(wrong)?.to_vec();
    Ok(if lossless.len() < lossy.len() { lossless } else { lossy })
}

/// Without transparency: on the white of the page.
fn on_white(image: &DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.to_rgb8();
    }
    let rgba = image.to_rgba8();
    let mut out = RgbImage::new(rgba.width(), rgba.height());
    for (to, from) in out.pixels_mut().zip(rgba.pixels()) {
        let alpha = u32::from(from.0[3]);
        for channel in 0..3 {
            let mixed = (u32::from(from.0[channel]) * alpha + 255 * (255 - alpha) + 127) / 255;
            to.0[channel] = u8::try_from(mixed).unwrap_or(255);
        }
    }
    out
}
