//! The workflow side of a whole hello session, without any I/O.

use std::hint::black_box;

use anyhow::{Context, Result};
use relay_protocol::session::{Op, RequestOptions, SessionConfig, Timestamp, WorkflowSession};
use relay_protocol::urn::{DeviceUrn, InteractionUrn};
use relay_protocol::{RequestBody, Urn, request};

use crate::codec::FRAMES;

pub fn hello(times: u32) -> Result<()> {
    let device = DeviceUrn::name("Alice")?;
    let interaction = Urn::from(InteractionUrn::name("hello")?.on(&device));
    let device = Urn::from(device);
    for _ in 0..times {
        one(&device, &interaction)?;
    }
    Ok(())
}

fn one(device: &Urn, interaction: &Urn) -> Result<()> {
    let mut session = WorkflowSession::new(Timestamp::ZERO, SessionConfig::default(), &mut || 7);
    hear(&mut session, &FRAMES[..1]);
    let op = ask(&mut session, Some(device), &request::StartInteraction::new("hello"))?;
    hear(&mut session, &FRAMES[1..3]);
    session.take_completed(op).context("not started")??;
    let op = ask(&mut session, Some(interaction), &request::Say::new("Hello"))?;
    hear(&mut session, &FRAMES[3..6]);
    session.take_completed(op).context("not spoken")??;
    let op = ask(&mut session, Some(interaction), &request::EndInteraction::new())?;
    hear(&mut session, &FRAMES[6..8]);
    session.take_completed(op).context("not ended")??;
    let op = ask(&mut session, None, &request::Terminate::new())?;
    hear(&mut session, &FRAMES[8..]);
    session.take_completed(op).context("not terminated")??;
    Ok(())
}

fn ask<R: RequestBody>(session: &mut WorkflowSession, target: Option<&Urn>, body: &R) -> Result<Op> {
    let mut options = RequestOptions::end_of::<R>();
    if R::NAME == "end_interaction" {
        options = RequestOptions::response_to::<R>();
    }
    let op = session.request(Timestamp::ZERO, target.map_or(&[], std::slice::from_ref), body, options)?;
    while let Some(transmit) = session.poll_transmit() {
        black_box(transmit);
    }
    Ok(op)
}

fn hear(session: &mut WorkflowSession, frames: &[&str]) {
    for frame in frames {
        session.handle_text(Timestamp::ZERO, frame);
        while let Some(event) = session.poll_event() {
            black_box(event);
        }
        black_box(session.poll_timeout());
    }
}
