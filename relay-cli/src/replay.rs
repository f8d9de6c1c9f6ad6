//! Running a session again, against a workflow process that is there now.

use std::future::poll_fn;
use std::path::Path;
use std::time::Duration;

use relay_protocol::Event;
use relay_protocol::codec::{FromEngine, from_engine};
use relay_protocol::session::Transmit;
use relay_protocol::transcript::{Cue, Entry, Head, Script, Side, Transcript, What};
use relay_server::dial::{Destination, Dialer, DialerConfig, Link, Received, Roots, Trust, UriRules};
use tokio::time::{Instant, sleep, timeout};

use crate::error::{CliError, Exit, Result};

/// How long connecting may take.
const DIAL: Duration = Duration::from_secs(10);

/// How long the workflow gets to close the connection.
const FAREWELL: Duration = Duration::from_secs(2);

/// How it is played.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// A workflow that says nothing for so long waits for something, or has nothing to say.
    pub(crate) quiet: Duration,
    /// Whether everything takes as long as it did then, instead of as long as the workflow needs.
    pub(crate) real_time: bool,
}

/// Dials the workflow at `uri`, does to it what the platform did in the transcript, and gives back what came of it.
///
/// # Errors
///
/// If it cannot be dialled. Whatever it does afterwards is in the transcript.
pub(crate) async fn replay(
    uri: &str,
    authorities: &[&Path],
    transcript: &Transcript,
    pace: Pace,
) -> Result<Transcript> {
    let link = dial(uri, authorities).await?;
    let Head { workflow, path, .. } = transcript.head.clone();
    let mut player = Player {
        link,
        script: Script::new(transcript),
        began: Instant::now(),
        skipped: Duration::ZERO,
        pace,
        played: Transcript::new(Head::new(workflow, path)),
    };
    let end = player.play().await;
    let now = player.now();
    player.played.entries.push(Entry::new(now, What::Ended(end.to_owned())));
    Ok(player.played)
}

async fn dial(uri: &str, authorities: &[&Path]) -> Result<Link> {
    let failed = |error: &dyn std::fmt::Display| {
        CliError::new(Exit::Unreachable, format_args!("the workflow at {uri} cannot be reached")).cause(error)
    };
    let rules = UriRules { insecure_loopback: true };
    let target = match Destination::parse(uri, rules).map_err(|error| failed(&error))? {
        Destination::Workflow(target) => target,
        _ => return Err(failed(&"no workflow server is dialled for it")),
    };
    let authorities: Vec<_> = authorities.iter().map(|file| file.to_path_buf()).collect();
    let trust = Trust::load(Roots::System, &authorities).map_err(|error| failed(&error))?;
    let (link, _) = Dialer::new(DialerConfig::new(trust))
        .dial(&target, DIAL)
        .await
        .map_err(|error| failed(&error).next(format_args!("see: relay doctor {uri}")))?;
    Ok(link)
}

/// The platform's end of a session that runs again.
struct Player {
    link: Link,
    script: Script,
    began: Instant,
    /// Time in which nobody had anything to do is not waited for.
    skipped: Duration,
    pace: Pace,
    played: Transcript,
}

impl Player {
    fn now(&self) -> Duration {
        self.began.elapsed() + self.skipped
    }

    /// To the end of the session, which it says.
    async fn play(&mut self) -> &'static str {
        loop {
            while let Ok(received) = timeout(self.pace.quiet, self.receive()).await {
                if !self.heard(received) {
                    return "the workflow has closed the connection";
                }
            }
            let granted = self.script.settle();
            if !granted.is_empty() {
                for frame in granted {
                    if let Some(end) = self.send(frame).await {
                        return end;
                    }
                }
                continue;
            }
            let Some((due, step)) = self.script.next() else { return self.farewell().await };
            let wait = due.saturating_sub(self.now());
            if self.pace.real_time && !wait.is_zero() {
                tokio::select! {
                    received = self.receive() => if !self.heard(received) {
                        return "the workflow has closed the connection";
                    },
                    () = sleep(wait) => {}
                }
                continue;
            }
            self.skipped += wait;
            match self.script.take(due.max(self.now()), step) {
                Cue::Send(frame) => {
                    if let Some(end) = self.send(frame).await {
                        return end;
                    }
                }
                Cue::HangUp => return "the connection was closed, as it was then",
            }
        }
    }

    /// Nothing is left of the transcript. The workflow may still have something to say.
    async fn farewell(&mut self) -> &'static str {
        let closed = async {
            loop {
                let received = self.receive().await;
                if !self.heard(received) {
                    return;
                }
            }
        };
        match timeout(FAREWELL, closed).await {
            Ok(()) => "the workflow has closed the connection",
            Err(_) => "the workflow goes on, and the transcript does not",
        }
    }

    async fn receive(&mut self) -> Received {
        poll_fn(|cx| self.link.poll_receive(cx)).await
    }

    /// Whether the connection is still open.
    fn heard(&mut self, received: Received) -> bool {
        let now = self.now();
        match received {
            Received::Text(text) => {
                self.script.hear(now, &text);
                self.played.entries.push(Entry::frame(now, Side::Workflow, text.as_str()));
                true
            }
            Received::Binary(_) | Received::Alive => true,
            _ => false,
        }
    }

    /// How the session ends, if that was the last message.
    async fn send(&mut self, frame: String) -> Option<&'static str> {
        self.played.entries.push(Entry::frame(self.now(), Side::Engine, frame.as_str()));
        let stops = matches!(from_engine(&frame), FromEngine::Event(Event::Stop(_)));
        let link = &mut self.link;
        let sent = async {
            poll_fn(|cx| link.poll_ready(cx)).await?;
            link.send(Transmit::Text(frame))?;
            poll_fn(|cx| link.poll_flush(cx)).await
        };
        match sent.await {
            Err(_) => Some("the workflow has closed the connection"),
            Ok(()) if stops => {
                // What it says to that is part of the session.
                while let Ok(received) = timeout(self.pace.quiet, self.receive()).await {
                    if !self.heard(received) {
                        break;
                    }
                }
                Some("stopped")
            }
            Ok(()) => None,
        }
    }
}
