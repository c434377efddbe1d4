//! civicast: one folder of Markdown becomes a static portal and the feeds of electronic screens.

pub mod file;
pub mod problem;
pub mod message;
pub mod tree;
pub mod fields;
pub mod config;
pub mod markdown;
pub mod schedule;
pub mod document;
pub mod schema;
