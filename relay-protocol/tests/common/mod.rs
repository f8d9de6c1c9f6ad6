//! What the tests share.

#![allow(dead_code)] // each test uses its own part of it

pub(crate) mod field;
pub(crate) mod json;
pub(crate) mod leaves;
pub(crate) mod message;
pub(crate) mod script;
