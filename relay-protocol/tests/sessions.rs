//! Whole sessions, read frame by frame and played on both sides.

mod common;
#[rustfmt::skip]
mod strategies;

use std::collections::HashMap;

use common::json::{keys, object};
use common::message::Message;
use common::script::{Line, Script};
use relay_protocol::codec::Unrecognised;
use relay_protocol::session::{
    Asked, EngineSession, Failure, Op, Outcome, SessionConfig, Timestamp, Token, Transmit, WorkflowSession,
};
use relay_protocol::types::{Trigger, TriggerType};
use relay_protocol::{Event, Request, event};
use serde_json::Value;
use strategies::ask;

const NOW: Timestamp = Timestamp::ZERO;

#[test]
fn every_frame_is_read_and_written_as_it_came() {
    for script in Script::all() {
        let mut lines = script.lines.iter().peekable();
        while let Some((number, line)) = lines.next() {
            let (frame, message) = match line {
                Line::FromEngine(frame) => (frame, Message::from_engine(frame)),
                Line::FromWorkflow(frame) => (frame, Message::from_workflow(frame)),
                _ => continue,
            };
            let ours = lines.next_if(|(_, line)| matches!(line, Line::Ours(_)));
            let expected = if let Some((_, Line::Ours(ours))) = ours { ours } else { frame };
            let written = read(message).encode();
            assert_eq!(object(&written), object(expected), "{}:{number}", script.name);

            let keys = keys(&written);
            let envelope = keys.iter().take_while(|key| key.starts_with('_')).count();
            assert!(
                ["_id,_type", "_id,_type,_target", "_type"].contains(&&*keys[..envelope].join(",")),
                "{keys:?}"
            );
            assert!(!keys[envelope..].iter().any(|key| key.starts_with('_')), "{keys:?}");
        }
    }
}

fn read(message: Result<Message, Unrecognised>) -> Message {
    message.unwrap_or_else(|unrecognised| panic!("{}: {}", unrecognised.frame, unrecognised.why))
}

#[test]
fn the_workflow_side_plays_every_session() {
    for script in Script::all() {
        let mut workflow = Workflow::new();
        for (number, line) in &script.lines {
            let place = format!("{}:{number}", script.name);
            match line {
                Line::FromWorkflow(frame) => workflow.ask(frame, &place),
                Line::FromEngine(frame) => workflow.hear(frame, &place),
                Line::ConnectionLost => workflow.session.handle_disconnect(NOW, Some(1006)),
                Line::Ends { id, how } => workflow.ends(id, how, &place),
                Line::Ours(_) => {}
            }
            let more =
                script.lines.iter().any(|(n, line)| n == &(number + 1) && matches!(line, Line::Ends { .. }));
            assert!(more || workflow.session.poll_completed().is_none(), "{place}: more has ended");
        }
    }
}

/// The workflow side, with the ids that the script gives to its requests.
struct Workflow {
    session: WorkflowSession,
    /// From the script's ids to the session's.
    ids: HashMap<String, String>,
    ops: HashMap<Op, String>,
}

impl Workflow {
    fn new() -> Self {
        let session = WorkflowSession::new(NOW, SessionConfig::default(), &mut || 7);
        Self { session, ids: HashMap::new(), ops: HashMap::new() }
    }

    /// Asks what the script asks, and checks that just that is sent.
    fn ask(&mut self, frame: &str, place: &str) {
        let Message::Request { id, target, request } = read(Message::from_workflow(frame)) else {
            unreachable!()
        };
        let op = ask(&mut self.session, NOW, &target, &request).expect(place);
        let Some(Transmit::Text(sent)) = self.session.poll_transmit() else {
            panic!("{place}: nothing was sent")
        };
        let Message::Request { id: ours, .. } = read(Message::from_workflow(&sent)) else { unreachable!() };
        self.ids.insert(id.clone(), ours);
        self.ops.insert(op, id);
        assert_eq!(Value::Object(object(&sent)), self.translate(frame), "{place}");
    }

    fn hear(&mut self, frame: &str, place: &str) {
        let frame = self.translate(frame).to_string();
        self.session.handle_text(NOW, &frame);
        if let Message::Event(event) = read(Message::from_engine(&frame)) {
            let heard = self.session.poll_event();
            assert_eq!(heard, Some(relay_protocol::session::Incoming::Event(event)), "{place}");
        }
        assert_eq!(self.session.poll_event(), None, "{place}");
    }

    fn ends(&mut self, id: &str, how: &str, place: &str) {
        let (op, outcome) = self.session.poll_completed().expect(place);
        assert_eq!(self.ops[&op], id, "{place}");
        assert_eq!(word(&outcome), how, "{place}: {outcome:?}");
    }

    /// The frame with the session's ids in place of the script's.
    fn translate(&self, frame: &str) -> Value {
        let mut frame = object(frame);
        for key in ["_id", "id", "request_id"] {
            if let Some(id) = frame.get_mut(key) {
                *id = self.ids[id.as_str().expect("text")].clone().into();
            }
        }
        frame.into()
    }
}

fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Ok(_) => "done",
        Err(Failure::Refused { .. }) => "refused",
        Err(Failure::Closed(_)) => "closed",
        Err(_) => "failed",
    }
}

#[test]
fn the_engine_side_plays_every_session() {
    for script in Script::all() {
        let mut engine = EngineSession::new(NOW, SessionConfig::default());
        let mut tokens = HashMap::new();
        if !starts(&script) {
            let start = event::Start::new(Trigger::new(TriggerType::Phrase));
            engine.start(NOW, start).expect("the first");
            engine.poll_transmit();
        }
        let mut lines = script.lines.iter().peekable();
        while let Some((number, line)) = lines.next() {
            let place = format!("{}:{number}", script.name);
            match line {
                Line::FromWorkflow(frame) => hear(&mut engine, frame, &mut tokens, &place),
                Line::FromEngine(frame) => {
                    say(&mut engine, frame, &tokens, &place);
                    let ours = lines.next_if(|(_, line)| matches!(line, Line::Ours(_)));
                    let expected = if let Some((_, Line::Ours(ours))) = ours { ours } else { frame };
                    let Some(Transmit::Text(sent)) = engine.poll_transmit() else {
                        panic!("{place}: nothing")
                    };
                    assert_eq!(object(&sent), object(expected), "{place}");
                }
                Line::ConnectionLost => engine.handle_disconnect(NOW, Some(1006)),
                Line::Ours(_) | Line::Ends { .. } => {}
            }
            assert_eq!(engine.poll_asked(), None, "{place}");
            if engine.ending().is_none() {
                assert_eq!(engine.poll_transmit(), None, "{place}");
            }
        }
    }
}

fn starts(script: &Script) -> bool {
    let Some((_, Line::FromEngine(frame))) = script.lines.first() else { return false };
    matches!(read(Message::from_engine(frame)), Message::Event(Event::Start(_)))
}

fn hear(engine: &mut EngineSession, frame: &str, tokens: &mut HashMap<String, Token>, place: &str) {
    let Message::Request { id, target, request } = read(Message::from_workflow(frame)) else {
        unreachable!()
    };
    engine.handle_text(NOW, frame);
    match engine.poll_asked() {
        Some(Asked::Terminate) => assert!(matches!(request, Request::Terminate(_)), "{place}"),
        Some(Asked::Request { token, id: asked, target: whom, request: what }) => {
            assert_eq!((&asked, whom, what), (&id, target, request), "{place}");
            tokens.insert(id, token);
        }
        other => panic!("{place}: {other:?}"),
    }
}

fn say(engine: &mut EngineSession, frame: &str, tokens: &HashMap<String, Token>, place: &str) {
    match read(Message::from_engine(frame)) {
        Message::Event(Event::Start(start)) => engine.start(NOW, start),
        Message::Event(Event::Stop(stop)) => engine.stop(NOW, stop.reason),
        Message::Event(event) => engine.emit(NOW, event),
        Message::Response { id, response } => engine.respond(NOW, tokens[&id], response),
        Message::Refused { id, error } => engine.refuse(NOW, tokens[&id], &error),
        Message::Progress { id } => engine.progress(NOW, tokens[&id]),
        Message::Request { .. } => unreachable!(),
    }
    .unwrap_or_else(|misuse| panic!("{place}: {misuse}"));
}
