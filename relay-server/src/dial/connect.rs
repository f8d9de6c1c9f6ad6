//! A dial, stage by stage.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt};
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, sleep, timeout_at};
use tokio_rustls::TlsConnector;

use super::AddressPolicy;
use super::error::{DialError, Failure, TlsFailure};
use super::identity::Identity;
use super::link::{Link, Stream};
use super::target::Target;
use super::timeline::{Stage, Timeline};
use super::trust::Trust;
use super::upgrade::upgrade;

/// How long the next address of a name waits for the one before it, as RFC 8305 recommends.
const HEAD_START: Duration = Duration::from_millis(250);

/// How workflow servers are dialled.
#[derive(Debug, Clone)]
pub struct DialerConfig {
    /// Whose certificates are believed.
    pub trust: Trust,
    /// What is shown to workflow servers that ask for a certificate. Default: nothing.
    pub identity: Option<Identity>,
    /// Which addresses may be dialled.
    pub addresses: AddressPolicy,
    /// The most that a dial may take, all stages together. Default: 10 s.
    pub timeout: Duration,
    /// The largest message taken from a workflow, in bytes. Default: 1 MiB.
    pub max_message_bytes: usize,
}

impl DialerConfig {
    /// The defaults, with these authorities.
    pub fn new(trust: Trust) -> Self {
        Self {
            trust,
            identity: None,
            addresses: AddressPolicy::default(),
            timeout: Duration::from_secs(10),
            max_message_bytes: 1 << 20,
        }
    }
}

/// Opens connections to workflow servers. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Dialer {
    config: Arc<DialerConfig>,
    tls: Arc<ClientConfig>,
}

impl Dialer {
    /// A dialer.
    pub fn new(config: DialerConfig) -> Self {
        let mut tls = config.trust.config();
        if let Some(identity) = &config.identity {
            Arc::make_mut(&mut tls).client_auth_cert_resolver = identity.resolver();
        }
        Self { tls, config: Arc::new(config) }
    }

    /// Opens a WebSocket, within `budget` or the configured time, whichever is less.
    ///
    /// # Errors
    ///
    /// [`DialError`], which names the stage that failed, why, and how long each stage took.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future closes whatever is open.
    pub async fn dial(&self, target: &Target, budget: Duration) -> Result<(Link, Timeline), DialError> {
        let mut timeline = Timeline::default();
        let budget = budget.min(self.config.timeout);
        // Boxed: the handshake's state is many times what the dial needs afterwards.
        let dialed = Box::pin(self.stages(target, budget, &mut timeline)).await;
        match dialed {
            Ok(link) => Ok((link, timeline)),
            Err((stage, failure)) => Err(DialError { host: target.host.clone(), stage, failure, timeline }),
        }
    }

    async fn stages(
        &self,
        target: &Target,
        budget: Duration,
        timeline: &mut Timeline,
    ) -> Result<Link, (Stage, Failure)> {
        let mut clock = StageClock { deadline: Instant::now() + budget, budget, timeline };
        let found = clock.run(Stage::Dns, resolve(target)).await?;
        let addresses = self.permitted(target, found).map_err(|failure| (Stage::Tcp, failure))?;
        let tcp = clock.run(Stage::Tcp, connect(addresses)).await?;
        let stream = match target.encrypted {
            true => {
                let tls = clock.run(Stage::Tls, encrypt(self.tls.clone(), tcp, target)).await?;
                Stream::Tls(Box::new(tls))
            }
            false => Stream::Plain(tcp),
        };
        let (stream, early) = clock.run(Stage::Upgrade, upgrade(stream, target)).await?;
        Ok(Link::new(stream, early, self.config.max_message_bytes).await)
    }

    fn permitted(&self, target: &Target, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Failure> {
        let permitted = found.iter().copied().filter(|address| {
            // `localhost` without encryption must really be this machine, whatever the resolver says.
            let ip = address.ip();
            self.config.addresses.permits(ip) && (target.encrypted || ip.to_canonical().is_loopback())
        });
        match permitted.collect::<Vec<_>>() {
            none if none.is_empty() => Err(Failure::NotPermitted { addresses: found }),
            permitted => Ok(permitted),
        }
    }
}

/// Times each stage, and sees to it that all together keep to the budget.
struct StageClock<'a> {
    deadline: Instant,
    budget: Duration,
    timeline: &'a mut Timeline,
}

impl StageClock<'_> {
    async fn run<T>(
        &mut self,
        stage: Stage,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, (Stage, Failure)> {
        let start = Instant::now();
        let done = timeout_at(self.deadline, work).await;
        self.timeline.push(stage, start.elapsed());
        done.unwrap_or(Err(Failure::TooSlow { budget: self.budget })).map_err(|failure| (stage, failure))
    }
}

async fn resolve(target: &Target) -> Result<Vec<SocketAddr>, Failure> {
    let found: Vec<_> =
        lookup_host((target.host.as_str(), target.port)).await.map_err(Failure::Dns)?.collect();
    match found.is_empty() {
        true => Err(Failure::Dns(io::Error::new(io::ErrorKind::NotFound, "the name has no address"))),
        false => Ok(found),
    }
}

/// Connects to whichever address answers first: each is tried a moment after the one before it, or as soon as that one
/// has failed. A host whose IPv6 leads nowhere is reached all the same.
async fn connect(addresses: Vec<SocketAddr>) -> Result<TcpStream, Failure> {
    let mut waiting = alternating(addresses).into_iter();
    let mut trying = FuturesUnordered::new();
    let mut failed = Vec::new();
    loop {
        match waiting.next() {
            Some(address) => trying.push(async move { (address, TcpStream::connect(address).await) }),
            None if trying.is_empty() => return Err(Failure::Tcp(failed)),
            None => {}
        }
        let more = waiting.len() > 0;
        tokio::select! {
            Some((address, tried)) = trying.next() => match tried {
                Ok(tcp) => {
                    // A response and the events after it are to arrive one by one.
                    let _ = tcp.set_nodelay(true);
                    return Ok(tcp);
                }
                Err(error) => failed.push((address, error)),
            },
            () = sleep(HEAD_START), if more => {}
        }
    }
}

/// The addresses in turns of the two families, in the order of the resolver otherwise.
fn alternating(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first_is_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (first, second): (Vec<_>, Vec<_>) =
        addresses.into_iter().partition(|address| address.is_ipv6() == first_is_v6);
    let mut second = second.into_iter();
    let mut turns = Vec::new();
    for address in first {
        turns.push(address);
        turns.extend(second.next());
    }
    turns.extend(second);
    turns
}

async fn encrypt(
    config: Arc<ClientConfig>,
    tcp: TcpStream,
    target: &Target,
) -> Result<tokio_rustls::client::TlsStream<TcpStream>, Failure> {
    let name = ServerName::try_from(target.host.clone()).map_err(|_| Failure::Tls(TlsFailure::NotAName))?;
    let connected = TlsConnector::from(config).connect(name, tcp).await;
    connected.map_err(|error| Failure::Tls(TlsFailure::from_io(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_families_take_turns() {
        let addresses = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<_>>();
        let found = addresses(&["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1", "1.1.1.2:1"]);
        let turns = addresses(&["[::1]:1", "1.1.1.1:1", "[::2]:1", "1.1.1.2:1", "[::3]:1"]);
        assert_eq!(alternating(found), turns);
    }
}
