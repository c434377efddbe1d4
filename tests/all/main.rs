//! All integration tests in one crate: the tree itself, the promises of the build, hostile input, and the commands.

#![allow(clippy::print_stdout, reason = "the tidy test names long files")]
#![allow(clippy::disallowed_methods, reason = "tests make and read files, and run commands")]

mod any;
mod catalogue;
mod command;
mod counts;
mod edits;
mod forms;
mod hostile;
mod pages;
mod languages;
mod pictures;
mod promises;
#[path = "../../fuzz/properties.rs"]
mod properties;
mod reader;
mod readme;
mod serve;
mod site;
mod slides;
mod theme;
mod tidy;
mod transcripts;
mod vectors;
mod warm;
mod watching;
mod whole;
