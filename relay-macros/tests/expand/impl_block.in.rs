/// Checks in.
#[workflow]
impl Checkin {
    const LIMIT: u32 = 3;

    /// Said.
    #[trigger(phrase = ["check in", "i am here"])]
    async fn begin(&self, cx: Context, start: Start<Phrase>) -> Result<()> {
        cx.say(start.phrase()).await
    }

    #[trigger(http)]
    async fn called(&self, cx: Context, start: Start<Http>, Args(order): Args<Order>) -> Result<()> {
        self.order(cx, start, order).await
    }

    #[on(button, taps = double)]
    async fn again(&self, press: Button) {}

    #[on(timer_fired, name = "nap")]
    async fn nap_over(&self) {}

    fn order(&self) {}
}
