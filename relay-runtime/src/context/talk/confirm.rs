//! Yes or no.

use std::future::IntoFuture;
use std::time::Duration;

use relay_protocol::types::Language;

use super::Ask;
use super::words::{which, yes_and_no};
use crate::context::{BoxFuture, Interaction};
use crate::error::Result;

/// A question for yes or no being asked; await it. Made by [`Interaction::confirm`].
///
/// # Errors
///
/// Those of [`say`](Interaction::say) and [`listen`](Interaction::listen).
///
/// # Cancel safety
///
/// As [`Ask`].
#[derive(Debug, Clone)]
#[must_use = "nothing is asked until it is awaited"]
pub struct Confirm {
    ask: Ask,
    words: Option<[String; 2]>,
}

impl Confirm {
    pub(super) fn new(interaction: Interaction, question: String) -> Self {
        Self { ask: Ask::new(interaction, question).attempts(3), words: None }
    }

    /// The language of question and answer. Default: English (US). The words for yes and no are known for all languages
    /// that the protocol lists.
    pub fn lang(self, lang: Language) -> Self {
        Self { ask: self.ask.lang(lang), ..self }
    }

    /// Other words for yes and for no: `.words("done", "not yet")`.
    pub fn words(self, yes: impl Into<String>, no: impl Into<String>) -> Self {
        Self { words: Some([yes.into(), no.into()]), ..self }
    }

    /// How long to listen after each question; whole seconds, rounded up. Default: 30 s.
    pub fn timeout(self, time: Duration) -> Self {
        Self { ask: self.ask.timeout(time), ..self }
    }

    /// How often to ask in all, as long as there is no clear answer. Default: three times. At least once.
    pub fn attempts(self, attempts: u32) -> Self {
        Self { ask: self.ask.attempts(attempts), ..self }
    }

    /// What to say instead of the question when asking again. Default: the question.
    pub fn again(self, text: impl Into<String>) -> Self {
        Self { ask: self.ask.again(text), ..self }
    }
}

impl IntoFuture for Confirm {
    type Output = Result<Option<bool>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let lang = self.ask.language().unwrap_or(&Language::English);
        let words = self.words.unwrap_or_else(|| yes_and_no(lang).map(str::to_owned));
        let ask = self.ask.phrases(&words);
        Box::pin(async move { ask.until(|heard| Some(which(&heard.text, &words)? == 0)).await })
    }
}
