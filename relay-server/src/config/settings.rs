//! The table of all settings, from which the default file, the reference page and the names of variables are made.

use std::fmt::Write;

use toml::Value;

use super::Config;

/// One setting.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Setting {
    /// Its key in the file, with that of its section.
    pub key: &'static str,
    /// What it may be.
    pub ty: Type,
    /// What it means, for people.
    pub doc: &'static str,
}

/// What a setting may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Type {
    /// Any text.
    Text,
    /// An address with a port.
    Address,
    /// A file or folder.
    Path,
    /// Files; in the environment with colons between them.
    Paths,
    /// Networks; in the environment with commas between them.
    Networks,
    /// A number, 0 or more.
    Number,
    /// `true` or `false`.
    Flag,
    /// A length of time.
    Span,
    /// A number of bytes.
    Size,
    /// One of these words.
    Word(&'static [&'static str]),
}

const fn setting(key: &'static str, ty: Type, doc: &'static str) -> Setting {
    Setting { key, ty, doc }
}

/// All settings, sections together.
pub const SETTINGS: &[Setting] = &[
    setting("listen", Type::Address, "Where the API is offered. Port 0 takes any that is free."),
    setting("data_dir", Type::Path, "The folder of the database and whatever else is kept."),
    setting(
        "public_url",
        Type::Text,
        "How others reach the API, for links in answers. Default: as the caller did.",
    ),
    setting(
        "shutdown_grace",
        Type::Span,
        "How long running instances get to end when the server is stopped.",
    ),
    setting(
        "tls.cert",
        Type::Path,
        "The certificate chain of the API, in PEM. Without it the API is plain HTTP.",
    ),
    setting("tls.key", Type::Path, "Its private key, in PEM."),
    setting("dial.extra_ca", Type::Paths, "Authorities trusted beside those of the system, in PEM."),
    setting(
        "dial.client_cert",
        Type::Path,
        "The certificate chain shown to workflow servers that ask for one, in PEM.",
    ),
    setting("dial.client_key", Type::Path, "Its private key, in PEM."),
    setting(
        "dial.addresses",
        Type::Word(&["any", "public"]),
        "Whether workflows may be anywhere, or not on private, local and other special addresses.",
    ),
    setting(
        "dial.networks",
        Type::Networks,
        "Networks that workflows may be in although they are not public.",
    ),
    setting(
        "dial.allow_insecure_loopback",
        Type::Flag,
        "Whether ws:// is dialled to this machine. For development only.",
    ),
    setting("dial.timeout", Type::Span, "How long a workflow may take to accept a connection, TLS included."),
    setting("dial.max_in_flight", Type::Number, "Dials at once."),
    setting(
        "triggers.not_after",
        Type::Span,
        "How long a trigger that nobody waits for is tried, unless it says itself; 72 h at most.",
    ),
    setting("triggers.catch_up", Type::Span, "How old a missed time of a schedule may be to be made up for."),
    setting("triggers.max_catch_up", Type::Number, "How many times of one schedule are, the latest of them."),
    setting(
        "triggers.keep",
        Type::Span,
        "How long ended triggers with each attempt, analytics and the audit are kept.",
    ),
    setting("triggers.max_queued", Type::Number, "Triggers that may wait; more are refused with 429."),
    setting("triggers.max_instances", Type::Number, "Instances at once."),
    setting("triggers.max_instances_per_workflow", Type::Number, "Instances of one workflow at once."),
    setting("transcripts.enabled", Type::Flag, "Whether it is kept what instances and their devices said."),
    setting("transcripts.redact", Type::Flag, "Whether words are replaced by their number of characters."),
    setting("transcripts.keep", Type::Span, "For how long."),
    setting("transcripts.max_per_instance", Type::Size, "How much of one instance."),
    setting("transcripts.max_total", Type::Size, "How much in all. The oldest goes first."),
    setting("events.keep", Type::Number, "Events that a stream can be resumed from."),
    setting("events.max_memory", Type::Size, "About how much memory they may take."),
    setting("events.max_streams", Type::Number, "Streams open at once."),
    setting(
        "devices.mode",
        Type::Word(&["compatible", "strict"]),
        "Whether the best is made of what workflows ask, or what is not documented is refused.",
    ),
    setting("devices.speaking_rate", Type::Number, "How fast virtual devices speak, in characters a second."),
    setting(
        "devices.home_channel_timeout",
        Type::Span,
        "After how long without activity a device falls back to its home channel. Default: never.",
    ),
    setting("limits.connections", Type::Number, "Connections to the API at once."),
    setting("limits.body", Type::Size, "The body of a request, uploads of sound excepted."),
    setting("limits.headers", Type::Size, "The headers of a request; at least 8 KiB."),
    setting("limits.header_timeout", Type::Span, "How long a client may take to send them."),
    setting("limits.idle_timeout", Type::Span, "How long a connection may stay open without a request."),
    setting("limits.request_timeout", Type::Span, "How long a request may take, streams excepted."),
    setting("limits.audio", Type::Size, "A file of custom audio."),
    setting("limits.auth_failures", Type::Number, "Wrong tokens that an address may send in a minute."),
    setting("log.format", Type::Word(&["text", "json"]), "How lines of the log look."),
    setting(
        "log.level",
        Type::Text,
        "error, warn, info, debug or trace, or by module: info,relay_server=debug.",
    ),
    setting(
        "metrics.listen",
        Type::Address,
        "Where metrics and health are offered without a token. Default: with the API, where metrics need one.",
    ),
    setting("clock.virtual", Type::Flag, "Whether time stands still until it is advanced. For tests."),
];

impl Setting {
    /// Its variable in the environment: `RELAY_SERVER_TLS_CERT` for `tls.cert`.
    pub fn variable(&self) -> String {
        format!("RELAY_SERVER_{}", self.key.replace('.', "_").to_uppercase())
    }

    /// Its default, if it has one, as in the file.
    pub fn default_value(&self) -> Option<Value> {
        let defaults = Value::try_from(Config::default()).ok()?;
        self.key.split('.').try_fold(defaults, |value, part| value.get(part).cloned())
    }

    fn example(&self) -> &'static str {
        match self.key {
            "public_url" => "\"https://relay.example.com\"",
            "tls.cert" | "dial.client_cert" => "\"/etc/relay/cert.pem\"",
            "tls.key" | "dial.client_key" => "\"/etc/relay/key.pem\"",
            "metrics.listen" => "\"127.0.0.1:9090\"",
            _ => "\"5m\"",
        }
    }
}

/// A file with all settings at their defaults, commented out, each with what it means.
pub fn default_file() -> String {
    let mut text = String::from(
        "# Settings of relay-server. Each line shows the default, or an example where there is none.\n\
         # The environment wins over this file, and flags win over both.\n",
    );
    let mut section = "";
    for setting in SETTINGS {
        let (of, name) = setting.key.split_once('.').unwrap_or(("", setting.key));
        if of != section {
            section = of;
            let _ = write!(text, "\n[{section}]\n");
        }
        let value =
            setting.default_value().map_or_else(|| setting.example().into(), |value| value.to_string());
        let _ = write!(text, "\n# {}\n#{name} = {value}\n", setting.doc);
    }
    text
}

/// The table of the reference page, in Markdown.
pub fn reference() -> String {
    let mut text = String::from("| key | environment | default | meaning |\n| --- | --- | --- | --- |\n");
    for setting in SETTINGS {
        let value = setting.default_value().map(|value| format!("`{value}`")).unwrap_or_default();
        let _ =
            writeln!(text, "| `{}` | `{}` | {value} | {} |", setting.key, setting.variable(), setting.doc);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::{DeviceConfig, DialConfig, MetricsConfig, Span, TlsConfig};
    use super::*;

    /// A configuration in which everything is set.
    fn everything() -> Config {
        let usual = Config::default();
        Config {
            public_url: Some("https://x".into()),
            tls: TlsConfig { cert: Some("c".into()), key: Some("k".into()) },
            dial: DialConfig {
                client_cert: Some("c".into()),
                client_key: Some("k".into()),
                ..usual.dial.clone()
            },
            devices: DeviceConfig { home_channel_timeout: Some(Span::seconds(1)), ..usual.devices.clone() },
            metrics: MetricsConfig { listen: Some(usual.listen) },
            ..usual
        }
    }

    #[test]
    fn the_table_and_the_types_have_the_same_settings() {
        let mut known = BTreeSet::new();
        let Value::Table(sections) = Value::try_from(everything()).unwrap() else { panic!("a table") };
        for (key, value) in sections {
            match value {
                Value::Table(section) => known.extend(section.keys().map(|name| format!("{key}.{name}"))),
                _ => drop(known.insert(key)),
            }
        }
        let listed: BTreeSet<String> = SETTINGS.iter().map(|setting| setting.key.to_owned()).collect();
        assert_eq!(listed, known);
    }

    #[test]
    fn the_default_file_says_what_the_types_say() {
        let is_setting = |line: &str| line.starts_with('#') && !line.starts_with("# ");
        let shown = default_file();
        let lines = shown.lines().filter(|line| is_setting(line) || line.starts_with('['));
        let lines = lines.filter(|line| {
            let name = line.trim_start_matches('#').split(" =").next().unwrap_or_default();
            let examples = ["public_url", "cert", "key", "client_cert", "client_key", "home_channel_timeout"];
            !examples.contains(&name)
        });
        let text: Vec<&str> = lines.map(|line| line.trim_start_matches('#')).collect();
        let mut config: Config = toml::from_str(&text.join("\n")).unwrap();
        config.metrics.listen = None; // an example
        assert_eq!(config, Config::default());
    }
}
