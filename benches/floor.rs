//! The least that a generator can do: walk, read, parse the Markdown, write one file for each document. No front matter,
//! no templates, no lists, no feeds. What a build takes beyond this is ours.
//!
//! usage: floor CONTENT OUTPUT
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program of its own that only measures"
)]

use std::path::{Path, PathBuf};
use std::{fs, io};

use pulldown_cmark::{Options, Parser, html};
use rayon::prelude::*;

fn main() -> io::Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(content), Some(output)) = (arguments.next(), arguments.next()) else {
        return Err(io::Error::other("usage: floor CONTENT OUTPUT"));
    };
    let documents: Vec<PathBuf> = walkdir::WalkDir::new(&content)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect();
    documents.par_iter().try_for_each(|document| copy(document, &content, &output))
}

fn copy(document: &Path, content: &Path, output: &Path) -> io::Result<()> {
    let text = fs::read_to_string(document)?;
    let body = text.strip_prefix("+++\n").and_then(|rest| rest.split_once("\n+++\n")).map_or(&*text, |(_, body)| body);
    let mut page = String::with_capacity(text.len() * 2);
    html::push_html(&mut page, Parser::new_ext(body, Options::ENABLE_TABLES));
    let place = output.join(document.strip_prefix(content).unwrap_or(document)).with_extension("");
    fs::create_dir_all(&place)?;
    fs::write(place.join("index.html"), page)
}
