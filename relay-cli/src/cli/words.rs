//! From words to a command.

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches};

use super::unread::Unread;
use super::{Cli, examples, groups};

/// The whole command line, for completions, manual pages and tests.
pub fn command() -> clap::Command {
    groups::grouped(examples::added(Cli::command()))
}

/// Reads a command line, the name of the program first.
pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Cli, Unread> {
    let mut command = command();
    let args = translated(args.into_iter().collect(), &command);
    let json = args.iter().any(|arg| arg == "--json");
    let matches = command.try_get_matches_from_mut(args);
    let cli =
        matches.and_then(|found| Cli::from_arg_matches(&found).map_err(|error| error.format(&mut command)));
    cli.map_err(|error| Unread { error, json })
}

/// The official command line also takes `workflow:create:http` for `workflow create http`, `help` before a command, and
/// `version`.
fn translated(mut args: Vec<OsString>, command: &clap::Command) -> Vec<OsString> {
    let Some(first) = args.get(1).and_then(|first| first.to_str()) else { return args };
    match first {
        "help" => {
            args.remove(1);
            args.push("--help".into());
        }
        "version" | "-v" => args[1] = "--version".into(),
        _ => {}
    }
    let Some(first) = args.get(1).and_then(|first| first.to_str()) else { return args };
    let words: Vec<OsString> = first.split(':').map(OsString::from).collect();
    if words.len() > 1 && command.get_subcommands().any(|known| words[0] == *known.get_name()) {
        args.splice(1..2, words);
    }
    args
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(args: &[&str]) -> Vec<OsString> {
        translated(args.iter().map(OsString::from).collect(), &command())
    }

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn colons_may_stand_between_the_words_of_a_command() {
        assert_eq!(words(&["relay", "workflow:list", "--json"]), ["relay", "workflow", "list", "--json"]);
        assert_eq!(words(&["relay", "doctor", "wss://a:1/b"]), ["relay", "doctor", "wss://a:1/b"]);
        assert_eq!(words(&["relay", "wss://a:1/b"]), ["relay", "wss://a:1/b"]);
        assert_eq!(words(&["relay"]), ["relay"]);
    }

    #[test]
    fn help_may_stand_before_a_command() {
        assert_eq!(words(&["relay", "help"]), ["relay", "--help"]);
        assert_eq!(words(&["relay", "help", "workflow:list"]), ["relay", "workflow", "list", "--help"]);
        assert_eq!(words(&["relay", "device", "speak", "Alice", "help"])[4], "help");
    }

    #[test]
    fn the_version_has_words() {
        for version in ["version", "-v", "-V", "--version"] {
            let said = parse(["relay", version].map(OsString::from)).unwrap_err();
            assert_eq!(said.error.kind(), clap::error::ErrorKind::DisplayVersion, "{version}");
        }
    }
}
