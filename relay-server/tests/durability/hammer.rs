//! The process that is killed: accepts, claims, starts and ends triggers, and says what it was told is durable.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use relay_server::model::{
    Accepted, Attempt, Claim, Class, Idempotency, NewTrigger, Next, NodeId, Outcome, OutcomeKind, Stage,
    Subscriber, TriggerId, TriggerRow, UnixMs,
};
use relay_server::store::{Store, StoreError, StoreOptions};
use serde_json::json;

/// What the process was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    Accepted(TriggerId),
    Started(TriggerId),
    Ended(TriggerId, OutcomeKind),
    /// The error, and that it was one.
    Refused(String),
}

impl Told {
    /// A line of what the process says; none if it is something else, or was cut off.
    pub(crate) fn read(line: &str) -> Option<Self> {
        let mut words = line.strip_suffix('.')?.splitn(3, ' ');
        let (what, id) = (words.next()?, words.next()?);
        Some(match what {
            "accepted" => Self::Accepted(id.into()),
            "started" => Self::Started(id.into()),
            "ended" => Self::Ended(id.into(), words.next()?.parse().ok()?),
            "refused" => Self::Refused(format!("{id} {}", words.next()?)),
            _ => return None,
        })
    }
}

/// How the process is started.
#[derive(Debug, Clone)]
pub(crate) struct Hammer {
    pub(crate) database: PathBuf,
    /// Where it says what it was told.
    pub(crate) told: PathBuf,
    pub(crate) seed: u64,
    /// Triggers that each of its tasks accepts.
    pub(crate) triggers: u32,
    /// Earlier processes on this database: its clock goes on where theirs ended.
    pub(crate) round: i64,
}

impl Hammer {
    /// This test program once more, to run only the test below.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "hammer::process", "--nocapture"]);
        command.env("HAMMER_DATABASE", &self.database).env("HAMMER_TOLD", &self.told);
        command.env("HAMMER_SEED", self.seed.to_string()).env("HAMMER_TRIGGERS", self.triggers.to_string());
        command.env("HAMMER_ROUND", self.round.to_string());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        command
    }
}

/// The process that the tests start. By itself it does nothing.
#[test]
fn process() {
    let Some(database) = std::env::var_os("HAMMER_DATABASE") else { return };
    let number = |key: &str| std::env::var(key).unwrap().parse::<i64>().unwrap();
    fastrand::seed(number("HAMMER_SEED").unsigned_abs());
    let mut told =
        File::options().create(true).append(true).open(std::env::var_os("HAMMER_TOLD").unwrap()).unwrap();
    told.write_all(b"\n").unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let clock = AtomicI64::new(1_800_000_000_000 + number("HAMMER_ROUND") * 1_000_000_000);
    let triggers = number("HAMMER_TRIGGERS");
    runtime.block_on(run(Path::new(&database), told, clock, triggers));
}

async fn run(database: &Path, told: File, clock: AtomicI64, triggers: i64) {
    let store = match Store::open(StoreOptions::new(database)).await {
        Ok(store) => store,
        Err(error) => return say(&told, format_args!("refused open {error}")),
    };
    let process = Arc::new(Process { store, told, clock });
    let _ = process.store.subscriber_create(&Subscriber::new("sub")).await;
    match process.store.trigger_recover(&node(), process.now()).await {
        Ok(found) => {
            for row in found.lost {
                process.say(format_args!("ended {} server_lost", row.id));
            }
        }
        Err(error) => process.say(format_args!("refused recover {error}")),
    }
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (accepting, running) = (Arc::clone(&process), Arc::clone(&process));
        tasks.spawn(async move {
            for _ in 0..triggers {
                accepting.accept().await;
            }
        });
        tasks.spawn(async move {
            for _ in 0..triggers {
                running.take_some().await;
            }
        });
    }
    tasks.join_all().await;
}

struct Process {
    store: Store,
    told: File,
    clock: AtomicI64,
}

impl Process {
    fn now(&self) -> UnixMs {
        UnixMs::new(self.clock.fetch_add(1, Ordering::Relaxed))
    }

    fn say(&self, what: std::fmt::Arguments<'_>) {
        say(&self.told, what);
    }

    /// Says what was done, or why it was not; being fenced is as it should be.
    fn tell(&self, done: Result<(), StoreError>, what: std::fmt::Arguments<'_>) -> bool {
        match done {
            Ok(()) => self.say(what),
            Err(StoreError::Fenced(_)) => return false,
            Err(error) => {
                self.say(format_args!("refused write {error}"));
                return false;
            }
        }
        true
    }

    async fn accept(&self) {
        let now = self.now();
        let keyed = fastrand::bool().then(|| Idempotency {
            key: fastrand::u8(..).to_string(),
            fingerprint: vec![1],
            until: now + Duration::from_millis(500),
        });
        let new = NewTrigger {
            id: TriggerId::generate(now),
            subscriber: "sub".into(),
            workflow: format!("wf_{}", fastrand::u8(..4)).into(),
            workflow_name: "hammered".into(),
            uri: "wss://example.org/".into(),
            device: fastrand::bool().then(|| fastrand::u8(..8).to_string().into()),
            class: if fastrand::bool() { Class::Interactive } else { Class::Durable },
            trigger: json!({"type": "http", "args": {"payload": "x".repeat(fastrand::usize(..2000))}}),
            accepted_at: now,
            not_before: now,
            not_after: now + Duration::from_secs(3600),
            fire_at: None,
            idempotency: keyed,
            hold: None,
        };
        match self.store.trigger_accept(new).await {
            Ok(Accepted::New(row) | Accepted::Known(row)) => self.say(format_args!("accepted {}", row.id)),
            Err(error) => self.say(format_args!("refused write {error}")),
        }
    }

    async fn take_some(&self) {
        let now = self.now();
        let until = now + Duration::from_millis(200); // some claims run out
        let claim = Claim { node: node(), now, until, limit: fastrand::u32(1..8), full: Vec::new() };
        match self.store.trigger_claim(claim).await {
            Ok(rows) => {
                for row in rows {
                    self.bring_on(row).await;
                }
            }
            Err(error) => self.say(format_args!("refused write {error}")),
        }
    }

    async fn bring_on(&self, row: TriggerRow) {
        let (store, id, now) = (&self.store, &row.id, self.now());
        let ends = |kind: OutcomeKind| Outcome::new(kind, "hammered");
        match fastrand::u8(..10) {
            0 => {} // forgotten
            1 | 2 => {
                let kind = OutcomeKind::NotStarted;
                let last = fastrand::bool();
                let next = if last { Next::Failed(ends(kind)) } else { Next::RetryAt(now) };
                let failed = store.trigger_attempt_failed(id, row.epoch, attempt(now), next).await;
                if last {
                    self.tell(failed, format_args!("ended {id} {kind}"));
                } else if let Err(error) = failed {
                    self.tell(Err(error), format_args!(""));
                }
            }
            outcome => {
                let started = store.trigger_started(id, row.epoch, now).await;
                if self.tell(started, format_args!("started {id}")) && outcome > 4 {
                    let kind = if outcome > 6 { OutcomeKind::Completed } else { OutcomeKind::Broken };
                    let ended = store.trigger_ended(id, row.epoch, self.now(), ends(kind)).await;
                    self.tell(ended, format_args!("ended {id} {kind}"));
                }
            }
        }
    }
}

fn say(mut told: &File, what: std::fmt::Arguments<'_>) {
    let line = format!("{what}.\n");
    told.write_all(line.as_bytes()).unwrap(); // in one piece
}

pub(crate) fn node() -> NodeId {
    "n".into()
}

fn attempt(now: UnixMs) -> Attempt {
    Attempt {
        began_at: now,
        failed_at: now,
        stage: Stage::Tcp,
        code: "connection_refused".into(),
        message: "nobody listens there".into(),
        http_status: None,
    }
}
