//! The words of `#[workflow]`, `#[trigger]` and `#[on]`: plain tables for the macro.

use anyhow::{Context, Result, bail};
use heck::ToPascalCase;
use proc_macro2::TokenStream;
use quote::quote;

use crate::schema::{Enum, Event, Schema, Trigger, TriggerOption, Value};

/// `relay-macros/src/generated.rs`.
pub fn generate(schema: &Schema) -> Result<String> {
    let events = events(schema).map(|e| event(e, schema)).collect::<Result<Vec<_>>>()?;
    let triggers = schema.triggers.iter().map(|t| trigger(t, schema)).collect::<Result<Vec<_>>>()?;
    super::rust::file(
        "The words of the attributes.",
        quote! {
            use crate::names::{Event, Key, Narrow, Trigger};

            pub(crate) static EVENTS: &[Event] = &[#(#events),*];
            pub(crate) static TRIGGERS: &[Trigger] = &[#(#triggers),*];
        },
    )
}

/// The events that can have a handler: not `start`, which is what triggers are for, nor `progress`, which the session
/// consumes.
pub(super) fn events(schema: &Schema) -> impl Iterator<Item = &Event> {
    schema.events.iter().filter(|e| !matches!(e.name.as_str(), "start" | "progress"))
}

/// A key by which an event can be filtered.
pub(super) struct Filter<'a> {
    pub(super) key: &'a str,
    /// The Rust field, and the method of `Filter`.
    pub(super) method: &'a str,
    /// The word list; none for free text.
    pub(super) words: Option<&'a Enum>,
}

/// What an event can be filtered by.
pub(super) fn filters<'a>(event: &'a Event, schema: &'a Schema) -> Vec<Filter<'a>> {
    let fields = event.fields.iter().filter(|f| f.filter).map(|f| Filter {
        key: &f.name,
        method: f.rust.as_deref().unwrap_or(&f.name),
        words: find_enum(schema, &f.ty),
    });
    let interaction = Filter { key: "interaction", method: "interaction", words: None };
    fields.chain(event.of_interaction.then_some(interaction)).collect()
}

fn event(event: &Event, schema: &Schema) -> Result<TokenStream> {
    let (name, aliases, ty) = (&event.name, &event.aliases, event.name.to_pascal_case());
    let keys = filters(event, schema).into_iter().map(|filter| {
        let key = match filter.words {
            Some(list) => words(filter.key, &list.name, list.values.iter().map(|v| (&*v.wire, v.variant()))),
            None => text(filter.key),
        };
        let method = method(filter.key, filter.method);
        quote!(#key #method.list())
    });
    let narrow = event.narrow.iter().map(|n| {
        let (name, key, word) = (&n.name, &n.field, &n.value);
        quote!(Narrow { name: #name, key: #key, word: #word })
    });
    Ok(quote! {
        Event { name: #name, aliases: &[#(#aliases),*], ty: #ty, keys: &[#(#keys),*], narrow: &[#(#narrow),*] }
    })
}

fn trigger(trigger: &Trigger, schema: &Schema) -> Result<TokenStream> {
    let (name, aliases, example) = (&trigger.name, &trigger.aliases, &trigger.example);
    let keys = (trigger.options.iter())
        .map(|o| option(o, schema).with_context(|| format!("trigger `{name}`, option `{}`", o.key)))
        .collect::<Result<Vec<_>>>()?;
    Ok(quote!(Trigger { name: #name, aliases: &[#(#aliases),*], keys: &[#(#keys),*], example: #example }))
}

fn option(option: &TriggerOption, schema: &Schema) -> Result<TokenStream> {
    let list = option.ty == "texts";
    let known: Vec<_> = match option.ty.as_str() {
        "text" | "int" => Vec::new(),
        "texts" => option.words.iter().filter_map(|word| Some(word.split_once('=')?.0)).collect(),
        words => words.split('|').collect(),
    };
    let key = if option.ty == "int" {
        let key = &option.key;
        quote!(Key::number(#key))
    } else if known.is_empty() {
        text(&option.key)
    } else {
        // The enum that the builder takes, from the word lists or beside the registration.
        let ty = match option.key.as_str() {
            "taps" => "Taps",
            "type" => "NfcTagType",
            "transition" => "Transition",
            "direction" => "CallDirection",
            "frequency" => "Frequency",
            "days" => "Weekday",
            _ => bail!("no Rust enum is known for its words"),
        };
        let variant = |word: &str| {
            let value = find_enum(schema, ty).and_then(|list| list.values.iter().find(|v| v.wire == word));
            value.map_or_else(|| word.to_pascal_case(), Value::variant)
        };
        words(&option.key, ty, known.into_iter().map(|word| (word, variant(word))))
    };
    // A keyword becomes what the schema calls such a field everywhere else.
    let method = method(&option.key, if option.key == "type" { "kind" } else { &option.key });
    let list = list.then(|| quote!(.list()));
    let required = option.required.then(|| quote!(.required()));
    Ok(quote!(#key #method #list #required))
}

fn text(key: &str) -> TokenStream {
    quote!(Key::text(#key))
}

fn words<'a>(key: &str, ty: &str, words: impl Iterator<Item = (&'a str, String)>) -> TokenStream {
    let words = words.map(|(word, variant)| quote!((#word, #variant)));
    quote!(Key::words(#key, #ty, &[#(#words),*]))
}

fn method(key: &str, method: &str) -> Option<TokenStream> {
    (key != method).then(|| quote!(.method(#method)))
}

fn find_enum<'a>(schema: &'a Schema, name: &str) -> Option<&'a Enum> {
    schema.enums.iter().find(|e| e.name == name)
}
