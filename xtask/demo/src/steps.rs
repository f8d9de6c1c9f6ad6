//! The steps, one after the other.

use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use relay_protocol::request::StartInteraction;
use relay_testkit::{Authority, Device, DialError, Peer, TlsTrouble, Trust};

use crate::server::Server;
use crate::{example, screen, story};

/// How far it got.
pub(crate) struct Steps {
    verbose: bool,
    number: usize,
    current: &'static str,
}

impl Steps {
    pub(crate) fn new(verbose: bool) -> Self {
        Self { verbose, number: 0, current: "the start" }
    }

    /// The step that is being taken.
    pub(crate) fn current(&self) -> &'static str {
        self.current
    }

    fn next(&mut self, what: &'static str) {
        self.number += 1;
        self.current = what;
        screen::step(self.number, what);
    }

    pub(crate) async fn run(&mut self) -> Result<()> {
        self.next("Build the example hello_world");
        let begun = Instant::now();
        let program = example::build("hello_world").await?;
        screen::good(format_args!("done after {:.1} s", begun.elapsed().as_secs_f64()));

        self.next("Make a certificate authority and, from it, the server's certificate");
        let authority = Authority::new("Authority of the Relay demo")?;
        let certificate = authority.certificate()?.to_files()?;
        screen::good("for localhost, 127.0.0.1 and ::1; both are thrown away at the end");

        self.next("Start the server as a process of its own");
        let mut server = Server::start(&program, &certificate)?;
        let played = self.play(&authority, &mut server).await;
        if played.is_err() {
            screen::text("\nThe server's own words:\n");
            server.output().iter().for_each(screen::note);
        }
        played
    }

    /// What is done with a server that runs.
    async fn play(&mut self, authority: &Authority, server: &mut Server) -> Result<()> {
        let uri = format!("{}/hello", server.address().await?);
        screen::good(format_args!("it serves {uri}"));

        self.next("Dial it as somebody who does not know the authority");
        be_refused(&uri).await?;

        self.next("Dial it as somebody who does, and play the device");
        let trust = authority.trust()?;
        self.converse(&uri, &trust).await?;

        self.next("Stop it with SIGTERM, in the middle of a conversation");
        self.drain(&uri, &trust, server).await?;

        screen::text("\nAll is well.\n");
        Ok(())
    }

    async fn dial(&self, uri: &str, trust: &Trust) -> Result<Peer> {
        let mut peer = Peer::dial(uri, trust).await?;
        let verbose = self.verbose;
        peer.watch(move |line| {
            if verbose {
                screen::frame(line);
            }
            story::tell(line);
        });
        screen::columns("workflow", "Relay and Alice's device");
        Ok(peer)
    }

    async fn converse(&self, uri: &str, trust: &Trust) -> Result<()> {
        let mut alice = Device::named("Alice")?.will_say("Bob");
        let mut peer = self.dial(uri, trust).await?;
        peer.start(alice.start("hello")).await?;
        alice.converse(&mut peer).await?;
        check(&alice, "Hello Bob")
    }

    #[cfg(unix)]
    async fn drain(&self, uri: &str, trust: &Trust, server: &mut Server) -> Result<()> {
        let mut alice = Device::named("Alice")?.will_say("Carol");
        let mut peer = self.dial(uri, trust).await?;
        peer.start(alice.start("hello")).await?;
        let start = peer.expect::<StartInteraction>().await?;

        server.terminate().await?;
        server.line("shutting down").await?;
        screen::note("SIGTERM: somebody else who dials now is refused,");
        match Peer::dial(uri, trust).await {
            Err(error @ DialError::Refused { status: 503, .. }) => screen::good(error),
            Err(error) => return Err(error).context("not refused as it should have been"),
            Ok(_) => bail!("a server that is shutting down has taken a new session"),
        }
        screen::note("and Alice goes on:");

        alice.perform(&mut peer, &start).await?;
        alice.converse(&mut peer).await?;
        check(&alice, "Hello Carol")?;
        let status = server.ended().await?;
        ensure!(status.success(), "the server ended with {status}");
        screen::good("then the server was gone, by itself and without an error");
        Ok(())
    }

    #[cfg(not(unix))]
    async fn drain(&self, _: &str, _: &Trust, _: &mut Server) -> Result<()> {
        screen::note("left out: there is no SIGTERM on this system");
        Ok(())
    }
}

/// Nobody but us knows the authority, so nobody but us may get through.
async fn be_refused(uri: &str) -> Result<()> {
    match Peer::dial(uri, &Trust::system()?).await {
        Err(error @ DialError::Tls { trouble: TlsTrouble::UnknownIssuer, .. }) => {
            screen::good(format_args!("refused, as it should be: {error}"));
            Ok(())
        }
        Err(error) => Err(error).context("it failed, but not because of the certificate"),
        Ok(_) => bail!("not refused, though nobody can know the authority"),
    }
}

fn check(alice: &Device, greeting: &str) -> Result<()> {
    let expected = ["What is your name?", greeting];
    let heard = alice.heard();
    ensure!(heard == expected, "Alice should have heard {expected:?}, and heard {heard:?}");
    screen::good(format_args!("Alice heard what she should: {}", heard.join(" … ")));
    Ok(())
}
