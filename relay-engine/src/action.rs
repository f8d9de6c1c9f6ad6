//! What the driver must do, and what there is to see.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use relay_protocol::session::Transmit;
use relay_protocol::types::{PushOptions, StopReason};

use crate::analytics::Record;
use crate::call::CallStatus;
use crate::channel::Channel;
use crate::incident::IncidentChange;
use crate::key::{DeviceKey, GroupKey, InstanceKey, NoticeKey};
use crate::led::Light;
use crate::notification::NotificationChange;
use crate::sms::Sms;
use crate::speech::Sound;
use crate::workflow::Workflow;

/// Something for the driver, in the order in which it happened.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Action {
    /// Connect to the workflow, then call [`handle_connected`](crate::Engine::handle_connected) or
    /// [`handle_dial_failed`](crate::Engine::handle_dial_failed).
    Dial {
        /// The run that the connection is for.
        instance: InstanceKey,
        /// The workflow, with its URI.
        workflow: Arc<Workflow>,
    },
    /// Write this to the connection, by itself: some official SDKs lose the second of two messages in one read. How much
    /// may wait for a workflow that does not read is the driver's to bound.
    Transmit {
        /// Whose connection.
        instance: InstanceKey,
        /// What to write.
        transmit: Transmit,
    },
    /// The run is over, and so is all that the engine knows of it. Drop its connection, or stop dialling. Always the
    /// last action for an instance.
    Release {
        /// Which run.
        instance: InstanceKey,
    },
    /// Nothing to do, but something to see.
    Observed(Observation),
}

/// What there is to see, for consoles, logs and tests.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Observation {
    /// What the person at a device perceives.
    Device {
        /// Which device.
        device: DeviceKey,
        /// What is heard, felt or seen.
        what: Perception,
    },
    /// A run of a workflow came further.
    Instance {
        /// Which run.
        instance: InstanceKey,
        /// How far.
        what: Milestone,
    },
    /// A workflow has changed the directory, which somebody may keep a copy of.
    Directory(Change),
    /// A notification was sent, or somebody reacted to it.
    Notification {
        /// Which.
        notice: NoticeKey,
        /// The run that sent it, unless it comes from outside of any.
        instance: Option<InstanceKey>,
        /// Its name.
        name: String,
        /// What became of it.
        what: NotificationChange,
    },
    /// An incident was opened, or closed by whomever.
    Incident {
        /// Its id.
        id: String,
        /// What became of it.
        what: IncidentChange,
    },
    /// A workflow writes a record.
    Record(Record),
    /// A workflow sends a text message.
    Sms(Sms),
    /// Something that whoever runs the platform, or writes the workflow, may want to know.
    Log {
        /// The run that it is about.
        instance: InstanceKey,
        /// One line.
        message: String,
    },
}

/// What the person at a device perceives.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Perception {
    /// The device is on another channel.
    Channel(Channel),
    /// The device speaks or plays something.
    SoundStarted {
        /// What is heard.
        sound: Sound,
        /// The run that wants it heard; none where the platform speaks for itself.
        by: Option<InstanceKey>,
    },
    /// What the device spoke or played is over, or was cut off.
    SoundStopped,
    /// The ring of LEDs; `None` when it is the device's own again.
    Ring(Option<Light>),
    /// The device vibrates: pauses and pulses in turn, in milliseconds.
    Vibration(Vec<u64>),
    /// A call rings, is connected, or is over.
    Call(CallStatus),
    /// A phone or a console shows a notification.
    Push {
        /// What it says.
        text: String,
        /// How it is to look.
        push: PushOptions,
    },
    /// The device begins or ceases to wait for speech.
    Listening(bool),
}

/// How a workflow has changed the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// A device has another name, user or mode, or tells where it is or not.
    Device(DeviceKey),
    /// There is a new group.
    GroupAdded(GroupKey),
    /// A group is gone.
    GroupRemoved {
        /// Its id.
        id: String,
    },
    /// Devices have come to a group, or left it.
    GroupMembers(GroupKey),
}

/// Where a run of a workflow is.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Milestone {
    /// It was triggered, and is being dialled.
    Launched,
    /// The workflow answered, and was sent the start event.
    Started,
    /// The workflow could not be reached; in the driver's words.
    DialFailed(String),
    /// It ended.
    Ended(StopReason),
}
