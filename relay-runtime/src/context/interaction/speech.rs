//! Speaking, playing, listening.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use relay_protocol::request::{Listen, Play, Say, StopPlayback, Translate};
use relay_protocol::types::Language;
use relay_protocol::{Event, Urn};

use super::Action;
use crate::context::{Context, units};
use crate::error::Cause;
use crate::session::Shared;

/// What official SDKs wait for a prompt; the length of the text comes on top.
const PROMPT: Duration = Duration::from_secs(32);
/// Slow speech has about ten characters a second.
const PER_CHARACTER: Duration = Duration::from_millis(100);
/// The longest audio file that Relay takes.
const LONGEST_FILE: Duration = Duration::from_secs(30);
/// For the way of the last words, after the time to listen is over.
const LISTEN_SLACK: Duration = Duration::from_secs(2);

pub(super) fn say(shared: &Arc<Shared>, target: impl IntoIterator<Item = Urn>, text: String) -> Action<Say> {
    let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    let within = PROMPT + PER_CHARACTER * length;
    Action::new(shared, target, Say::new(text)).until_its_end().end_within(within)
}

pub(super) fn play(
    shared: &Arc<Shared>,
    target: impl IntoIterator<Item = Urn>,
    filename: String,
) -> Action<Play> {
    Action::new(shared, target, Play::new(filename)).until_its_end().end_within(PROMPT + LONGEST_FILE)
}

pub(super) fn listen(shared: &Arc<Shared>, target: impl IntoIterator<Item = Urn>) -> Action<Listen, Heard> {
    let body = Listen::new();
    let time = Duration::from_secs(body.timeout) + LISTEN_SLACK;
    Action::new(shared, target, body).until_its_end().end_within(time).finish(|done| match done.event() {
        Ok(Event::Speech(speech)) => {
            Ok(Heard { text: speech.text.unwrap_or_default(), audio: speech.audio, lang: Some(speech.lang) })
        }
        // What Relay does when nobody speaks is not known; our own clock then says so.
        Err(Cause::TimedOut { accepted: true, .. }) => Ok(Heard::default()),
        Err(cause) => Err(cause),
        Ok(_) => Err(Cause::BadAnswer("speech")),
    })
}

/// Options of [`say`](super::Interaction::say).
impl Action<Say> {
    /// The language of the text. Default: English (US).
    pub fn lang(self, lang: Language) -> Self {
        self.set(|body| body.lang = lang)
    }

    /// Done when Relay has accepted the text, not when it has been spoken.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// # async fn f(alice: Interaction) -> Result<()> {
    /// let story = alice.say("Once upon a time …").in_background().await?;
    /// alice.next_button().await?;
    /// story.stop().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// To do something meanwhile and still know when it has been spoken, join the two instead:
    /// `tokio::join!(alice.say(text), alice.vibrate(pattern))`.
    pub fn in_background(self) -> Action<Say, Playback> {
        self.until_its_response().finish(|done| {
            let (shared, target) = (done.shared, done.target);
            Ok(Playback::new(shared, target, done.response()?.id))
        })
    }
}

/// Options of [`play`](super::Interaction::play).
impl Action<Play> {
    /// Done when Relay has accepted the request, not when the file has been played. As for
    /// [`say`](Action::in_background).
    pub fn in_background(self) -> Action<Play, Playback> {
        self.until_its_response().finish(|done| {
            let (shared, target) = (done.shared, done.target);
            Ok(Playback::new(shared, target, done.response()?.id))
        })
    }
}

/// Options of [`listen`](super::Interaction::listen).
impl Action<Listen, Heard> {
    /// Only these phrases are recognised. By default, anything is.
    pub fn phrases(self, phrases: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.set(|body| body.phrases = phrases.into_iter().map(Into::into).collect())
    }

    /// How long to listen; whole seconds, rounded up. Default: 60 s.
    pub fn timeout(self, time: Duration) -> Self {
        let seconds = units::seconds(time);
        self.set(|body| body.timeout = seconds)
            .end_within(Duration::from_secs(seconds).saturating_add(LISTEN_SLACK))
    }

    /// The language to recognise. Default: Relay's, which is English (US). Whether it is then the only one is not
    /// known.
    pub fn lang(self, lang: Language) -> Self {
        self.set(|body| body.alt_lang = Some(lang))
    }

    /// Brings the recorded audio instead of text.
    pub fn audio(self) -> Self {
        self.set(|body| body.transcribe = false)
    }
}

/// Speech or sound in the background.
#[derive(Clone)]
pub struct Playback {
    shared: Arc<Shared>,
    target: Vec<Urn>,
    id: String,
}

impl Playback {
    fn new(shared: &Arc<Shared>, target: &[Urn], id: String) -> Self {
        Self { shared: shared.clone(), target: target.to_vec(), id }
    }

    /// The id by which [`prompt` events](crate::event::Prompt) name it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Stops it, if it still goes on. An engine that gave it no id stops everything on its interaction.
    pub fn stop(&self) -> Action<StopPlayback> {
        let body = match &*self.id {
            "" => StopPlayback::new(),
            id => StopPlayback::new().ids([id]),
        };
        Action::new(&self.shared, self.target.clone(), body)
    }
}

impl fmt::Debug for Playback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Playback").field(&self.id).finish()
    }
}

/// What was said.
#[derive(Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Heard {
    /// The words, as recognised: lower case, no punctuation. Empty when nothing was said.
    pub text: String,
    /// The recording, in Relay's encoding, if audio was asked for.
    pub audio: Option<String>,
    /// The language recognised.
    pub lang: Option<Language>,
}

impl Heard {
    /// Whether nobody spoke.
    pub fn is_silence(&self) -> bool {
        self.text.is_empty() && self.audio.is_none()
    }
}

/// Writes the words.
impl fmt::Display for Heard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Shows how much was said, not what: it may end up in a log.
impl fmt::Debug for Heard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Heard")
            .field("text", &format_args!("<{} redacted>", self.text.len()))
            .field("audio", &self.audio.as_ref().map(String::len))
            .field("lang", &self.lang)
            .finish()
    }
}

impl Context {
    /// Translates a text. Nothing is spoken.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// # async fn f(cx: Context, alice: Interaction) -> Result<()> {
    /// let text = cx.translate("Good morning", Language::Spanish).await?;
    /// alice.say(text).lang(Language::Spanish).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// Waits 5 s.
    pub fn translate(&self, text: impl Into<String>, to: Language) -> Action<Translate, String> {
        let body = Translate::new(text).to_lang(to);
        Action::new(&self.shared, Vec::new(), body).finish(|done| Ok(done.response()?.text))
    }
}

/// Options of [`translate`](Context::translate).
impl Action<Translate, String> {
    /// The language of the text. Default: English (US).
    pub fn from(self, lang: Language) -> Self {
        self.set(|body| body.from_lang = lang)
    }
}
