//! The two forms of a workflow, each read into the same [`Workflow`].

mod block;
mod function;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Item};

use crate::args;
use crate::errors::Errors;
use crate::ir::Workflow;

/// Reads a use of `#[workflow]`. On failure, the item to hand back as it is.
pub(crate) fn read(
    attribute: TokenStream,
    item: TokenStream,
    errors: &mut Errors,
) -> Result<Workflow, TokenStream> {
    let args = args::parse(attribute, errors);
    match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Fn(function)) => function::read(args, function, errors),
        Ok(Item::Impl(block)) => block::read(args, block, errors),
        Ok(other) => {
            errors.at(
                first_token(&other),
                "`#[workflow]` goes on an `async fn` with a body, or on the `impl` block of a type",
            );
            Err(item)
        }
        Err(error) => {
            errors.push(error);
            Err(item)
        }
    }
}

/// A whole item is too much to point at.
fn first_token(item: &Item) -> TokenStream {
    let tokens = item.to_token_stream().into_iter();
    let attributes = |token: &proc_macro2::TokenTree| {
        matches!(token, proc_macro2::TokenTree::Punct(_) | proc_macro2::TokenTree::Group(_))
    };
    tokens.skip_while(attributes).take(1).collect()
}

/// The text of a doc comment.
fn docs(attrs: &[Attribute]) -> String {
    let lines = attrs.iter().filter_map(|attr| {
        let syn::Meta::NameValue(doc) = &attr.meta else { return None };
        match &doc.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) if doc.path.is_ident("doc") => {
                Some(text.value())
            }
            _ => None,
        }
    });
    let lines: Vec<_> =
        lines.map(|line| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned()).collect();
    lines.join("\n").trim().to_owned()
}
