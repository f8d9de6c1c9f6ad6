//! How long each stage of a dial took.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A stage of a dial, in the order in which they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// From a name to addresses.
    Dns,
    /// The TCP connection.
    Tcp,
    /// The TLS handshake, in which the certificate is verified.
    Tls,
    /// From HTTP to WebSocket.
    Upgrade,
}

impl Stage {
    /// As it is written in records and labels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Tcp => "tcp",
            Self::Tls => "tls",
            Self::Upgrade => "upgrade",
        }
    }
}

/// The time that each stage of a dial took, as far as it came. The last one is the one that failed, if one did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline(Vec<(Stage, Duration)>);

impl Timeline {
    pub(super) fn push(&mut self, stage: Stage, took: Duration) {
        self.0.push((stage, took));
    }

    /// The stages with their times.
    pub fn stages(&self) -> &[(Stage, Duration)] {
        &self.0
    }

    /// All of them together.
    pub fn total(&self) -> Duration {
        self.0.iter().map(|(_, took)| *took).sum()
    }
}

/// `dns 1.2 ms, tcp 0.3 ms`.
impl fmt::Display for Timeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, (stage, took)) in self.0.iter().enumerate() {
            let comma = if n == 0 { "" } else { ", " };
            write!(f, "{comma}{} {:.1} ms", stage.as_str(), took.as_secs_f64() * 1000.0)?;
        }
        Ok(())
    }
}
