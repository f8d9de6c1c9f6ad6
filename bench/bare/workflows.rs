//! The four workflows, each a straight line.

use anyhow::{Context, Result};

use crate::peer::{Frame, Peer, Request, Target, json};

pub async fn hello(peer: &mut Peer) -> Result<()> {
    let start = peer.hear().await?;
    let device =
        Frame::read(&start)?.trigger.and_then(|trigger| trigger.args.source_uri).context("no device")?;

    let name = "hello";
    let id = peer
        .ask(|id| json(&Request::StartInteraction { _id: id, _target: Target { uris: [&device] }, name }))
        .await?;
    let (mut answered, mut interaction) = (false, None);
    while !answered || interaction.is_none() {
        let text = peer.hear().await?;
        let frame = Frame::read(&text)?;
        answered |= frame.answers(&id);
        if frame.is_event("wf_api_interaction_lifecycle_event", "started") {
            interaction = frame.source_uri.map(String::from);
        }
    }
    let interaction = interaction.context("no interaction")?;

    let (text, lang) = ("Hello", "en-US");
    let id = peer
        .ask(|id| json(&Request::Say { _id: id, _target: Target { uris: [&interaction] }, text, lang }))
        .await?;
    let (mut answered, mut spoken) = (false, false);
    while !answered || !spoken {
        let text = peer.hear().await?;
        let frame = Frame::read(&text)?;
        answered |= frame.answers(&id);
        spoken |= frame.is_event("wf_api_prompt_event", "stopped") && frame.id.as_deref() == Some(&id);
    }

    let id = peer
        .ask(|id| json(&Request::EndInteraction { _id: id, _target: Target { uris: [&interaction] } }))
        .await?;
    answer(peer, &id).await?;
    peer.terminate().await
}

pub async fn rtt(peer: &mut Peer) -> Result<()> {
    peer.hear().await?;
    for _ in 0..count(peer).await? {
        get(peer, "x").await?;
    }
    peer.terminate().await
}

pub async fn fanout(peer: &mut Peer) -> Result<()> {
    peer.hear().await?;
    for _ in 0..count(peer).await? {
        let mut waiting = Vec::new();
        for _ in 0..100 {
            waiting.push(peer.queue(|id| json(&Request::GetVar { _id: id, name: "x" })).await?);
        }
        peer.flush().await?;
        while !waiting.is_empty() {
            let text = peer.hear().await?;
            let frame = Frame::read(&text)?;
            waiting.retain(|id| !frame.answers(id));
        }
    }
    peer.terminate().await
}

/// Until the peer is gone.
pub async fn idle(peer: &mut Peer) -> Result<()> {
    loop {
        let text = peer.hear().await?;
        if Frame::read(&text)?.name == "wf_api_timer_event" {
            get(peer, "x").await?;
        }
    }
}

async fn count(peer: &mut Peer) -> Result<u64> {
    Ok(get(peer, "count").await?.parse()?)
}

async fn get(peer: &mut Peer, name: &str) -> Result<String> {
    let id = peer.ask(|id| json(&Request::GetVar { _id: id, name })).await?;
    answer(peer, &id).await
}

/// The value in the answer to a request.
async fn answer(peer: &mut Peer, id: &str) -> Result<String> {
    loop {
        let text = peer.hear().await?;
        let frame = Frame::read(&text)?;
        if frame.answers(id) {
            return Ok(frame.value.map(String::from).unwrap_or_default());
        }
    }
}
