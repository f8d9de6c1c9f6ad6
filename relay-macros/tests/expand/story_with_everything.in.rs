/// Docs, conditions and lint levels go outside, the rest stays with the body.
#[workflow(nfc, type = custom, category = "door", name = "front_door", path = "/doors/front", crate = my::sdk)]
#[allow(clippy::too_many_arguments)]
#[tracing::instrument]
#[cfg(feature = "doors")]
pub(crate) async fn opened(mut cx: Context, State(doors): State<Doors>, _: Start<Nfc>) {
    cx = doors.open(cx).await;
}
