//! The videos of visible documents, looked into once as long as their bytes stay the same, and what is wrong with them.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::Look;
use crate::document::{Document, FileRef};
use crate::file::{Hash, Source, SourcePath, Sources};
use crate::link::Links;
use crate::memo::Memo;
use crate::problem::Problem;
use crate::site::Site;
use crate::video::{self, Flaw, Video};

/// How to make a video that every screen plays.
const CONVERT: &str = "ffmpeg -i IN -c:v libx264 -pix_fmt yuv420p -an -movflags +faststart OUT.mp4";

/// Gives every edition the videos of its visible documents.
pub(super) fn videos(
    sites: &mut [Site],
    links: &[Links],
    sources: &Sources,
    memo: &mut Memo,
    look: &Look,
) -> Vec<Problem> {
    let (mut kept, mut problems) = (BTreeMap::new(), Vec::new());
    for (site, links) in sites.iter_mut().zip(links) {
        let (videos, more) = of_site(site, links, sources, &memo.videos, look, &mut kept);
        site.videos = videos;
        problems.extend(more);
    }
    memo.videos = kept;
    problems
}

/// By path of the document. A file is looked into once, as long as its bytes stay the same.
fn of_site(
    site: &Site,
    links: &Links,
    sources: &Sources,
    known: &BTreeMap<Hash, Video>,
    look: &Look,
    kept: &mut BTreeMap<Hash, Video>,
) -> (BTreeMap<SourcePath, Video>, Vec<Problem>) {
    let wanted: Vec<(&Arc<Document>, &Source)> = site
        .pages
        .iter()
        .filter_map(|page| Some((&page.document, sources.get(links.videos.get(&page.document.path)?)?)))
        .collect();
    let found: Vec<Result<Result<Video, Flaw>, Box<Problem>>> = wanted
        .par_iter()
        .with_max_len(1)
        .map(|(_, source)| known.get(&source.hash).map_or_else(|| look(&source.path), |video| Ok(Ok(video.clone()))))
        .collect();
    let (mut videos, mut problems) = (BTreeMap::new(), Vec::new());
    for ((document, source), found) in wanted.into_iter().zip(found) {
        let Some(file) = &document.front.video else { continue };
        match found {
            Err(unread) => problems.push(*unread),
            Ok(Err(flaw)) => problems.push(about(file, flaw.code())),
            Ok(Ok(video)) => {
                problems.extend(doubts(file, &video));
                kept.insert(source.hash, video.clone());
                videos.insert(document.path.clone(), video);
            }
        }
    }
    (videos, problems)
}

fn about(file: &FileRef, code: &'static str) -> Problem {
    Problem::new(code).with("target", &file.target).with("command", CONVERT).at(file.place.clone())
}

/// What some screens will not play.
fn doubts(file: &FileRef, video: &Video) -> Vec<Problem> {
    let mut problems = Vec::new();
    if !video.plays_everywhere() {
        problems.push(about(file, "video-codec").with("codec", &video.codec));
    }
    if video.bytes > video::KEPT_BYTES {
        let sizes = [video.bytes, video::KEPT_BYTES].map(|bytes| bytes >> 20);
        problems.push(about(file, "video-large").with("size", sizes[0]).with("limit", sizes[1]));
    }
    problems
}

/// For the next run: hash of the file and what was found, as JSON.
pub(super) fn as_block(videos: &BTreeMap<Hash, Video>) -> Vec<u8> {
    let rows: Vec<(&[u8; Hash::SIZE], &Video)> = videos.iter().map(|(hash, video)| (&hash.0, video)).collect();
    serde_json::json!(rows).to_string().into_bytes()
}

/// Of what `as_block` gave; anything else is nothing.
pub(super) fn of_block(block: Option<Vec<u8>>) -> BTreeMap<Hash, Video> {
    let rows = block.and_then(|json| serde_json::from_slice::<Vec<([u8; Hash::SIZE], Video)>>(&json).ok());
    rows.unwrap_or_default().into_iter().map(|(hash, video)| (Hash(hash), video)).collect()
}
