//! A question and its answer.

use std::future::IntoFuture;
use std::ops::Range;
use std::time::Duration;

use relay_protocol::types::Language;

use crate::context::{BoxFuture, Heard, Interaction};
use crate::error::Result;

/// A question being asked; await it. Made by [`Interaction::ask`].
///
/// # Errors
///
/// Those of [`say`](Interaction::say) and [`listen`](Interaction::listen).
///
/// # Cancel safety
///
/// Dropping it does not take the question back: the device goes on speaking, or listening.
#[derive(Debug, Clone)]
#[must_use = "nothing is asked until it is awaited"]
pub struct Ask {
    interaction: Interaction,
    question: String,
    again: Option<String>,
    phrases: Vec<String>,
    lang: Option<Language>,
    timeout: Duration,
    attempts: u32,
}

impl Ask {
    pub(super) fn new(interaction: Interaction, question: String) -> Self {
        let timeout = Duration::from_secs(30);
        Self { interaction, question, again: None, phrases: Vec::new(), lang: None, timeout, attempts: 1 }
    }

    /// Only these phrases are recognised. By default, anything is.
    pub fn phrases(mut self, phrases: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.phrases = phrases.into_iter().map(Into::into).collect();
        self
    }

    /// The language of question and answer. Default: English (US).
    pub fn lang(mut self, lang: Language) -> Self {
        self.lang = Some(lang);
        self
    }

    /// How long to listen after each question; whole seconds, rounded up. Default: 30 s.
    pub fn timeout(mut self, time: Duration) -> Self {
        self.timeout = time;
        self
    }

    /// How often to ask in all, as long as nobody answers. Default: once. At least once.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// What to say instead of the question when asking again. Default: the question.
    pub fn again(mut self, text: impl Into<String>) -> Self {
        self.again = Some(text.into());
        self
    }

    pub(super) fn interaction(&self) -> &Interaction {
        &self.interaction
    }

    pub(super) fn language(&self) -> Option<&Language> {
        self.lang.as_ref()
    }

    pub(super) fn time(&self) -> Duration {
        self.timeout
    }

    pub(super) fn numbers(&self) -> Range<u32> {
        0..self.attempts.max(1)
    }

    /// Asks until `read` makes something of what was heard.
    pub(super) async fn until<T>(&self, mut read: impl FnMut(Heard) -> Option<T>) -> Result<Option<T>> {
        for attempt in self.numbers() {
            self.say(attempt).await?;
            if let Some(answer) = read(self.listen().await?) {
                return Ok(Some(answer));
            }
        }
        Ok(None)
    }

    pub(super) async fn say(&self, attempt: u32) -> Result<()> {
        let text = self.again.as_ref().filter(|_| attempt > 0).unwrap_or(&self.question);
        let mut say = self.interaction.say(text);
        if let Some(lang) = &self.lang {
            say = say.lang(lang.clone());
        }
        say.await
    }

    pub(super) async fn listen(&self) -> Result<Heard> {
        let mut listen = self.interaction.listen().phrases(&self.phrases).timeout(self.timeout);
        if let Some(lang) = &self.lang {
            listen = listen.lang(lang.clone());
        }
        listen.await
    }
}

impl IntoFuture for Ask {
    type Output = Result<Heard>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let heard = self.until(|heard| (!heard.is_silence()).then_some(heard)).await?;
            Ok(heard.unwrap_or_default())
        })
    }
}
