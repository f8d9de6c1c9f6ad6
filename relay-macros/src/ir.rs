//! What a use of `#[workflow]` says, whichever form it has.

use std::fmt;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, Ident, ItemFn, ItemImpl, LitInt, LitStr, Path, ReturnType, Type};

use crate::names::{Event, Key, Trigger};

/// A workflow.
#[derive(Debug)]
pub(crate) struct Workflow {
    pub(crate) settings: Settings,
    /// From the doc comment.
    pub(crate) docs: String,
    /// The user's item without our attributes.
    pub(crate) item: Item,
    pub(crate) handlers: Vec<Handler>,
}

/// The settings of `#[workflow(..)]` itself.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) name: String,
    pub(crate) path: Option<LitStr>,
    /// Where `relay_runtime` is found.
    pub(crate) krate: Path,
}

/// The two forms.
#[derive(Debug)]
pub(crate) enum Item {
    Fn(ItemFn),
    Impl(ItemImpl),
}

/// An async fn, and what it is for.
#[derive(Debug)]
pub(crate) struct Handler {
    pub(crate) ident: Ident,
    /// The parameters' types, without `self`.
    pub(crate) params: Vec<Type>,
    pub(crate) output: ReturnType,
    /// The route exists where the handler does.
    pub(crate) cfgs: Vec<Attribute>,
    pub(crate) selectors: Vec<Selector>,
}

/// The inside of one `#[trigger(..)]` or `#[on(..)]`.
#[derive(Debug)]
pub(crate) struct Selector {
    pub(crate) subject: Subject,
    /// The word that named it.
    pub(crate) word: Ident,
    pub(crate) terms: Vec<Term>,
}

/// What a handler is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Subject {
    Trigger(&'static Trigger),
    AnyTrigger,
    Event(&'static Event),
    Any,
    Unknown,
}

/// One setting of a selector: one of the values must be there.
#[derive(Debug)]
pub(crate) struct Term {
    pub(crate) key: &'static Key,
    /// Where the key was written.
    pub(crate) span: Span,
    pub(crate) values: Vec<Given>,
}

/// One value.
#[derive(Debug)]
pub(crate) enum Given {
    Text(LitStr),
    Number(LitInt),
    /// A variant of the enum `ty`.
    Word {
        ty: &'static str,
        variant: &'static str,
        word: &'static str,
        span: Span,
    },
}

impl Subject {
    /// What can be set.
    pub(crate) fn keys(self) -> &'static [Key] {
        match self {
            Self::Trigger(trigger) => trigger.keys,
            Self::Event(event) => event.keys,
            Self::AnyTrigger | Self::Any | Self::Unknown => &[],
        }
    }

    /// The setting of this name.
    pub(crate) fn key(self, name: &Ident) -> Option<&'static Key> {
        self.keys().iter().find(|key| name == key.name)
    }

    pub(crate) fn is_trigger(self) -> bool {
        matches!(self, Self::Trigger(_) | Self::AnyTrigger)
    }

    /// The canonical name, without regard to aliases.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Trigger(trigger) => trigger.name,
            Self::Event(event) => event.name,
            Self::AnyTrigger | Self::Any => "any",
            Self::Unknown => "unknown",
        }
    }
}

impl Selector {
    pub(crate) fn term(&self, key: &str) -> Option<&Term> {
        self.terms.iter().find(|term| term.key.name == key)
    }
}

impl Given {
    /// Equal for equal values, however they were written.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.value(),
            Self::Number(number) => number.base10_digits().to_owned(),
            Self::Word { word, .. } => (*word).to_owned(),
        }
    }

    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Text(text) => text.span(),
            Self::Number(number) => number.span(),
            Self::Word { span, .. } => *span,
        }
    }
}

/// The value as it may stand in the attribute.
impl fmt::Display for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{:?}", text.value()),
            Self::Number(_) | Self::Word { .. } => f.write_str(&self.text()),
        }
    }
}

/// The value as an argument of the builder.
impl ToTokens for Given {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Text(text) => text.to_tokens(tokens),
            Self::Number(number) => number.to_tokens(tokens),
            Self::Word { ty, variant, span, .. } => {
                let (ty, variant) = (Ident::new(ty, *span), Ident::new(variant, *span));
                tokens.extend(quote!(__rt::words::#ty::#variant));
            }
        }
    }
}
