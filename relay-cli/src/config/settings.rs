//! What a command goes by, and where that comes from.

use std::fmt;
use std::path::PathBuf;

use reqwest::Url;
use reqwest::header::HeaderMap;
use secrecy::SecretString;

use super::{Cloud, Dev, Keeper, Paths, Profiles, Secrets, headers, host};
use crate::cli::Global;
use crate::error::{CliError, Result};

/// Which server, as whom.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) host: Url,
    pub(crate) subscriber_id: Option<String>,
    pub(crate) token: Option<SecretString>,
    pub(crate) refresh_token: Option<SecretString>,
    /// The word before the token in the header.
    pub(crate) scheme: String,
    pub(crate) ca: Option<PathBuf>,
    /// Who named the server.
    pub(crate) source: Source,
    /// Somebody signed in by a browser for the tokens.
    pub(crate) browser: bool,
    /// Where renewed tokens are kept; none if they are not stored.
    pub(crate) keeper: Option<Keeper>,
    /// The OAuth clients for people and for programs, where they are not the usual ones.
    pub(crate) client_ids: [Option<String>; 2],
    /// What else is said with every call.
    pub(crate) headers: HeaderMap,
}

/// Where the server's name comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// `--host` or `RELAY_HOST`.
    Given,
    /// `RELAY_ENV`.
    Environment,
    /// A running `relay dev`.
    Dev,
    /// A stored login.
    Profile(String),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given => f.write_str("--host or RELAY_HOST"),
            Self::Environment => f.write_str("RELAY_ENV"),
            Self::Dev => f.write_str("the running relay dev"),
            Self::Profile(name) => write!(f, "the profile `{name}`"),
        }
    }
}

/// What is known from one place.
#[derive(Default)]
struct Known {
    host: String,
    subscriber_id: Option<String>,
    ca: Option<String>,
    secrets: Secrets,
    keeper: Option<Keeper>,
}

impl Settings {
    /// Flags and environment win, each value by itself. A token belongs to its server, though: it is not sent to
    /// another than the one it was stored for.
    pub(crate) fn resolve(
        global: &Global,
        variable: impl Fn(&str) -> Option<String>,
        paths: &Paths,
    ) -> Result<Self> {
        let set = |value: &Option<String>| value.clone().filter(|value| !value.trim().is_empty());
        let variable = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let (source, known) = match set(&global.host) {
            Some(host) => (Source::Given, given(host, set(&global.profile), paths)?),
            None => stored(set(&global.profile), variable("RELAY_ENV"), paths)?,
        };
        let scheme = variable("RELAY_AUTH_METHOD").unwrap_or_else(|| "Bearer".into());
        let key = variable("RELAY_API_KEY").map(SecretString::from);
        let refresh = variable("RELAY_REFRESH_TOKEN").map(SecretString::from);
        let overridden = key.is_some() || refresh.is_some();
        Ok(Self {
            host: host::url(&known.host)?,
            subscriber_id: set(&global.subscriber_id).or(known.subscriber_id),
            token: if overridden { key } else { known.secrets.token },
            refresh_token: if overridden { refresh } else { known.secrets.refresh_token },
            scheme: if overridden { scheme } else { "Bearer".into() },
            ca: set(&global.ca).or(known.ca).map(PathBuf::from),
            source,
            browser: known.secrets.browser && !overridden,
            keeper: known.keeper.filter(|_| !overridden),
            client_ids: ["RELAY_AUTH_CLIENT_ID", "RELAY_AUTH_SDK_CLIENT_ID"].map(variable),
            headers: variable("RELAY_HEADERS")
                .map_or_else(|| Ok(HeaderMap::new()), |it| headers::read(&it))?,
        })
    }

    /// Those for a running `relay dev`.
    pub(crate) fn of_dev(dev: Dev) -> Result<Self> {
        let Known { host, subscriber_id, ca, secrets, .. } = of_dev(dev);
        Ok(Self {
            host: host::url(&host)?,
            subscriber_id,
            token: secrets.token,
            refresh_token: None,
            scheme: "Bearer".into(),
            ca: ca.map(PathBuf::from),
            source: Source::Dev,
            browser: false,
            keeper: None,
            client_ids: [None, None],
            headers: HeaderMap::new(),
        })
    }
}

/// A server that was named here. What is stored for the very same one is still of use.
fn given(host: String, profile: Option<String>, paths: &Paths) -> Result<Known> {
    let url = host::url(&host)?;
    let same = |other: &str| host::url(other).is_ok_and(|other| other == url);
    let profiles = Profiles::read(paths)?;
    let names: Vec<String> = match profile {
        Some(name) => vec![name],
        None => {
            let current = profiles.current();
            let others = profiles.names().filter(|name| *name != current);
            std::iter::once(current).chain(others).map(str::to_owned).collect()
        }
    };
    for name in names {
        if profiles.get(&name).is_some_and(|profile| same(&profile.host)) {
            return of_profile(&profiles, &name, paths);
        }
    }
    match Dev::read(paths)?.filter(|dev| same(&dev.host)) {
        Some(dev) => Ok(of_dev(dev)),
        None => Ok(Known { host, ..Known::default() }),
    }
}

/// No server was named.
fn stored(profile: Option<String>, environment: Option<String>, paths: &Paths) -> Result<(Source, Known)> {
    let profiles = Profiles::read(paths)?;
    if let Some(name) = profile {
        return Ok((Source::Profile(name.clone()), of_profile(&profiles, &name, paths)?));
    }
    if let Some(name) = environment {
        let cloud = Cloud::named(&name).ok_or_else(|| {
            CliError::usage(format_args!("RELAY_ENV is `{name}`, which is neither pro nor qa"))
                .next("name any other server with --host or RELAY_HOST")
        })?;
        return Ok((Source::Environment, given(cloud.api().to_owned(), None, paths)?));
    }
    if let Some(dev) = Dev::read(paths)? {
        return Ok((Source::Dev, of_dev(dev)));
    }
    let name = profiles.current().to_owned();
    if profiles.get(&name).is_none() {
        return Err(CliError::usage("no Relay server is named")
            .cause("no --host, no RELAY_HOST, no running `relay dev`, and nobody has logged in")
            .next("start one with `relay dev`, or log in to one: relay login --host HOST"));
    }
    Ok((Source::Profile(name.clone()), of_profile(&profiles, &name, paths)?))
}

fn of_profile(profiles: &Profiles, name: &str, paths: &Paths) -> Result<Known> {
    let profile = profiles.get(name).cloned().ok_or_else(|| {
        let known: Vec<&str> = profiles.names().collect();
        let error = CliError::not_found(format_args!("there is no profile `{name}`"));
        match known.as_slice() {
            [] => error.next(format_args!("make it: relay login --profile {name} --host HOST")),
            known => error.next(format_args!("these are: {}", known.join(", "))),
        }
    })?;
    let secrets = Secrets::read(paths, name)?;
    let keeper = Some(Keeper { paths: paths.clone(), profile: name.to_owned() });
    Ok(Known { host: profile.host, subscriber_id: profile.subscriber_id, ca: profile.ca, secrets, keeper })
}

fn of_dev(dev: Dev) -> Known {
    let secrets = Secrets { token: Some(dev.token.into()), ..Secrets::default() };
    Known { host: dev.host, subscriber_id: Some(dev.subscriber_id), ca: dev.ca, secrets, keeper: None }
}
