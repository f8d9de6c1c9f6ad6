//! How actions end and how long they take.

use std::marker::PhantomData;
use std::time::Duration;

use ::metrics::{Key, Label, Level, Metadata, with_recorder};
use relay_protocol::RequestBody;

use super::ACTION_DURATION;
use crate::error::Cause;

/// The values of `outcome`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ActionOutcome {
    Done,
    Refused,
    Failed,
    TimedOut,
    Closed,
    NotSent,
    BadAnswer,
    /// Nobody waited for the end.
    Dropped,
}

impl ActionOutcome {
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::TimedOut => "timed_out",
            Self::Closed => "closed",
            Self::NotSent => "not_sent",
            Self::BadAnswer => "bad_answer",
            Self::Dropped => "dropped",
        }
    }

    /// Counts an action that took this long, from its request on.
    pub(crate) fn observe<R: RequestBody>(self, took: Duration) {
        static METADATA: Metadata<'static> = Metadata::new("relay_runtime", Level::INFO, None);
        let key = Keys::<R>::of(self);
        with_recorder(|recorder| recorder.register_histogram(key, &METADATA)).record(took);
    }
}

impl<T> From<&Result<T, Cause>> for ActionOutcome {
    fn from(result: &Result<T, Cause>) -> Self {
        match result {
            Ok(_) => Self::Done,
            Err(Cause::Refused(_)) => Self::Refused,
            Err(Cause::Failed(_)) => Self::Failed,
            Err(Cause::TimedOut { .. }) => Self::TimedOut,
            Err(Cause::Closed(_)) => Self::Closed,
            Err(Cause::NotSent(_) | Cause::BadArgument { .. }) => Self::NotSent,
            Err(Cause::BadAnswer(_) | Cause::BadValue(_)) => Self::BadAnswer,
        }
    }
}

/// The keys of a request, made by the compiler: an action without a recorder must not allocate or hash for its metrics.
struct Keys<R>(PhantomData<R>);

struct Labels<R>(PhantomData<R>);

macro_rules! keys {
    ($($outcome:ident as $NAME:ident,)*) => {
        impl<R: RequestBody> Labels<R> {
            $(const $NAME: &'static [Label] = &labels(R::NAME, ActionOutcome::$outcome);)*
        }

        impl<R: RequestBody> Keys<R> {
            $(const $NAME: &'static Key = &Key::from_static_parts(ACTION_DURATION, Labels::<R>::$NAME);)*

            fn of(outcome: ActionOutcome) -> &'static Key {
                match outcome {
                    $(ActionOutcome::$outcome => Self::$NAME,)*
                }
            }
        }
    };
}

keys! {
    Done as DONE,
    Refused as REFUSED,
    Failed as FAILED,
    TimedOut as TIMED_OUT,
    Closed as CLOSED,
    NotSent as NOT_SENT,
    BadAnswer as BAD_ANSWER,
    Dropped as DROPPED,
}

const fn labels(action: &'static str, outcome: ActionOutcome) -> [Label; 2] {
    [Label::from_static_parts("action", action), Label::from_static_parts("outcome", outcome.label())]
}
