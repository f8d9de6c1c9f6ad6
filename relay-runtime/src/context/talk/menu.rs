//! A choice, said or tapped.

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use relay_protocol::EventBody;
use relay_protocol::event::Button;
use relay_protocol::types::{ButtonName, Language, Taps};

use super::Ask;
use super::words::which;
use crate::context::{BoxFuture, Events, Interaction};
use crate::error::{Cause, Result};

/// A choice being offered; await it. Made by [`Interaction::menu`].
///
/// A tap counts from the moment on at which the question begins, and cuts it short.
///
/// # Errors
///
/// [`Cause::BadArgument`] when there is nothing to choose from, and those of [`say`](Interaction::say) and
/// [`listen`](Interaction::listen).
///
/// # Cancel safety
///
/// As [`Ask`].
#[must_use = "nothing is asked until it is awaited"]
pub struct Menu<T> {
    ask: Ask,
    phrases: Vec<String>,
    values: Vec<T>,
    by_taps: bool,
}

impl<T> Menu<T> {
    pub(super) fn new(interaction: Interaction, question: String) -> Self {
        let ask = Ask::new(interaction, question).attempts(3);
        Self { ask, phrases: Vec::new(), values: Vec::new(), by_taps: false }
    }

    /// Adds something to choose, by a phrase that is easily told from the others.
    pub fn choice(mut self, phrase: impl Into<String>, value: T) -> Self {
        self.phrases.push(phrase.into());
        self.values.push(value);
        self
    }

    /// Does not listen, but waits for taps alone. The question should say which does what.
    pub fn by_taps(mut self) -> Self {
        self.by_taps = true;
        self
    }

    /// The language of question and answer. Default: English (US).
    pub fn lang(self, lang: Language) -> Self {
        Self { ask: self.ask.lang(lang), ..self }
    }

    /// How long to wait after each question; whole seconds, rounded up. Default: 30 s.
    pub fn timeout(self, time: Duration) -> Self {
        Self { ask: self.ask.timeout(time), ..self }
    }

    /// How often to ask in all, as long as nothing is chosen. Default: three times. At least once.
    pub fn attempts(self, attempts: u32) -> Self {
        Self { ask: self.ask.attempts(attempts), ..self }
    }

    /// What to say instead of the question when asking again. Default: the question.
    pub fn again(self, text: impl Into<String>) -> Self {
        Self { ask: self.ask.again(text), ..self }
    }
}

/// Who waits for a choice.
struct Waiting {
    ask: Ask,
    phrases: Vec<String>,
    by_taps: bool,
    presses: Events<Button>,
}

impl Waiting {
    /// The place of the choice.
    async fn choose(&mut self) -> Result<Option<usize>> {
        let Self { ask, phrases, by_taps, presses } = self;
        let choices = phrases.len();
        for attempt in ask.numbers() {
            tokio::select! {
                place = tapped(ask, presses, choices) => {
                    let place = place?;
                    ask.interaction().stop_playback().await?;
                    return Ok(Some(place));
                }
                said = ask.say(attempt) => said?,
            }
            let chosen = tokio::select! {
                place = tapped(ask, presses, choices) => Some(place?),
                () = tokio::time::sleep(ask.time()), if *by_taps => None,
                heard = ask.listen(), if !*by_taps => which(&heard?.text, phrases),
            };
            if chosen.is_some() {
                return Ok(chosen);
            }
        }
        Ok(None)
    }
}

/// The place of the next choice that is tapped.
async fn tapped(ask: &Ask, presses: &mut Events<Button>, choices: usize) -> Result<usize> {
    let place = |press: &Button| match (&press.button, &press.taps) {
        (ButtonName::Action, Taps::Single) => 0,
        (ButtonName::Action, Taps::Double) => 1,
        (ButtonName::Action, Taps::Triple) => 2,
        (ButtonName::Action, Taps::Long) => 3,
        _ => usize::MAX,
    };
    match presses.find(|press| place(press) < choices).await {
        Ok(press) => Ok(place(&press)),
        Err(cause) => Err(ask.interaction().error(Button::NAME, cause)),
    }
}

impl<T: Send + 'static> IntoFuture for Menu<T> {
    type Output = Result<Option<T>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { ask, phrases, mut values, by_taps } = self;
        let presses = ask.interaction().buttons();
        let ask = ask.phrases(&phrases);
        let mut waiting = Waiting { ask, phrases, by_taps, presses };
        Box::pin(async move {
            if values.is_empty() {
                let why = "there are none: add some with `choice`".to_owned();
                let cause = Cause::BadArgument { argument: "choices", why };
                return Err(waiting.ask.interaction().error("menu", cause));
            }
            Ok(waiting.choose().await?.map(|place| values.swap_remove(place)))
        })
    }
}

impl<T> fmt::Debug for Menu<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Menu").field("ask", &self.ask).field("phrases", &self.phrases).finish_non_exhaustive()
    }
}
