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
        self.pause.around(|| self.tcp.accept()).await
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
    async fn around<T>(&mut self, mut attempt: impl AsyncFnMut() -> io::Result<T>) -> T {
        loop {
            if let Some(until) = self.until {
                sleep_until(until).await;
                self.until = None;
            }
            match attempt().await {
                Ok(done) => {
                    self.length = Duration::ZERO;
                    return done;
                }
                Err(error) if concerns_one_connection(&error) => {}
                Err(error) => {
                    self.length = (self.length * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
                    self.until = Some(Instant::now() + self.length);
                    error!(
                        "cannot accept connections, next try in {:?}: {error}{}",
                        self.length,
                        advice(&error)
                    );
                }
            }
        }
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
