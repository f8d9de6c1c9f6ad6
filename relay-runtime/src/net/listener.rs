//! A TCP listener whose `accept` never fails.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep_until};
use tracing::error;

/// Connections that the kernel keeps for us while we are busy with handshakes. Large, because a Relay server dials
/// in bursts (a trigger on a whole group, a restart); the kernel lowers it to its own limit (`somaxconn` on Linux).
const BACKLOG: i32 = 4096;

/// Pauses after an error that is not the fault of one connection; each doubles the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// A bound TCP socket.
#[derive(Debug)]
pub(crate) struct Listener {
    tcp: TcpListener,
    pause: Pause,
}

impl Listener {
    /// Binds `addr` and listens.
    pub(crate) fn bind(addr: SocketAddr) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
        // On Unix this lets a restarted server bind while old connections are in TIME_WAIT. On Windows the same
        // option would let two servers share one port.
        #[cfg(unix)]
        socket.set_reuse_address(true)?;
        socket.set_nonblocking(true)?;
        socket.bind(&addr.into())?;
        socket.listen(BACKLOG)?;
        Ok(Self::from(TcpListener::from_std(socket.into())?))
    }

    pub(crate) fn local_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }

    /// The next connection. Errors are logged and, where they would only repeat, waited out.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: neither a connection nor a pause that has begun is lost.
    pub(crate) async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        loop {
            self.pause.over().await;
            match self.tcp.accept().await {
                Ok(accepted) => {
                    self.pause.length = Duration::ZERO;
                    return accepted;
                }
                Err(error) => self.pause.after(&error),
            }
        }
    }
}

impl From<TcpListener> for Listener {
    fn from(tcp: TcpListener) -> Self {
        Self { tcp, pause: Pause::default() }
    }
}

/// Waits between failed attempts. It lives outside the future, so that a cancelled `accept` resumes its pause
/// instead of spinning.
#[derive(Debug, Default)]
struct Pause {
    length: Duration,
    until: Option<Instant>,
}

impl Pause {
    async fn over(&mut self) {
        if let Some(until) = self.until {
            sleep_until(until).await;
            self.until = None;
        }
    }

    fn after(&mut self, error: &io::Error) {
        if concerns_one_connection(error) {
            return;
        }
        self.length = (self.length * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
        self.until = Some(Instant::now() + self.length);
        error!("cannot accept connections, next try in {:?}: {error}{}", self.length, advice(error));
    }
}

/// Whether the peer went away between its dial and our accept: nothing to wait for.
fn concerns_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// `EMFILE` and `ENFILE`, which have no `io::ErrorKind` of their own.
fn advice(error: &io::Error) -> &'static str {
    match error.raw_os_error() {
        Some(23 | 24) if cfg!(unix) => " (each session needs one file descriptor: raise `ulimit -n`)",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_process_without_file_descriptors_tries_again_more_and_more_rarely() {
        let mut pause = Pause::default();
        let start = Instant::now();
        let mut tries = Vec::new();
        for _ in 0..7 {
            pause.after(&io::Error::from_raw_os_error(24));
            pause.over().await;
            tries.push(start.elapsed().as_millis());
        }
        assert_eq!(tries, [50, 150, 350, 750, 1550, 2550, 3550]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_went_away_holds_nobody_up() {
        let mut pause = Pause::default();
        let start = Instant::now();
        pause.after(&io::ErrorKind::ConnectionAborted.into());
        pause.over().await;
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_cancelled_pause_goes_on() {
        let mut pause = Pause::default();
        let start = Instant::now();
        pause.after(&io::Error::from_raw_os_error(24));
        let cancelled = tokio::time::timeout(Duration::from_millis(30), pause.over()).await;
        assert!(cancelled.is_err());
        pause.over().await;
        assert_eq!(start.elapsed(), FIRST_PAUSE);
    }
}
