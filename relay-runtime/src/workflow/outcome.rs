//! What a handler may return.

use crate::Error;

/// What a handler may return: nothing, or a `Result<(), E>` whose error becomes an [`Error`].
#[diagnostic::on_unimplemented(
    message = "a handler cannot return `{Self}`",
    label = "a handler returns `Result<()>`, or nothing",
    note = "the error may be `relay_runtime::Error` or any `std::error::Error + Send + Sync + 'static`"
)]
pub trait IntoOutcome {
    /// How the handler ended.
    ///
    /// # Errors
    ///
    /// What the handler failed with.
    fn into_outcome(self) -> Result<(), Error>;
}

impl IntoOutcome for () {
    fn into_outcome(self) -> Result<(), Error> {
        Ok(())
    }
}

#[diagnostic::do_not_recommend]
impl<E: Into<Error>> IntoOutcome for Result<(), E> {
    fn into_outcome(self) -> Result<(), Error> {
        self.map_err(Into::into)
    }
}
