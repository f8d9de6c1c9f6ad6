//! What the server is told. Defaults stand here; what each setting means to people stands in `settings.rs`.

use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::{Size, Span};

/// All settings of a server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Config {
    /// Where the API is offered. Port 0 takes any that is free.
    pub listen: SocketAddr,
    /// The folder of the database and whatever else is kept.
    pub data_dir: PathBuf,
    /// How others reach the API, for links in answers; by default what the caller used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// How long running instances get to end when the server is stopped.
    pub shutdown_grace: Span,
    /// TLS of the API.
    pub tls: TlsConfig,
    /// Connections to workflows.
    pub dial: DialConfig,
    /// Triggers, retries and schedules.
    pub triggers: TriggerConfig,
    /// What is kept of each instance.
    pub transcripts: TranscriptConfig,
    /// The stream of events.
    pub events: EventConfig,
    /// Devices, and how the platform behaves.
    pub devices: DeviceConfig,
    /// What strangers and workflows can use up.
    pub limits: LimitConfig,
    /// Logs.
    pub log: LogConfig,
    /// Metrics.
    pub metrics: MetricsConfig,
    /// The clock.
    pub clock: ClockConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data_dir: "relay-data".into(),
            public_url: None,
            shutdown_grace: Span::seconds(10),
            tls: TlsConfig::default(),
            dial: DialConfig::default(),
            triggers: TriggerConfig::default(),
            transcripts: TranscriptConfig::default(),
            events: EventConfig::default(),
            devices: DeviceConfig::default(),
            limits: LimitConfig::default(),
            log: LogConfig::default(),
            metrics: MetricsConfig::default(),
            clock: ClockConfig::default(),
        }
    }
}

/// TLS of the API. Without it, whoever is between a client and the server reads tokens.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct TlsConfig {
    /// The certificate chain, in PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cert: Option<PathBuf>,
    /// Its private key, in PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<PathBuf>,
}

/// Connections to workflows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct DialConfig {
    /// Authorities that are trusted beside those of the system, in PEM.
    pub extra_ca: Vec<PathBuf>,
    /// The certificate chain that is shown to workflow servers which ask for one, in PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_cert: Option<PathBuf>,
    /// Its private key, in PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_key: Option<PathBuf>,
    /// Which addresses are dialled.
    pub addresses: Addresses,
    /// Networks that are dialled although they are not public.
    pub networks: Vec<IpNet>,
    /// Whether `ws://` is dialled on this machine.
    pub allow_insecure_loopback: bool,
    /// How long it may take until a workflow has accepted the connection.
    pub timeout: Span,
    /// Dials in flight.
    pub max_in_flight: usize,
}

impl Default for DialConfig {
    fn default() -> Self {
        Self {
            extra_ca: Vec::new(),
            client_cert: None,
            client_key: None,
            addresses: Addresses::Any,
            networks: Vec::new(),
            allow_insecure_loopback: false,
            timeout: Span::seconds(10),
            max_in_flight: 256,
        }
    }
}

/// Which addresses are dialled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Addresses {
    /// All: most workflows run beside their server, on private addresses.
    #[default]
    Any,
    /// Those of the public Internet, and those that are listed.
    Public,
}

/// Triggers, retries and schedules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct TriggerConfig {
    /// How long a trigger of the durable class is tried, unless it says itself. Up to 72 h.
    pub not_after: Span,
    /// How old a missed time of a schedule may be to be made up for at the start.
    pub catch_up: Span,
    /// How many times of one schedule are made up for at once, the latest of them.
    pub max_catch_up: usize,
    /// How long ended triggers are kept, with their attempts.
    pub keep: Span,
    /// Triggers that may wait to be dialled.
    pub max_queued: usize,
    /// Instances that may run at once.
    pub max_instances: usize,
    /// Instances of one workflow that may run at once.
    pub max_instances_per_workflow: usize,
}

impl Default for TriggerConfig {
    fn default() -> Self {
        Self {
            not_after: Span::seconds(24 * 3600),
            catch_up: Span::seconds(3600),
            max_catch_up: 10,
            keep: Span::seconds(30 * 24 * 3600),
            max_queued: 100_000,
            max_instances: 20_000,
            max_instances_per_workflow: 20_000,
        }
    }
}

/// What is kept of each instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct TranscriptConfig {
    /// Whether anything is.
    pub enabled: bool,
    /// Whether what people and workflows say is replaced by its length.
    pub redact: bool,
    /// For how long.
    pub keep: Span,
    /// How much of one instance.
    pub max_per_instance: Size,
    /// How much in all; the oldest goes first.
    pub max_total: Size,
}

impl Default for TranscriptConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            redact: false,
            keep: Span::seconds(7 * 24 * 3600),
            max_per_instance: Size::mib(1),
            max_total: Size::mib(1024),
        }
    }
}

/// The stream of events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct EventConfig {
    /// Events that can be resumed from.
    pub keep: usize,
    /// About how much memory they take.
    pub max_memory: Size,
    /// Streams that may be open at once.
    pub max_streams: usize,
}

impl Default for EventConfig {
    fn default() -> Self {
        Self { keep: 10_000, max_memory: Size::mib(16), max_streams: 256 }
    }
}

/// How strict the platform is with what workflows ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum EngineMode {
    /// Makes the best of what can be understood.
    #[default]
    Compatible,
    /// Refuses what is not documented.
    Strict,
}

/// Devices, and how the platform behaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct DeviceConfig {
    /// How strict the platform is with what workflows ask.
    pub mode: EngineMode,
    /// How fast virtual devices speak, in characters a second.
    pub speaking_rate: u32,
    /// How long after the last activity a device falls back to its home channel; never by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub home_channel_timeout: Option<Span>,
}

impl Default for DeviceConfig {
    fn default() -> Self {
        Self { mode: EngineMode::Compatible, speaking_rate: 15, home_channel_timeout: None }
    }
}

/// What strangers and clients can use up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct LimitConfig {
    /// Connections to the API at once.
    pub connections: usize,
    /// The body of a request; those that upload sound have a limit of their own.
    pub body: Size,
    /// The headers of a request.
    pub headers: Size,
    /// How long a client may take to send the headers of a request.
    pub header_timeout: Span,
    /// How long a connection may stay open without a request.
    pub idle_timeout: Span,
    /// How long a request may take. Streams of events are exempt.
    pub request_timeout: Span,
    /// A file of custom audio.
    pub audio: Size,
    /// Wrong tokens that an address may send in a minute, before it has to wait.
    pub auth_failures: u32,
}

impl Default for LimitConfig {
    fn default() -> Self {
        Self {
            connections: 4096,
            body: Size::mib(1),
            headers: Size(16 << 10),
            header_timeout: Span::seconds(10),
            idle_timeout: Span::seconds(60),
            request_timeout: Span::seconds(30),
            audio: Size::mib(4),
            auth_failures: 10,
        }
    }
}

/// How lines of the log look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// An object a line.
    Json,
}

/// Logs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct LogConfig {
    /// How a line looks.
    pub format: LogFormat,
    /// What is written: a level, or directives as of the `env_logger`.
    pub level: String,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: "info".into() }
    }
}

/// Metrics.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct MetricsConfig {
    /// Where `/metrics`, `/healthz` and `/readyz` are offered without a token, beside the API where `/metrics` needs one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
}

/// The clock.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct ClockConfig {
    /// Whether time stands still until it is advanced over the API. For tests.
    #[serde(rename = "virtual")]
    pub is_virtual: bool,
}
