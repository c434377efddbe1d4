//! Pieces of a body and their resolved targets → HTML. Pictures and directives go through templates of the theme.

use std::fmt::Write as _;

use serde::Serialize;
use tera::{Context, Value};

use crate::document::Document;
use crate::link::Target;
use crate::markdown::Piece;
use crate::problem::Problem;
use crate::view::World;

use super::fields::Fields;
use super::{Bodies, Engine};

/// The HTML of a document's body, as it is written into a page.
pub(super) fn html(
    engine: &Engine,
    world: &World,
    document: &Document,
    bodies: &Bodies,
) -> Result<Value, Vec<Problem>> {
    let body = match &document.body {
        Some(body) => body.clone(),
        None => bodies(document).map_err(|problem| vec![*problem])?,
    };
    // Most bodies have no links.
    match body.pieces.as_slice() {
        [] => return Ok(Value::safe_string("")),
        [Piece::Html(html)] => return Ok(Value::safe_string(html)),
        _ => {}
    }
    let none = std::sync::Arc::default();
    let targets = world.links.bodies.get(&document.path).unwrap_or(&none);
    let writer = Writer { engine, world, document, targets };
    let mut out = String::with_capacity(body.text.len() * 5 / 4);
    writer.pieces(&body.pieces, &mut out)?;
    Ok(Value::safe_string(&out))
}

struct Writer<'a> {
    engine: &'a Engine,
    world: &'a World,
    document: &'a Document,
    targets: &'a [Target],
}

#[derive(Serialize)]
struct ImageView<'a> {
    url: &'a str,
    alt: &'a str,
    title: &'a str,
    width: Option<u32>,
    height: Option<u32>,
    srcset: &'a str,
}

#[derive(Serialize)]
struct DirectiveView<'a> {
    name: &'a str,
    title: &'a str,
    images: Vec<ImageView<'a>>,
}

impl<'a> Writer<'a> {
    fn pieces(&self, pieces: &'a [Piece], out: &mut String) -> Result<(), Vec<Problem>> {
        for piece in pieces {
            match piece {
                Piece::Html(html) => out.push_str(html),
                Piece::Link { reference, title } => self.link(*reference, title.as_deref(), out),
                Piece::Address { reference } => out.push_str(&attribute(self.address(*reference))),
                Piece::Image { reference, alt, title } => self.image(*reference, alt, title.as_deref(), out)?,
                Piece::Word { key, default } => {
                    out.push_str(&attribute(&self.world.word_in(&self.document.path, key, default)))
                }
                Piece::Directive { name, title, body } => self.directive(name, title, body, out)?,
            }
        }
        Ok(())
    }

    /// Writing into a `String` cannot fail.
    fn link(&self, reference: usize, title: Option<&str>, out: &mut String) {
        let title = title.map_or(String::new(), |t| format!(" title=\"{}\"", attribute(t)));
        let _ = match self.targets.get(reference) {
            Some(Target::Inside { href, .. }) => write!(out, "<a href=\"{}\"{title}>", attribute(href)),
            Some(Target::Outside { href }) if href.starts_with("http") || href.starts_with("//") => {
                write!(out, "<a href=\"{}\" class=\"external\" rel=\"noopener\"{title}>", attribute(href))
            }
            Some(Target::Outside { href }) => write!(out, "<a href=\"{}\"{title}>", attribute(href)),
            // An anchor element without `href` is a placeholder for a link (HTML 4.5.1): the words stay.
            Some(Target::Nowhere) | None => write!(out, "<a>"),
        };
    }

    /// What stands in an attribute of raw HTML; empty when it leads nowhere.
    fn address(&self, reference: usize) -> &str {
        match self.targets.get(reference) {
            Some(Target::Inside { href, .. } | Target::Outside { href }) => href,
            Some(Target::Nowhere) | None => "",
        }
    }

    fn image_view(&self, reference: usize, alt: &'a str, title: Option<&'a str>) -> Option<ImageView<'a>> {
        let (url, pixels, srcset) = match self.targets.get(reference)? {
            Target::Inside { href, pixels, srcset } => (href.as_str(), *pixels, srcset.as_str()),
            Target::Outside { href } => (href.as_str(), None, ""),
            Target::Nowhere => return None,
        };
        Some(ImageView {
            url,
            alt,
            title: title.unwrap_or(""),
            width: pixels.map(|p| p.0),
            height: pixels.map(|p| p.1),
            srcset,
        })
    }

    fn image(
        &self,
        reference: usize,
        alt: &'a str,
        title: Option<&'a str>,
        out: &mut String,
    ) -> Result<(), Vec<Problem>> {
        if let Some(view) = self.image_view(reference, alt, title) {
            let mut context = Context::new();
            context.insert("image", &view);
            out.push_str(self.engine.template("partials/image.html", &context, self.document.path.as_str())?.trim());
        }
        Ok(())
    }

    fn directive(
        &self,
        name: &'a str,
        title: &'a str,
        body: &'a [Piece],
        out: &mut String,
    ) -> Result<(), Vec<Problem>> {
        let mut inner = String::new();
        self.pieces(body, &mut inner)?;
        let images = body
            .iter()
            .filter_map(|piece| match piece {
                Piece::Image { reference, alt, title } => self.image_view(*reference, alt, title.as_deref()),
                Piece::Html(_)
                | Piece::Link { .. }
                | Piece::Address { .. }
                | Piece::Word { .. }
                | Piece::Directive { .. } => None,
            })
            .collect();
        let view = DirectiveView { name, title, images };
        let directive = Fields::of(&view).with("body", Value::safe_string(&inner));
        let mut context = Context::new();
        context.insert_value("directive", directive.into_value());
        let template = format!("directives/{name}.html");
        out.push_str(&self.engine.template(&template, &context, self.document.path.as_str())?);
        Ok(())
    }
}

/// Escapes text for a double-quoted attribute.
fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}
