//! Events, requests and responses, and what each kind has in common.

use anyhow::{Context, Result, anyhow};
use heck::ToPascalCase;
use proc_macro2::TokenStream;
use quote::quote;

use super::structs::Struct;
use super::union::{Member, Union};
use super::{ident, parse, rust_name};
use crate::schema::{Ends, Event, Field, Presence, Request, Schema, Target, Ty};

pub(super) fn objects(schema: &Schema) -> Result<TokenStream> {
    let items =
        (schema.objects.iter()).map(|o| Struct::object(o).items(schema)).collect::<Result<Vec<_>>>()?;
    let names = schema.objects.iter().map(|o| ident(&o.name));
    let imports = imports();
    Ok(quote! {
        #imports
        use crate::codec::wire::wire_object;
        #(#items)*
        wire_object! { #(#names)* }
    })
}

/// Whether what the workflow side receives, and hands from hand to hand, is better held by a pointer.
fn is_large(fields: &[Field], schema: &Schema) -> bool {
    let nested = |f: &Field| schema.objects.iter().find(|o| o.name == f.ty).map(|o| o.fields.len());
    // Objects with more fields than that are behind a pointer anyway.
    let size = |f: &Field| nested(f).filter(|fields| *fields <= 12).unwrap_or(1);
    fields.iter().map(size).sum::<usize>() > 4
}

/// One set for all files: which of them a file needs depends on the schema.
fn imports() -> TokenStream {
    quote! {
        #![allow(unused_imports)]
        use alloc::borrow::Cow;
        use alloc::boxed::Box;
        use alloc::collections::BTreeMap;
        use alloc::string::String;
        use alloc::vec::Vec;
        use core::fmt;
        use core::time::Duration;
        use serde::de::MapAccess;
        use serde::ser::SerializeMap;
        use crate::codec::{Extra, JsonMap};
        use crate::codec::redact::Redacted;
        use crate::codec::wire::{self, Body, Count, Key, Out};
        use crate::message::{Ends, EventBody, RequestBody, ResponseBody, Targets};
        use crate::types::*;
        use crate::urn::Urn;
    }
}

pub(super) fn events(schema: &Schema) -> Result<TokenStream> {
    // Progress carries nothing but the id of a request; the session consumes it.
    let list: Vec<_> = schema.events.iter().filter(|e| e.name != "progress").collect();
    let imports = imports();
    let items = (list.iter()).map(|e| Struct::event(e).items(schema)).collect::<Result<Vec<_>>>()?;
    let bodies = list.iter().map(|e| event_body(e, schema)).collect::<Result<Vec<_>>>()?;
    let union = Union {
        name: ident("Event"),
        doc: "Any event that the schema knows.",
        suffix: "event",
        members: (list.iter())
            .map(|e| Member {
                name: &e.name,
                aliases: &e.aliases,
                doc: &e.doc,
                boxed: is_large(&e.fields, schema),
            })
            .collect(),
    }
    .items();
    Ok(quote! { #imports #union #(#items #bodies)* })
}

fn event_body(e: &Event, schema: &Schema) -> Result<TokenStream> {
    let (ty, name) = (ident(&e.name.to_pascal_case()), &e.name);
    let mut arms = Vec::new();
    for f in e.fields.iter().filter(|f| f.filter) {
        let (key, field) = (&f.name, rust_name(f));
        let value = match parse(f, schema)? {
            Ty::Named(_) | Ty::Urn => quote!(as_str()),
            Ty::Text => quote!(as_str()),
            other => return Err(anyhow!("`{}.{key}`: {other:?} cannot be a filter", e.name)),
        };
        arms.push(match f.presence {
            Presence::Optional => quote! { #key => self.#field.as_ref().map(|v| Cow::Borrowed(v.#value)), },
            _ => quote! { #key => Some(Cow::Borrowed(self.#field.#value)), },
        });
    }
    if e.of_interaction {
        let source =
            e.fields.iter().find(|f| f.name == "source_uri").context("of_interaction without source_uri")?;
        arms.push(match source.presence {
            Presence::Optional => quote! {
                "interaction" => self.source_uri.as_ref().and_then(Urn::interaction_name),
            },
            _ => quote! { "interaction" => self.source_uri.interaction_name(), },
        });
    }
    let parameter = if arms.is_empty() { quote!(_) } else { quote!(key) };
    let value = if arms.is_empty() {
        quote!(None)
    } else {
        quote! { match key { #(#arms)* _ => None } }
    };
    Ok(quote! {
        impl EventBody for #ty {
            const NAME: &'static str = #name;

            fn of(event: &Event) -> Option<&Self> {
                match event {
                    Event::#ty(body) => Some(body),
                    _ => None,
                }
            }

            fn filter_value(&self, #parameter: &str) -> Option<Cow<'_, str>> {
                #value
            }
        }
    })
}

pub(super) fn requests(schema: &Schema) -> Result<TokenStream> {
    let imports = imports();
    let items =
        (schema.requests.iter()).map(|r| Struct::request(r).items(schema)).collect::<Result<Vec<_>>>()?;
    let bodies = schema.requests.iter().map(|r| request_body(r, schema));
    let union = Union {
        name: ident("Request"),
        doc: "Any request that the schema knows.",
        suffix: "request",
        members: (schema.requests.iter())
            .map(|r| Member { name: &r.name, aliases: &[], doc: &r.doc, boxed: false })
            .collect(),
    }
    .items();
    let names: Vec<_> = schema.requests.iter().map(|r| ident(&r.name.to_pascal_case())).collect();
    Ok(quote! {
        #imports
        use crate::generated::responses::{self as response, Response};
        #union

        impl Request {
            /// Which URN kinds `_target` may hold.
            pub fn targets(&self) -> Targets {
                match self {
                    #(Self::#names(_) => request_targets::<#names>(),)*
                }
            }
        }

        fn request_targets<R: RequestBody>() -> Targets {
            R::TARGETS
        }

        #(#items #bodies)*
    })
}

fn request_body(r: &Request, schema: &Schema) -> TokenStream {
    let (ty, name) = (ident(&r.name.to_pascal_case()), &r.name);
    let full = format!("wf_api_{name}_request");
    let answer = format!("wf_api_{name}_response");
    let targets = match r.target {
        Target::None => quote!(Targets::None),
        Target::Interaction => quote!(Targets::Interaction),
        Target::Device => quote!(Targets::Device),
        Target::DeviceOrGroup => quote!(Targets::DeviceOrGroup),
        Target::Members => quote!(Targets::Members),
        Target::Any => quote!(Targets::Any),
    };
    let ends = match r.ends {
        Ends::Response => quote!(Ends::Response),
        Ends::Prompt => quote!(Ends::Prompt),
        Ends::Speech => quote!(Ends::Speech),
        Ends::Started => quote!(Ends::Started),
        Ends::Ended => quote!(Ends::Ended),
        Ends::Stop => quote!(Ends::Stop),
    };
    let timeout = r.timeout.unwrap_or(5);
    let event_timeout = match r.event_timeout {
        Some(secs) => quote!(Some(Duration::from_secs(#secs))),
        None => quote!(None),
    };
    let body = if is_large(&r.response, schema) { quote!(*body) } else { quote!(body) };
    let (response, from_response) = if r.ends == Ends::Stop {
        (quote!(()), quote! { let _ = response; None })
    } else {
        (
            quote!(response::#ty),
            quote! {
                match response {
                    Response::#ty(body) => Some(#body),
                    _ => None,
                }
            },
        )
    };
    quote! {
        impl RequestBody for #ty {
            const NAME: &'static str = #name;
            const TYPE: &'static str = #full;
            const RESPONSE: &'static str = #answer;
            const TARGETS: Targets = #targets;
            const ENDS: Ends = #ends;
            const TIMEOUT: Duration = Duration::from_secs(#timeout);
            const EVENT_TIMEOUT: Option<Duration> = #event_timeout;
            type Response = #response;

            fn from_response(response: Response) -> Option<Self::Response> {
                #from_response
            }
        }
    }
}

pub(super) fn responses(schema: &Schema) -> Result<TokenStream> {
    let answered: Vec<_> = schema.requests.iter().filter(|r| r.ends != Ends::Stop).collect();
    let imports = imports();
    let items = (answered.iter()).map(|r| Struct::response(r).items(schema)).collect::<Result<Vec<_>>>()?;
    let union = Union {
        name: ident("Response"),
        doc: "Any response that the schema knows.",
        suffix: "response",
        members: (answered.iter())
            .map(|r| Member { name: &r.name, aliases: &[], doc: "", boxed: is_large(&r.response, schema) })
            .collect(),
    }
    .items();
    let names: Vec<_> = answered.iter().map(|r| ident(&r.name.to_pascal_case())).collect();
    let texts = answered.iter().map(|r| &r.name);
    Ok(quote! {
        #imports
        #union
        #(#items)*
        #(impl ResponseBody for #names { const NAME: &'static str = #texts; })*
    })
}
