//! Translation, which somebody else must know how to do.

use alloc::format;
use alloc::string::String;
use core::fmt::Debug;

use relay_protocol::types::Language;
use relay_protocol::{request, response};

use crate::engine::Engine;

/// Translates for the `translate` request.
pub trait Translator: Debug + Send + Sync {
    /// The text in the language `to`.
    fn translate(&self, text: &str, from: &Language, to: &Language) -> String;
}

/// Leaves the text as it is and puts the language wanted before it: `[es-ES] good morning`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MarkOnly;

impl Translator for MarkOnly {
    fn translate(&self, text: &str, _from: &Language, to: &Language) -> String {
        format!("[{to}] {text}")
    }
}

impl Engine {
    pub(crate) fn translate(&self, asked: &request::Translate) -> response::Translate {
        let translator = &self.config.translator;
        response::Translate::new(translator.translate(&asked.text, &asked.from_lang, &asked.to_lang))
    }
}
