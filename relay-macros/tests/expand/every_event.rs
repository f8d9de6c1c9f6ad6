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
        let __routes = __rt::Routes::new("recorder");
        let __routes = __routes
            .route(__rt::Trigger::any(), "begin")
            .run(|__this, __delivery| {
                let __0 = __delivery.arg::<Start>()?;
                __rt::Ok(async move { __rt::done(Self::begin(&__this, __0).await) })
            });
        let __routes = __routes
            .route(
                __rt::Filter::<__rt::event::InteractionLifecycle>::new()
                    .kind(__rt::words::LifecycleType::Started),
                "changed",
            )
            .run(|__this, __delivery| {
                let __0 = __delivery.arg::<InteractionLifecycle>()?;
                __rt::Ok(async move { __rt::done(Self::changed(&__this, __0).await) })
            });
        let __routes = __routes
            .route(
                __rt::Filter::<__rt::event::InteractionLifecycle>::new()
                    .kind(__rt::words::LifecycleType::Ended)
                    .interaction(["hello", "bye"]),
                "changed",
            )
            .run(|__this, __delivery| {
                let __0 = __delivery.arg::<InteractionLifecycle>()?;
                __rt::Ok(async move { __rt::done(Self::changed(&__this, __0).await) })
            });
        #[cfg(test)]
        let __routes = __routes
            .route(
                __rt::Filter::<__rt::event::Incident>::new()
                    .kind(__rt::words::IncidentStatus::Resolved),
                "only_in_tests",
            )
            .run(|__this, __delivery| {
                __rt::Ok(async move { __rt::done(Self::only_in_tests(&__this).await) })
            });
        let __routes = __routes
            .route(__rt::Filter::<__rt::Any>::new(), "other")
            .run(|__this, __delivery| {
                let __0 = __delivery.arg::<Event>()?;
                __rt::Ok(async move { __rt::done(Self::other(&__this, __0).await) })
            });
        let __routes = __routes
            .route(__rt::Filter::<__rt::Unknown>::new(), "unknown")
            .run(|__this, __delivery| {
                let __0 = __delivery.arg::<Unrecognised>()?;
                __rt::Ok(async move { __rt::done(Self::unknown(&__this, __0).await) })
            });
        __routes
    }
}
