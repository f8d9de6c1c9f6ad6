//! What a session does with URNs most: reading them, and asking what they name.

#![expect(clippy::unwrap_used, reason = "a benchmark of URNs that can be read")]

use divan::{Bencher, black_box};
use relay_protocol::Urn;
use relay_protocol::urn::{DeviceUrn, InteractionUrn};

fn main() {
    divan::main();
}

const INTERACTION: &str =
    "urn:relay-resource:name:interaction:hello?device=urn%3Arelay-resource%3Aname%3Adevice%3AAlice";
const SINGLY_ESCAPED: &str =
    "urn:relay-resource:name:interaction:hello?device=urn:relay-resource:name:device:Alice";

#[divan::bench(sample_size = 500, sample_count = 200)]
fn parse() -> Urn {
    Urn::parse(black_box(INTERACTION)).unwrap()
}

#[divan::bench(sample_size = 500, sample_count = 200)]
fn build() -> Urn {
    let alice = DeviceUrn::name(black_box("Alice")).unwrap();
    InteractionUrn::name(black_box("hello")).unwrap().on(&alice).into()
}

#[divan::bench(sample_size = 500, sample_count = 200)]
fn device(bencher: Bencher<'_, '_>) {
    let urn = Urn::parse(INTERACTION).unwrap();
    bencher.bench(|| black_box(&urn).device());
}

#[divan::bench(sample_size = 500, sample_count = 200)]
fn interaction_name(bencher: Bencher<'_, '_>) {
    let urn = Urn::parse(INTERACTION).unwrap();
    bencher.bench(|| black_box(&urn).interaction_name().map(|name| name.len()));
}

#[divan::bench(sample_size = 500, sample_count = 200)]
fn same_resource_written_alike(bencher: Bencher<'_, '_>) {
    let (a, b) = (Urn::parse(INTERACTION).unwrap(), Urn::parse(INTERACTION).unwrap());
    bencher.bench(|| black_box(&a).same_resource(black_box(&b)));
}

#[divan::bench(sample_size = 500, sample_count = 200)]
fn same_resource_written_differently(bencher: Bencher<'_, '_>) {
    let (a, b) = (Urn::parse(INTERACTION).unwrap(), Urn::parse(SINGLY_ESCAPED).unwrap());
    bencher.bench(|| black_box(&a).same_resource(black_box(&b)));
}
