//! Stored logins: what may be shown in one file, tokens in another.

use std::collections::BTreeMap;
use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Paths, files};
use crate::error::{CliError, Result};

/// What is used when nobody names another.
const DEFAULT: &str = "default";

/// `config.toml`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profiles {
    /// The one in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    profile: Option<String>,
    #[serde(default)]
    profiles: BTreeMap<String, Profile>,
}

/// A server and an account there.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    pub(crate) host: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) subscriber_id: Option<String>,
    /// A PEM file with an authority to trust.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ca: Option<String>,
}

/// The tokens of a profile.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Secrets {
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "exposed")]
    pub(crate) token: Option<SecretString>,
    /// To be exchanged for a token.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "exposed")]
    pub(crate) refresh_token: Option<SecretString>,
    /// Somebody signed in by a browser: they are renewed elsewhere than those of programs, and given back in the end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) browser: bool,
}

/// `secrets.toml`.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AllSecrets {
    #[serde(default)]
    profiles: BTreeMap<String, Secrets>,
}

impl Profiles {
    pub(crate) fn read(paths: &Paths) -> Result<Self> {
        parse(&paths.profiles())
    }

    /// The name of the profile in use.
    pub(crate) fn current(&self) -> &str {
        self.profile.as_deref().unwrap_or(DEFAULT)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Profile> {
        self.profiles.get(name)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.profiles.keys().map(String::as_str)
    }

    /// Stores a profile and its tokens, and uses it from now on.
    pub(crate) fn save(
        mut self,
        paths: &Paths,
        name: &str,
        profile: Profile,
        secrets: Secrets,
    ) -> Result<()> {
        self.profile = (name != DEFAULT).then(|| name.to_owned());
        self.profiles.insert(name.to_owned(), profile);
        // The token first: a profile without one would look like a login that went wrong.
        let mut all: AllSecrets = parse(&paths.secrets())?;
        all.profiles.insert(name.to_owned(), secrets);
        store(&paths.secrets(), &all)?;
        store(&paths.profiles(), &self)
    }

    /// Stores another account in a profile that there is.
    pub(crate) fn set_account(mut self, paths: &Paths, name: &str, account: &str) -> Result<()> {
        let Some(profile) = self.profiles.get_mut(name) else { return Ok(()) };
        profile.subscriber_id = Some(account.to_owned());
        store(&paths.profiles(), &self)
    }

    /// Forgets a profile. Whether there was one.
    pub(crate) fn remove(mut self, paths: &Paths, name: &str) -> Result<bool> {
        let mut all: AllSecrets = parse(&paths.secrets())?;
        if all.profiles.remove(name).is_some() {
            store(&paths.secrets(), &all)?;
        }
        let known = self.profiles.remove(name).is_some();
        if known {
            if self.current() == name {
                self.profile = None;
            }
            store(&paths.profiles(), &self)?;
        }
        Ok(known)
    }
}

impl Secrets {
    pub(crate) fn read(paths: &Paths, name: &str) -> Result<Self> {
        let mut all: AllSecrets = parse(&paths.secrets())?;
        Ok(all.profiles.remove(name).unwrap_or_default())
    }
}

/// Where the tokens of a profile are kept.
#[derive(Debug, Clone)]
pub(crate) struct Keeper {
    pub(super) paths: Paths,
    pub(super) profile: String,
}

impl Keeper {
    /// Stores others, unless somebody has logged out meanwhile.
    pub(crate) fn keep(&self, secrets: Secrets) -> Result<()> {
        let mut all: AllSecrets = parse(&self.paths.secrets())?;
        let Some(kept) = all.profiles.get_mut(&self.profile) else { return Ok(()) };
        *kept = secrets;
        store(&self.paths.secrets(), &all)
    }
}

/// Nothing of it.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}

fn parse<T: DeserializeOwned + Default>(path: &std::path::Path) -> Result<T> {
    let Some(text) = files::read(path)? else { return Ok(T::default()) };
    toml::from_str(&text).map_err(|error| {
        // Its full text would quote the line, which may hold a token.
        CliError::failed(format_args!("{} is damaged", path.display()))
            .cause(error.message())
            .next("correct it, or delete it and log in again")
    })
}

fn store<T: Serialize>(path: &std::path::Path, value: &T) -> Result<()> {
    let text = toml::to_string(value)
        .map_err(|error| CliError::failed(format_args!("cannot write {}", path.display())).cause(error))?;
    files::write_private(path, &text)
}

fn exposed<S: serde::Serializer>(secret: &Option<SecretString>, serializer: S) -> Result<S::Ok, S::Error> {
    secret.as_ref().map(ExposeSecret::expose_secret).serialize(serializer)
}
