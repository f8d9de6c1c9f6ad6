//! Many streams of bytes over one TCP connection, for measurements with more sessions than a process may have sockets.
//!
//! A frame is the number of its stream, the length of what it carries, both as four bytes, and that. One that carries
//! nothing opens a stream whose number is new, and ends it the second time. The side that dials opens. There is no flow
//! control: those who measure know how much is under way.

#![allow(missing_docs, missing_debug_implementations)] // for the programs of this package

mod link;
mod stream;

use std::sync::Arc;

use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use link::Link;
pub use stream::Carried;

/// A connection that carries streams. Dropping it ends them.
pub struct Carrier {
    link: Arc<Link>,
    opened: mpsc::UnboundedReceiver<Carried>,
    _pump: AbortOnDropHandle<()>,
}

impl Carrier {
    pub fn new(tcp: TcpStream) -> Self {
        let link = Arc::new(Link::default());
        let (sender, opened) = mpsc::unbounded_channel();
        let pump = tokio::spawn(link.clone().pump(tcp, sender));
        Self { link, opened, _pump: AbortOnDropHandle::new(pump) }
    }

    /// A new stream, on the side that dialled.
    pub fn open(&self) -> Carried {
        self.link.open()
    }

    /// The next stream that the other side opened; `None` once the connection is gone.
    pub async fn accept(&mut self) -> Option<Carried> {
        self.opened.recv().await
    }
}
