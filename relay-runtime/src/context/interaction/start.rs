//! Starting an interaction.

use std::sync::Arc;

use relay_protocol::request::StartInteraction;
use relay_protocol::types::{HomeChannel, InputType, InteractionOptions};
use relay_protocol::urn::InteractionUrn;
use relay_protocol::{Event, Urn};

use super::{Color, Interaction, StartInteractions};
use crate::context::{Action, Context, IntoTarget, OfInteraction, ToDevice};
use crate::error::Cause;
use crate::session::Shared;

impl Context {
    /// Puts a temporary channel on a device, in which the workflow owns the device's behaviour: it can speak, listen,
    /// light the LEDs and hear the buttons. Done when the device says that it is there.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// # use relay_runtime::types::InputType;
    /// async fn greet(cx: Context, device: DeviceUrn) -> Result<()> {
    ///     let alice = cx
    ///         .start_interaction(&device, "hello")
    ///         .color(Color::GREEN)
    ///         .inputs([InputType::ActionButtonSingleTap])
    ///         .await?;
    ///     alice.say("Hello").await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// Waits 5 s for Relay to accept, then 32 s for the device. For several devices or a group, see
    /// [`start_interactions`](Self::start_interactions).
    ///
    /// # Errors
    ///
    /// [`Cause::Failed`] when the device cannot be reached, and those of every [`Action`].
    pub fn start_interaction(
        &self,
        device: impl ToDevice,
        name: impl Into<String>,
    ) -> Action<StartInteraction, Interaction> {
        let body = StartInteraction::new(name);
        Action::new(&self.shared, [device.to_device()], body).named(|body| &body.name).until_its_end().finish(
            |done| {
                let shared = done.shared.clone();
                match done.event()? {
                    Event::InteractionLifecycle(change) => started(&shared, change.source_uri),
                    _ => Err(Cause::BadAnswer("interaction")),
                }
            },
        )
    }

    /// Starts an interaction on each of several devices, or of a group. Await it for all of them, or take them
    /// [one after the other](StartInteractions::next), as the devices are ready.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// # use relay_runtime::Group;
    /// # async fn f(cx: Context, alice: DeviceUrn, bob: DeviceUrn, cleaning: Group) -> Result<()> {
    /// let team = cx.start_interactions([alice, bob], "team").await?;
    /// team.say("Good morning").await?;
    ///
    /// let mut ready = cx.start_interactions(&cleaning, "cleaning");
    /// while let Some(Ok(member)) = ready.next().await {
    ///     member.say("Please come to room 213").await?;
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// Waits 5 s for Relay to accept, then 32 s for the devices. It ends early when each has said that it is ready or
    /// cannot be; with a group, nobody can tell how many those are, so it does not.
    pub fn start_interactions(&self, target: impl IntoTarget, name: impl Into<String>) -> StartInteractions {
        StartInteractions::new(&self.shared, target.into_target(), name.into())
    }

    /// The interaction with this URN: one that was kept in a variable, say, or all that have this name.
    pub fn interaction(&self, urn: InteractionUrn) -> Interaction {
        Interaction::new(self.shared.clone(), urn)
    }

    /// The interaction that an event came from, to answer there; `None` if the event does not say which.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// use relay_runtime::event::Button;
    ///
    /// async fn pressed(cx: Context, press: Button) -> Result<()> {
    ///     if let Some(here) = cx.interaction_of(&press) {
    ///         here.leds().flash(Color::GREEN).times(1).await?;
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn interaction_of(&self, event: &impl OfInteraction) -> Option<Interaction> {
        started(&self.shared, event.source()?.clone()).ok()
    }
}

pub(super) fn started(shared: &Arc<Shared>, urn: Urn) -> Result<Interaction, Cause> {
    match InteractionUrn::try_from(urn) {
        Ok(urn) => Ok(Interaction::new(shared.clone(), urn)),
        Err(_) => Err(Cause::BadAnswer("interaction")),
    }
}

pub(super) fn color(body: &mut StartInteraction, color: Color) {
    options(body).color = Some(color.to_string());
}

pub(super) fn inputs(body: &mut StartInteraction, inputs: impl IntoIterator<Item = InputType>) {
    options(body).input_types = inputs.into_iter().collect();
}

pub(super) fn home_channel(body: &mut StartInteraction, behaviour: HomeChannel) {
    options(body).home_channel = Some(behaviour);
}

fn options(body: &mut StartInteraction) -> &mut InteractionOptions {
    body.options.get_or_insert_default()
}

/// Options of [`start_interaction`](Context::start_interaction).
impl Action<StartInteraction, Interaction> {
    /// The colour of the LED ring while the interaction is active. By default, Relay decides; the official Python SDK
    /// asks for blue.
    pub fn color(self, ring: Color) -> Self {
        self.set(|body| color(body, ring))
    }

    /// Which presses are delivered as button events. By default, Relay decides: by our conclusion, all of them are.
    pub fn inputs(self, presses: impl IntoIterator<Item = InputType>) -> Self {
        self.set(|body| inputs(body, presses))
    }

    /// What becomes of the home channel while the interaction is up. By default, Relay decides; the official Python
    /// SDK asks to suspend it.
    pub fn home_channel(self, behaviour: HomeChannel) -> Self {
        self.set(|body| home_channel(body, behaviour))
    }
}
