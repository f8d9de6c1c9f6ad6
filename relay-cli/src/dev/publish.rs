//! Lines of the workflow's program in the server's stream of events, for those who follow the log.

use jiff::Timestamp;
use relay_server::events::{Event, Hub, Kind};
use serde_json::json;

use super::generation::Line;

/// Adds to the stream of one account.
#[derive(Debug, Clone)]
pub(crate) struct Publisher {
    hub: Hub,
    account: String,
}

impl Publisher {
    pub(crate) fn new(hub: Hub, account: String) -> Self {
        Self { hub, account }
    }

    pub(super) fn publish(&self, line: &Line) {
        let now = Timestamp::now().as_millisecond();
        let text = console::strip_ansi_codes(&line.text);
        let data = json!({ "message": text, "process": line.generation });
        let event = Event::new(Kind::Log, "workflow", now, &*self.account).data(data);
        self.hub.publish(match instance(&text) {
            Some(instance) => event.instance(instance),
            None => event,
        });
    }
}

/// The instance that a line is about: our SDK writes its id into each line of a session, and others may too.
fn instance(line: &str) -> Option<&str> {
    let from = line.find("wfi_")?;
    let id = &line[from..];
    let end = id.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(id.len());
    (end > 4).then_some(&id[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_session_names_its_instance() {
        let line = r#"INFO session{number=1 workflow="hello" instance="wfi_01a20b"}: greeter: hello"#;
        assert_eq!(instance(line), Some("wfi_01a20b"));
        assert_eq!(instance("listening on wss://127.0.0.1:36047"), None);
        assert_eq!(instance("wfi_"), None);
    }
}
