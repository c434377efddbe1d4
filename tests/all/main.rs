//! All integration tests in one crate: the tree itself, the promises of the build, hostile input, and the commands.

mod command;
mod hostile;
mod promises;
mod serve;
mod site;
mod tidy;
mod transcripts;
mod warm;
