//! `#[workflow]` on one async fn.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::{IntoWorkflow, Routes, WorkflowEntry};

/// The future of an async fn with `#[workflow]`.
///
/// Calling such a fn gives a future like that of any async fn, so tests can await it. Its type also knows the workflow
/// that the fn is, so that the fn itself can be given to the server.
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub trait Story: Future + Sized {
    #[doc(hidden)]
    fn workflow() -> WorkflowEntry;
}

/// What such a fn is as a workflow. It keeps no state beside its local variables.
pub trait Tale: 'static {
    #[doc(hidden)]
    fn routes() -> Routes<()>;
}

/// The future of a fn that is the workflow `T`.
pub struct Told<T, F> {
    // A box, since projecting a pin needs either `unsafe` or a macro. The server calls the inner fn directly, so that
    // only tests pay for it.
    future: Pin<Box<F>>,
    tale: PhantomData<fn() -> T>,
}

impl<T, F: Future> Told<T, F> {
    #[doc(hidden)]
    pub fn new(future: F) -> Self {
        Self { future: Box::pin(future), tale: PhantomData }
    }
}

impl<T, F: Future> Future for Told<T, F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.future.as_mut().poll(cx)
    }
}

impl<T: Tale, F: Future> Story for Told<T, F> {
    fn workflow() -> WorkflowEntry {
        WorkflowEntry::new(T::routes(), || ())
    }
}

impl<T, F> fmt::Debug for Told<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Told").finish_non_exhaustive()
    }
}

/// By an async fn with `#[workflow]`.
#[derive(Debug)]
pub enum ByStory {}

macro_rules! stories {
    ($($arg:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<F, S, $($arg,)*> IntoWorkflow<(ByStory, $($arg,)*)> for F
        where
            F: Fn($($arg),*) -> S,
            S: Story,
        {
            fn into_workflow(self) -> WorkflowEntry {
                S::workflow()
            }
        }
    };
}

stories! {}
stories! { A1 }
stories! { A1 A2 }
stories! { A1 A2 A3 }
stories! { A1 A2 A3 A4 }
stories! { A1 A2 A3 A4 A5 }
stories! { A1 A2 A3 A4 A5 A6 }
stories! { A1 A2 A3 A4 A5 A6 A7 }
stories! { A1 A2 A3 A4 A5 A6 A7 A8 }
