//! Any text as a URN, and as the name that one is built from.

#![no_main]

use libfuzzer_sys::fuzz_target;
use relay_protocol::urn::{self, DeviceUrn, GroupUrn, InteractionUrn, ResourceId, Urn};

fuzz_target!(|text: &str| {
    let (first, second) = text.split_once('\n').unwrap_or((text, text));
    parse(first);
    if let (Ok(device), Ok(group), Ok(interaction)) =
        (DeviceUrn::name(first), GroupUrn::name(second), InteractionUrn::name(second))
    {
        build(first, &device);
        build(second, &group);
        build(second, &interaction);
        let there = interaction.on(&device);
        build(second, &there);
        assert_eq!(there.device(), Some(device.clone()));
        assert_eq!(there.interaction_name().as_deref(), Some(second));
        let member = group.member(&device);
        assert_eq!(member.device(), Some(device));
    }
});

fn parse(text: &str) {
    assert_eq!(urn::is_relay_urn(text), Urn::parse(text).is_ok());
    let Ok(urn) = Urn::parse(text) else { return };
    assert_eq!(urn.as_str(), text);
    assert_eq!(urn::is_interaction(text), urn.is_interaction());
    let canonical = urn.canonical();
    assert_eq!(canonical.kind(), urn.kind());
    assert_eq!(canonical.canonical(), canonical);
    assert!(urn.same_resource(&canonical) && canonical.same_resource(&urn));
    let read = Urn::parse(canonical.as_str());
    assert_eq!(read.as_ref(), Ok(&canonical));
    if let Some(device) = urn.device() {
        assert_eq!(device.as_str().parse(), Ok(device));
    }
    let _ = (urn.params().count(), urn.status(), urn.devices().count(), format!("{urn} {urn:?}"));
}

fn build(name: &str, urn: &Urn) {
    assert_eq!(urn.id(), Some(ResourceId::Name(name.into())));
    assert_eq!(urn.canonical(), *urn);
    assert_eq!(Urn::parse(urn.as_str()).as_ref(), Ok(urn));
}
