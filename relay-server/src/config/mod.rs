//! Settings: where they come from, and what they are.
//!
//! The later wins: defaults, the file, the environment, flags of the command line.
//!
//! ```text
//! SETTINGS ──► default file, reference page, names of environment variables
//!    │
//! file ── environment ── flags ──► Layers: one table, each value with its origin ──► Config
//! ```

mod duration;
mod error;
mod layers;
mod settings;
mod size;
mod types;

pub use duration::Span;
pub use error::ConfigError;
pub use layers::{Layers, Origin};
pub use settings::{SETTINGS, Setting, Type, default_file, reference};
pub use size::Size;
pub use types::{
    Addresses, ClockConfig, Config, DeviceConfig, DialConfig, EngineMode, EventConfig, LimitConfig,
    LogConfig, LogFormat, MetricsConfig, TlsConfig, TranscriptConfig, TriggerConfig,
};
