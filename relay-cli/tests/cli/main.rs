//! The `relay` command as its users see it: run as a process, against a server over a real socket.

#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

mod account;
mod broadcast;
mod cert;
mod directory;
mod doctor;
mod login;
mod new;
mod process;
#[cfg(unix)] // its stories are told to a shell
mod real;
mod relay;
mod shell;
mod stub;
#[cfg(unix)]
mod trigger;
mod workflow;
