//! A WebSocket client that costs next to nothing: frames of text up to 64 KiB, the mask all zeros.

use std::net::SocketAddr;

use anyhow::{Result, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub struct Client {
    tcp: TcpStream,
    inbox: Vec<u8>,
    outbox: Vec<u8>,
}

const TEXT: u8 = 0x81;
const CLOSE: u8 = 0x88;

impl Client {
    pub async fn dial(addr: SocketAddr, path: &str) -> Result<Self> {
        let mut tcp = TcpStream::connect(addr).await?;
        tcp.set_nodelay(true)?;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        tcp.write_all(request.as_bytes()).await?;
        let mut inbox = Vec::with_capacity(4096);
        while !inbox.ends_with(b"\r\n\r\n") {
            ensure!(tcp.read_buf(&mut inbox).await? > 0, "refused");
        }
        inbox.clear();
        Ok(Self { tcp, inbox, outbox: Vec::with_capacity(4096) })
    }

    /// Queues a message.
    pub fn say(&mut self, text: &str) {
        self.frame(TEXT, text.as_bytes());
    }

    /// Writes what is queued, in one go.
    pub async fn flush(&mut self) -> Result<()> {
        self.tcp.write_all(&self.outbox).await?;
        self.outbox.clear();
        Ok(())
    }

    /// The payload of the next frame of whatever kind, and the end of what was read of it.
    pub async fn hear(&mut self) -> Result<String> {
        loop {
            if let Some((head, length)) = self.whole_frame() {
                let text = String::from_utf8(self.inbox[head..head + length].to_vec())?;
                self.inbox.drain(..head + length);
                return Ok(text);
            }
            ensure!(self.tcp.read_buf(&mut self.inbox).await? > 0, "the server is gone");
        }
    }

    /// Closes the connection and waits until the server has.
    pub async fn close(mut self) -> Result<()> {
        self.frame(CLOSE, &1000_u16.to_be_bytes());
        self.flush().await?;
        while self.tcp.read_buf(&mut self.inbox).await? > 0 {}
        Ok(())
    }

    fn frame(&mut self, kind: u8, payload: &[u8]) {
        const MASKED: u8 = 0x80;
        self.outbox.push(kind);
        match payload.len() {
            short @ 0..126 => self.outbox.push(MASKED | short as u8),
            long => {
                self.outbox.push(MASKED | 126);
                self.outbox.extend((long as u16).to_be_bytes());
            }
        }
        self.outbox.extend([0; 4]);
        self.outbox.extend(payload);
    }

    /// Where the payload of the first frame begins and how long it is, once it is there.
    fn whole_frame(&self) -> Option<(usize, usize)> {
        let (head, length) = match *self.inbox.get(1)? {
            126 => (4, usize::from(u16::from_be_bytes([*self.inbox.get(2)?, *self.inbox.get(3)?]))),
            short => (2, usize::from(short)),
        };
        (self.inbox.len() >= head + length).then_some((head, length))
    }
}
