//! The program is killed, and the power fails with it, while triggers pour in over HTTP.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use relay_testkit::Authority;
use serde_json::{Value, json};
use tokio::process::Command;
use tokio::time::timeout;

use crate::image::{Disk, Luck};
use crate::journal;
use crate::pour::{Pour, Starts};
use crate::powerless::{scratch, seed};
use crate::server::{Caller, Server, serving};
use crate::workflows::{acceptor, serve};

/// How often it is killed; `RELAY_KILLS` asks for more.
const KILLS: u32 = 20;
/// Who sends triggers at the same time.
const CALLERS: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_killed_again_and_again_forgets_nothing_and_starts_nothing_twice() {
    let seed = seed();
    let mut random = fastrand::Rng::with_seed(seed);
    let kills = std::env::var("RELAY_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let scratch = scratch();
    let machine = Machine::new(scratch.path());
    let (starts, authority) = (Arc::new(Starts::default()), Authority::new("crash test").unwrap());
    std::fs::write(&machine.authority, authority.pem()).unwrap();
    let tls = acceptor(&authority.certificate().unwrap(), 0);
    let port = serve(Some(tls), starts.clone()).await;

    let server = Server::start(machine.command()).await;
    let caller = Caller::new(&machine.data).await;
    let workflow = caller.register(&server.url, "count", &format!("wss://localhost:{port}/count")).await;
    server.kill().await;

    let pour = Arc::new(Pour::new(caller, workflow));
    let mut disk = Disk::read(&machine.data);
    for round in 0..kills {
        let mut server = Server::spawn(machine.command());
        // One in four already while it starts: in the middle of its recovery.
        let early = Duration::from_millis(if random.u8(..4) == 0 { random.u64(..150) } else { 60_000 });
        if let Ok(ready) = timeout(early, server.ready()).await {
            ready.unwrap();
            let callers =
                (0..CALLERS).map(|_| tokio::spawn(pour.clone().run(server.url.clone(), random.fork())));
            let callers: Vec<_> = callers.collect();
            // Any moment will do.
            let _ = timeout(Duration::from_millis(random.u64(20..300)), std::future::pending::<()>()).await;
            server.child.start_kill().unwrap();
            // What was answered before it died counts, also what is read later.
            futures_util::future::join_all(callers).await.into_iter().for_each(Result::unwrap);
        }
        server.kill().await;
        let luck = [Luck::Everything, Luck::Nothing, Luck::Some(random.u8(1..100))][random.usize(..3)];
        disk = machine.lose_power(disk, luck, &mut random);
        println!("seed {seed}, round {round}: {} acknowledged, luck {luck:?}", pour.acknowledged().len());
    }

    let server = Server::start(machine.command()).await;
    let open = "/v1/triggers?state=queued,dialing,started&limit=1";
    while pour.caller.get(&server.url, open).await["items"] != json!([]) {}
    let rows = all(&pour.caller, &server.url, "/v1/triggers", "items", "next").await;
    let events = all(&pour.caller, &server.url, "/ibot/workflow_analytics_events", "data", "cursor").await;
    check(&rows, &events, &pour.acknowledged(), &starts.counted());
    assert!(pour.acknowledged().len() > 10 * kills as usize, "too few");
}

/// What has to hold in the end.
fn check(
    rows: &[Value],
    events: &[Value],
    acknowledged: &[(String, String)],
    starts: &BTreeMap<String, u32>,
) {
    let twice: Vec<_> = starts.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "started more than once: {twice:?}");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows: BTreeMap<_, _> = rows.iter().map(|row| (text(&row["id"]), row)).collect();
    let mut ends = BTreeMap::<_, u32>::new();
    for event in events {
        *ends.entry(text(&event["workflow_instance_id"])).or_default() += 1;
    }
    for (key, id) in acknowledged {
        assert!(rows.contains_key(id), "{key} was acknowledged as {id}, and is lost");
    }
    let mut lost = 0;
    for (id, row) in &rows {
        assert_eq!(ends.get(id), Some(&1), "one record for one end of {id}");
        let started = starts.get(&text(&row["trigger"]["args"]["args"]["key"])).copied().unwrap_or(0);
        match row["outcome"]["kind"].as_str() {
            Some("completed") => assert_eq!(started, 1, "{row}"),
            // It had been started on disk; whether the frame had left nobody knows.
            Some("server_lost") => lost += 1,
            _ => panic!("no such outcome was to be expected: {row}"),
        }
    }
    println!("{} acknowledged, {} ended, {lost} of them with a server", acknowledged.len(), rows.len());
}

/// All items of a list that comes in pages.
async fn all(caller: &Caller, url: &str, path: &str, items: &str, next: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let mut page = caller.get(url, &format!("{path}?limit=1000&cursor={cursor}")).await;
        all.append(page[items].as_array_mut().unwrap());
        match page[next].as_str() {
            None | Some("") => return all,
            Some(next) => cursor = next.to_owned(),
        }
    }
}

/// Where the server runs.
struct Machine {
    data: PathBuf,
    authority: PathBuf,
    library: PathBuf,
    journal: PathBuf,
}

impl Machine {
    fn new(directory: &Path) -> Self {
        let [data, authority, journal] = ["data", "ca.pem", "journal"].map(|name| directory.join(name));
        std::fs::create_dir(&data).unwrap();
        Self { data, authority, library: journal::library(directory), journal }
    }

    fn command(&self) -> Command {
        let mut command = serving(&self.data, &self.authority);
        command.env("LD_PRELOAD", &self.library);
        command.env("JOURNAL_DIR", &self.data).env("JOURNAL_FILE", &self.journal);
        command
    }

    /// Leaves of the data what the disk may hold that was so before the server ran.
    fn lose_power(&self, mut disk: Disk, luck: Luck, random: &mut fastrand::Rng) -> Disk {
        let journal = std::fs::read(&self.journal).unwrap_or_default();
        journal::read(&journal).into_iter().for_each(|deed| disk.apply(deed));
        std::fs::remove_dir_all(&self.data).unwrap();
        std::fs::create_dir(&self.data).unwrap();
        disk.write(&self.data, luck, random);
        let _ = std::fs::remove_file(&self.journal);
        Disk::read(&self.data)
    }
}
