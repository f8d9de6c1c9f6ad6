//! What the server knows, as plain data.

mod analytics;
mod audio;
mod audit;
mod device;
mod id;
mod outcome;
mod page;
mod people;
mod place;
mod record;
mod schedule;
mod signing;
mod subscriber;
mod tag;
mod time;
mod token;
mod transcript;
mod trigger;
mod workflow;

pub use analytics::{Event, EventFilter, EventSource};
pub use audio::Audio;
pub use audit::{Actor, AuditEntry, AuditFilter};
pub use device::{Device, IndoorPlace, LastLocation};
pub use id::{
    AudioId, AuditId, DeviceId, EventId, GeofenceId, GroupId, NodeId, PositionId, SubscriberId, TagId,
    TokenId, TriggerId, UserId, VenueId, WorkflowId,
};
pub use outcome::{Outcome, OutcomeKind, UnknownWord};
pub use page::{Cursor, Page, PageRequest};
pub use people::{Group, User};
pub use place::{Geofence, Position, Venue};
pub use record::{Kind, Record};
pub use schedule::{Due, Firing, Schedule};
pub use signing::{Retiring, Signing};
pub use subscriber::Subscriber;
pub use tag::Tag;
pub use time::UnixMs;
pub use token::{Role, Token, TokenHash};
pub use transcript::Line;
pub use trigger::{
    Accepted, Attempt, Claim, Class, Counts, Hold, Idempotency, NewTrigger, Next, Recovered, Retry, Stage,
    TriggerFilter, TriggerRow, TriggerState,
};
pub use workflow::{Config, Options, Start, StartTrigger, Target, Workflow};

/// Fields that we do not know, kept for whoever does.
pub type Rest = serde_json::Map<String, serde_json::Value>;
