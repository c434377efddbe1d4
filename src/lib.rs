//! civicast: one folder of Markdown becomes a static portal and the feeds of electronic screens.

pub mod file;
pub mod problem;
pub mod message;
pub mod config;
pub mod markdown;
pub mod slug;
pub mod schedule;
pub mod document;
