//! The attributes of `relay-runtime`, which re-exports and documents them: there the examples can compile.
//!
//! `#[workflow]` registers handlers and nothing else. Which parameters and results a handler may have is known to traits of
//! the runtime alone. All errors are reported together, each at the token that it is about, and the user's item is always
//! handed on. The words of the attributes come from the schema of the protocol (`generated`).
//!
//! ```text
//!  #[workflow(..)]        form, selector         check             expand
//!  impl or async fn ───►  what is written  ───►  what is wrong ──► the item as it was, and its table of routes
//!                                 │                    │
//!                                 └─────── errors ◄────┘
//! ```
//!
//! For example, of
//!
//! ```text
//! #[workflow]
//! impl Checkin {
//!     #[trigger(phrase = "check in")]
//!     async fn begin(&self, cx: Context) -> Result<()> { .. }
//!
//!     #[on(button, taps = double)]
//!     async fn again(&self, cx: Context, press: Button) { .. }
//! }
//! ```
//!
//! it makes the same block without the inner attributes, and what could as well have been written by hand:
//!
//! ```text
//! impl Workflow for Checkin {
//!     fn routes() -> Routes<Self> {
//!         Routes::new("checkin")
//!             .trigger(Trigger::phrase("check in"), begin) // in truth, a closure that makes each parameter
//!             .on(Filter::<Button>::new().taps(Taps::Double), again)
//!     }
//! }
//! ```

#![allow(missing_docs)] // they would stand beside those of the re-exports

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
mod test;

#[cfg(test)]
mod tests;

use proc_macro2::{Span, TokenStream};
use quote::quote;

use crate::errors::Errors;
use crate::selector::Role;

#[proc_macro_attribute]
pub fn workflow(args: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let mut errors = Errors::default();
    let expanded = expand(args.into(), item.into(), &mut errors);
    let errors = errors.to_tokens();
    quote!(#expanded #errors).into()
}

#[proc_macro_attribute]
pub fn trigger(_: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    outside(Role::Trigger, item.into()).into()
}

#[proc_macro_attribute]
pub fn on(_: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    outside(Role::On, item.into()).into()
}

#[proc_macro_attribute]
pub fn test(args: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let mut errors = Errors::default();
    let expanded = test::expand(args.into(), item.into(), &mut errors);
    let errors = errors.to_tokens();
    quote!(#expanded #errors).into()
}

/// What the item becomes. With errors too, so that the user's item, and what is wrong with its types, is seen as well.
fn expand(args: TokenStream, item: TokenStream, errors: &mut Errors) -> TokenStream {
    match form::read(args, item, errors) {
        Ok(workflow) => expand::workflow(&workflow),
        Err(item) => item,
    }
}

/// Inside a workflow `#[workflow]` takes these attributes away before they are looked up.
fn outside(role: Role, item: TokenStream) -> TokenStream {
    let message =
        format!("`#[{}(..)]` marks a method of an `impl` block that has `#[workflow]`", role.name());
    let error = syn::Error::new(Span::call_site(), message).into_compile_error();
    quote!(#item #error)
}
