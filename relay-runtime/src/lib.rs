//! Write Relay workflows as async Rust and serve them over TLS WebSockets.

mod net;
pub mod server;
