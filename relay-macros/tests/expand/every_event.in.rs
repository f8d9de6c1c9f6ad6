#[workflow]
impl<T: Log> Recorder<T>
where
    T: Send + Sync + 'static,
{
    #[trigger(any)]
    async fn begin(&self, start: Start) {}

    #[on(interaction_started)]
    #[on(interaction_ended, interaction = ["hello", bye])]
    async fn changed(&self, change: InteractionLifecycle) {}

    #[cfg(test)]
    #[on(incident, type = resolved)]
    async fn only_in_tests(&self) {}

    #[on(any)]
    async fn other(&self, event: Event) {}

    #[on(unknown)]
    async fn unknown(&self, message: Unrecognised) {}
}
