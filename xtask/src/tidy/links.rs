//! Links between Markdown files lead somewhere.

use std::collections::BTreeMap;

use super::Finding;
use super::files::{File, Tree};

pub fn check(tree: &Tree, findings: &mut Vec<Finding>) {
    for file in tree.files.iter().filter(|file| file.is_markdown()) {
        for (line, link) in links(&file.text) {
            if let Some(what) = wrong(tree, file, link) {
                findings.push(Finding::new(&file.path, line, format!("`{link}`: {what}")));
            }
        }
    }
}

fn wrong(tree: &Tree, file: &File, link: &str) -> Option<&'static str> {
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    if path.contains(':') {
        return None; // with a scheme; the network is not asked
    }
    let target = if path.is_empty() { Some(file.path.clone()) } else { resolve(&file.path, path) };
    let Some(target) = target.filter(|target| tree.has(target)) else { return Some("there is no such file") };
    if anchor.is_empty() {
        return None;
    }
    let known = tree.file(&target).is_some_and(|file| anchors(&file.text).any(|known| known == anchor));
    (!known).then_some("there is no such heading")
}

/// The path that `link` in the file `from` means.
fn resolve(from: &str, link: &str) -> Option<String> {
    let mut folders: Vec<&str> = from.split('/').collect();
    folders.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                folders.pop()?;
            }
            name => folders.push(name),
        }
    }
    Some(folders.join("/"))
}

/// The lines of a Markdown text outside its code blocks, counted from 1.
pub fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut in_code = false;
    (1..).zip(text.lines()).filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !in_code && !fence
    })
}

/// The targets of `[text](target)`, with their lines.
pub fn links(text: &str) -> impl Iterator<Item = (usize, &str)> {
    prose(text).flat_map(|(number, line)| {
        let targets = line.match_indices("](").filter(|(at, _)| line[..*at].matches('`').count() % 2 == 0);
        let targets = targets.filter_map(|(at, open)| line[at + open.len()..].split([')', ' ']).next());
        targets.map(move |target| (number, target)).collect::<Vec<_>>()
    })
}

/// The anchors of all headings, as mdBook and GitHub name them.
fn anchors(text: &str) -> impl Iterator<Item = String> {
    let mut seen = BTreeMap::<String, usize>::new();
    prose(text).filter(|(_, line)| line.starts_with('#')).map(move |(_, line)| {
        let title = line.trim_start_matches('#').trim().to_lowercase();
        let kept = title.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        let anchor: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
        let count = seen.entry(anchor.clone()).or_default();
        *count += 1;
        if *count == 1 { anchor } else { format!("{anchor}-{}", *count - 1) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> Tree {
        let files = files.iter().map(|(path, text)| File { path: (*path).into(), text: (*text).into() });
        Tree { files: files.collect(), others: vec!["LICENSE".to_owned()] }
    }

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let mut findings = Vec::new();
        check(&tree(files), &mut findings);
        findings.iter().map(Finding::to_string).collect()
    }

    #[test]
    fn a_link_leads_to_a_file_or_a_folder() {
        let text = "[a](../LICENSE) [b](how-to/tls.md) [c](how-to) [d](https://example.com/x) [e](gone.md)";
        assert_eq!(
            found(&[("docs/README.md", text), ("docs/how-to/tls.md", "# TLS\n")]),
            ["docs/README.md:1: `gone.md`: there is no such file"]
        );
    }

    #[test]
    fn an_anchor_is_a_heading() {
        let tls = "# Over TLS\n## `PORT`, or not?\n## Same\n## Same\n";
        let text =
            "[a](#here) [b](b.md#over-tls) [c](b.md#port-or-not) [d](b.md#same-1) [e](b.md#same-2)\n# Here\n";
        assert_eq!(
            found(&[("a.md", text), ("b.md", tls)]),
            ["a.md:1: `b.md#same-2`: there is no such heading"]
        );
    }

    #[test]
    fn code_holds_no_links() {
        assert_eq!(found(&[("a.md", "`[x](y)`\n```\n[x](y)\n```\n")]), [""; 0]);
    }
}
