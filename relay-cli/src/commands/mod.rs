//! The commands, a file or folder for each family.

mod analytics;
mod api;
mod assignments;
mod audio;
mod broadcast;
mod cert;
mod chat;
mod clock;
mod dev;
mod device;
mod entries;
mod env;
mod exec;
mod group;
mod login;
mod logs;
mod new;
mod places;
mod replay;
mod shell;
mod subscriber;
mod tag;
mod times;
mod token;
mod transcript;
mod trigger;
mod user;
mod workflow;

use clap::Subcommand;

use crate::cli::Global;
use crate::client::Client;
use crate::config::{Paths, Settings};
use crate::doctor::Doctor;
use crate::error::Result;
use crate::output::Out;

/// What a command works with.
#[derive(Debug)]
pub(crate) struct Cx {
    pub(crate) global: Global,
    pub(crate) out: Out,
}

impl Cx {
    pub(crate) fn new(global: Global) -> Self {
        let out = Out::new(&global);
        Self { global, out }
    }

    /// Where this user's files are.
    pub(crate) fn paths(&self) -> Result<Paths> {
        Paths::of_this_user()
    }

    /// Which server, as whom.
    pub(crate) fn settings(&self) -> Result<Settings> {
        Settings::resolve(&self.global, |name| std::env::var(name).ok(), &self.paths()?)
    }

    /// A client of that server.
    pub(crate) fn client(&self) -> Result<Client> {
        Client::new(self.settings()?)
    }
}

/// All commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    New(new::New),
    Dev(dev::DevLoop),
    Exec(exec::Exec),
    Chat(chat::Chat),
    Doctor(Doctor),
    #[command(subcommand)]
    Cert(cert::Cert),
    #[command(subcommand)]
    Workflow(workflow::Workflow),
    Trigger(trigger::Trigger),
    Logs(logs::Logs),
    #[command(subcommand)]
    Transcript(transcript::TranscriptCommand),
    Replay(replay::Replay),
    Clock(clock::Clock),
    Analytics(analytics::Analytics),
    Devices(device::List),
    #[command(subcommand)]
    Device(device::Device),
    #[command(subcommand)]
    Group(group::Group),
    #[command(subcommand)]
    User(user::User),
    Venues(places::Venues),
    Positions(places::Positions),
    #[command(subcommand)]
    Geofence(places::Geofence),
    #[command(subcommand)]
    Tag(tag::Tag),
    #[command(subcommand)]
    Audio(audio::Audio),
    Broadcast(broadcast::Broadcast),
    #[command(subcommand)]
    Token(token::Token),
    Login(login::Login),
    Logout(login::Logout),
    Whoami(login::Whoami),
    #[command(subcommand)]
    Subscriber(subscriber::Subscriber),
    Env(env::Env),
    Api(api::Api),
    Completions(shell::Completions),
    Man(shell::Man),
    #[command(hide = true)]
    Guard(crate::dev::Guard),
}

impl Command {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        match self {
            Self::New(command) => command.run(cx),
            Self::Workflow(command) => command.run(cx).await,
            Self::Analytics(command) => command.run(cx).await,
            Self::Devices(command) => command.run(cx).await,
            Self::Device(command) => command.run(cx).await,
            Self::Group(command) => command.run(cx).await,
            Self::User(command) => command.run(cx).await,
            Self::Venues(command) => command.run(cx).await,
            Self::Positions(command) => command.run(cx).await,
            Self::Geofence(command) => command.run(cx).await,
            Self::Tag(command) => command.run(cx).await,
            Self::Audio(command) => command.run(cx).await,
            Self::Broadcast(command) => command.run(cx).await,
            Self::Token(command) => command.run(cx).await,
            Self::Login(command) => command.run(cx).await,
            Self::Logout(command) => command.run(cx).await,
            Self::Whoami(command) => command.run(cx).await,
            Self::Subscriber(command) => command.run(cx).await,
            Self::Env(command) => command.run(cx),
            Self::Api(command) => command.run(cx).await,
            Self::Dev(command) => Box::pin(command.run(cx)).await,
            Self::Exec(command) => Box::pin(command.run(cx)).await,
            Self::Chat(command) => command.run(cx).await,
            Self::Trigger(command) => command.run(cx).await,
            Self::Logs(command) => command.run(cx).await,
            Self::Transcript(command) => command.run(cx).await,
            Self::Replay(command) => Box::pin(command.run(cx)).await,
            Self::Clock(command) => command.run(cx).await,
            Self::Doctor(command) => command.run(cx).await,
            Self::Cert(command) => command.run(cx),
            Self::Completions(command) => command.run(cx),
            Self::Man(command) => command.run(cx),
            Self::Guard(command) => command.run(),
        }
    }
}
