//! Slides → files: each rendered and outlined once, whatever number of screens and pages shows it.
//!
//! In: what screens and pages show. Out: the name, hash and length of every file, because feeds name them before anything is
//! written. What an earlier build made is known by its key and is drawn again only when its bytes are wanted.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::FontsFound;
use crate::document::Kind;
use crate::file::{Hash, Parts, SourcePath, Sources, Url};
use crate::fonts;
use crate::memo::{Fonts, Memo, Slide as Known};
use crate::plan::{Drawing, Form, Pressed};
use crate::problem::Problem;
use crate::render::{self, Engine};
use crate::screen::ScreenPlan;
use crate::screenfeed::SlideFile;
use crate::site::{PageId, Site};
use crate::slide::{self, Shape, Slide, SlideInput, raster};
use crate::state;
use crate::typeface::{Face, Faces, Outlines};
use crate::view::{Picture, World};

/// Bytes of slides that are kept between making and writing them; what is beyond that is made a second time.
const KEPT_BYTES: u64 = 192 << 20;

/// Pixels of the canvas that points of outlines are rounded to: on screens a twentieth of a pixel is the most that one is
/// off. Lists of the portal show slides at a fifth of their size: a third of a pixel there.
const GRID: f64 = 0.1;
const SMALL_GRID: f64 = 3.0;

/// Width and height of the pictures that stand for a page elsewhere (Open Graph).
const SHARED_PIXELS: (u32, u32) = (800, 450);
pub(super) const SHARED: Form = Form::Png(SHARED_PIXELS.0, SHARED_PIXELS.1);

/// What slides are set in: as found before, while no file has changed.
pub(super) fn outlines(site: &Path, asked: &[String], memo: &mut Memo) -> FontsFound {
    let remembered = || Fonts::from_bytes(&state::load(site, "fonts", state::program_version())?);
    let known = memo.fonts.take().or_else(remembered);
    let known = known.filter(|known| known.asked == asked && fonts::unchanged(&known.watched));
    let mut problems = Vec::new();
    let found = known.unwrap_or_else(|| {
        let found = fonts::find(site, asked);
        problems = found.problems;
        let faces = Arc::new(Faces { faces: faces(&found.fonts) });
        // Where a font is missing it is looked for again each time.
        let watched = if problems.is_empty() { found.watched } else { Vec::new() };
        Fonts { is_new: problems.is_empty(), ..Fonts::new(asked.to_vec(), watched, faces) }
    });
    if found.faces.is_empty() && problems.is_empty() && asked != [fonts::NONE] {
        problems.push(Problem::new("font-none").in_file(&SourcePath::new("civicast.toml")));
    }
    let outlines = found.outlines.clone();
    memo.fonts = problems.is_empty().then_some(found);
    (outlines, problems)
}

/// The faces of these fonts; each file is read once.
fn faces(found: &[fonts::FontFile]) -> Vec<Face> {
    let of_file = |fonts: &[fonts::FontFile]| -> Vec<Face> {
        let Some(bytes) = fonts.first().and_then(|font| fonts::read(&font.path)) else { return Vec::new() };
        let parse = |f: &fonts::FontFile| Face::parse(&f.path, f.index, &f.families, f.weight, &bytes);
        fonts.iter().flat_map(parse).collect()
    };
    let files: Vec<&[fonts::FontFile]> = found.chunk_by(|a, b| a.path == b.path).collect();
    files.par_iter().flat_map_iter(|fonts| of_file(fonts)).collect()
}

/// True when the site shows slides anywhere.
pub(super) fn has_slides(site: &Site, portal_kinds: &[&str]) -> bool {
    !site.config.screens.is_empty() || site.pages.iter().any(|page| portal_kinds.contains(&page.kind().as_str()))
}

/// Gives a photo as it stands in a slide.
pub(super) type Photos<'a> = dyn Fn(&slide::Photo) -> Result<Option<String>, Box<Problem>> + Sync + 'a;

/// What pictures are made of.
pub(super) struct Press<'a> {
    pub(super) engine: &'a Engine,
    pub(super) outlines: &'a Outlines,
    /// A photo as it stands in a slide: a data URI; none where it can't be shown.
    pub(super) photo: &'a Photos<'a>,
}

impl Press<'_> {
    /// Renders every slide of screens and of the pages of all editions, and gives pages their pictures.
    pub(super) fn press(
        &self,
        worlds: &mut [World],
        plans: &[ScreenPlan],
        sources: &Sources,
        memo: &mut Memo,
        problems: &mut Vec<Problem>,
    ) -> Pressed {
        let portal: Vec<Vec<(PageId, Slide)>> = worlds.iter().map(|world| self.of_pages(world, problems)).collect();
        // Lists show slogans by their slides; other kinds have lines and photos there.
        let is_listed = |world: &World, id: PageId| world.site.pages[id].kind() == Kind::Slogan;
        let listed: BTreeSet<Hash> = worlds
            .iter()
            .zip(&portal)
            .flat_map(|(world, slides)| slides.iter().filter(|(id, _)| is_listed(world, *id)))
            .map(|(_, slide)| slide.fingerprint)
            .collect();
        let mut wanted: BTreeMap<Hash, Wanted> = BTreeMap::new();
        for (_, slide) in portal.iter().flatten() {
            let wanted = wanted.entry(slide.fingerprint).or_insert_with(|| Wanted::new(&slide.input));
            wanted.forms.insert(Form::Svg);
            wanted.forms.extend(listed.contains(&slide.fingerprint).then_some(Form::Small));
        }
        for plan in plans {
            let screen = plan.settings(&worlds[0].site);
            let can_draw = !self.outlines.faces().is_empty();
            for slide in plan.items.iter().flat_map(|item| item.slides.iter()) {
                let wanted = wanted.entry(slide.fingerprint).or_insert_with(|| Wanted::new(&slide.input));
                wanted.forms.insert(Form::Svg);
                wanted.forms.extend((screen.png && can_draw).then_some(Form::Png(screen.size.0, screen.size.1)));
            }
            let soon = plan.soon().into_iter().filter_map(|entry| plan.slide(entry));
            for fingerprint in soon.map(|slide| slide.fingerprint) {
                wanted.entry(fingerprint).and_modify(|wanted| {
                    wanted.forms.insert(Form::Small);
                });
            }
        }
        let banners: Vec<Option<(PageId, Slide)>> = worlds.iter().map(|world| self.banner(world)).collect();
        for (_, slide) in banners.iter().flatten() {
            wanted.entry(slide.fingerprint).or_insert_with(|| Wanted::new(&slide.input)).forms.insert(Form::Small);
        }
        let mut made = self.make(wanted, sources, memo, problems);
        for ((world, portal), banner) in worlds.iter_mut().zip(&portal).zip(&banners) {
            self.show(world, portal, &mut made);
            world.banner = banner.as_ref().and_then(|(id, slide)| {
                let name = made.feed.small.get(&slide.fingerprint)?;
                Some((*id, picture(world, file_url(name), (slide.input.width, slide.input.height), &slide.input.alt)))
            });
        }
        Pressed { feed: made.feed, files: made.files }
    }

    /// The slide of each document whose kind the theme shows as a picture.
    fn of_pages(&self, world: &World, problems: &mut Vec<Problem>) -> Vec<(PageId, Slide)> {
        let kinds = world.theme.portal_slides();
        let site = &world.site;
        let shown =
            |id: &PageId| site.pages[*id].document.front.on_portal && kinds.contains(&site.pages[*id].kind().as_str());
        let ids: Vec<PageId> = (0..site.pages.len()).filter(shown).collect();
        let types = slide::Types::of(self.outlines.faces());
        let laid: Vec<_> =
            ids.par_iter().with_max_len(16).map(|id| slide::portal(&site.pages[*id], site, &types)).collect();
        let mut slides = Vec::new();
        for (id, (slide, found)) in ids.into_iter().zip(laid) {
            // Screens have said the same already where they show the page.
            problems.extend(found.into_iter().filter(|problem| !problems.contains(problem)).collect::<Vec<_>>());
            slides.extend(slide.map(|slide| (id, slide)));
        }
        slides
    }

    /// The banner of the home page: the slogan that the theme names, else the one that stands first in its list.
    fn banner(&self, world: &World) -> Option<(PageId, Slide)> {
        let site = &world.site;
        if !world.theme.portal_slides().contains(&Kind::Slogan.as_str()) {
            return None;
        }
        let named = world.theme.campaign().and_then(|path| site.id_at(&SourcePath::new(path)));
        let is_slogan =
            |id: &PageId| site.pages[*id].kind() == Kind::Slogan && site.pages[*id].document.front.on_portal;
        let listed = || site.newest.iter().copied().filter(is_slogan);
        let first = || listed().find(|id| site.is_pinned(&site.pages[*id])).or_else(|| listed().next());
        let id = named.or_else(first)?;
        Some((id, slide::banner(&site.pages[id], site, self.outlines.faces())?))
    }

    fn make(
        &self,
        wanted: BTreeMap<Hash, Wanted>,
        sources: &Sources,
        memo: &mut Memo,
        problems: &mut Vec<Problem>,
    ) -> Made {
        let base = [self.engine.theme().hash, self.outlines.faces().hash()];
        let known = &memo.slides;
        let kept = AtomicU64::new(0);
        // A slide takes milliseconds: each is a piece that a free thread can take.
        let pieces = wanted.iter().collect::<Vec<_>>();
        let results: Vec<(Hash, Hash, Result<_, _>)> = pieces
            .into_par_iter()
            .with_max_len(1)
            .map(|(fingerprint, wanted)| {
                let photo = wanted.input.photo.as_ref().and_then(|photo| sources.get(&photo.asset));
                let mut key = Parts::new();
                key.hash(base[0]).hash(base[1]).hash(*fingerprint).hash(photo.map_or(Hash::default(), |p| p.hash));
                let key = key.finish();
                (*fingerprint, key, self.make_one(wanted, key, known, &kept))
            })
            .collect();
        let mut made = Made::default();
        let mut all = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for (fingerprint, key, result) in results {
            match result {
                Ok(pictures) => {
                    made.keys.insert(fingerprint, key);
                    for one in pictures {
                        problems.extend(one.problem.into_iter().filter(|p| seen.insert((p.code, p.place.clone()))));
                        made.add(fingerprint, &one.drawing, &one.known);
                        if one.lasting {
                            all.insert(one.drawing.key, one.known);
                        }
                    }
                }
                Err(more) => problems.extend(more.into_iter().filter(|p| seen.insert((p.code, p.place.clone())))),
            }
        }
        memo.slides = all;
        made
    }

    /// A slide in its forms.
    fn make_one(
        &self,
        wanted: &Wanted,
        key: Hash,
        known: &BTreeMap<Hash, Known>,
        kept: &AtomicU64,
    ) -> Result<Vec<One>, Vec<Problem>> {
        let room = |bytes: &Arc<[u8]>| {
            let length = bytes.len() as u64;
            (kept.fetch_add(length, Ordering::Relaxed) + length <= KEPT_BYTES).then(|| bytes.clone())
        };
        let mut svg: Option<Arc<[u8]>> = None;
        let mut lasting = true;
        let mut made = Vec::new();
        // In their order: a PNG is made from the SVG before it.
        for &form in &wanted.forms {
            let this = Drawing { input: wanted.input.clone(), key: form_key(key, form), form, bytes: None };
            if let Some(known) = known.get(&this.key) {
                made.push(One::new(Drawing { bytes: known.bytes.clone(), ..this }, known.clone()));
                continue;
            }
            let (bytes, problem): (Arc<[u8]>, _) = match form {
                Form::Svg | Form::Small => {
                    let (text, problem) = self.svg(wanted.input, form)?;
                    (text.into_bytes().into(), problem)
                }
                Form::Png(width, height) => {
                    let svg = match &svg {
                        Some(bytes) => bytes.clone(),
                        None => svg.insert(self.svg(wanted.input, Form::Svg)?.0.into_bytes().into()).clone(),
                    };
                    (png(&svg, (width, height), wanted.input)?.into(), None)
                }
            };
            if form == Form::Svg {
                svg = Some(bytes.clone());
            }
            lasting &= problem.is_none();
            let known = Known::new(&bytes, room(&bytes));
            made.push(One { problem, lasting, ..One::new(Drawing { bytes: known.bytes.clone(), ..this }, known) });
        }
        Ok(made)
    }

    /// The SVG of a slide, outlined where there are fonts; and text that could not be.
    fn svg(&self, input: &SlideInput, form: Form) -> Result<(String, Option<Problem>), Vec<Problem>> {
        // Strips have few pixels, and the banner is shown as large as it is drawn.
        let is_shrunk = form == Form::Small && matches!(input.shape, Shape::Wide | Shape::Tall);
        let (grid, part) = match form {
            Form::Small if is_shrunk => (SMALL_GRID, 0.5),
            Form::Small if input.shape == Shape::Banner => (0.5, 1.0),
            _ => (GRID, 1.0),
        };
        let of_size = |photo: &slide::Photo| slide::Photo {
            width: photo.width * part,
            height: photo.height * part,
            ..photo.clone()
        };
        let photo = input.photo.as_ref().map(|photo| (self.photo)(&of_size(photo)));
        let photo = photo.transpose().map_err(|problem| vec![*problem])?.flatten();
        let svg = render::slide(self.engine, input, photo.as_deref())?;
        let outlined = self.outlines.outline(&svg, grid);
        let kept = (!outlined.kept.is_empty()).then(|| outlined.kept.join(" / "));
        let problem = kept.map(|text| {
            let template = self.engine.theme().template(&input.template).map(|template| &template.path);
            let problem = Problem::new("slide-text-kept").with("template", &input.template);
            let problem = problem.with("text", text.chars().take(60).collect::<String>());
            match template {
                Some(path) => problem.in_file(path),
                None => problem,
            }
        });
        Ok((outlined.svg, problem))
    }

    /// The bytes of a picture that was only planned.
    pub(super) fn draw(&self, drawing: &Drawing) -> Result<Arc<[u8]>, Vec<Problem>> {
        if let Some(bytes) = &drawing.bytes {
            return Ok(bytes.clone());
        }
        let (svg, _) = self.svg(&drawing.input, drawing.form)?;
        match drawing.form {
            Form::Svg | Form::Small => Ok(svg.into_bytes().into()),
            Form::Png(width, height) => Ok(png(svg.as_bytes(), (width, height), &drawing.input)?.into()),
        }
    }

    /// Gives pages the address of their slide, and of its PNG for other sites.
    fn show(&self, world: &mut World, portal: &[(PageId, Slide)], made: &mut Made) {
        let shares = !self.outlines.faces().is_empty() && world.theme.shares_slides();
        for (id, slide) in portal {
            let (Some(file), Some(key)) = (made.feed.svg.get(&slide.fingerprint), made.keys.get(&slide.fingerprint))
            else {
                continue;
            };
            let input = &slide.input;
            let mut shown = picture(world, slide_url(file), (input.width, input.height), &input.alt);
            let small = made.feed.small.get(&slide.fingerprint);
            shown.small = small.map_or_else(|| shown.url.clone(), |name| world.file_href(&file_url(name)));
            if shares && !world.has_photo(*id) {
                let key = form_key(*key, SHARED);
                // Nothing names its hash, so it need not be made before it is written.
                let name = format!("{}.png", key.short(32));
                let shared = picture(world, file_url(&name), SHARED_PIXELS, &input.alt);
                let drawing = Drawing { input: input.clone(), key, form: SHARED, bytes: None };
                made.files.insert(name, Arc::new(drawing));
                world.shared.insert(*id, shared);
            }
            world.slides.insert(*id, shown);
        }
    }
}

fn picture(world: &World, url: Url, (width, height): (u32, u32), alt: &str) -> Picture {
    Picture {
        url: world.file_href(&url),
        width: Some(width),
        height: Some(height),
        alt: alt.to_string(),
        srcset: String::new(),
        small: String::new(),
    }
}

/// A slide, and what it is drawn as.
struct Wanted<'a> {
    input: &'a SlideInput,
    forms: BTreeSet<Form>,
}

impl<'a> Wanted<'a> {
    fn new(input: &'a SlideInput) -> Wanted<'a> {
        Wanted { input, forms: BTreeSet::new() }
    }
}

/// A picture that was made, or that the memo knew.
struct One {
    drawing: Drawing,
    known: Known,
    problem: Option<Problem>,
    /// The next build may rely on it.
    lasting: bool,
}

impl One {
    fn new(drawing: Drawing, known: Known) -> One {
        One { drawing, known, problem: None, lasting: true }
    }
}

#[derive(Default)]
struct Made {
    feed: crate::screenfeed::Files,
    files: BTreeMap<String, Arc<Drawing>>,
    /// By fingerprint: the key that those of its forms are made from.
    keys: BTreeMap<Hash, Hash>,
}

impl Made {
    fn add(&mut self, fingerprint: Hash, drawing: &Drawing, known: &Known) {
        let name = match drawing.form {
            Form::Svg => format!("{}.svg", known.sha256),
            // Nobody verifies these; a list of many of them is shorter with short names.
            Form::Small => format!("{:.16}.svg", known.sha256),
            Form::Png(..) => format!("{}.png", known.sha256),
        };
        let file = || SlideFile { file: format!("../files/{name}"), sha256: known.sha256.clone(), bytes: known.length };
        match drawing.form {
            Form::Svg => {
                self.feed.svg.insert(fingerprint, file());
            }
            Form::Small => {
                self.feed.small.insert(fingerprint, name.clone());
            }
            Form::Png(width, height) => {
                self.feed.png.insert((fingerprint, (width, height)), file());
            }
        }
        self.files.insert(name, Arc::new(drawing.clone()));
    }
}

fn form_key(slide: Hash, form: Form) -> Hash {
    match form {
        Form::Svg => slide,
        Form::Small => Parts::new().hash(slide).text("small").finish(),
        Form::Png(width, height) => {
            Parts::new().hash(slide).text("png").number(width.into()).number(height.into()).finish()
        }
    }
}

fn png(svg: &[u8], pixels: (u32, u32), input: &SlideInput) -> Result<Vec<u8>, Vec<Problem>> {
    raster::png(svg, pixels).map_err(|reason| {
        vec![Problem::new("slide-not-drawn").with("template", &input.template).with("reason", reason)]
    })
}

pub(super) fn slide_url(file: &SlideFile) -> Url {
    Url::new(&format!("/screens/{}", file.file.trim_start_matches("../")))
}

/// Where a small slide is published.
pub(super) fn file_url(name: &str) -> Url {
    Url::new(&format!("/screens/files/{name}"))
}
