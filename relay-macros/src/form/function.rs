//! One async fn, whose trigger stands in `#[workflow(..)]`.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{FnArg, Ident, ItemFn};

use super::docs;
use crate::args::Arg;
use crate::errors::Errors;
use crate::ir::{Handler, Item, Selector, Subject, Workflow};
use crate::selector::{self, Role};
use crate::{check, settings};

pub(super) fn read(
    mut args: Vec<Arg>,
    function: ItemFn,
    errors: &mut Errors,
) -> Result<Workflow, TokenStream> {
    let sig = &function.sig;
    let settings = settings::take(&mut args, sig.ident.unraw().to_string(), errors);
    let selector =
        if args.is_empty() { Some(any(&sig.ident)) } else { selector::read(Role::Story, args, errors) };
    if let Some(selector) = &selector {
        check::phrases(selector, errors);
    }
    let mut wrong = Errors::default();
    if let Some(FnArg::Receiver(receiver)) = sig.inputs.first() {
        wrong.at(
            receiver,
            "`#[workflow]` goes on the `impl` block, and `#[trigger(..)]` or `#[on(..)]` on its methods",
        );
    }
    check::signature(sig, &mut wrong);
    if !wrong.is_empty() {
        errors.append(wrong);
        return Err(function.into_token_stream());
    }
    let handler = Handler {
        ident: sig.ident.clone(),
        params: check::params(sig).cloned().collect(),
        output: sig.output.clone(),
        cfgs: Vec::new(),
        selectors: selector.into_iter().collect(),
    };
    Ok(Workflow { settings, docs: docs(&function.attrs), item: Item::Fn(function), handlers: vec![handler] })
}

/// Without a trigger, the fn tells whatever starts it.
fn any(ident: &Ident) -> Selector {
    Selector { subject: Subject::AnyTrigger, word: ident.clone(), terms: Vec::new() }
}
