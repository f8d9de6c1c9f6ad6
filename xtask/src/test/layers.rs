//! Who may depend on whom, and on what: the arrows in ARCHITECTURE.md, checked.

use std::collections::BTreeSet;

use anyhow::{Result, bail};

use super::steps::{Verdict, ours};
use crate::sh::Shell;
use crate::workspace::Workspace;

/// The crates that do no I/O, with those of ours that each may build on.
const PURE: &[(&str, &[&str])] =
    &[("relay-protocol", &[]), ("relay-engine", &["relay-protocol"]), ("relay-macros", &[])];

/// What does I/O. A name that ends in a dash stands for all that begin so.
const IO: &[&str] = &["tokio", "tokio-", "tungstenite", "rustls", "mio", "socket2"];

/// The crates that must build without std, and so may not switch on the `std` of anything that they link. Procedural
/// macros and what they are made of run in the compiler and do not count.
pub const NO_STD: &[&str] = &["relay-protocol", "relay-engine"];

pub fn check(shell: &Shell, _: &Workspace) -> Result<Verdict> {
    let mut wrong = Vec::new();
    for (package, allowed) in PURE {
        let tree = tree(shell, package, "normal,build")?;
        wrong.extend(forbidden(package, allowed, &tree));
    }
    for package in NO_STD {
        let tree = tree(shell, package, "normal,features,no-proc-macro")?;
        wrong.extend(std_features(&tree).map(|line| format!("{package} switches on {line}")));
    }
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    ours(Ok(()))
}

/// All that a package is made of, one a line: `bytes v1.12.2`.
fn tree(shell: &Shell, package: &str, edges: &str) -> Result<String> {
    shell.read(shell.cargo(&["tree", "--package", package, "--edges", edges, "--prefix", "none"]))
}

/// What stands in a tree and must not: I/O, and crates of ours that are not among the `allowed`.
fn forbidden(package: &str, allowed: &[&str], tree: &str) -> Vec<String> {
    let is = |name: &str, what: &str| if what.ends_with('-') { name.starts_with(what) } else { name == what };
    let is_forbidden = |name: &str| {
        IO.iter().any(|io| is(name, io)) || is(name, "relay-") && name != package && !allowed.contains(&name)
    };
    let names = tree.lines().filter_map(|line| line.split_whitespace().next());
    let names: BTreeSet<&str> = names.filter(|name| is_forbidden(name)).collect();
    names.iter().map(|name| format!("{package} must not depend on {name}")).collect()
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
        let tree = "relay-engine v0.1.0\nrelay-protocol v0.1.0\ntokio-util v0.7.20\ntokio-util v0.7.20 (*)\n";
        let tokio = "relay-engine must not depend on tokio-util";
        assert_eq!(forbidden("relay-engine", &["relay-protocol"], tree), [tokio]);
        assert_eq!(
            forbidden("relay-engine", &[], tree),
            ["relay-engine must not depend on relay-protocol", tokio]
        );
    }

    #[test]
    fn std_is_seen_wherever_it_is_switched_on() {
        let tree = "bytes v1.12.2\nserde_json feature \"alloc\"\nbytes feature \"std\" (*)\nserde feature \"stdx\"\n";
        assert_eq!(std_features(tree).collect::<Vec<_>>(), ["bytes feature \"std\""]);
    }
}
