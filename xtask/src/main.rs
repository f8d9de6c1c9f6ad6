//! Chores of the workspace.

mod schema;

fn main() {}
