//! Async fns as handlers.

use std::future::Future;
use std::sync::Arc;

use super::{EventKind, IntoOutcome};
use crate::Error;
use crate::extract::{Delivery, FromEvent};

/// An async fn that can handle an `E` in a workflow of type `W`.
///
/// That is an `async fn` of up to eight parameters which implement [`FromEvent<E>`](FromEvent), in any order, and whose
/// result implements [`IntoOutcome`]. In front of them may stand `Arc<W>`, the session's value. Its future must be
/// `Send`. `Args` only tells the implementations apart.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot handle `{E}`",
    label = "not a handler of `{E}` in the workflow `{W}`",
    note = "a handler is an `async fn` of at most eight parameters that implement `FromEvent<{E}>`, with `Arc<{W}>` in \
            front of them if it needs the session's value; it returns `Result<()>` or nothing, and its future is `Send`"
)]
pub trait Handler<W, E: EventKind, Args>: Send + Sync + 'static {
    /// Makes the parameters and calls the fn with them. The future does the rest.
    ///
    /// # Errors
    ///
    /// When a parameter cannot be made.
    fn call(
        &self,
        this: Arc<W>,
        delivery: &Delivery<'_, E>,
    ) -> Result<impl Future<Output = Result<(), Error>> + Send + 'static + use<Self, W, E, Args>, Error>;
}

/// The fn has no parameter for the session's value.
#[derive(Debug)]
pub enum Free {}

/// The fn takes the session's value first.
#[derive(Debug)]
pub enum Method {}

macro_rules! handlers {
    ($($arg:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<W, E, F, Fut, $($arg,)*> Handler<W, E, (Free, $($arg,)*)> for F
        where
            E: EventKind,
            F: Fn($($arg),*) -> Fut + Send + Sync + 'static,
            Fut: Future<Output: IntoOutcome> + Send + 'static,
            $($arg: FromEvent<E>,)*
        {
            #[allow(unused_variables)]
            fn call(
                &self,
                _: Arc<W>,
                delivery: &Delivery<'_, E>,
            ) -> Result<impl Future<Output = Result<(), Error>> + Send + 'static + use<W, E, F, Fut, $($arg,)*>, Error>
            {
                let future = self($(delivery.arg::<$arg>()?),*);
                Ok(async move { future.await.into_outcome() })
            }
        }

        #[diagnostic::do_not_recommend]
        impl<W, E, F, Fut, $($arg,)*> Handler<W, E, (Method, $($arg,)*)> for F
        where
            W: Send + Sync + 'static,
            E: EventKind,
            F: Fn(Arc<W>, $($arg),*) -> Fut + Send + Sync + 'static,
            Fut: Future<Output: IntoOutcome> + Send + 'static,
            $($arg: FromEvent<E>,)*
        {
            #[allow(unused_variables)]
            fn call(
                &self,
                this: Arc<W>,
                delivery: &Delivery<'_, E>,
            ) -> Result<impl Future<Output = Result<(), Error>> + Send + 'static + use<W, E, F, Fut, $($arg,)*>, Error>
            {
                let future = self(this, $(delivery.arg::<$arg>()?),*);
                Ok(async move { future.await.into_outcome() })
            }
        }
    };
}

handlers! {}
handlers! { A1 }
handlers! { A1 A2 }
handlers! { A1 A2 A3 }
handlers! { A1 A2 A3 A4 }
handlers! { A1 A2 A3 A4 A5 }
handlers! { A1 A2 A3 A4 A5 A6 }
handlers! { A1 A2 A3 A4 A5 A6 A7 }
handlers! { A1 A2 A3 A4 A5 A6 A7 A8 }
