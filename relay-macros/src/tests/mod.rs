//! Tests of the whole macro; what single files promise is tested there.

mod expansion;
mod rules;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Item, Meta};

use crate::errors::Errors;
use crate::form;
use crate::ir::Workflow;

/// Expands the first item of the source that has `#[workflow]`. With it, the messages of all errors.
fn expand(source: &str) -> (TokenStream, Vec<String>) {
    let mut errors = Errors::default();
    let (args, item) = annotated(source);
    let expanded = crate::expand(args, item, &mut errors);
    (expanded, errors.messages())
}

/// Reads the first item of the source that has `#[workflow]`, and nothing is wrong with it.
fn read(source: &str) -> Workflow {
    let mut errors = Errors::default();
    let (args, item) = annotated(source);
    let workflow = form::read(args, item, &mut errors);
    assert_eq!(errors.messages(), Vec::<String>::new());
    workflow.expect("nothing is wrong")
}

/// The inside of the attribute, and its item.
fn annotated(source: &str) -> (TokenStream, TokenStream) {
    let mut file = syn::parse_file(source).expect("the source is Rust");
    let found = file.items.iter_mut().find_map(|item| {
        let attribute = take_workflow(attrs(item)?)?;
        Some((attribute, item.to_token_stream()))
    });
    let (attribute, item) = found.expect("an item has `#[workflow]`");
    let args = match attribute.meta {
        Meta::List(list) => list.tokens,
        Meta::Path(_) | Meta::NameValue(_) => TokenStream::new(),
    };
    (args, item)
}

fn attrs(item: &mut Item) -> Option<&mut Vec<Attribute>> {
    match item {
        Item::Fn(item) => Some(&mut item.attrs),
        Item::Impl(item) => Some(&mut item.attrs),
        Item::Struct(item) => Some(&mut item.attrs),
        Item::Trait(item) => Some(&mut item.attrs),
        _ => None,
    }
}

fn take_workflow(attrs: &mut Vec<Attribute>) -> Option<Attribute> {
    attrs.extract_if(.., |attr| attr.path().is_ident("workflow")).next()
}
