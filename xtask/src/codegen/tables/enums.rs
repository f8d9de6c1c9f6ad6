//! `docs/reference/enums.md`

use super::markdown::{codes, evidence, example, fields, first_sentence, heading, page, paragraph, table};
use crate::codegen::node::Map;
use crate::schema::{Enum, Object, Schema, Value};

const INTRODUCTION: &str = "\
The words and the nested objects of [events](events.md#events) and [requests](requests.md#requests). Every list of words \
is open: a word that is not listed is kept as it came.";

pub fn generate(schema: &Schema) -> String {
    let mut out = page("Words and objects", INTRODUCTION);
    let enums = schema.enums.iter().map(|e| (&e.name, &e.doc));
    let objects = schema.objects.iter().map(|o| (&o.name, &o.doc));
    let rows = enums.chain(objects);
    let rows = rows.map(|(name, doc)| [format!("[`{name}`](#{})", name.to_lowercase()), first_sentence(doc)]);
    table(&mut out, ["Type", "Meaning"], rows);
    for e in &schema.enums {
        words(&mut out, e);
    }
    for o in &schema.objects {
        object(&mut out, schema, o);
    }
    out.trim_end().to_owned() + "\n"
}

fn words(out: &mut String, e: &Enum) {
    heading(out, &e.name);
    paragraph(out, &e.doc);
    let rows = e.values.iter().map(|v| [format!("`{}`", v.wire), format!("`{}`", v.variant()), meaning(v)]);
    table(out, ["Word", "In Rust", "Meaning"], rows);
    evidence(out, e.evidence);
}

fn meaning(value: &Value) -> String {
    if value.aliases.is_empty() {
        return value.doc.clone();
    }
    format!("{} Also read from {}.", value.doc, codes(&value.aliases))
}

fn object(out: &mut String, schema: &Schema, object: &Object) {
    heading(out, &object.name);
    paragraph(out, &object.doc);
    fields(out, schema, &object.fields);
    // Of a union of alternatives there is no sensible example.
    if object.name != "TriggerArgs" {
        let filled = schema.fill(Map::new(), &object.fields);
        example(out, filled);
    }
    evidence(out, object.evidence);
}
