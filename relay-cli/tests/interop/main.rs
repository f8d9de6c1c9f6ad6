//! `relay dev` with a workflow on the official JS SDK, unmodified, as somebody who writes one would use it. Run by
//! `cargo xtask interop`, which installs the SDK.

#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

mod node;
#[expect(dead_code, reason = "shared with the tests of `relay dev`, which do more with it")]
#[path = "../dev/world.rs"]
mod world;
