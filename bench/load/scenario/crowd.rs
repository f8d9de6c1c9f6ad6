//! Sessions that live and wait.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use relay_protocol::session::Asked;
use relay_protocol::{event, response};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout_at};

use crate::dial::Dialler;
use crate::peer::Peer;

/// Dials under way at once.
const DIALS: usize = 64;

/// A session that has not answered by then will not.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// Each in a task of its own, which also answers pings.
pub struct Crowd {
    sessions: JoinSet<Result<()>>,
    size: usize,
    fires: watch::Sender<()>,
    answered: mpsc::UnboundedSender<()>,
    answers: mpsc::UnboundedReceiver<()>,
}

/// What became of one event to all.
pub struct Answers {
    /// Until the last of them.
    pub time: Duration,
    /// Sessions that did not answer.
    pub missing: usize,
}

impl Crowd {
    pub fn new() -> Self {
        let (answered, answers) = mpsc::unbounded_channel();
        Self { sessions: JoinSet::new(), size: 0, fires: watch::Sender::new(()), answered, answers }
    }

    /// So many more.
    pub async fn grow(&mut self, dialler: &Arc<Dialler>, sessions: usize) -> Result<()> {
        let mut dials = JoinSet::new();
        for number in 0..sessions + DIALS {
            if number < sessions {
                let dialler = dialler.clone();
                dials.spawn(async move { Peer::start(&dialler, "/idle").await });
            }
            if number >= DIALS {
                let Some(peer) = dials.join_next().await else { break };
                self.sessions.spawn(live(peer??, self.fires.subscribe(), self.answered.clone()));
            }
        }
        self.size += sessions;
        sleep(Duration::from_millis(300)).await; // the server is still at the last of them
        Ok(())
    }

    /// A timer event to all.
    pub async fn fire(&mut self) -> Answers {
        let fired = Instant::now();
        self.fires.send_replace(());
        let mut missing = self.size;
        while missing > 0
            && let Ok(Some(())) = timeout_at((fired + ANSWER_TIMEOUT).into(), self.answers.recv()).await
        {
            missing -= 1;
        }
        Answers { time: fired.elapsed(), missing }
    }
}

/// Until the workflow is gone.
async fn live(
    mut peer: Peer,
    mut fires: watch::Receiver<()>,
    answered: mpsc::UnboundedSender<()>,
) -> Result<()> {
    loop {
        tokio::select! {
            fired = fires.changed() => {
                fired?;
                peer.emit(event::Timer::new())?;
            }
            asked = peer.asked() => match asked? {
                Asked::Request { token, .. } => {
                    peer.respond(token, response::GetVar::new().value("1"))?;
                    peer.flush().await?;
                    answered.send(()).context("nobody counts")?;
                }
                other => bail!("not expected: {other:?}"),
            },
        }
    }
}
