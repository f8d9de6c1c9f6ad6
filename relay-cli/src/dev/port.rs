//! Ports of this machine.

use std::io;
use std::net::{Ipv4Addr, TcpListener};

/// Where the server is by default: what REL spells on a telephone.
pub(super) const DEFAULT: u16 = 7350;

/// How many ports after the default one are tried, so that it stays easy to guess.
const NEAR: u16 = 20;

/// The first free one from the default one on; one far away if none of them is.
pub(super) fn near_default() -> io::Result<u16> {
    (DEFAULT..DEFAULT + NEAR).find(|port| is_free(*port)).map_or_else(any, Ok)
}

/// One that nobody uses, and that the system will not give to others for a while.
pub(super) fn any() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

pub(super) fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}
