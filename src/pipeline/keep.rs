//! What builds leave each other in `.civicast/`: the memo in its blocks, the stamps of an output folder, the receipts.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::file::{Hash, OutputPath, Receipt};
use crate::memo::{self, Company, Heads, Memo, Outputs, PackedHeads};
use crate::problem::Problem;
use crate::stamp::Stamps;
use crate::state;

use super::{Preview, videos};

/// What a release did, as it is remembered for `why`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// The instant for which the site was built.
    pub now: Timestamp,
    /// The output folder.
    pub output: String,
    /// Files that were new or had other bytes; the first of them when there are very many.
    pub written: Vec<String>,
    /// Files that are no longer produced; likewise.
    pub removed: Vec<String>,
    /// How many files stood there already.
    pub unchanged: usize,
}

/// Paths that an entry names at most of each kind: the first build of a large site would say nothing more.
const ENTRY_LIMIT: usize = 2_000;

pub(super) fn remember(site: &Path, output: &Path, now: Timestamp, receipt: &Receipt) -> Result<(), Box<Problem>> {
    let some = |paths: &[OutputPath]| paths.iter().take(ENTRY_LIMIT).map(ToString::to_string).collect();
    let entry = Entry {
        now,
        output: output.display().to_string(),
        written: some(&receipt.written),
        removed: some(&receipt.removed),
        unchanged: receipt.unchanged,
    };
    state::append_receipt(site, &serde_json::json!(entry).to_string())
}

/// The releases of this site that are remembered, oldest first.
pub fn entries(site: &Path) -> Vec<Entry> {
    state::receipts(site).iter().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// The memo that the last run left for this site; empty when there is none. Files and documents are added when they are needed, and
/// what was made for an output folder when `publish` knows the folder.
pub fn remembered(site: &Path) -> Memo {
    let slides_block = state::load(site, SLIDES, state::program_version()).unwrap_or_default();
    let slides = memo::slides_of_block(&slides_block);
    let videos = videos::of_block(state::load(site, "videos", state::program_version()));
    Memo { known_is_on_disk: true, heads_are_on_disk: true, videos, slides, slides_block, ..Memo::default() }
}

pub(super) fn load_known(site: &Path, memo: &mut Memo) {
    if std::mem::take(&mut memo.known_is_on_disk) {
        let [known, folders] = [SOURCES, FOLDERS].map(|name| {
            let bytes = state::load(site, name, state::program_version());
            bytes.and_then(Stamps::from_bytes).unwrap_or_default()
        });
        (memo.known, memo.folders) = (known, folders);
    }
}

pub(super) fn load_heads(site: &Path, memo: &mut Memo) {
    if std::mem::take(&mut memo.heads_are_on_disk) {
        memo.heads = remembered_heads(site);
    }
}

/// What was made for this output folder: what was made for another says nothing about the files in it.
pub(super) fn load_outputs(site: &Path, folder: Hash, memo: &mut Memo) {
    if memo.folder != Some(folder) {
        (memo.outputs, memo.folder) = (remembered_outputs(site, folder), Some(folder));
    }
}

/// The company that the pages of the last release keep.
pub(super) fn load_company(site: &Path) -> Company {
    Company::from_bytes(state::load(site, COMPANY, state::program_version()))
}

fn remembered_heads(site: &Path) -> Heads {
    let version = state::program_version();
    let [rows, newer] = [DIRECTORY, DOCUMENTS[1]].map(|name| state::load(site, name, version));
    match state::pieces(site, DOCUMENTS[0], version) {
        Some(pieces) => Heads::from_blocks(rows, newer, Arc::new(move |at, bytes| pieces.read(at, bytes))),
        None => Heads::default(),
    }
}

/// Stamps of the files of the site.
pub(super) const SOURCES: &str = "sources";
/// Stamps of the folders that they are in.
const FOLDERS: &str = "folders";
/// The two tables of documents.
pub(super) const DOCUMENTS: [&str; 2] = ["documents", "documents-newer"];
/// Where the documents lie in the first of them.
const DIRECTORY: &str = "documents-places";
/// Slides that were drawn.
const SLIDES: &str = "slides";
/// The documents that a page mentions.
const COMPANY: &str = "company";

/// Name of the stamps of the files in this output folder.
fn stamps_name(folder: Hash) -> String {
    format!("release-{}", folder.short(16))
}

pub(super) fn remembered_stamps(site: &Path, folder: Hash) -> Stamps {
    let bytes = state::load(site, &stamps_name(folder), state::program_version());
    bytes.and_then(Stamps::from_bytes).unwrap_or_default()
}

pub(super) fn save_stamps(site: &Path, folder: Hash, stamps: &Stamps) -> Result<(), Box<Problem>> {
    state::save(site, &stamps_name(folder), state::program_version(), &[stamps.as_bytes()])
}

/// Names of the two blocks about the outputs in this folder.
pub(super) fn outputs_names(folder: Hash) -> [String; 2] {
    ["outputs", "questions"].map(|name| format!("{name}-{}", folder.short(16)))
}

fn remembered_outputs(site: &Path, folder: Hash) -> Outputs {
    let [outputs, questions] = outputs_names(folder).map(|name| state::load(site, &name, state::program_version()));
    Outputs::from_blocks(outputs, questions)
}

/// Saves the folders, if they are not the ones that were loaded.
pub(super) fn save_folders(site: &Path, memo: &mut Memo) -> Result<(), Box<Problem>> {
    match std::mem::take(&mut memo.folders_are_new) {
        true => state::save(site, FOLDERS, state::program_version(), &[memo.folders.as_bytes()]),
        false => Ok(()),
    }
}

/// Puts the heads together and saves what differs from those that were loaded. They say of each document which file it is
/// of, so they may be newer than all else that is kept.
pub(super) fn save_heads(site: &Path, loaded: &Heads, packed: PackedHeads) -> (Heads, Result<(), Box<Problem>>) {
    let save = |name: &str, bytes: &[u8]| state::save(site, name, state::program_version(), &[bytes]);
    let heads = packed.into_heads();
    let (has_base, has_newer) = heads.shared_with(loaded);
    let saved = || {
        if let Some((base, rows)) = heads.base_blocks().filter(|_| !has_base) {
            save(DOCUMENTS[0], base)?;
            save(DIRECTORY, &rows)?;
        }
        if has_newer { Ok(()) } else { save(DOCUMENTS[1], heads.newer_block()) }
    };
    let saved = saved();
    (heads, saved)
}

/// What a release leaves to the next build, besides the memo.
pub(super) struct Left<'a> {
    /// Of the files in the output folder.
    pub(super) stamps: &'a Stamps,
    /// Which documents pages mention.
    pub(super) company: &'a Company,
    /// How the outputs were made.
    pub(super) made: Outputs,
}

/// Saves the rest of what differs from what was loaded. In no order: whatever is left of a build that was killed meanwhile says
/// what it belongs to, and does not fit the rest.
pub(super) fn save(site: &Path, folder: Hash, memo: &mut Memo, left: Left) -> Result<(), Box<Problem>> {
    let Left { stamps, company, made } = left;
    let (stamps_name, [outputs_name, questions_name]) = (stamps_name(folder), outputs_names(folder));
    let mut blocks: Vec<state::Block> = vec![
        (&stamps_name, vec![stamps.as_bytes()]),
        (SOURCES, vec![memo.known.as_bytes()]),
        (COMPANY, vec![company.as_bytes()]),
    ];
    if made != memo.outputs {
        let (outputs, questions) = made.as_blocks();
        blocks.push((&outputs_name, outputs.to_vec()));
        blocks.push((&questions_name, vec![questions]));
    }
    let videos = (!memo.videos.is_empty()).then(|| videos::as_block(&memo.videos));
    blocks.extend(videos.as_ref().map(|videos| ("videos", vec![&videos[..]])));
    let slides = memo::slides_as_block(&memo.slides);
    if slides != memo.slides_block {
        blocks.push((SLIDES, vec![&slides]));
    }
    let fonts = memo.fonts.as_ref().filter(|fonts| fonts.is_new).map(memo::Fonts::as_bytes);
    blocks.extend(fonts.as_ref().map(|fonts| ("fonts", vec![&fonts[..]])));
    if memo.folders_are_new {
        blocks.push((FOLDERS, vec![memo.folders.as_bytes()]));
    }
    state::save_all(site, state::program_version(), &blocks)?;
    memo.folders_are_new = false;
    memo.slides_block = slides;
    if let Some(fonts) = &mut memo.fonts {
        fonts.is_new = false;
    }
    memo.outputs = made;
    Ok(())
}

/// The company that pages keep.
pub(super) fn company(preview: &Preview) -> Company {
    preview.index.as_ref().map(|index| Company::of_site(&index.world().site)).unwrap_or_default()
}
