//! The file of a video → how long it plays, its pixels, its codec, and the hash that screens verify; or what is wrong with it.
//!
//! In: a reader over the file. Out: a `Video`, or a `Flaw` that says why no screen could play it. Only MP4 is read, because
//! it is what every device plays. We read the few boxes of its header ourselves (ISO/IEC 14496-12): crates that know the
//! whole format refuse odd but playable files, and five numbers are wanted. Nothing is decoded.

use std::io::{self, Read, Seek, SeekFrom};

use serde::{Deserialize, Serialize};

use crate::file::sha256_of;

/// What is known of a video.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Video {
    /// SHA-256 of the file, its published name.
    pub sha256: String,
    /// Length of the file.
    pub bytes: u64,
    /// How long it plays.
    pub milliseconds: u64,
    /// Pixels; 0 when the header does not say.
    pub width: u16,
    /// Pixels; 0 when the header does not say.
    pub height: u16,
    /// Four letters: `avc1` is H.264.
    pub codec: String,
}

impl Video {
    /// Whole seconds that a loop gives it.
    pub fn seconds(&self) -> u32 {
        u32::try_from(self.milliseconds.div_ceil(1000)).unwrap_or(u32::MAX).max(1)
    }

    /// H.264, which devices of every age decode.
    pub fn plays_everywhere(&self) -> bool {
        matches!(self.codec.as_str(), "avc1" | "avc3")
    }
}

/// Videos up to this size are fetched ahead by screens, verified as a whole and kept for when the network is gone.
pub const KEPT_BYTES: u64 = 64 << 20;

/// Why a file can't be played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// No MP4 at all.
    NotMp4,
    /// The end is missing.
    CutShort,
    /// Sound only, or nothing.
    NoPicture,
    /// The header does not say how long it is.
    NoLength,
}

impl Flaw {
    /// The code of its message.
    pub fn code(self) -> &'static str {
        match self {
            Flaw::NotMp4 => "video-not-mp4",
            Flaw::CutShort => "video-cut-short",
            Flaw::NoPicture => "video-without-picture",
            Flaw::NoLength => "video-without-length",
        }
    }
}

/// Larger headers belong to films of many hours.
const HEADER_MAX: u64 = 32 << 20;
/// Real files have a handful at the top; a hostile one could have a million.
const BOXES_MAX: usize = 10_000;

/// Reads the file from its beginning. The outer error is the system's.
pub fn read(file: &mut (impl Read + Seek), bytes: u64) -> io::Result<Result<Video, Flaw>> {
    let moov = match header(file, bytes)? {
        Ok(moov) => moov,
        Err(flaw) => return Ok(Err(flaw)),
    };
    let found = facts(&moov);
    let Ok((milliseconds, width, height, codec)) = found else { return Ok(Err(found.unwrap_err())) };
    file.seek(SeekFrom::Start(0))?;
    Ok(Ok(Video { sha256: sha256_of(file)?, bytes, milliseconds, width, height, codec }))
}

/// The body of the box `moov`.
fn header(file: &mut (impl Read + Seek), bytes: u64) -> io::Result<Result<Vec<u8>, Flaw>> {
    let (mut at, mut moov) = (0, None);
    for number in 0..BOXES_MAX {
        if at == bytes {
            break;
        }
        let mut head = [0; 16];
        let given = usize::try_from((bytes - at).min(16)).unwrap_or(16);
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut head[..given])?;
        let Some((kind, skip, size)) = box_head(&head[..given], bytes - at) else {
            return Ok(Err(if number == 0 { Flaw::NotMp4 } else { Flaw::CutShort }));
        };
        if number == 0 && kind != *b"ftyp" {
            return Ok(Err(Flaw::NotMp4));
        }
        if size > bytes - at {
            return Ok(Err(Flaw::CutShort));
        }
        if kind == *b"moov" && moov.is_none() {
            if size > HEADER_MAX {
                return Ok(Err(Flaw::NotMp4));
            }
            let mut body = vec![0; usize::try_from(size - skip).map_err(io::Error::other)?];
            file.seek(SeekFrom::Start(at + skip))?;
            file.read_exact(&mut body)?;
            moov = Some(body);
        }
        at += size;
    }
    // A recorder that lost power writes the pictures and never the header.
    Ok(moov.ok_or(if bytes == 0 { Flaw::NotMp4 } else { Flaw::CutShort }))
}

/// Kind, length of the head, length of the whole box; a box without a length of its own goes to the end.
fn box_head(head: &[u8], rest: u64) -> Option<([u8; 4], u64, u64)> {
    let kind = head.get(4..8)?.try_into().ok()?;
    let (skip, size) = match u32_at(head, 0)? {
        0 => (8, rest),
        1 => (16, u64_at(head, 8)?),
        size => (8, u64::from(size)),
    };
    (size >= skip).then_some((kind, skip, size))
}

/// Milliseconds, width, height, codec.
fn facts(moov: &[u8]) -> Result<(u64, u16, u16, String), Flaw> {
    let mvhd = child(moov, b"mvhd").ok_or(Flaw::CutShort)?;
    let picture = boxes(moov).filter(|(kind, _)| kind == b"trak").find_map(|(_, trak)| picture(trak));
    let (width, height, codec) = picture.ok_or(Flaw::NoPicture)?;
    let is_long = mvhd.first() == Some(&1);
    let scale = u32_at(mvhd, if is_long { 20 } else { 12 }).filter(|scale| *scale > 0);
    let written = if is_long { u64_at(mvhd, 24) } else { u32_at(mvhd, 16).map(u64::from) };
    // A file in fragments says its length elsewhere.
    let units = written.filter(|units| *units > 0 && *units < u64::from(u32::MAX)).or_else(|| fragmented(moov));
    let milliseconds = u128::from(units.ok_or(Flaw::NoLength)?) * 1000 / u128::from(scale.ok_or(Flaw::NoLength)?);
    let milliseconds = u64::try_from(milliseconds).ok().filter(|length| *length > 0).ok_or(Flaw::NoLength)?;
    Ok((milliseconds, width, height, codec))
}

fn fragmented(moov: &[u8]) -> Option<u64> {
    let mehd = child(child(moov, b"mvex")?, b"mehd")?;
    let units = if mehd.first() == Some(&1) { u64_at(mehd, 4) } else { u32_at(mehd, 4).map(u64::from) };
    units.filter(|units| *units > 0)
}

/// Width, height and codec of a track that has pictures.
fn picture(trak: &[u8]) -> Option<(u16, u16, String)> {
    let mdia = child(trak, b"mdia")?;
    if child(mdia, b"hdlr")?.get(8..12)? != b"vide" {
        return None;
    }
    let stsd = child(child(child(mdia, b"minf")?, b"stbl")?, b"stsd")?;
    let codec = stsd.get(12..16)?;
    if !codec.iter().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let side = |at: usize| Some(u16::from_be_bytes(stsd.get(at..at + 2)?.try_into().ok()?));
    Some((side(40)?, side(42)?, String::from_utf8_lossy(codec).into_owned()))
}

fn child<'a>(parent: &'a [u8], wanted: &[u8; 4]) -> Option<&'a [u8]> {
    boxes(parent).find(|(kind, _)| kind == wanted).map(|(_, body)| body)
}

/// The boxes side by side in these bytes; ends where they make no sense.
fn boxes(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (kind, skip, size) = box_head(rest, rest.len() as u64)?;
        let (skip, size) = (usize::try_from(skip).ok()?, usize::try_from(size).ok()?);
        let body = rest.get(skip..size)?;
        rest = &rest[size..];
        Some((kind, body))
    })
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_be_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&(body.len() as u32 + 8).to_be_bytes(), kind.as_slice(), body].concat()
    }

    fn mvhd(scale: u32, units: u32) -> Vec<u8> {
        boxed(b"mvhd", &[&[0; 12], scale.to_be_bytes().as_slice(), &units.to_be_bytes(), &[0; 80]].concat())
    }

    fn trak(handler: &[u8; 4], codec: &[u8; 4]) -> Vec<u8> {
        let hdlr = boxed(b"hdlr", &[&[0; 8], handler.as_slice(), &[0; 13]].concat());
        let entry = boxed(codec, &[&[0; 24], [0x02, 0x80, 0x01, 0x68].as_slice(), &[0; 50]].concat());
        let stsd = boxed(b"stsd", &[&[0, 0, 0, 0, 0, 0, 0, 1], entry.as_slice()].concat());
        let minf = boxed(b"minf", &boxed(b"stbl", &stsd));
        boxed(b"trak", &boxed(b"mdia", &[hdlr, minf].concat()))
    }

    fn file(moov: &[Vec<u8>]) -> Vec<u8> {
        [boxed(b"ftyp", b"isom\0\0\0\0"), boxed(b"mdat", &[7; 100]), boxed(b"moov", &moov.concat())].concat()
    }

    fn check(bytes: &[u8], expected: Result<(u64, u16, u16, &str), Flaw>) {
        let found = read(&mut Cursor::new(bytes), bytes.len() as u64).unwrap();
        let brief = found.as_ref().map(|v| (v.milliseconds, v.width, v.height, v.codec.as_str())).map_err(|flaw| *flaw);
        assert_eq!(brief, expected);
        if let Ok(video) = &found {
            assert_eq!((video.sha256.clone(), video.bytes), (crate::file::sha256(bytes), bytes.len() as u64));
        }
    }

    #[test]
    fn length_pixels_and_codec_come_from_the_header() {
        check(&file(&[mvhd(600, 1501), trak(b"soun", b"mp4a"), trak(b"vide", b"avc1")]), Ok((2501, 640, 360, "avc1")));
        let long = [[1].as_slice(), &[0; 19], &1000_u32.to_be_bytes(), &2000_u64.to_be_bytes(), &[0; 80]].concat();
        check(&file(&[boxed(b"mvhd", &long), trak(b"vide", b"hvc1")]), Ok((2000, 640, 360, "hvc1")));
        let mehd = boxed(b"mvex", &boxed(b"mehd", &[0, 0, 0, 0, 0, 0, 0x0b, 0xb8]));
        check(&file(&[mvhd(1000, 0), trak(b"vide", b"avc1"), mehd]), Ok((3000, 640, 360, "avc1")));
    }

    #[test]
    fn what_cannot_be_played_says_why() {
        check(b"", Err(Flaw::NotMp4));
        check(b"RIFF\0\0\0\0AVI ", Err(Flaw::NotMp4));
        let good = file(&[mvhd(600, 1501), trak(b"vide", b"avc1")]);
        check(&good[..good.len() - 1], Err(Flaw::CutShort));
        check(&good[..124], Err(Flaw::CutShort));
        check(&file(&[mvhd(600, 1501), trak(b"soun", b"mp4a")]), Err(Flaw::NoPicture));
        check(&file(&[mvhd(600, 0), trak(b"vide", b"avc1")]), Err(Flaw::NoLength));
        check(&file(&[mvhd(0, 600), trak(b"vide", b"avc1")]), Err(Flaw::NoLength));
    }

    #[test]
    fn any_bytes_are_read_without_a_panic() {
        let good = file(&[mvhd(600, 1501), trak(b"vide", b"avc1")]);
        for at in 0..good.len() {
            for value in [0, 1, 2, 7, 0x7f, 0xff] {
                let mut bytes = good.clone();
                bytes[at] = value;
                let _ = read(&mut Cursor::new(&bytes), bytes.len() as u64).unwrap();
            }
            let _ = read(&mut Cursor::new(&good[..at]), at as u64).unwrap();
        }
    }
}
