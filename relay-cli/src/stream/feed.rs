//! The stream of events of a server, through restarts of the server and of the network.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Response;
use tokio::time::{Instant, timeout};

use super::event::{Event, Item, Lines, Message};
use crate::client::{Client, until_answered};
use crate::error::{CliError, Exit, Result};

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
pub(crate) struct Feed {
    client: Arc<Client>,
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

impl Feed {
    /// Begins with what happens from now on; the stream is open when this returns.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached or does not want to.
    pub(crate) async fn open(client: &Arc<Client>, wanted: Wanted) -> Result<Self> {
        Self::open_after(client, wanted, None).await
    }

    /// As [`open`](Self::open), after a place in the stream.
    pub(crate) async fn open_after(
        client: &Arc<Client>,
        wanted: Wanted,
        after: Option<String>,
    ) -> Result<Self> {
        let mut feed = Self {
            client: client.clone(),
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

    /// The client of the server that is read from now.
    pub(crate) fn client(&self) -> &Client {
        &self.client
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
                self.open = Some(until_answered(async || self.again().await).await?);
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
                    if self.lost.is_none() {
                        self.lost = Some(self.heard);
                        return Ok(Item::Lost);
                    }
                }
            }
        }
    }

    /// Asks once more: the server, or the `relay dev` that runs in its place now.
    async fn again(&mut self) -> Result<Response> {
        let answer = self.connect().await;
        if answer.is_err()
            && let Some(renewed) = self.client.renewed()
        {
            self.client = Arc::new(renewed);
        }
        // A new one does not know the token of the old one, and is found a moment later.
        let stale = |error: &CliError| error.exit() == Exit::Denied && self.client.is_of_dev();
        answer.map_err(|error| if stale(&error) { CliError::new(Exit::Unreachable, error) } else { error })
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
