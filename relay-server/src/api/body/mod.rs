//! Bodies of requests, as leniently read as official clients are loosely written.

mod invoke;
mod json;
mod workflow;
mod yaml;

pub(crate) use invoke::Invocation;
pub(crate) use json::Lenient;
pub(crate) use workflow::modern;
