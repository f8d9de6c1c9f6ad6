//! `#[relay_runtime::test]`: an async fn as a test of the standard harness.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{FnArg, ItemFn};

use crate::errors::Errors;
use crate::settings;

/// The fn, not async any more, with its body inside of `testing::run`.
pub(crate) fn expand(args: TokenStream, item: TokenStream, errors: &mut Errors) -> TokenStream {
    let test: ItemFn = match syn::parse2(item.clone()) {
        Ok(test) => test,
        Err(_) => {
            errors.at(&item, "`#[relay_runtime::test]` goes on an `async fn`");
            return item;
        }
    };
    let krate = settings::only_crate(args, "#[relay_runtime::test]", errors);
    let ItemFn { attrs, vis, mut sig, block, .. } = test;
    if sig.asyncness.take().is_none() {
        errors.at(
            sig.fn_token,
            "a test with this attribute is an `async fn`; the others need no attribute but `#[test]`",
        );
    }
    match sig.inputs.first() {
        Some(FnArg::Receiver(receiver)) => {
            errors.at(receiver, "a test is a fn by itself, not a method");
            return TokenStream::new(); // or the harness complains as well
        }
        Some(input) => {
            errors.at(input, "a test has no parameters: make what it needs in it, such as a `Sim`")
        }
        None => {}
    }
    quote! {
        #[::core::prelude::v1::test]
        #(#attrs)*
        #vis #sig {
            #krate::testing::run(async #block)
        }
    }
}
