//! The stream of events, as a client reads it.

use std::time::Duration;

use reqwest::Response;
use serde_json::Value;

/// What never takes so long does not come.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Watch {
    response: Response,
    buffer: String,
    /// For whoever has to find out why a test failed.
    seen: Vec<String>,
}

impl Watch {
    pub(crate) fn new(response: Response) -> Self {
        assert!(response.status().is_success(), "{}", response.status());
        Self { response, buffer: String::new(), seen: Vec::new() }
    }

    /// Reads until there is such an event.
    pub(crate) async fn until(&mut self, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        let read = async {
            loop {
                let event = self.next().await;
                if event["kind"] != "frame" {
                    self.seen.push(event.to_string());
                }
                if is(&event) {
                    return event;
                }
            }
        };
        match tokio::time::timeout(PATIENCE, read).await {
            Ok(event) => event,
            Err(_) => panic!("never: {what}. There was:\n{}", self.seen.join("\n")),
        }
    }

    async fn next(&mut self) -> Value {
        loop {
            while let Some(end) = self.buffer.find("\n\n") {
                let event: String = self.buffer.drain(..end + 2).collect();
                let data = event.lines().find_map(|line| line.strip_prefix("data:"));
                if let Some(data) = data {
                    return serde_json::from_str(data.trim()).unwrap();
                }
            }
            let chunk = self.response.chunk().await.unwrap().expect("the stream ended");
            self.buffer.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}
