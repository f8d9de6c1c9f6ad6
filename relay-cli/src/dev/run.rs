//! The loop: build, start, register, tell, and once more when a file was saved.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use relay_protocol::manifest::WorkflowManifest;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::file;
use super::generation::{Generation, Line as Written, Surroundings};
use super::publish::Publisher;
use super::register::{Registered, adopt, register};
use super::retire::retire;
use super::source::{Built, Made, New, Source};
use super::watch::Watch;
use crate::client::Client;
use crate::error::{CliError, Result};
use crate::output::{BAD, BOLD, DIM, GOOD, Out, WARN};
use crate::stream::{Event, Feed, Item, Line, Names, Story, Wanted};

/// More old processes than these, and they are ended with their sessions.
const OLD: usize = 8;

/// How often the exported file is brought up to date.
const KEEP: Duration = Duration::from_secs(2);

type Making = Pin<Box<dyn Future<Output = Result<Made>>>>;

/// A workflow that somebody works on.
pub(crate) struct Workshop<'a> {
    out: &'a Out,
    client: Arc<Client>,
    source: Source,
    around: Surroundings,
    /// None where nobody wants changes to be noticed.
    watch: Option<Watch>,
    /// A file to be kept up to date.
    export: Option<PathBuf>,
    /// Where the lines of the workflow's program are told to those who follow the log.
    publisher: Publisher,
    lines: (UnboundedSender<Written>, UnboundedReceiver<Written>),
    current: Option<Current>,
    old: JoinSet<()>,
    /// Counts the instances that have ended.
    ended: watch::Sender<u64>,
    count: u32,
    names: Names,
    story: Story,
}

/// The process that new sessions go to.
struct Current {
    generation: Generation,
    linked: Option<SystemTime>,
}

impl<'a> Workshop<'a> {
    pub(crate) fn new(
        out: &'a Out,
        client: Arc<Client>,
        source: Source,
        around: Surroundings,
        watch: Option<Watch>,
        export: Option<PathBuf>,
        publisher: Publisher,
    ) -> Self {
        Self {
            export,
            publisher,
            out,
            client,
            source,
            around,
            watch,
            lines: unbounded_channel(),
            current: None,
            old: JoinSet::new(),
            ended: watch::Sender::new(0),
            count: 0,
            names: Names::default(),
            story: Story::default(),
        }
    }

    /// Works until `end` completes, beginning with what was built. `ready` is told once sessions are taken.
    pub(crate) async fn run(
        &mut self,
        first: Built,
        end: impl Future<Output = ()>,
        ready: impl FnOnce(Option<&New>, &[Registered]),
    ) -> Result<()> {
        let mut feed = Feed::open(&self.client, Wanted::default()).await?;
        let mut end = std::pin::pin!(end);
        let mut ready = Some(ready);
        let mut making = match self.source.clone() {
            Source::Served(base) => {
                let registered =
                    self.register(&[], |path| format!("{base}/{}", path.trim_start_matches('/'))).await?;
                if let Some(ready) = ready.take() {
                    ready(None, &registered);
                }
                None
            }
            _ => Some(self.make(Some(first))),
        };
        let mut keeping = tokio::time::interval(KEEP);
        loop {
            tokio::select! {
                biased;
                () = &mut end => return Ok(()),
                made = conclude(&mut making) => self.made(made, &mut ready).await?,
                item = feed.next() => self.tell(item?).await?,
                Some(line) = self.lines.1.recv() => self.wrote(line)?,
                changed = saved(&mut self.watch, self.export.as_deref()) => {
                    self.noticed(&changed);
                    // Whatever is being made is made of what was before.
                    making = Some(self.make(None));
                }
                how = died(&mut self.current) => self.died(&how).await?,
                Some(_) = self.old.join_next() => {}
                _ = keeping.tick(), if self.export.is_some() => self.keep_up().await?,
            }
        }
    }

    /// Ends all processes.
    pub(crate) async fn end(mut self) {
        self.old.shutdown().await;
        if let Some(current) = self.current.take() {
            current.generation.end().await;
        }
    }

    fn noticed(&self, changed: &BTreeSet<PathBuf>) {
        let what = changed.iter().next().map(|path| self.short(path)).unwrap_or_default();
        let more = if changed.len() > 1 { format!(" and {} more", changed.len() - 1) } else { String::new() };
        self.note(DIM, format!("{what}{more} changed"));
    }

    /// A new process is on its way: of what was built, or else of what is built now.
    fn make(&mut self, built: Option<Built>) -> Making {
        self.count += 1;
        let (number, runs) = (self.count, self.current.as_ref().and_then(|current| current.linked));
        let (source, around, lines) = (self.source.clone(), self.around.clone(), self.lines.0.clone());
        Box::pin(async move {
            let built = match built {
                Some(built) => built,
                None => source.build(true).await?,
            };
            source.start(built, number, runs, &around, &lines).await
        })
    }

    async fn made(
        &mut self,
        made: Result<Made>,
        ready: &mut Option<impl FnOnce(Option<&New>, &[Registered])>,
    ) -> Result<()> {
        match made {
            Ok(Made::New(new)) => self.swap(*new, ready).await,
            Ok(Made::Same) => Ok(()),
            Ok(Made::Broken(folders)) => {
                self.look_after(&folders)?;
                self.keep("it cannot be built");
                Ok(())
            }
            // The first has to work, or there is nothing to work on.
            Err(error) if ready.is_some() && self.watch.is_none() => Err(error),
            Err(error) => {
                self.out.error(&error);
                self.keep("it cannot be started");
                Ok(())
            }
        }
    }

    /// New sessions go to the new process; the old one stays for those that it has.
    async fn swap(
        &mut self,
        new: New,
        ready: &mut Option<impl FnOnce(Option<&New>, &[Registered])>,
    ) -> Result<()> {
        self.look_after(&new.folders)?;
        let registered = self.register(&new.generation.manifest, |path| new.generation.uri(path)).await?;
        match ready.take() {
            Some(ready) => ready(Some(&new), &registered),
            None => {
                let swapped = new.built.elapsed().as_millis();
                let since = if new.linked.is_some() { "linked" } else { "saved" };
                self.note(GOOD, format!("new runs use the new code, {swapped} ms after it was {since}"));
            }
        }
        let New { generation, linked, .. } = new;
        if let Some(old) = self.current.replace(Current { generation, linked }) {
            if self.old.len() >= OLD {
                self.note(WARN, format!("more than {OLD} old processes: their sessions are ended"));
                self.old.abort_all();
            }
            let (client, ended) = (self.client.clone(), self.ended.subscribe());
            self.old.spawn(async move { retire(&client, old.generation, ended).await });
        }
        Ok(())
    }

    async fn register(
        &mut self,
        manifest: &[WorkflowManifest],
        uri: impl Fn(&str) -> String,
    ) -> Result<Vec<Registered>> {
        let registered = register(&self.client, manifest, uri, |uri| self.serves(uri)).await?;
        self.names = Names::load(&self.client).await?;
        Ok(registered)
    }

    /// Whether the workflow that is worked on is dialled there.
    fn serves(&self, uri: &str) -> bool {
        match (&self.source, &self.current) {
            (Source::Served(base), _) => uri.strip_prefix(&**base).is_some_and(|rest| rest.starts_with('/')),
            (_, Some(current)) => current.generation.serves(uri),
            (_, None) => false,
        }
    }

    /// Remembers what people have registered for the process, and brings the file up to date.
    pub(crate) async fn keep_up(&self) -> Result<()> {
        adopt(&self.client, |uri| self.serves(uri)).await?;
        let Some(path) = &self.export else { return Ok(()) };
        let document = self.client.get(&["v1", "registry"]).send().await?;
        file::write(path, document)
    }

    fn look_after(&mut self, folders: &BTreeSet<PathBuf>) -> Result<()> {
        match &mut self.watch {
            Some(watch) => folders.iter().try_for_each(|folder| watch.add(folder)),
            None => Ok(()),
        }
    }

    fn keep(&self, why: &str) {
        match self.current {
            Some(_) => self.note(WARN, format!("{why}: the code from before goes on serving")),
            None => self.note(WARN, format!("{why}: waiting for a file to be saved")),
        }
    }

    async fn died(&mut self, how: &CliError) -> Result<()> {
        self.keep_up().await?;
        self.current = None;
        if self.watch.is_none() {
            return Err(CliError::failed(how));
        }
        self.note(BAD, format!("{how}: waiting for a file to be saved"));
        Ok(())
    }

    async fn tell(&mut self, item: Item) -> Result<()> {
        let event = match item {
            Item::Event(event) => event,
            Item::Gap(_) | Item::Lost => return Ok(()),
        };
        if event.is("instance", "ended") {
            self.ended.send_modify(|count| *count += 1);
        }
        if !self.names.knows(&event) {
            self.names = Names::load(&self.client).await?;
        }
        // What the program writes has been shown as it was written.
        if event.is("log", "workflow") && !self.out.is_json() { Ok(()) } else { self.show(&event) }
    }

    fn show(&self, event: &Event) -> Result<()> {
        if self.out.is_json() {
            return self.out.line(serde_json::json!(event));
        }
        match self.story.tell(event, &self.names) {
            Some(line) => self.out.line(line.fit(self.out.live_width())),
            None => Ok(()),
        }
    }

    /// What the workflow's program writes.
    fn wrote(&self, line: Written) -> Result<()> {
        self.publisher.publish(&line);
        let old = self.current.as_ref().is_some_and(|current| current.generation.number > line.generation);
        let bar = if old { format!("{DIM}┊{DIM:#}") } else { format!("{BOLD}│{BOLD:#}") };
        if !self.out.is_json() {
            self.out.line(format_args!("{bar} {}", line.text))?;
        }
        Ok(())
    }

    fn note(&self, style: anstyle::Style, text: String) {
        let now = Timestamp::now().as_millisecond();
        self.out.note(Line::new(now, text).style(style).fit(self.out.live_width()));
    }

    fn short(&self, path: &Path) -> String {
        path.strip_prefix(&self.around.dir).unwrap_or(path).display().to_string()
    }
}

/// Waits for what is being made, for ever if nothing is.
async fn conclude(making: &mut Option<Making>) -> Result<Made> {
    match making {
        Some(under_way) => {
            let made = under_way.await;
            *making = None;
            made
        }
        None => std::future::pending().await,
    }
}

/// Waits until something but the file that we write ourselves was saved.
async fn saved(watch: &mut Option<Watch>, exported: Option<&Path>) -> BTreeSet<PathBuf> {
    let Some(watch) = watch else { return std::future::pending().await };
    loop {
        let mut changed = watch.changed().await;
        changed.retain(|path| exported.is_none_or(|exported| path != exported));
        if !changed.is_empty() {
            return changed;
        }
    }
}

async fn died(current: &mut Option<Current>) -> CliError {
    match current {
        Some(current) => current.generation.ended().await,
        None => std::future::pending().await,
    }
}
