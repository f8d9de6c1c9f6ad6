//! One of the streams.

use std::io;
use std::mem::take;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::link::Link;

/// A stream that shares its connection with others. As small as may be, since there are many: it has a buffer only while
/// there is something to be read.
pub struct Carried {
    number: u32,
    ended: bool,
    mailbox: Arc<Mailbox>,
    link: Arc<Link>,
}

impl Carried {
    pub(crate) fn new(number: u32, mailbox: Arc<Mailbox>, link: Arc<Link>) -> Self {
        Self { number, ended: false, mailbox, link }
    }

    fn end(&mut self) {
        if !std::mem::replace(&mut self.ended, true) {
            // If the connection is gone, the other side knows.
            let _ = self.link.send(self.number, &[]);
        }
    }
}

impl Drop for Carried {
    fn drop(&mut self) {
        self.end();
        self.link.forget(self.number);
    }
}

impl AsyncRead for Carried {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.mailbox.poll_take(cx, buf).map(Ok)
    }
}

impl AsyncWrite for Carried {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        // An empty frame would mean the end.
        let sent = if bytes.is_empty() { Ok(()) } else { self.link.send(self.number, bytes) };
        Poll::Ready(sent.map(|()| bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().end();
        Poll::Ready(Ok(()))
    }
}

/// What came in for a stream.
#[derive(Default)]
pub(crate) struct Mailbox(Mutex<Inbox>);

#[derive(Default)]
struct Inbox {
    bytes: Vec<u8>,
    /// How many of them were read.
    read: usize,
    ended: bool,
    reader: Option<Waker>,
}

impl Mailbox {
    pub(crate) fn put(&self, bytes: &[u8]) {
        let mut inbox = self.inbox();
        inbox.bytes.extend(bytes);
        inbox.wake();
    }

    pub(crate) fn end(&self) {
        let mut inbox = self.inbox();
        inbox.ended = true;
        inbox.wake();
    }

    fn poll_take(&self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<()> {
        let mut inbox = self.inbox();
        let unread = &inbox.bytes[inbox.read..];
        if unread.is_empty() && !inbox.ended {
            inbox.reader = Some(cx.waker().clone());
            return Poll::Pending;
        }
        let taken = unread.len().min(buf.remaining());
        buf.put_slice(&unread[..taken]);
        inbox.read += taken;
        if inbox.read == inbox.bytes.len() {
            inbox.read = 0;
            drop(take(&mut inbox.bytes));
        }
        Poll::Ready(())
    }

    fn inbox(&self) -> MutexGuard<'_, Inbox> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inbox {
    fn wake(&mut self) {
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use crate::Carrier;

    async fn pair() -> (Carrier, Carrier) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let dialled = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        (Carrier::new(dialled), Carrier::new(listener.accept().await.unwrap().0))
    }

    #[tokio::test]
    async fn each_stream_has_its_own_bytes_and_its_own_end() {
        let (dialling, mut accepting) = pair().await;
        let (mut one, mut two) = (dialling.open(), dialling.open());
        let (mut first, mut second) = (accepting.accept().await.unwrap(), accepting.accept().await.unwrap());

        two.write_all(b"two").await.unwrap();
        one.write_all(&[1; 100_000]).await.unwrap();
        one.shutdown().await.unwrap();
        let mut bytes = Vec::new();
        first.read_to_end(&mut bytes).await.unwrap();
        assert_eq!(bytes, [1; 100_000]);

        first.write_all(b"still there").await.unwrap();
        drop(first);
        let mut text = String::new();
        one.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "still there");

        let mut bytes = [0; 3];
        second.read_exact(&mut bytes).await.unwrap();
        assert_eq!(&bytes, b"two");
    }

    #[tokio::test]
    async fn all_end_with_their_connection() {
        let (dialling, mut accepting) = pair().await;
        let mut stream = dialling.open();
        drop(accepting.accept().await);
        drop(accepting);
        assert_eq!(stream.read(&mut [0]).await.unwrap(), 0);
        assert!(stream.write(&[0]).await.is_err());
    }
}
