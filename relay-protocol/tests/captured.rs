//! Frames that were seen on the real wire, of 2022, when some engines still spelled texts as lists of code points.

use relay_protocol::codec::{self, FromEngine};
use relay_protocol::types::{LifecycleType, PromptType, StopReason, Trigger, TriggerArgs, TriggerType};
use relay_protocol::urn::{DeviceUrn, InteractionUrn, UrnError};
use relay_protocol::{Event, event, response};

fn start(device: &str) -> Result<Event, UrnError> {
    let args = TriggerArgs::new().phrase("hello").source_uri(DeviceUrn::name(device)?);
    Ok(event::Start::new(Trigger::new(TriggerType::Phrase).args(args)).into())
}

#[test]
fn what_was_captured_is_read() -> Result<(), UrnError> {
    let interaction = InteractionUrn::name("testing")?.on(&DeviceUrn::name("alpha")?);
    let lifecycle = |kind| event::InteractionLifecycle::new(kind, &interaction).into();
    let cases: [(_, Event); 6] = [
        (include_str!("data/captured/start_code_points.json"), start("alpha")?),
        (include_str!("data/captured/start_text.json"), start("Bob")?),
        (include_str!("data/captured/lifecycle_started.json"), lifecycle(LifecycleType::Started)),
        (include_str!("data/captured/lifecycle_resumed.json"), lifecycle(LifecycleType::Resumed)),
        // The id of the say is missing: it was not sent then.
        (
            include_str!("data/captured/prompt.json"),
            event::Prompt::new(PromptType::Stopped).source_uri(&interaction).into(),
        ),
        (include_str!("data/captured/stop.json"), event::Stop::new().reason(StopReason::Normal).into()),
    ];
    for (frame, expected) in cases {
        assert_eq!(codec::from_engine(frame), FromEngine::Event(expected), "{frame}");
    }
    assert_eq!(
        codec::from_engine(include_str!("data/captured/say_response.json")),
        FromEngine::Response { id: "banana".into(), response: response::Say::new().id("banana").into() }
    );
    Ok(())
}
