//! What an operator reads.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Once;
use std::time::Duration;

thread_local! {
    static LINES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The log lines of one test, from INFO up. Tests have a thread each, with their server on it.
///
/// One subscriber for all tests: with one for each, tracing may remember for a moment that nobody listens.
pub(crate) struct Logs;

impl Logs {
    pub(crate) fn collect() -> Self {
        static INSTALL: Once = Once::new();
        INSTALL.call_once(|| {
            tracing_subscriber::fmt()
                .with_ansi(false)
                .without_time()
                .with_target(false)
                .with_writer(|| Writer)
                .init();
        });
        LINES.take();
        Self
    }

    pub(crate) fn text(&self) -> String {
        LINES.with_borrow(|lines| String::from_utf8_lossy(lines).into_owned())
    }

    /// The first line that holds `part`; waits for it.
    pub(crate) async fn line(&self, part: &str) -> String {
        let found = async {
            loop {
                if let Some(line) = self.text().lines().find(|line| line.contains(part)) {
                    return line.to_owned();
                }
                tokio::task::yield_now().await;
            }
        };
        match tokio::time::timeout(Duration::from_secs(10), found).await {
            Ok(line) => line,
            Err(_) => panic!("no line with {part:?} in:\n{}", self.text()),
        }
    }
}

struct Writer;

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.with_borrow_mut(|lines| lines.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
