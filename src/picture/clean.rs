//! Files of pictures without their metadata (place, camera, author, thumbnails, what follows the end), the pixels untouched.
//!
//! What is kept is listed; all else goes. Bytes that are not what they say are no picture.

use super::Flaw;

/// The file as it may be published.
pub fn cleaned(bytes: &[u8]) -> Result<Vec<u8>, Flaw> {
    let clean = match bytes {
        [0xff, 0xd8, ..] => jpeg(bytes),
        [0x89, b'P', b'N', b'G', ..] => png(bytes),
        [b'G', b'I', b'F', b'8', ..] => gif(bytes),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp(bytes),
        _ => return Err(Flaw::Foreign),
    };
    clean.ok_or(Flaw::CutOff)
}

/// Keeps what decoding needs, the colour profile, and, in a segment of our own, the orientation. Ends at the end of the
/// first picture: phones put a second one, or a film, behind it. `None` when the end is missing.
pub(super) fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    out.extend(bytes.get(..2)?);
    let mut at = 2;
    let mut orientation = 1;
    let mut has_scan = false;
    loop {
        // Any number of filling bytes may stand before a marker.
        while bytes.get(at..at + 2)? == [0xff, 0xff] {
            at += 1;
        }
        let [0xff, marker] = *bytes.get(at..at + 2)? else { return None };
        match marker {
            0xd9 => {
                out.extend([0xff, 0xd9]);
                out.splice(2..2, oriented(orientation));
                return has_scan.then_some(out);
            }
            0x01 | 0xd0..=0xd7 => {
                out.extend([0xff, marker]);
                at += 2;
            }
            _ => {
                let length = usize::from(u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?));
                let end = at + 2 + length.max(2);
                let segment = bytes.get(at..end)?;
                let body = &segment[4..];
                if marker == 0xe1 && body.starts_with(b"Exif\0\0") {
                    orientation = orientation_of(&body[6..]).unwrap_or(orientation);
                }
                if is_needed(marker, body) {
                    out.extend(segment);
                }
                at = end;
                if marker == 0xda {
                    has_scan = true;
                    let data = entropy_coded(&bytes[at..])?;
                    out.extend(&bytes[at..at + data]);
                    at += data;
                }
            }
        }
    }
}

/// JFIF, colour profile, Adobe's transform flag, and whatever is no comment and no application's own.
fn is_needed(marker: u8, body: &[u8]) -> bool {
    match marker {
        0xe0 => body.starts_with(b"JFIF\0"),
        0xe2 => body.starts_with(b"ICC_PROFILE\0"),
        0xee => body.starts_with(b"Adobe"),
        0xe1..=0xef | 0xfe => false,
        _ => true,
    }
}

/// How many bytes of coded pixels stand here, up to the next marker; `None` when the file ends first.
fn entropy_coded(bytes: &[u8]) -> Option<usize> {
    bytes.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7))
}

/// The orientation (1 to 8) in a TIFF header as EXIF has it.
fn orientation_of(tiff: &[u8]) -> Option<u8> {
    let is_little = tiff.starts_with(b"II");
    let short = |at: usize| {
        let pair = tiff.get(at..at + 2)?.try_into().ok()?;
        Some(if is_little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let long = |at: usize| {
        let four = tiff.get(at..at + 4)?.try_into().ok()?;
        Some(if is_little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
    };
    let directory = usize::try_from(long(4)?).ok()?;
    let count = usize::from(short(directory)?);
    let entry = (0..count).map(|i| directory + 2 + 12 * i).find(|entry| short(*entry) == Some(0x0112))?;
    u8::try_from(short(entry + 8)?).ok().filter(|value| (1..=8).contains(value))
}

/// An EXIF segment that holds the orientation and nothing else; nothing when the picture is upright.
fn oriented(orientation: u8) -> Vec<u8> {
    if orientation == 1 {
        return Vec::new();
    }
    let mut out = vec![0xff, 0xe1, 0, 34];
    out.extend(b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0");
    out.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    out
}

/// Chunks that change how the picture looks.
const PNG_KEPT: [&[u8; 4]; 15] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"bKGD",
    b"acTL", b"fcTL", b"fdAT",
];

/// `None` when the end is missing.
pub(super) fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    out.extend(bytes.get(..8)?);
    let mut at = 8;
    loop {
        let length = usize::try_from(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok()?;
        let chunk = bytes.get(at..at.checked_add(12)?.checked_add(length)?)?;
        let name = &chunk[4..8];
        if PNG_KEPT.iter().any(|kept| kept.as_slice() == name) {
            out.extend(chunk);
        }
        if name == b"IEND" {
            return Some(out);
        }
        at += chunk.len();
    }
}

/// `None` when a chunk ends behind the file.
fn webp(bytes: &[u8]) -> Option<Vec<u8>> {
    const KEPT: [&[u8; 4]; 7] = [b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];
    /// Bits of `VP8X` that announce EXIF and XMP.
    const ANNOUNCED: u8 = 0x08 | 0x04;
    let size = usize::try_from(u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?)).ok()?;
    let whole = bytes.get(..size.checked_add(8)?)?;
    let mut out = whole.get(..12)?.to_vec();
    let mut at = 12;
    while at < whole.len() {
        let length = usize::try_from(u32::from_le_bytes(whole.get(at + 4..at + 8)?.try_into().ok()?)).ok()?;
        let end = at.checked_add(8)?.checked_add(length)?.checked_add(length % 2)?;
        let chunk = whole.get(at..end)?;
        if KEPT.iter().any(|kept| kept.as_slice() == &chunk[..4]) {
            let start = out.len();
            out.extend(chunk);
            if chunk.starts_with(b"VP8X")
                && let Some(flags) = out.get_mut(start + 8)
            {
                *flags &= !ANNOUNCED;
            }
        }
        at = end;
    }
    let size = u32::try_from(out.len() - 8).ok()?;
    out[4..8].copy_from_slice(&size.to_le_bytes());
    Some(out)
}

/// `None` when the trailer is missing.
fn gif(bytes: &[u8]) -> Option<Vec<u8>> {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3usize << ((flags & 7) + 1) };
    let mut at = 13 + table(*bytes.get(10)?);
    let mut out = bytes.get(..at)?.to_vec();
    loop {
        let start = at;
        let keep = match bytes.get(at)? {
            0x3b => {
                out.push(0x3b);
                return Some(out);
            }
            0x2c => {
                // Descriptor, colours, code size.
                at += 10 + table(*bytes.get(at + 9)?) + 1;
                true
            }
            0x21 => {
                let kind = *bytes.get(at + 1)?;
                at += 2;
                let name = bytes.get(at + 1..at + 12).unwrap_or_default();
                // How long a frame stands, plain text, and how often the film runs.
                matches!(kind, 0xf9 | 0x01) || (kind == 0xff && matches!(name, b"NETSCAPE2.0" | b"ANIMEXTS1.0"))
            }
            _ => return None,
        };
        loop {
            let length = usize::from(*bytes.get(at)?);
            at += 1 + length;
            if length == 0 {
                break;
            }
        }
        if keep {
            out.extend(bytes.get(start..at)?);
        }
    }
}
