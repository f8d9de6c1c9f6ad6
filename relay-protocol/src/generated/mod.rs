//! Written by `cargo xtask codegen` from `schema/`.

// Formatted by the generator, and uniform rather than terse.
#![allow(clippy::redundant_closure, clippy::redundant_field_names, clippy::unnecessary_lazy_evaluations)]

#[rustfmt::skip]
pub(crate) mod enums;
#[rustfmt::skip]
pub(crate) mod events;
#[rustfmt::skip]
pub(crate) mod known;
#[rustfmt::skip]
pub(crate) mod objects;
#[rustfmt::skip]
pub(crate) mod requests;
#[rustfmt::skip]
pub(crate) mod responses;
