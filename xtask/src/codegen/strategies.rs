//! What the tests of `relay-protocol` need of every message: a strategy that draws it, its fields as a table, a way to
//! send it.

use anyhow::Result;
use heck::{ToPascalCase, ToSnakeCase};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::rust::{file, ident, is_large, parse, rust_name};
use crate::schema::{Ends, Field, Presence, Request, Schema, Ty};

/// The generated files of `relay-protocol/tests/strategies/`, by name.
pub fn generate(schema: &Schema) -> Result<Vec<(&'static str, String)>> {
    Ok(vec![
        (
            "mod.rs",
            file("A strategy for every message and nested value of the protocol.", strategies(schema)?)?,
        ),
        ("fields.rs", file("The fields of every message, down to the leaves.", fields(schema)?)?),
        ("ask.rs", file("Sending a request whose kind is only known at run time.", ask(schema))?),
    ])
}

fn strategies(schema: &Schema) -> Result<TokenStream> {
    let mut items = Vec::new();
    for o in &schema.objects {
        let (function, ty) = (ident(&o.name.to_snake_case()), ident(&o.name));
        items.push(strategy(schema, &function, &quote!(types::#ty), &o.fields, o.open)?);
    }
    let mut message = |name: &str, kind: &str, fields: &[Field]| -> Result<Ident> {
        let (function, module, ty) =
            (format_ident!("{name}_{kind}"), ident(kind), ident(&name.to_pascal_case()));
        items.push(strategy(schema, &function, &quote!(#module::#ty), fields, false)?);
        Ok(function)
    };
    let events = (schema.events.iter().filter(|e| e.name != "progress"))
        .map(|e| message(&e.name, "event", &e.fields))
        .collect::<Result<Vec<_>>>()?;
    let requests = (schema.requests.iter())
        .map(|r| message(&r.name, "request", &r.fields))
        .collect::<Result<Vec<_>>>()?;
    let responses =
        (answered(schema)).map(|r| message(&r.name, "response", &r.response)).collect::<Result<Vec<_>>>()?;
    Ok(quote! {
        #![allow(dead_code, unused_imports)] // no test needs all of it
        mod ask;
        mod fields;
        use proptest::prelude::*;
        use proptest::strategy::Union;
        use relay_protocol::{Event, Request, Response, event, request, response, types};
        use crate::common::leaves::*;
        pub(crate) use ask::ask;
        pub(crate) use fields::FIELDS;

        /// Any event.
        pub(crate) fn any_event() -> impl Strategy<Value = Event> {
            Union::new([#(#events().prop_map(Event::from).boxed()),*])
        }

        /// Any request.
        pub(crate) fn any_request() -> impl Strategy<Value = Request> {
            Union::new([#(#requests().prop_map(Request::from).boxed()),*])
        }

        /// Any response.
        pub(crate) fn any_response() -> impl Strategy<Value = Response> {
            Union::new([#(#responses().prop_map(Response::from).boxed()),*])
        }

        #(#items)*
    })
}

fn answered(schema: &Schema) -> impl Iterator<Item = &Request> {
    schema.requests.iter().filter(|r| r.ends != Ends::Stop)
}

/// A function that draws one struct: the constructor with what is required, then the other fields.
fn strategy(
    schema: &Schema,
    function: &Ident,
    ty: &TokenStream,
    fields: &[Field],
    open: bool,
) -> Result<TokenStream> {
    let names: Vec<_> = fields.iter().map(rust_name).collect();
    let draws = fields.iter().map(|f| draw(f, schema)).collect::<Result<Vec<_>>>()?;
    let required =
        fields.iter().zip(&names).filter(|(f, _)| f.presence == Presence::Required).map(|(_, name)| name);
    let others: Vec<_> = fields
        .iter()
        .zip(&names)
        .filter(|(f, _)| f.presence != Presence::Required)
        .map(|(_, name)| name)
        .collect();
    // proptest has no strategy for tuples of more than twelve.
    let draws = draws.chunks(10).map(|chunk| quote!((#(#chunk,)*)));
    let patterns = names.chunks(10).map(|chunk| quote!((#(#chunk,)*)));
    let extra = if open { quote!(data()) } else { quote!(extra()) };
    Ok(quote! {
        pub(crate) fn #function() -> impl Strategy<Value = #ty> {
            (#(#draws,)* #extra,).prop_map(|(#(#patterns,)* extra,)| {
                let mut drawn = #ty::new(#(#required),*);
                #(drawn.#others = #others;)*
                drawn.extra = extra;
                drawn
            })
        }
    })
}

fn draw(field: &Field, schema: &Schema) -> Result<TokenStream> {
    let value = draw_type(&parse(field, schema)?, schema);
    Ok(if field.presence == Presence::Optional { quote!(option(#value)) } else { value })
}

fn draw_type(ty: &Ty, schema: &Schema) -> TokenStream {
    match ty {
        Ty::Text => quote!(text()),
        Ty::Urn => quote!(urn()),
        Ty::Int => quote!(int()),
        Ty::Uint | Ty::Count => quote!(uint()),
        Ty::Float => quote!(float()),
        Ty::Bool => quote!(bool()),
        Ty::Json => quote!(json()),
        Ty::JsonMap => quote!(json_map()),
        Ty::TextMap => quote!(text_map()),
        Ty::List(inner) => {
            let inner = draw_type(inner, schema);
            quote!(list(#inner))
        }
        Ty::Named(name) if schema.is_enum(name) => {
            let name = ident(name);
            quote!(word(types::#name::ALL))
        }
        Ty::Named(name) => {
            let function = ident(&name.to_snake_case());
            let boxed = is_large(ty, schema).then(|| quote!(.prop_map(Box::new)));
            quote!(#function() #boxed)
        }
    }
}

fn fields(schema: &Schema) -> Result<TokenStream> {
    let mut rows = Vec::new();
    for e in &schema.events {
        collect(schema, &format!("wf_api_{}_event", e.name), &[], &e.fields, &mut rows)?;
    }
    for r in &schema.requests {
        collect(schema, &format!("wf_api_{}_request", r.name), &[], &r.fields, &mut rows)?;
    }
    for r in answered(schema) {
        collect(schema, &format!("wf_api_{}_response", r.name), &[], &r.response, &mut rows)?;
    }
    Ok(quote! {
        use crate::common::field::Field;

        /// Every field, also those of nested objects.
        pub(crate) const FIELDS: &[Field] = &[#(#rows),*];
    })
}

/// Adds a row for each field of `fields`, and of the objects in them.
fn collect(
    schema: &Schema,
    message: &str,
    above: &[&str],
    fields: &[Field],
    rows: &mut Vec<TokenStream>,
) -> Result<()> {
    for field in fields {
        let path = above.iter().copied().chain([field.name.as_str()]).collect::<Vec<_>>();
        let (dotted, ty) = (path.join("."), type_name(&parse(field, schema)?, schema));
        let required = (field.presence == Presence::Required).then(|| quote!(.required()));
        let personal = field.personal.then(|| quote!(.personal()));
        rows.push(quote! { Field::new(#message, #dotted, #ty) #required #personal });
        if let Some(object) = schema.objects.iter().find(|o| o.name == field.ty) {
            collect(schema, message, &path, &object.fields, rows)?;
        }
    }
    Ok(())
}

/// The type as the schema calls it, with `word` for every enum and `object` for every object.
fn type_name(ty: &Ty, schema: &Schema) -> String {
    match ty {
        Ty::Text => "text".into(),
        Ty::Urn => "urn".into(),
        Ty::Int => "int".into(),
        Ty::Uint => "uint".into(),
        Ty::Float => "float".into(),
        Ty::Bool => "bool".into(),
        Ty::Count => "count".into(),
        Ty::Json => "json".into(),
        Ty::JsonMap => "map<json>".into(),
        Ty::TextMap => "map<text>".into(),
        Ty::List(inner) => format!("list<{}>", type_name(inner, schema)),
        Ty::Named(name) if schema.is_enum(name) => "word".into(),
        Ty::Named(_) => "object".into(),
    }
}

fn ask(schema: &Schema) -> TokenStream {
    let names = schema.requests.iter().map(|r| ident(&r.name.to_pascal_case()));
    quote! {
        use relay_protocol::session::{Op, Refused, RequestOptions, Timestamp, WorkflowSession};
        use relay_protocol::{Request, Urn, request};

        /// Sends a request and waits for what really ends it.
        pub(crate) fn ask(
            session: &mut WorkflowSession,
            now: Timestamp,
            target: &[Urn],
            request: &Request,
        ) -> Result<Op, Refused> {
            match request {
                #(Request::#names(body) => {
                    session.request(now, target, body, RequestOptions::end_of::<request::#names>())
                })*
                other => panic!("{} is not in the schema that this was generated from", other.name()),
            }
        }
    }
}
