//! What property tests and fuzzing found in the codec.

use relay_protocol::codec::{self, FromWorkflow};
use relay_protocol::{Request, request};

fn request(frame: &str) -> Request {
    match codec::from_workflow(frame) {
        FromWorkflow::Request { request, .. } => request,
        FromWorkflow::Unrecognised(unrecognised) => panic!("{unrecognised:?}"),
    }
}

#[test]
fn unsigned_numbers_have_their_whole_range() {
    let vibrate = request::Vibrate::new([u64::MAX]);
    assert_eq!(request(&codec::encode_request("a1", &[], &vibrate)), vibrate.into());

    let analytics = request::LogAnalyticsEvent::new(u64::MAX);
    assert_eq!(request(&codec::encode_request("a1", &[], &analytics)), analytics.into());
}
