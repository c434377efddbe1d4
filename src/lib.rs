//! civicast: one folder of Markdown becomes a static portal and the feeds of electronic screens.

pub mod file;
pub mod problem;
pub mod stamp;
pub mod message;
pub mod config;
pub mod markdown;
pub mod schedule;
pub mod document;
pub mod source;
pub mod release;
pub mod state;
pub mod watch;
pub mod clock;
