//! civicast: one folder of Markdown becomes a static portal and the feeds of electronic screens.

pub mod check;
pub mod clock;
pub mod config;
pub mod data;
pub mod document;
pub mod feed;
pub mod file;
pub mod link;
pub mod markdown;
pub mod memo;
pub mod message;
pub mod pipeline;
pub mod plan;
pub mod problem;
pub mod release;
pub mod render;
pub mod schedule;
pub mod site;
pub mod slug;
pub mod source;
pub mod stamp;
pub mod state;
pub mod theme;
pub mod view;
pub mod watch;
