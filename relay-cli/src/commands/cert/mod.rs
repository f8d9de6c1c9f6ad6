//! `relay cert`: certificates for development, and a look at others.

mod check;
mod dev;

use clap::Subcommand;

use super::Cx;
use crate::error::Result;

/// Make certificates for development, or look at others.
#[derive(Debug, Subcommand)]
pub(crate) enum Cert {
    Dev(dev::Dev),
    Check(check::Check),
}

impl Cert {
    pub(crate) fn run(self, cx: &Cx) -> Result<()> {
        match self {
            Self::Dev(command) => command.run(cx),
            Self::Check(command) => command.run(cx),
        }
    }
}
