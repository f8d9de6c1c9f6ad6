//! The conditions of `relay_runtime::workflow::Filter`.

use anyhow::Result;
use heck::ToPascalCase;
use proc_macro2::{Ident, Span};
use quote::quote;

use super::names;
use crate::schema::Schema;

/// `relay-runtime/src/workflow/generated.rs`.
pub fn generate(schema: &Schema) -> Result<String> {
    let impls = names::events(schema).filter_map(|event| {
        let filters = names::filters(event, schema);
        let ty = ident(&event.name.to_pascal_case());
        let methods = filters.iter().map(|filter| {
            let (key, method) = (filter.key, ident(filter.method));
            let method_name = filter.method;
            let doc = match (key, event.fields.iter().find(|f| f.name == key)) {
                ("interaction", None) => {
                    " Only those of an interaction of this name, on whatever device.".to_owned()
                }
                _ => format!(" Only those with this [`{method_name}`](event::{ty}::{method_name})."),
            };
            let (value, word) = match filter.words {
                Some(list) => {
                    let list = ident(&list.name);
                    (quote!(types::#list), quote!(types::#list::as_str))
                }
                None => (quote!(String), quote!(String::as_str)),
            };
            quote! {
                #[doc = #doc]
                #[must_use]
                pub fn #method(self, #method: impl Into<OneOf<#value>>) -> Self {
                    self.term(#key, #method.into(), #word)
                }
            }
        });
        (!filters.is_empty()).then(|| quote!(impl Filter<event::#ty> { #(#methods)* }))
    });
    super::rust::file(
        "What each event can be filtered by.",
        quote! {
            use relay_protocol::{event, types};
            use super::{Filter, OneOf};
            #(#impls)*
        },
    )
}

fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}
