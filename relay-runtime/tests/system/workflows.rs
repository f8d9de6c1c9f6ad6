//! The workflows that the stories are about.

use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};

use relay_protocol::codec::encode_request;
use relay_protocol::request;
use relay_runtime::extract::{Delivery, FromEvent, Unrecognised};
use relay_runtime::prelude::*;
use relay_runtime::server::{Limits, ServerBuilder};
use relay_runtime::urn::InteractionUrn;
use relay_runtime::{event, workflow};
use tokio::sync::Notify;
use tokio::task::yield_now;

use crate::stage::{Note, Notes};

pub(crate) fn all(builder: ServerBuilder) -> ServerBuilder {
    builder
        .workflow(hello)
        .workflow(everything)
        .workflow(ask)
        .workflow(ask_twice)
        .workflow(speak)
        .workflow(listen)
        .workflow(begin)
        .workflow(Panel::default)
        .workflow(panic)
        .workflow(fail)
        .workflow(stay)
        .workflow(hang)
        .workflow(Impatient::default)
        .workflow(Worker::default)
        .workflow(talk)
        .workflow(Crossed::default)
        .workflow(spawn)
        .workflow(fill)
        .workflow(order)
        .workflow(stumble)
        .workflow(worry)
        .workflow(|| -> Broken { panic!("as the story wants") })
}

/// The first example of the documentation.
#[workflow(phrase = "hello")]
async fn hello(cx: Context, start: Start<Phrase>) -> Result<()> {
    let alice = cx.start_interaction(start.source(), "hello").await?;
    alice.say("What is your name?").await?;
    let heard = alice.listen().timeout(secs(30)).await?;
    alice.say(format!("Hello {}", heard.text)).await?;
    Ok(())
}

/// An interaction that is taken to be up already.
fn menu(cx: &Context, start: &Start<Phrase>) -> Result<Interaction> {
    Ok(cx.interaction(InteractionUrn::name("menu")?.on(start.source())))
}

/// Does each thing once and reports each error.
#[workflow(phrase = "go")]
async fn everything(cx: Context, start: Start<Phrase>, notes: State<Notes>) -> Result<()> {
    let alice = menu(&cx, &start)?;
    notes.result(cx.start_interaction(start.source(), "menu").await.map(|_| ""));
    notes.result(alice.say("hello").await.map(|()| ""));
    notes.result(alice.say("hello").in_background().await.map(|_| ""));
    notes.result(alice.play("hello.wav").await.map(|()| ""));
    notes.result(alice.listen().await);
    notes.result(cx.vars().get::<String>("name").await.map(|_| ""));
    notes.result(cx.vars().set("name", 1).await.map(|()| ""));
    notes.result(cx.vars().unset("name").await.map(|()| ""));
    notes.result(cx.timers().set("nap", secs(60)).await.map(|()| ""));
    notes.result(cx.timers().clear("nap").await.map(|()| ""));
    notes.result(cx.timers().start(secs(60)).await.map(|()| ""));
    notes.result(cx.timers().stop().await.map(|()| ""));
    notes.result(cx.request([], request::CreateGroup::new("Night shift")).await.map(|_| ""));
    notes.result(alice.end().await.map(|()| ""));
    Ok(())
}

/// Asks for a variable and reports what came of it.
#[workflow(phrase = "go")]
async fn ask(cx: Context, notes: State<Notes>) -> Result<()> {
    notes.result(cx.vars().get::<String>("name").await.map(Option::unwrap_or_default));
    Ok(())
}

/// Asks for two variables at once, and reports why the session ended.
#[workflow(phrase = "go")]
async fn ask_twice(cx: Context, notes: State<Notes>) -> Result<()> {
    let (first, second) = tokio::join!(cx.vars().get::<String>("a"), cx.vars().get::<String>("b"));
    notes.result(first.map(Option::unwrap_or_default));
    notes.result(second.map(Option::unwrap_or_default));
    notes.note(Note::Closed(cx.closed().await));
    Ok(())
}

/// Speaks and reports when that is done.
#[workflow(phrase = "go")]
async fn speak(cx: Context, start: Start<Phrase>, notes: State<Notes>) -> Result<()> {
    notes.result(menu(&cx, &start)?.say("hello").await.map(|()| "spoken"));
    Ok(())
}

/// Listens for three seconds and reports what was heard.
#[workflow(phrase = "go")]
async fn listen(cx: Context, start: Start<Phrase>, notes: State<Notes>) -> Result<()> {
    let heard = menu(&cx, &start)?.listen().timeout(secs(3)).await;
    notes.result(heard.map(|heard| format!("heard {:?}", heard.text)));
    Ok(())
}

/// Starts an interaction and reports its URN.
#[workflow(phrase = "go")]
async fn begin(cx: Context, start: Start<Phrase>, notes: State<Notes>) -> Result<()> {
    let begun = cx.start_interaction(start.source(), "menu").within(secs(7)).await;
    notes.result(begun.map(|interaction| interaction.urn().to_string()));
    Ok(())
}

/// Asks for a variable, and hears buttons and all that nobody understands meanwhile.
#[derive(Default)]
struct Panel;

#[workflow]
impl Panel {
    #[trigger(phrase = "go")]
    async fn begin(&self, cx: Context, notes: State<Notes>) {
        notes.result(cx.vars().get::<String>("name").await.map(Option::unwrap_or_default));
    }

    #[on(button)]
    async fn pressed(&self, press: event::Button, notes: State<Notes>) {
        notes.say(format!("pressed {}", press.taps));
    }

    #[on(unknown)]
    async fn unknown(&self, message: Unrecognised, notes: State<Notes>) {
        notes.say(format!("unknown {}: {}", message.kind.unwrap_or_default(), message.why));
    }
}

#[workflow(phrase = "go")]
async fn panic(cx: Context) -> Result<()> {
    cx.vars().get::<String>("name").await?;
    panic!("as the story wants");
}

#[workflow(phrase = "go")]
async fn fail(cx: Context) -> Result<()> {
    cx.vars().get::<String>("name").await?;
    Err(Error::msg("as the story wants"))
}

/// Says in the log what it thinks.
#[workflow(phrase = "go")]
async fn worry() {
    tracing::info!("is it right?");
}

/// Stays until the session is over, and then some.
#[workflow(phrase = "go")]
async fn stay(cx: Context, notes: State<Notes>) {
    notes.note(Note::Closed(cx.closed().await));
    for _ in 0..100 {
        yield_now().await;
    }
    notes.say("tidied up");
}

/// Never ends by itself.
#[workflow(phrase = "go")]
async fn hang(notes: State<Notes>) {
    struct Dropped(State<Notes>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.say("dropped");
        }
    }
    let _dropped = Dropped(notes);
    pending().await
}

/// Listens, unless a button is pressed first.
#[derive(Default)]
struct Impatient {
    pressed: Notify,
}

#[workflow]
impl Impatient {
    #[trigger(phrase = "go")]
    async fn begin(&self, cx: Context, start: Start<Phrase>, notes: State<Notes>) -> Result<()> {
        let alice = menu(&cx, &start)?;
        tokio::select! {
            heard = alice.listen() => notes.say(format!("heard {}", heard?)),
            () = self.pressed.notified() => notes.say("enough"),
        }
        notes.result(alice.say("thank you").await.map(|()| "spoken"));
        cx.finish().await
    }

    #[on(button)]
    async fn pressed(&self) {
        self.pressed.notify_one();
    }
}

/// Begins and ends a piece of work for each timer, which the story allows by answering.
#[derive(Default)]
struct Worker {
    begun: AtomicUsize,
}

#[workflow]
impl Worker {
    #[trigger(any)]
    async fn begin(&self) {}

    #[on(timer_fired)]
    async fn work(&self, cx: Context, timer: event::TimerFired, notes: State<Notes>) -> Result<()> {
        let number = self.begun.fetch_add(1, Ordering::Relaxed) + 1;
        notes.say(format!("{number} begins {}", timer.name));
        cx.vars().get::<String>(&timer.name).await?;
        notes.say(format!("{} ends", timer.name));
        Ok(())
    }
}

/// Speaks long texts without waiting until they are spoken, as long as that is allowed.
#[workflow(phrase = "go")]
async fn talk(cx: Context, start: Start<Phrase>, notes: State<Notes>) -> Result<()> {
    let alice = menu(&cx, &start)?;
    let text = "blah ".repeat(20_000);
    for _ in 0..1_000 {
        tokio::select! {
            biased;
            said = alice.say(&text).in_background() => {
                notes.result(said.map(|_| "spoken"));
                return Ok(());
            }
            () = yield_now() => {}
        }
    }
    notes.say("nothing held me");
    Ok(())
}

/// Waits for an answer, and fails when the timer fires.
#[derive(Default)]
struct Crossed;

#[workflow]
impl Crossed {
    #[trigger(any)]
    async fn begin(&self, cx: Context) {
        let _ = cx.vars().get::<String>("name").await;
    }

    #[on(timer)]
    async fn fires(&self) -> Result<()> {
        Err(Error::msg("as the story wants"))
    }
}

/// Asks from a task of its own.
#[workflow(phrase = "go")]
async fn spawn(cx: Context, notes: State<Notes>) -> Result<()> {
    let asking = tokio::spawn(async move { cx.vars().get::<String>("name").await });
    notes.result(asking.await?.map(Option::unwrap_or_default));
    Ok(())
}

/// Sets a variable by a message of the largest size allowed, then by one that is a byte longer.
#[workflow(phrase = "go")]
async fn fill(cx: Context, notes: State<Notes>) -> Result<()> {
    let empty = encode_request(&"0".repeat(32), &[], &request::SetVar::new("name", "")).len();
    let room = Limits::default().max_message_bytes - empty;
    for length in [room, room + 1] {
        notes.result(cx.vars().set("name", "x".repeat(length)).await.map(|()| "set"));
    }
    Ok(())
}

/// Wants a number from the caller.
#[workflow(http)]
async fn order(Args(number): Args<u32>, notes: State<Notes>) {
    notes.say(format!("{number} ordered"));
}

/// A parameter that cannot be made without a panic.
struct Stone;

impl FromEvent<Phrase> for Stone {
    fn from_event(_: &Delivery<'_, Phrase>) -> Result<Self> {
        panic!("as the story wants");
    }
}

#[workflow(phrase = "go")]
async fn stumble(_stone: Stone) {}

/// A workflow whose value cannot be made without a panic.
struct Broken;

#[workflow]
impl Broken {
    #[trigger(any)]
    async fn begin(&self) {}
}
