//! Dialling workflow servers: which URIs, whom to trust, stage by stage, and what to say when it fails.

mod address;
mod breaker;
mod certificate;
mod connect;
mod error;
mod identity;
mod link;
mod target;
mod timeline;
mod trust;
mod upgrade;

pub use address::AddressPolicy;
pub use breaker::{Breaker, Verdict};
pub use certificate::Distrust;
pub use connect::{Dialer, DialerConfig};
pub use error::{DialError, Failure, TlsFailure};
pub use identity::{Identity, IdentityError};
pub use link::{Link, LinkGone, Received};
pub use target::{Destination, Target, UriError, UriRules};
pub use timeline::{Stage, Timeline};
pub use trust::{Roots, Trust, TrustError};
pub use upgrade::Reply;
