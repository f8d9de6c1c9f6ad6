//! Help, completions, manual pages.

use snapbox::str;

use crate::relay::Relay;

#[test]
fn help_shows_the_commands_and_the_exit_codes() {
    Relay::new().run("--help").success().stdout_eq(str![[r#"
Write Relay workflows, register them, watch them, and find out what is wrong

Usage: relay [OPTIONS] <COMMAND>

Work on a workflow:
  new          Make a cargo project with a workflow and its test
  dev          Run a server, two devices and your workflow, rebuilt on each save
  chat         Be the person at a device: speak, tap, and see what comes of it
  trigger      Start a workflow as if its trigger had happened
  broadcast    Say something on devices, now or at a time, once or again and
               again
  replay       Do a run again, and show what the workflow does differently now
  exec         Run a command, such as a test, beside a server of its own
  clock        Show the server's time, or let it pass where it is virtual

See what happens:
  logs         Show what happens: at devices, in workflows, on the server
  transcript   Show what was said in runs of workflows, and keep it
  analytics    Show what workflows and the platform have logged
  doctor       Find out why a workflow does not run

What is on the server:
  workflow     Register workflows, change what is registered, see what runs
  devices      List devices and users by their ids
  device       Look at a device, make one, do what its person would do
  group        List, make and delete groups of devices, to install workflows on
  user         List, make and delete the people who use devices
  venues       List the buildings
  positions    List the places in a building
  geofence     List, make and delete areas on the map
  tag          List, make and change tags: stickers that devices are held to
  audio        List, upload and delete sounds, played as relay-static://NAME

Which server, as whom:
  login        Sign in to a Relay server, for later commands
  logout       Forget a stored token. One that a browser brought is given back,
               and worth nothing from then on
  whoami       Show whose token is used, and what it may do
  subscriber   The account that commands are about, if no other is named
  env          Show which server the commands talk to, as whom, and why
  token        List, make and revoke tokens of a server of your own
  cert         Make certificates for development, or look at others
  api          Call the server's REST API with the token, and print the answer

This program:
  completions  Write a completion script for a shell to stdout
  man          Write the manual pages into a directory

Options:
      --host <HOST>         The Relay server: a host, a URL, or `pro` for the
                            vendor's cloud [RELAY_HOST]
  -s, --subscriber-id <ID>  The account, if not the token's first
                            [RELAY_SUBSCRIBER_ID]
      --profile <NAME>      Which of the stored logins to use [RELAY_PROFILE]
      --ca <FILE>           PEM file with one more authority to trust
                            [RELAY_CA_CERT]
      --json                Print JSON instead of text
  -y, --yes                 Answer every question with yes
      --color <WHEN>        Colour: auto, always or never
  -h, --help                Print help
  -V, --version             Print version

Begin here:
  relay new hello && cd hello && relay dev
`relay COMMAND --help` says more of each command, with examples.

Exit codes:
  0  done                          4  token missing, not valid or not enough
  1  the server could not do it    5  no connection to the server
  2  wrong arguments               6  something is wrong (doctor, check)
  3  no such thing                 7  a question was not answered with yes

The first of these says which server is meant: --host, RELAY_HOST, --profile,
a running `relay dev`, the profile that `relay login` wrote.

"#]]);
}

#[test]
fn without_a_command_there_is_help() {
    Relay::new().run("").code(2);
}

#[test]
fn a_mistyped_command_is_corrected() {
    Relay::new().run("whoaim").code(2).stderr_eq(str![[r#"
error: unrecognized subcommand 'whoaim'

  tip: a similar subcommand exists: 'whoami'

Usage: relay [OPTIONS] <COMMAND>

For more information, try '--help'.

"#]]);
}

#[test]
fn with_json_a_wrong_command_line_is_an_error_like_any_other() {
    Relay::new().run("whoaim --json").code(2).stderr_eq(str![[r#"
{
  "error": {
    "causes": [],
    "exit": 2,
    "message": "unrecognized subcommand 'whoaim'",
    "next": "a similar subcommand exists: 'whoami'"
  }
}

"#]]);
    Relay::new().run("device tap --json").code(2).stderr_eq(str![[r#"
{
  "error": {
    "causes": [],
    "exit": 2,
    "message": "the following required arguments were not provided: <DEVICE>",
    "next": "the command with --help says what it takes"
  }
}

"#]]);
}

#[test]
fn there_are_completions_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(Relay::new().stdout(&format!("completions {shell}")).contains("whoami"), "{shell}");
    }
}

#[test]
fn there_is_a_manual_page_for_every_command() {
    let relay = Relay::new();
    relay.run("man pages").success();
    assert!(relay.read("pages/relay.1").contains("relay"));
    assert!(relay.path("pages/relay-whoami.1").exists());
}
