//! One table out of file, environment and flags, in which each value knows where it comes from.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use toml::{Table, Value};

use super::settings::{SETTINGS, Setting, Type};
use super::{Addresses, Config, ConfigError, Size, Span};

/// Where a value was set.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// In a file.
    File(PathBuf),
    /// In this variable of the environment.
    Environment(String),
    /// By this flag.
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Environment(variable) => f.write_str(variable),
            Self::Flag(flag) => f.write_str(flag),
        }
    }
}

/// Settings from all sides. Add them in the order of precedence, the weakest first.
#[derive(Debug, Default)]
pub struct Layers(BTreeMap<&'static str, (Value, Origin)>);

impl Layers {
    /// Nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what a file sets.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if it cannot be read, or sets what does not exist or to what is impossible.
    pub fn file(self, path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
        self.text(&text, path)
    }

    fn text(mut self, text: &str, path: &Path) -> Result<Self, ConfigError> {
        let table: Table = toml::from_str(text)
            .map_err(|source| ConfigError::Syntax { path: path.to_owned(), source: Box::new(source) })?;
        for (key, value) in table {
            match value {
                Value::Table(section) if SETTINGS.iter().any(|setting| setting.is_in(&key)) => {
                    for (name, value) in section {
                        self.set_in_file(&format!("{key}.{name}"), value, path)?;
                    }
                }
                value => self.set_in_file(&key, value, path)?,
            }
        }
        Ok(self)
    }

    fn set_in_file(&mut self, key: &str, value: Value, path: &Path) -> Result<(), ConfigError> {
        let origin = Origin::File(path.to_owned());
        let Some(setting) = SETTINGS.iter().find(|setting| setting.key == key) else {
            return Err(ConfigError::Unknown { origin, key: key.into(), suggestion: closest(key) });
        };
        // Relative to the file, as people expect who look at it.
        let value = match (setting.ty, value) {
            (Type::Path, Value::String(file)) => beside(path, &file),
            (Type::Paths, Value::Array(files)) => {
                let beside = |file: Value| file.as_str().map(|file| beside(path, file)).unwrap_or(file);
                Value::Array(files.into_iter().map(beside).collect())
            }
            (_, value) => value,
        };
        self.set(setting, value, origin)
    }

    /// Adds what `RELAY_SERVER_…` variables set. An empty one counts as not set.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if one sets what does not exist, or to what is impossible.
    pub fn environment(
        mut self,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        for (variable, text) in variables {
            // The file itself and the token of clients are no settings.
            if !variable.starts_with("RELAY_SERVER_") || variable == "RELAY_SERVER_CONFIG" || text.is_empty()
            {
                continue;
            }
            let origin = Origin::Environment(variable.clone());
            let Some(setting) = SETTINGS.iter().find(|setting| setting.variable() == variable) else {
                let key = variable["RELAY_SERVER_".len()..].to_lowercase();
                let suggestion = closest(&key);
                return Err(ConfigError::Unknown { origin, key: variable, suggestion });
            };
            self.set(setting, setting.read(text), origin)?;
        }
        Ok(self)
    }

    /// Adds what a flag sets, if it was given.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if the value is impossible.
    pub fn flag(
        mut self,
        flag: &'static str,
        key: &str,
        text: Option<impl Into<String>>,
    ) -> Result<Self, ConfigError> {
        let setting = SETTINGS.iter().find(|setting| setting.key == key);
        if let (Some(setting), Some(text)) = (setting, text) {
            self.set(setting, setting.read(text.into()), Origin::Flag(flag))?;
        }
        Ok(self)
    }

    fn set(&mut self, setting: &'static Setting, value: Value, origin: Origin) -> Result<(), ConfigError> {
        if let Err(why) = setting.check(&value) {
            return Err(ConfigError::Value { origin, key: setting.key, why });
        }
        self.0.insert(setting.key, (value, origin));
        Ok(())
    }

    /// Where a setting comes from; `None` for its default.
    pub fn origin(&self, key: &str) -> Option<&Origin> {
        self.0.get(key).map(|(_, origin)| origin)
    }

    /// All together.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if settings do not go together.
    pub fn build(self) -> Result<Config, ConfigError> {
        let mut table = Table::new();
        for (key, (value, _)) in &self.0 {
            match key.split_once('.') {
                None => drop(table.insert((*key).into(), value.clone())),
                Some((section, name)) => {
                    let section = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
                    section.as_table_mut().map(|section| section.insert(name.into(), value.clone()));
                }
            }
        }
        // Each value was checked, so this fails only if the table of settings and the types disagree.
        let config: Config = table.try_into().map_err(|source| ConfigError::Syntax {
            path: "the settings together".into(),
            source: Box::new(source),
        })?;
        let conflict = if config.tls.cert.is_some() != config.tls.key.is_some() {
            "`tls.cert` and `tls.key` belong together: set both, or neither for plain HTTP"
        } else if config.dial.client_cert.is_some() != config.dial.client_key.is_some() {
            "`dial.client_cert` and `dial.client_key` belong together: set both, or neither"
        } else if config.dial.addresses == Addresses::Any && !config.dial.networks.is_empty() {
            "`dial.networks` has no meaning while all are dialled: set `dial.addresses` to \"public\" as well"
        } else {
            return Ok(config);
        };
        Err(ConfigError::Conflict { why: conflict })
    }
}

fn beside(path: &Path, file: &str) -> Value {
    path.parent().map_or_else(|| file.into(), |folder| folder.join(file)).display().to_string().into()
}

impl Setting {
    fn is_in(&self, section: &str) -> bool {
        self.key.split_once('.').is_some_and(|(of, _)| of == section)
    }

    /// Text of the environment or a flag, as it would stand in the file.
    fn read(&self, text: String) -> Value {
        let read = match self.ty {
            Type::Number => text.parse().ok().map(Value::Integer),
            Type::Flag => match text.as_str() {
                "1" | "true" => Some(Value::Boolean(true)),
                "0" | "false" => Some(Value::Boolean(false)),
                _ => None,
            },
            Type::Paths => Some(Value::Array(text.split(':').map(Value::from).collect())),
            Type::Networks => {
                Some(Value::Array(text.split(',').map(|network| network.trim().into()).collect()))
            }
            _ => None,
        };
        read.unwrap_or(Value::String(text))
    }

    fn check(&self, value: &Value) -> Result<(), String> {
        let text = value.as_str();
        let (fits, must_be) = match self.ty {
            Type::Text | Type::Path => (text.is_some_and(|text| !text.is_empty()), "a text".to_owned()),
            Type::Address => {
                let fits = text.is_some_and(|text| text.parse::<SocketAddr>().is_ok());
                (fits, "an IP address with a port, as in \"127.0.0.1:8080\"".into())
            }
            Type::Paths => {
                let fits = value.as_array().is_some_and(|files| files.iter().all(Value::is_str));
                (fits, "a list of files, as in [\"ca.pem\"]".into())
            }
            Type::Networks => {
                let is_network =
                    |item: &Value| item.as_str().is_some_and(|text| text.parse::<IpNet>().is_ok());
                let fits = value.as_array().is_some_and(|networks| networks.iter().all(is_network));
                (fits, "a list of networks, as in [\"10.0.0.0/8\"]".into())
            }
            Type::Number => {
                (value.as_integer().is_some_and(|n| u32::try_from(n).is_ok()), "a number, 0 or more".into())
            }
            Type::Flag => (value.is_bool(), "true or false".into()),
            Type::Span => {
                (text.is_some_and(|text| Span::parse(text).is_some()), "a time span, as in \"1h 30m\"".into())
            }
            Type::Size => {
                (text.is_some_and(|text| Size::parse(text).is_some()), "a size, as in \"64 KiB\"".into())
            }
            Type::Word(words) => {
                (text.is_some_and(|text| words.contains(&text)), format!("one of {}", words.join(", ")))
            }
        };
        if fits { Ok(()) } else { Err(format!("must be {must_be}, not {value}")) }
    }
}

/// The setting that was probably meant.
fn closest(key: &str) -> Option<&'static str> {
    let key = key.replace('-', "_");
    let name = |key: &str| key.rsplit('.').next().unwrap_or_default().to_owned();
    let near = |setting: &&Setting| {
        let as_variable = setting.key.replace('.', "_");
        let distance = distance(&key, setting.key).min(distance(&key, &as_variable));
        (distance <= 2).then_some(distance).or_else(|| (name(&key) == name(setting.key)).then_some(3))
    };
    let near = SETTINGS.iter().filter_map(|setting| Some((near(&setting)?, setting.key)));
    near.min().map(|(_, key)| key)
}

/// By how many letters two words differ.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.bytes().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> Result<Layers, ConfigError> {
        Layers::new().text(text, Path::new("/etc/relay/relay-server.toml"))
    }

    fn error(result: Result<Layers, ConfigError>) -> String {
        result.err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn the_later_wins() {
        let layers = file("listen = '127.0.0.1:1'\ndata_dir = 'data'\n[events]\nkeep = 5\n").unwrap();
        let variables =
            [("RELAY_SERVER_LISTEN", "127.0.0.1:2"), ("RELAY_SERVER_EVENTS_KEEP", "6"), ("HOME", "/")];
        let layers = layers.environment(variables.map(|(k, v)| (k.into(), v.into()))).unwrap();
        let layers = layers.flag("--listen", "listen", Some("127.0.0.1:3")).unwrap();
        assert_eq!(
            layers.origin("events.keep"),
            Some(&Origin::Environment("RELAY_SERVER_EVENTS_KEEP".into()))
        );
        let config = layers.build().unwrap();
        assert_eq!(config.listen.port(), 3);
        assert_eq!(config.events.keep, 6);
        assert_eq!(config.data_dir, Path::new("/etc/relay/data"), "relative to its file");
        assert_eq!(config.shutdown_grace, Config::default().shutdown_grace);
    }

    #[test]
    fn what_does_not_exist_is_named_with_what_was_meant() {
        let cases = [
            ("listn = 'x'", "there is no setting `listn`; did you mean `listen`?"),
            ("[event]\nkeep = 1", "there is no setting `event`"),
            ("[events]\nkep = 1", "there is no setting `events.kep`; did you mean `events.keep`?"),
            ("extra_ca = []", "there is no setting `extra_ca`; did you mean `dial.extra_ca`?"),
        ];
        for (text, why) in cases {
            assert_eq!(error(file(text)), format!("/etc/relay/relay-server.toml: {why}"));
        }
        let variable = Layers::new().environment([("RELAY_SERVER_TLS_CRT".into(), "x".into())]);
        let why =
            "RELAY_SERVER_TLS_CRT: there is no setting `RELAY_SERVER_TLS_CRT`; did you mean `tls.cert`?";
        assert_eq!(error(variable), why);
    }

    #[test]
    fn what_is_impossible_is_named_with_what_it_must_be() {
        let cases = [
            (
                "listen = 8080",
                "`listen` must be an IP address with a port, as in \"127.0.0.1:8080\", not 8080",
            ),
            ("shutdown_grace = '10'", "`shutdown_grace` must be a time span, as in \"1h 30m\", not \"10\""),
            ("[log]\nformat = 'xml'", "`log.format` must be one of text, json, not \"xml\""),
            ("[events]\nkeep = -1", "`events.keep` must be a number, 0 or more, not -1"),
            (
                "[dial]\nnetworks = ['10.0.0.0']",
                "`dial.networks` must be a list of networks, as in [\"10.0.0.0/8\"], not [\"10.0.0.0\"]",
            ),
        ];
        for (text, why) in cases {
            assert_eq!(error(file(text)), format!("/etc/relay/relay-server.toml: {why}"));
        }
        for lonely in ["[tls]\ncert = 'c.pem'", "[dial]\nclient_key = 'k.pem'"] {
            let error = file(lonely).unwrap().build().unwrap_err();
            assert!(error.to_string().contains("belong together"), "{error}");
        }
        let open = file("[dial]\nnetworks = ['10.0.0.0/8']").unwrap().build().unwrap_err();
        assert!(open.to_string().contains("has no meaning"), "a list that protects nobody: {open}");
    }

    #[test]
    fn networks_have_commas_between_them() {
        let networks = [
            ("RELAY_SERVER_DIAL_ADDRESSES".to_owned(), "public".to_owned()),
            ("RELAY_SERVER_DIAL_NETWORKS".to_owned(), "10.0.0.0/8, fd00::/8".to_owned()),
        ];
        let config = Layers::new().environment(networks).unwrap().build().unwrap();
        assert_eq!(config.dial.networks, ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()]);
    }
}
