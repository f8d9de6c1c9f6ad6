impl<T: Log> Recorder<T>
where
    T: Send + Sync + 'static,
{
    async fn begin(&self, start: Start) {}
    async fn changed(&self, change: InteractionLifecycle) {}
    #[cfg(test)]
    async fn only_in_tests(&self) {}
    async fn other(&self, event: Event) {}
    async fn unknown(&self, message: Unrecognised) {}
}
impl<T: Log> ::relay_runtime::workflow::Workflow for Recorder<T>
where
    T: Send + Sync + 'static,
{
    fn routes() -> ::relay_runtime::workflow::Routes<Self> {
        use ::relay_runtime::__private as __rt;
        let routes = __rt::Routes::new("recorder");
        let routes = routes
            .route(__rt::Trigger::any(), "begin")
            .run(|this, delivery| {
                let arg0 = __rt::arg::<Start, _>(delivery)?;
                Ok(async move { __rt::done(Self::begin(&this, arg0).await) })
            });
        let routes = routes
            .route(
                __rt::Filter::<__rt::event::InteractionLifecycle>::new()
                    .kind(__rt::words::LifecycleType::Started),
                "changed",
            )
            .run(|this, delivery| {
                let arg0 = __rt::arg::<InteractionLifecycle, _>(delivery)?;
                Ok(async move { __rt::done(Self::changed(&this, arg0).await) })
            });
        let routes = routes
            .route(
                __rt::Filter::<__rt::event::InteractionLifecycle>::new()
                    .kind(__rt::words::LifecycleType::Ended)
                    .interaction(["hello", "bye"]),
                "changed",
            )
            .run(|this, delivery| {
                let arg0 = __rt::arg::<InteractionLifecycle, _>(delivery)?;
                Ok(async move { __rt::done(Self::changed(&this, arg0).await) })
            });
        #[cfg(test)]
        let routes = routes
            .route(
                __rt::Filter::<__rt::event::Incident>::new()
                    .kind(__rt::words::IncidentStatus::Resolved),
                "only_in_tests",
            )
            .run(|this, _| {
                Ok(async move { __rt::done(Self::only_in_tests(&this).await) })
            });
        let routes = routes
            .route(__rt::Filter::<__rt::Any>::new(), "other")
            .run(|this, delivery| {
                let arg0 = __rt::arg::<Event, _>(delivery)?;
                Ok(async move { __rt::done(Self::other(&this, arg0).await) })
            });
        let routes = routes
            .route(__rt::Filter::<__rt::Unknown>::new(), "unknown")
            .run(|this, delivery| {
                let arg0 = __rt::arg::<Unrecognised, _>(delivery)?;
                Ok(async move { __rt::done(Self::unknown(&this, arg0).await) })
            });
        routes
    }
}
