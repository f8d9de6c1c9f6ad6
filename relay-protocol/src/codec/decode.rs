//! One frame in, one message out.

use alloc::borrow::{Cow, ToOwned};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::de::value::{BorrowedStrDeserializer, CowStrDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use super::envelope::Envelope;
use super::wire::{Key, Slot};
use crate::{Event, Request, Response, Urn};

/// What the workflow side receives.
#[allow(clippy::large_enum_variant)] // read and taken apart at once
#[derive(Debug, Clone, PartialEq)]
pub enum FromEngine<'a> {
    /// Something happened.
    Event(Event),
    /// The answer to a request.
    Response {
        /// The request's id.
        id: Cow<'a, str>,
        /// The answer.
        response: Response,
    },
    /// The answer to a request that failed (`wf_api_error_response`).
    Refused {
        /// The request's id.
        id: Cow<'a, str>,
        /// The engine's words; no list of codes is known.
        error: String,
    },
    /// A request is still being worked on: its deadline starts anew.
    Progress {
        /// The request's id.
        id: Cow<'a, str>,
    },
    /// Anything else.
    Unrecognised(Unrecognised),
}

/// What the engine side receives.
#[derive(Debug, Clone, PartialEq)]
pub enum FromWorkflow<'a> {
    /// The workflow wants something.
    Request {
        /// Chosen by the workflow side, echoed in the answer.
        id: Cow<'a, str>,
        /// Whom it is for; empty where the request takes no target.
        target: Vec<Urn>,
        /// What it wants.
        request: Request,
    },
    /// Anything else.
    Unrecognised(Unrecognised),
}

/// A message that cannot be taken as one of the schema: kept whole and handed on, never fatal.
///
/// `Debug` shows the type and the reason, not the frame, which may hold what people said.
#[derive(Clone, PartialEq)]
pub struct Unrecognised {
    /// `_type`, if there was one.
    pub kind: Option<String>,
    /// `_id`, if there was one.
    pub id: Option<String>,
    /// The message as it came.
    pub frame: String,
    /// What was wrong.
    pub why: Why,
}

/// Why a message was not recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// Not UTF-8 text holding one JSON object. The field says where it fails.
    NotJson(String),
    /// No `_type`.
    NoType,
    /// No `_id`, where there must be one.
    NoId,
    /// A `_type` that the schema does not know, or not in this direction.
    UnknownType,
    /// A known type with a field missing or of the wrong kind. The field says which.
    Invalid(String),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson(why) => write!(f, "not a JSON object: {why}"),
            Self::NoType => f.write_str("no `_type`"),
            Self::NoId => f.write_str("no `_id`"),
            Self::UnknownType => f.write_str("unknown `_type`"),
            Self::Invalid(why) => f.write_str(why),
        }
    }
}

impl fmt::Debug for Unrecognised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unrecognised")
            .field("kind", &self.kind)
            .field("id", &self.id)
            .field("frame", &super::redact::Redacted(self.frame.len()))
            .field("why", &self.why)
            .finish()
    }
}

impl Unrecognised {
    fn new(envelope: Option<Envelope<'_>>, frame: &str, why: Why) -> Self {
        let envelope = envelope.unwrap_or_default();
        Self {
            kind: envelope.kind.map(Cow::into_owned),
            id: envelope.id.map(Cow::into_owned),
            frame: frame.to_owned(),
            why,
        }
    }
}

/// Reads a frame that came from the engine side. Never fails: what it cannot read it hands back.
pub fn from_engine(frame: &str) -> FromEngine<'_> {
    let mut body = EngineBody::default();
    let envelope = match decode(frame, &mut body) {
        Ok(envelope) => envelope,
        Err(unrecognised) => return FromEngine::Unrecognised(unrecognised),
    };
    if let Some(event) = body.event {
        return FromEngine::Event(event);
    }
    let Some(id) = envelope.id else {
        return FromEngine::Unrecognised(Unrecognised::new(Some(envelope), frame, Why::NoId));
    };
    match (body.response, body.error) {
        (Some(response), _) => FromEngine::Response { id, response },
        (None, Some(error)) => FromEngine::Refused { id, error },
        (None, None) => FromEngine::Progress { id },
    }
}

/// Reads a frame that came from the workflow side. Never fails: what it cannot read it hands back.
pub fn from_workflow(frame: &str) -> FromWorkflow<'_> {
    let mut body = None;
    let mut envelope = match decode(frame, &mut body) {
        Ok(envelope) => envelope,
        Err(unrecognised) => return FromWorkflow::Unrecognised(unrecognised),
    };
    match (envelope.id.take(), body) {
        (Some(id), Some(request)) => FromWorkflow::Request { id, target: envelope.into_target(), request },
        _ => FromWorkflow::Unrecognised(Unrecognised::new(Some(envelope), frame, Why::NoId)),
    }
}

/// A payload whose shape `_type` decides, filled in place: the largest messages are too large to be handed around.
trait Tagged {
    /// False when the type is none of ours; the map is then left alone.
    fn read<'de, A: MapAccess<'de>>(&mut self, kind: &str, map: A) -> Result<bool, A::Error>;
}

impl Tagged for Option<Request> {
    fn read<'de, A: MapAccess<'de>>(&mut self, kind: &str, map: A) -> Result<bool, A::Error> {
        match kind.strip_prefix("wf_api_").and_then(|name| name.strip_suffix("_request")) {
            Some(name) => Request::read(self, name, map),
            None => Ok(false),
        }
    }
}

/// What the engine side sends; progress if all are empty.
#[derive(Default)]
struct EngineBody {
    event: Option<Event>,
    response: Option<Response>,
    error: Option<String>,
}

impl Tagged for EngineBody {
    fn read<'de, A: MapAccess<'de>>(&mut self, kind: &str, map: A) -> Result<bool, A::Error> {
        let Some(name) = kind.strip_prefix("wf_api_") else { return Ok(false) };
        // By suffix alone: there is an event whose name contains the word request.
        match (name.strip_suffix("_event"), name.strip_suffix("_response")) {
            (Some("progress"), _) => drain(map).map(|()| true),
            (Some(name), _) => Event::read(&mut self.event, name, map),
            (_, Some("error")) => {
                self.error = Some(error_text(map)?);
                Ok(true)
            }
            (_, Some(name)) => Response::read(&mut self.response, name, map),
            (None, None) => Ok(false),
        }
    }
}

fn drain<'de, A: MapAccess<'de>>(mut map: A) -> Result<(), A::Error> {
    while map.next_entry::<serde::de::IgnoredAny, serde::de::IgnoredAny>()?.is_some() {}
    Ok(())
}

fn error_text<'de, A: MapAccess<'de>>(mut map: A) -> Result<String, A::Error> {
    let mut error = None;
    while let Some(key) = map.next_key_seed(Key)? {
        match &*key {
            "error" => map.next_value_seed(Slot(&mut error))?,
            _ => _ = map.next_value::<serde::de::IgnoredAny>()?,
        }
    }
    Ok(error.unwrap_or_else(|| "unknown error".to_owned()))
}

fn decode<'de>(frame: &'de str, body: &mut impl Tagged) -> Result<Envelope<'de>, Unrecognised> {
    let mut envelope = Envelope::default();
    let mut outcome = pass(frame, &mut envelope, body);
    if let Outcome::TypeComesLater = outcome {
        envelope = match Envelope::scan(frame) {
            Ok(envelope) => envelope,
            Err(e) => return Err(Unrecognised::new(None, frame, Why::NotJson(e.to_string()))),
        };
        if envelope.kind.is_none() {
            return Err(Unrecognised::new(Some(envelope), frame, Why::NoType));
        }
        outcome = pass(frame, &mut envelope, body);
    }
    match outcome {
        Outcome::Done => Ok(envelope),
        Outcome::UnknownType | Outcome::TypeComesLater => Err(explain(frame, Why::UnknownType)),
        Outcome::Failed(error) => Err(explain(frame, Why::Invalid(error))),
    }
}

/// The slow path of failure: read the envelope again, so that the peer can be told which request it was.
fn explain(frame: &str, why: Why) -> Unrecognised {
    match Envelope::scan(frame) {
        Ok(envelope) => Unrecognised::new(Some(envelope), frame, why),
        Err(e) => Unrecognised::new(None, frame, Why::NotJson(e.to_string())),
    }
}

enum Outcome {
    Done,
    TypeComesLater,
    UnknownType,
    Failed(String),
}

fn pass<'de>(frame: &'de str, envelope: &mut Envelope<'de>, body: &mut impl Tagged) -> Outcome {
    let mut deserializer = serde_json::Deserializer::from_str(frame);
    let mut state = Read::Going;
    let read = deserializer.deserialize_map(Message { envelope, state: &mut state, body });
    match (read.and_then(|()| deserializer.end()), state) {
        (Ok(()), _) => Outcome::Done,
        (Err(_), Read::TypeComesLater) => Outcome::TypeComesLater,
        (Err(_), Read::UnknownType) => Outcome::UnknownType,
        (Err(e), Read::Going) => Outcome::Failed(e.to_string()),
    }
}

#[derive(Clone, Copy)]
enum Read {
    Going,
    TypeComesLater,
    UnknownType,
}

struct Message<'e, 'de, T> {
    envelope: &'e mut Envelope<'de>,
    state: &'e mut Read,
    body: &'e mut T,
}

impl<'de, T: Tagged> Visitor<'de> for Message<'_, 'de, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut first = None;
        while let Some(key) = map.next_key_seed(Key)? {
            if !self.envelope.take(&key, &mut map)? {
                first = Some(key);
                break;
            }
        }
        let Some(kind) = self.envelope.kind.clone() else {
            *self.state = Read::TypeComesLater;
            return Err(A::Error::custom(""));
        };
        if !self.body.read(&kind, Payload { first, envelope: self.envelope, map })? {
            *self.state = Read::UnknownType;
            return Err(A::Error::custom(""));
        }
        Ok(())
    }
}

/// The rest of a message's object, with the keys of the envelope taken out wherever they stand.
struct Payload<'e, 'de, A> {
    /// The first key after the envelope, already read.
    first: Option<Cow<'de, str>>,
    envelope: &'e mut Envelope<'de>,
    map: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Payload<'_, 'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let key = match self.first.take() {
            Some(key) => key,
            None => loop {
                match self.map.next_key_seed(Key)? {
                    Some(key) if self.envelope.take(&key, &mut self.map)? => {}
                    Some(key) => break key,
                    None => return Ok(None),
                }
            },
        };
        match key {
            Cow::Borrowed(key) => seed.deserialize(BorrowedStrDeserializer::new(key)),
            key => seed.deserialize(CowStrDeserializer::new(key)),
        }
        .map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}
