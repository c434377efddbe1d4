//! What holds for any bytes, whoever wrote them. The fuzz targets look for bytes for which it does not; the tests of the
//! project hold it for random ones.
//!
//! Nothing panics, nothing hangs, and what comes out is not larger than what went in allows.

use std::collections::BTreeMap;
use std::sync::Arc;

use civicast::config::{self, Config, HtmlPolicy, IndexPattern};
use civicast::document::{self, Document};
use civicast::file::{Data, Hash, Source, SourcePath, Sources};
use civicast::markdown::{self, Piece};
use civicast::memo::{Heads, Outputs, ReadPiece, Window};
use civicast::problem::Problem;
use civicast::schedule::calendar;
use civicast::stamp::Stamps;
use civicast::typeface::Faces;
use civicast::{check, link, message, screen, site};

fn source(path: &str, bytes: &[u8]) -> Source {
    let data = Data::Bytes(bytes.into());
    Source { path: SourcePath::new(path), hash: Hash::of(bytes), size: bytes.len() as u64, data }
}

/// Every problem can be told, and stands where there is text.
fn tellable(problems: &[Problem], bytes: &[u8]) {
    let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() + 1;
    for problem in problems {
        assert!(message::find(problem.code).is_some(), "no words for {}", problem.code);
        if let Some(place) = &problem.place {
            assert!(place.line as usize <= lines, "{} in line {} of {lines}", problem.code, place.line);
        }
    }
}

/// A whole document: front matter in either language, and a body.
pub(crate) fn front_matter(bytes: &[u8]) {
    for path in ["content/notices/a.md", "content/slogans/_index.md"] {
        let document = document::parse(&source(path, bytes), &Config::default());
        tellable(&document.problems, bytes);
        let front = format!("{:?}", document.front);
        assert!(front.len() < 20_000 + 200 * bytes.len(), "{} bytes became {}", bytes.len(), front.len());
    }
}

/// The body of a document.
pub(crate) fn markdown(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for html in [HtmlPolicy::Sanitise, HtmlPolicy::Escape, HtmlPolicy::Trust] {
        let options = markdown::Options { html, summary_length: 60 };
        let (outline, body, problems) = markdown::parse(&SourcePath::new("content/a.md"), &text, 0, options);
        tellable(&problems, text.as_bytes());
        let html_bytes: usize = body
            .pieces
            .iter()
            .map(|piece| match piece {
                Piece::Html(html) => html.len(),
                other => format!("{other:?}").len(),
            })
            .sum();
        // The cells that a short row of a table leaves out are filled in by the parser, up to a limit of its own.
        assert!(html_bytes < (8 << 20) + 400 * text.len(), "{} bytes became {html_bytes}", text.len());
        assert!(outline.excerpt.len() < 4_000 && body.text.len() < 1_000 + 20 * text.len());
    }
}

/// `civicast.toml`, and after a NUL `screens.toml`.
pub(crate) fn config(bytes: &[u8]) {
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let (site, screens) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let (config, problems) =
        config::load(Some(&source("civicast.toml", site)), Some(&source("screens.toml", screens)), &[]);
    let lines = [site, b"\n", screens].concat();
    tellable(&problems, &lines);
    // A configuration always comes out, and another document can be read by it.
    document::parse(&source("content/a.md", b"+++\ntitle = \"a\"\n+++\n"), &config);
}

/// `screens.toml`, front matter, `data/calendar.toml`, with a NUL after each: the rules of days and hours, all the way to the
/// timeline of each screen.
pub(crate) fn schedule(bytes: &[u8]) {
    let mut parts = bytes.splitn(3, |byte| *byte == 0);
    let mut next = || parts.next().unwrap_or_default();
    let (screens, front, days) = (next(), next(), next());
    let settings = b"title = \"a\"\nbase_url = \"https://a.example.gov.cn\"\n";
    let (config, _) =
        config::load(Some(&source("civicast.toml", settings)), Some(&source("screens.toml", screens)), &[]);
    if config.screens.len() > 8 {
        // Many screens only take long; each of them is like these.
        return;
    }
    let text = [b"+++\ntitle = \"a\"\ndate = 2026-01-01\n", front, b"\n+++\n\nText\n"].concat();
    let document = Arc::new(document::parse(&source("content/slogans/a.md", &text), &config));
    let sources: Sources = [source("data/calendar.toml", days)].into_iter().collect();
    let (calendar, problems) = calendar::load(&sources);
    tellable(&problems, days);
    let now = "2026-11-23T01:00:00Z".parse().unwrap_or_default();
    let sites = [site::build(&site::Input {
        config: Arc::new(config),
        documents: &[document],
        sources: &sources,
        now,
        drafts: true,
    })
    .0];
    let (links, _) = link::resolve(&sites);
    check::check(&check::Subject { site: &sites[0], links: &links[0], sources: &sources }, true);
    let (plans, _) = screen::plan(&sites[0], &calendar, &Faces::default());
    for plan in &plans {
        let timeline = &plan.timeline;
        assert!(timeline.from < timeline.until, "a timeline goes forward");
        let mut at = timeline.from;
        for segment in &timeline.segments {
            assert!(segment.from == at && segment.until > at, "a gap or an overlap at {at}");
            assert!(segment.plays.is_none_or(|plays| plays < timeline.loops.len()));
            at = segment.until;
        }
        assert!(timeline.segments.len() < 400 * 2_000, "{} segments", timeline.segments.len());
    }
}

/// Blocks of the memo as they may lie on a disk: any bytes, and good blocks with some bytes changed. (Their hash would find
/// both out; here it is out of the way.)
pub(crate) fn memo(bytes: &[u8]) {
    let (first, second) = bytes.split_at(bytes.len() / 2);
    Stamps::from_bytes(bytes.to_vec()).inspect(|stamps| assert!(stamps.iter().count() == stamps.len()));
    // A block names the hash of the other one, or both are refused.
    let bound = [first, &Hash::of(second).0].concat();
    Outputs::from_blocks(Some(bound), Some(second.to_vec()));
    let (path, hash, document) = known_document();
    let found = |rows: &[u8], newer: &[u8], block: &[u8]| {
        let block = block.to_vec();
        let read: Arc<ReadPiece> = Arc::new(move |at, bytes| {
            let piece = usize::try_from(at).ok().and_then(|at| block.get(at..at.checked_add(bytes.len())?));
            piece.is_some_and(|piece| {
                bytes.copy_from_slice(piece);
                true
            })
        });
        let heads = Heads::from_blocks(Some(rows.to_vec()), Some(newer.to_vec()), read);
        heads.with(&[]);
        heads.document(&path, hash, 0, &mut Window::default()).map(|(document, _)| document)
    };
    found(first, second, bytes);

    let documents = BTreeMap::from([(path.clone(), (hash, Arc::new(document)))]);
    let heads = Heads::default().of(Hash::of(b"settings"), &documents);
    let changed = |block: &[u8]| {
        let mut block = block.to_vec();
        for change in bytes.chunks_exact(3) {
            let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % block.len();
            block[at] = change[2];
        }
        block
    };
    let (Some((base, rows)), newer) = (heads.base_blocks(), heads.newer_block()) else {
        unreachable!("it was just made")
    };
    // Of rows and a block of which one is damaged there is the right document or none.
    for (rows, base) in [(&rows[..], &changed(base)[..]), (&changed(&rows), base)] {
        let found = found(rows, newer, base);
        assert!(found.is_none_or(|found| found.head == documents[&path].1.head));
    }
    // Where nothing tells of the damage, there is some document or none.
    let unproven = found(&[], &changed(heads_in_newer(&documents).newer_block()), &[]);
    assert!(unproven.is_none_or(|document| format!("{document:?}").len() < 1 << 20));
}

/// Heads that are in the smaller table, which has no sums.
fn heads_in_newer(documents: &BTreeMap<SourcePath, (Hash, Arc<Document>)>) -> Heads {
    let empty = Heads::default().of(Hash::default(), &BTreeMap::new());
    let all: Vec<_> =
        documents.iter().map(|(path, (hash, document))| (path.clone(), *hash, document.clone())).collect();
    empty.with(&all).unwrap_or_default()
}

fn known_document() -> (SourcePath, Hash, Document) {
    let text = "+++\ntitle = \"关于用水的通知\"\ndate = 2026-09-01\nexpires = \"2026-10-01 18:00\"\ntopics = [\"节水\"]\npinned = 2026-09-20\n[disclosure]\nindex_number = \"1\"\n[screen]\ndays = [\"mon-fri\", \"lunar 01-01\", \"last fri\"]\nhours = [\"11:00-13:30\"]\n[extra]\nx = [1, { y = \"z\" }]\n+++\n\n## 一 {#one}\n\n见[乙](b.md#x)与![](2.png)。\n";
    let config = Config { index_pattern: IndexPattern::Any, ..Config::default() };
    let source = source("content/notices/a.md", text.as_bytes());
    let document = document::parse(&source, &config);
    (source.path, source.hash, document)
}
