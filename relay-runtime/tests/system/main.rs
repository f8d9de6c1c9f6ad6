//! The whole system over real TLS sockets with verified certificates: a workflow server on one side, the engine side of
//! `relay-testkit` on the other. Each file is a theme, each test a story.

mod broken;
mod conversation;
mod crowd;
mod dialling;
mod disconnects;
mod failures;
mod frames;
mod handlers;
mod hostile;
#[path = "../common/logs.rs"]
mod logs;
mod observing;
mod policies;
mod progress;
mod shutdown;
mod silence;
mod stage;
mod time;
mod workflows;
