//! URNs as the official SDKs write and read them, and as no SDK should.

#![expect(clippy::unwrap_used, reason = "clippy knows a test by its attribute, not its helpers")]

use proptest::prelude::*;
use relay_protocol::urn::{
    DeviceUrn, GroupMemberUrn, GroupUrn, InteractionUrn, ResourceId, Urn, UrnError, UrnKind, is_interaction,
    is_relay_urn,
};

/// What is no Relay URN, from the tests of the official JS SDK.
const NOT_RELAY: [&str; 4] = ["", "hello", "urn", "urn:relay-resource"];

const AWKWARD: [&str; 16] = [
    "a:b",
    "a?b",
    "100%",
    "%41",
    "a%zz",
    "a&b=c?d",
    "a#b",
    "a/b",
    "x+y",
    "johnny five",
    " ",
    "it's",
    "(a)*~!",
    "café",
    "🛎 front desk",
    "urn:relay-resource:name:device:Bob",
];

fn urn(rest: &str) -> Urn {
    Urn::parse(format!("urn:relay-resource:{rest}")).unwrap()
}

fn name(text: &str) -> Option<ResourceId<'_>> {
    Some(ResourceId::Name(text.into()))
}

fn id(text: &str) -> Option<ResourceId<'_>> {
    Some(ResourceId::Id(text.into()))
}

fn device(name: &str) -> Option<DeviceUrn> {
    Some(DeviceUrn::name(name).unwrap())
}

fn device_id(id: &str) -> Option<DeviceUrn> {
    Some(DeviceUrn::id(id).unwrap())
}

#[test]
fn constructors_write_what_the_official_sdks_write() -> Result<(), UrnError> {
    let member = |group, device| Ok(GroupUrn::name(group)?.member(&DeviceUrn::name(device)?).into());
    let cases: [(Urn, &str); 12] = [
        (Urn::all_devices(), "all:device"),
        (Urn::server(), "name:server:ibot"),
        (InteractionUrn::name("hello")?.with_status("started")?, "name:interaction:hello?status=started"),
        (DeviceUrn::name("johnny")?.into(), "name:device:johnny"),
        (DeviceUrn::name("johnny five")?.into(), "name:device:johnny%20five"),
        (DeviceUrn::id("9900000123")?.into(), "id:device:9900000123"),
        (GroupUrn::id("abc")?.into(), "id:group:abc"),
        (GroupUrn::name("abc")?.into(), "name:group:abc"),
        (member("abc", "xyz")?, "name:group:abc?device=urn%3Arelay-resource%3Aname%3Adevice%3Axyz"),
        (
            member("Front Desk", "Alice B")?,
            "name:group:Front%20Desk?device=urn%3Arelay-resource%3Aname%3Adevice%3AAlice%2520B",
        ),
        (InteractionUrn::name("hello world")?.into(), "name:interaction:hello%20world"),
        (
            InteractionUrn::name("testing")?.on(&DeviceUrn::name("alpha")?).into(),
            "name:interaction:testing?device=urn%3Arelay-resource%3Aname%3Adevice%3Aalpha",
        ),
    ];
    for (built, expected) in cases {
        let expected = urn(expected);
        assert_eq!((&built, built.kind()), (&expected, expected.kind()));
    }
    Ok(())
}

#[test]
fn constructors_escape_all_but_unreserved_characters() {
    let cases = [
        ("a&b=c?d", "a%26b%3Dc%3Fd"),
        ("a:b/c", "a%3Ab%2Fc"),
        ("café", "caf%C3%A9"),
        ("100%", "100%25"),
        ("x+y", "x%2By"),
        ("it's", "it%27s"),
        ("(a)*~!", "%28a%29%2A~%21"),
        ("a#b", "a%23b"),
        ("A-z_0.9", "A-z_0.9"),
    ];
    for (name, escaped) in cases {
        assert_eq!(*DeviceUrn::name(name).unwrap(), urn(&format!("name:device:{escaped}")));
    }
}

#[test]
fn constructors_refuse_what_is_empty() {
    let empty = |resource, part| UrnError::Empty { resource, part };
    assert_eq!(DeviceUrn::name(""), Err(empty("device", "name")));
    assert_eq!(DeviceUrn::id(""), Err(empty("device", "id")));
    assert_eq!(GroupUrn::name(""), Err(empty("group", "name")));
    assert_eq!(GroupUrn::id(""), Err(empty("group", "id")));
    assert_eq!(InteractionUrn::name(""), Err(empty("interaction", "name")));
    let hello = InteractionUrn::name("hello").unwrap();
    assert_eq!(hello.with_status(""), Err(empty("interaction", "status")));
    assert_eq!(empty("device", "name").to_string(), "the device name is empty");
}

#[test]
fn reads_what_any_official_sdk_writes() {
    use UrnKind::*;
    let cases = [
        ("name:group:abc", Group, name("abc"), None),
        ("name:device:abc", Device, name("abc"), device("abc")),
        (
            "name:interaction:hello%20world?device=urn%3Arelay-resource%3Aname%3Adevice%3ACamden",
            Interaction,
            name("hello world"),
            device("Camden"),
        ),
        (
            "name:interaction:hello%20world?device=urn%3Arelay-resource%3Aname%3Adevice%3ACam%2520D",
            Interaction,
            name("hello world"),
            device("Cam D"),
        ),
        (
            "name:interaction:hello%20world?device=urn%3Arelay-resource%3Aname%3Adevice%3ACam%20D",
            Interaction,
            name("hello world"),
            device("Cam D"),
        ),
        (
            "name:interaction:x?device=urn:relay-resource:id:device:99000",
            Interaction,
            name("x"),
            device_id("99000"),
        ),
        (
            "id:interaction:x?device=urn%3Arelay-resource%3Aid%3Adevice%3A99000",
            Interaction,
            id("x"),
            device_id("99000"),
        ),
        ("id:device:9900000123", Device, id("9900000123"), device_id("9900000123")),
        ("id:group:abc", Group, id("abc"), None),
        ("all:device", AllDevices, None, None),
        ("name:device:johnny%20five", Device, name("johnny five"), device("johnny five")),
        ("name:device:a%3Ab", Device, name("a:b"), device("a:b")),
        ("name:device:a:b", Device, name("a:b"), device("a:b")),
        (
            "name:group:abc?device=urn%3Arelay-resource%3Aname%3Adevice%3Axyz",
            GroupMember,
            name("abc"),
            device("xyz"),
        ),
        ("name:interaction:hello?status=started", InteractionWithStatus, name("hello"), None),
        ("name:device:a+b", Device, name("a+b"), device("a+b")),
        ("name:device:caf%C3%A9", Device, name("café"), device("café")),
        ("name:device:caf%c3%a9", Device, name("café"), device("café")),
        ("name:server:ibot", Server, name("ibot"), None),
        // The .NET SDK escapes next to nothing, and nests in lower-case hex.
        ("name:device:100%", Device, name("100%"), device("100%")),
        ("name:device:a&b=c", Device, name("a&b=c"), device("a&b=c")),
        (
            "name:group:abc?device=urn%3arelay-resource%3aname%3adevice%3aAlice%2520B",
            GroupMember,
            name("abc"),
            device("Alice B"),
        ),
        // Go nests with raw colons; Python and Java escape a name once, so that its own percent sign stands bare.
        (
            "name:group:abc?device=urn:relay-resource:name:device:Alice%20B",
            GroupMember,
            name("abc"),
            device("Alice B"),
        ),
        (
            "name:group:abc?device=urn%3Arelay-resource%3Aname%3Adevice%3A100%25",
            GroupMember,
            name("abc"),
            device("100%"),
        ),
        // Not UTF-8.
        ("name:device:%FF", Device, name("%FF"), device("%FF")),
        ("id:tag:7", Other, id("7"), None),
        ("all:group", Other, None, None),
    ];
    for (text, kind, id, device) in cases {
        let urn = urn(text);
        assert_eq!((urn.kind(), urn.id(), urn.device()), (kind, id, device), "{urn}");
    }
}

#[test]
fn refuses_what_names_nothing() {
    let cases = [
        "urn:relay-resource:",
        "urn:relay-resource:name",
        "urn:relay-resource:name:device",
        "urn:relay-resource:name:device:",
        "urn:relay-resource:name:device:?status=started",
        "urn:relay-resource:name:group",
        "urn:relay-resource:name::abc",
        "urn:relay-resource:all",
        "urn:relay-resource:all:",
        "urn:relay-resource:all:device:abc",
        "urn:relay-resource:tag:device:abc",
        "urn:foo:name:device:abc",
        "URN:RELAY-RESOURCE:name:device:Abc",
        " urn:relay-resource:name:device:abc",
    ];
    for text in cases.into_iter().chain(NOT_RELAY) {
        assert_eq!(Urn::parse(text), Err(UrnError::Malformed { text: text.into() }));
        assert!(!is_relay_urn(text), "{text}");
    }
    assert_eq!(
        Urn::parse("hello\n").unwrap_err().to_string(),
        r#""hello\n" is not a Relay URN, which reads `urn:relay-resource:<name or id>:<resource>:<id>`"#
    );
}

#[test]
fn predicates_agree_with_the_official_helpers() {
    let status = urn("name:interaction:hello?status=started");
    let relay = [
        Urn::all_devices(),
        urn("name:group:abc?device=urn%3Arelay-resource%3Aname%3Adevice%3Axyz"),
        urn("name:device:johnny"),
    ];
    assert!(relay.iter().chain([&status]).all(|urn| is_relay_urn(urn.as_str())));
    assert!(!relay.iter().any(|urn| is_interaction(urn.as_str()) || urn.is_interaction()));
    assert!(!NOT_RELAY.into_iter().any(is_interaction));
    for interaction in [status, urn("id:interaction:x"), urn("name:interaction:x?device=y")] {
        assert!(is_interaction(interaction.as_str()) && interaction.is_interaction());
    }
    assert!(!is_interaction("urn:relay-resource:all:interaction"));
}

#[test]
fn a_group_name_is_that_of_a_group() {
    for text in ["all:device", "name:device:abc"] {
        let found = urn(text);
        let wrong = UrnError::WrongKind { found: found.clone(), wanted: UrnKind::Group };
        assert_eq!(GroupUrn::try_from(found), Err(wrong));
    }
    assert_eq!(
        DeviceUrn::try_from(urn("name:group:abc")).unwrap_err().to_string(),
        r#"wanted the URN of a device, found that of a group: "urn:relay-resource:name:group:abc""#
    );
}

#[test]
fn an_interaction_may_name_several_devices() {
    let (alice, bob) = (DeviceUrn::name("Alice B").unwrap(), DeviceUrn::id("7").unwrap());
    let interaction = InteractionUrn::name("team").unwrap().on(&alice).on(&bob);
    assert_eq!(interaction.kind(), UrnKind::Interaction);
    assert_eq!(interaction.device(), Some(alice.clone()));
    assert!(interaction.devices().eq([alice, bob]));
}

#[test]
fn devices_pass_over_what_is_no_device() {
    let urn = urn("name:interaction:x?device=junk&device=urn:relay-resource:name:group:g\
        &device&&device=urn:relay-resource:name:device:A?x=y");
    assert!(urn.devices().eq(device("A")));
}

#[test]
fn unknown_parameters_are_kept() {
    let urn = urn("name:interaction:x?zone=a%20b+c&status=started&flag&=v");
    let params: Vec<_> = urn.params().map(|(key, value)| (key, value.into_owned())).collect();
    let expected = [("zone", "a b+c"), ("status", "started"), ("flag", ""), ("", "v")];
    assert_eq!(params, expected.map(|(key, value)| (key, value.to_owned())));
    assert_eq!(urn.status().as_deref(), Some("started"));
}

#[test]
fn the_same_resource_in_other_escapes() {
    let same = [
        ("name:device:caf%C3%A9", "name:device:caf%c3%a9"),
        ("name:device:a%3Ab", "name:device:a:b"),
        ("name:device:100%", "name:device:100%25"),
        ("all:device", "all:device?"),
        (
            "name:group:a?device=urn%3Arelay-resource%3Aname%3Adevice%3AAlice%2520B",
            "name:group:a?device=urn%3arelay-resource%3aname%3adevice%3aAlice%20B",
        ),
        (
            "name:group:a?device=urn%3Arelay-resource%3Aname%3Adevice%3AAlice%2520B",
            "name:group:a?device=urn:relay-resource:name:device:Alice%20B",
        ),
    ];
    for (a, b) in same {
        let (a, b) = (urn(a), urn(b));
        assert!(a.same_resource(&b) && b.same_resource(&a), "{a} {b}");
        assert_eq!(a == b, a.as_str() == b.as_str());
    }
    let different = [
        ("name:device:abc", "id:device:abc"),
        ("name:device:abc", "name:device:Abc"),
        ("name:device:abc", "name:group:abc"),
        ("name:device:a+b", "name:device:a%20b"),
        ("name:interaction:x", "name:interaction:x?device=urn:relay-resource:name:device:A"),
    ];
    for (a, b) in different {
        let (a, b) = (urn(a), urn(b));
        assert!(!a.same_resource(&b) && !b.same_resource(&a), "{a} {b}");
    }
}

#[test]
fn plain_names_are_borrowed() {
    let urn = urn("name:device:Alice");
    let Some(ResourceId::Name(name)) = urn.id() else { panic!("{urn:?}") };
    assert!(matches!(name, std::borrow::Cow::Borrowed("Alice")));
}

#[test]
fn text_and_debug_are_the_text() {
    let alice: DeviceUrn = "urn:relay-resource:name:device:Alice".parse().unwrap();
    assert_eq!(alice.to_string(), alice.as_str());
    assert_eq!(format!("{:?}", Urn::from(&alice)), r#""urn:relay-resource:name:device:Alice""#);
    // `DeviceUrn::id` builds; on a value, `id` reads.
    assert_eq!(alice.id(), name("Alice"));
}

/// A nesting of any depth is flat work.
#[test]
fn deep_nesting_is_harmless() {
    let urn = Urn::parse("urn:relay-resource:name:device:a?device=".repeat(100_000)).unwrap();
    assert_eq!(urn.device(), device("a"));
    assert!(urn.same_resource(&urn.canonical()));
}

fn names_survive(text: &str) {
    fn reread(urn: &Urn) -> Urn {
        Urn::parse(urn.as_str()).unwrap()
    }
    let (alice, by_id) = (DeviceUrn::name(text).unwrap(), DeviceUrn::id(text).unwrap());
    let (group, group_id) = (GroupUrn::name(text).unwrap(), GroupUrn::id(text).unwrap());
    let interaction = InteractionUrn::name(text).unwrap();

    assert_eq!((reread(&alice).id(), reread(&alice).device()), (name(text), Some(alice.clone())));
    assert_eq!((reread(&by_id).id(), reread(&by_id).device()), (id(text), Some(by_id.clone())));
    assert_eq!(reread(&group).id(), name(text));
    assert_eq!(reread(&group_id).id(), id(text));
    assert_eq!(reread(&interaction).id(), name(text));

    let member = GroupMemberUrn::try_from(reread(&group.member(&alice))).unwrap();
    assert_eq!((member.id(), member.device()), (name(text), Some(alice.clone())));
    let on = InteractionUrn::try_from(reread(&interaction.on(&alice).on(&by_id))).unwrap();
    assert_eq!(on.id(), name(text));
    assert!(on.devices().eq([alice, by_id]));
    let with_status = reread(&interaction.with_status(text).unwrap());
    assert_eq!(with_status.kind(), UrnKind::InteractionWithStatus);
    assert_eq!(with_status.status().as_deref(), Some(text));

    for built in [Urn::from(member), on.into(), with_status] {
        assert_eq!(built.canonical(), built);
    }
}

#[test]
fn awkward_names_survive() {
    AWKWARD.into_iter().for_each(names_survive);
}

/// Text that is mostly a URN, and sometimes a good one.
fn near_urn() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(&[
        "urn:relay-resource:",
        "urn%3Arelay-resource%3A",
        "name:device:",
        "name%3Adevice%3A",
        "id:group:",
        "name:interaction:",
        "all:",
        "?device=",
        "?status=",
        "&",
        "=",
        "?",
        "%",
        "%25",
        "%2",
        "%FF",
        "%c3%A9",
        "+",
        "é",
        "a",
    ]);
    prop::collection::vec(piece, 0..12).prop_map(|pieces| "urn:relay-resource:".to_owned() + &pieces.concat())
}

proptest! {
    #[test]
    fn any_name_survives(text in prop::collection::vec(any::<char>(), 1..24)) {
        names_survive(&text.into_iter().collect::<String>());
    }

    #[test]
    fn any_text_is_refused_or_kept(text in prop_oneof![any::<String>(), near_urn()]) {
        let parsed = Urn::parse(text.as_str());
        prop_assert_eq!(parsed.is_ok(), is_relay_urn(&text));
        let Ok(urn) = parsed else { return Ok(()) };
        prop_assert_eq!(urn.as_str(), &text);
        prop_assert_eq!(urn.is_interaction(), is_interaction(&text));

        let canonical = urn.canonical();
        prop_assert_eq!(&Urn::parse(canonical.as_str()).unwrap(), &canonical);
        prop_assert_eq!(canonical.kind(), urn.kind());
        prop_assert_eq!(canonical.id(), urn.id());
        prop_assert_eq!(canonical.status(), urn.status());
        prop_assert_eq!(canonical.device(), urn.device());
        prop_assert!(canonical.devices().eq(urn.devices()));
        prop_assert_eq!(&canonical.canonical(), &canonical);
        prop_assert!(urn.same_resource(&canonical) && canonical.same_resource(&urn));
    }
}
