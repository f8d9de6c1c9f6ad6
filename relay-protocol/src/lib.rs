//! The Relay workflow protocol, without any I/O.
#![no_std]

extern crate alloc;

pub mod codec;
mod generated;
pub mod manifest;
mod message;
pub mod session;
pub mod urn;

pub use generated::events::Event;
pub use generated::requests::Request;
pub use generated::responses::Response;
pub use message::{Ends, EventBody, RequestBody, ResponseBody, Targets};
pub use urn::Urn;

/// One struct for each event.
pub mod event {
    pub use crate::generated::events::*;
}

/// One struct for each request.
pub mod request {
    pub use crate::generated::requests::*;
}

/// One struct for each response, named like its request.
pub mod response {
    pub use crate::generated::responses::*;
}

/// The word lists and nested values of the protocol.
pub mod types {
    pub use crate::generated::enums::*;
    pub use crate::generated::objects::*;
}
