//! The open enums.

use anyhow::Result;
use heck::ToPascalCase;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{docs, ident};
use crate::schema::{Enum, Schema, Value};

pub(super) fn enums(schema: &Schema) -> Result<TokenStream> {
    let items = schema.enums.iter().map(one_enum).collect::<Result<Vec<_>>>()?;
    let names = schema.enums.iter().map(|e| ident(&e.name));
    Ok(quote! {
        use alloc::string::String;
        use core::fmt;
        use crate::codec::wire::wire_enum;
        #(#items)*
        wire_enum! { #(#names)* }
    })
}

fn one_enum(e: &Enum) -> Result<TokenStream> {
    let name = ident(&e.name);
    let doc = docs(&e.doc, Some(e.evidence), &[]);
    let variants: Vec<_> = e.values.iter().map(variant).collect();
    let words: Vec<_> = e.values.iter().map(|v| &v.wire).collect();
    let variant_docs = e.values.iter().map(|v| docs(&v.doc, None, &[&format!("On the wire: `{}`.", v.wire)]));
    let arms = e.values.iter().zip(&variants).map(|(v, variant)| {
        let words = core::iter::once(&v.wire).chain(&v.aliases);
        if e.ignore_case {
            let words = words.map(|w| w.to_lowercase());
            quote! { #(#words)|* => Self::#variant, }
        } else {
            quote! { #(#words)|* => Self::#variant, }
        }
    });
    let scrutinee = if e.ignore_case { quote!(&*word.to_ascii_lowercase()) } else { quote!(word) };
    Ok(quote! {
        #doc
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variant_docs #variants,)*
            /// A word that this version does not know, as it came.
            Unknown(String),
        }

        impl #name {
            /// Every known value.
            pub const ALL: &'static [Self] = &[#(Self::#variants),*];

            /// The word on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #words,)*
                    Self::Unknown(word) => word,
                }
            }
        }

        impl From<&str> for #name {
            fn from(word: &str) -> Self {
                match #scrutinee {
                    #(#arms)*
                    _ => Self::Unknown(word.into()),
                }
            }
        }

        impl fmt::Display for #name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    })
}

pub(super) fn variant(value: &Value) -> Ident {
    ident(&value.name.clone().unwrap_or_else(|| value.wire.to_pascal_case()))
}
