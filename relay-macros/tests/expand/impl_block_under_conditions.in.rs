#[workflow(path = "/raw")]
#[cfg(feature = "raw")]
#[allow(deprecated)]
impl r#Raw {
    #[trigger(any)]
    async fn r#loop(&self, r#type: Start) -> Result<(), Error> {}
}
