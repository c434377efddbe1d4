//! Pictures as pages and slides show them: bytes in, bytes out.
//!
//! `Set::of` says from the header alone which variants a picture has and what their files are called; `Set::make` makes all of
//! them in one decoding. They are turned upright, converted to sRGB and carry no metadata. `cleaned` takes the metadata out of
//! a file that is published as it is. Nothing here knows a site or a disk.

mod clean;
mod develop;
#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::config::Pictures;
use crate::file::{Hash, Parts, SourcePath, Url};

pub use clean::cleaned;

/// Grows whenever the same source would give other bytes: names of variants and what is kept of them depend on it.
pub const RECIPE: u32 = 1;

/// How bytes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Lossy, or lossless where that is smaller.
    Webp,
    /// For photos.
    Jpeg,
    /// For what is drawn.
    Png,
}

impl Format {
    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Webp => "webp",
            Format::Jpeg => "jpg",
            Format::Png => "png",
        }
    }
}

/// One size of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Variant {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// How it is written.
    pub format: Format,
}

/// All sizes of one picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// Of the source's bytes and of all that the variants' bytes depend on besides.
    pub key: Hash,
    /// Width and height of the source, upright.
    pub pixels: (u32, u32),
    /// 1 to 100.
    quality: u8,
    /// WebP from narrow to wide; the last is the one that every browser knows.
    pub variants: Vec<Variant>,
}

/// What is wrong with the bytes of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// They are no picture of a format that is known here.
    Foreign,
    /// They end before the picture does.
    CutOff,
    /// In words of the library that read them.
    Broken(String),
}

/// A side of a WebP picture has 14 bits.
const WEBP_SIDE: u32 = 16_383;
/// A side of a JPEG picture has 16 bits.
const JPEG_SIDE: u32 = 65_535;
/// The variant for browsers without WebP, for feeds and for Open Graph, which shows nothing wider.
const PLAIN_WIDTH: u32 = 1200;

/// True for files that variants can be made of.
pub fn is_resizable(path: &SourcePath) -> bool {
    matches!(path.extension().as_str(), "jpg" | "jpeg" | "png" | "webp")
}

/// True for files that `cleaned` takes the metadata out of.
pub fn is_cleanable(path: &SourcePath) -> bool {
    is_resizable(path) || path.extension() == "gif"
}

/// True for pictures that browsers can't show, or out of which the place where they were taken can't be cut.
pub fn is_foreign(path: &SourcePath) -> bool {
    matches!(path.extension().as_str(), "heic" | "heif" | "avif" | "jxl" | "tif" | "tiff" | "bmp")
}

impl Set {
    /// The variants of a picture with these pixels (upright); none when it can't or must not be resized.
    pub fn of(path: &SourcePath, source: Hash, pixels: (u32, u32), settings: &Pictures) -> Option<Set> {
        let (width, height) = pixels;
        if !is_resizable(path) || width == 0 || height == 0 || is_over(pixels, settings) {
            return None;
        }
        let sized = |to: u32, format| {
            let height = (u64::from(height) * u64::from(to) + u64::from(width) / 2) / u64::from(width);
            Variant { width: to, height: u32::try_from(height).unwrap_or(u32::MAX).max(1), format }
        };
        let widest = settings.widths.last().copied().unwrap_or(PLAIN_WIDTH).min(width);
        let narrower = settings.widths.iter().copied().filter(|to| *to < widest);
        let webp = narrower.chain([widest]).map(|to| sized(to, Format::Webp)).filter(|v| v.height <= WEBP_SIDE);
        let mut variants: Vec<Variant> = webp.collect();
        let format = if path.extension() == "png" { Format::Png } else { Format::Jpeg };
        let plain = sized(PLAIN_WIDTH.min(width), format);
        if plain.height > JPEG_SIDE {
            return None;
        }
        variants.push(plain);
        let mut parts = Parts::new();
        parts.number(RECIPE.into()).hash(source).number(settings.quality.into());
        for Variant { width, height, format } in &variants {
            parts.number((*width).into()).number((*height).into()).text(format.ending());
        }
        Some(Set { key: parts.finish(), pixels, quality: settings.quality, variants })
    }

    /// The variant that every browser knows.
    pub fn plain(&self) -> Variant {
        *self.variants.last().expect("`of` always adds it")
    }

    /// Where a variant is published.
    pub fn url(&self, variant: &Variant) -> Url {
        Url::new(&format!("/pictures/{}-{}.{}", self.key.short(16), variant.width, variant.format.ending()))
    }

    /// The attribute `srcset` of the WebP variants; `href` says how a URL stands in an attribute.
    pub fn srcset(&self, href: impl Fn(&Url) -> String) -> String {
        let webp = self.variants.iter().filter(|variant| variant.format == Format::Webp);
        let one = |variant: &Variant| format!("{} {}w", href(&self.url(variant)), variant.width);
        webp.map(one).collect::<Vec<_>>().join(", ")
    }

    /// The bytes of all variants, in their order.
    pub fn make(&self, bytes: &[u8]) -> Result<Vec<Vec<u8>>, Flaw> {
        develop::variants(bytes, &self.variants, self.quality)
    }
}

/// True when a picture has more pixels than may be decoded.
pub fn is_over(pixels: (u32, u32), settings: &Pictures) -> bool {
    u64::from(pixels.0) * u64::from(pixels.1) > settings.max_pixels
}

/// A picture that covers a rectangle: cut at the sides or above and below, never enlarged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cover {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

impl Cover {
    /// Of a rectangle in pixels of a canvas.
    pub fn of(width: f64, height: f64) -> Cover {
        let whole = |side: f64| side.ceil().clamp(1.0, 8192.0) as u32;
        Cover { width: whole(width), height: whole(height) }
    }

    /// Of the source's bytes and of all that the result depends on besides.
    pub fn key(&self, source: Hash) -> Hash {
        let mut parts = Parts::new();
        parts.text("cover").number(RECIPE.into()).hash(source).number(self.width.into()).number(self.height.into());
        parts.finish()
    }

    /// Its bytes: JPEG, or PNG where the source is one and that is smaller.
    pub fn make(&self, bytes: &[u8]) -> Result<Vec<u8>, Flaw> {
        develop::cover(bytes, self.width, self.height)
    }
}

/// `image/jpeg` and the like, by the first bytes.
pub fn media_type(bytes: &[u8]) -> &'static str {
    match bytes {
        [0xff, 0xd8, ..] => "image/jpeg",
        [b'G', b'I', b'F', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', ..] => "image/webp",
        _ => "image/png",
    }
}
