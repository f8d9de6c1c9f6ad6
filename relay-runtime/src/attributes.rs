//! The attributes, with their documentation: here the examples compile.

/// Makes an async fn, or a type with handlers, a workflow.
///
/// # An async fn
///
/// It is told as a story, from the trigger to the end. The trigger stands in the attribute, written as in
/// [`#[trigger(..)]`](macro@trigger); without one the fn tells whatever starts it. When it returns without an error, its
/// interactions are ended and the workflow is terminated.
///
/// ```
/// use relay_runtime::prelude::*;
///
/// /// Asks for a name and says hello.
/// #[workflow(phrase = "hello")]
/// async fn hello(cx: Context, start: Start<Phrase>) -> Result<()> {
///     let device = cx.start_interaction(start.source(), "hello").await?;
///     device.say("What is your name?").await?;
///     let heard = device.listen().timeout(secs(30)).await?;
///     device.say(format!("Hello {heard}")).await
/// }
///
/// # fn serve() {
/// Server::builder().workflow(hello);
/// # }
/// ```
///
/// `hello` stays a fn: a test can call `hello(cx, start).await`.
///
/// # A type
///
/// Its handlers are the methods with [`#[trigger(..)]`](macro@trigger), of which there is at least one, and
/// [`#[on(..)]`](macro@on). There is one value of the type for each session, made by the fn that is given to the server
/// and shared by its handlers, which run concurrently: hence `&self`, and a `Mutex` or an atomic around what changes. The
/// session ends when a handler [terminates](crate::Context::terminate) it, or fails.
///
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering};
///
/// use relay_runtime::prelude::*;
/// use serde::Deserialize;
///
/// #[derive(Default)]
/// struct Checkin {
///     presses: AtomicU32,
/// }
///
/// #[derive(Deserialize)]
/// struct Visitor {
///     name: String,
/// }
///
/// /// Checks people in, and counts how often they press the button.
/// #[workflow(name = "front-desk")]
/// impl Checkin {
///     #[trigger(phrase = ["check in", "i am here"])]
///     async fn begin(&self, cx: Context, start: Start<Phrase>) -> Result<()> {
///         cx.start_interaction(start.source(), "desk").await?.say("Welcome").await
///     }
///
///     #[trigger(http)]
///     async fn called(&self, cx: Context, start: Start<Http>, Args(visitor): Args<Visitor>) -> Result<()> {
///         if let Some(device) = start.source() {
///             let desk = cx.start_interaction(device, "desk").await?;
///             desk.say(format!("{} is here", visitor.name)).await?;
///         }
///         cx.finish().await
///     }
///
///     #[on(button, taps = double)]
///     async fn again(&self, press: Button) {
///         self.presses.fetch_add(1, Ordering::Relaxed);
///     }
///
///     #[on(timer_fired, name = "nap")]
///     async fn nap_over(&self, cx: Context) -> Result<()> {
///         cx.finish().await
///     }
/// }
///
/// # fn serve() {
/// Server::builder().workflow(Checkin::default);
/// # }
/// ```
///
/// # Settings
///
/// | setting | default | |
/// | --- | --- | --- |
/// | `name = ".."` | the fn's name; the type's in snake case | what logs, metrics and registrations call it |
/// | `path = "/.."` | `/` and the name | the path of the URI that Relay dials |
/// | `crate = path` | `::relay_runtime` | where this crate is found, for crates that re-export it |
///
/// The doc comment becomes the description in the [manifest](relay_protocol::manifest::WorkflowManifest).
///
/// # Handlers
///
/// A handler is an `async fn` without generic parameters. It has up to eight parameters, in any order, each of a type that
/// can be [made from what it handles](crate::extract); it returns `Result<()>`, or nothing. Its future is `Send`.
///
/// # What it becomes
///
/// A table of [`Routes`](crate::workflow::Routes), which can also be [written by hand](mod@crate::workflow), with the
/// rules for [which handler gets an event](mod@crate::workflow#which-handler-runs).
pub use relay_macros::workflow;

/// Marks a method of a [`#[workflow]`](macro@workflow) as the handler of sessions that start by this trigger.
///
/// The kind comes first, then its settings:
///
/// | trigger | settings | `Start<..>` |
/// | --- | --- | --- |
/// | `phrase = "hello"`, `phrase = ["hello", "hi"]` | | `Phrase` |
/// | `button` | `taps = single \| double \| triple` | `ButtonTap` |
/// | `http` | | `Http` |
/// | `nfc` | `type = custom \| user_profile`, `category = ".."`, `label = ".."` | `Nfc` |
/// | `timer` | `start_time = ".."`, `timezone = ".."`, `frequency = daily`, `interval = 2`, `days = [mo, fr]`, `count = 10`, `until = ".."` | `Schedule` |
/// | `battery` | `discharge = 25` or `charge = 90` | `Battery` |
/// | `geofence, geofence_id = ".."` | `transition = entry \| exit` | `Geofence` |
/// | `position, venue_id = "..", position_id = ".."` | `transition = entry \| exit` | `Position` |
/// | `call` | `direction = outbound \| inbound` | `CallTrigger` |
/// | `emergency` | | `Emergency` |
/// | `other` | | `Other` |
/// | `any` | | plain `Start` |
///
/// They mean what the methods of [`Trigger`](crate::workflow::trigger::Trigger) say. A phrase is lower case, as the speech
/// recogniser gives it. `any` takes every start that no other trigger takes. Words and text may be written with or without
/// quotation marks. A method may have several triggers, and events too, if its parameters suit all of them.
///
/// ```
/// # use relay_runtime::prelude::*;
/// # #[derive(Default)] struct Rounds;
/// #[workflow]
/// impl Rounds {
///     #[trigger(phrase = "start my round")]
///     #[trigger(nfc, category = "checkpoint")]
///     #[trigger(timer, start_time = "2027-01-04T22:00:00", timezone = "Europe/London", days = [mo, we, fr], count = 100)]
///     async fn begin(&self, cx: Context, start: Start) -> Result<()> {
///         # let _ = cx;
///         match start.source() {
///             Some(device) => tracing::info!(%device, "a round begins"),
///             None => tracing::info!("a round begins on time"),
///         }
///         Ok(())
///     }
/// }
/// ```
pub use relay_macros::trigger;

/// Marks a method of a [`#[workflow]`](macro@workflow) as the handler of an event.
///
/// The event comes first, by its name in the protocol: `button` for [`event::Button`](crate::event::Button). Then the
/// conditions, which are the methods of its [`Filter`](crate::workflow::Filter); several values of which any will do stand
/// in brackets. Words and text may be written with or without quotation marks.
///
/// ```
/// # use relay_runtime::prelude::*;
/// # use relay_runtime::event::{InteractionLifecycle, Notification};
/// # use relay_runtime::extract::{Raw, Unrecognised};
/// # #[derive(Default)] struct Example;
/// # #[workflow]
/// # impl Example {
/// # #[trigger(any)] async fn begin(&self) {}
/// #[on(button, button = action, taps = [double, triple])]
/// async fn pressed(&self, press: Button) { /* .. */ }
///
/// #[on(interaction_started, interaction = "hello")]
/// async fn ready(&self, interaction: InteractionLifecycle) { /* .. */ }
///
/// #[on(notification, name = "fire drill", event = ack_event)]
/// async fn acknowledged(&self, notification: Notification) { /* .. */ }
///
/// #[on(call_connected)]
/// #[on(call_disconnected)]
/// async fn call_changed(&self, Raw(event): Raw) { /* .. */ }
///
/// #[on(unknown)]
/// async fn unknown(&self, message: Unrecognised) { /* .. */ }
/// # }
/// ```
///
/// | beside the events | |
/// | --- | --- |
/// | `interaction_started`, `_resumed`, `_suspended`, `_ended`, `_failed` | short for `interaction_lifecycle, type = started` and so on |
/// | `any` | every event that no other handler takes |
/// | `unknown` | every message that this version of the protocol does not know or cannot read |
///
/// The start event goes to [triggers](macro@trigger), and nowhere else.
pub use relay_macros::on;

/// Makes an async fn a test with a clock that jumps: [`testing::run`](crate::testing::run) around its body.
///
/// With the feature `testing`. See [`testing`](crate::testing) for what to write into it.
///
/// ```
/// # mod tests {
/// use relay_runtime::testing::Sim;
///
/// #[relay_runtime::test]
/// async fn nobody_is_there() {
///     let sim = Sim::new();
///     sim.until_idle().await;
/// }
/// # }
/// ```
///
/// The fn has no parameters and may return what any test may. Other attributes, such as `#[should_panic]`, work as usual.
/// `crate = path` says where this crate is found, for crates that re-export it.
#[cfg(feature = "testing")]
pub use relay_macros::test;
