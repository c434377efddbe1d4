//! All integration tests in one crate: the tree itself, the promises of the build, hostile input, and the commands.

mod hostile;
mod promises;
mod site;
mod tidy;
mod warm;
