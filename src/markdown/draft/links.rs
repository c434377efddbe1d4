//! Links and pictures: references with their places, or a problem and plain text.

use std::ops::Range;

use pulldown_cmark::LinkType;

use super::super::{Piece, Reference, address};
use super::{Draft, Open};
use crate::problem::{Place, Problem};

pub(super) struct OpenImage {
    pub(super) reference: Option<usize>,
    pub(super) title: Option<String>,
    pub(super) alt: String,
    pub(super) depth: usize,
}

impl Draft<'_> {
    pub(super) fn start_link(&mut self, kind: LinkType, destination: &str, title: &str, range: &Range<usize>) -> Open {
        if self.image.is_some() || self.skipping.is_some() {
            return Open::Hidden;
        }
        let mut destination = self.plain(destination);
        if kind == LinkType::Email {
            destination = format!("mailto:{destination}").into();
        }
        let place = self.given.origin.place(range.start, range.end);
        if self.refuses(&destination, &place) {
            return Open::Hidden;
        }
        let title = self.plain(title);
        let title = (!title.is_empty()).then(|| title.into_owned());
        let reference = self.refer(&destination, false, place);
        self.links += 1;
        self.frame().put(Piece::Link { reference, title });
        Open::Written
    }

    pub(super) fn start_image(&mut self, destination: &str, title: &str, range: &Range<usize>) -> Open {
        if let Some(image) = &mut self.image {
            image.depth += 1;
            return Open::Hidden;
        }
        let destination = self.plain(destination);
        let place = self.given.origin.place(range.start, range.end);
        let refused = self.skipping.is_some() || self.refuses(&destination, &place);
        let title = self.plain(title);
        let title = (!title.is_empty()).then(|| title.into_owned());
        // A picture next to Han needs no space; one next to Latin gets it.
        self.settle("图");
        let reference = (!refused).then(|| self.refer(&destination, true, place));
        self.image = Some(OpenImage { reference, title, alt: String::new(), depth: 0 });
        Open::Hidden
    }

    pub(super) fn end_image(&mut self) {
        match &mut self.image {
            Some(image) if image.depth > 0 => image.depth -= 1,
            _ => {
                let Some(image) = self.image.take() else { return };
                self.pending = None;
                self.last = Some('图');
                self.at_paragraph_start = false;
                match image.reference {
                    Some(reference) => self.frame().put(Piece::Image { reference, alt: image.alt, title: image.title }),
                    None => self.visible(&image.alt),
                }
            }
        }
    }

    pub(super) fn refer(&mut self, destination: &str, image: bool, place: Place) -> usize {
        self.outline.references.push(Reference { target: address::target(destination), image, place });
        self.outline.references.len() - 1
    }

    /// Reports an address that may not be a link.
    pub(super) fn refuses(&mut self, destination: &str, place: &Place) -> bool {
        let Some(scheme) = address::forbidden_scheme(destination) else { return false };
        self.problems.push(Problem::new("unsafe-link").with("scheme", scheme).at(place.clone()));
        true
    }
}
