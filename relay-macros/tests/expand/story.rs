/// Asks for a name and says hello.
pub fn hello(
    cx: Context,
    start: Start<Phrase>,
) -> impl ::relay_runtime::workflow::Story<Output = Result<()>> {
    use ::relay_runtime::__private as __rt;
    async fn hello(cx: Context, start: Start<Phrase>) -> Result<()> {
        let alice = cx.start_interaction(start.source(), "hello").await?;
        alice.say("Hello").await
    }
    struct __Tale;
    impl __rt::Tale for __Tale {
        fn routes() -> __rt::Routes<()> {
            let routes = __rt::Routes::new("hello")
                .docs("Asks for a name and says hello.");
            let routes = routes
                .route(__rt::Trigger::phrase("hello"), "hello")
                .tell(|_, delivery| {
                    let arg0 = __rt::arg::<Context, _>(delivery)?;
                    let arg1 = __rt::arg::<Start<Phrase>, _>(delivery)?;
                    Ok(async move { __rt::done(hello(arg0, arg1).await) })
                });
            routes
        }
    }
    __rt::Told::<__Tale, _>::new(hello(cx, start))
}
