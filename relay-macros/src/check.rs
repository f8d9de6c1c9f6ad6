//! The rules that a handler's signature and the handlers among each other must keep.
//!
//! What a type must be is not checked here: traits of the runtime do, and the expansion sees to it that their errors
//! point at the type.

use proc_macro2::Span;
use quote::ToTokens;
use syn::{FnArg, GenericParam, Receiver, ReceiverKind, Safety, Signature, Type};

use crate::errors::Errors;
use crate::ir::{Handler, Selector, Subject};

/// As many as the runtime's traits go up to.
const MOST_PARAMS: usize = 8;

/// Checks what holds for the handlers of either form.
pub(crate) fn signature(sig: &Signature, errors: &mut Errors) {
    if sig.asyncness.is_none() {
        errors.at(sig.fn_token, "a handler is an `async fn`: what it asks of a device takes time");
    }
    if let Safety::Unsafe(keyword) = &sig.safety {
        errors.at(keyword, "a handler cannot be `unsafe`: the runtime calls it");
    }
    if let Some(abi) = &sig.abi {
        errors.at(abi, "a handler has no ABI of its own: the runtime calls it as Rust");
    }
    for param in &sig.generics.params {
        let what = match param {
            GenericParam::Lifetime(_) => "lifetime parameters: it owns what it gets",
            GenericParam::Type(_) | GenericParam::Const(_) => {
                "generic parameters: the runtime calls it and would not know what to put for them"
            }
        };
        errors.at(param, format!("a handler has no {what}"));
    }
    for (i, ty) in params(sig).enumerate() {
        match ty {
            Type::Reference(_) => {
                errors.at(ty, "a handler owns what it gets: its parameters are no references")
            }
            Type::ImplTrait(_) => {
                errors.at(ty, "a handler has no generic parameters: name the type that you want here");
            }
            _ if i == MOST_PARAMS => errors.at(ty, format!("a handler has at most {MOST_PARAMS} parameters")),
            _ => {}
        }
    }
}

/// The types of the parameters, without `self`.
pub(crate) fn params(sig: &Signature) -> impl Iterator<Item = &Type> {
    sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(param) => Some(&*param.ty),
        FnArg::Receiver(_) => None,
    })
}

/// A method's handler takes `&self`.
pub(crate) fn receiver(sig: &Signature, errors: &mut Errors) {
    const SHARED: &str = "the handlers of a session run concurrently and share its value";
    let Some(FnArg::Receiver(receiver)) = sig.inputs.first() else {
        let ident = &sig.ident;
        errors.at(ident, format!("a handler takes `&self`: `async fn {ident}(&self, ..)`"));
        return;
    };
    match &receiver.kind {
        ReceiverKind::Reference(_, _, None) => {}
        ReceiverKind::Reference(_, _, Some(_)) => errors.at(
            receiver,
            format!("a handler takes `&self`, not `&mut self`: {SHARED}; put what changes into a `Mutex` or an atomic"),
        ),
        _ => {
            errors.at(receiver, format!("a handler takes `&self`, not `{}`: {SHARED}", shown(receiver)));
        }
    }
}

fn shown(receiver: &Receiver) -> String {
    receiver.to_token_stream().to_string().replace(" :", ":").replace(" < ", "<").replace(" >", ">")
}

/// Phrases are compared with what was heard.
pub(crate) fn phrases(selector: &Selector, errors: &mut Errors) {
    let Some(term) = selector.term("phrase").filter(|_| matches!(selector.subject, Subject::Trigger(_)))
    else {
        return;
    };
    for given in &term.values {
        let phrase = given.text();
        if phrase.chars().any(char::is_uppercase) {
            let lower = phrase.to_lowercase();
            let message = format!("the speech recogniser gives lower case, so the phrase is `{lower}`");
            errors.push(syn::Error::new(given.span(), message));
        } else if !phrase.chars().any(char::is_alphanumeric) {
            errors.push(syn::Error::new(given.span(), "a phrase has at least one word"));
        }
    }
}

/// No two handlers want the same with equal right: only the first would ever run.
pub(crate) fn duplicates(handlers: &[Handler], errors: &mut Errors) {
    let all = || handlers.iter().flat_map(|handler| handler.selectors.iter().map(move |s| (handler, s)));
    for (i, (handler, second)) in all().enumerate() {
        // If both depend on a `cfg`, perhaps only one of them is there.
        let mut rivals = all().take(i).filter(|(first, _)| first.cfgs.is_empty() || handler.cfgs.is_empty());
        let clash = rivals.find_map(|(first, rival)| Some((first, both_take(rival, second)?)));
        if let Some((first, (what, span))) = clash {
            errors.push(syn::Error::new(span, format!("`{}` handles `{what}` already", first.ident)));
        }
    }
}

/// What both selectors take with equal right, and where the second one says so.
fn both_take(first: &Selector, second: &Selector) -> Option<(String, Span)> {
    let name = first.subject.name();
    let comparable = first.subject.is_trigger() == second.subject.is_trigger()
        && name == second.subject.name()
        && first.terms.len() == second.terms.len();
    if !comparable {
        return None;
    }
    let (mut what, mut span) = (vec![name.to_owned()], second.word.span());
    for term in &second.terms {
        let rival = first.term(term.key.name)?;
        let shared =
            term.values.iter().find(|value| rival.values.iter().any(|other| other.text() == value.text()))?;
        what.push(format!("{} = {shared}", term.key.name));
        span = shared.span();
    }
    // As it is written: `phrase = ".."` rather than `phrase, phrase = ".."`.
    let named_by_setting = second.terms.first().is_some_and(|term| term.key.name == name);
    Some((what[usize::from(named_by_setting)..].join(", "), span))
}
