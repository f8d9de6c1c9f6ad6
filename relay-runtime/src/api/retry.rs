//! Whether a failed call is tried again, and when.

use std::future::Future;
use std::time::{Duration, SystemTime};

use super::ApiError;

/// The first wait, doubled each time.
const FIRST: Duration = Duration::from_millis(250);
/// No wait of our own choice is longer.
const LONGEST: Duration = Duration::from_secs(8);
/// Whoever is told to wait longer than this should hear so instead of hanging.
const LONGEST_ASKED: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, Copy)]
pub(super) struct Retry {
    /// How often, after the first try.
    pub(super) retries: u32,
}

impl Retry {
    /// Runs `attempt` until it succeeds or should not be repeated. `repeatable`: nothing happens twice if Relay takes
    /// the request twice.
    pub(super) async fn run<T, F>(
        &self,
        repeatable: bool,
        mut attempt: impl FnMut() -> F,
    ) -> Result<T, ApiError>
    where
        F: Future<Output = Result<T, ApiError>>,
    {
        let mut done = 0;
        loop {
            let error = match attempt().await {
                Err(error) if done < self.retries && worth_it(&error, repeatable) => error,
                answer => return answer,
            };
            let asked = error.reply().and_then(|reply| reply.retry_after);
            if asked.is_some_and(|asked| asked > LONGEST_ASKED) {
                return Err(error);
            }
            let wait = wait(done, asked, fastrand::f64());
            tracing::debug!(%error, ?wait, "trying again");
            tokio::time::sleep(wait).await;
            done += 1;
        }
    }
}

fn worth_it(error: &ApiError, repeatable: bool) -> bool {
    match error {
        ApiError::Unreachable { .. } => true,
        // Refused at the door: it was not processed.
        ApiError::Refused { reply, .. } if reply.status == 429 => true,
        // May come from a proxy that has already passed the request on.
        ApiError::Failed { reply, .. } => repeatable && reply.status == 503,
        ApiError::Interrupted { .. } => repeatable,
        _ => false,
    }
}

/// What was asked for and a little more, so that those who were turned away together do not come back together; else
/// half to the whole of a wait that doubles. `jitter` is from 0 to 1.
fn wait(done: u32, asked: Option<Duration>, jitter: f64) -> Duration {
    match asked {
        Some(asked) => asked + FIRST.mul_f64(jitter),
        None => FIRST.saturating_mul(2_u32.saturating_pow(done)).min(LONGEST).mul_f64(0.5 + jitter / 2.0),
    }
}

/// Reads a `Retry-After` header: seconds or a date.
pub(super) fn retry_after(header: &str, now: SystemTime) -> Option<Duration> {
    let header = header.trim();
    header.parse().map(Duration::from_secs).ok().or_else(|| {
        let date = httpdate::parse_http_date(header).ok()?;
        Some(date.duration_since(now).unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use tokio::time::Instant;

    use super::super::{Reply, RequestLine};
    use super::*;

    fn request() -> RequestLine {
        RequestLine { method: "GET".into(), url: "http://localhost/".into() }
    }

    fn refused(status: u16, retry_after: Option<u64>) -> ApiError {
        let reply =
            Box::new(Reply { status, retry_after: retry_after.map(Duration::from_secs), ..Reply::default() });
        match status {
            ..500 => ApiError::Refused { request: request(), reply },
            500.. => ApiError::Failed { request: request(), reply },
        }
    }

    fn unreachable() -> ApiError {
        ApiError::Unreachable { request: request(), source: "connection refused".into() }
    }

    fn interrupted() -> ApiError {
        ApiError::Interrupted { request: request(), source: "reset".into() }
    }

    /// How many tries it took, how long, and whether it succeeded in the end.
    async fn run(repeatable: bool, errors: Vec<ApiError>) -> (usize, Duration, bool) {
        let (begun, mut errors) = (Instant::now(), VecDeque::from(errors));
        let mut tries = 0;
        let answer = Retry { retries: 3 }.run(repeatable, || {
            tries += 1;
            std::future::ready(errors.pop_front().map_or(Ok(()), Err))
        });
        let ok = answer.await.is_ok();
        (tries, begun.elapsed(), ok)
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_is_honoured() {
        let (tries, took, ok) = run(false, vec![refused(429, Some(30))]).await;
        assert_eq!((tries, ok), (2, true));
        assert!((30_000..=30_260).contains(&took.as_millis()), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_nobody_expects_is_an_error() {
        assert_eq!(run(true, vec![refused(429, Some(3600))]).await, (1, Duration::ZERO, false));
    }

    #[tokio::test(start_paused = true)]
    async fn waits_grow_and_end() {
        let (tries, took, ok) = run(false, (0..9).map(|_| unreachable()).collect()).await;
        assert_eq!((tries, ok), (4, false));
        assert!((875..=1760).contains(&took.as_millis()), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_may_have_been_processed_is_repeated_only_if_that_does_no_harm() {
        for error in [|| refused(503, None), interrupted] {
            let (tries, _, ok) = run(true, vec![error()]).await;
            assert_eq!((tries, ok), (2, true));
            let (tries, _, ok) = run(false, vec![error()]).await;
            assert_eq!((tries, ok), (1, false));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_would_fail_again_is_not_repeated() {
        for status in [400, 404, 500, 501] {
            assert_eq!(run(true, vec![refused(status, None)]).await.0, 1, "{status}");
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = SystemTime::UNIX_EPOCH;
        for (header, seconds) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Thu, 01 Jan 1970 00:01:00 GMT", Some(60)),
            ("soon", None),
            ("-1", None),
        ] {
            assert_eq!(retry_after(header, now), seconds.map(Duration::from_secs), "{header}");
        }
        let past = retry_after("Thu, 01 Jan 1970 00:01:00 GMT", now + Duration::from_secs(90));
        assert_eq!(past, Some(Duration::ZERO));
    }
}
