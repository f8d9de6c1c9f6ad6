//! What the streams of one connection share.

use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::mem::take;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::sync::{Notify, mpsc};

use crate::stream::{Carried, Mailbox};

/// The number of the stream, and a length.
const HEADER: usize = 8;

const READ_BUFFER: usize = 16 * 1024;

#[derive(Default)]
pub(crate) struct Link {
    state: Mutex<State>,
    /// There is something in the outbox.
    filled: Notify,
}

#[derive(Default)]
struct State {
    streams: HashMap<u32, Arc<Mailbox>>,
    newest: u32,
    outbox: Vec<u8>,
    broken: bool,
}

impl Link {
    pub(crate) fn open(self: &Arc<Self>) -> Carried {
        let mut state = self.state();
        let number = state.newest + 1;
        // In the same breath, so that the other side sees the numbers rise.
        state.put(number, &[]);
        let mailbox = state.begin(number);
        drop(state);
        self.filled.notify_one();
        Carried::new(number, mailbox, self.clone())
    }

    pub(crate) fn send(&self, number: u32, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        if state.broken {
            return Err(ErrorKind::BrokenPipe.into());
        }
        state.put(number, bytes);
        drop(state);
        self.filled.notify_one();
        Ok(())
    }

    /// Nobody reads the stream any more.
    pub(crate) fn forget(&self, number: u32) {
        self.state().streams.remove(&number);
    }

    /// Moves bytes until the connection is gone.
    pub(crate) async fn pump(self: Arc<Self>, mut tcp: TcpStream, opened: mpsc::UnboundedSender<Carried>) {
        let _ = tcp.set_nodelay(true);
        let (reader, writer) = tcp.split();
        // Whatever the reason is: it is over for all streams.
        let _: io::Result<()> = tokio::select! {
            ended = self.read(reader, opened) => ended,
            ended = self.write(writer) => ended,
        };
        let mut state = self.state();
        state.broken = true;
        state.streams.drain().for_each(|(_, mailbox)| mailbox.end());
    }

    async fn read(
        self: &Arc<Self>,
        mut reader: ReadHalf<'_>,
        opened: mpsc::UnboundedSender<Carried>,
    ) -> io::Result<()> {
        let mut buffer = Vec::with_capacity(READ_BUFFER);
        while reader.read_buf(&mut buffer).await? > 0 {
            let mut rest = &buffer[..];
            while let Some((number, bytes, after)) = frame(rest) {
                if let Some(stream) = self.deliver(number, bytes) {
                    let _ = opened.send(stream);
                }
                rest = after;
            }
            let done = buffer.len() - rest.len();
            buffer.drain(..done);
        }
        Ok(())
    }

    async fn write(&self, mut writer: WriteHalf<'_>) -> io::Result<()> {
        loop {
            self.filled.notified().await;
            let outbox = take(&mut self.state().outbox);
            writer.write_all(&outbox).await?;
        }
    }

    /// The stream, if this opens one.
    fn deliver(self: &Arc<Self>, number: u32, bytes: &[u8]) -> Option<Carried> {
        let mut state = self.state();
        if number > state.newest {
            let mailbox = state.begin(number);
            return Some(Carried::new(number, mailbox, self.clone()));
        }
        let mailbox = state.streams.get(&number)?;
        if bytes.is_empty() {
            mailbox.end()
        } else {
            mailbox.put(bytes)
        }
        None
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn begin(&mut self, number: u32) -> Arc<Mailbox> {
        self.newest = number;
        self.streams.entry(number).or_default().clone()
    }

    fn put(&mut self, number: u32, bytes: &[u8]) {
        self.outbox.extend(number.to_be_bytes());
        self.outbox.extend((bytes.len() as u32).to_be_bytes());
        self.outbox.extend(bytes);
    }
}

/// The first frame, if it is complete, and what follows it.
fn frame(bytes: &[u8]) -> Option<(u32, &[u8], &[u8])> {
    let (header, rest) = bytes.split_at_checked(HEADER)?;
    let (number, length) = header.split_at(HEADER / 2);
    let [number, length] =
        [number, length].map(|half| half.iter().fold(0, |all, byte| all << 8 | u32::from(*byte)));
    let (payload, rest) = rest.split_at_checked(length as usize)?;
    Some((number, payload, rest))
}
