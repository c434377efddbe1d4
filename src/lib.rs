//! civicast: one folder of Markdown becomes a static portal and the feeds of electronic screens.
//!
//! A build is one line of plain values, in the order of these modules: sources → documents → site → jobs → outputs →
//! receipt. See ARCHITECTURE.md for the floors and `pipeline` for the line itself.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests of doors use real folders and clocks"))]

pub mod message;
pub mod file;
pub mod problem;
pub mod tree;
pub mod fields;
pub mod config;
pub mod stamp;

pub mod clock;
pub mod create;
pub mod source;
pub mod fonts;
pub mod release;
pub mod state;
pub mod watch;

pub mod markdown;
pub mod picture;
pub mod slug;
pub mod video;
pub mod schedule;
pub mod document;
pub mod scaffold;
pub mod schema;
pub mod site;
pub mod link;
pub mod theme;
pub mod data;
pub mod check;
pub mod typeface;
pub mod slide;
pub mod search;
pub mod view;
pub mod feed;
pub mod catalogue;
pub mod screen;
pub mod screenfeed;
pub mod plan;
pub mod render;
pub mod contract;

pub mod memo;
pub mod pipeline;

pub mod report;
pub mod command;
pub mod serve;
