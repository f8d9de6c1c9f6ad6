//! What workflows become, as committed in `tests/expand`. `UPDATE_EXPAND=1 cargo test -p relay-macros` rewrites it.

use std::fs;
use std::path::{Path, PathBuf};

use super::expand;

/// Lines of a route with two parameters and one setting. Each more parameter may add one, each more setting two.
const BUDGET: usize = 10;

/// The committed inputs: `name.in.rs` becomes `name.rs`.
fn inputs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expand");
    let files = fs::read_dir(folder).expect("the folder is there").map(|file| file.expect("a file").path());
    files.filter(|path| path.to_string_lossy().ends_with(".in.rs")).collect()
}

/// The expansion, formatted.
fn expanded(input: &Path) -> String {
    let source = fs::read_to_string(input).expect("the input can be read");
    let (tokens, errors) = expand(&source);
    assert_eq!(errors, Vec::<String>::new(), "{}", input.display());
    prettyplease::unparse(&syn::parse2(tokens).expect("the expansion is Rust"))
}

#[test]
fn the_expansion_is_as_committed() {
    for input in inputs() {
        let output = PathBuf::from(input.to_string_lossy().replace(".in.rs", ".rs"));
        let text = expanded(&input);
        if std::env::var_os("UPDATE_EXPAND").is_some() {
            fs::write(&output, text).expect("the output can be written");
            continue;
        }
        let committed = fs::read_to_string(&output).unwrap_or_default().replace("\r\n", "\n");
        assert_eq!(committed, text, "{} is stale: run with UPDATE_EXPAND=1", output.display());
    }
}

#[test]
fn a_handler_becomes_few_lines() {
    for input in inputs() {
        let text = expanded(&input);
        let mut lines = text.lines();
        while let Some(first) = lines.find(|line| line.trim_start().starts_with("let __routes = __routes")) {
            let indent = first.len() - first.trim_start().len();
            let rest = lines.clone().take_while(|line| line.len() - line.trim_start().len() > indent);
            let route: Vec<_> = std::iter::once(first).chain(rest).collect();
            let begin_with =
                |text: &str| route.iter().filter(|line| line.trim_start().starts_with(text)).count();
            let (params, calls) = (begin_with("let __"), begin_with("."));
            // `.route(..)` and `.run(..)` are no settings.
            let more = params.saturating_sub(2) + 2 * calls.saturating_sub(3);
            assert!(route.len() <= BUDGET + more, "{}:\n{}", input.display(), route.join("\n"));
        }
    }
}

#[test]
fn another_path_of_the_runtime_leaves_no_trace_of_the_usual_one() {
    let (tokens, errors) =
        expand("#[workflow(phrase = \"hello\", crate = my::sdk)] async fn hello(cx: Context) {}");
    assert!(errors.is_empty());
    let text = tokens.to_string();
    assert!(text.contains("my :: sdk") && !text.contains("relay_runtime"), "{text}");
}
