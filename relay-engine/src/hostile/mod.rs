//! What an engine may do and a careless workflow side does not expect: for tests of workflow sides.
//!
//! Each run has a dialect of its own, as official engines and SDKs of different years have, and each message is disturbed
//! by chance. Nothing that is sent here is wrong: the protocol's schema says that it must be understood or passed over.
//! The seed decides everything, so that a run that failed can be had again.

mod frame;
mod random;

use alloc::string::String;
use alloc::vec::Vec;

use relay_protocol::codec::encode_progress;
use serde_json::{Value, json};

pub(crate) use self::random::Random;
pub(crate) use crate::hostile::frame::code_points;
use crate::hostile::frame::shuffled;

/// Fields that may be absent, and so may be null.
const MAY_BE_NULL: [(&str, &str); 5] = [
    ("wf_api_interaction_lifecycle_event", "reason"),
    ("wf_api_speech_event", "audio"),
    ("wf_api_speech_event", "text"),
    ("wf_api_get_var_response", "value"),
    ("wf_api_group_query_response", "is_member"),
];

/// The fields of a start event that old engines wrote as lists of code points.
const OLD_TEXTS: [&str; 4] = ["source_uri", "phrase", "spillover", "uid"];

/// How one run is disturbed.
#[derive(Debug)]
pub(crate) struct Hostile {
    random: Random,
    /// The texts of the start event are lists of code points.
    old_texts: bool,
    /// Prompts do not say which request they are for, as engines of 2022 did.
    nameless_prompts: bool,
    /// The spellings that the other half of the official SDKs knows.
    other_words: bool,
    /// What is absent is there, as null.
    nulls: bool,
}

impl Hostile {
    pub(crate) fn new(mut random: Random) -> Self {
        let mut chance = || random.one_in(2);
        let (old_texts, nameless_prompts) = (chance(), chance());
        let (other_words, nulls) = (chance(), chance());
        Self { old_texts, nameless_prompts, other_words, nulls, random }
    }

    /// What is sent in place of a message.
    pub(crate) fn disturb(&mut self, frame: String) -> Vec<String> {
        let Ok(mut message) = serde_json::from_str::<Value>(&frame) else { return Vec::from([frame]) };
        let kind = text(&message, "_type");
        if kind == "wf_api_stop_event" {
            return Vec::from([shuffled(&message, &mut self.random)]); // the last one, whatever happens
        }
        let id = text(&message, "_id");
        let prompt = (kind == "wf_api_prompt_event" && !self.nameless_prompts).then(|| message.clone());
        self.translate(&kind, &mut message);
        if self.random.one_in(2) {
            self.decorate(&mut message);
        }

        let mut frames = Vec::new();
        let answers = kind.ends_with("_response");
        if answers && self.random.one_in(4) {
            let times = self.random.below(3) + 1;
            frames.extend((0..times).map(|_| encode_progress(&id)));
        }
        frames.push(shuffled(&message, &mut self.random));
        if answers && self.random.one_in(8) {
            frames.push(encode_progress(&id)); // too late
        }
        if let Some(prompt) = prompt.filter(|_| self.random.one_in(4)) {
            frames.extend(self.foreign_sound(prompt));
        }
        if !answers && self.random.one_in(8) {
            let news = json!({"_type": "wf_api_weather_event", "sky": "grey"});
            frames.push(shuffled(&news, &mut self.random));
        }
        frames
    }

    /// Says it in the dialect of this run.
    fn translate(&self, kind: &str, message: &mut Value) {
        match kind {
            "wf_api_start_event" if self.old_texts => {
                for field in OLD_TEXTS {
                    if let Some(value) =
                        message.pointer_mut("/trigger/args").and_then(|args| args.get_mut(field))
                    {
                        *value = code_points(value);
                    }
                }
            }
            "wf_api_prompt_event" if self.nameless_prompts => {
                message["id"] = Value::Null;
            }
            "wf_api_play_inbox_message_event" if self.other_words => {
                message["_type"] = "wf_api_play_inbox_messages_event".into();
            }
            "wf_api_inbox_count_response" if self.other_words => {
                let count = text(message, "count").parse::<u64>();
                message["count"] = count.map_or(Value::Null, Value::from);
            }
            _ if self.other_words => {
                if let Some(onnet) = message.get("onnet").and_then(Value::as_bool) {
                    message["onnet"] = if onnet { "True" } else { "False" }.into();
                }
            }
            _ => {}
        }
        if self.nulls {
            for (_, field) in MAY_BE_NULL.iter().filter(|(of, _)| *of == kind) {
                if message.get(field).is_none() {
                    message[*field] = Value::Null;
                }
            }
        }
    }

    /// Adds what a newer engine might say as well.
    fn decorate(&mut self, message: &mut Value) {
        let news = [Value::Null, json!(7), json!("news"), json!([1, {"deep": []}]), json!({"uris": null})];
        let value = news[self.random.below(news.len())].clone();
        let inner = if self.random.one_in(2) { message.get_mut("trigger") } else { None };
        match inner {
            Some(trigger) => trigger["since_2031"] = value,
            None => message["since_2031"] = value,
        }
    }

    /// Something else is heard on the device, which the workflow did not ask for.
    fn foreign_sound(&self, mut prompt: Value) -> [String; 2] {
        prompt["id"] = Value::Null;
        ["started", "stopped"].map(|kind| {
            prompt["type"] = kind.into();
            serde_json::to_string(&prompt).unwrap_or_default()
        })
    }
}

fn text(message: &Value, field: &str) -> String {
    message.get(field).and_then(Value::as_str).unwrap_or_default().into()
}
