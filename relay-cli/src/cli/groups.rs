//! `relay --help`: the commands by what one wants to do. clap can only put them into one list.

use std::fmt::Write;

use clap::Command;
use clap::builder::StyledStr;

use crate::output;

/// As wide as help becomes, as for the help of single commands.
const MOST: usize = 100;

const GROUPS: &[(&str, &[&str])] = &[
    ("Work on a workflow", &["new", "dev", "chat", "trigger", "broadcast", "replay", "exec", "clock"]),
    ("See what happens", &["logs", "transcript", "analytics", "doctor"]),
    (
        "What is on the server",
        &[
            "workflow",
            "devices",
            "device",
            "group",
            "user",
            "venues",
            "positions",
            "geofence",
            "tag",
            "audio",
        ],
    ),
    ("Which server, as whom", &["login", "logout", "whoami", "subscriber", "env", "token", "cert", "api"]),
    ("This program", &["completions", "man"]),
];

/// Lets the help of the program show its commands in groups.
pub(super) fn grouped(command: Command) -> Command {
    let template = template(&command, output::width().map_or(MOST, |width| width.min(MOST)));
    command.help_template(template)
}

fn template(command: &Command, width: usize) -> StyledStr {
    let (header, literal) = (command.get_styles().get_header(), command.get_styles().get_literal());
    let shown = command.get_subcommands().filter(|command| !command.is_hide_set());
    let names: Vec<&str> = shown.map(Command::get_name).collect();
    let longest = names.iter().map(|name| name.len()).max().unwrap_or_default();
    let grouped = |name: &&str| GROUPS.iter().any(|(_, group)| group.contains(name));
    let rest: Vec<&str> = names.into_iter().filter(|name| !grouped(name)).collect();
    let mut text = String::from("{about-with-newline}\n{usage-heading} {usage}\n");
    for (heading, group) in GROUPS.iter().copied().chain([("More", rest.as_slice())]) {
        let mut commands = group.iter().filter_map(|name| command.find_subcommand(name)).peekable();
        if commands.peek().is_some() {
            let _ = write!(text, "\n{header}{heading}:{header:#}\n");
        }
        for command in commands {
            let (name, about) = (command.get_name(), command.get_about().map(StyledStr::to_string));
            let about = output::wrap(&about.unwrap_or_default(), Some(width), longest + 4);
            let _ = writeln!(text, "  {literal}{name:longest$}{literal:#}  {about}");
        }
    }
    let _ = write!(text, "\n{header}Options:{header:#}\n{{options}}{{after-help}}");
    text.into()
}
