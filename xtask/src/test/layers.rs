//! Who may depend on whom, and on what: the arrows in ARCHITECTURE.md, checked.

use anyhow::{Result, bail};

use super::steps::{Verdict, ours};
use crate::sh::Shell;
use crate::workspace::Workspace;

/// What must not stand anywhere below a crate.
const ABSENT: &[(&str, &[&str])] = &[
    ("relay-protocol", &["tokio", "tungstenite", "tokio-tungstenite", "rustls", "tokio-rustls", "relay-"]),
    ("relay-macros", &["tokio", "tungstenite", "tokio-tungstenite", "rustls", "tokio-rustls", "relay-"]),
];

/// A crate that must build without std, and so may not switch on the `std` of anything that it links. Procedural
/// macros and what they are made of run in the compiler and do not count.
const NO_STD: &str = "relay-protocol";

pub fn check(shell: &Shell, _: &Workspace) -> Result<Verdict> {
    let mut wrong = Vec::new();
    for (package, absent) in ABSENT {
        let tree = shell.read(shell.cargo(&[
            "tree",
            "--package",
            package,
            "--edges",
            "normal,build",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ]))?;
        wrong.extend(forbidden(package, absent, &tree));
    }
    let tree = shell.read(shell.cargo(&[
        "tree",
        "--package",
        NO_STD,
        "--edges",
        "normal,features,no-proc-macro",
        "--prefix",
        "none",
    ]))?;
    wrong.extend(std_features(&tree).map(|line| format!("{NO_STD} switches on {line}")));
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    ours(Ok(()))
}

/// The lines `name v1.2.3` of a tree that name what must be absent. A name that ends in a dash stands for all that
/// begin so.
fn forbidden(package: &str, absent: &[&str], tree: &str) -> Vec<String> {
    let matches = |name: &str| {
        absent.iter().any(|no| if no.ends_with('-') { name.starts_with(no) } else { name == *no })
    };
    let names = tree.lines().filter_map(|line| line.split_whitespace().next());
    let names = names.filter(|name| *name != package && matches(name));
    names.map(|name| format!("{package} must not depend on {name}")).collect()
}

/// The lines `bytes feature "std"` of a tree.
fn std_features(tree: &str) -> impl Iterator<Item = &str> {
    tree.lines().map(|line| line.trim_end_matches(" (*)")).filter(|line| line.ends_with("feature \"std\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forbidden_dependency_is_named() {
        let tree =
            "relay-macros v0.1.0 (proc-macro)\nsyn v3.0.10\nrelay-protocol v0.1.0\ntokio-util v0.7.20\n";
        assert_eq!(
            forbidden("relay-macros", &["tokio", "relay-"], tree),
            ["relay-macros must not depend on relay-protocol"]
        );
    }

    #[test]
    fn std_is_seen_wherever_it_is_switched_on() {
        let tree = "bytes v1.12.2\nserde_json feature \"alloc\"\nbytes feature \"std\" (*)\nserde feature \"stdx\"\n";
        assert_eq!(std_features(tree).collect::<Vec<_>>(), ["bytes feature \"std\""]);
    }
}
