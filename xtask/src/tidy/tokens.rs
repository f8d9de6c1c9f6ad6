//! Rust source as words, without comments, texts and test modules.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// A token that is more than a bracket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub line: usize,
    pub text: String,
    /// Whether it stands in code that only tests run.
    pub test: bool,
}

/// All words of a source file, in order. An opening bracket of any kind is a word too; `::` is one word.
///
/// # Errors
///
/// When it is not Rust.
pub fn words(source: &str) -> Result<Vec<Word>, proc_macro2::LexError> {
    let mut words = Vec::new();
    collect(source.parse()?, false, &mut words);
    Ok(words)
}

fn collect(stream: TokenStream, in_test: bool, words: &mut Vec<Word>) {
    let mut test = in_test;
    let mut joint = false;
    for token in stream {
        let line = token.span().start().line;
        match token {
            TokenTree::Group(group) => {
                let (open, item_ends) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", false),
                    Delimiter::Brace => ("{", true),
                    Delimiter::Bracket => ("[", false),
                    Delimiter::None => ("", false),
                };
                words.push(Word { line, text: open.to_owned(), test });
                collect(group.stream(), test, words);
                test |= open == "[" && is_test_attribute(&group.stream());
                if item_ends {
                    test = in_test;
                }
                joint = false;
            }
            TokenTree::Punct(punct) => {
                match words.last_mut() {
                    Some(last) if joint && last.text == ":" && punct.as_char() == ':' => last.text.push(':'),
                    _ => words.push(Word { line, text: punct.to_string(), test }),
                }
                joint = punct.spacing() == Spacing::Joint;
                if punct.as_char() == ';' {
                    test = in_test;
                }
            }
            TokenTree::Ident(ident) => {
                words.push(Word { line, text: ident.to_string(), test });
                joint = false;
            }
            TokenTree::Literal(_) => joint = false,
        }
    }
}

/// `cfg(test)`, `test`, `tokio::test` and the like.
fn is_test_attribute(attribute: &TokenStream) -> bool {
    let text: String = attribute.to_string().split_whitespace().collect();
    let name = text.split('(').next().unwrap_or_default();
    text == "cfg(test)" || name == "test" || name.ends_with("::test")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str, test: bool) -> Vec<String> {
        words(source).unwrap().into_iter().filter(|word| word.test == test).map(|word| word.text).collect()
    }

    #[test]
    fn comments_and_texts_are_no_words() {
        assert_eq!(texts("/* a */ let b = \"c\"; // d", false), ["let", "b", "=", ";"]);
    }

    #[test]
    fn a_path_is_words_with_one_separator() {
        assert_eq!(texts("std::fs: x", false), ["std", "::", "fs", ":", "x"]);
    }

    #[test]
    fn tests_end_with_their_item() {
        let source = "#[cfg(test)] mod tests { fn a() {} } fn b() {}";
        assert!(!texts(source, false).contains(&"a".to_owned()));
        assert!(texts(source, false).contains(&"b".to_owned()));
        let source = "#[cfg(test)] use a::b; fn c() {}";
        assert_eq!(texts(source, true), ["use", "a", "::", "b", ";"]);
        let source = "#[tokio::test(start_paused = true)] async fn a() { b() } fn c() {}";
        assert_eq!(texts(source, true), ["async", "fn", "a", "(", "{", "b", "("]);
    }

    #[test]
    fn lines_are_counted_from_one() {
        let lines: Vec<usize> = words("a\n\nb").unwrap().iter().map(|word| word.line).collect();
        assert_eq!(lines, [1, 3]);
    }
}
