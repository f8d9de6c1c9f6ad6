//! The Relay server: keeps registrations, notices triggers, dials workflows and runs the devices.
//!
//! ```text
//!  people, CLI, SDKs ──► api ──► registry ──► store (SQLite, the truth)
//!                         │                     ▲  │
//!                         └──► trigger ─────────┘  │ mirror
//!                                │ launch          ▼
//!                                └──────────► account: one task and one engine a subscriber
//!                                                  │ dial
//!                                                  ▼
//!                                             workflow processes, over wss
//! ```
//!
//! A library with a thin binary, so that tests and tools run a whole server in their own process:
//!
//! ```no_run
//! # async fn f() -> Result<(), Box<dyn std::error::Error>> {
//! use relay_server::{Server, config::Config};
//!
//! let mut config = Config::default();
//! config.listen = "127.0.0.1:0".parse()?;
//! config.data_dir = "relay-data".into();
//! let server = Server::start(config).await?;
//! println!("{} with the token {}", server.url(), server.token());
//! server.shutdown().await;
//! # Ok(()) }
//! ```

pub mod account;
pub mod api;
pub mod auth;
pub mod clock;
pub mod config;
pub mod dial;
pub mod events;
pub mod model;
pub mod ops;
pub mod registry;
pub mod schedule;
mod server;
pub mod store;
pub mod transcript;
pub mod trigger;

pub use server::{DATABASE, Running, Server, StartError};
