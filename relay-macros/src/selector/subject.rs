//! What the first word names: a trigger or an event.

use std::iter;

use syn::Ident;

use super::Role;
use crate::errors::Errors;
use crate::generated::{EVENTS, TRIGGERS};
use crate::ir::Subject;
use crate::names::{self, Event, Narrow, Trigger};
use crate::settings;

/// Looks the word up. With it, the setting that a narrow name stands for.
pub(super) fn find(
    role: Role,
    word: &Ident,
    errors: &mut Errors,
) -> Option<(Subject, Option<&'static Narrow>)> {
    let text = word.to_string();
    let found = match role {
        Role::On if text == "any" => Some((Subject::Any, None)),
        Role::On if text == "unknown" => Some((Subject::Unknown, None)),
        Role::Trigger | Role::Story if text == "any" => Some((Subject::AnyTrigger, None)),
        Role::Trigger | Role::Story => trigger(&text).map(|trigger| (Subject::Trigger(trigger), None)),
        Role::On => event(&text).map(|(event, narrow)| (Subject::Event(event), narrow)),
    };
    if found.is_none() {
        errors.at(word, why_not(role, &text));
    }
    found
}

/// All that may stand first.
pub(crate) fn all(role: Role) -> Vec<&'static str> {
    match role {
        Role::Trigger => TRIGGERS.iter().map(|trigger| trigger.name).chain(["any"]).collect(),
        Role::Story => all(Role::Trigger).into_iter().chain(settings::NAMES).collect(),
        Role::On => {
            let names =
                |event: &'static Event| iter::once(event.name).chain(event.narrow.iter().map(|n| n.name));
            EVENTS.iter().flat_map(names).chain(["any", "unknown"]).collect()
        }
    }
}

fn trigger(name: &str) -> Option<&'static Trigger> {
    TRIGGERS.iter().find(|trigger| trigger.name == name || trigger.aliases.contains(&name))
}

fn event(name: &str) -> Option<(&'static Event, Option<&'static Narrow>)> {
    EVENTS.iter().find_map(|event| {
        if event.name == name || event.aliases.contains(&name) {
            return Some((event, None));
        }
        let narrow = event.narrow.iter().find(|narrow| narrow.name == name)?;
        Some((event, Some(narrow)))
    })
}

fn why_not(role: Role, word: &str) -> String {
    match role {
        Role::On if word == "start" => {
            "a start event goes to a trigger: `#[trigger(phrase = \"hello\")]`, or `#[trigger(any)]` for whatever \
             starts the workflow"
                .to_owned()
        }
        Role::On if word == "progress" => {
            "a progress event has no handler: it makes a request of this workflow wait longer".to_owned()
        }
        Role::On if trigger(word).is_some() => format!("`{word}` is a trigger, not an event: `#[trigger({word} ..)]`"),
        Role::Trigger | Role::Story if event(word).is_some() => format!("`{word}` is an event, not a trigger: `#[on({word} ..)]`"),
        Role::On => names::unknown(&format!("there is no event `{word}`"), word, &all(role)),
        Role::Trigger => names::unknown(&format!("there is no trigger `{word}`"), word, &all(role)),
        Role::Story => names::unknown(&format!("there is no trigger or setting `{word}`"), word, &all(role)),
    }
}
