//! Words for files: the three kinds of path, hashes, what was read and what will be written.
//!
//! Plain values. A `SourcePath`, a `Url` and an `OutputPath` are never mixed up because they are three types;
//! each can only be made in a form that stays inside the site.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;

use serde::{Serialize, Serializer};
use twox_hash::xxhash3_128;

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);
        impl $name {
            /// The path as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &*self.0)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(&self.0)
            }
        }
    };
}

text_type! {
    /// A file below the site folder as `/`-separated NFC text: `content/notices/a.md`. Files of the theme inside the
    /// binary begin with `builtin:`.
    SourcePath
}
text_type! {
    /// A site-absolute URL path, not percent-encoded: `/notices/a/`, `/feed.xml`.
    Url
}
text_type! {
    /// A file below the output folder: `notices/a/index.html`.
    OutputPath
}

/// True when no segment of the `/`-separated path is empty, `.`, `..`, or holds a backslash or a control character.
pub fn stays_inside(path: &str) -> bool {
    // Control characters are below the space, and from DEL on, in UTF-8 as C2 80 to C2 9F.
    let is_suspect = |byte: u8| byte < b' ' || byte == b'\\' || byte == 0x7f || byte == 0xc2;
    if path.bytes().any(is_suspect) && path.chars().any(|c| c == '\\' || c.is_control()) {
        return false;
    }
    path.as_bytes().split(|byte| *byte == b'/').all(|part| !matches!(part, b"" | b"." | b".."))
}

/// True for names that are no content: hidden files, and what editors, office programs and desktops leave beside a file
/// that is open.
pub fn is_litter(name: &str) -> bool {
    const NAMES: [&str; 4] = ["thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r"];
    const ENDINGS: [&str; 5] = ["~", ".swp", ".swo", ".swx", ".crdownload"];
    let ends_with = |ending: &&str| ends_with_ignoring_case(name, ending);
    name.starts_with('.')
        || name.starts_with("~$")
        || (name.len() > 1 && name.starts_with('#') && name.ends_with('#'))
        // Vim writes this one to try whether it may write here.
        || name == "4913"
        || NAMES.iter().any(|known| name.eq_ignore_ascii_case(known))
        || ENDINGS.iter().any(ends_with)
}

fn ends_with_ignoring_case(name: &str, ending: &str) -> bool {
    let (name, ending) = (name.as_bytes(), ending.as_bytes());
    name.len() >= ending.len() && name[name.len() - ending.len()..].eq_ignore_ascii_case(ending)
}

impl SourcePath {
    /// Takes a `/`-separated path relative to the site folder; NFC is applied here.
    pub fn new(path: &str) -> SourcePath {
        use unicode_normalization::UnicodeNormalization;
        if path.is_ascii() || unicode_normalization::is_nfc(path) {
            SourcePath(path.into())
        } else {
            SourcePath(path.nfc().collect::<String>().into())
        }
    }

    /// Resolves `target` as written in this file: `../a.md`, `1.png`, `/static/x` (from the site folder).
    /// `None` when it would leave the site folder.
    pub fn join(&self, target: &str) -> Option<SourcePath> {
        let mut parts: Vec<&str> = match target.starts_with('/') {
            true => Vec::new(),
            false => self.folder().split('/').filter(|p| !p.is_empty()).collect(),
        };
        for part in target.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                name => parts.push(name),
            }
        }
        let path = parts.join("/");
        stays_inside(&path).then(|| SourcePath::new(&path))
    }

    /// The folder part without a trailing slash; empty for a file at the top.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The last segment: `a.md`.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, name)| name)
    }

    /// The name up to its last dot: `a` of `a.md`.
    pub fn stem(&self) -> &str {
        self.name().rsplit_once('.').map_or(self.name(), |(stem, _)| stem)
    }

    /// The ending in lower case, without the dot; empty when there is none.
    pub fn extension(&self) -> String {
        self.name().rsplit_once('.').map_or(String::new(), |(_, e)| e.to_lowercase())
    }

    /// True when it ends with a dot and `md`, in any case.
    pub fn is_markdown(&self) -> bool {
        self.name().rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("md"))
    }
}

impl Url {
    /// Takes a site-absolute path; a missing leading slash is added.
    pub fn new(path: &str) -> Url {
        if path.starts_with('/') { Url(path.into()) } else { Url(format!("/{path}").into()) }
    }

    /// The file that a web server answers this URL with: `/a/` → `a/index.html`, `/a.xml` → `a.xml`.
    pub fn output(&self) -> OutputPath {
        let path = self.0.trim_start_matches('/');
        if path.is_empty() || path.ends_with('/') {
            OutputPath::new(&format!("{path}index.html"))
        } else {
            OutputPath::new(path)
        }
    }

    /// Percent-encoded for use in attributes and feeds; `/`, letters, digits and `-._~` stay as they are.
    pub fn encoded(&self) -> Cow<'_, str> {
        encode_path(&self.0)
    }
}

/// Percent-encodes all but unreserved characters and `/` (RFC 3986).
pub fn encode_path(path: &str) -> Cow<'_, str> {
    let stays = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/');
    if path.bytes().all(stays) {
        return Cow::Borrowed(path);
    }
    let mut out = String::with_capacity(path.len() * 2);
    for byte in path.bytes() {
        match stays(byte) {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out.into()
}

impl OutputPath {
    /// Takes a relative `/`-separated path. Callers build it from checked parts; `release` checks it once more.
    pub fn new(path: &str) -> OutputPath {
        OutputPath(path.into())
    }

    /// The URL under which a web server shows this file: `a/index.html` → `/a/`.
    pub fn url(&self) -> Url {
        match self.0.strip_suffix("index.html") {
            Some(folder) if folder.is_empty() || folder.ends_with('/') => Url::new(&format!("/{folder}")),
            _ => Url::new(&format!("/{}", self.0)),
        }
    }
}

/// An XXH3 hash of 128 bits; used for change detection only. It tells what differs by chance, not by intent: who could make
/// two files with one hash could as well write either.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; Hash::SIZE]);

/// Makes a hash of bytes as they come.
#[derive(Clone, Default)]
pub struct Hasher(xxhash3_128::Hasher);

impl Hasher {
    /// Adds these bytes to those before.
    pub fn add(&mut self, bytes: &[u8]) -> &mut Hasher {
        self.0.write(bytes);
        self
    }

    /// Adds all that there is to read, and gives how many bytes that was.
    pub fn add_all(&mut self, mut from: impl Read) -> io::Result<u64> {
        let mut buffer = vec![0; 64 << 10];
        let mut count = 0;
        loop {
            match from.read(&mut buffer) {
                Ok(0) => return Ok(count),
                Ok(n) => {
                    self.add(&buffer[..n]);
                    count += n as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The hash of all that was added.
    pub fn finish(&self) -> Hash {
        Hash(self.0.finish_128().to_le_bytes())
    }
}

impl Hash {
    /// Its bytes.
    pub const SIZE: usize = 16;

    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Hash {
        Hash(xxhash3_128::Hasher::oneshot(bytes).to_le_bytes())
    }

    /// Of these parts, each with its length, so that `["ab", "c"]` and `["a", "bc"]` differ.
    pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Hash {
        let mut hasher = Hasher::default();
        for part in parts {
            hasher.add(&(part.len() as u64).to_le_bytes()).add(part);
        }
        hasher.finish()
    }

    /// Of these bytes as if they were one: `["ab", "c"]` is `["abc"]`.
    pub fn of_joined(parts: &[&[u8]]) -> Hash {
        match parts {
            [one] => Hash::of(one),
            _ => parts.iter().fold(&mut Hasher::default(), |hasher, part| hasher.add(part)).finish(),
        }
    }

    /// Of a value as its JSON text. Only for types whose serialisation cannot fail (no maps with non-text keys).
    pub fn of_value<T: Serialize + ?Sized>(value: &T) -> Hash {
        // Hashing one long text is several times faster than hashing its words one after the other.
        Hash::of(&serde_json::to_vec(value).expect("our own plain values serialise to JSON"))
    }

    /// The first `digits` hexadecimal digits, at most 32.
    pub fn short(&self, digits: usize) -> String {
        self.to_string().chars().take(digits).collect()
    }
}

/// Makes a hash of parts, one after the other, each with its length. They are put together first: hashing one long text is
/// several times faster than hashing its words one after the other.
pub struct Parts {
    together: Vec<u8>,
    /// Of the parts before, when there are many.
    before: Option<Box<Hasher>>,
}

/// So many bytes are put together, and no more: they stay in the cache.
const TOGETHER: usize = 4 << 10;

impl Parts {
    /// Of no parts yet.
    pub fn new() -> Parts {
        Parts { together: Vec::with_capacity(512), before: None }
    }
    /// Adds bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Parts {
        self.add(&(bytes.len() as u64).to_le_bytes()).add(bytes)
    }
    /// Adds text.
    pub fn text(&mut self, text: &str) -> &mut Parts {
        self.bytes(text.as_bytes())
    }
    /// Adds a number.
    pub fn number(&mut self, number: u64) -> &mut Parts {
        self.add(&number.to_le_bytes())
    }
    /// Adds a hash.
    pub fn hash(&mut self, hash: Hash) -> &mut Parts {
        self.add(&hash.0)
    }
    fn add(&mut self, bytes: &[u8]) -> &mut Parts {
        self.together.extend_from_slice(bytes);
        if self.together.len() >= TOGETHER {
            self.before.get_or_insert_default().add(&self.together);
            self.together.clear();
        }
        self
    }
    /// The hash of all that was added.
    pub fn finish(&self) -> Hash {
        match &self.before {
            None => Hash::of(&self.together),
            Some(before) => before.as_ref().clone().add(&self.together).finish(),
        }
    }
}

impl Default for Parts {
    fn default() -> Parts {
        Parts::new()
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.short(12))
    }
}
impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

/// SHA-256 in lower-case hexadecimal: the name of a published file and what a screen verifies it by.
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file inside a file of the output.
#[derive(Clone, Debug)]
pub struct Packed {
    /// Its path inside, with slashes.
    pub name: String,
    /// What is in it.
    pub content: Content,
}

/// Bytes, or where they are.
#[derive(Clone, Debug)]
pub enum Content {
    /// Ready.
    Bytes(std::sync::Arc<[u8]>),
    /// In this source.
    Source(SourcePath),
    /// Those of another output of the same release, whose name says which bytes they are.
    Output(OutputPath),
}

/// A file that is about to be packed.
#[derive(Debug)]
pub enum Piece {
    /// Bytes.
    Bytes(std::sync::Arc<[u8]>),
    /// A file on disk.
    File(std::path::PathBuf),
}

/// SHA-256 of all that the reader gives, never in memory as a whole.
pub fn sha256_of(reader: &mut impl std::io::Read) -> std::io::Result<String> {
    use sha2::Digest;
    let mut hasher = sha2::Sha256::new();
    let mut buffer = vec![0; 256 << 10];
    loop {
        match reader.read(&mut buffer)? {
            0 => return Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
            count => hasher.update(&buffer[..count]),
        }
    }
}

/// A SHA-256 on its way: what many texts begin with is hashed once, and each goes on from a copy.
#[derive(Clone, Debug, Default)]
pub struct Sha256(sha2::Sha256);

impl Sha256 {
    /// Goes on with these bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        sha2::Digest::update(&mut self.0, bytes);
    }

    /// The hash of all bytes so far, as `sha256` gives it.
    pub fn finish(self) -> String {
        sha2::Digest::finalize(self.0).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Bytes in pieces that several outputs may share.
#[derive(Clone, Debug)]
pub struct Pieces {
    /// In order.
    pub pieces: Vec<Arc<[u8]>>,
    /// `sha256` of the whole.
    pub sha256: String,
}

impl Pieces {
    /// Length of the whole.
    pub fn len(&self) -> usize {
        self.pieces.iter().map(|piece| piece.len()).sum()
    }

    /// True when there is no byte in them.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The whole.
    pub fn joined(&self) -> Vec<u8> {
        self.pieces.concat()
    }
}

/// One file as it was read.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where it is, relative to the site folder.
    pub path: SourcePath,
    /// Hash of its bytes.
    pub hash: Hash,
    /// Length in bytes.
    pub size: u64,
    /// Its bytes, or where they stay.
    pub data: Data,
}

/// The bytes of a source.
#[derive(Clone, Debug)]
pub enum Data {
    /// Text files up to the size limit: Markdown, templates, configuration, data.
    Bytes(Arc<[u8]>),
    /// Pictures, videos, attachments and whatever is over the limit: left on disk, copied from there. For pictures the
    /// pixel size read from the header.
    OnDisk {
        /// Width and height in pixels when this is a picture whose header could be read.
        pixels: Option<(u32, u32)>,
    },
}

impl Source {
    /// A source from text, for tests and for the theme inside the binary.
    pub fn from_text(path: &str, text: &str) -> Source {
        Source {
            path: SourcePath::new(path),
            hash: Hash::of(text.as_bytes()),
            size: text.len() as u64,
            data: Data::Bytes(text.as_bytes().into()),
        }
    }

    /// The bytes when they are in memory.
    pub fn bytes(&self) -> Option<&Arc<[u8]>> {
        match &self.data {
            Data::Bytes(bytes) => Some(bytes),
            Data::OnDisk { .. } => None,
        }
    }
}

/// All files of a site, sorted by path.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// In ascending order of path, each once.
    files: Vec<Source>,
}

impl Sources {
    /// Adds or replaces a file.
    pub fn insert(&mut self, source: Source) {
        match self.position(&source.path) {
            Ok(index) => self.files[index] = source,
            Err(index) => self.files.insert(index, source),
        }
    }
    /// The file at this path.
    pub fn get(&self, path: &SourcePath) -> Option<&Source> {
        self.position(path).ok().map(|index| &self.files[index])
    }
    fn position(&self, path: &SourcePath) -> Result<usize, usize> {
        self.files.binary_search_by(|source| source.path.cmp(path))
    }
    /// The file at this path, given as text.
    pub fn find(&self, path: &str) -> Option<&Source> {
        self.get(&SourcePath::new(path))
    }
    /// All files in order.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.files.iter()
    }
    /// The files whose path begins with `prefix` (end it with `/` for a folder), in order.
    pub fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a Source> {
        self.files[self.range(prefix)].iter()
    }
    /// The same, to be changed.
    pub fn under_mut<'a>(&'a mut self, prefix: &'a str) -> impl Iterator<Item = &'a mut Source> {
        let range = self.range(prefix);
        self.files[range].iter_mut()
    }
    fn range(&self, prefix: &str) -> std::ops::Range<usize> {
        let start = self.files.partition_point(|source| source.path.as_str() < prefix);
        let end = start + self.files[start..].partition_point(|source| source.path.as_str().starts_with(prefix));
        start..end
    }
    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }
    /// True when there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Of files in ascending order of path, each there once: what is not is put in order.
    pub fn of_sorted(files: Vec<Source>) -> Sources {
        match files.is_sorted_by(|a, b| a.path < b.path) {
            true => Sources { files },
            false => files.into_iter().collect(),
        }
    }
}

impl FromIterator<Source> for Sources {
    /// Of two at the same path the later one stays.
    fn from_iter<T: IntoIterator<Item = Source>>(iter: T) -> Self {
        let mut files: Vec<Source> = iter.into_iter().collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|later, first| {
            let is_same = later.path == first.path;
            if is_same {
                std::mem::swap(later, first);
            }
            is_same
        });
        Sources { files }
    }
}

/// What a release did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// Files that were new or had other bytes, in order.
    pub written: Vec<OutputPath>,
    /// Files of the last release that are no longer produced, in order.
    pub removed: Vec<OutputPath>,
    /// How many files stood there already with the right bytes.
    pub unchanged: usize,
    /// Bytes in the files written.
    pub bytes_written: u64,
    /// Bytes in all files of the release.
    pub bytes: u64,
    /// How many files the release has.
    #[serde(skip)]
    pub files: usize,
}

/// The media type of a file by its ending; text is always UTF-8.
pub fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json; charset=utf-8",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        "xml" => "application/xml; charset=utf-8",
        "txt" | "md" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "vcf" => "text/vcard; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "mp3" => "audio/mpeg",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "doc" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls" => "application/vnd.ms-excel",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_leads_out_or_moves_the_cursor_does_not_stay_inside() {
        for good in ["a", "a/b.md", "通知/一.md", "..a", "a..", "\u{a0}", "Ã\u{c2}"] {
            assert!(stays_inside(good), "{good:?}");
        }
        for bad in
            ["", "/a", "a/", "a//b", ".", "a/./b", "..", "a/../b", "a\\b", "a\nb", "\u{7f}", "\u{85}", "文\u{9b}", "\0"]
        {
            assert!(!stays_inside(bad), "{bad:?}");
        }
    }

    #[test]
    fn bytes_have_one_hash_however_they_come() {
        for length in [0, 1, 16, 17, 240, 241, 5_000, 200_000] {
            let bytes: Vec<u8> = (0..length).map(|n: usize| n as u8 ^ (n >> 8) as u8).collect();
            let (first, second) = bytes.split_at(length / 3);
            let mut made = Hasher::default();
            assert_eq!(made.add_all(bytes.as_slice()).unwrap(), length as u64);
            assert_eq!([made.finish(), Hash::of_joined(&[first, second])], [Hash::of(&bytes); 2], "{length}");
        }
        assert_ne!(Hash::of(b""), Hash::default());
        assert_eq!(Hash::of(b"ab").to_string().len(), 2 * Hash::SIZE);
        assert_ne!(Hash::of_parts([&b"ab"[..], b"c"]), Hash::of_parts([&b"a"[..], b"bc"]));
    }

    #[test]
    fn many_parts_have_the_hash_of_all_of_them_together() {
        for (count, length) in [(0, 0), (1, 200_000), (7, 9_000), (70_000, 1)] {
            let parts = vec![vec![b'x'; length]; count];
            let mut made = Parts::new();
            parts.iter().for_each(|part| {
                made.bytes(part);
            });
            assert_eq!(made.finish(), Hash::of_parts(parts.iter().map(Vec::as_slice)), "{count} of {length}");
        }
        let hashes: Vec<Hash> = (0..5000u32).map(|number| Hash::of(&number.to_le_bytes())).collect();
        let mut made = Parts::new();
        hashes.iter().for_each(|hash| {
            made.hash(*hash).number(7);
        });
        let joined: Vec<u8> = hashes.iter().flat_map(|hash| [&hash.0[..], &7u64.to_le_bytes()].concat()).collect();
        assert_eq!(made.finish(), Hash::of(&joined));
    }

    #[test]
    fn files_are_in_order_and_each_is_there_once() {
        let source = |path: &str, text: &str| Source::from_text(path, text);
        let mut sources: Sources =
            [source("b/2", "old"), source("a", ""), source("b/1", ""), source("b/2", "new")].into_iter().collect();
        sources.insert(source("b-", ""));
        sources.insert(source("a", "changed"));
        let paths = |prefix: &str| sources.under(prefix).map(|s| s.path.to_string()).collect::<Vec<_>>();
        assert_eq!(
            (paths(""), paths("b/"), paths("c")),
            (
                vec!["a", "b-", "b/1", "b/2"].into_iter().map(String::from).collect(),
                vec!["b/1".into(), "b/2".into()],
                vec![]
            )
        );
        let size = |path: &str| sources.find(path).map(|source| source.size);
        assert_eq!((size("a"), size("b/2"), size("b"), sources.len()), (Some(7), Some(3), None, 4));
    }
}
