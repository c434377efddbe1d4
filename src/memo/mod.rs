//! What one build leaves for the next: documents by the hash of their inputs, outputs by their fingerprint.
//!
//! Pure values. `state` keeps them between runs as blocks of bytes, without the bodies of documents; without them everything
//! is simply made again. A warm build goes through the same line as a cold one and only skips what would give the same
//! value.

mod away;
mod company;
mod heads;
mod outputs;
mod pack;
mod slides;
mod table;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::document::Document;
use crate::file::{Hash, SourcePath};
use crate::render::Engine;
use crate::stamp::Stamps;
use crate::video::Video;

pub use away::{ReadPiece, Window};
pub use company::Company;
pub use heads::{Heads, PackedHeads};
pub use outputs::{Made, Outputs, Recall};
pub use slides::{Fonts, Slide, slides_as_block, slides_of_block};

/// Everything kept.
#[derive(Default)]
pub struct Memo {
    /// Files as they were read last.
    pub known: Stamps,
    /// Their folders.
    pub folders: Stamps,
    /// They are other ones than `state` keeps.
    pub folders_are_new: bool,
    /// Files and folders are still where `state` keeps them.
    pub known_is_on_disk: bool,
    /// Of the settings under which `documents` were parsed.
    pub settings: Hash,
    /// By path: the hash of the file, and the document.
    pub documents: BTreeMap<SourcePath, (Hash, Arc<Document>)>,
    /// Documents of an earlier run.
    pub heads: Heads,
    /// The same for the next run, as soon as they are packed.
    pub next_heads: Option<PackedHeads>,
    /// The heads are still where `state` keeps them: nobody has needed one yet.
    pub heads_are_on_disk: bool,
    /// Of the output folder that `outputs` is about.
    pub folder: Option<Hash>,
    /// By output: what its bytes depended on.
    pub outputs: Outputs,
    /// The parsed templates.
    pub engine: Option<Arc<Engine>>,
    /// Files of slides by the hash of theme, fonts, input and photo.
    pub slides: BTreeMap<Hash, Slide>,
    /// The block of slides as it was saved last.
    pub slides_block: Vec<u8>,
    /// The fonts that slides are set in.
    pub fonts: Option<Fonts>,
    /// What was found in the files of videos, by their hash.
    pub videos: BTreeMap<Hash, Video>,
}

impl Memo {
    /// True when what was made of this file, with this hash, is here, or may be as far as one can tell without looking.
    pub fn may_hold(&self, path: &SourcePath, source: Hash) -> bool {
        let is_here = || self.documents.get(path).is_some_and(|(known, _)| *known == source);
        path.is_markdown() && (self.heads_are_on_disk || is_here() || self.heads.holds(path, source))
    }

    /// Forgets documents that were parsed under other settings.
    pub fn settle(&mut self, settings: Hash) {
        let is_other = |known: Hash| known != settings && known != Hash::default();
        if is_other(self.settings) {
            self.documents.clear();
        }
        if is_other(self.heads.settings()) {
            self.heads = Heads::default();
        }
        self.settings = settings;
    }
}

impl std::fmt::Debug for Memo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Memo")
            .field("documents", &self.documents.len())
            .field("outputs", &self.outputs.len())
            .finish_non_exhaustive()
    }
}
