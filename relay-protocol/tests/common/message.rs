//! Everything that can be sent, in either direction.

use proptest::prelude::*;
use relay_protocol::codec::{self, FromEngine, FromWorkflow, Unrecognised};
use relay_protocol::{Event, Request, Response, Urn};

use super::leaves::{list, text, urn};
use crate::strategies::{any_event, any_request, any_response};

/// A message with what belongs to it on the wire.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Message {
    Event(Event),
    Response { id: String, response: Response },
    Refused { id: String, error: String },
    Progress { id: String },
    Request { id: String, target: Vec<Urn>, request: Request },
}

impl Message {
    pub(crate) fn encode(&self) -> String {
        match self {
            Self::Event(event) => codec::encode_event(event),
            Self::Response { id, response } => codec::encode_response(id, response),
            Self::Refused { id, error } => codec::encode_error(id, error),
            Self::Progress { id } => codec::encode_progress(id),
            Self::Request { id, target, request } => codec::encode_any_request(id, target, request),
        }
    }

    /// Reads what the workflow side receives.
    pub(crate) fn from_engine(frame: &str) -> Result<Self, Unrecognised> {
        Ok(match codec::from_engine(frame) {
            FromEngine::Event(event) => Self::Event(event),
            FromEngine::Response { id, response } => Self::Response { id: id.into_owned(), response },
            FromEngine::Refused { id, error } => Self::Refused { id: id.into_owned(), error },
            FromEngine::Progress { id } => Self::Progress { id: id.into_owned() },
            FromEngine::Unrecognised(unrecognised) => return Err(unrecognised),
        })
    }

    /// Reads what the engine side receives.
    pub(crate) fn from_workflow(frame: &str) -> Result<Self, Unrecognised> {
        match codec::from_workflow(frame) {
            FromWorkflow::Request { id, target, request } => {
                Ok(Self::Request { id: id.into_owned(), target, request })
            }
            FromWorkflow::Unrecognised(unrecognised) => Err(unrecognised),
        }
    }

    /// Reads a frame as the side does that this message is for.
    pub(crate) fn decode_like(&self, frame: &str) -> Result<Self, Unrecognised> {
        match self {
            Self::Request { .. } => Self::from_workflow(frame),
            _ => Self::from_engine(frame),
        }
    }
}

pub(crate) fn any_request_message() -> impl Strategy<Value = Message> {
    (text(), list(urn()), any_request()).prop_map(|(id, target, request)| Message::Request {
        id,
        target,
        request,
    })
}

pub(crate) fn any_engine_message() -> impl Strategy<Value = Message> {
    prop_oneof![
        8 => any_event().prop_map(Message::Event),
        8 => (text(), any_response()).prop_map(|(id, response)| Message::Response { id, response }),
        1 => (text(), text()).prop_map(|(id, error)| Message::Refused { id, error }),
        1 => text().prop_map(|id| Message::Progress { id }),
    ]
}

pub(crate) fn any_message() -> impl Strategy<Value = Message> {
    prop_oneof![any_request_message(), any_engine_message()]
}
