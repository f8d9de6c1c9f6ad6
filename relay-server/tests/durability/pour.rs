//! Triggers that pour in, and what they were answered.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use reqwest::Method;
use serde_json::{Value, json};

use crate::server::Caller;
use crate::workflows::Workflow;

/// All that was sent, and what became of it.
pub(crate) struct Pour {
    pub(crate) caller: Caller,
    workflow: String,
    sent: Mutex<Vec<Sent>>,
}

#[derive(Debug, Clone)]
struct Sent {
    key: String,
    /// With the header that lets one repeat it.
    repeatable: bool,
    /// Under which id it was acknowledged.
    id: Option<String>,
}

impl Pour {
    pub(crate) fn new(caller: Caller, workflow: String) -> Self {
        Self { caller, workflow, sent: Mutex::default() }
    }

    /// Keys with the ids that they were acknowledged as.
    pub(crate) fn acknowledged(&self) -> Vec<(String, String)> {
        let sent = self.sent.lock().unwrap();
        sent.iter().filter_map(|sent| Some((sent.key.clone(), sent.id.clone()?))).collect()
    }

    /// Sends one after the other until the server is gone: new ones, and earlier ones once more, whether they were answered
    /// or not.
    pub(crate) async fn run(self: Arc<Self>, url: String, mut random: fastrand::Rng) {
        loop {
            let at = self.choose(&mut random);
            let sent = self.sent.lock().unwrap()[at].clone();
            let Some(id) = self.post(&url, &sent).await else { return };
            let before = self.sent.lock().unwrap()[at].id.replace(id.clone());
            assert!(before.is_none_or(|before| before == id), "{} is another trigger than before", sent.key);
        }
    }

    fn choose(&self, random: &mut fastrand::Rng) -> usize {
        let mut sent = self.sent.lock().unwrap();
        if !sent.is_empty() && random.u8(..4) == 0 {
            let at = random.usize(..sent.len());
            if sent[at].repeatable {
                return at;
            }
        }
        let key = format!("k{}", sent.len());
        sent.push(Sent { key, repeatable: random.bool(), id: None });
        sent.len() - 1
    }

    /// The id of its trigger; none if the server is gone.
    async fn post(&self, url: &str, sent: &Sent) -> Option<String> {
        let args = json!({"key": sent.key});
        let request = if sent.repeatable {
            let path = format!("/v1/workflows/{}/trigger", self.workflow);
            let request = self.caller.request(url, Method::POST, &path);
            request.header("idempotency-key", &sent.key).body(json!({"args": args}).to_string())
        } else {
            let path = format!("/ibot/workflow/{}", self.workflow);
            let invoke = json!({"action": "invoke", "action_args": args});
            self.caller.request(url, Method::POST, &path).body(invoke.to_string())
        };
        let response = request.send().await.ok()?;
        let status = response.status();
        let text = response.text().await.ok()?;
        assert!(status.is_success(), "{status} {text}");
        let answer: Value = serde_json::from_str(&text).unwrap();
        let id = if sent.repeatable { &answer[0]["id"] } else { &answer["workflow_instance_id"] };
        Some(id.as_str().unwrap().to_owned())
    }
}

/// How often each key was started.
#[derive(Default)]
pub(crate) struct Starts(Mutex<BTreeMap<String, u32>>);

impl Starts {
    pub(crate) fn counted(&self) -> BTreeMap<String, u32> {
        self.0.lock().unwrap().clone()
    }
}

impl Workflow for Starts {
    fn started(&self, args: &Value) {
        let key = args["key"].as_str().unwrap().to_owned();
        *self.0.lock().unwrap().entry(key).or_default() += 1;
    }
}
