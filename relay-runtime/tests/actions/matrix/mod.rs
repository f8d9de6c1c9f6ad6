//! What the official SDKs offer, and what it is called here.
//!
//! The table is data for `docs/coming-from-other-sdks.md`, and a proof: an item that it names and that does not exist
//! does not compile.

mod devices;
mod events;
mod interactions;
mod server;
mod session;

use std::fmt::Write;
use std::path::Path;

/// One thing that can be done.
pub(crate) struct Row {
    pub(crate) what: &'static str,
    /// In the SDKs for JavaScript, Python, Go, Java and C#. Empty where it is missing; a star where it is there, but does
    /// not do what it says.
    pub(crate) theirs: [&'static str; 5],
    /// Each with its options.
    pub(crate) ours: &'static [(&'static str, &'static [&'static str])],
    /// What the stars mean.
    pub(crate) note: &'static str,
}

/// Several of them.
pub(crate) struct Section {
    pub(crate) title: &'static str,
    pub(crate) rows: Vec<Row>,
}

/// A row. Ours are calls, without what they are called on.
macro_rules! row {
    (
        $what:literal, [$($theirs:literal),*],
        [$($ty:ident $(:: <$param:ty>)? :: $method:ident $(:: <$of:ty>)? ($($arg:expr),*) $(. $option:ident ($($value:expr),*))*),* $(,)?]
        $(, $note:literal)?
    ) => {{
        $({
            #[allow(dead_code, unused_mut)]
            fn exists(mut it: $ty$(<$param>)?) {
                $crate::matrix::used(it.$method$(::<$of>)?($($arg),*)$(.$option($($value),*))*);
            }
        })*
        $crate::matrix::Row {
            what: $what,
            theirs: [$($theirs),*],
            ours: &[$((
                concat!(stringify!($ty), "::", stringify!($method)),
                &[$(stringify!($option)),*],
            )),*],
            note: concat!($($note)?),
        }
    }};
}
pub(crate) use row;

/// A row whose items belong to a type, not to a value of it.
macro_rules! named {
    (
        $what:literal, [$($theirs:literal),*],
        [$($ty:ident $(:: <$param:ty>)? :: $function:ident ($($arg:expr),*)),* $(,)?] $(, $note:literal)?
    ) => {{
        $(
            #[allow(dead_code)]
            fn $function() {
                $crate::matrix::used($ty$(::<$param>)?::$function($($arg),*));
            }
        )*
        $crate::matrix::Row {
            what: $what,
            theirs: [$($theirs),*],
            ours: &[$((concat!(stringify!($ty), "::", stringify!($function)), &[])),*],
            note: concat!($($note)?),
        }
    }};
}
pub(crate) use named;

/// Takes what a call gives, without awaiting it.
pub(crate) fn used<T>(_: T) {}

fn sections() -> Vec<Section> {
    let all = [
        server::serving(),
        events::sections(),
        interactions::sections(),
        devices::sections(),
        session::sections(),
        server::without_session(),
    ];
    all.into_iter().flatten().collect()
}

/// The tables as Markdown, with the notes under each.
fn markdown() -> String {
    let mut text = String::new();
    for Section { title, rows } in sections() {
        writeln!(text, "### {title}\n").unwrap();
        writeln!(text, "| | Rust | JavaScript | Python | Go | Java | C# |").unwrap();
        writeln!(text, "| --- | --- | --- | --- | --- | --- | --- |").unwrap();
        for row in &rows {
            let theirs = row.theirs.map(their_cell).join(" | ");
            writeln!(text, "| {} | {} | {theirs} |", row.what, our_cell(row.ours)).unwrap();
        }
        writeln!(text).unwrap();
        let notes: Vec<_> = rows.iter().filter(|row| !row.note.is_empty()).collect();
        for row in &notes {
            writeln!(text, "- *{}*: {}", row.what, row.note).unwrap();
        }
        if !notes.is_empty() {
            writeln!(text).unwrap();
        }
    }
    text
}

/// Each method once, with all the options named beside it.
fn our_cell(ours: &[(&str, &[&str])]) -> String {
    let mut methods: Vec<(&str, Vec<String>)> = Vec::new();
    for (method, options) in ours {
        let options = options.iter().map(|option| format!("`{option}`"));
        match methods.last_mut().filter(|(last, _)| last == method) {
            Some((_, known)) => known.extend(options),
            None => methods.push((method, options.collect())),
        }
    }
    let cells = methods.iter().map(|(method, options)| match options[..] {
        [] => format!("`{method}`"),
        _ => format!("`{method}` ({})", options.join(", ")),
    });
    let cells: Vec<_> = cells.collect();
    if cells.is_empty() { "–".to_owned() } else { cells.join(", ") }
}

fn their_cell(names: &str) -> String {
    if names.is_empty() {
        return "–".to_owned();
    }
    let quoted = names.split(' ').map(|name| match name.strip_suffix('*') {
        Some(name) => format!("`{name}`\\*"),
        None => format!("`{name}`"),
    });
    quoted.collect::<Vec<_>>().join(" ")
}

const BEGIN: &str =
    "<!-- The tables are written by `UPDATE_DOCS=1 cargo test -p relay-runtime --test actions`. -->\n\n";
const END: &str = "<!-- End of the tables. -->\n";

#[test]
fn the_page_for_people_from_other_sdks_has_these_tables() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/coming-from-other-sdks.md");
    let text = std::fs::read_to_string(&page).unwrap();
    let (head, rest) = text.split_once(BEGIN).expect("where the tables begin");
    let (tables, tail) = rest.split_once(END).expect("where the tables end");
    let expected = markdown();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&page, format!("{head}{BEGIN}{expected}{END}{tail}")).unwrap();
    } else {
        assert!(tables == expected, "run this test with UPDATE_DOCS=1, and commit {}", page.display());
    }
}

#[test]
fn everything_that_an_official_sdk_offers_is_here_or_says_why_not() {
    for Section { rows, .. } in sections() {
        for row in rows {
            let starred = row.theirs.iter().any(|name| name.contains('*'));
            assert!(
                !row.ours.is_empty() || !row.note.is_empty(),
                "{}: neither offered nor explained",
                row.what
            );
            assert!(!starred || !row.note.is_empty(), "{}: a star without a note", row.what);
        }
    }
}
