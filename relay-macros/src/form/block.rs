//! An impl block, whose methods have `#[trigger(..)]` and `#[on(..)]`.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Attribute, Ident, ImplItem, ItemImpl, Meta, TraitItemFn, Type};

use super::docs;
use crate::args::{self, Arg};
use crate::errors::Errors;
use crate::ir::{Handler, Item, Selector, Workflow};
use crate::names::listed;
use crate::selector::{self, Role};
use crate::{check, settings};

pub(super) fn read(
    mut args: Vec<Arg>,
    mut block: ItemImpl,
    errors: &mut Errors,
) -> Result<Workflow, TokenStream> {
    let type_name = type_name(&block.self_ty);
    let default_name = type_name.as_ref().map(|name| snake_case(&name.unraw().to_string()));
    let settings = settings::take(&mut args, default_name.unwrap_or_else(|| "workflow".to_owned()), errors);
    for arg in args {
        errors.at(&arg.key, settings::unknown(&arg.key));
    }
    let handlers: Vec<_> = block.items.iter_mut().filter_map(|item| handler(item, errors)).collect();
    if let Some((path, _)) = &block.trait_ {
        let ty = block.self_ty.to_token_stream();
        errors.at(path, format!("`#[workflow]` goes on `impl {ty}`, not on the implementation of a trait"));
        return Err(block.into_token_stream());
    }
    // A trigger that is there but wrong counts: it is reported already.
    let any_trigger = handlers.iter().any(|handler| handler.triggers);
    if !any_trigger {
        let what = if handlers.is_empty() {
            "this workflow has no handlers"
        } else {
            "nothing starts this workflow"
        };
        errors.at(
            &block.self_ty,
            format!("{what}: mark a method with `#[trigger(phrase = \"hello\")]`, or with `#[trigger(any)]` for any start"),
        );
    }
    let handlers: Vec<_> = handlers.into_iter().filter_map(|marked| marked.handler).collect();
    check::duplicates(&handlers, errors);
    Ok(Workflow { settings, docs: docs(&block.attrs), item: Item::Impl(block), handlers })
}

/// A method with one of our attributes.
struct Marked {
    triggers: bool,
    /// None if its signature is wrong.
    handler: Option<Handler>,
}

/// Takes our attributes off the item and reads them.
fn handler(item: &mut ImplItem, errors: &mut Errors) -> Option<Marked> {
    let method = match item {
        ImplItem::Fn(method) => method,
        other => {
            not_a_method(other, errors);
            return None;
        }
    };
    let attributes = take_ours(&mut method.attrs);
    if attributes.is_empty() {
        return None;
    }
    let triggers = attributes.iter().any(|(role, _)| *role == Role::Trigger);
    let selectors: Vec<_> =
        attributes.iter().filter_map(|(role, attr)| selector(*role, attr, errors)).collect();
    let mut wrong = Errors::default();
    check::receiver(&method.sig, &mut wrong);
    check::signature(&method.sig, &mut wrong);
    let handler = wrong.is_empty().then(|| Handler {
        ident: method.sig.ident.clone(),
        params: check::params(&method.sig).cloned().collect(),
        output: method.sig.output.clone(),
        cfgs: method.attrs.iter().filter(|attr| attr.path().is_ident("cfg")).cloned().collect(),
        selectors,
    });
    errors.append(wrong);
    Some(Marked { triggers, handler })
}

fn selector(role: Role, attr: &Attribute, errors: &mut Errors) -> Option<Selector> {
    let tokens = match &attr.meta {
        Meta::List(list) => list.tokens.clone(),
        Meta::Path(_) | Meta::NameValue(_) => TokenStream::new(),
    };
    if tokens.is_empty() {
        let all = listed(selector::all(role));
        errors.at(attr, format!("`#[{0}(..)]` says what the handler is for, one of {all}", role.name()));
        return None;
    }
    // An argument that could not be read may be what makes the selector differ from another one.
    let before = errors.len();
    let args = args::parse(tokens, errors);
    let readable = errors.len() == before;
    let selector = selector::read(role, args, errors)?;
    check::phrases(&selector, errors);
    readable.then_some(selector)
}

/// Our attributes, however their path begins.
fn take_ours(attrs: &mut Vec<Attribute>) -> Vec<(Role, Attribute)> {
    let role = |attr: &Attribute| {
        let last = &attr.path().segments.last()?.ident;
        [Role::Trigger, Role::On].into_iter().find(|role| last == role.name())
    };
    let ours = attrs.extract_if(.., |attr| role(attr).is_some());
    ours.filter_map(|attr| Some((role(&attr)?, attr))).collect()
}

/// Our attributes on what is no method.
fn not_a_method(item: &mut ImplItem, errors: &mut Errors) {
    let attrs = match item {
        ImplItem::Const(item) => &mut item.attrs,
        ImplItem::Type(item) => &mut item.attrs,
        ImplItem::Macro(item) => &mut item.attrs,
        // A method without a body, as the compiler will say.
        ImplItem::Verbatim(tokens) => {
            if let Ok(mut method) = syn::parse2::<TraitItemFn>(tokens.clone()) {
                take_ours(&mut method.attrs);
                *tokens = method.into_token_stream();
            }
            return;
        }
        _ => return,
    };
    for (role, attr) in take_ours(attrs) {
        errors.at(attr, format!("`#[{}(..)]` goes on a method", role.name()));
    }
}

/// `Checkin` of `checkin::Checkin<T>`.
fn type_name(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(path) => Some(&path.path.segments.last()?.ident),
        _ => None,
    }
}

/// `night_watch` for `NightWatch`, `http_ping` for `HTTPPing`.
fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (i, letter) in letters.iter().enumerate() {
        let after_lower = i > 0 && !letters[i - 1].is_uppercase();
        let before_lower = letters.get(i + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && i > 0 && (after_lower || before_lower) && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
