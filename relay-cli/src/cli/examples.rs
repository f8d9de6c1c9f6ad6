//! What a command looks like when it is used, at the end of its help. A test reads every line here as a command line.

use clap::Command;

/// A command, and lines of a shell. After two spaces and a `#` comes what it is for.
const EXAMPLES: &[(&str, &[&str])] = &[
    ("new", &["relay new greeter", "relay new greeter --path ~/src/relay  # with the SDK of a clone"]),
    (
        "dev",
        &[
            "relay dev",
            "relay dev -- --bin greeter --features spanish",
            "relay dev --command 'node app.js' --import relay.json",
            "relay chat Alice  # in another terminal",
        ],
    ),
    ("chat", &["relay chat Alice", "relay chat Alice --script greeter.chat"]),
    (
        "trigger",
        &[
            "relay trigger hello --device Bob",
            "relay trigger hello --set spillover='and good night'",
            "relay trigger order --set args.room=231 --set args.urgent=true",
            "relay trigger patrol --at 2027-01-04T08:00",
            "relay trigger patrol --dry-run",
        ],
    ),
    ("replay", &["relay replay", "relay replay 68b7", "relay replay 68b7 --export-test"]),
    ("exec", &["relay exec -- cargo test", "relay exec --virtual-time --import relay.json -- ./check.sh"]),
    ("clock advance", &["relay clock advance 5m"]),
    ("clock until-idle", &["relay clock until-idle --most 1h"]),
    ("logs", &["relay logs --follow", "relay logs --device Alice", "relay logs -f --instance 68b7 --all"]),
    ("transcript show", &["relay transcript show last", "relay transcript show 68b7"]),
    ("transcript export", &["relay transcript export 68b7 --redact -o tests/hello.relay.jsonl"]),
    ("analytics", &["relay analytics --limit 5", "relay analytics --type user -w hello"]),
    (
        "doctor",
        &[
            "relay doctor  # the server, and every workflow on it",
            "relay doctor wss://workflows.example.com/hello",
            "relay doctor wss://localhost:8443/hello --ca dev-ca.pem",
            "relay doctor --json | jq '.sections[].lines[] | select(.status == \"fail\")'",
        ],
    ),
    ("workflow list", &["relay workflow list", "relay workflow list --filter name=^hello --csv"]),
    ("workflow delete", &["relay workflow delete -w hello"]),
    (
        "workflow install",
        &[
            "relay workflow install -w hello --install-all",
            "relay workflow install -w hello VIRT0001 VIRT0002",
        ],
    ),
    ("workflow uninstall", &["relay workflow uninstall -w hello VIRT0002"]),
    ("workflow args list", &["relay workflow args list -w hello"]),
    ("workflow args get", &["relay workflow args get greeting -w hello"]),
    ("workflow args set", &["relay workflow args set -w hello --arg greeting=Hi --number tries=3"]),
    ("workflow args unset", &["relay workflow args unset greeting -w hello"]),
    (
        "workflow apply",
        &["relay workflow apply workflows.toml", "relay workflow apply workflows.toml --prune"],
    ),
    (
        "workflow sync",
        &[
            "relay workflow sync --uri wss://host:8443 --admin 9090 --install-all",
            "relay workflow sync --uri wss://host:8443 --manifest manifest.json --dry-run",
        ],
    ),
    ("workflow trigger", &["relay workflow trigger -w order -u VIRT0001 --arg room=231"]),
    ("workflow instance list", &["relay workflow instance list", "relay workflow instance list -H"]),
    (
        "workflow instance stop",
        &["relay workflow instance stop -i wfi_68b7", "relay workflow instance stop -w hello --yes"],
    ),
    ("workflow logs", &["relay workflow logs -w hello"]),
    (
        "workflow create phrase",
        &["relay workflow create phrase -n hello -u wss://host/hello --trigger hello -A"],
    ),
    (
        "workflow create button",
        &["relay workflow create button -n help -u wss://host/help --trigger double -A"],
    ),
    ("workflow create http", &["relay workflow create http -n order -u wss://host/order -A"]),
    ("workflow create nfc", &["relay workflow create nfc -n patrol -u wss://host/patrol -c checkpoint -A"]),
    (
        "workflow create timer",
        &[
            "relay workflow create timer -n now -u wss://host/now -A",
            "relay workflow create timer -n rounds -u wss://host/rounds -A \\
      --trigger repeat --start 2027-01-04T08:00 -f weekly -c 10",
        ],
    ),
    (
        "workflow create battery",
        &["relay workflow create battery -n low -u wss://host/low --threshold 15 -A"],
    ),
    (
        "workflow create geofence",
        &["relay workflow create geofence -n left -u wss://host/left -A \\
      --trigger exit --id ID"],
    ),
    (
        "workflow create position",
        &["relay workflow create position -n ward -u wss://host/ward -A \\
      -v VENUE -p POSITION"],
    ),
    ("workflow create call", &["relay workflow create call -n desk -u wss://host/desk --trigger inbound -A"]),
    ("workflow create event", &["relay workflow create event -n alarm -u wss://host/alarm -A"]),
    ("devices", &["relay devices", "relay devices --csv --no-header"]),
    ("device show", &["relay device show Alice"]),
    ("device create", &["relay device create Carol --location"]),
    ("device delete", &["relay device delete Carol --yes"]),
    (
        "device speak",
        &["relay device speak Alice hello --assistant", "relay device speak Alice my name is Bob"],
    ),
    ("device tap", &["relay device tap Alice", "relay device tap Alice --button assistant --taps double"]),
    ("device move", &["relay device move Alice 51.5 -0.12"]),
    (
        "device position",
        &["relay device position Alice VENUE POSITION", "relay device position Alice  # nowhere"],
    ),
    ("device scan", &["relay device scan Alice 04A2B3"]),
    ("device charge", &["relay device charge Alice 15", "relay device charge Alice 80 --charging"]),
    ("device call", &["relay device call Alice Bob"]),
    ("device answer", &["relay device answer Bob"]),
    ("device hang-up", &["relay device hang-up Alice"]),
    ("device online", &["relay device online Alice"]),
    ("device offline", &["relay device offline Alice"]),
    ("device alarm", &["relay device alarm Alice"]),
    ("device do-not-disturb", &["relay device do-not-disturb Alice on"]),
    ("device volume", &["relay device volume Alice 60"]),
    ("group create", &["relay group create Nurses --member VIRT0001 VIRT0002"]),
    (
        "broadcast",
        &[
            "relay broadcast --everyone --text 'lunch is ready'",
            "relay broadcast -g Cleaning -t 'the day begins' \\
      --trigger repeat --start 2027-01-04T08:00 --count 5",
            "relay broadcast --device Bob -a -t 'leave the house'",
        ],
    ),
    ("group delete", &["relay group delete ID"]),
    ("user create", &["relay user create 'Ann Lee'"]),
    ("user delete", &["relay user delete ID"]),
    ("user assignments", &["relay user assignments -f relative"]),
    ("positions", &["relay positions -v VENUE"]),
    ("geofence create", &["relay geofence create -n Yard -r 200 --latitude 51.5 --longitude -0.12"]),
    ("geofence delete", &["relay geofence delete --id ID"]),
    ("tag list", &["relay tag list", "relay tag list --category checkpoint --extended"]),
    ("tag create", &["relay tag create -c checkpoint -l 'the gate' --uid 04A2B3"]),
    ("tag update", &["relay tag update --tag-id ID -c checkpoint -l 'the back door'"]),
    ("tag pair", &["relay tag pair --tag-id ID --uid 04A2B3"]),
    ("tag delete", &["relay tag delete --tag-id ID"]),
    ("audio create", &["relay audio create -n chime -f chime.wav"]),
    ("audio delete", &["relay audio delete --id ID"]),
    (
        "login",
        &[
            "relay login --host https://relay.example.com",
            "relay login --host pro --profile work",
            "relay login --host relay.example.com --token < token.txt",
        ],
    ),
    ("logout", &["relay logout --profile work"]),
    ("subscriber set", &["relay subscriber set ID"]),
    ("env", &["relay env --process"]),
    ("token create", &["relay token create ci --role trigger"]),
    ("token revoke", &["relay token revoke ID"]),
    ("cert dev", &["relay cert dev", "relay cert dev laptop.local 192.168.1.7"]),
    ("cert check", &["relay cert check fullchain.pem --key privkey.pem --name workflows.example.com"]),
    (
        "api",
        &[
            "relay api workflow",
            "relay api subscriber/{subscriber_id}/device_ids",
            "relay api -X POST /v1/devices --input device.json",
        ],
    ),
    ("completions", &["relay completions bash > ~/.local/share/bash-completion/completions/relay"]),
    ("man", &["relay man ~/.local/share/man/man1"]),
];

/// Adds them to the help of every command.
pub(super) fn added(command: Command) -> Command {
    command.mut_subcommands(|command| with(String::new(), command))
}

fn with(above: String, command: Command) -> Command {
    let path = format!("{above}{}", command.get_name());
    let lines = EXAMPLES.iter().find(|(known, _)| *known == path).map(|(_, lines)| shown(lines));
    let command = command.mut_subcommands(|command| with(format!("{path} "), command));
    let before = command.get_after_help().map(|text| format!("\n\n{text}"));
    match lines {
        Some(lines) => command.after_help(lines + &before.unwrap_or_default()),
        None => command,
    }
}

fn shown(lines: &[&str]) -> String {
    let heading = if lines.len() == 1 { "Example:" } else { "Examples:" };
    lines.iter().fold(heading.to_owned(), |text, line| text + "\n  " + line)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::cli::{command, parse};

    /// The commands that do something, by their paths.
    fn leaves(above: &str, command: &Command, found: &mut HashMap<String, Command>) {
        for command in command.get_subcommands().filter(|command| !command.is_hide_set()) {
            let path = format!("{above}{}", command.get_name());
            leaves(&format!("{path} "), command, found);
            if !command.is_subcommand_required_set() {
                found.insert(path, command.clone());
            }
        }
    }

    /// As a shell would read it, as far as is needed here.
    fn words(line: &str) -> Vec<String> {
        let line = line.split(" \\\n").map(str::trim_start).collect::<Vec<_>>().join(" ");
        let line = ["  #", " | ", " > ", " < "]
            .iter()
            .fold(&*line, |line, end| line.split(end).next().unwrap_or(line));
        let (mut words, mut quoted) = (vec![String::new()], false);
        for c in line.chars() {
            match c {
                '\'' => quoted = !quoted,
                ' ' if !quoted => words.push(String::new()),
                c => words.iter_mut().last().into_iter().for_each(|word| word.push(c)),
            }
        }
        words
    }

    #[test]
    fn every_example_is_a_command_line() {
        let mut known = HashMap::new();
        leaves("", &command(), &mut known);
        for (path, lines) in EXAMPLES {
            assert!(known.contains_key(*path), "there is no `relay {path}`");
            for line in *lines {
                let words = words(line).into_iter().map(Into::into);
                parse(words).unwrap_or_else(|error| panic!("{line}: {error:?}"));
                assert!(line.lines().all(|line| line.len() <= 78), "{line} does not fit into 80 columns");
            }
        }
    }

    #[test]
    fn what_needs_arguments_has_an_example() {
        let mut known = HashMap::new();
        leaves("", &command(), &mut known);
        for (path, command) in known {
            let needs = command.get_arguments().any(clap::Arg::is_required_set);
            assert!(
                !needs || EXAMPLES.iter().any(|(shown, _)| *shown == path),
                "`relay {path}` has no example"
            );
        }
    }
}
