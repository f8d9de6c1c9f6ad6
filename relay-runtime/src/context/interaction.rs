//! An interaction on one device: speaking, playing, listening.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use relay_protocol::request::{self, EndInteraction, StartInteraction};
use relay_protocol::session::{Reply, RequestOptions};
use relay_protocol::types::{HomeChannel, InputType, InteractionOptions, Language};
use relay_protocol::urn::{DeviceUrn, InteractionUrn};
use relay_protocol::{Ends, Event, Urn};

use crate::error::{Cause, Result};
use crate::session::{Operation, Shared};

/// Makes a builder that is also the future of its action.
macro_rules! action {
    ($name:ident -> $output:ty) => {
        impl Future for $name {
            type Output = $crate::Result<$output>;

            fn poll(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
                Pin::new(&mut self.0).poll(cx)
            }
        }
    };
}
pub(crate) use action;

/// An interaction on one device, from [`Context::start_interaction`](crate::Context::start_interaction).
///
/// Cheap to clone. Dropping it does not end the interaction: [`end`](Self::end) does, and so does the end of the
/// session.
#[derive(Clone)]
pub struct Interaction {
    shared: Arc<Shared>,
    urn: InteractionUrn,
}

impl Interaction {
    pub(crate) fn new(shared: Arc<Shared>, urn: InteractionUrn) -> Self {
        Self { shared, urn }
    }

    /// The URN of the interaction, as Relay gave it.
    pub fn urn(&self) -> &InteractionUrn {
        &self.urn
    }

    /// The device that it is on, if the URN names one.
    pub fn device(&self) -> Option<DeviceUrn> {
        self.urn.device()
    }

    /// Speaks a text. Done when it has been spoken.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// # async fn f(alice: Interaction) -> Result<()> {
    /// alice.say("Guten Morgen").lang(Language::German).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// Waits 5 s for Relay to accept, then as long as the text may take: 32 s and a tenth of a second for each of its
    /// characters. [`Say::within`] changes that.
    ///
    /// # Errors
    ///
    /// [`Cause::Failed`] when it could not be spoken, and those of every action.
    pub fn say(&self, text: impl Into<String>) -> Say {
        let text = text.into();
        let within = PROMPT + PER_CHARACTER * u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let body = request::Say::new(text);
        let options = RequestOptions::end_of::<request::Say>().event_within(Some(within));
        Say(self.operation(body, options, |_, _| Ok(())))
    }

    /// Plays an audio file that was uploaded to Relay, by its name, or a URI such as `relay-static://emergency`. Done
    /// when it has been played.
    ///
    /// Waits 5 s for Relay to accept, then 62 s: uploaded files are shorter than 30 s, and one may be queued before.
    ///
    /// # Errors
    ///
    /// As [`say`](Self::say).
    pub fn play(&self, filename: impl Into<String>) -> Play {
        let options = RequestOptions::end_of::<request::Play>().event_within(Some(PROMPT + LONGEST_FILE));
        Play(self.operation(request::Play::new(filename.into()), options, |_, _| Ok(())))
    }

    /// Listens until the person at the device holds Talk and speaks. Silence is a value, not an error.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// # async fn f(alice: Interaction) -> Result<()> {
    /// let heard = alice.listen().phrases(["yes", "no"]).timeout(secs(20)).await?;
    /// if heard.is_silence() {
    ///     alice.say("I did not hear you").await?;
    /// }
    /// # Ok(()) }
    /// ```
    pub fn listen(&self) -> Listen {
        let body = request::Listen::new();
        let timeout = Duration::from_secs(body.timeout);
        let options = RequestOptions::end_of::<request::Listen>().event_within(Some(timeout + LISTEN_SLACK));
        Listen(self.operation(body, options, |_, reply| Heard::from_reply(reply)))
    }

    /// Takes the interaction from the device, which goes back to its channel. Done when Relay has accepted that.
    pub async fn end(&self) -> Result<()> {
        let options = RequestOptions::response_to::<EndInteraction>();
        self.operation(EndInteraction::new(), options, |_, _| Ok(())).await?;
        let urn = Urn::from(&self.urn);
        self.shared.lock().interactions.retain(|up| *up != urn);
        Ok(())
    }

    fn operation<R: relay_protocol::RequestBody, T>(
        &self,
        body: R,
        options: RequestOptions,
        finish: fn(&Arc<Shared>, Reply) -> Result<T, Cause>,
    ) -> Operation<R, T> {
        Operation::new(&self.shared, vec![Urn::from(&self.urn)], body, options, finish)
    }
}

/// What official SDKs wait for a prompt; the length of the text comes on top.
const PROMPT: Duration = Duration::from_secs(32);
/// Slow speech has about ten characters a second.
const PER_CHARACTER: Duration = Duration::from_millis(100);
/// The longest audio file that Relay takes.
const LONGEST_FILE: Duration = Duration::from_secs(30);
/// For the way of the last words, after the time to listen is over.
const LISTEN_SLACK: Duration = Duration::from_secs(2);

impl fmt::Debug for Interaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Interaction").field(&self.urn).finish()
    }
}

/// The start of an interaction; await it. Made by [`Context::start_interaction`](crate::Context::start_interaction).
#[derive(Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct StartingInteraction(pub(crate) Operation<StartInteraction, Interaction>);

action!(StartingInteraction -> Interaction);

impl StartingInteraction {
    fn option(mut self, set: impl FnOnce(InteractionOptions) -> InteractionOptions) -> Self {
        let options = self.0.body.options.take().unwrap_or_default();
        self.0.body.options = Some(set(options));
        self
    }

    /// The colour of the LED ring while the interaction is active, as six hexadecimal digits: `0000ff`.
    pub fn color(self, rgb: impl Into<String>) -> Self {
        self.option(|options| options.color(rgb))
    }

    /// Which presses are delivered as button events. By default, Relay decides.
    pub fn inputs(self, inputs: impl IntoIterator<Item = InputType>) -> Self {
        self.option(|options| options.input_types(inputs))
    }

    /// What becomes of the home channel while the interaction is up.
    pub fn home_channel(self, behaviour: HomeChannel) -> Self {
        self.option(|options| options.home_channel(behaviour))
    }

    /// How long the device may take to be ready once Relay has accepted. Default: 32 s.
    pub fn within(mut self, time: Duration) -> Self {
        self.0.options.event = Some(time);
        self
    }
}

/// A text being spoken; await it. Made by [`Interaction::say`].
#[derive(Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct Say(Operation<request::Say, ()>);

action!(Say -> ());

impl Say {
    /// The language of the text. Default: English (US).
    pub fn lang(mut self, lang: Language) -> Self {
        self.0.body.lang = lang;
        self
    }

    /// How long it may take to be spoken once Relay has accepted it.
    pub fn within(mut self, time: Duration) -> Self {
        self.0.options.event = Some(time);
        self
    }

    /// Done when Relay has accepted the text, not when it has been spoken: to speak in the background.
    pub fn in_background(mut self) -> Self {
        self.0.options.until = Ends::Response;
        self
    }
}

/// A file being played; await it. Made by [`Interaction::play`].
#[derive(Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct Play(Operation<request::Play, ()>);

action!(Play -> ());

impl Play {
    /// How long it may take to be played once Relay has accepted it.
    pub fn within(mut self, time: Duration) -> Self {
        self.0.options.event = Some(time);
        self
    }

    /// Done when Relay has accepted the request, not when the file has been played.
    pub fn in_background(mut self) -> Self {
        self.0.options.until = Ends::Response;
        self
    }
}

/// Listening; await it. Made by [`Interaction::listen`].
#[derive(Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct Listen(Operation<request::Listen, Heard>);

impl Listen {
    /// Only these phrases are recognised. By default, anything is.
    pub fn phrases(mut self, phrases: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.0.body.phrases = phrases.into_iter().map(Into::into).collect();
        self
    }

    /// How long to listen; whole seconds, rounded up. Default: 60 s.
    pub fn timeout(mut self, time: Duration) -> Self {
        let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
        self.0.body.timeout = seconds;
        self.0.options.event = Some(Duration::from_secs(seconds) + LISTEN_SLACK);
        self
    }

    /// The language to recognise. Default: Relay's, which is English (US).
    pub fn lang(mut self, lang: Language) -> Self {
        self.0.body.alt_lang = Some(lang);
        self
    }

    /// Brings the recorded audio instead of text.
    pub fn audio(mut self) -> Self {
        self.0.body.transcribe = false;
        self
    }
}

impl Future for Listen {
    type Output = Result<Heard>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx).map(|result| match result {
            // What Relay does when nobody speaks is not known; our own clock then says so.
            Err(error) if matches!(error.cause(), Some(Cause::TimedOut { accepted: true, .. })) => {
                Ok(Heard::default())
            }
            other => other,
        })
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

    fn from_reply(reply: Reply) -> Result<Self, Cause> {
        match reply.event {
            Some(Event::Speech(speech)) => Ok(Self {
                text: speech.text.unwrap_or_default(),
                audio: speech.audio,
                lang: Some(speech.lang),
            }),
            _ => Err(Cause::BadAnswer("speech")),
        }
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
