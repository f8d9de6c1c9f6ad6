//! The code that a workflow becomes: the user's item as it was, and a table of routes.
//!
//! Generated code makes no decisions. It names types and calls the runtime, so that whatever is wrong with a type is an
//! error of the compiler at that type: what a parameter is made by has the tokens of its type, what takes the result has
//! the span of the return type, and what boxes the future has that of the handler's name.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Attribute, FnArg, Ident, ItemFn, ItemImpl, LitStr, Pat, ReturnType};

use crate::ir::{Handler, Item, Selector, Settings, Subject, Term, Workflow};

pub(crate) fn workflow(workflow: &Workflow) -> TokenStream {
    let Workflow { settings, docs, item, handlers } = workflow;
    let routes = routes(settings, docs, handlers, item);
    match item {
        Item::Impl(block) => type_workflow(block, settings, &routes),
        Item::Fn(function) => story(function, settings, &routes),
    }
}

fn type_workflow(block: &ItemImpl, settings: &Settings, routes: &TokenStream) -> TokenStream {
    let (krate, ty) = (&settings.krate, &block.self_ty);
    let (generics, _, bounds) = block.generics.split_for_impl();
    let attrs = block.attrs.iter().filter(|attr| attr.path().is_ident("cfg") || is_lint_level(attr));
    quote! {
        #block

        #(#attrs)*
        impl #generics #krate::workflow::Workflow for #ty #bounds {
            fn routes() -> #krate::workflow::Routes<Self> {
                use #krate::__private as __rt;
                #routes
            }
        }
    }
}

/// The fn stays a fn that can be called. It returns what it always did, in a type that also knows the workflow.
fn story(function: &ItemFn, settings: &Settings, routes: &TokenStream) -> TokenStream {
    let krate = &settings.krate;
    let (vis, ident) = (&function.vis, &function.sig.ident);
    let output = match &function.sig.output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, ty) => quote!(#ty),
    };
    let names: Vec<_> = function.sig.inputs.iter().enumerate().map(param_name).collect();
    let types = function.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(param) => Some(&param.ty),
        FnArg::Receiver(_) => None,
    });
    let outer = function.attrs.iter().filter(|attr| belongs_outside(attr));
    let mut inner = function.clone();
    inner.vis = syn::Visibility::Inherited;
    inner.attrs.retain(|attr| !belongs_outside(attr) || is_lint_level(attr));
    quote! {
        #(#outer)*
        #vis fn #ident(#(#names: #types),*) -> impl #krate::workflow::Story<Output = #output> {
            use #krate::__private as __rt;

            #inner

            struct __Tale;

            impl __rt::Tale for __Tale {
                fn routes() -> __rt::Routes<()> {
                    #routes
                }
            }

            __rt::Told::<__Tale, _>::new(#ident(#(#names),*))
        }
    }
}

fn param_name((i, input): (usize, &FnArg)) -> Ident {
    if let FnArg::Typed(param) = input
        && let Pat::Ident(pat) = &*param.pat
    {
        return pat.ident.clone();
    }
    format_ident!("arg{i}")
}

/// What says something about the name rather than the body.
fn belongs_outside(attr: &Attribute) -> bool {
    ["doc", "cfg", "deprecated"].iter().any(|name| attr.path().is_ident(name)) || is_lint_level(attr)
}

fn is_lint_level(attr: &Attribute) -> bool {
    ["allow", "warn", "deny", "forbid"].iter().any(|name| attr.path().is_ident(name))
}

/// The body of the fn that builds the table.
fn routes(settings: &Settings, docs: &str, handlers: &[Handler], item: &Item) -> TokenStream {
    let name = &settings.name;
    let path = settings.path.iter();
    let docs = Some(docs).filter(|docs| !docs.is_empty()).into_iter();
    let routes = handlers.iter().flat_map(|handler| {
        handler.selectors.iter().map(move |selector| {
            let (cfgs, route) = (&handler.cfgs, route(handler, selector, item));
            quote!(#(#cfgs)* let __routes = __routes #route;)
        })
    });
    quote! {
        let __routes = __rt::Routes::new(#name) #(.path(#path))* #(.docs(#docs))*;
        #(#routes)*
        __routes
    }
}

fn route(handler: &Handler, selector: &Selector, item: &Item) -> TokenStream {
    let Handler { ident, params, output, .. } = handler;
    let args: Vec<_> = (0..params.len()).map(|i| format_ident!("__{i}")).collect();
    let (from, to) = returned(ident, output);
    // What is awaited reaches from the first token of the return type to the last.
    let mut callee = ident.clone();
    callee.set_span(from);
    let (adds, call) = match item {
        Item::Fn(_) => ("tell", quote_spanned!(from=> #callee(#(#args),*))),
        Item::Impl(_) => ("run", quote_spanned!(from=> Self::#callee(&__this, #(#args),*))),
    };
    let awaited = quote_spanned!(to=> .await);
    let future = quote_spanned!(ident.span()=> async move { __rt::done(#call #awaited) });
    let adds = Ident::new(adds, ident.span());
    let name = LitStr::new(&ident.unraw().to_string(), ident.span());
    let selector = self::selector(selector);
    quote! {
        .route(#selector, #name).#adds(|__this, __delivery| {
            #(let #args = __delivery.arg::<#params>()?;)*
            __rt::Ok(#future)
        })
    }
}

/// The first and the last token of the return type; without one, the name.
fn returned(ident: &Ident, output: &ReturnType) -> (Span, Span) {
    let ReturnType::Type(_, ty) = output else { return (ident.span(), ident.span()) };
    let mut spans = ty.to_token_stream().into_iter().map(|token| match token {
        TokenTree::Group(group) => group.span_close(),
        token => token.span(),
    });
    let first = spans.next().unwrap_or_else(|| ident.span());
    (first, spans.last().unwrap_or(first))
}

/// The builder of a trigger or filter.
fn selector(selector: &Selector) -> TokenStream {
    let span = selector.word.span();
    let new = match selector.subject {
        Subject::Trigger(trigger) => {
            let constructor = Ident::new(trigger.name, span);
            let required =
                trigger.keys.iter().filter(|key| key.required).filter_map(|key| selector.term(key.name));
            let required = required.map(value);
            quote!(__rt::Trigger::#constructor(#(#required),*))
        }
        Subject::AnyTrigger => quote!(__rt::Trigger::any()),
        Subject::Event(event) => {
            let ty = Ident::new(event.ty, span);
            quote!(__rt::Filter::<__rt::event::#ty>::new())
        }
        Subject::Any => quote!(__rt::Filter::<__rt::Any>::new()),
        Subject::Unknown => quote!(__rt::Filter::<__rt::Unknown>::new()),
    };
    let conditions = selector.terms.iter().filter(|term| !term.key.required).map(|term| {
        let (method, value) = (Ident::new(term.key.method, term.span), value(term));
        quote!(.#method(#value))
    });
    quote!(#new #(#conditions)*)
}

fn value(term: &Term) -> TokenStream {
    match &*term.values {
        [one] => quote!(#one),
        several => quote!([#(#several),*]),
    }
}
