//! `relay workflow create`: a registration, with one of the ten kinds of triggers.

mod common;
mod kinds;

use clap::Subcommand;

use crate::commands::Cx;
use crate::error::Result;

/// What starts the workflow.
#[derive(Debug, Subcommand)]
pub(crate) enum Create {
    Phrase(kinds::Phrase),
    Button(kinds::Button),
    Http(kinds::Http),
    Nfc(kinds::Nfc),
    Timer(kinds::Timer),
    Battery(kinds::Battery),
    Geofence(kinds::Geofence),
    Position(kinds::Position),
    Call(kinds::Call),
    Event(kinds::Event),
}

impl Create {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let (common, trigger, phrases) = match self {
            Self::Phrase(kind) => {
                let (common, trigger) = (kind.common.clone(), kind.spec()?);
                (common, trigger, kind.trigger)
            }
            Self::Button(kind) => (kind.common.clone(), kind.spec(), Vec::new()),
            Self::Http(kind) => (kind.common.clone(), kind.spec(), Vec::new()),
            Self::Nfc(kind) => (kind.common.clone(), kind.spec()?, Vec::new()),
            Self::Timer(kind) => (kind.common.clone(), kind.spec()?, Vec::new()),
            Self::Battery(kind) => (kind.common.clone(), kind.spec(), Vec::new()),
            Self::Geofence(kind) => (kind.common.clone(), kind.spec(), Vec::new()),
            Self::Position(kind) => (kind.common.clone(), kind.spec(), Vec::new()),
            Self::Call(kind) => (kind.common.clone(), kind.spec(), Vec::new()),
            Self::Event(kind) => (kind.common.clone(), kind.spec(), Vec::new()),
        };
        common.register(cx, &trigger, &phrases).await
    }
}
