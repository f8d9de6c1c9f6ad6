//! What the socket tests share: certificates made on the spot, a server on a free port, and a peer that dials it.
#![allow(dead_code, clippy::unwrap_used, reason = "test helpers, of which each test binary uses a part")]

pub(crate) mod certs;
pub(crate) mod logs;
pub(crate) mod peer;
pub(crate) mod serving;
