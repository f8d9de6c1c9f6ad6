//! The attributes, with their documentation: here the examples compile.

pub use relay_macros::{on, trigger, workflow};
