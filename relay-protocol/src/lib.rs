//! x
#![no_std]

extern crate alloc;

pub mod urn;
