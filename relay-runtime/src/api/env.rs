//! Settings from the environment.

use std::ffi::OsString;

use super::{ApiError, ClientBuilder, Environment};

/// Changes what the variables name. `lookup` is `std::env::var_os`, or a table in tests: the environment belongs to
/// the whole process.
pub(super) fn apply(
    mut builder: ClientBuilder,
    lookup: impl Fn(&str) -> Option<OsString>,
) -> Result<ClientBuilder, ApiError> {
    let set = |name: &'static str| -> Result<Option<String>, ApiError> {
        let value = lookup(name).map(OsString::into_string).transpose();
        let value = value.map_err(|_| ApiError::Setting { name, why: "it is not UTF-8".into() })?;
        Ok(value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()))
    };

    builder.environment = match set("RELAY_ENV")?.as_deref() {
        None => builder.environment,
        Some("pro") => Environment::Pro,
        Some("qa") => Environment::Qa,
        Some(other) => {
            return Err(ApiError::Setting {
                name: "RELAY_ENV",
                why: format!("`{other}` is neither pro nor qa"),
            });
        }
    };
    builder.host = set("RELAY_HOST")?.or(builder.host);
    builder.auth_host = set("RELAY_AUTH_HOST")?.or(builder.auth_host);
    builder.client_id = set("RELAY_AUTH_SDK_CLIENT_ID")?.or(builder.client_id);
    builder.subscriber = set("RELAY_SUBSCRIBER_ID")?.or(builder.subscriber);
    builder.refresh_token = set("RELAY_REFRESH_TOKEN")?.map(Into::into).or(builder.refresh_token);
    if let Some(key) = set("RELAY_API_KEY")? {
        builder.access_token = Some(key.into());
        builder.scheme = set("RELAY_AUTH_METHOD")?.unwrap_or_else(|| "Bearer".into());
    }
    if let Some(file) = set("RELAY_CA_CERT")? {
        let pem = std::fs::read(&file).map_err(|error| ApiError::Setting {
            name: "RELAY_CA_CERT",
            why: format!("cannot read {file}: {}", error.kind()),
        })?;
        builder = builder.ca_pem(pem);
    }
    Ok(builder)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::api::Client;

    fn from(variables: &[(&str, &str)]) -> Result<ClientBuilder, ApiError> {
        let lookup =
            |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into());
        apply(Client::builder().subscriber_id("S0").refresh_token("r0"), lookup)
    }

    #[test]
    fn variables_win_over_what_was_set_and_empty_ones_do_not() {
        let builder = from(&[
            ("RELAY_SUBSCRIBER_ID", " S1\n"),
            ("RELAY_REFRESH_TOKEN", ""),
            ("RELAY_API_KEY", "k1"),
            ("RELAY_ENV", "qa"),
            ("RELAY_HOST", "relay.example"),
        ])
        .unwrap();
        assert_eq!(builder.subscriber.as_deref(), Some("S1"));
        assert_eq!(builder.refresh_token.unwrap().expose_secret(), "r0");
        assert_eq!(builder.access_token.unwrap().expose_secret(), "k1");
        assert_eq!(builder.scheme, "Bearer");
        assert_eq!(builder.environment, Environment::Qa);
        assert_eq!(builder.host.as_deref(), Some("relay.example"));
    }

    #[test]
    fn the_scheme_can_be_named() {
        let builder = from(&[("RELAY_API_KEY", "k1"), ("RELAY_AUTH_METHOD", "RelayApiKey")]).unwrap();
        assert_eq!(builder.scheme, "RelayApiKey");
    }

    #[test]
    fn a_wrong_variable_is_named() {
        for (name, value, text) in [
            ("RELAY_ENV", "dev", "bad `RELAY_ENV`: `dev` is neither pro nor qa"),
            (
                "RELAY_CA_CERT",
                "/nowhere/ca.pem",
                "bad `RELAY_CA_CERT`: cannot read /nowhere/ca.pem: entity not found",
            ),
        ] {
            assert_eq!(from(&[(name, value)]).unwrap_err().to_string(), text);
        }
    }
}
