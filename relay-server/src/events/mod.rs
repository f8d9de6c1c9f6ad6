//! What happens, pushed to whoever watches: a ring of recent events with a cursor to resume at.
//!
//! ```text
//! account, trigger, dial ── publish ──►  Hub: ring, bounded by count and bytes
//!                                         │
//!             watch(cursor, filter) ──► Watcher ──► /v1/events, /ibot/workflowdebug, the console
//! ```
//!
//! A watcher never holds up a publisher. One that falls behind, or comes from before a restart, is told that it missed
//! something before it is told anything else.

mod cursor;
mod event;
mod hub;
mod watcher;

pub use cursor::{BadCursor, Cursor};
pub use event::{Event, Kind, Published, UnknownKind};
pub use hub::Hub;
pub use watcher::{Filter, Item, Watcher};
