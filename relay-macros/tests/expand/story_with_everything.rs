/// Docs, conditions and lint levels go outside, the rest stays with the body.
#[allow(clippy::too_many_arguments)]
#[cfg(feature = "doors")]
pub(crate) fn opened(
    cx: Context,
    arg1: State<Doors>,
    arg2: Start<Nfc>,
) -> impl my::sdk::workflow::Story<Output = ()> {
    use my::sdk::__private as __rt;
    #[allow(clippy::too_many_arguments)]
    #[tracing::instrument]
    async fn opened(mut cx: Context, State(doors): State<Doors>, _: Start<Nfc>) {
        cx = doors.open(cx).await;
    }
    struct __Tale;
    impl __rt::Tale for __Tale {
        fn routes() -> __rt::Routes<()> {
            let __routes = __rt::Routes::new("front_door")
                .path("/doors/front")
                .docs(
                    "Docs, conditions and lint levels go outside, the rest stays with the body.",
                );
            let __routes = __routes
                .route(
                    __rt::Trigger::nfc()
                        .kind(__rt::words::NfcTagType::Custom)
                        .category("door"),
                    "opened",
                )
                .tell(|__this, __delivery| {
                    let __0 = __delivery.arg::<Context>()?;
                    let __1 = __delivery.arg::<State<Doors>>()?;
                    let __2 = __delivery.arg::<Start<Nfc>>()?;
                    __rt::Ok(async move { __rt::done(opened(__0, __1, __2).await) })
                });
            __routes
        }
    }
    __rt::Told::<__Tale, _>::new(opened(cx, arg1, arg2))
}
