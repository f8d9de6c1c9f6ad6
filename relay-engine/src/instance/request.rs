//! From a request to its answer. Each subject adds its requests to the table here.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use relay_protocol::session::{Asked, Timestamp, Token};
use relay_protocol::types::StopReason;
use relay_protocol::{Request, Response, Urn};

use crate::engine::Engine;
use crate::key::InstanceKey;
use crate::refusal::Refusal;

/// Who asks, and for whom.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) instance: InstanceKey,
    /// Names the request when it is answered [later](Reply::Later).
    #[allow(dead_code)]
    pub(crate) token: Token,
    /// The id that the workflow chose, by which later events name the request.
    pub(crate) id: String,
    pub(crate) target: Vec<Urn>,
    /// The name of the request, for refusals.
    pub(crate) request: &'static str,
}

/// What becomes of a request that is not refused.
#[derive(Debug)]
pub(crate) enum Reply {
    Now(Box<Response>),
    /// The subject answers with [`Engine::respond`] when it is done.
    Later,
}

impl Reply {
    pub(crate) fn now(response: impl Into<Response>) -> Self {
        Self::Now(Box::new(response.into()))
    }
}

impl Engine {
    /// Carries out everything that the workflow asked.
    pub(super) fn take_asked(&mut self, now: Timestamp, key: InstanceKey) {
        while let Some(session) = self.instances.get_mut(key).and_then(|instance| instance.running_mut())
            && let Some(asked) = session.poll_asked()
        {
            if let Some(asked) = self.spoil(now, key, asked) {
                self.take(now, key, asked);
                self.release_overtaken(now, key);
            }
        }
    }

    pub(crate) fn take(&mut self, now: Timestamp, key: InstanceKey, asked: Asked) {
        match asked {
            Asked::Request { token, id, target, request } => {
                let ask = Ask { instance: key, token, id, target, request: request.name() };
                self.hold_events(now, key, token);
                let answer = self.carry_out(now, &ask, request);
                self.respond(now, key, token, answer);
            }
            Asked::Terminate => self.end_instance(now, key, StopReason::Normal),
            Asked::Unrecognised(message) => {
                let kind = message.kind.as_deref().unwrap_or("a message without a type");
                self.log(key, format!("not understood: {kind}: {}", message.why));
            }
            _ => {}
        }
    }

    fn carry_out(&mut self, at: Timestamp, ask: &Ask, request: Request) -> Result<Reply, Refusal> {
        match request {
            Request::StartInteraction(start) => self.start_interaction(at, ask, start).map(Reply::now),
            Request::EndInteraction(_) => self.end_interaction(at, ask).map(Reply::now),
            Request::Say(say) => self.say(at, ask, say).map(Reply::now),
            Request::Play(play) => self.play(at, ask, play).map(Reply::now),
            Request::StopPlayback(stop) => self.stop_playback(at, ask, stop).map(Reply::now),
            Request::Listen(listen) => self.listen(at, ask, listen).map(Reply::now),
            Request::SetLed(set) => self.set_led(ask, set).map(Reply::now),
            Request::Vibrate(vibrate) => self.vibrate(ask, vibrate).map(Reply::now),
            Request::StartTimer(start) => self.start_timer(at, ask, start).map(Reply::now),
            Request::StopTimer(_) => Ok(Reply::now(self.stop_timer(ask))),
            Request::SetTimer(set) => self.set_timer(at, ask, set).map(Reply::now),
            Request::ClearTimer(clear) => Ok(Reply::now(self.clear_timer(ask, &clear))),
            Request::SetVar(set) => self.set_var(ask, set).map(Reply::now),
            Request::GetVar(get) => Ok(Reply::now(self.get_var(ask, &get))),
            Request::UnsetVar(unset) => Ok(Reply::now(self.unset_var(ask, &unset))),
            Request::GetDeviceInfo(get) => self.get_device_info(ask, get).map(Reply::now),
            Request::SetDeviceInfo(set) => self.set_device_info(ask, set).map(Reply::now),
            Request::SetUserProfile(set) => self.set_user_profile(ask, set).map(Reply::now),
            Request::SetChannel(set) => self.set_channel(at, ask, set).map(Reply::now),
            Request::SetHomeChannelState(set) => self.set_home_channel_state(at, ask, set).map(Reply::now),
            Request::Notification(notification) => self.notification(at, ask, notification),
            Request::Call(call) => self.call(at, ask, call).map(Reply::now),
            Request::Answer(answer) => self.answer(at, ask, &answer).map(Reply::now),
            Request::Hangup(hangup) => self.hangup(at, ask, &hangup).map(Reply::now),
            Request::Register(register) => self.register_address(at, ask, register).map(Reply::now),
            Request::InboxCount(_) => self.inbox_count(ask).map(Reply::now),
            Request::PlayInboxMessages(_) => self.play_inbox_messages(at, ask).map(Reply::now),
            Request::GroupQuery(query) => self.group_query(ask, &query).map(Reply::now),
            Request::ListGroupMembers(list) => self.list_group_members(ask, &list).map(Reply::now),
            Request::CreateGroup(create) => self.create_group(create).map(Reply::now),
            Request::DeleteGroup(delete) => self.delete_group(ask, &delete).map(Reply::now),
            Request::AddGroupMembers(add) => self.add_group_members(ask, &add).map(Reply::now),
            Request::RemoveGroupMembers(remove) => self.remove_group_members(ask, &remove).map(Reply::now),
            Request::CreateIncident(create) => self.create_incident(ask, create).map(Reply::now),
            Request::ResolveIncident(resolve) => self.resolve_own_incident(resolve).map(Reply::now),
            Request::LogAnalyticsEvent(log) => self.log_analytics_event(ask, log).map(Reply::now),
            Request::Sms(sms) => self.sms(ask, sms).map(Reply::now),
            Request::SetDeviceMode(set) => self.set_device_mode(ask, set).map(Reply::now),
            Request::DevicePowerOff(off) => self.device_power_off(at, ask, &off).map(Reply::now),
            Request::Translate(translate) => Ok(Reply::now(self.translate(&translate))),
            other => Err(Refusal::not_supported(other.name())),
        }
    }

    fn hold_events(&mut self, now: Timestamp, key: InstanceKey, token: Token) {
        let gap = self.config.response_gap;
        if let Some(instance) = self.instances.get_mut(key) {
            instance.outlet.answering(now, token, gap);
        }
    }
}
