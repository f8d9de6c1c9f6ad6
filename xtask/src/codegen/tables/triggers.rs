//! `docs/reference/triggers.md`

use std::fmt::Write;

use super::markdown::{codes, evidence, example, first_sentence, heading, link, page, paragraph, table};
use crate::schema::{Schema, Trigger, TriggerOption};

const INTRODUCTION: &str = "\
A trigger starts a run of a workflow. `#[trigger(..)]` says which; the same words are written into the registration of \
the workflow, and a handler gets what is known about the occasion as `Start<..>` with the type given here. Every kind \
may fill `source_uri`, the device on whose behalf the workflow runs.

The fields of [`TriggerArgs`](enums.md#triggerargs) are described there.";

pub fn generate(schema: &Schema) -> String {
    let mut out = page("Triggers", INTRODUCTION);
    let rows =
        schema.triggers.iter().map(|t| [link("", &t.name), format!("`{}`", t.rust), first_sentence(&t.doc)]);
    table(&mut out, ["Trigger", "In Rust", "When"], rows);
    for t in &schema.triggers {
        trigger(&mut out, schema, t);
    }
    out.trim_end().to_owned() + "\n"
}

fn trigger(out: &mut String, schema: &Schema, trigger: &Trigger) {
    heading(out, &trigger.name);
    paragraph(out, &trigger.doc);
    let _ = write!(out, "```rust,ignore\n#[trigger({})]\n```\n\n", trigger.example);
    if !trigger.options.is_empty() {
        let rows = trigger.options.iter().map(|o| [format!("`{}`", o.key), values(o), meaning(o)]);
        table(out, ["Option", "Value", "Meaning"], rows);
    }
    let mut rows = vec![["Type in Rust".to_owned(), format!("`Start<{}>`", trigger.rust)]];
    if !trigger.aliases.is_empty() {
        rows.push(["Other names".to_owned(), codes(&trigger.aliases)]);
    }
    if !trigger.registration.is_empty() {
        rows.push(["Keys in the registration".to_owned(), codes(&trigger.registration)]);
    }
    rows.push(["Fills".to_owned(), codes(&trigger.args)]);
    table(out, ["", ""], rows);
    example(out, schema.start_frame(trigger));
    evidence(out, trigger.evidence);
}

fn values(option: &TriggerOption) -> String {
    let words = option.words.iter().filter_map(|word| Some(word.split_once('=')?.0));
    match option.ty.as_str() {
        "text" => "text".into(),
        "int" => "a number".into(),
        "texts" if option.words.is_empty() => "a text, or a list of them".into(),
        "texts" => format!("a list of {}", codes(words)),
        _ => codes(words),
    }
}

fn meaning(option: &TriggerOption) -> String {
    let mut text = option.doc.clone();
    if let Some(wire) = &option.wire {
        let _ = write!(text, " Registered as `{wire}`.");
    }
    if option.required {
        text.push_str(" Required.");
    }
    text
}
