//! What the people of a script have perceived, read from the server's stream of events.

use std::collections::VecDeque;

use relay_engine::{ALERT_TONE, BROADCAST_CHIME};
use relay_server::events::Event;
use serde_json::Value;

/// One person: what the script has not asked about yet.
#[derive(Default)]
pub(super) struct Senses {
    /// Text or file, and whether it is over.
    pub(super) heard: VecDeque<(String, bool)>,
    pub(super) alerts: VecDeque<String>,
    pub(super) broadcasts: VecDeque<String>,
    /// Sounds of any kind, ever.
    pub(super) sounds: usize,
    pub(super) felt: VecDeque<Value>,
    /// Lights and channels: the present one stays, for it still is so.
    pub(super) seen: VecDeque<Value>,
    pub(super) channels: VecDeque<String>,
    pub(super) calls: VecDeque<Value>,
    pub(super) listening: bool,
    announced: Announced,
}

/// What the next words belong to.
#[derive(Default)]
enum Announced {
    #[default]
    Nothing,
    Alert,
    Broadcast,
}

impl Senses {
    pub(super) fn new(channel: &str) -> Self {
        Self { seen: [Value::Null].into(), channels: [channel.to_owned()].into(), ..Self::default() }
    }

    pub(super) fn perceive(&mut self, event: &Event) {
        let data = &event.data;
        let text = |key: &str| data[key].as_str().map(str::to_owned);
        match event.what {
            "sound_started" => match text("file") {
                Some(file) => self.play(file),
                None => self.speech(text("text").unwrap_or_default()),
            },
            "sound_stopped" => {
                if let Some((_, over)) = self.heard.back_mut() {
                    *over = true;
                }
            }
            "ring" => self.seen.push_back(data.clone()),
            "vibration" => self.felt.push_back(data["pattern"].clone()),
            "channel" => self.channels.push_back(text("name").unwrap_or_else(|| "Assistant".to_owned())),
            "call" => self.calls.push_back(data.clone()),
            "listening" => self.listening = data["on"] == true,
            _ => {}
        }
    }

    fn play(&mut self, file: String) {
        self.sounds += 1;
        match &*file {
            ALERT_TONE => self.announced = Announced::Alert,
            BROADCAST_CHIME => self.announced = Announced::Broadcast,
            _ => self.heard.push_back((file, false)),
        }
    }

    /// Alerts come again and again, whatever else is said, and are expected by themselves.
    fn speech(&mut self, text: String) {
        self.sounds += 1;
        match std::mem::take(&mut self.announced) {
            Announced::Alert if self.alerts.contains(&text) => {}
            Announced::Alert => self.alerts.push_back(text),
            Announced::Broadcast => self.broadcasts.push_back(text),
            Announced::Nothing => self.heard.push_back((text, false)),
        }
    }
}

/// Whether something that lasts is or was so since it was last asked about.
pub(super) fn reached<T>(history: &mut VecDeque<T>, fits: impl FnMut(&T) -> bool) -> bool {
    let at = history.iter().position(fits);
    at.inspect(|at| drop(history.drain(..at))).is_some()
}
