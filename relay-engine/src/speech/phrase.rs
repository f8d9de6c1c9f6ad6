//! How what was said is compared with what was expected.

use alloc::string::String;

/// The words alone, in lower case, one space between them: recognisers give neither case nor punctuation.
pub(crate) fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for word in text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()) {
        if !words.is_empty() {
            words.push(' ');
        }
        words.extend(word.chars().flat_map(char::to_lowercase));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_punctuation_do_not_count() {
        assert_eq!(words("  Yes, I'm READY! "), "yes i'm ready");
        assert_eq!(words("Österreich"), "österreich");
        assert_eq!(words("?!"), "");
    }
}
