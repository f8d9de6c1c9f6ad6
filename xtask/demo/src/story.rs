//! From frames to what a bystander would say.

use relay_protocol::codec::{self, FromEngine, FromWorkflow};
use relay_protocol::types::{LifecycleType, PromptType};
use relay_protocol::{Event, Request};
use relay_testkit::{Frame, Line, Side};

use crate::screen;

/// Prints what a frame means; what only the protocol needs, such as that a request was accepted, means nothing.
pub(crate) fn tell(line: &Line) {
    let told = match (&line.frame, line.from) {
        (Frame::Text(text), Side::Workflow) => Some(asked(text)),
        (Frame::Text(text), Side::Engine) => answered(text),
        (Frame::Close(..), _) => Some("closes the connection".to_owned()),
        _ => None,
    };
    if let Some(told) = told {
        screen::said(line.from, &told);
    }
}

fn asked(frame: &str) -> String {
    let request = match codec::from_workflow(frame) {
        FromWorkflow::Request { request, .. } => request,
        FromWorkflow::Unrecognised(message) => return format!("something strange: {}", message.why),
    };
    match request {
        Request::StartInteraction(start) => format!("start the interaction \"{}\"", start.name),
        Request::Say(say) => format!("say: {}", say.text),
        Request::Listen(listen) => format!("listen, for {} s at most", listen.timeout),
        Request::EndInteraction(_) => "end the interaction".to_owned(),
        Request::Terminate(_) => "terminate me".to_owned(),
        other => other.name().replace('_', " "),
    }
}

fn answered(frame: &str) -> Option<String> {
    let event = match codec::from_engine(frame) {
        FromEngine::Event(event) => event,
        FromEngine::Refused { error, .. } => return Some(format!("no: {error}")),
        _ => return None,
    };
    Some(match event {
        Event::Start(start) => {
            let phrase = start.trigger.args.phrase.unwrap_or_default();
            format!("Alice to the Assistant: {phrase}")
        }
        Event::InteractionLifecycle(lifecycle) => match lifecycle.kind {
            LifecycleType::Started => "the interaction is up".to_owned(),
            LifecycleType::Ended => "the interaction is over".to_owned(),
            _ => return None,
        },
        Event::Prompt(prompt) => match prompt.kind {
            PromptType::Stopped => "spoken".to_owned(),
            _ => return None,
        },
        Event::Speech(speech) => format!("Alice: {}", speech.text.unwrap_or_default()),
        Event::Stop(stop) => format!("stop ({})", stop.reason),
        other => other.name().replace('_', " "),
    })
}
