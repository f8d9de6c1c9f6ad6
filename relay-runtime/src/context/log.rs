//! Lines for the log of the program.

use std::fmt;

use tracing::debug;

use super::Context;

impl Context {
    /// Writes a line into the log of this program, at the level `debug`, with the workflow and the number of this
    /// session. Its target is `relay_runtime::debug_log`, by which subscribers can let it pass.
    ///
    /// Inside of a handler, `tracing`'s own macros do as well: the session is in the span there. This says it also from a
    /// task of your own. Nothing is sent to Relay, whose protocol has no request for that; for a record there, see
    /// [`analytics`](Self::analytics).
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// # async fn f(cx: Context) {
    /// tokio::spawn(async move {
    ///     cx.debug_log("still at it");
    /// });
    /// # }
    /// ```
    pub fn debug_log(&self, message: impl fmt::Display) {
        let info = &self.shared.info;
        debug!(
            target: "relay_runtime::debug_log",
            session = info.number,
            workflow = &*info.workflow,
            "{message}"
        );
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::extract::States;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_line_says_whose_it_is() {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::DEBUG)
            .with_ansi(false)
            .without_time()
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            Context::detached(States::default()).debug_log(format_args!("{} cups", 2));
        });
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text, "DEBUG relay_runtime::debug_log: 2 cups session=1 workflow=\"test\"\n");
    }
}
