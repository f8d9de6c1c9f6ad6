/// Checks in.
impl Checkin {
    const LIMIT: u32 = 3;
    /// Said.
    async fn begin(&self, cx: Context, start: Start<Phrase>) -> Result<()> {
        cx.say(start.phrase()).await
    }
    async fn called(
        &self,
        cx: Context,
        start: Start<Http>,
        Args(order): Args<Order>,
    ) -> Result<()> {
        self.order(cx, start, order).await
    }
    async fn again(&self, press: Button) {}
    async fn nap_over(&self) {}
    fn order(&self) {}
}
impl ::relay_runtime::workflow::Workflow for Checkin {
    fn routes() -> ::relay_runtime::workflow::Routes<Self> {
        use ::relay_runtime::__private as __rt;
        let routes = __rt::Routes::new("checkin").docs("Checks in.");
        let routes = routes
            .route(__rt::Trigger::phrase(["check in", "i am here"]), "begin")
            .run(|this, delivery| {
                let arg0 = __rt::arg::<Context, _>(delivery)?;
                let arg1 = __rt::arg::<Start<Phrase>, _>(delivery)?;
                Ok(async move { __rt::done(Self::begin(&this, arg0, arg1).await) })
            });
        let routes = routes
            .route(__rt::Trigger::http(), "called")
            .run(|this, delivery| {
                let arg0 = __rt::arg::<Context, _>(delivery)?;
                let arg1 = __rt::arg::<Start<Http>, _>(delivery)?;
                let arg2 = __rt::arg::<Args<Order>, _>(delivery)?;
                Ok(async move {
                    __rt::done(Self::called(&this, arg0, arg1, arg2).await)
                })
            });
        let routes = routes
            .route(
                __rt::Filter::<__rt::event::Button>::new()
                    .taps(__rt::words::Taps::Double),
                "again",
            )
            .run(|this, delivery| {
                let arg0 = __rt::arg::<Button, _>(delivery)?;
                Ok(async move { __rt::done(Self::again(&this, arg0).await) })
            });
        let routes = routes
            .route(
                __rt::Filter::<__rt::event::TimerFired>::new().name("nap"),
                "nap_over",
            )
            .run(|this, _| {
                Ok(async move { __rt::done(Self::nap_over(&this).await) })
            });
        routes
    }
}
