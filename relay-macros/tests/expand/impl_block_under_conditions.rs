#[cfg(feature = "raw")]
#[allow(deprecated)]
impl r#Raw {
    async fn r#loop(&self, r#type: Start) -> Result<(), Error> {}
}
#[cfg(feature = "raw")]
#[allow(deprecated)]
impl ::relay_runtime::workflow::Workflow for r#Raw {
    fn routes() -> ::relay_runtime::workflow::Routes<Self> {
        use ::relay_runtime::__private as __rt;
        let __routes = __rt::Routes::new("raw").path("/raw");
        let __routes = __routes
            .route(__rt::Trigger::any(), "loop")
            .run(|__this, __delivery| {
                let __0 = __delivery.arg::<Start>()?;
                __rt::Ok(async move { __rt::done(Self::r#loop(&__this, __0).await) })
            });
        __routes
    }
}
