/// Asks for a name and says hello.
#[workflow(phrase = "hello")]
pub async fn hello(cx: Context, start: Start<Phrase>) -> Result<()> {
    let alice = cx.start_interaction(start.source(), "hello").await?;
    alice.say("Hello").await
}
