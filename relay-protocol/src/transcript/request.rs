//! Requests in a form in which they can be compared.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::Redactor;
use super::frame::{id, read, replace_texts, requested};
use crate::Urn;

/// Brings the requests of one session into a form in which they can be compared with those of another: without what
/// differs from run to run, such as ids of requests, and from peer to peer, such as the spelling of URNs.
#[derive(Debug, Default)]
pub struct Requests {
    redacted: bool,
    /// What the ids of the requests so far were for.
    ids: BTreeMap<String, String>,
}

/// What a workflow asked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Asked {
    /// The id of the request.
    pub id: String,
    /// `say` for `wf_api_say_request`.
    pub name: String,
    /// Whom it is for; empty where the request takes no target.
    pub target: String,
    /// All of it. Equal for requests that ask the same.
    pub what: String,
    /// The texts in it that seem to be made by chance, such as the names that an SDK gives to notifications. They are not in
    /// `what`, but later messages may name them.
    pub random: Vec<String>,
}

impl Requests {
    /// For the requests of a session from its beginning. If one of two transcripts is `redacted`, the requests of neither
    /// show more than it does.
    pub fn new(redacted: bool) -> Self {
        Self { redacted, ids: BTreeMap::new() }
    }

    /// The next message of the workflow; none if that is no request.
    pub fn read(&mut self, frame: &str) -> Option<Asked> {
        let mut map = read(frame)?;
        let (id, name) = (id(&map)?.to_string(), requested(&map)?.to_string());
        self.ids.insert(id.clone(), format!("the id of a {name}"));
        map.remove("_id");
        map.retain(|_, value| !value.is_null());
        let mut value = Value::Object(map);
        if self.redacted {
            let shown = Redactor::nameless().frame(&value.to_string());
            value = serde_json::from_str(&shown).unwrap_or(value);
        }
        let mut random = Vec::new();
        replace_texts(&mut value, &mut |text| match self.ids.get(text) {
            Some(known) => Some(known.clone()),
            None if is_random(text) => {
                random.push(text.to_string());
                Some("random".to_string())
            }
            None => Some(Urn::parse(text).ok()?.canonical().to_string()),
        });
        let target = value.get("_target").map(Value::to_string).unwrap_or_default();
        Some(Asked { id, name, target, what: value.to_string(), random })
    }
}

/// At least 64 bits in hexadecimal digits. Ids of devices have 15 digits.
fn is_random(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_hexdigit).count();
    digits >= 16 && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}
