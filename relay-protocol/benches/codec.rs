//! The codec against plain serde_json, which is told the type of each frame in advance and knows no tolerance.
//!
//! The goal is 1.3 times its time at most, in the same run.

#![expect(clippy::unwrap_used, reason = "a benchmark of frames that can be read")]

use divan::{Bencher, black_box};
use relay_protocol::codec::{self, FromEngine};
use relay_protocol::types::{Trigger, TriggerArgs, TriggerType};
use relay_protocol::urn::{DeviceUrn, InteractionUrn};
use relay_protocol::{Event, Urn, event, request};
use serde::{Deserialize, Serialize};

fn main() {
    divan::main();
}

const ID: &str = "5f0cf0ef0cf35c4cbd9ba1d0cfd9c6a3";
const START: &str = r#"{"_type":"wf_api_start_event","trigger":{"args":{"phrase":"hello","source_uri":"urn:relay-resource:name:device:Alice"},"type":"phrase"}}"#;
const SAY_RESPONSE: &str = r#"{"_id":"5f0cf0ef0cf35c4cbd9ba1d0cfd9c6a3","_type":"wf_api_say_response","id":"5f0cf0ef0cf35c4cbd9ba1d0cfd9c6a3"}"#;
const PROMPT_STARTED: &str = r#"{"_type":"wf_api_prompt_event","id":"5f0cf0ef0cf35c4cbd9ba1d0cfd9c6a3","source_uri":"urn:relay-resource:name:interaction:hello?device=urn%3Arelay-resource%3Aname%3Adevice%3AAlice","type":"started"}"#;
const PROMPT_STOPPED: &str = r#"{"_type":"wf_api_prompt_event","id":"5f0cf0ef0cf35c4cbd9ba1d0cfd9c6a3","source_uri":"urn:relay-resource:name:interaction:hello?device=urn%3Arelay-resource%3Aname%3Adevice%3AAlice","type":"stopped"}"#;
const TEXT: &str = "Hello Alice, the meeting moved to room 213.";

/// The start event is read.
#[divan::bench_group]
mod start_decode {
    use super::*;

    #[divan::bench(sample_size = 500, sample_count = 200)]
    fn ours(bencher: Bencher<'_, '_>) {
        bencher.bench(|| drop(black_box(codec::from_engine(black_box(START)))));
    }

    #[divan::bench(sample_size = 500, sample_count = 200)]
    fn plain(bencher: Bencher<'_, '_>) {
        bencher.bench(|| drop(black_box(serde_json::from_str::<plain::Start>(black_box(START)).unwrap())));
    }
}

/// The start event is written.
#[divan::bench_group]
mod start_encode {
    use super::*;

    #[divan::bench(sample_size = 500, sample_count = 200)]
    fn ours(bencher: Bencher<'_, '_>) {
        let alice = DeviceUrn::name("Alice").unwrap();
        let args = TriggerArgs::new().phrase("hello").source_uri(alice);
        let event: Event = event::Start::new(Trigger::new(TriggerType::Phrase).args(args)).into();
        bencher.bench(|| codec::encode_event(black_box(&event)));
    }

    #[divan::bench(sample_size = 500, sample_count = 200)]
    fn plain(bencher: Bencher<'_, '_>) {
        let event: plain::Start = serde_json::from_str(START).unwrap();
        bencher.bench(|| serde_json::to_string(black_box(&event)).unwrap());
    }
}

/// The start event is read and written again.
#[divan::bench_group]
mod start_both {
    use super::*;

    #[divan::bench(sample_size = 500, sample_count = 200)]
    fn ours(bencher: Bencher<'_, '_>) {
        bencher.bench(|| match codec::from_engine(black_box(START)) {
            FromEngine::Event(event) => codec::encode_event(&event),
            other => panic!("no event: {other:?}"),
        });
    }

    #[divan::bench(sample_size = 500, sample_count = 200)]
    fn plain(bencher: Bencher<'_, '_>) {
        bencher.bench(|| {
            let event: plain::Start = serde_json::from_str(black_box(START)).unwrap();
            serde_json::to_string(&event).unwrap()
        });
    }
}

/// What the workflow side does for one say: the request is written, the response and both prompt events are read.
#[divan::bench_group]
mod say_round_trip {
    use super::*;

    #[divan::bench(sample_size = 500, sample_count = 200)]
    fn ours(bencher: Bencher<'_, '_>) {
        let target: [Urn; 1] = [interaction().into()];
        let say = request::Say::new(TEXT);
        bencher.bench(|| {
            drop(black_box(codec::encode_request(ID, black_box(&target), black_box(&say))));
            for frame in black_box([SAY_RESPONSE, PROMPT_STARTED, PROMPT_STOPPED]) {
                drop(black_box(codec::from_engine(frame)));
            }
        });
    }

    #[divan::bench(sample_size = 500, sample_count = 200)]
    fn plain(bencher: Bencher<'_, '_>) {
        let say = plain::Say {
            id: ID.into(),
            kind: "wf_api_say_request".into(),
            target: plain::Target { uris: vec![interaction().as_str().into()] },
            text: TEXT.into(),
            lang: "en-US".into(),
        };
        bencher.bench(|| {
            drop(black_box(serde_json::to_string(black_box(&say)).unwrap()));
            drop(black_box(serde_json::from_str::<plain::SayResponse>(black_box(SAY_RESPONSE)).unwrap()));
            for frame in black_box([PROMPT_STARTED, PROMPT_STOPPED]) {
                drop(black_box(serde_json::from_str::<plain::Prompt>(frame).unwrap()));
            }
        });
    }
}

fn interaction() -> InteractionUrn {
    InteractionUrn::name("hello").unwrap().on(&DeviceUrn::name("Alice").unwrap())
}

/// The same frames as structs that somebody would write by hand.
mod plain {
    use super::*;

    #[derive(Serialize, Deserialize)]
    pub(super) struct Start {
        #[serde(rename = "_type")]
        kind: String,
        trigger: Trigger,
    }

    #[derive(Serialize, Deserialize)]
    struct Trigger {
        #[serde(rename = "type")]
        kind: String,
        args: TriggerArgs,
    }

    #[derive(Serialize, Deserialize)]
    struct TriggerArgs {
        source_uri: Option<String>,
        phrase: Option<String>,
        spillover: Option<String>,
    }

    #[derive(Serialize)]
    pub(super) struct Say {
        #[serde(rename = "_id")]
        pub(super) id: String,
        #[serde(rename = "_type")]
        pub(super) kind: String,
        #[serde(rename = "_target")]
        pub(super) target: Target,
        pub(super) text: String,
        pub(super) lang: String,
    }

    #[derive(Serialize)]
    pub(super) struct Target {
        pub(super) uris: Vec<String>,
    }

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only read from the wire")]
    pub(super) struct SayResponse {
        #[serde(rename = "_id")]
        id: String,
        #[serde(rename = "_type")]
        kind: String,
        #[serde(rename = "id")]
        said: String,
    }

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only read from the wire")]
    pub(super) struct Prompt {
        #[serde(rename = "_type")]
        kind: String,
        id: Option<String>,
        source_uri: Option<String>,
        #[serde(rename = "type")]
        state: String,
    }
}
