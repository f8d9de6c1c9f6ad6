//! The commands against a Relay server as it is, which `relay exec` starts and ends.

use snapbox::str;

use crate::relay::Relay;

/// Everything that a script prints, both streams, with what is made by chance named by its kind.
pub(crate) fn story(script: &str) -> String {
    story_of("", script)
}

/// With flags for the server.
pub(crate) fn story_of(flags: &str, script: &str) -> String {
    let relay = Relay::new();
    let line = format!("exec {flags} -- sh -c");
    let command = relay.command(&line).arg(format!("exec 2>&1; {script}; true"));
    let output =
        command.env("RELAY", env!("CARGO_BIN_EXE_relay")).env("PATH", "/usr/bin:/bin").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    [
        (r"http://127\.0\.0\.1:[0-9]+", "SERVER"),
        (r"(wf_[a-z0-9]+)_[0-9A-Za-z]{22}", "${1}_ID"),
        (r"wfi_[0-9a-f]{32}", "wfi_ID"),
        (r"VIRT[0-9A-Za-z]{22}", "VIRT_ID"),
        (r"USER[0-9A-Za-z]{22}", "USER_ID"),
        (r"\b[0-9A-Za-z]{22}\b", "ID"),
        (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ACCOUNT"),
        (r"tok_[0-9a-f]{32}", "tok_ID"),
        (r"relay_[0-9a-f]{64}", "SECRET"),
        (r"[0-9.]+ ms", "TIME ms"),
        (r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z", "WHEN"),
    ]
    .into_iter()
    .fold(text, |text, (pattern, name)| {
        regex_lite::Regex::new(pattern).unwrap().replace_all(&text, name).into_owned()
    })
}

#[test]
fn workflows() {
    let told = story(
        "$RELAY workflow create phrase -n hello -u wss://wf.example/hello --trigger 'Good Day' -a x=1
         $RELAY workflow install -w hello -A
         $RELAY workflow args set -w hello -r n=2
         $RELAY workflow create phrase -n hello -u wss://wf.example/hello2 --trigger hi
         $RELAY workflow create http -n bell -u wss://wf.example/bell
         $RELAY workflow install -w bell 1234
         $RELAY workflow create geofence -n yard -u wss://wf.example/yard --id nowhere -A
         $RELAY workflow list --csv
         $RELAY workflow delete -w hell -y
         $RELAY workflow delete -w hello -y
         $RELAY workflow instance list",
    );
    snapbox::assert_data_eq!(
        told,
        str![[r#"
`hello` is registered
warning: nobody can trigger it yet: relay workflow install -w wf_hello_ID --install-all
ID            wf_hello_ID
Name          hello
Type          phrases:good day
Uri           wss://wf.example/hello
Installed on  nobody
ID            wf_hello_ID
Name          hello
Type          phrases:good day
Uri           wss://wf.example/hello
Installed on  all devices
Arg  Value  Type
n    2      number
x    1      string
`hello` is replaced
ID            wf_hello_ID
Name          hello
Type          phrases:hi
Uri           wss://wf.example/hello2
Installed on  all devices
`bell` is registered
ID            wf_bell_ID
Name          bell
Type          http:POST
Uri           wss://wf.example/bell
Installed on  nobody
error: the server refuses this
  cause: there is no device or user with the id 1234 [invalid_install_user_id]
  cause: POST /ibot/workflow: HTTP 400
  next: `relay devices` and `relay user list` show the ids
error: the server refuses this
  cause: there is no place "nowhere": make the geofence first, or see `GET /ibot/geofence`; entry and exit are its transitions [invalid_trigger]
  cause: POST /ibot/workflow: HTTP 400
ID,Name,Type,Uri,Installed on
wf_hello_ID,hello,phrases:hi,wss://wf.example/hello2,all devices
wf_bell_ID,bell,http:POST,wss://wf.example/bell,nobody
error: there is no workflow `hell`
  next: is `hello` (wf_hello_ID) meant?
`hello` (wf_hello_ID) is deleted
nothing runs

"#]]
    );
}

#[test]
fn devices_people_and_places() {
    let told = story(
        "$RELAY devices --columns name,status
         $RELAY device create Carol
         $RELAY device charge Carol 20
         $RELAY device offline Carol
         $RELAY device speak Carol hello
         $RELAY device show Carol --filter What=status
         $RELAY device delete Carol -y
         $RELAY user create Dan && $RELAY user list
         $RELAY group create Night -m $($RELAY devices --csv --no-header --columns id --filter name=Alice)
         $RELAY group list
         $RELAY geofence create -n Yard -r 100 -t 35.5 -g -78.1 && $RELAY geofence list
         $RELAY tag create -c door -l A -a color=red --uid 04ab && $RELAY tag list -x
         $RELAY venues; $RELAY audio list; $RELAY analytics; $RELAY user assignments
         $RELAY broadcast -g Night -t 'good night' -y --json > said.json; $RELAY broadcast --device Nobody -t x
         until $RELAY api /v1/triggers | grep -q '\"reason\": \"spoken on 1 devices\"'; do :; done
         $RELAY subscriber get
         $RELAY token create lobby; $RELAY token generate; $RELAY token list --columns name,role",
    );
    snapbox::assert_data_eq!(
        told,
        str![[r#"
Name   Status
Alice  online
Bob    online
VIRT_ID
done
done
error: the server refuses this
  cause: the device is offline [device_offline]
  cause: POST /v1/devices/VIRT_ID/speak: HTTP 409
What                                                       Value
device_details.device_info.battery_status                  discharging
device_details.device_info.bluetooth_status                off
device_details.device_info.network_status.cell_bars        0
device_details.device_info.network_status.connection_type  wifi
device_details.device_info.network_status.wifi_bars        4
device_status                                              offline
the device VIRT_ID is deleted
USER_ID
User Name  User ID
Dan        USER_ID
urn:relay-resource:id:tag:ID
Group  Install Rule ID
Night  urn:relay-resource:id:tag:ID
the geofence ID is made
ID                      Name  Radius  Address  Coordinates
ID  Yard   100.0           35.5, -78.1
the tag ID is made
Tag ID                  Paired  Category  Label  Content    Type    UID
ID  yes     door      A      color=red  custom  04ab
there is no venue
there is no sound
nothing was logged
nobody was given a device
error: there is no device `Nobody`
  next: these are: Alice, Bob
ACCOUNT
this is shown once and never again:
SECRET
this is shown once and never again:
SECRET
Name      Role
lobby     trigger
programs  trigger

"#]]
    );
}

#[test]
fn a_server_without_workflows_is_well() {
    let told = story("$RELAY whoami; $RELAY doctor");
    snapbox::assert_data_eq!(
        told,
        str![[r#"
Who                    Value
name                   this process
server                 SERVER/
account                ACCOUNT
accounts of the token  ACCOUNT
capabilities           workflow_sdk
Relay server SERVER/
✓ server        it answers (TIME ms)
✓ token         valid for the account ACCOUNT
! registration  no workflow is registered (TIME ms)
                next:  register one: relay workflow create
✓ installed     each can be triggered by somebody
✓ device        Alice (VIRT_ID) is online (TIME ms)
✓               Bob (VIRT_ID) is online (TIME ms)

"#]]
    );
}

#[test]
fn a_token_that_was_revoked_is_not_taken() {
    let told = story(
        "key=$($RELAY token create gone 2>/dev/null | tail -1)
         $RELAY token revoke $($RELAY token list --csv --no-header --columns id --filter name=gone) -y
         RELAY_API_KEY=$key $RELAY doctor",
    );
    snapbox::assert_data_eq!(
        told,
        str![[r#"
the token tok_ID is deleted
Relay server SERVER/
✓ server        it answers (TIME ms)
✗ token         SERVER/ does not take the token
                cause: the token is wrong, has expired, or was revoked
                       [invalid_token]
                next:  log in again: relay login; or correct RELAY_API_KEY
· registration  not reached
· installed     not reached
· device        not reached
error: 1 thing is wrong

"#]]
    );
}
