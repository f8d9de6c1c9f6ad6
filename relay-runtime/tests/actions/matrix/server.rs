//! Serving workflows, and what needs no session.

use relay_protocol::session::{Timestamp, WorkflowSession};
use relay_runtime::api::{Client, ClientBuilder};
use relay_runtime::event::Button;
use relay_runtime::server::{Listening, ServerBuilder, ServerHandle};
use relay_runtime::urn::{DeviceUrn, GroupUrn, InteractionUrn, Urn};
use relay_runtime::workflow::{Filter, Routes, WorkflowEntry};
use relay_runtime::{Context, Target};
use tokio::net::{TcpListener, TcpStream};

use super::{Section, named, row};
use crate::tables::{alice_urn, bob_urn};

pub(super) fn serving() -> Vec<Section> {
    vec![Section { title: "The server", rows: server() }]
}

pub(super) fn without_session() -> Vec<Section> {
    vec![
        Section { title: "URNs", rows: urns() },
        Section { title: "Over HTTP, without a session", rows: http() },
    ]
}

fn server() -> Vec<super::Row> {
    /// Asked for by rows that do not run.
    fn never<T>() -> T {
        unreachable!()
    }

    vec![
        row!(
            "make and start a server",
            ["relay", "Server start", "InitializeRelaySdk", "", "Relay Start"],
            [ServerBuilder::bind(([0, 0, 0, 0], 8080)), ServerBuilder::from_env(), ServerBuilder::serve()],
            "in Java the container of your choice does that."
        ),
        row!(
            "stop it",
            ["", "", "", "", "Dispose"],
            [ServerBuilder::serve_with_shutdown(async {}), ServerHandle::shutdown(), ServerHandle::close()],
            "running sessions may end first."
        ),
        row!(
            "serve where others listen",
            ["server", "", "", "JakartaWebsocketReceiver", "SystemKestral"],
            [
                ServerBuilder::serve_on(never::<TcpListener>()),
                ServerHandle::serve_connection(never::<TcpStream>(), None),
                ServerBuilder::without_tls(),
            ],
            "theirs take connections of an HTTP server of the same program; here it is a listener, a connection of \
             whatever kind, or a proxy in front."
        ),
        row!(
            "serve a workflow",
            ["workflow", "register", "AddWorkflow", "addWorkflow", "AddWorkflow"],
            [
                ServerBuilder::workflow(never::<WorkflowEntry>()),
                ServerBuilder::workflow_at("/hello", never::<WorkflowEntry>()),
                ServerHandle::add_workflow(never::<WorkflowEntry>()),
            ]
        ),
        row!(
            "serve it no more",
            ["", "", "", "", "RemoveWorkflow"],
            [ServerHandle::remove_workflow("/hello")],
            "sessions that run go on."
        ),
        row!(
            "serve one without a path",
            ["workflow", "", "", "", ""],
            [ServerBuilder::default_workflow(never::<WorkflowEntry>())]
        ),
        named!(
            "make a workflow",
            ["createWorkflow", "Workflow", "", "Workflow", "AbstractRelayWorkflow"],
            [Routes::<()>::new("hello")],
            "or `#[workflow]` on an async fn or an impl block, which writes that for you."
        ),
        row!(
            "add and remove handlers",
            ["on off", "", "", "", ""],
            [
                Routes::<()>::on(Filter::<Button>::new(), async |_: Context| {}),
                Context::events_of::<Button>()
            ],
            "handlers stay; what comes and goes is an `Events`, made and dropped inside one. In Python decorators, in \
             Go setters, in Java and C# methods that are overridden."
        ),
        row!("count sessions", ["", "total_connections", "", "", ""], [ServerHandle::sessions()]),
        row!(
            "TLS",
            ["", "ssl_key_filename ssl_cert_filename", "", "", ""],
            [
                ServerBuilder::tls_pem_files("cert.pem", "key.pem"),
                ServerBuilder::tls_pem("cert", "key"),
                ServerBuilder::tls_config(never()),
            ]
        ),
        row!(
            "which address it has",
            ["", "", "", "", ""],
            [Listening::local_addr(), Listening::admin_addr()]
        ),
        row!(
            "bring your own transport",
            ["", "", "", "startWorkflow receiveMessage stopWorkflow", "OnOpen OnMessage OnClose"],
            [WorkflowSession::handle_text(Timestamp::ZERO, "{}"), WorkflowSession::poll_transmit()],
            "the protocol without I/O is the crate `relay-protocol`."
        ),
        row!(
            "logging",
            ["DEBUG", "log_level log_handler", "", "", ""],
            [Context::debug_log("hello")],
            "all of it goes through `tracing`, to the subscriber of your choice. In Go logrus, in Java slf4j, in C# \
             Serilog."
        ),
    ]
}

fn urns() -> Vec<super::Row> {
    let group = GroupUrn::name("Cleaning").unwrap();
    let hello = InteractionUrn::name("hello").unwrap();
    super::used((group.member(&alice_urn()), hello.on(&bob_urn()), hello.with_status("started")));
    vec![
        named!(
            "a device by id, by name",
            [
                "deviceId deviceName",
                "device_id device_name",
                "DeviceId DeviceName",
                "deviceId deviceName",
                "DeviceId DeviceName"
            ],
            [DeviceUrn::id("1"), DeviceUrn::name("Alice")]
        ),
        named!(
            "a group by id, by name",
            [
                "groupId groupName",
                "group_id group_name",
                "GroupId GroupName",
                "groupId groupName",
                "GroupId GroupName"
            ],
            [GroupUrn::id("1"), GroupUrn::name("Cleaning")]
        ),
        row!(
            "a member of a group",
            ["groupMember", "group_member", "GroupMember", "groupMember", "GroupMember"],
            [GroupUrn::member(&alice_urn())]
        ),
        named!(
            "an interaction by name",
            ["interactionName", "interaction_name", "InteractionName", "interactionName", "InteractionName"],
            [InteractionUrn::name("hello")]
        ),
        named!(
            "devices by status, all devices",
            ["allDevicesWithStatus allDevices", "", "", "", "AllDevicesWithStatus AllDevices"],
            [
                Target::with_status(&InteractionUrn::name("hello").unwrap(), "started".into()),
                Target::all_devices(),
            ]
        ),
        named!(
            "the platform as originator",
            ["genericOriginator", "", "", "", "GenericOriginator"],
            [Urn::server()],
            "it is the default."
        ),
        row!(
            "name or id of a device or a group",
            [
                "parseDeviceName* parseDeviceId parseGroupName* parseGroupId",
                "parse_device_name parse_device_id parse_group_name parse_group_id",
                "ParseDeviceName ParseDeviceId ParseGroupName ParseGroupId",
                "parseDeviceName parseDeviceId parseGroupName parseGroupId",
                "ParseDeviceName ParseDeviceId ParseGroupName"
            ],
            [Urn::id(), Urn::device()],
            "JavaScript gives names as they are escaped; others confuse devices with groups, or what has colons."
        ),
        row!(
            "name of an interaction",
            ["", "parse_interaction", "", "parseInteraction", ""],
            [Urn::interaction_name()]
        ),
        row!(
            "what a text is",
            [
                "isInteractionUri* isRelayUri",
                "is_interaction_uri is_relay_uri",
                "IsInteractionUri IsRelayUri",
                "isInteractionUri isRelayUri",
                "IsRelayUri"
            ],
            [Urn::is_interaction(), Urn::kind()],
            "whatever is a `Urn` is one: `parse` tells what is none. JavaScript's `isInteractionUri` says nothing."
        ),
    ]
}

fn http() -> Vec<super::Row> {
    vec![
        row!(
            "trigger a workflow",
            [
                "api.triggerWorkflow*",
                "trigger_workflow",
                "TriggerWorkflow",
                "triggerWorkflow",
                "TriggerWorkflow*"
            ],
            [Client::trigger_workflow("wf_coffee_3kQ9")
                .user("990007560000001")
                .arg("room", 1)
                .args([("room", 1)].into_iter().collect::<std::collections::BTreeMap<_, _>>())
                .devices(["990007560000001"])],
            "in the module `api`, a feature of its own. JavaScript gives the call no method, so that it is never \
             made; C# loses the arguments."
        ),
        row!(
            "fetch a device",
            ["api.fetchDevice", "fetch_device", "FetchDevice", "fetchDevice", "FetchDevice"],
            [Client::fetch_device("990007560000001")]
        ),
        row!(
            "refresh the token",
            ["", "", "", "", ""],
            [ClientBuilder::refresh_token("secret")],
            "here and elsewhere it happens by itself."
        ),
        row!(
            "alerts and records",
            ["", "", "", "", ""],
            [
                Client::alert("help"),
                Client::broadcast("lunch"),
                Client::cancel_alert("task"),
                Client::analytics_events(),
            ]
        ),
    ]
}
