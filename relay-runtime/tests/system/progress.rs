//! Long actions that show signs of life.

use relay_protocol::codec::encode_progress;
use relay_protocol::request::{GetVar, Say};
use relay_protocol::types::PromptType;
use relay_protocol::{event, response};
use relay_runtime::prelude::*;

use crate::stage::{Stage, Test};
use crate::time;

#[tokio::test]
async fn progress_starts_the_time_for_the_answer_anew() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/ask").await?;
    let get = peer.expect::<GetVar>().await?;
    for _ in 0..5 {
        time::pass(secs(4)).await;
        peer.progress(&get).await?;
        peer.round_trip().await?;
    }
    peer.answer(&get, response::GetVar::new().value("42")).await?;
    stage.said("42").await;
    peer.finish().await?;
    Ok(())
}

#[tokio::test]
async fn progress_is_no_answer() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/ask").await?;
    let get = peer.expect::<GetVar>().await?;
    peer.progress(&get).await?;
    peer.round_trip().await?;
    time::pass(secs(5)).await;
    assert_eq!(stage.failure().await.cause, Cause::TimedOut { after: secs(5), accepted: false });
    peer.finish().await?;
    Ok(())
}

#[tokio::test]
async fn progress_after_the_answer_starts_the_time_for_the_end_anew() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/speak").await?;
    let say = peer.expect::<Say>().await?;
    peer.answer(&say, response::Say::new().id(&say.id)).await?;
    for _ in 0..3 {
        peer.round_trip().await?;
        time::pass(secs(25)).await;
        peer.send_text(encode_progress(&say.id)).await?;
    }
    peer.emit(event::Prompt::new(PromptType::Stopped).id(&say.id)).await?;
    stage.said("spoken").await;
    peer.finish().await?;
    Ok(())
}
