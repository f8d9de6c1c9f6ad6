//! One message in, one frame out: exactly as the schema says, keys of the envelope first, nothing that is absent.

use alloc::string::String;
use alloc::vec::Vec;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::wire::{Body, Out};
use crate::{Event, Request, RequestBody, Response, Urn};

/// Writes a request. An empty `target` is left out, as the protocol wants it for requests without one.
pub fn encode_request<R: RequestBody>(id: &str, target: &[Urn], body: &R) -> String {
    frame(RequestFrame { id, target, body })
}

/// [`encode_request`] that appends to a buffer, for an `id` in which nothing must be escaped. Nothing must in the type
/// either, and together they are most of a usual frame: so neither is searched for it.
pub(crate) fn append_request<R: RequestBody>(buffer: &mut Vec<u8>, id: &[u8], target: &[Urn], body: &R) {
    for part in [br#"{"_id":""#, id, br#"","_type":""#, R::TYPE.as_bytes(), br#"""#] {
        buffer.extend_from_slice(part);
    }
    let rest = buffer.len();
    let frame = Frame(RequestRest { target, body });
    // As for whole frames, there is no way to fail.
    #[cfg(feature = "std")]
    let _ = frame.serialize(&mut serde_json::Serializer::new(&mut *buffer));
    #[cfg(not(feature = "std"))]
    buffer.append(&mut serde_json::to_vec(&frame).unwrap_or_default());
    // What was an object of its own goes on with ours.
    if buffer[rest..] == *b"{}" {
        buffer.remove(rest);
    } else if let Some(brace) = buffer.get_mut(rest) {
        *brace = b',';
    }
}

/// [`encode_request`] for a request whose kind is only known at run time.
pub fn encode_any_request(id: &str, target: &[Urn], request: &Request) -> String {
    frame(AnyRequestFrame { id, target, request })
}

/// Writes an event.
pub fn encode_event(event: &Event) -> String {
    frame(EventFrame(event))
}

/// Writes the answer to the request `id`.
pub fn encode_response(id: &str, response: &Response) -> String {
    frame(ResponseFrame { id, response })
}

/// Writes the refusal of the request `id`.
pub fn encode_error(id: &str, error: &str) -> String {
    frame(Pairs([("_id", id), ("_type", "wf_api_error_response"), ("error", error)]))
}

/// Writes that the request `id` is still being worked on.
pub fn encode_progress(id: &str) -> String {
    frame(Pairs([("_id", id), ("_type", "wf_api_progress_event")]))
}

/// The keys of one frame's object.
trait Keys {
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

fn frame(keys: impl Keys) -> String {
    // Writing texts and numbers into memory has no way to fail.
    serde_json::to_string(&Frame(keys)).unwrap_or_default()
}

struct Frame<K>(K);

impl<K: Keys> Serialize for Frame<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.0.write(&mut map)?;
        map.end()
    }
}

struct RequestFrame<'a, R> {
    id: &'a str,
    target: &'a [Urn],
    body: &'a R,
}

impl<R: RequestBody> Keys for RequestFrame<'_, R> {
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        envelope(map, self.id, R::TYPE, self.target)?;
        Body::write(self.body, map)
    }
}

/// What comes after id and type.
struct RequestRest<'a, R> {
    target: &'a [Urn],
    body: &'a R,
}

impl<R: RequestBody> Keys for RequestRest<'_, R> {
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        write_target(map, self.target)?;
        Body::write(self.body, map)
    }
}

fn envelope<M: SerializeMap>(map: &mut M, id: &str, kind: &str, target: &[Urn]) -> Result<(), M::Error> {
    map.serialize_entry("_id", id)?;
    map.serialize_entry("_type", kind)?;
    write_target(map, target)
}

fn write_target<M: SerializeMap>(map: &mut M, target: &[Urn]) -> Result<(), M::Error> {
    if target.is_empty() { Ok(()) } else { map.serialize_entry("_target", &Uris(target)) }
}

struct AnyRequestFrame<'a> {
    id: &'a str,
    target: &'a [Urn],
    request: &'a Request,
}

impl Keys for AnyRequestFrame<'_> {
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        envelope(map, self.id, self.request.type_name(), self.target)?;
        self.request.write(map)
    }
}

struct EventFrame<'a>(&'a Event);

impl Keys for EventFrame<'_> {
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("_type", self.0.type_name())?;
        self.0.write(map)
    }
}

struct ResponseFrame<'a> {
    id: &'a str,
    response: &'a Response,
}

impl Keys for ResponseFrame<'_> {
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("_id", self.id)?;
        map.serialize_entry("_type", self.response.type_name())?;
        self.response.write(map)
    }
}

struct Pairs<'a, const N: usize>([(&'a str, &'a str); N]);

impl<const N: usize> Keys for Pairs<'_, N> {
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        self.0.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))
    }
}

/// `{"uris":[..]}`
struct Uris<'a>(&'a [Urn]);

impl Serialize for Uris<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct List<'a>(&'a [Urn]);
        impl Serialize for List<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(self.0.iter().map(Out))
            }
        }
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("uris", &List(self.0))?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{GetVar, Say, Terminate};

    fn same<R: RequestBody>(target: &[Urn], body: &R) {
        let mut appended = b"before".to_vec();
        append_request(&mut appended, b"0f", target, body);
        let whole = encode_request("0f", target, body);
        assert_eq!(str::from_utf8(&appended).unwrap().strip_prefix("before"), Some(&*whole));
    }

    #[test]
    fn an_appended_request_is_the_same_as_a_whole_one() {
        same(&[], &Terminate::new());
        same(&[], &GetVar::new("\"quoted\""));
        same(&[Urn::server(), Urn::all_devices()], &Say::new("{}"));
        same(&[Urn::server()], &Terminate::new());
    }
}
