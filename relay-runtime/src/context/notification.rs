//! Notifications: broadcasts and alerts.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::Arc;

use relay_protocol::Urn;
use relay_protocol::request::{Notification, Sms};
use relay_protocol::types::{NotificationType, PushOptions};

use super::{Action, Alert, Context, Events, IntoTarget, ToDevice};
use crate::session::Shared;

impl Context {
    /// Speaks a text once to devices and groups, after a chime, whatever channel they are on. Done when it is on its way
    /// to all of them; nothing comes back.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// # use relay_runtime::Group;
    /// # async fn f(cx: Context, cleaning: Group) -> Result<()> {
    /// cx.broadcast(&cleaning, "Lunch is ready").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// Needs no interaction. Waits 60 s: delivery to many devices takes long, and Relay tells that it goes on.
    pub fn broadcast(&self, to: impl IntoTarget, text: impl Into<String>) -> Action<Notification> {
        broadcast(&self.shared, to.into_target().into_urns(), text.into())
    }

    /// Speaks a text to devices and groups again and again, until each has acknowledged it by a tap on Talk. Done when it
    /// is on its way to all of them; the [`Alert`] tells who acknowledges, and calls it back.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// # use relay_runtime::Group;
    /// # async fn f(cx: Context, cleaning: Group, alice: Interaction) -> Result<()> {
    /// let alert = cx.alert(&cleaning, "Cleanup in room 213").originator(&alice).await?;
    /// if let Some(who) = alert.first().within(mins(5)).await? {
    ///     cx.device(&who).set_channel("Cleanup").await?;
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// Needs no interaction. Waits 60 s, as [`broadcast`](Self::broadcast).
    pub fn alert(&self, to: impl IntoTarget, text: impl Into<String>) -> Action<Notification, Alert> {
        // Made now: people may acknowledge before the last device was reached.
        let acknowledgements = Events::of(&self.shared, None);
        let to = to.into_target().into_urns();
        notification(&self.shared, NotificationType::Alert, to, text.into()).finish(|done| {
            let (shared, target, name) = (done.shared.clone(), done.target.to_vec(), done.body.name.clone());
            done.outcome?;
            Ok(Alert::new(shared, name, target, acknowledgements))
        })
    }

    /// Calls a notification back by its [name](Action::name), on some devices and groups or on all that it went to.
    /// Waits 60 s.
    pub fn cancel_notification(&self, name: impl Into<String>, on: impl IntoTarget) -> Action<Notification> {
        cancel(&self.shared, name.into(), on.into_target().into_urns())
    }

    /// Sends a text message to a telephone: `tel:+15550100`. It brings the id by which [`sms`](crate::event::Sms) events
    /// name the message. Waits 5 s.
    ///
    /// Only one official SDK knows this request, and no guide: how addresses are written is our guess.
    pub fn sms(&self, to: impl Into<String>, text: impl Into<String>) -> Action<Sms, String> {
        Action::new(&self.shared, Vec::new(), Sms::new(text, to))
            .finish(|done| Ok(done.response()?.message_id))
    }
}

pub(super) fn broadcast(shared: &Arc<Shared>, target: Vec<Urn>, text: String) -> Action<Notification> {
    notification(shared, NotificationType::Broadcast, target, text)
}

fn notification(
    shared: &Arc<Shared>,
    kind: NotificationType,
    target: Vec<Urn>,
    text: String,
) -> Action<Notification> {
    let body = Notification::new(kind, any_name()).text(text).originator(Urn::server());
    Action::new(shared, target, body).for_somebody()
}

pub(super) fn cancel(shared: &Arc<Shared>, name: String, target: Vec<Urn>) -> Action<Notification> {
    Action::new(shared, target, Notification::new(NotificationType::Cancel, name)).for_somebody()
}

/// A name that no other notification has. Std's hasher has randomness enough for that.
fn any_name() -> String {
    format!("{:016x}", RandomState::new().hash_one(()))
}

/// Options of [`broadcast`](Context::broadcast) and [`alert`](Context::alert).
impl<T> Action<Notification, T> {
    /// The name by which it can be [called back](Context::cancel_notification), also from another session, and by which
    /// handlers filter its events. Must differ from those of others. Default: a random one.
    pub fn name(self, name: impl Into<String>) -> Self {
        self.set(|body| body.name = name.into()).named(|body| &body.name)
    }

    /// The device on whose behalf it is sent. Default: the platform itself.
    pub fn originator(self, device: impl ToDevice) -> Self {
        self.set(|body| body.originator = Some(device.to_device()))
    }

    /// How it appears on the phones of people who use the app; devices ignore that.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// use relay_runtime::types::{Priority, PushOptions};
    ///
    /// # async fn f(cx: Context, bob: DeviceUrn) -> Result<()> {
    /// let push = PushOptions::new().title("Lunch").priority(Priority::High);
    /// cx.broadcast(&bob, "Lunch is ready").push_options(push).await?;
    /// # Ok(()) }
    /// ```
    pub fn push_options(self, options: PushOptions) -> Self {
        self.set(|body| body.push_opts = options)
    }
}

/// Options of [`sms`](Context::sms).
impl Action<Sms, String> {
    /// What kind of message. Its words are not known. Default: none.
    pub fn kind(self, kind: impl Into<String>) -> Self {
        self.set(|body| body.kind = kind.into())
    }
}
