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
            let __routes = __rt::Routes::new("hello")
                .docs("Asks for a name and says hello.");
            let __routes = __routes
                .route(__rt::Trigger::phrase("hello"), "hello")
                .tell(|__this, __delivery| {
                    let __0 = __delivery.arg::<Context>()?;
                    let __1 = __delivery.arg::<Start<Phrase>>()?;
                    __rt::Ok(async move { __rt::done(hello(__0, __1).await) })
                });
            __routes
        }
    }
    __rt::Told::<__Tale, _>::new(hello(cx, start))
}
