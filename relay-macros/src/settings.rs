//! The settings of `#[workflow(..)]` itself: name, path, crate.

use proc_macro2::TokenStream;
use syn::{Ident, LitStr, Path, parse_quote};

use crate::args::{self, Arg, Value};
use crate::errors::Errors;
use crate::ir::Settings;
use crate::names;
use crate::selector::{self, Role};

/// What can be set.
pub(crate) const NAMES: [&str; 3] = ["name", "path", "crate"];

/// Takes the settings out of the arguments and leaves the rest.
pub(crate) fn take(args: &mut Vec<Arg>, default_name: String, errors: &mut Errors) -> Settings {
    let name = text(args, "name", errors);
    let path = text(args, "path", errors);
    if let Some(path) = path.as_ref().filter(|path| !is_path(&path.value())) {
        errors.at(path, "a path begins with `/` and has no spaces, `?` or `#`: it is dialled as `wss://host` and the path");
    }
    if let Some(name) = name.as_ref().filter(|name| path.is_none() && !is_path(&format!("/{}", name.value())))
    {
        errors.at(name, "this name cannot stand in a path; give `path = \"/..\"` too");
    }
    Settings {
        name: name.map_or(default_name, |name| name.value()),
        path,
        krate: krate(args, errors).unwrap_or_else(|| parse_quote!(::relay_runtime)),
    }
}

/// The crate's path, of an attribute that has no other setting.
pub(crate) fn only_crate(args: TokenStream, attribute: &str, errors: &mut Errors) -> Path {
    let mut args = args::parse(args, errors);
    let krate = krate(&mut args, errors);
    for arg in args {
        errors.at(&arg.key, format!("`{attribute}` has no setting `{}`, only `crate`", arg.key));
    }
    krate.unwrap_or_else(|| parse_quote!(::relay_runtime))
}

/// Why this is no setting of the workflow of a type.
pub(crate) fn unknown(key: &Ident) -> String {
    let key = key.to_string();
    if selector::all(Role::Trigger).contains(&&*key) {
        return format!("the triggers of a type stand on its methods: `#[trigger({key} ..)]`");
    }
    names::unknown(&format!("`#[workflow]` has no setting `{key}`"), &key, &NAMES)
}

fn is_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#'))
}

fn text(args: &mut Vec<Arg>, key: &str, errors: &mut Errors) -> Option<LitStr> {
    match one(args, key, errors)? {
        (_, Some(Value::Text(text))) if !text.value().is_empty() => return Some(text),
        (_, Some(value)) => errors.at(value, format!("`{key}` is a string that is not empty")),
        (ident, None) => errors.at(ident, format!("`{key}` needs a value: `{key} = \"..\"`")),
    }
    None
}

fn krate(args: &mut Vec<Arg>, errors: &mut Errors) -> Option<Path> {
    match one(args, "crate", errors)? {
        (_, Some(Value::Path(path))) => return Some(path),
        (ident, _) => {
            errors.at(ident, "`crate` takes the path of relay_runtime: `crate = other::relay_runtime`")
        }
    }
    None
}

/// Takes out all arguments with this key; there may be one.
fn one(args: &mut Vec<Arg>, key: &str, errors: &mut Errors) -> Option<(Ident, Option<Value>)> {
    let mut found = args.extract_if(.., |arg| arg.key == key);
    let first = found.next();
    for again in found {
        errors.at(again.key, format!("`{key}` is set twice"));
    }
    first.map(|arg| (arg.key, arg.value))
}
