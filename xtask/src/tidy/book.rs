//! The table of contents of the guide names every page, and no page is left out.

use super::Finding;
use super::files::Tree;
use super::links::links;

const FOLDER: &str = "docs/";
const CONTENTS: &str = "docs/SUMMARY.md";

pub fn check(tree: &Tree, findings: &mut Vec<Finding>) {
    let contents = tree.file(CONTENTS).map_or("", |file| file.text.as_str());
    let listed: Vec<&str> = links(contents).map(|(_, link)| link).collect();
    let pages = tree.files.iter().filter(|file| file.is_markdown() && file.path != CONTENTS);
    for page in pages.filter_map(|file| file.path.strip_prefix(FOLDER)) {
        if !listed.contains(&page) {
            findings.push(Finding::new(
                CONTENTS,
                0,
                format!("`{page}` is a page that nobody finds: list it"),
            ));
        }
    }
}
