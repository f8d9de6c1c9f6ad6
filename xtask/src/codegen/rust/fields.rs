//! One field of a struct: its type in Rust, its default, its setter.

use anyhow::{Result, anyhow};
use heck::ToSnakeCase;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::enums::variant;
use super::{docs, ident};
use crate::schema::{Field, Presence, Schema, Ty};

/// A field of a struct, with what its type becomes in Rust.
pub(super) struct Slot<'a> {
    pub(super) field: &'a Field,
    pub(super) name: Ident,
    pub(super) ty: Ty,
    /// The type of the Rust field, without its `Option`.
    pub(super) rust: TokenStream,
    /// The type that reads and writes it.
    pub(super) wire: TokenStream,
    pub(super) default: TokenStream,
}

impl<'a> Slot<'a> {
    pub(super) fn new(field: &'a Field, schema: &Schema) -> Result<Self> {
        let ty = parse(field, schema)?;
        let rust = rust_type(&ty);
        let default = default_value(field, &ty, schema)?;
        let (rust, default) = match is_large(&ty, schema) {
            true => (quote!(Box<#rust>), quote!(Box::new(#default))),
            false => (rust, default),
        };
        let wire = if ty == Ty::Count { quote!(Count) } else { rust.clone() };
        Ok(Self { field, name: rust_name(field), ty, rust, wire, default })
    }

    pub(super) fn is_count(&self) -> bool {
        self.ty == Ty::Count
    }

    /// Whether the message is good without this URN.
    pub(super) fn may_be_no_urn(&self) -> bool {
        self.ty == Ty::Urn && self.field.presence == Presence::Optional
    }

    pub(super) fn unwrapped(&self) -> TokenStream {
        if self.is_count() { quote!(.0) } else { quote!() }
    }

    fn docs(&self) -> TokenStream {
        let f = self.field;
        let unit = f.unit.as_ref().map(|u| format!("Unit: {u}.")).unwrap_or_default();
        let default = match (&f.presence, &f.default) {
            (Presence::Default, Some(value)) => {
                format!("Default: `{}`.", value.to_string().trim_matches('"'))
            }
            _ => String::new(),
        };
        docs(&f.doc, f.evidence, &[&unit, &default])
    }

    pub(super) fn declaration(&self) -> TokenStream {
        let (doc, name, ty) = (self.docs(), &self.name, &self.rust);
        match self.field.presence {
            Presence::Optional => quote! { #doc pub #name: Option<#ty>, },
            _ => quote! { #doc pub #name: #ty, },
        }
    }

    /// The type of a constructor's or setter's parameter.
    pub(super) fn parameter(&self) -> TokenStream {
        let ty = &self.rust;
        match &self.ty {
            Ty::Int | Ty::Uint | Ty::Float | Ty::Bool | Ty::Count => quote!(#ty),
            Ty::List(inner) if matches!(**inner, Ty::Text | Ty::Urn | Ty::Named(_)) => {
                let inner = rust_type(inner);
                quote!(impl IntoIterator<Item = impl Into<#inner>>)
            }
            Ty::List(inner) => {
                let inner = rust_type(inner);
                quote!(impl IntoIterator<Item = #inner>)
            }
            Ty::JsonMap | Ty::TextMap => quote!(#ty),
            _ => quote!(impl Into<#ty>),
        }
    }

    /// The parameter as the field's value.
    pub(super) fn convert(&self) -> TokenStream {
        let name = &self.name;
        match &self.ty {
            Ty::Int | Ty::Uint | Ty::Float | Ty::Bool | Ty::Count | Ty::JsonMap | Ty::TextMap => {
                quote!(#name)
            }
            Ty::List(inner) if matches!(**inner, Ty::Text | Ty::Urn | Ty::Named(_)) => {
                quote!(#name.into_iter().map(Into::into).collect())
            }
            Ty::List(_) => quote!(#name.into_iter().collect()),
            _ => quote!(#name.into()),
        }
    }

    pub(super) fn setter(&self) -> TokenStream {
        let (name, ty, value) = (&self.name, self.parameter(), self.convert());
        let doc = format!(" Sets [`{name}`](Self::{name}) and hands the message back.");
        let value = if self.field.presence == Presence::Optional { quote!(Some(#value)) } else { value };
        quote! {
            #[doc = #doc]
            #[must_use]
            pub fn #name(mut self, #name: #ty) -> Self {
                self.#name = #value;
                self
            }
        }
    }

    pub(super) fn debug(&self) -> TokenStream {
        let (name, label) = (&self.name, &self.field.name);
        let redacted = match &self.ty {
            Ty::Text | Ty::List(_) | Ty::JsonMap | Ty::TextMap => Some(quote!(Redacted(value.len()))),
            Ty::Json => Some(quote!(Redacted::json(value))),
            _ => None,
        };
        match (redacted.filter(|_| self.field.personal), self.field.presence) {
            (Some(redacted), Presence::Optional) => quote! {
                if let Some(value) = &self.#name {
                    s.field(#label, &#redacted);
                }
            },
            (Some(redacted), _) => quote! {
                let value = &self.#name;
                s.field(#label, &#redacted);
            },
            (None, Presence::Optional) => quote! {
                if let Some(value) = &self.#name {
                    s.field(#label, value);
                }
            },
            (None, _) => quote! { s.field(#label, &self.#name); },
        }
    }
}

/// Objects with very many fields live behind a pointer, so that what holds them can be handed around.
pub(in crate::codegen) fn is_large(ty: &Ty, schema: &Schema) -> bool {
    schema.objects.iter().any(|o| *ty == Ty::Named(o.name.clone()) && o.fields.len() > 12)
}

fn default_value(field: &Field, ty: &Ty, schema: &Schema) -> Result<TokenStream> {
    let Some(value) = &field.default else {
        return Ok(match ty {
            Ty::Text => quote!(String::new()),
            Ty::Int | Ty::Uint | Ty::Count => quote!(0),
            Ty::Float => quote!(0.0),
            Ty::Bool => quote!(false),
            Ty::List(_) => quote!(Vec::new()),
            Ty::Json => quote!(serde_json::Value::Null),
            Ty::JsonMap => quote!(JsonMap::new()),
            Ty::TextMap => quote!(BTreeMap::new()),
            Ty::Named(name) if !schema.is_enum(name) => {
                let name = ident(name);
                quote!(#name::new())
            }
            Ty::Urn | Ty::Named(_) if field.presence == Presence::Default => {
                return Err(anyhow!("`{}`: a default must be given for this type", field.name));
            }
            _ => quote!(),
        });
    };
    let wrong = || anyhow!("`{}`: the default does not fit the type", field.name);
    Ok(match ty {
        Ty::Text => {
            let text = value.as_str().ok_or_else(wrong)?;
            quote!(String::from(#text))
        }
        Ty::Int => {
            let n = value.as_integer().ok_or_else(wrong)?;
            let n = proc_macro2::Literal::i64_unsuffixed(n);
            quote!(#n)
        }
        Ty::Uint | Ty::Count => {
            let n = u64::try_from(value.as_integer().ok_or_else(wrong)?)?;
            let n = proc_macro2::Literal::u64_unsuffixed(n);
            quote!(#n)
        }
        Ty::Bool => {
            let b = value.as_bool().ok_or_else(wrong)?;
            quote!(#b)
        }
        Ty::Named(name) if schema.is_enum(name) => {
            let word = value.as_str().ok_or_else(wrong)?;
            let e = schema.enums.iter().find(|e| e.name == *name).ok_or_else(wrong)?;
            let value = e.values.iter().find(|v| v.wire == word).ok_or_else(wrong)?;
            let (name, variant) = (ident(name), variant(value));
            quote!(#name::#variant)
        }
        Ty::List(_) if value.as_array().is_some_and(Vec::is_empty) => quote!(Vec::new()),
        _ => return Err(wrong()),
    })
}

fn rust_type(ty: &Ty) -> TokenStream {
    match ty {
        Ty::Text => quote!(String),
        Ty::Urn => quote!(Urn),
        Ty::Int => quote!(i64),
        Ty::Uint | Ty::Count => quote!(u64),
        Ty::Float => quote!(f64),
        Ty::Bool => quote!(bool),
        Ty::Json => quote!(serde_json::Value),
        Ty::JsonMap => quote!(JsonMap),
        Ty::TextMap => quote!(BTreeMap<String, String>),
        Ty::List(inner) => {
            let inner = rust_type(inner);
            quote!(Vec<#inner>)
        }
        Ty::Named(name) => {
            let name = ident(name);
            quote!(#name)
        }
    }
}

pub(in crate::codegen) fn parse(field: &Field, schema: &Schema) -> Result<Ty> {
    let types =
        schema.enums.iter().map(|e| e.name.as_str()).chain(schema.objects.iter().map(|o| o.name.as_str()));
    Ty::parse(&field.ty, &types.collect())
}

pub(in crate::codegen) fn rust_name(field: &Field) -> Ident {
    ident(&field.rust.clone().unwrap_or_else(|| field.name.to_snake_case()))
}
