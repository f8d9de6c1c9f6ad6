//! The reference pages of the guide, below `docs/reference/`.

pub mod enums;
pub mod events;
mod markdown;
pub mod requests;
pub mod triggers;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::schema::Schema;

    fn pages() -> BTreeMap<&'static str, String> {
        let schema = Schema::of_workspace().unwrap();
        BTreeMap::from([
            ("enums.md", enums::generate(&schema)),
            ("events.md", events::generate(&schema)),
            ("requests.md", requests::generate(&schema)),
            ("triggers.md", triggers::generate(&schema)),
        ])
    }

    /// The anchors that mdBook and forges give to the headings of a page.
    fn anchors(page: &str) -> Vec<String> {
        let headings = page.lines().filter_map(|line| line.strip_prefix("# ").or(line.strip_prefix("## ")));
        headings.map(|text| text.replace('`', "").replace(' ', "-").to_lowercase()).collect()
    }

    #[test]
    fn every_link_arrives() {
        let pages = pages();
        for (name, page) in &pages {
            let links: Vec<_> = page.split("](").skip(1).filter_map(|rest| rest.split_once(')')).collect();
            assert!(!links.is_empty(), "{name} links to nothing");
            for (link, _) in links {
                let (file, anchor) = link.split_once('#').unwrap();
                let target = pages.get(if file.is_empty() { *name } else { file });
                assert!(
                    target.is_some_and(|page| anchors(page).iter().any(|a| a == anchor)),
                    "{name}: {link}"
                );
            }
        }
    }

    #[test]
    fn no_anchor_stands_twice() {
        for (name, page) in pages() {
            let mut all = anchors(&page);
            all.sort();
            let count = all.len();
            all.dedup();
            assert_eq!(all.len(), count, "{name}");
        }
    }

    #[test]
    fn every_row_has_the_columns_of_its_table() {
        for (name, page) in pages() {
            let columns = |line: &str| line.replace(r"\|", "").matches('|').count();
            for pair in page.lines().collect::<Vec<_>>().windows(2) {
                if let [head, row] = pair
                    && head.starts_with('|')
                    && row.starts_with('|')
                {
                    assert_eq!(columns(head), columns(row), "{name}: {row}");
                }
            }
        }
    }
}
