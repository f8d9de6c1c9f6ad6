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
        let __routes = __rt::Routes::new("checkin").docs("Checks in.");
        let __routes = __routes
            .route(__rt::Trigger::phrase(["check in", "i am here"]), "begin")
            .run(|__this, __delivery| {
                let __0 = __delivery.arg::<Context>()?;
                let __1 = __delivery.arg::<Start<Phrase>>()?;
                __rt::Ok(async move { __rt::done(Self::begin(&__this, __0, __1).await) })
            });
        let __routes = __routes
            .route(__rt::Trigger::http(), "called")
            .run(|__this, __delivery| {
                let __0 = __delivery.arg::<Context>()?;
                let __1 = __delivery.arg::<Start<Http>>()?;
                let __2 = __delivery.arg::<Args<Order>>()?;
                __rt::Ok(async move {
                    __rt::done(Self::called(&__this, __0, __1, __2).await)
                })
            });
        let __routes = __routes
            .route(
                __rt::Filter::<__rt::event::Button>::new()
                    .taps(__rt::words::Taps::Double),
                "again",
            )
            .run(|__this, __delivery| {
                let __0 = __delivery.arg::<Button>()?;
                __rt::Ok(async move { __rt::done(Self::again(&__this, __0).await) })
            });
        let __routes = __routes
            .route(
                __rt::Filter::<__rt::event::TimerFired>::new().name("nap"),
                "nap_over",
            )
            .run(|__this, __delivery| {
                __rt::Ok(async move { __rt::done(Self::nap_over(&__this).await) })
            });
        __routes
    }
}
