//! What others have written, unmodified: the official JS SDK, as real processes behind Node's own TLS, dialled by the
//! server and driven by virtual devices; and the official command line. Run by `cargo xtask interop`, which installs them.

#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

mod commands;
mod conversations;
mod stage;
mod watch;
