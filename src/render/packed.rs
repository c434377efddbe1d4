//! Text outputs in the compressed forms that web servers hand out as they are: `.gz` for all browsers, `.br` for most.

use std::io::Write as _;

/// A compressed form: the ending that its file gets, and how it is made.
#[derive(Clone, Copy, Debug)]
pub struct Packing {
    /// `.gz`
    pub ending: &'static str,
    pack: fn(&[u8]) -> Vec<u8>,
}

/// All forms.
pub const PACKINGS: [Packing; 2] = [Packing { ending: ".gz", pack: gzip }, Packing { ending: ".br", pack: brotli }];

impl Packing {
    /// The bytes in this form.
    pub fn pack(&self, bytes: &[u8]) -> Vec<u8> {
        (self.pack)(bytes)
    }
}

/// True for files that get smaller: text by their ending.
pub fn is_packed(path: &str) -> bool {
    const ENDINGS: [&str; 11] = ["html", "css", "js", "json", "xml", "svg", "txt", "csv", "ics", "vcf", "webmanifest"];
    path.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    // No time and no name in the head, so equal bytes give equal files.
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    // Writing into memory does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    // Quality 9 of 11: the last two take ten times as long for a few per cent.
    let mut out = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut out, 4096, 9, 22);
    let _ = encoder.write_all(bytes);
    drop(encoder);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_is_unpacked_again_and_packing_twice_gives_the_same() {
        use std::io::Read as _;
        let text = "通知公告。".repeat(500).into_bytes();
        let [gz, br] = PACKINGS.map(|packing| packing.pack(&text));
        let mut out = Vec::new();
        flate2::read::GzDecoder::new(&*gz).read_to_end(&mut out).expect("gzip");
        assert_eq!(out, text);
        out.clear();
        ::brotli::Decompressor::new(&*br, 4096).read_to_end(&mut out).expect("brotli");
        assert_eq!(out, text);
        assert!(gz.len() < text.len() / 10 && br.len() < text.len() / 10);
        assert_eq!(PACKINGS.map(|packing| packing.pack(&text)), [gz, br]);
    }

    #[test]
    fn pictures_are_not_packed() {
        let check = |path: &str, expected: bool| assert_eq!(is_packed(path), expected, "{path}");
        check("a/index.html", true);
        check("site.webmanifest", true);
        check("a/1.png", false);
        check("CNAME", false);
    }
}
