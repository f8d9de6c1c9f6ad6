//! Certificates: reading them, judging a chain, making some for development.

mod described;
mod development;
mod trust;
mod verdict;

pub(crate) use described::{Described, days_left};
pub(crate) use development::Development;
pub(crate) use trust::Trust;
pub(crate) use verdict::judge;
