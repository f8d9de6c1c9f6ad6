//! The command line: what every command takes, how its help looks, and the way from words to a command.

mod args;
mod examples;
mod groups;
mod unread;
mod words;

pub(crate) use args::{Cli, Color, Global};
pub use words::command;
pub(crate) use words::parse;
