//! What an earlier run knows about slides and fonts: hash and length of each file by its key, and the faces.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::file::{Hash, sha256};
use crate::fonts;
use crate::stamp::Stamp;
use crate::typeface::{Faces, Outlines};

/// A slide's file, made now or earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slide {
    /// Its bytes; `None` when they are made again if anybody wants them.
    pub bytes: Option<Arc<[u8]>>,
    /// Of its bytes: its published name.
    pub sha256: String,
    /// Length.
    pub length: u64,
}

impl Slide {
    /// Of these bytes, of which `kept` says whether they stay.
    pub fn new(bytes: &[u8], kept: Option<Arc<[u8]>>) -> Slide {
        Slide { sha256: sha256(bytes), length: bytes.len() as u64, bytes: kept }
    }
}

/// Key, SHA-256 as text (64), length (8).
const ROW: usize = Hash::SIZE + 64 + 8;

/// Slides as one block, without their bytes.
pub fn slides_as_block(slides: &BTreeMap<Hash, Slide>) -> Vec<u8> {
    let mut block = Vec::with_capacity(ROW * slides.len());
    for (key, slide) in slides {
        block.extend(key.0);
        block.extend(slide.sha256.as_bytes());
        block.extend(slide.length.to_le_bytes());
    }
    block
}

/// From what `slides_as_block` gave; nothing when it is damaged.
pub fn slides_of_block(block: &[u8]) -> BTreeMap<Hash, Slide> {
    let row = |row: &[u8]| {
        let (key, rest) = row.split_at(Hash::SIZE);
        let (sha256, length) = rest.split_at(64);
        let sha256 = std::str::from_utf8(sha256).ok()?.to_string();
        let length = u64::from_le_bytes(length.try_into().ok()?);
        Some((Hash(key.try_into().ok()?), Slide { bytes: None, sha256, length }))
    };
    match block.len() % ROW {
        0 => block.chunks_exact(ROW).filter_map(row).collect(),
        _ => BTreeMap::new(),
    }
}

/// The fonts of a site.
#[derive(Clone, Debug)]
pub struct Fonts {
    /// The setting.
    pub asked: Vec<String>,
    /// Files and folders whose change may change what is found.
    pub watched: Vec<(String, Stamp)>,
    /// What was found.
    pub faces: Arc<Faces>,
    /// Draws with them.
    pub outlines: Arc<Outlines>,
    /// Found in this run, so not saved yet.
    pub is_new: bool,
}

/// A stamp as four numbers.
type Numbers = (u64, i64, i64, u64);

impl Fonts {
    /// Found just now.
    pub fn new(asked: Vec<String>, watched: Vec<(String, Stamp)>, faces: Arc<Faces>) -> Fonts {
        let outlines = Arc::new(Outlines::new(faces.clone(), Box::new(fonts::read)));
        Fonts { asked, watched, faces, outlines, is_new: true }
    }

    /// As one block, to be saved.
    pub fn as_bytes(&self) -> Vec<u8> {
        let numbers = |stamp: &Stamp| -> Numbers { (stamp.size, stamp.modified, stamp.changed, stamp.node) };
        let watched: Vec<(&str, Numbers)> =
            self.watched.iter().map(|(path, stamp)| (path.as_str(), numbers(stamp))).collect();
        // Plain values of ours always serialise.
        serde_json::to_vec(&(&self.asked, watched, &*self.faces)).unwrap_or_default()
    }

    /// From what `as_bytes` gave; `None` when it is damaged.
    pub fn from_bytes(bytes: &[u8]) -> Option<Fonts> {
        let (asked, watched, faces): (Vec<String>, Vec<(String, Numbers)>, Faces) =
            serde_json::from_slice(bytes).ok()?;
        let stamp = |(size, modified, changed, node): Numbers| Stamp { size, modified, changed, node };
        let watched = watched.into_iter().map(|(path, numbers)| (path, stamp(numbers))).collect();
        Some(Fonts { is_new: false, ..Fonts::new(asked, watched, Arc::new(faces)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slides_and_fonts_come_back_as_they_were_saved() {
        let slides: BTreeMap<Hash, Slide> =
            [(Hash::of(b"key"), Slide::new(b"bytes", None)), (Hash::of(b"other"), Slide::new(b"", None))].into();
        let block = slides_as_block(&slides);
        assert_eq!(slides_of_block(&block), slides);
        assert!(slides_of_block(&block[1..]).is_empty());
        let stamp = Stamp { size: 1, modified: -2, changed: 3, node: 4 };
        let fonts = Fonts::new(vec!["a".into()], vec![("/fonts".into(), stamp)], Arc::default());
        let back = Fonts::from_bytes(&fonts.as_bytes()).expect("it is whole");
        assert_eq!((&back.asked, &back.watched, back.is_new), (&fonts.asked, &fonts.watched, false));
        assert!(Fonts::from_bytes(b"[").is_none());
    }
}
