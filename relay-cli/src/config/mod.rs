//! Which server, as whom: flags, environment, profiles, a running `relay dev`.

mod dev;
mod files;
mod headers;
mod host;
mod paths;
mod profiles;
mod settings;

pub(crate) use dev::{Dev, Published};
pub(crate) use files::{read, write_private};
pub(crate) use host::Cloud;
pub(crate) use paths::Paths;
pub(crate) use profiles::{Keeper, Profile, Profiles, Secrets};
pub(crate) use settings::{Settings, Source};
