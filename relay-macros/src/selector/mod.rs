//! From words to table entries: the inside of `#[trigger(..)]` and `#[on(..)]`.

mod subject;
mod terms;

pub(crate) use subject::all;

use crate::args::Arg;
use crate::errors::Errors;
use crate::ir::{Selector, Term};

/// Which attribute it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// `#[workflow(..)]` on a fn, beside its own settings.
    Story,
    Trigger,
    On,
}

impl Role {
    /// The attribute's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Story => "workflow",
            Self::Trigger => "trigger",
            Self::On => "on",
        }
    }
}

/// Looks up what the arguments say. `None` when any of it is wrong.
pub(crate) fn read(role: Role, args: Vec<Arg>, errors: &mut Errors) -> Option<Selector> {
    let before = errors.len();
    let first = args.first()?;
    let word = first.key.clone();
    let (subject, narrow) = subject::find(role, &word, errors)?;
    // `phrase = ".."` names the trigger and is its setting at once; otherwise the first word stands alone.
    let is_setting = first.value.is_some() && subject.key(&word).is_some();
    if let (false, Some(value)) = (is_setting, &first.value) {
        errors.at(value, format!("`{word}` takes no value; {}", terms::known(subject, &word)));
    }
    let preset = narrow.and_then(|narrow| terms::preset(subject, narrow, word.span()));
    let mut terms: Vec<Term> = preset.into_iter().collect();
    for arg in args.into_iter().skip(usize::from(!is_setting)) {
        let Some(key) = subject.key(&arg.key) else {
            errors.at(&arg.key, terms::unknown(subject, &word, &arg.key));
            continue;
        };
        if let Some(narrow) = narrow.filter(|narrow| narrow.key == key.name) {
            errors.at(&arg.key, format!("`{word}` already means `{} = {}`", narrow.key, narrow.word));
        } else if terms.iter().any(|term| term.key.name == key.name) {
            errors.at(&arg.key, format!("`{}` is set twice", key.name));
        } else if let Some(values) = terms::values(key, &arg, errors) {
            terms.push(Term { key, span: arg.key.span(), values });
        }
    }
    let selector = Selector { subject, word, terms };
    // One that is there but wrong is reported already.
    if errors.len() == before {
        for key in subject.keys().iter().filter(|key| key.required && selector.term(key.name).is_none()) {
            errors.at(&selector.word, terms::missing(subject, key));
        }
    }
    (errors.len() == before).then_some(selector)
}
