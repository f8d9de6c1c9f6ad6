//! The settings: keys, and the values that each takes.

use proc_macro2::Span;
use syn::{Ident, LitStr, Path};

use crate::args::{Arg, Value};
use crate::errors::Errors;
use crate::ir::{Given, Subject, Term};
use crate::names::{self, Key, Narrow, Takes, listed};

/// The setting that a narrow name stands for.
pub(super) fn preset(subject: Subject, narrow: &Narrow, span: Span) -> Option<Term> {
    let key = subject.keys().iter().find(|key| key.name == narrow.key)?;
    let Takes::Words { ty, words } = key.takes else { return None };
    let (word, variant) = words.iter().find(|(word, _)| *word == narrow.word)?;
    Some(Term { key, span, values: vec![Given::Word { ty, variant, word, span }] })
}

/// What can be set for this event or trigger.
pub(super) fn known(subject: Subject, word: &Ident) -> String {
    match subject.keys() {
        [] => format!("`{word}` has no settings"),
        keys => format!("its settings follow after a comma: {}", listed(keys.iter().map(|key| key.name))),
    }
}

pub(super) fn unknown(subject: Subject, word: &Ident, key: &Ident) -> String {
    match subject.keys() {
        [] => known(subject, word),
        keys => {
            let keys: Vec<_> = keys.iter().map(|key| key.name).collect();
            names::unknown(&format!("`{word}` has no setting `{key}`"), &key.to_string(), &keys)
        }
    }
}

pub(super) fn missing(subject: Subject, key: &Key) -> String {
    let example = match subject {
        Subject::Trigger(trigger) => format!(", for example `#[trigger({})]`", trigger.example),
        _ => String::new(),
    };
    format!("`{}` needs `{} = ..`{example}", subject.name(), key.name)
}

/// The values behind `=`. `None` when they are reported.
pub(super) fn values(key: &'static Key, arg: &Arg, errors: &mut Errors) -> Option<Vec<Given>> {
    let list = match &arg.value {
        None => {
            errors.at(&arg.key, format!("`{}` needs a value: {}", key.name, expected(key)));
            return None;
        }
        Some(list @ Value::List(_, values)) if !key.list || values.is_empty() => {
            let many = if key.list { "at least one value" } else { "one value, without brackets" };
            errors.at(list, format!("`{}` takes {many}", key.name));
            return None;
        }
        Some(Value::List(_, values)) => values,
        Some(one) => std::slice::from_ref(one),
    };
    // Not collected into an option at once, so that all of them are checked.
    let given: Vec<_> = list.iter().map(|value| one(key, value, errors)).collect();
    given.into_iter().collect()
}

fn one(key: &'static Key, value: &Value, errors: &mut Errors) -> Option<Given> {
    match (key.takes, value) {
        (Takes::Number, Value::Number(number)) if number.base10_parse::<u64>().is_ok() => {
            return Some(Given::Number(number.clone()));
        }
        (Takes::Text, Value::Text(text)) if text.value().is_empty() => {
            errors.at(text, format!("`{}` is empty", key.name))
        }
        (Takes::Text, Value::Text(text)) => return Some(Given::Text(text.clone())),
        (Takes::Text, Value::Path(path)) if path.get_ident().is_some() => {
            return word(value).map(|(text, span)| Given::Text(LitStr::new(&text, span)));
        }
        (Takes::Words { ty, words }, Value::Path(_) | Value::Text(_)) => {
            let (typed, span) = word(value)?;
            if let Some((word, variant)) = words.iter().find(|(word, _)| *word == typed) {
                return Some(Given::Word { ty, variant, word, span });
            }
            let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            errors.at(value, names::unknown(&format!("`{}` cannot be `{typed}`", key.name), &typed, &known));
        }
        _ => errors.at(value, format!("`{}` takes {}", key.name, expected(key))),
    }
    None
}

/// The text of a word or string. Of a path, that is the last segment, so that `Taps::Double` finds `double`.
fn word(value: &Value) -> Option<(String, Span)> {
    match value {
        Value::Text(text) => Some((text.value(), text.span())),
        Value::Path(path) => path_text(path),
        _ => None,
    }
}

fn path_text(path: &Path) -> Option<(String, Span)> {
    let last = &path.segments.last()?.ident;
    Some((last.to_string(), last.span()))
}

fn expected(key: &Key) -> String {
    match key.takes {
        Takes::Text => format!("text, as in `{} = \"..\"`", key.name),
        Takes::Number => format!("a whole number, as in `{} = 25`", key.name),
        Takes::Words { words, .. } => format!("one of {}", listed(words.iter().map(|(word, _)| *word))),
    }
}
