//! The attributes of `relay-runtime`, which re-exports and documents them: there the examples can compile.
//!
//! `#[workflow]` registers handlers and nothing else. It reads the item ([`form`], [`selector`]), checks what only it can
//! check ([`check`]) and writes a table of routes ([`expand`]); which parameters and results a handler may have is known
//! to traits of the runtime alone. All errors are reported together, each at the token that it is about, and the user's
//! item is always handed on. The words of the attributes come from the schema of the protocol ([`generated`]).

mod args;
mod check;
mod errors;
mod expand;
mod form;
#[rustfmt::skip]
mod generated;
mod ir;
mod names;
mod selector;
mod settings;

#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;

use crate::errors::Errors;
use crate::selector::Role;

/// Documented in `relay_runtime`.
#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn workflow(args: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand_workflow(args.into(), item.into()).into()
}

/// Documented in `relay_runtime`.
#[proc_macro_attribute]
pub fn trigger(_: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    outside(Role::Trigger, item.into()).into()
}

/// Documented in `relay_runtime`.
#[proc_macro_attribute]
pub fn on(_: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    outside(Role::On, item.into()).into()
}

fn expand_workflow(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    // With errors too, so that what the user wrote and what is wrong with its types is seen as well.
    let expanded = match form::read(args, item, &mut errors) {
        Ok(workflow) => expand::workflow(&workflow),
        Err(item) => item,
    };
    let errors = errors.to_tokens();
    quote!(#expanded #errors)
}

/// Inside a workflow `#[workflow]` takes these attributes away before they are looked up.
fn outside(role: Role, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let name = role.name();
    errors.push(syn::Error::new(
        proc_macro2::Span::call_site(),
        format!("`#[{name}(..)]` marks a method of an `impl` block that has `#[workflow]`"),
    ));
    let errors = errors.to_tokens();
    quote!(#item #errors)
}
