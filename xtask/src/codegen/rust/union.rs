//! The enum over all messages of one kind.

use heck::ToPascalCase;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{docs, ident};

pub(super) struct Member<'a> {
    pub(super) name: &'a str,
    pub(super) aliases: &'a [String],
    pub(super) doc: &'a str,
    /// Whether it lives behind a pointer, lest the small ones, which are sent far more often, are as costly to hand around.
    pub(super) boxed: bool,
}

/// The enum over all messages of one kind.
pub(super) struct Union<'a> {
    pub(super) name: Ident,
    pub(super) doc: &'a str,
    pub(super) suffix: &'a str,
    pub(super) members: Vec<Member<'a>>,
}

impl Union<'_> {
    pub(super) fn items(&self) -> TokenStream {
        let (name, suffix) = (&self.name, self.suffix);
        let types: Vec<_> = self.members.iter().map(|m| ident(&m.name.to_pascal_case())).collect();
        let held = types.iter().zip(&self.members).map(|(ty, m)| match m.boxed {
            true => quote!(Box<#ty>),
            false => quote!(#ty),
        });
        let names: Vec<_> = self.members.iter().map(|m| m.name).collect();
        let full: Vec<_> = names.iter().map(|n| format!("wf_api_{n}_{suffix}")).collect();
        let docs = self.members.iter().map(|m| {
            let first = m.doc.trim().split("\n\n").next().filter(|d| !d.is_empty());
            docs(first.unwrap_or(&format!("The answer to a `{}` request.", m.name)), None, &[])
        });
        let bodies = self.members.iter().map(|m| match m.boxed {
            true => quote!(Box::new(body)),
            false => quote!(body),
        });
        let words = self.members.iter().map(|m| {
            let words = core::iter::once(m.name).chain(m.aliases.iter().map(String::as_str));
            quote!(#(#words)|*)
        });
        let (about, name_doc) = (
            format!(" {}", self.doc),
            format!(" `say` for `wf_api_say_{suffix}`: the name without its frame."),
        );
        let type_doc = format!(" The full name on the wire, `wf_api_.._{suffix}`.");
        quote! {
            #[doc = #about]
            #[derive(Debug, Clone, PartialEq)]
            #[non_exhaustive]
            pub enum #name {
                #(#docs #types(#held),)*
            }

            impl #name {
                /// The names of all of them.
                pub const NAMES: &'static [&'static str] = &[#(#names),*];

                #[doc = #name_doc]
                pub fn name(&self) -> &'static str {
                    match self { #(Self::#types(_) => #names,)* }
                }

                #[doc = #type_doc]
                pub fn type_name(&self) -> &'static str {
                    match self { #(Self::#types(_) => #full,)* }
                }

                /// False when the name is none of ours; the map is then left alone.
                pub(crate) fn read<'de, A: MapAccess<'de>>(
                    slot: &mut Option<Self>,
                    name: &str,
                    map: A,
                ) -> Result<bool, A::Error> {
                    match name {
                        #(#words => *slot = Some(#types::read(map)?.into()),)*
                        _ => return Ok(false),
                    }
                    Ok(true)
                }

                pub(crate) fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                    match self { #(Self::#types(body) => body.write(map),)* }
                }
            }

            #(impl From<#types> for #name {
                fn from(body: #types) -> Self {
                    Self::#types(#bodies)
                }
            })*
        }
    }
}
