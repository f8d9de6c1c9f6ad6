//! What happens on a server, as it happens: reading the stream of events, and telling people what it says.

mod event;
mod feed;
mod names;
mod story;

pub(crate) use event::{Event, Item};
pub(crate) use feed::{Feed, Wanted};
pub(crate) use names::Names;
pub(crate) use story::{Line, Story};
