//! What is allowed, but will probably not do what was meant.

use relay_protocol::manifest::TriggerSpec;

use crate::error::{CliError, Result};
use crate::registration::Registration;
use crate::uri::WorkflowUri;

/// Phrases that the platform's own Assistant answers. The vendor's guide names this one.
const BUILT_IN: &[&str] = &["battery"];

/// That a Relay server can dial it. What only a local server may dial is worth a warning.
pub(crate) fn uri(text: &str) -> Result<Option<String>> {
    if text.starts_with("relay-local://") {
        return Ok(None);
    }
    let uri = WorkflowUri::parse(text)?;
    if uri.encrypted {
        return Ok(None);
    }
    if uri.is_loopback() {
        return Ok(Some(
            "ws:// is dialled by a server on this machine only, with --allow-insecure-loopback".into(),
        ));
    }
    Err(CliError::usage(format_args!("`{text}` is not encrypted"))
        .cause("everybody on the way could listen, and Relay servers refuse it")
        .next("serve wss: relay cert dev makes a certificate for tests"))
}

/// The phrases as they are matched.
///
/// # Errors
///
/// When nothing is left of one that could be spoken.
pub(crate) fn phrases(phrases: &[String]) -> Result<Vec<String>> {
    let mut matched: Vec<String> = Vec::new();
    for phrase in phrases {
        let normal = relay_engine::normalised(phrase);
        if normal.is_empty() {
            return Err(CliError::usage(format_args!("nobody can say the phrase `{phrase}`"))
                .cause("it has neither letters nor digits"));
        }
        if !matched.contains(&normal) {
            matched.push(normal);
        }
    }
    Ok(matched)
}

/// What a phrase will hardly do, by itself and beside those of others.
pub(crate) fn remarks(name: &str, written: &[String], others: &[Registration]) -> Vec<String> {
    let mut remarks = Vec::new();
    for phrase in written {
        let normal = relay_engine::normalised(phrase);
        if normal != phrase.to_lowercase() {
            remarks.push(format!("`{phrase}` is listened for as `{normal}`"));
        }
        if normal.chars().any(|c| c.is_ascii_digit()) {
            remarks.push(format!(
                "`{normal}` has digits; if people say them as words, add the phrase in words, too"
            ));
        }
        if BUILT_IN.contains(&normal.as_str()) {
            remarks.push(format!("the Assistant answers `{normal}` itself"));
        }
        for other in others.iter().filter(|other| other.name() != name) {
            let Some(TriggerSpec::Phrases(theirs)) = other.trigger() else { continue };
            for their in theirs {
                if their == normal {
                    remarks.push(format!("`{normal}` starts `{}`, too", other.name()));
                } else if begins(&normal, &their) {
                    remarks.push(format!(
                        "`{normal}` is not heard where `{their}` of `{}` fits: the longest wins",
                        other.name()
                    ));
                } else if begins(&their, &normal) {
                    remarks.push(format!(
                        "`{their}` of `{}` is not heard where `{normal}` fits: the longest wins",
                        other.name()
                    ));
                }
            }
        }
    }
    remarks
}

/// Whether all words of `short` stand at the beginning of `long`.
fn begins(short: &str, long: &str) -> bool {
    long.strip_prefix(short).is_some_and(|rest| rest.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn remarks_on(phrase: &str) -> Vec<String> {
        let trigger = json!({ "on_phrases": ["open the door"] });
        let other = json!({ "name": "door", "config": { "trigger": trigger } });
        remarks("mine", &[phrase.to_owned()], &[Registration::new(&other).unwrap()])
    }

    #[test]
    fn a_good_phrase_needs_no_remark() {
        assert_eq!(remarks_on("Close the window"), [""; 0]);
        assert_eq!(remarks_on("opening"), [""; 0]);
    }

    #[test]
    fn each_remark_says_what_happens() {
        assert_eq!(remarks_on("I'm here"), ["`I'm here` is listened for as `im here`"]);
        assert_eq!(remarks_on("open the door"), ["`open the door` starts `door`, too"]);
        assert_eq!(
            remarks_on("open"),
            ["`open` is not heard where `open the door` of `door` fits: the longest wins"]
        );
        assert_eq!(remarks_on("open the door now").len(), 1);
        assert_eq!(remarks_on("battery"), ["the Assistant answers `battery` itself"]);
        assert_eq!(remarks_on("call 911").len(), 1);
    }

    #[test]
    fn what_nobody_can_say_is_refused() {
        assert!(phrases(&["?!".to_owned()]).is_err());
        assert_eq!(phrases(&["Hello".to_owned(), "hello!".to_owned()]).unwrap(), ["hello"]);
    }

    #[test]
    fn only_what_can_be_dialled_is_registered() {
        assert_eq!(uri("wss://a.example/b").unwrap(), None);
        assert_eq!(uri("relay-local://broadcast").unwrap(), None);
        assert!(uri("ws://127.0.0.1:8080/b").unwrap().is_some());
        assert!(uri("ws://a.example/b").is_err());
    }
}
