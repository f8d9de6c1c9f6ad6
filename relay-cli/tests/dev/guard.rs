//! Nothing that was started outlives the command, however it ends.

use std::io::Read;
use std::net::{Ipv4Addr, TcpListener, TcpStream};

use rustix::process::Signal;

use crate::world::World;

/// A program that holds on to a connection with us and does not mind being asked to end.
fn stubborn(listener: &TcpListener) -> String {
    let port = listener.local_addr().unwrap().port();
    format!("bash -c 'trap \"\" TERM; exec 3<>/dev/tcp/127.0.0.1/{port}; sleep 1000 & wait; sleep 1000'")
}

fn listener() -> TcpListener {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap()
}

/// Everybody who had the connection is gone when it is closed.
fn is_gone(mut connection: TcpStream) -> bool {
    connection.read(&mut [0]).is_ok_and(|read| read == 0)
}

#[test]
fn a_program_ends_with_us_even_if_we_are_killed() {
    let world = World::new();
    let listener = listener();
    let dev = world.start(&["dev", "--ephemeral", "--port", "0", "--command", &stubborn(&listener)]);
    let (connection, _) = listener.accept().unwrap();
    assert_eq!(world.states(), 2);
    dev.signal(Signal::KILL);
    assert!(is_gone(connection));
    assert!(!dev.end().success());
    // The next command sees that nobody holds the lock.
    assert!(!world.relay(&["env"]).output().unwrap().status.success());
    assert_eq!(world.states(), 0);
}

#[test]
fn all_is_gone_after_being_asked_to_end() {
    let world = World::new();
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let listener = listener();
        let dev = world.start(&["dev", "--ephemeral", "--port", "0", "--command", &stubborn(&listener)]);
        let (connection, _) = listener.accept().unwrap();
        dev.signal(signal);
        assert!(dev.end().success());
        assert!(is_gone(connection));
        assert_eq!(world.states(), 0);
    }
}
