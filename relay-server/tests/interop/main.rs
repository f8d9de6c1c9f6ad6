//! The official JS SDK, unmodified, as real processes behind Node's own TLS: dialled by the server, driven by virtual
//! devices. Run by `cargo xtask interop`, which installs the SDK.

#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

mod conversations;
mod stage;
mod watch;
