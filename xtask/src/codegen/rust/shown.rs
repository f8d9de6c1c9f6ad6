//! The fields that a redacted transcript shows.

use std::collections::BTreeSet;

use anyhow::Result;
use proc_macro2::TokenStream;
use quote::quote;

use super::parse;
use crate::schema::{Field, Schema, Ty};

/// A row for each message that has any.
pub(super) fn shown(schema: &Schema) -> Result<TokenStream> {
    let mut messages = Vec::new();
    for e in &schema.events {
        messages.push((format!("wf_api_{}_event", e.name), &e.fields));
        messages.extend(e.aliases.iter().map(|alias| (format!("wf_api_{alias}_event"), &e.fields)));
    }
    for r in &schema.requests {
        messages.push((format!("wf_api_{}_request", r.name), &r.fields));
        messages.push((format!("wf_api_{}_response", r.name), &r.response));
    }
    let mut rows = Vec::new();
    for (message, fields) in messages {
        let mut paths = BTreeSet::new();
        collect(schema, "", fields, &mut paths)?;
        if !paths.is_empty() {
            rows.push(quote! { (#message, &[#(#paths),*]) });
        }
    }
    Ok(quote! {
        /// By the type of the message: the fields that hold neither what is personal nor who somebody is. The fields of a
        /// nested object stand behind a dot.
        pub(crate) const SHOWN: &[(&str, &[&str])] = &[#(#rows),*];
    })
}

fn collect(schema: &Schema, above: &str, fields: &[Field], paths: &mut BTreeSet<String>) -> Result<()> {
    for field in fields.iter().filter(|field| !field.personal) {
        let ty = parse(field, schema)?;
        for name in std::iter::once(&field.name).chain(&field.aliases) {
            let path = format!("{above}{name}");
            match schema.find_object(&field.ty) {
                Some(object) => collect(schema, &format!("{path}."), &object.fields, paths)?,
                None if names_somebody(&ty) => {}
                None => drop(paths.insert(path)),
            }
        }
    }
    Ok(())
}

/// URNs have a redaction of their own.
fn names_somebody(ty: &Ty) -> bool {
    match ty {
        Ty::Urn => true,
        Ty::List(inner) => names_somebody(inner),
        _ => false,
    }
}
