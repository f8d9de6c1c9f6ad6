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
    Trigger,
    On,
}

impl Role {
    pub(crate) const ALL: [Self; 2] = [Self::Trigger, Self::On];

    /// The attribute's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Trigger => "trigger",
            Self::On => "on",
        }
    }
}

/// Looks up what the arguments say. `None` when it is not known what the handler is for, or a setting that it cannot do
/// without is missing.
pub(crate) fn read(role: Role, args: Vec<Arg>, errors: &mut Errors) -> Option<Selector> {
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
    let mut complete = true;
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
        } else {
            complete &= !key.required;
        }
    }
    if complete {
        for key in subject.keys().iter().filter(|key| key.required) {
            if terms.iter().all(|term| term.key.name != key.name) {
                errors.at(&word, terms::missing(subject, key));
                complete = false;
            }
        }
    }
    complete.then_some(Selector { subject, word, terms })
}
