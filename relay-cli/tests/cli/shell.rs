//! Help, completions, manual pages.

use snapbox::str;

use crate::relay::Relay;

#[test]
fn help_shows_the_commands_and_the_exit_codes() {
    Relay::new().run("--help").success().stdout_eq(str![[r#"
Register Relay workflows, trigger them, watch them, and find out why they do not
run

Usage: relay [OPTIONS] <COMMAND>

Commands:
  new          Make a cargo project with a workflow and its test
  dev          Work on a workflow: a Relay server, your workflow on it, two
               devices, and all that happens
  exec         Run a command beside a Relay server of its own, and end with its
               exit code
  chat         Be the person at a device: speak, tap, and see what comes of it
  doctor       Find out why a workflow does not run
  cert         Make certificates for development, or look at others
  workflow     Register workflows, change what is registered, see what runs
  trigger      Start a workflow as if what it is registered for had happened: a
               phrase, a tap, a tag, a timer, a call
  logs         Show what happens: at devices, in workflows, on the server
  transcript   Show what was said in runs of workflows, and keep it
  replay       Run a session again against the workflow as it is now, and show
               what it does differently
  clock        Show the server's time, or let time pass where it is virtual
  analytics    Show what workflows and the platform have logged
  devices      List devices and users by their ids
  device       Look at a device, make or delete a virtual one, do what its
               person would do
  group        Groups of devices, on which workflows can be installed
  user         The people who use devices
  venues       List the buildings
  positions    List the places in a building
  geofence     Areas on the map
  tag          Stickers that devices are held to
  audio        Sounds that workflows play as relay-static://NAME
  token        Tokens of a Relay server of your own
  login        Sign in to a Relay server, for later commands
  logout       Forget a stored token. One that a browser brought is given back,
               and worth nothing from then on
  whoami       Show whose token is used, and what it may do
  env          Show which server the commands talk to, as whom, and why
  api          Call the server's REST API with the token, and print the answer
  completions  Write a completion script for a shell to stdout
  man          Write the manual pages into a directory

Options:
  -h, --help     Print help
  -V, --version  Print version

For every command:
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
