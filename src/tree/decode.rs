//! Bytes as people have them → text: UTF-8 with or without byte order mark, UTF-16 with one, GB18030 by detection.
//! Line ends become `\n`, so that lines and columns are those that an editor shows.

use std::borrow::Cow;
use std::sync::OnceLock;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, UTF_16BE, UTF_16LE};

use super::Span;
use crate::file::{Source, SourcePath};
use crate::problem::{Place, Problem};

/// A decoded file and where its lines begin.
#[derive(Clone, Debug)]
pub struct TextFile<'t> {
    /// The file.
    pub path: SourcePath,
    /// All of its text, without byte order mark, lines ended by `\n`.
    pub text: Cow<'t, str>,
    /// As soon as somebody asks for a place: in most files nothing is wrong.
    line_starts: OnceLock<Vec<usize>>,
}

/// Lines longer than this are not quoted in problems.
const LONGEST_QUOTED_LINE: usize = 4096;

impl<'t> TextFile<'t> {
    /// From text that is decoded already.
    pub fn new(path: SourcePath, text: impl Into<Cow<'t, str>>) -> TextFile<'t> {
        TextFile { path, text: unix_line_ends(text.into()), line_starts: OnceLock::new() }
    }

    fn line_starts(&self) -> &[usize] {
        self.line_starts.get_or_init(|| {
            let line_ends = memchr::memchr_iter(b'\n', self.text.as_bytes());
            std::iter::once(0).chain(line_ends.map(|end| end + 1)).collect()
        })
    }

    /// Decodes a source. The notes say what was converted; the error is `file-too-large` for a source that was left on
    /// disk and `unreadable-text` for bytes that are no text we know.
    pub fn decode(source: &'t Source) -> Result<(TextFile<'t>, Vec<Problem>), Box<Problem>> {
        let Some(bytes) = source.bytes() else {
            let megabytes = format!("{:.1}", source.size as f64 / 1048576.0);
            return Err(Problem::new("file-too-large").in_file(&source.path).with("size", megabytes).into());
        };
        let (text, encoding) = decode_bytes(bytes).map_err(|line| {
            let place = Place { line, column: 1, ..Place::file(&source.path) };
            Box::new(Problem::new("unreadable-text").at(place).with("line", line))
        })?;
        let notes = encoding
            .map(|name| Problem::new("converted-encoding").in_file(&source.path).with("encoding", name))
            .into_iter()
            .collect();
        Ok((TextFile::new(source.path.clone(), text), notes))
    }

    /// The place of a span, for a problem. Takes time by the length of the line only.
    pub fn place(&self, span: Span) -> Place {
        let start = floor_boundary(&self.text, span.start);
        let index = self.line_starts().partition_point(|&at| at <= start) - 1;
        let line = self.line(index);
        let line_start = self.line_starts()[index];
        let end = floor_boundary(&self.text, span.end.clamp(start, (line_start + line.len()).max(start)));
        let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        Place {
            path: self.path.clone(),
            line: u32::try_from(index + 1).unwrap_or(u32::MAX),
            column: count(&self.text[line_start..start]).saturating_add(1),
            length: count(&self.text[start..end]).max(1),
            text: if line.len() > LONGEST_QUOTED_LINE { String::new() } else { line.to_string() },
        }
    }

    /// The line on which a span begins, with this span replaced; `None` when the span goes over the end of the line.
    pub fn line_with(&self, span: Span, replacement: &str) -> Option<String> {
        let index = self.line_starts().partition_point(|&at| at <= span.start) - 1;
        let (line_start, line) = (self.line_starts()[index], self.line(index));
        let head = line.get(..span.start.checked_sub(line_start)?)?;
        let tail = line.get(span.end.checked_sub(line_start)?..)?;
        (line.len() <= LONGEST_QUOTED_LINE).then(|| format!("{head}{replacement}{tail}"))
    }

    /// What stands at this span.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or("")
    }

    fn line(&self, index: usize) -> &str {
        let start = self.line_starts()[index];
        let end = self.line_starts().get(index + 1).map_or(self.text.len(), |next| next - 1);
        &self.text[start..end]
    }
}

fn floor_boundary(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn unix_line_ends(text: Cow<str>) -> Cow<str> {
    match memchr::memchr(b'\r', text.as_bytes()) {
        Some(_) => text.replace("\r\n", "\n").replace('\r', "\n").into(),
        None => text,
    }
}

/// The text and, when it was not UTF-8, the name of its encoding; else the line of the first byte that can't be read.
fn decode_bytes(bytes: &[u8]) -> Result<(Cow<'_, str>, Option<&'static str>), u32> {
    let unreadable = |at: usize| u32::try_from(bytes[..at].iter().filter(|b| **b == b'\n').count() + 1).unwrap_or(1);
    if let Some((encoding, length)) = Encoding::for_bom(bytes)
        && (encoding == UTF_16LE || encoding == UTF_16BE)
    {
        let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[length..]);
        return text.map(|text| (text, Some(encoding.name()))).ok_or(1);
    }
    let bytes_without_mark = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let error = match simdutf8::compat::from_utf8(bytes_without_mark) {
        Ok(text) if !is_chinese_by_accident_utf8(text) => return Ok((text.into(), None)),
        Ok(_) => {
            return match GB18030.decode_without_bom_handling_and_without_replacement(bytes_without_mark) {
                Some(text) => Ok((text, Some("GB18030"))),
                None => Err(1),
            };
        }
        Err(error) => error,
    };
    let first_bad = error.valid_up_to() + (bytes.len() - bytes_without_mark.len());
    if is_damaged_utf8(bytes) || !looks_like_gb18030(bytes) {
        return Err(unreadable(first_bad));
    }
    match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok((text, Some("GB18030"))),
        None => Err(unreadable(first_bad)),
    }
}

/// A few Chinese words in GB2312 can be valid UTF-8: 通知 is U+0368 U+05AA. So they are when every byte pair is a common
/// character of GB2312 and no character is one that European languages use.
fn is_chinese_by_accident_utf8(text: &str) -> bool {
    let mut foreign = text.chars().filter(|c| !c.is_ascii()).peekable();
    foreign.peek().is_some()
        && foreign.all(|c| {
            let mut bytes = [0; 4];
            let bytes = c.encode_utf8(&mut bytes).as_bytes();
            c > '\u{180}' && bytes.len() == 2 && (0xB0..=0xD7).contains(&bytes[0]) && bytes[1] > 0xA0
        })
}

/// Mostly valid UTF-8 with a few broken bytes: reading it as GB18030 would make every good character wrong.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| c.len_utf8() > 2).count();
        bad += chunk.invalid().len();
    }
    good > bad
}

fn looks_like_gb18030(bytes: &[u8]) -> bool {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(Some(b"cn"), Utf8Detection::Deny);
    guess == GBK || guess == GB18030
}
