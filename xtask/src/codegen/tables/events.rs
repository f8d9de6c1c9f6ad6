//! `docs/reference/events.md`

use super::markdown::{
    codes, evidence, example, fields, first_sentence, heading, link, page, paragraph, table,
};
use crate::codegen::frame::event_type;
use crate::schema::{Event, Schema};

const INTRODUCTION: &str = "\
The Relay server sends events to a running workflow, `start` first and `stop` last. `#[on(name)]` handles them; fields \
named as filters may stand beside the name, as in `#[on(button, taps = double)]`.

On the wire an event is named `wf_api_<name>_event`. Events and fields that are not listed here are kept, and never an \
error.";

pub fn generate(schema: &Schema) -> String {
    let mut out = page("Events", INTRODUCTION);
    let rows = schema.events.iter().map(|e| [link("", &e.name), first_sentence(&e.doc)]);
    table(&mut out, ["Event", "Meaning"], rows);
    for e in &schema.events {
        event(&mut out, schema, e);
    }
    out.trim_end().to_owned() + "\n"
}

fn event(out: &mut String, schema: &Schema, event: &Event) {
    heading(out, &event.name);
    paragraph(out, &event.doc);
    let filters: Vec<_> = event.fields.iter().filter(|f| f.filter).map(|f| f.name.as_str()).collect();
    let filters: Vec<_> = filters.into_iter().chain(event.of_interaction.then_some("interaction")).collect();
    if !filters.is_empty() {
        paragraph(out, &format!("Filters: {}.", codes(filters)));
    }
    if !event.narrow.is_empty() {
        let rows =
            event.narrow.iter().map(|n| [format!("`{}`", n.name), format!("`{} = {}`", n.field, n.value)]);
        table(out, ["Short for", "with"], rows);
    }
    if event.fields.is_empty() {
        paragraph(out, "No fields.");
    } else {
        fields(out, schema, &event.fields);
    }
    example(out, schema.event_frame(event));
    if !event.aliases.is_empty() {
        let names = event.aliases.iter().map(|name| event_type(name));
        paragraph(out, &format!("Also received as {}.", codes(names)));
    }
    evidence(out, event.evidence);
}
