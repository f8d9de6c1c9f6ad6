//! Reads `tests/data/sessions/*.session`: whole sessions, line by line.
//!
//! | line begins with | and holds |
//! | --- | --- |
//! | `>` | a frame from the engine side to the workflow side |
//! | `<` | a frame from the workflow side to the engine side |
//! | `~` | the frame before in our own words, where they differ |
//! | `=` | what the workflow side then reports of a request: `a1 done`, `a1 refused`, `a1 closed` |
//! | `!` | `connection lost` |
//! | `#` | a comment |

use std::path::Path;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Line {
    FromEngine(String),
    FromWorkflow(String),
    Ours(String),
    Ends { id: String, how: String },
    ConnectionLost,
}

/// One file.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) name: String,
    /// With the number of each line, to say where something went wrong.
    pub(crate) lines: Vec<(usize, Line)>,
}

impl Script {
    /// All of them, in order.
    pub(crate) fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/sessions");
        let files = std::fs::read_dir(&folder).expect("the folder is there");
        let mut paths: Vec<_> = files.map(|file| file.expect("readable").path()).collect();
        paths.sort();
        paths.iter().map(|path| Self::read(path)).collect()
    }

    fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("readable");
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let lines = (1..).zip(text.lines()).filter_map(|(number, line)| {
            let line = Line::read(line).unwrap_or_else(|| panic!("{name}:{number}: cannot read {line}"))?;
            Some((number, line))
        });
        Self { lines: lines.collect(), name: name.clone() }
    }
}

impl Line {
    /// `Some(None)` for a line that says nothing.
    fn read(line: &str) -> Option<Option<Self>> {
        if line.is_empty() || line.starts_with('#') {
            return Some(None);
        }
        let (mark, rest) = line.split_once(' ')?;
        Some(Some(match mark {
            ">" => Self::FromEngine(rest.to_owned()),
            "<" => Self::FromWorkflow(rest.to_owned()),
            "~" => Self::Ours(rest.to_owned()),
            "=" => {
                let (id, how) = rest.split_once(' ')?;
                Self::Ends { id: id.to_owned(), how: how.to_owned() }
            }
            "!" if rest == "connection lost" => Self::ConnectionLost,
            _ => return None,
        }))
    }
}
