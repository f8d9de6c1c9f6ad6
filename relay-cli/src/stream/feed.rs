//! The stream of events of a server, through restarts of the server and of the network.

use std::time::Duration;

use reqwest::Response;
use tokio::time::{Instant, timeout};

use super::event::{Event, Item, Lines, Message};
use crate::client::{Client, until_answered};
use crate::error::Result;

/// The server says something at least this often, be it only that it is there.
const SILENCE: Duration = Duration::from_secs(45);

/// What of all that happens.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    /// Kinds; all if empty.
    pub(crate) kinds: Vec<String>,
    pub(crate) instance: Option<String>,
    pub(crate) device: Option<String>,
    pub(crate) workflow: Option<String>,
}

/// Reads events, one after the other.
#[derive(Debug)]
pub(crate) struct Feed<'a> {
    client: &'a Client,
    wanted: Wanted,
    /// Where to go on.
    cursor: Option<String>,
    open: Option<Response>,
    lines: Lines,
    ready: std::collections::VecDeque<Message>,
    /// When something was heard last.
    heard: Instant,
    /// Whether it was lost, and when it was last there.
    lost: Option<Instant>,
}

impl<'a> Feed<'a> {
    /// Begins with what happens from now on; the stream is open when this returns.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached or does not want to.
    pub(crate) async fn open(client: &'a Client, wanted: Wanted) -> Result<Self> {
        Self::open_after(client, wanted, None).await
    }

    /// As [`open`](Self::open), after a place in the stream.
    pub(crate) async fn open_after(
        client: &'a Client,
        wanted: Wanted,
        after: Option<String>,
    ) -> Result<Self> {
        let mut feed = Self {
            client,
            wanted,
            cursor: after,
            open: None,
            lines: Lines::default(),
            ready: std::collections::VecDeque::new(),
            heard: Instant::now(),
            lost: None,
        };
        feed.open = Some(feed.connect().await?);
        Ok(feed)
    }

    async fn connect(&self) -> Result<Response> {
        let wanted = &self.wanted;
        let kinds = (!wanted.kinds.is_empty()).then(|| wanted.kinds.join(","));
        let call = self.client.get(&["v1", "events"]);
        call.maybe("kinds", kinds)
            .maybe("instance", wanted.instance.as_deref())
            .maybe("device", wanted.device.as_deref())
            .maybe("workflow", wanted.workflow.as_deref())
            .maybe("after", self.cursor.as_deref())
            .stream()
            .await
    }

    /// What happens next. Waits for it, for the server too if it is away.
    ///
    /// # Errors
    ///
    /// If the server is there and does not want to.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub(crate) async fn next(&mut self) -> Result<Item> {
        loop {
            while let Some(message) = self.ready.pop_front() {
                if let Some(item) = self.read(message) {
                    return Ok(item);
                }
            }
            let Some(open) = &mut self.open else {
                self.open = Some(until_answered(async || self.connect().await).await?);
                continue;
            };
            match timeout(SILENCE, open.chunk()).await {
                Ok(Ok(Some(piece))) => {
                    self.heard = Instant::now();
                    self.ready.extend(self.lines.push(&piece));
                }
                // Closed, broken, or silent as after the sleep of a laptop.
                _ => {
                    self.open = None;
                    self.lines = Lines::default();
                    self.lost.get_or_insert(self.heard);
                }
            }
        }
    }

    fn read(&mut self, message: Message) -> Option<Item> {
        if message.id.is_some() {
            self.cursor = message.id;
        }
        let since = self.lost.take();
        if message.event == "gap" {
            let silent = since.map_or(0, |since| since.elapsed().as_millis());
            return Some(Item::Gap(i64::try_from(silent).unwrap_or(i64::MAX)));
        }
        serde_json::from_str::<Event>(&message.data).ok().map(Item::Event)
    }
}
