//! The fields of each message, and which of them a redacted transcript shows.

use std::collections::BTreeSet;

use anyhow::Result;
use proc_macro2::TokenStream;
use quote::quote;

use super::parse;
use crate::schema::{Field, Schema, Ty};

/// A row for each message that has any.
pub(super) fn known(schema: &Schema) -> Result<TokenStream> {
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
        let mut paths = Paths::default();
        paths.collect(schema, "", fields)?;
        let Paths { shown, hidden } = paths;
        if !(shown.is_empty() && hidden.is_empty()) {
            rows.push(quote! { Known { message: #message, shown: &[#(#shown),*], hidden: &[#(#hidden),*] } });
        }
    }
    Ok(quote! {
        /// The fields of a message. Those of a nested object stand behind a dot.
        #[derive(Debug)]
        pub(crate) struct Known {
            /// Its type.
            pub(crate) message: &'static str,
            /// Those that hold neither what is personal nor who somebody is.
            pub(crate) shown: &'static [&'static str],
            /// The others.
            pub(crate) hidden: &'static [&'static str],
        }

        /// Every message that has fields.
        pub(crate) const KNOWN: &[Known] = &[#(#rows),*];
    })
}

#[derive(Default)]
struct Paths {
    shown: BTreeSet<String>,
    hidden: BTreeSet<String>,
}

impl Paths {
    fn collect(&mut self, schema: &Schema, above: &str, fields: &[Field]) -> Result<()> {
        for field in fields {
            let ty = parse(field, schema)?;
            for name in std::iter::once(&field.name).chain(&field.aliases) {
                let path = format!("{above}{name}");
                match schema.find_object(&field.ty) {
                    Some(object) if !field.personal => {
                        self.collect(schema, &format!("{path}."), &object.fields)?;
                    }
                    _ if field.personal || names_somebody(&ty) => drop(self.hidden.insert(path)),
                    _ => drop(self.shown.insert(path)),
                }
            }
        }
        Ok(())
    }
}

/// URNs have a redaction of their own.
fn names_somebody(ty: &Ty) -> bool {
    match ty {
        Ty::Urn => true,
        Ty::List(inner) => names_somebody(inner),
        _ => false,
    }
}
