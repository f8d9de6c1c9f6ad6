//! One frame in, one message out.

use alloc::borrow::{Cow, ToOwned};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::de::value::{BorrowedStrDeserializer, CowStrDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use super::envelope::Envelope;
use super::wire::Key;
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
    let (envelope, body) = match decode::<EngineBody>(frame) {
        Ok(decoded) => decoded,
        Err(unrecognised) => return FromEngine::Unrecognised(unrecognised),
    };
    let body = match body {
        EngineBody::Event(event) => return FromEngine::Event(event),
        body => body,
    };
    let Some(id) = envelope.id else {
        return FromEngine::Unrecognised(Unrecognised::new(Some(envelope), frame, Why::NoId));
    };
    match body {
        EngineBody::Response(response) => FromEngine::Response { id, response },
        EngineBody::Error(error) => FromEngine::Refused { id, error },
        EngineBody::Progress | EngineBody::Event(_) => FromEngine::Progress { id },
    }
}

/// Reads a frame that came from the workflow side. Never fails: what it cannot read it hands back.
pub fn from_workflow(frame: &str) -> FromWorkflow<'_> {
    match decode::<Request>(frame) {
        Ok((mut envelope, request)) => match envelope.id.take() {
            Some(id) => FromWorkflow::Request { id, target: envelope.into_target(), request },
            None => FromWorkflow::Unrecognised(Unrecognised::new(Some(envelope), frame, Why::NoId)),
        },
        Err(unrecognised) => FromWorkflow::Unrecognised(unrecognised),
    }
}

/// A payload whose shape `_type` decides.
pub(crate) trait Tagged: Sized {
    /// `None` when the type is none of ours; the map is then left alone.
    fn read<'de, A: MapAccess<'de>>(kind: &str, map: A) -> Option<Result<Self, A::Error>>;
}

impl Tagged for Request {
    fn read<'de, A: MapAccess<'de>>(kind: &str, map: A) -> Option<Result<Self, A::Error>> {
        Self::read(kind.strip_prefix("wf_api_")?.strip_suffix("_request")?, map)
    }
}

#[allow(clippy::large_enum_variant)]
enum EngineBody {
    Event(Event),
    Response(Response),
    Error(String),
    Progress,
}

impl Tagged for EngineBody {
    fn read<'de, A: MapAccess<'de>>(kind: &str, mut map: A) -> Option<Result<Self, A::Error>> {
        let name = kind.strip_prefix("wf_api_")?;
        // By suffix alone: there is an event whose name contains the word request.
        if let Some(name) = name.strip_suffix("_event") {
            if name == "progress" {
                return Some(drain(&mut map).map(|()| Self::Progress));
            }
            return Some(Event::read(name, map)?.map(Self::Event));
        }
        let name = name.strip_suffix("_response")?;
        if name == "error" {
            return Some(error_text(map).map(Self::Error));
        }
        Some(Response::read(name, map)?.map(Self::Response))
    }
}

fn drain<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    while map.next_entry::<serde::de::IgnoredAny, serde::de::IgnoredAny>()?.is_some() {}
    Ok(())
}

fn error_text<'de, A: MapAccess<'de>>(mut map: A) -> Result<String, A::Error> {
    let mut error = None;
    while let Some(key) = map.next_key_seed(Key)? {
        match &*key {
            "error" => error = map.next_value_seed(super::wire::Lenient::<String>::new())?,
            _ => _ = map.next_value::<serde::de::IgnoredAny>()?,
        }
    }
    Ok(error.unwrap_or_else(|| "unknown error".to_owned()))
}

fn decode<T: Tagged>(frame: &str) -> Result<(Envelope<'_>, T), Unrecognised> {
    match pass::<T>(frame, Envelope::default()) {
        Outcome::Done(envelope, body) => Ok((envelope, body)),
        Outcome::TypeComesLater => {
            let envelope = match Envelope::scan(frame) {
                Ok(envelope) => envelope,
                Err(e) => return Err(Unrecognised::new(None, frame, Why::NotJson(e.to_string()))),
            };
            if envelope.kind.is_none() {
                return Err(Unrecognised::new(Some(envelope), frame, Why::NoType));
            }
            match pass::<T>(frame, envelope) {
                Outcome::Done(envelope, body) => Ok((envelope, body)),
                Outcome::UnknownType | Outcome::TypeComesLater => Err(explain(frame, Why::UnknownType)),
                Outcome::Failed(error) => Err(explain(frame, Why::Invalid(error))),
            }
        }
        Outcome::UnknownType => Err(explain(frame, Why::UnknownType)),
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

enum Outcome<'de, T> {
    Done(Envelope<'de>, T),
    TypeComesLater,
    UnknownType,
    Failed(String),
}

fn pass<'de, T: Tagged>(frame: &'de str, mut envelope: Envelope<'de>) -> Outcome<'de, T> {
    let mut deserializer = serde_json::Deserializer::from_str(frame);
    let mut state = Read::Going;
    let message = Message { envelope: &mut envelope, state: &mut state, body: core::marker::PhantomData };
    let read = deserializer.deserialize_map(message).and_then(|body: T| deserializer.end().map(|()| body));
    match (read, state) {
        (Ok(body), _) => Outcome::Done(envelope, body),
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
    body: core::marker::PhantomData<T>,
}

impl<'de, T: Tagged> Visitor<'de> for Message<'_, 'de, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
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
        let payload = Payload { first, envelope: self.envelope, map };
        T::read(&kind, payload).unwrap_or_else(|| {
            *self.state = Read::UnknownType;
            Err(A::Error::custom(""))
        })
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
