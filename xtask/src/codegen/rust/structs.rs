//! One message or object as a struct that reads and writes itself.

use anyhow::Result;
use heck::ToPascalCase;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::fields::Slot;
use super::{docs, ident};
use crate::schema::{Ends, Event, Field, Object, Presence, Request, Schema, Status, Target};

/// A message or object as a Rust struct.
pub(super) struct Struct<'a> {
    name: Ident,
    doc: TokenStream,
    fields: &'a [Field],
    ignore_case: bool,
    /// Unknown keys are data, which old engines may have spelled as lists.
    open: bool,
    /// Whether a text that is no URN costs the whole message even where a URN may be absent. Who asks for something is
    /// told so; of what an engine says, the rest is good.
    exact_urns: bool,
}

impl<'a> Struct<'a> {
    pub(super) fn object(o: &'a Object) -> Self {
        Self {
            name: ident(&o.name),
            doc: docs(&o.doc, Some(o.evidence), &[]),
            fields: &o.fields,
            ignore_case: o.ignore_case,
            open: o.open,
            exact_urns: false,
        }
    }

    pub(super) fn event(e: &'a Event) -> Self {
        let wire = format!("On the wire: `wf_api_{}_event`.", e.name);
        Self::message(&e.name, docs(&e.doc, Some(e.evidence), &[&wire]), &e.fields)
    }

    pub(super) fn request(r: &'a Request) -> Self {
        let wire = format!("On the wire: `wf_api_{}_request`.", r.name);
        let status = match r.status {
            Status::Live => "",
            Status::Dormant => {
                "Dormant: official SDKs keep it in commented-out code; engines may not know it."
            }
            Status::Legacy => "Of an older generation of the protocol; some peer still sends it.",
        };
        let target = match r.target {
            Target::None => "Takes no target.",
            Target::Interaction => "Target: an interaction.",
            Target::Device => "Target: a device, or an interaction on one device.",
            Target::DeviceOrGroup => "Target: devices or groups.",
            Target::Members => "Target: the devices that join or leave.",
            Target::Any => "Target: a device, a group or an interaction.",
        };
        let ends = match r.ends {
            Ends::Response => "",
            Ends::Prompt => "Really ends with the `prompt` event that has stopped or failed.",
            Ends::Speech => "Really ends with the `speech` event that answers it.",
            Ends::Started => "Really ends with the `interaction_lifecycle` event that has started or failed.",
            Ends::Ended => "Really ends with the `interaction_lifecycle` event that has ended.",
            Ends::Stop => "Has no response: the `stop` event follows.",
        };
        let doc = docs(&r.doc, Some(r.evidence), &[status, target, ends, &wire]);
        Self { exact_urns: true, ..Self::message(&r.name, doc, &r.fields) }
    }

    pub(super) fn response(r: &'a Request) -> Self {
        let doc = format!("The answer to a `{}` request.", r.name);
        let wire = format!("On the wire: `wf_api_{}_response`.", r.name);
        Self::message(&r.name, docs(&doc, None, &[&wire]), &r.response)
    }

    fn message(name: &str, doc: TokenStream, fields: &'a [Field]) -> Self {
        let name = ident(&name.to_pascal_case());
        Self { name, doc, fields, ignore_case: false, open: false, exact_urns: false }
    }

    pub(super) fn items(&self, schema: &Schema) -> Result<TokenStream> {
        let fields = self.fields.iter().map(|f| Slot::new(f, schema)).collect::<Result<Vec<_>>>()?;
        let Self { name, doc, .. } = self;
        let declarations = fields.iter().map(Slot::declaration);
        let constructor = self.constructor(&fields);
        let default = self.default(&fields);
        let setters = fields.iter().filter(|f| f.field.presence != Presence::Required).map(Slot::setter);
        let body = self.body(&fields);
        let debug = fields.iter().map(Slot::debug);
        let label = name.to_string();
        Ok(quote! {
            #doc
            #[derive(Clone, PartialEq)]
            #[non_exhaustive]
            pub struct #name {
                #(#declarations)*
                /// What came beyond the schema.
                pub extra: Extra,
            }

            impl #name {
                #constructor
                #(#setters)*
            }

            #default
            #body

            impl fmt::Debug for #name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    let mut s = f.debug_struct(#label);
                    #(#debug)*
                    if !self.extra.is_empty() {
                        s.field("extra", &self.extra);
                    }
                    s.finish()
                }
            }
        })
    }

    fn constructor(&self, fields: &[Slot<'_>]) -> TokenStream {
        let required: Vec<_> = fields.iter().filter(|f| f.field.presence == Presence::Required).collect();
        let parameters = required.iter().map(|f| {
            let (name, ty) = (&f.name, f.parameter());
            quote!(#name: #ty)
        });
        let values = fields.iter().map(|f| {
            let name = &f.name;
            let value = match f.field.presence {
                Presence::Required => f.convert(),
                Presence::Default => f.default.clone(),
                Presence::Optional => quote!(None),
            };
            quote!(#name: #value)
        });
        let doc = match required.is_empty() {
            true => " With every field at its default.",
            false => " With the fields that must be there; the others at their defaults.",
        };
        quote! {
            #[doc = #doc]
            pub fn new(#(#parameters),*) -> Self {
                Self { #(#values,)* extra: Extra::default() }
            }
        }
    }

    /// `Default`, where nothing is required.
    fn default(&self, fields: &[Slot<'_>]) -> Option<TokenStream> {
        let name = &self.name;
        fields.iter().all(|f| f.field.presence != Presence::Required).then(|| {
            quote! {
                impl Default for #name {
                    fn default() -> Self {
                        Self::new()
                    }
                }
            }
        })
    }

    /// Reading and writing.
    fn body(&self, fields: &[Slot<'_>]) -> TokenStream {
        let name = &self.name;
        let slots = fields.iter().map(|f| {
            let (name, ty) = (&f.name, &f.wire);
            quote! { let mut #name: Option<#ty> = None; }
        });
        let arms = fields.iter().map(|f| {
            let (name, key) = (&f.name, &f.field.name);
            let keys = core::iter::once(key).chain(&f.field.aliases);
            let keys: Vec<_> = match self.ignore_case {
                true => keys.map(|k| k.to_lowercase()).collect(),
                false => keys.cloned().collect(),
            };
            if f.may_be_no_urn() && !self.exact_urns {
                return quote! { #(#keys)|* => wire::urn_field(&mut #name, &mut extra, #key, &mut map)?, };
            }
            let field = if f.field.personal { quote!(personal_field) } else { quote!(field) };
            quote! { #(#keys)|* => wire::#field(&mut #name, #key, &mut map)?, }
        });
        let values = fields.iter().map(|f| {
            let (name, key, read) = (&f.name, &f.field.name, f.unwrapped());
            match f.field.presence {
                Presence::Required => quote! { #name: wire::required(#name, #key)?#read },
                Presence::Default => {
                    let default = &f.default;
                    match f.is_count() {
                        true => quote! { #name: #name.map_or(#default, |c| c.0) },
                        false => quote! { #name: #name.unwrap_or_else(|| #default) },
                    }
                }
                Presence::Optional if f.is_count() => quote! { #name: #name.map(|c| c.0) },
                Presence::Optional => quote! { #name },
            }
        });
        let writes = fields.iter().map(|f| {
            let (name, key) = (&f.name, &f.field.name);
            match (f.field.presence, f.is_count()) {
                (Presence::Optional, false) => quote! {
                    if let Some(value) = &self.#name {
                        map.serialize_entry(#key, &Out(value))?;
                    }
                },
                (Presence::Optional, true) => quote! {
                    if let Some(value) = self.#name {
                        map.serialize_entry(#key, &Out(&Count(value)))?;
                    }
                },
                (_, false) => quote! { map.serialize_entry(#key, &Out(&self.#name))?; },
                (_, true) => quote! { map.serialize_entry(#key, &Out(&Count(self.#name)))?; },
            }
        });
        let key = if self.ignore_case { quote!(&*key.to_ascii_lowercase()) } else { quote!(&*key) };
        let keep = if self.open { quote!(keep_data) } else { quote!(keep) };
        let read = match fields.is_empty() {
            true => quote! { wire::#keep(&mut extra, &key, &mut map)?; },
            false => quote! { match #key { #(#arms)* _ => wire::#keep(&mut extra, &key, &mut map)?, } },
        };
        quote! {
            impl Body for #name {
                fn read<'de, A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
                    #(#slots)*
                    let mut extra = Extra::default();
                    while let Some(key) = map.next_key_seed(Key)? {
                        #read
                    }
                    Ok(Self { #(#values,)* extra })
                }

                fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                    #(#writes)*
                    self.extra.write(map)
                }
            }
        }
    }
}
