//! What a peer, or a caller that does not keep up, can make a session hold.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use relay_protocol::codec;
use relay_protocol::session::{CloseReason, EngineSession, SessionConfig, Transmit};
use relay_protocol::{Event, event, request};

use crate::input::{Input, at, input};
use crate::many;
use crate::subject::{Subject, config};

fn tight() -> impl Strategy<Value = SessionConfig> {
    (0..6_usize, 100..400_usize, 0..1000_usize, 0..600_usize).prop_map(
        |(in_flight, message, outbound, backlog)| {
            let mut config = config();
            config.max_in_flight = in_flight;
            config.max_message_bytes = message;
            config.max_outbound_bytes = outbound;
            config.max_backlog_bytes = backlog;
            config
        },
    )
}

proptest! {
    #![proptest_config(many())]

    #[test]
    fn the_workflow_side_keeps_its_limits(
        config in tight(),
        steps in vec((input(), prop::bool::weighted(0.2)), 0..60),
    ) {
        let mut subject = Subject::new(config.clone());
        // It passes both limits: a device must never be captured for good.
        let terminate = codec::encode_request(&"0".repeat(32), &[], &request::Terminate::new()).len();
        for (input, drain) in steps {
            subject.apply(&input);
            let session = &mut subject.session;
            prop_assert!(session.in_flight() <= config.max_in_flight + 1);
            prop_assert!(session.outbound_bytes() <= config.max_outbound_bytes + terminate);
            prop_assert!(session.backlog_bytes() <= config.max_backlog_bytes);
            if drain {
                if let Some(Transmit::Text(frame)) = session.poll_transmit() {
                    prop_assert!(frame.len() <= config.max_message_bytes);
                }
                session.poll_event();
            }
        }
        // Whatever was given up on the way, nothing ends twice and nothing stays.
        subject.apply(&Input::Disconnect);
        let mut ends = BTreeSet::new();
        while let Some((op, _)) = subject.completed() {
            prop_assert!(ends.insert(op), "{op} ended twice");
        }
        prop_assert!(ends.len() <= subject.asked());
        prop_assert_eq!(subject.session.in_flight(), 0);
    }
}

/// Whatever a workflow floods the platform with, and however it is cut: a platform that takes nothing is not buried.
#[test]
fn a_platform_that_takes_no_requests_ends_the_session() {
    let long = "x".repeat(100_000);
    let floods: [&dyn Fn(usize) -> String; 3] = [
        &|n| codec::encode_request(&n.to_string(), &[], &request::GetVar::new(&*long)),
        &|n| codec::encode_request(&n.to_string(), &[], &request::Terminate::new()),
        &|_| "{}".to_owned(),
    ];
    let mut config = SessionConfig::default();
    config.max_backlog_bytes = 1 << 18;
    for flood in floods {
        let mut engine = EngineSession::new(at(0), config.clone());
        let mut frames = (0..).map(flood);
        while engine.ending().is_none() {
            engine.handle_text(at(0), &frames.next().expect("no end"));
            assert!(engine.backlog_bytes() <= config.max_backlog_bytes);
        }
        assert!(matches!(engine.ending(), Some(CloseReason::Backlog { .. })));
    }
}

/// Small requests are stopped by their number: the rest is refused, and the session goes on.
#[test]
fn a_platform_that_answers_nothing_refuses_the_rest() {
    let mut engine = EngineSession::new(at(0), SessionConfig::default());
    for n in 0..3000 {
        engine.handle_text(at(0), &codec::encode_request(&n.to_string(), &[], &request::GetVar::new("x")));
        engine.poll_asked();
    }
    assert_eq!((engine.in_flight(), engine.ending()), (1024, None));
    let refused = std::iter::from_fn(|| engine.poll_transmit()).count();
    assert_eq!(refused, 3000 - 1024);
}

#[test]
fn a_caller_that_takes_no_events_ends_the_session() {
    let mut subject = Subject::new(config());
    let event: Event = event::TimerFired::new("x".repeat(1000)).into();
    let frame = codec::encode_event(&event);
    while subject.session.ending().is_none() {
        subject.session.handle_text(at(0), &frame);
        assert!(subject.session.backlog_bytes() <= 4 << 20);
    }
    assert!(matches!(subject.session.ending(), Some(CloseReason::Backlog { .. })));
}
