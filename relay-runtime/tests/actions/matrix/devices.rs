//! Notifications, channels, devices, calls, groups.

use std::time::Duration;

use relay_runtime::types::{DeviceMode, PushOptions};
use relay_runtime::{Alert, Call, Context, Danger, Device, Group};

use super::{Section, row};
use crate::tables::{alice_urn, bob_urn};

pub(super) fn sections() -> Vec<Section> {
    vec![
        Section { title: "Notifications and channels", rows: notifications() },
        Section { title: "Devices", rows: devices() },
        Section { title: "Calls and text messages", rows: calls() },
        Section { title: "Groups", rows: groups() },
    ]
}

fn notifications() -> Vec<super::Row> {
    vec![
        row!(
            "broadcast",
            ["broadcast", "broadcast", "Broadcast", "broadcast", "Broadcast"],
            [Context::broadcast(alice_urn(), "hello")]
        ),
        row!(
            "call a broadcast back",
            ["cancelBroadcast", "cancel_broadcast", "CancelBroadcast", "cancelBroadcast", "CancelBroadcast"],
            [Context::cancel_notification("lunch", alice_urn())]
        ),
        row!(
            "alert",
            ["alert", "alert", "Alert", "alert", "Alert"],
            [
                Context::alert(alice_urn(), "hello"),
                Alert::acknowledged(),
                Alert::first().tell_others("x"),
                Alert::quorum(2).tell_others("x")
            ],
            "who acknowledges is told to a handler there; here the alert itself can be asked, too."
        ),
        row!(
            "call an alert back",
            ["cancelAlert", "cancel_alert", "CancelAlert", "cancelAlert", "CancelAlert"],
            [Alert::cancel(), Alert::cancel_on(alice_urn()), Context::cancel_notification("x", alice_urn())]
        ),
        row!(
            "call any notification back",
            ["", "", "", "", "CancelNotification"],
            [Context::cancel_notification("lunch", alice_urn())]
        ),
        row!(
            "notify",
            ["", "", "", "", ""],
            [],
            "withdrawn in August 2022 from all SDKs; broadcast instead."
        ),
        row!(
            "how it looks on phones",
            ["", "push_options", "NotificationOptions*", "", "NotificationPushOptions"],
            [Context::broadcast(alice_urn(), "hello").push_options(PushOptions::new())],
            "Go writes the keys with capital letters. In JavaScript a plain object; in Java there is no way to give them."
        ),
        row!(
            "change the channel",
            ["setChannel", "set_channel", "SetChannel", "setChannel", "SetChannel"],
            [
                Device::set_channel("x"),
                Device::set_channel("x").suppress_tts(),
                Device::set_channel("x").disable_home_channel(),
            ]
        ),
        row!(
            "home channel on and off",
            [
                "enableHomeChannel disableHomeChannel",
                "enable_home_channel disable_home_channel",
                "EnableHomeChannel DisableHomeChannel",
                "enableHomeChannel disableHomeChannel",
                "EnableHomeChannel DisableHomeChannel"
            ],
            [Device::enable_home_channel(), Device::disable_home_channel()]
        ),
    ]
}

fn devices() -> Vec<super::Row> {
    vec![
        row!(
            "name",
            ["getDeviceName", "get_device_name", "GetDeviceName", "getDeviceName", "GetDeviceName"],
            [Device::name(), Device::name().refresh()]
        ),
        row!(
            "id",
            ["getDeviceId", "get_device_id", "GetDeviceId", "getDeviceId", "GetDeviceId"],
            [Device::id()]
        ),
        row!(
            "model",
            ["getDeviceType", "get_device_type", "GetDeviceType", "getDeviceType", "GetDeviceType"],
            [Device::model()]
        ),
        row!(
            "battery",
            [
                "getDeviceBattery",
                "get_device_battery",
                "GetDeviceBattery",
                "getDeviceBattery",
                "GetDeviceBattery*"
            ],
            [Device::battery()],
            "C# fails to convert the answer."
        ),
        row!(
            "address",
            [
                "getDeviceLocation getDeviceAddress",
                "get_device_location get_device_address",
                "GetDeviceLocation GetDeviceAddress",
                "getDeviceLocation getDeviceAddress",
                "GetDeviceLocation GetDeviceAddress"
            ],
            [Device::address()],
            "the two ask for the same; C# asks by a name of its own."
        ),
        row!(
            "coordinates",
            [
                "getDeviceCoordinates getDeviceLatLong",
                "get_device_coordinates get_device_latlong",
                "GetDeviceCoordinates GetDeviceLatLong",
                "getDeviceCoordinates getDeviceLatLong",
                "GetDeviceCoordinates* GetDeviceLatLong*"
            ],
            [Device::coordinates()],
            "the two ask for the same; C# fails to convert the answer."
        ),
        row!(
            "place inside a building",
            [
                "getDeviceIndoorLocation",
                "get_device_indoor_location",
                "GetDeviceIndoorLocation",
                "getDeviceIndoorLocation",
                "GetDeviceIndoorLocation*"
            ],
            [Device::indoor_position()],
            "C# fails to convert the answer. An unknown place is a text there, and `None` here."
        ),
        row!(
            "whether it reports its location",
            [
                "getDeviceLocationEnabled",
                "get_device_location_enabled",
                "GetDeviceLocationEnabled",
                "getDeviceLocationEnabled",
                "GetDeviceLocationEnabled"
            ],
            [Device::location_enabled()]
        ),
        row!(
            "who uses it",
            ["getUserProfile", "get_user_profile", "GetUserProfile", "getUserProfile", "GetUserProfile"],
            [Device::username()]
        ),
        row!(
            "set who uses it",
            ["setUserProfile", "set_user_profile", "SetUserProfile", "setUserProfile", "SetUserProfile"],
            [Device::set_username("alice"), Device::set_username("alice").force()]
        ),
        row!(
            "set its name",
            ["setDeviceName", "set_device_name", "SetDeviceName", "setDeviceName", "SetDeviceName"],
            [Device::set_name("Lobby")]
        ),
        row!(
            "set its channel as a property",
            ["", "", "", "", ""],
            [Danger::set_channel_field("x")],
            "commented out everywhere as not working; change the channel instead."
        ),
        row!(
            "location on and off",
            [
                "enableLocation disableLocation",
                "enable_location disable_location",
                "EnableLocation DisableLocation",
                "enableLocation disableLocation",
                "EnableLocation DisableLocation"
            ],
            [Device::enable_location(), Device::disable_location()]
        ),
        row!(
            "set its emergency mode",
            ["", "", "", "", ""],
            [Danger::set_mode(DeviceMode::Normal)],
            "commented out everywhere as not working."
        ),
        row!(
            "restart it, switch it off",
            ["", "", "", "", ""],
            [Danger::restart(), Danger::power_off()],
            "commented out everywhere as not working."
        ),
        row!(
            "count missed messages",
            [
                "getUnreadInboxSize",
                "get_unread_inbox_size",
                "GetUnreadInboxSize",
                "getUnreadInboxSize",
                "GetUnreadInboxSize"
            ],
            [Device::inbox_count()]
        ),
        row!(
            "play missed messages",
            [
                "playUnreadInboxMessages",
                "play_unread_inbox_messages",
                "PlayUnreadInboxMessages",
                "playUnreadInboxMessages",
                "PlayUnreadInboxMessages"
            ],
            [Device::play_inbox()],
            "theirs return at once; ours is done when they have been played."
        ),
    ]
}

fn calls() -> Vec<super::Row> {
    vec![
        row!(
            "call",
            ["placeCall*", "place_call", "PlaceCall*", "placeCall", "PlaceCall"],
            [
                Device::call(bob_urn()),
                Device::call_uri("sip:bob"),
                Call::next(),
                Call::connected(),
                Call::ended()
            ],
            "JavaScript does not give the call's id, and Go not in a way that can be read."
        ),
        row!(
            "answer",
            ["answerCall", "answer_call", "AnswerCall", "answerCall", "AnswerCall"],
            [Device::answer("call-7")]
        ),
        row!(
            "hang up",
            ["hangupCall", "hangup_call", "HangupCall", "hangupCall", "HangupCall"],
            [Call::hang_up(), Device::hang_up("call-7")]
        ),
        row!(
            "register with a telephone server",
            ["registerForCalls", "register", "", "", ""],
            [Device::register_for_calls("", ""), Device::register_for_calls("", "").expires(Duration::ZERO)]
        ),
        row!(
            "take that back",
            ["unregisterForCalls", "", "", "", ""],
            [Device::unregister_for_calls()],
            "in Python, `register` for 0 seconds."
        ),
        row!("send a text message", ["", "sms", "", "", ""], [Context::sms("tel:+15550100", "hello")]),
    ]
}

fn groups() -> Vec<super::Row> {
    vec![
        row!(
            "list members",
            ["getGroupMembers", "get_group_members", "GetGroupMembers", "", "GetGroupMembers*"],
            [Group::members()],
            "C# asks in a way of before 2022, and fails to convert the answer."
        ),
        row!(
            "ask whether a device is a member",
            ["isGroupMember*", "is_group_member", "IsGroupMember", "isGroupMember", ""],
            [Group::is_member(alice_urn())],
            "JavaScript encodes names with spaces twice, and takes names only."
        ),
        row!("make a group", ["createGroup", "", "", "", ""], [Context::create_group("Night")]),
        row!("delete it", ["deleteGroup", "", "", "", ""], [Group::delete()]),
        row!("add members", ["addGroupMembers", "", "", "", ""], [Group::add([alice_urn()])]),
        row!("remove members", ["removeGroupMembers", "", "", "", ""], [Group::remove([alice_urn()])]),
    ]
}
