//! Where pictures are made: what the folder `.civicast/pictures` holds is taken from there, the rest is decoded once for all
//! of its sizes and kept. However many threads ask, only so many pixels are decoded at a time.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use base64::Engine as _;

use crate::config::Config;
use crate::file::{Hash, SourcePath};
use crate::picture::{Cover, Flaw, RECIPE, Set, media_type};
use crate::problem::Problem;
use crate::site::Asset;
use crate::slide::Photo;
use crate::state;

/// Pixels that are decoded at a time: some 10 bytes each while a progressive JPEG is taken apart. A larger picture waits
/// until it is alone.
const PIXELS_AT_A_TIME: u64 = 48_000_000;
/// One picture is made by one thread; others that want it wait. By a byte of its key.
const LOCKS: usize = 64;

/// The pictures of a site.
pub struct Darkroom {
    /// Where pictures are kept; none for a site without a folder.
    site: Option<PathBuf>,
    developed: AtomicUsize,
    locks: [Mutex<()>; LOCKS],
    busy: Mutex<u64>,
    freed: Condvar,
}

impl std::fmt::Debug for Darkroom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Darkroom").field("site", &self.site).finish_non_exhaustive()
    }
}

/// Gives the bytes of a source.
pub(super) type Bytes<'a> = dyn Fn() -> Result<std::sync::Arc<[u8]>, Box<Problem>> + 'a;

/// Makes all sizes of a picture from its bytes.
type Make<'a> = dyn Fn(&[u8]) -> Result<Vec<Vec<u8>>, Flaw> + 'a;

impl Darkroom {
    /// For the site in this folder; without one nothing is kept.
    pub(super) fn new(site: Option<&Path>) -> Darkroom {
        Darkroom {
            site: site.map(Path::to_path_buf),
            developed: AtomicUsize::new(0),
            locks: [const { Mutex::new(()) }; LOCKS],
            busy: Mutex::new(0),
            freed: Condvar::new(),
        }
    }

    /// How many pictures were decoded.
    pub fn developed(&self) -> usize {
        self.developed.load(Ordering::Relaxed)
    }

    /// The bytes of one variant of a picture.
    pub(super) fn variant(
        &self,
        path: &SourcePath,
        set: &Set,
        number: usize,
        bytes: &Bytes,
    ) -> Result<Vec<u8>, Box<Problem>> {
        let mut all = self.made(set.key, set.pixels, path, bytes, &|bytes| set.make(bytes))?;
        // `made` gives as many as the set has, or nothing that is kept would be whole.
        Ok(if number < all.len() { all.swap_remove(number) } else { Vec::new() })
    }

    /// The photo of a slide as a data URI, cut to its rectangle; a drawing in SVG as it is. None for one that must not be
    /// resized: `check` has said why.
    pub(super) fn photo(
        &self,
        photo: &Photo,
        asset: &Asset,
        config: &Config,
        bytes: &Bytes,
    ) -> Result<Option<String>, Box<Problem>> {
        let path = &photo.asset;
        let uri = |kind: &str, bytes: &[u8]| {
            format!("data:{kind};base64,{}", base64::engine::general_purpose::STANDARD.encode(bytes))
        };
        match Darkroom::key(photo, asset, config) {
            Some(key) => {
                let cover = Cover::of(photo.width, photo.height);
                let pixels = asset.pixels.unwrap_or_default();
                let all = self.made(key, pixels, path, bytes, &|bytes| Ok(vec![cover.make(bytes)?]))?;
                Ok(all.first().map(|bytes| uri(media_type(bytes), bytes)))
            }
            None if path.extension() == "svg" => Ok(Some(uri("image/svg+xml", &bytes()?))),
            None => Ok(None),
        }
    }

    /// Under which key the photo of a slide is kept; none for one that is not resized.
    pub(super) fn key(photo: &Photo, asset: &Asset, config: &Config) -> Option<Hash> {
        asset.variants(&photo.asset, config)?;
        Some(Cover::of(photo.width, photo.height).key(asset.hash))
    }

    fn made(
        &self,
        key: Hash,
        pixels: (u32, u32),
        path: &SourcePath,
        bytes: &Bytes,
        make: &Make,
    ) -> Result<Vec<Vec<u8>>, Box<Problem>> {
        let _one = self.locks[usize::from(key.0[0]) % LOCKS].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(all) = self.site.as_ref().and_then(|site| unpacked(&state::picture(site, key, RECIPE)?)) {
            return Ok(all);
        }
        let bytes = bytes()?;
        let _room = self.room(u64::from(pixels.0) * u64::from(pixels.1));
        self.developed.fetch_add(1, Ordering::Relaxed);
        let all = make(&bytes).map_err(|flaw| broken(path, flaw))?;
        // What can't be kept is made again the next time; a folder that can't be written is told of at the end.
        let _ = self.site.as_ref().map(|site| state::keep_picture(site, key, RECIPE, &packed(&all)));
        Ok(all)
    }

    /// Waits until this many pixels may be decoded.
    fn room(&self, pixels: u64) -> Room<'_> {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        while *busy > 0 && *busy + pixels > PIXELS_AT_A_TIME {
            busy = self.freed.wait(busy).unwrap_or_else(PoisonError::into_inner);
        }
        *busy += pixels;
        Room { darkroom: self, pixels }
    }

    /// Drops what the last build did not use.
    pub(super) fn keep_only(&self, used: impl FnOnce() -> BTreeSet<Hash>) {
        if let Some(site) = self.site.as_ref().filter(|site| state::has_pictures(site)) {
            state::keep_pictures(site, &used());
        }
    }
}

struct Room<'a> {
    darkroom: &'a Darkroom,
    pixels: u64,
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        *self.darkroom.busy.lock().unwrap_or_else(PoisonError::into_inner) -= self.pixels;
        self.darkroom.freed.notify_all();
    }
}

/// The problem of a picture that can't be decoded.
pub(super) fn broken(path: &SourcePath, flaw: Flaw) -> Box<Problem> {
    let problem = match flaw {
        Flaw::Foreign => Problem::new("not-a-picture").with("format", path.extension().to_uppercase()),
        Flaw::CutOff => Problem::new("cut-off-picture"),
        Flaw::Broken(reason) => Problem::new("broken-picture").with("reason", reason),
    };
    Box::new(problem.with("target", path).in_file(path))
}

/// How many, their lengths, their bytes; numbers of four bytes, little-endian.
fn packed(all: &[Vec<u8>]) -> Vec<u8> {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes();
    let mut pack = number(all.len()).to_vec();
    pack.extend(all.iter().flat_map(|bytes| number(bytes.len())));
    all.iter().for_each(|bytes| pack.extend(bytes));
    pack
}

fn unpacked(pack: &[u8]) -> Option<Vec<Vec<u8>>> {
    let number = |at: usize| Some(u32::from_le_bytes(pack.get(at..at + 4)?.try_into().ok()?) as usize);
    let count = number(0)?;
    let mut at = count.checked_mul(4)?.checked_add(4)?;
    let mut all = Vec::new();
    for i in 0..count {
        let end = at.checked_add(number(4 + 4 * i)?)?;
        all.push(pack.get(at..end)?.to_vec());
        at = end;
    }
    (at == pack.len()).then_some(all)
}
