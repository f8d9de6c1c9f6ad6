//! Relay URNs: how the protocol names devices, groups and interactions.
//!
//! ```text
//! urn      = "urn:relay-resource:" ( id-type ":" resource ":" id / "all:" resource ) [ "?" params ]
//! id-type  = "name" / "id"
//! resource = "device" / "group" / "interaction" / "server" / any other word
//! id       = percent-encoded UTF-8, not empty
//! params   = key "=" percent-encoded value *( "&" … )
//! ```
//!
//! | after `urn:relay-resource:`             | names                             | how we know it              |
//! |-----------------------------------------|-----------------------------------|-----------------------------|
//! | `name:device:<name>`                    | a device by its display name      | captured                    |
//! | `id:device:<id>`                        | a device by its immutable id      | official SDKs               |
//! | `name:group:<name>`, `id:group:<id>`    | a group                           | official SDKs               |
//! | `name:group:<name>?device=<urn>`        | a device as a member of a group   | official SDKs               |
//! | `name:interaction:<name>`               | an interaction on all its devices | official SDKs; meaning ours |
//! | `name:interaction:<name>?device=<urn>`  | an interaction on one device      | captured                    |
//! | `…?device=<urn>&device=<urn>`           | … on several devices              | official .NET SDK           |
//! | `name:interaction:<name>?status=<word>` | its devices in that state         | official JS and .NET SDKs   |
//! | `all:device`                            | every device of the account       | official JS and .NET SDKs   |
//! | `name:server:ibot`                      | the platform, as an originator    | official JS and .NET SDKs   |
//!
//! # Writing
//!
//! The constructors escape everything but the unreserved characters of RFC 3986, in upper-case hex, and escape
//! a nested URN as a whole, so that its own escapes are escaped again. The official SDKs differ in both. Our choice
//! nests as the JS and .NET SDKs do, for no other form can carry every name.
//!
//! # Reading
//!
//! A [`Urn`] keeps the exact text it was made from, so that what a peer sent goes back to it unchanged. Its
//! accessors accept what any official SDK writes: reserved characters left raw in an id (`a:b`), nested URNs
//! escaped once, twice or not at all, either case of hex. `+` is a plus sign, for no official SDK writes a
//! space so. The prefix and the words of the grammar are lower case, as in the official SDKs' prefix tests.
//!
//! An id that is escaped wrongly is not an error: a `%` without two hex digits stands for itself (the .NET
//! SDK writes `100%` so), and a part whose escapes are not UTF-8 is taken as it is written. Our choice.
//!
//! # Example
//!
//! ```
//! use relay_protocol::urn::{DeviceUrn, InteractionUrn, ResourceId, Urn, UrnKind};
//!
//! let alice = DeviceUrn::name("Alice B")?;
//! assert_eq!(alice.as_str(), "urn:relay-resource:name:device:Alice%20B");
//!
//! let source: Urn = InteractionUrn::name("hello world")?.on(&alice).into();
//! assert_eq!(source.kind(), UrnKind::Interaction);
//! assert_eq!(source.id(), Some(ResourceId::Name("hello world".into())));
//! assert_eq!(source.device(), Some(alice));
//! # Ok::<(), relay_protocol::urn::UrnError>(())
//! ```

mod error;
mod grammar;
mod typed;
mod untyped;

pub use error::UrnError;
pub use grammar::{UrnKind, is_interaction, is_relay_urn};
pub use typed::{DeviceUrn, GroupMemberUrn, GroupUrn, InteractionUrn};
pub use untyped::{ResourceId, Urn};
