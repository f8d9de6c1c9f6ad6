impl Watch {
    async fn begin(&self, start: Start) {}
}
impl ::relay_runtime::workflow::Workflow for Watch {
    fn routes() -> ::relay_runtime::workflow::Routes<Self> {
        use ::relay_runtime::__private as __rt;
        let __routes = __rt::Routes::new("watch");
        let __routes = __routes
            .route(__rt::Trigger::phrase("watch"), "begin")
            .run(|__this, __delivery| {
                let __0 = __delivery.arg::<Start>()?;
                __rt::Ok(async move { __rt::done(Self::begin(&__this, __0).await) })
            });
        let __routes = __routes
            .route(__rt::Trigger::button().taps(__rt::words::Taps::Triple), "begin")
            .run(|__this, __delivery| {
                let __0 = __delivery.arg::<Start>()?;
                __rt::Ok(async move { __rt::done(Self::begin(&__this, __0).await) })
            });
        let __routes = __routes
            .route(__rt::Trigger::http(), "begin")
            .run(|__this, __delivery| {
                let __0 = __delivery.arg::<Start>()?;
                __rt::Ok(async move { __rt::done(Self::begin(&__this, __0).await) })
            });
        let __routes = __routes
            .route(__rt::Trigger::nfc().category("door").label("main entrance"), "begin")
            .run(|__this, __delivery| {
                let __0 = __delivery.arg::<Start>()?;
                __rt::Ok(async move { __rt::done(Self::begin(&__this, __0).await) })
            });
        let __routes = __routes
            .route(
                __rt::Trigger::timer()
                    .start_time("2027-01-04T08:00:00")
                    .frequency(__rt::words::Frequency::Weekly)
                    .days([__rt::words::Weekday::Mo, __rt::words::Weekday::Fr])
                    .count(10),
                "begin",
            )
            .run(|__this, __delivery| {
                let __0 = __delivery.arg::<Start>()?;
                __rt::Ok(async move { __rt::done(Self::begin(&__this, __0).await) })
            });
        let __routes = __routes
            .route(__rt::Trigger::battery().discharge(25), "begin")
            .run(|__this, __delivery| {
                let __0 = __delivery.arg::<Start>()?;
                __rt::Ok(async move { __rt::done(Self::begin(&__this, __0).await) })
            });
        let __routes = __routes
            .route(
                __rt::Trigger::geofence("geo_17")
                    .transition(__rt::words::Transition::Exit),
                "begin",
            )
            .run(|__this, __delivery| {
                let __0 = __delivery.arg::<Start>()?;
                __rt::Ok(async move { __rt::done(Self::begin(&__this, __0).await) })
            });
        let __routes = __routes
            .route(__rt::Trigger::position("venue_3", "pos_12"), "begin")
            .run(|__this, __delivery| {
                let __0 = __delivery.arg::<Start>()?;
                __rt::Ok(async move { __rt::done(Self::begin(&__this, __0).await) })
            });
        let __routes = __routes
            .route(
                __rt::Trigger::call().direction(__rt::words::CallDirection::Inbound),
                "begin",
            )
            .run(|__this, __delivery| {
                let __0 = __delivery.arg::<Start>()?;
                __rt::Ok(async move { __rt::done(Self::begin(&__this, __0).await) })
            });
        let __routes = __routes
            .route(__rt::Trigger::emergency(), "begin")
            .run(|__this, __delivery| {
                let __0 = __delivery.arg::<Start>()?;
                __rt::Ok(async move { __rt::done(Self::begin(&__this, __0).await) })
            });
        let __routes = __routes
            .route(__rt::Trigger::other(), "begin")
            .run(|__this, __delivery| {
                let __0 = __delivery.arg::<Start>()?;
                __rt::Ok(async move { __rt::done(Self::begin(&__this, __0).await) })
            });
        __routes
    }
}
