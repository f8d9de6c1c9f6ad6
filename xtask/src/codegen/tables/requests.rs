//! `docs/reference/requests.md`

use super::markdown::{evidence, example, fields, first_sentence, heading, link, page, paragraph, table};
use crate::schema::{Ends, Request, Schema, Status, Target, Targets};

const INTRODUCTION: &str = "\
A workflow sends requests; each but `terminate` is answered by one response or one error with the same `_id`. Some are \
done only when a later event says so: the methods of this SDK wait for that event.

On the wire a request is named `wf_api_<name>_request`, its response `wf_api_<name>_response`, and any error \
`wf_api_error_response`, with a text in `error`. The time to wait for a response starts anew with each \
[`progress`](events.md#progress) event.";

pub fn generate(schema: &Schema) -> String {
    let mut out = page("Requests", INTRODUCTION);
    let rows = schema.requests.iter().map(|r| [link("", &r.name), target(r), first_sentence(&r.doc)]);
    table(&mut out, ["Request", "Target", "What it does"], rows);
    for r in &schema.requests {
        request(&mut out, schema, r);
    }
    out.trim_end().to_owned() + "\n"
}

fn request(out: &mut String, schema: &Schema, request: &Request) {
    heading(out, &request.name);
    match request.status {
        Status::Live => {}
        Status::Dormant => paragraph(out, "**Dormant**: no official SDK sends it."),
        Status::Legacy => paragraph(out, "**Legacy**: of an older form of the protocol."),
    }
    paragraph(out, &request.doc);
    let mut rows = vec![["Target".to_owned(), target(request)]];
    rows.extend(request.timeout.map(|s| ["Waits for the response".to_owned(), format!("{s} s")]));
    rows.push(["Done".to_owned(), done(request)]);
    if !request.follows.is_empty() {
        let links: Vec<_> = request.follows.iter().map(|name| link("events.md", name)).collect();
        rows.push(["Events that follow".to_owned(), links.join(", ")]);
    }
    table(out, ["", ""], rows);
    if !request.fields.is_empty() {
        fields(out, schema, &request.fields);
    }
    example(out, schema.request_frame(request));
    if request.ends != Ends::Stop {
        if request.response.is_empty() {
            paragraph(out, "The response has no fields.");
        } else {
            paragraph(out, "The response:");
            fields(out, schema, &request.response);
            example(out, schema.response_frame(request));
        }
    }
    evidence(out, request.evidence);
}

fn target(request: &Request) -> String {
    let (one, many) = match request.target {
        Target::None => return "none".into(),
        Target::Interaction => ("an interaction", "interactions"),
        Target::Device => ("a device, or an interaction on one", "devices, or interactions on them"),
        Target::DeviceOrGroup => ("a device or a group", "devices and groups"),
        Target::Members => ("a device; the group is a field", "devices; the group is a field"),
        Target::Any => ("anything", "anything"),
    };
    if request.targets == Some(Targets::Many) { many.into() } else { one.into() }
}

fn done(request: &Request) -> String {
    let event = match request.ends {
        Ends::Response => return "with the response".into(),
        Ends::Prompt => "when a `prompt` event with its id says `stopped` or `failed`",
        Ends::Speech => "when a `speech` event names its id",
        Ends::Started => "when an `interaction_lifecycle` event says `started` or `failed`",
        Ends::Ended => "when an `interaction_lifecycle` event says `ended`",
        Ends::Stop => "when the `stop` event comes",
    };
    let patience = match request.event_timeout {
        Some(seconds) => format!(", for which the SDK waits {seconds} s"),
        None => String::new(),
    };
    format!("{event}{patience}")
}
