//! From a name to a connection.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Instant;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::Visit;
use crate::report::{Line, Section};

pub(super) async fn resolve(
    section: &mut Section,
    visit: &Visit,
    host: &str,
    port: u16,
) -> Option<Vec<SocketAddr>> {
    let begun = Instant::now();
    let found = timeout(visit.timeout, lookup_host((host, port))).await;
    let line = match found {
        Ok(Ok(addrs)) => {
            let addrs: Vec<SocketAddr> = addrs.collect();
            let ips: Vec<String> = addrs.iter().map(|addr| addr.ip().to_string()).collect();
            let what =
                if ips == [host] { "an address".to_owned() } else { format!("{host} is {}", ips.join(", ")) };
            section.push(Line::ok("name", what).since(begun));
            return Some(addrs);
        }
        Ok(Err(error)) => Line::fail("name", "unknown-host", format!("nobody knows a host `{host}`"))
            .cause(error)
            .next("is it spelt right? does its domain have an A or AAAA record that is visible from here?"),
        Err(_) => Line::fail("name", "silent-dns", format!("nobody answers who `{host}` is"))
            .cause(format!("no answer from the name server in {:?}", visit.timeout))
            .next("is this machine online, and is its name server set right?"),
    };
    section.push(line.since(begun));
    None
}

pub(super) async fn connect(section: &mut Section, visit: &Visit, addrs: &[SocketAddr]) -> Option<TcpStream> {
    let begun = Instant::now();
    let port = addrs.first().map(SocketAddr::port).unwrap_or_default();
    let line = match timeout(visit.timeout, TcpStream::connect(addrs)).await {
        Ok(Ok(tcp)) => {
            let peer = tcp.peer_addr().map(|addr| addr.to_string()).unwrap_or_default();
            section.push(Line::ok("connection", peer).since(begun));
            let _ = tcp.set_nodelay(true);
            return Some(tcp);
        }
        Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused => {
            Line::fail("connection", "closed-port", format!("nothing listens on port {port}"))
                .cause(error)
                .next(
                    "is the workflow server running, on this port, and not on 127.0.0.1 of another machine?",
                )
        }
        Ok(Err(error)) => Line::fail("connection", "no-route", format!("there is no way to port {port}"))
            .cause(error)
            .next("is the machine on, and may this one reach it?"),
        Err(_) => Line::fail("connection", "silent-port", format!("port {port} does not answer"))
            .cause(format!("no answer in {:?}", visit.timeout))
            .next("a firewall drops it, it seems: open the port, or map it on the router"),
    };
    section.push(line.since(begun));
    None
}
