//! The `relay` command as its users see it: run as a process, against a server over a real socket.

mod account;
mod doctor;
mod relay;
mod shell;
mod stub;
