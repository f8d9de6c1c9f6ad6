//! The code that a workflow becomes: the user's item as it was, and a table of routes.
//!
//! Generated code makes no decisions. It names types and calls the runtime, so that whatever is wrong with a type is an
//! error of the compiler at that type: what a parameter is made by has the tokens of its type, what takes the result has
//! the span of the return type, and what boxes the future has that of the handler's name.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, FnArg, Ident, ItemFn, ItemImpl, LitStr, Pat, ReturnType};

use crate::ir::{Handler, Item, Selector, Settings, Subject, Term, Workflow};

pub(crate) fn workflow(workflow: &Workflow) -> TokenStream {
    let Workflow { settings, docs, item, handlers } = workflow;
    match item {
        Item::Impl(block) => type_workflow(block, settings, &routes(settings, docs, handlers, Form::Impl)),
        Item::Fn(function) => story(function, settings, &routes(settings, docs, handlers, Form::Fn)),
    }
}

#[derive(Clone, Copy)]
enum Form {
    Fn,
    Impl,
}

fn type_workflow(block: &ItemImpl, settings: &Settings, routes: &TokenStream) -> TokenStream {
    let (krate, ty) = (&settings.krate, &block.self_ty);
    let (generics, _, bounds) = block.generics.split_for_impl();
    quote! {
        #block

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
fn routes(settings: &Settings, docs: &str, handlers: &[Handler], form: Form) -> TokenStream {
    let name = &settings.name;
    let path = settings.path.iter();
    let docs = Some(docs).filter(|docs| !docs.is_empty()).into_iter();
    let routes = handlers.iter().flat_map(|handler| {
        handler.selectors.iter().map(move |selector| {
            let (cfgs, route) = (&handler.cfgs, route(handler, selector, form));
            quote!(#(#cfgs)* let routes = routes #route;)
        })
    });
    quote! {
        let routes = __rt::Routes::new(#name) #(.path(#path))* #(.docs(#docs))*;
        #(#routes)*
        routes
    }
}

fn route(handler: &Handler, selector: &Selector, form: Form) -> TokenStream {
    let Handler { ident, params, output, .. } = handler;
    // The user's code cannot mean these, whatever its own names are.
    let local = |name: &str| Ident::new(name, Span::mixed_site());
    let (this, delivery) = (local("this"), local("delivery"));
    let given: Vec<_> = (0..params.len()).map(|i| local(&format!("arg{i}"))).collect();
    let made = given.iter().zip(params).map(|(arg, ty)| quote!(let #arg = __rt::arg::<#ty, _>(#delivery)?;));
    let returned = match output {
        ReturnType::Default => ident.span(),
        ReturnType::Type(_, ty) => ty.span(),
    };
    let (adds, this, call) = match form {
        Form::Fn => ("tell", quote!(_), quote!(#ident(#(#given),*))),
        Form::Impl => ("run", quote!(#this), quote!(Self::#ident(&#this, #(#given),*))),
    };
    let done = quote_spanned!(returned=> __rt::done(#call.await));
    let future = quote_spanned!(ident.span()=> async move { #done });
    let delivery = if params.is_empty() { quote!(_) } else { quote!(#delivery) };
    let adds = Ident::new(adds, ident.span());
    let name = LitStr::new(&ident.to_string(), ident.span());
    let selector = self::selector(selector);
    quote!(.route(#selector, #name).#adds(|#this, #delivery| { #(#made)* Ok(#future) }))
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
