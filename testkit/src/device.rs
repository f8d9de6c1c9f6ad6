//! A device for simple conversations: it hears everything, and says what it was told to.

use std::collections::{BTreeMap, VecDeque};

use relay_protocol::session::Asked;
use relay_protocol::types::{LifecycleType, PromptType, StopReason, Trigger, TriggerArgs, TriggerType};
use relay_protocol::urn::{DeviceUrn, InteractionUrn, UrnError};
use relay_protocol::{Request, Response, Urn, event, response};

use crate::{Ask, Ending, Peer, PeerError};

/// One device and its person.
#[derive(Debug, Clone)]
pub struct Device {
    urn: DeviceUrn,
    words: VecDeque<String>,
    heard: Vec<String>,
    variables: BTreeMap<String, String>,
}

impl Device {
    /// A device with this name.
    ///
    /// # Errors
    ///
    /// If there can be no URN for it.
    pub fn named(name: &str) -> Result<Self, UrnError> {
        Ok(Self {
            urn: DeviceUrn::name(name)?,
            words: VecDeque::new(),
            heard: Vec::new(),
            variables: BTreeMap::new(),
        })
    }

    /// Says this when it is listened to; told several times, one after the other. With nothing left to say, it is
    /// silent.
    #[must_use]
    pub fn will_say(mut self, words: impl Into<String>) -> Self {
        self.words.push_back(words.into());
        self
    }

    /// The URN of the device.
    pub fn urn(&self) -> &DeviceUrn {
        &self.urn
    }

    /// The URN of an interaction on the device.
    ///
    /// # Errors
    ///
    /// If there can be no such URN.
    pub fn interaction(&self, name: &str) -> Result<InteractionUrn, UrnError> {
        Ok(InteractionUrn::name(name)?.on(&self.urn))
    }

    /// What the workflow spoke so far.
    pub fn heard(&self) -> &[String] {
        &self.heard
    }

    /// The start event when this phrase is spoken to the Assistant of the device.
    pub fn start(&self, phrase: &str) -> event::Start {
        let args = TriggerArgs::new().source_uri(&self.urn).phrase(phrase);
        event::Start::new(Trigger::new(TriggerType::Phrase).args(args))
    }

    /// Answers everything until the workflow is terminated and the connection closed.
    ///
    /// # Errors
    ///
    /// When the workflow asks nothing for too long, or the connection ends without a `terminate`.
    pub async fn converse(&mut self, peer: &mut Peer) -> Result<Ending, PeerError> {
        loop {
            match peer.next_asked("`terminate`").await? {
                Asked::Request { token, id, target, request } => {
                    self.perform(peer, &Ask { token, id, target, body: request }).await?;
                }
                Asked::Terminate => {
                    peer.stop(StopReason::Normal).await?;
                    return peer.closed().await;
                }
                _ => {}
            }
        }
    }

    /// Does what one request wants, from the answer to the last event.
    ///
    /// # Errors
    ///
    /// When the connection ends.
    pub async fn perform<R>(&mut self, peer: &mut Peer, ask: &Ask<R>) -> Result<(), PeerError>
    where
        R: Into<Request> + Clone,
    {
        let source = ask.target.first().cloned();
        match ask.body.clone().into() {
            Request::StartInteraction(start) => {
                let Ok(interaction) = self.interaction(&start.name) else {
                    return peer.refuse(ask, "invalid_name").await;
                };
                peer.answer(ask, response::StartInteraction::new()).await?;
                for kind in [LifecycleType::Started, LifecycleType::Resumed] {
                    peer.emit(event::InteractionLifecycle::new(kind, &interaction)).await?;
                }
                Ok(())
            }
            Request::EndInteraction(_) => {
                peer.answer(ask, response::EndInteraction::new()).await?;
                match source {
                    Some(urn) => peer.emit(event::InteractionLifecycle::new(LifecycleType::Ended, urn)).await,
                    None => Ok(()),
                }
            }
            Request::Say(say) => {
                self.heard.push(say.text);
                peer.answer(ask, response::Say::new().id(&ask.id)).await?;
                prompt(peer, ask, source).await
            }
            Request::Play(_) => {
                peer.answer(ask, response::Play::new().id(&ask.id)).await?;
                prompt(peer, ask, source).await
            }
            Request::Listen(_) => {
                peer.answer(ask, response::Listen::new()).await?;
                let Some(words) = self.words.pop_front() else { return Ok(()) };
                let mut speech = event::Speech::new().request_id(&ask.id).text(words);
                speech.source_uri = source;
                peer.emit(speech).await
            }
            other => match self.simple_answer(&other) {
                Some(response) => peer.answer(ask, response).await,
                None => peer.refuse(ask, "not_supported").await,
            },
        }
    }

    /// The answer to what ends with its answer.
    fn simple_answer(&mut self, request: &Request) -> Option<Response> {
        Some(match request {
            Request::GetVar(get) => {
                let mut response = response::GetVar::new();
                response.value = self.variables.get(&get.name).cloned();
                response.into()
            }
            Request::SetVar(set) => {
                self.variables.insert(set.name.clone(), set.value.clone());
                response::SetVar::new().name(&set.name).value(&set.value).into()
            }
            Request::UnsetVar(unset) => {
                self.variables.remove(&unset.name);
                response::UnsetVar::new().into()
            }
            Request::SetTimer(_) => response::SetTimer::new().into(),
            Request::ClearTimer(_) => response::ClearTimer::new().into(),
            Request::StartTimer(_) => response::StartTimer::new().into(),
            Request::StopTimer(_) => response::StopTimer::new().into(),
            Request::SetLed(_) => response::SetLed::new().into(),
            Request::Vibrate(_) => response::Vibrate::new().into(),
            _ => return None,
        })
    }
}

/// A prompt starts and stops.
async fn prompt<R>(peer: &mut Peer, ask: &Ask<R>, source: Option<Urn>) -> Result<(), PeerError> {
    for kind in [PromptType::Started, PromptType::Stopped] {
        let mut prompt = event::Prompt::new(kind).id(&ask.id);
        prompt.source_uri = source.clone();
        peer.emit(prompt).await?;
    }
    Ok(())
}
