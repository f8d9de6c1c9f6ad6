//! The inside of an attribute's brackets: `button, taps = [double, triple]`. Grammar only; no word is known here.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitInt, LitStr, Path, Token, bracketed, token};

use crate::errors::Errors;

/// One `key` or `key = value`.
#[derive(Debug)]
pub(crate) struct Arg {
    pub(crate) key: Ident,
    pub(crate) value: Option<Value>,
}

/// What stands behind `=`.
#[derive(Debug)]
pub(crate) enum Value {
    /// `double`, or, where a path is due, `some::path`.
    Path(Path),
    Text(LitStr),
    Number(LitInt),
    List(token::Bracket, Vec<Value>),
}

/// Reads the arguments. One that makes no sense is reported and left out.
pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Vec<Arg> {
    let mut args = Vec::new();
    for tokens in split_at_commas(tokens) {
        match syn::parse2(tokens) {
            Ok(arg) => args.push(arg),
            Err(error) => errors.push(error),
        }
    }
    args
}

/// Each argument by itself, so that one error does not hide the next. A comma at the end is allowed.
fn split_at_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for token in tokens {
        match (&token, parts.last_mut()) {
            (TokenTree::Punct(comma), Some(part)) if comma.as_char() == ',' => {
                // Left in place where nothing stands before it, to be reported there.
                if part.is_empty() {
                    part.extend([token]);
                }
                parts.push(TokenStream::new());
            }
            (_, Some(part)) => part.extend([token]),
            (_, None) => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

impl Parse for Arg {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if !input.peek(Ident::peek_any) {
            return Err(
                input.error("expected a word, such as `button`, or a setting, such as `taps = double`")
            );
        }
        let key = Ident::parse_any(input)?;
        if input.is_empty() {
            return Ok(Self { key, value: None });
        }
        if !input.peek(Token![=]) {
            let what =
                if input.peek(token::Paren) { "is not written with brackets" } else { "is followed by more" };
            return Err(input
                .error(format!("`{key}` {what}: settings look like `{key} = value`, with commas between")));
        }
        let equals: Token![=] = input.parse()?;
        if input.is_empty() {
            return Err(syn::Error::new_spanned(quote!(#key #equals), format!("`{key} =` needs a value")));
        }
        let value = input.parse()?;
        if !input.is_empty() {
            return Err(input.error("expected a comma; several values stand in brackets: `[a, b]`"));
        }
        Ok(Self { key, value: Some(value) })
    }
}

impl Parse for Value {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            Ok(Self::Text(input.parse()?))
        } else if input.peek(LitInt) {
            Ok(Self::Number(input.parse()?))
        } else if input.peek(token::Bracket) {
            let content;
            let bracket = bracketed!(content in input);
            let values = content.parse_terminated(Self::parse, Token![,])?;
            Ok(Self::List(bracket, values.into_iter().collect()))
        } else if input.peek(Token![::]) || input.peek2(Token![::]) {
            Ok(Self::Path(input.call(Path::parse_mod_style)?))
        } else if input.peek(Ident::peek_any) {
            Ok(Self::Path(Ident::parse_any(input)?.into()))
        } else {
            Err(input.error("expected a word, a string, a whole number, or several of them in brackets"))
        }
    }
}

impl ToTokens for Value {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Path(path) => path.to_tokens(tokens),
            Self::Text(text) => text.to_tokens(tokens),
            Self::Number(number) => number.to_tokens(tokens),
            Self::List(bracket, values) => {
                let mut group = proc_macro2::Group::new(Delimiter::Bracket, quote!(#(#values),*));
                group.set_span(bracket.span.join());
                tokens.extend([TokenTree::Group(group)]);
            }
        }
    }
}
