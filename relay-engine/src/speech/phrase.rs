//! How what was said is compared with what was expected.
//!
//! The official command line sends phrases without accents, apostrophes and punctuation, in lower case, and split where
//! case or kind changes: `Room101!` becomes `room 101`. Whatever is compared with them must be treated alike.

use alloc::string::String;
use alloc::vec::Vec;

/// The words of a text as they are compared, each with where it begins in the text.
pub(crate) fn words(text: &str) -> Vec<(usize, String)> {
    let mut words: Vec<(usize, String)> = Vec::new();
    let mut before = Kind::Gap;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let kind = Kind::of(c);
        if kind == Kind::Nothing {
            continue;
        }
        let begins = match (before, kind) {
            (_, Kind::Gap) | (Kind::Upper, Kind::Lower) => false,
            // The second P of HTTPPath.
            (Kind::Upper, Kind::Upper) => {
                chars.peek().is_some_and(|(_, next)| Kind::of(*next) == Kind::Lower)
            }
            (Kind::Digit, Kind::Lower) => !ends_ordinal(&words, &text[at..]),
            (before, kind) => before != kind,
        };
        if begins {
            words.push((at, String::new()));
        }
        if let (true, Some((_, word))) = (kind != Kind::Gap, words.last_mut()) {
            c.to_lowercase().for_each(|c| without_accent(c, word));
        }
        before = kind;
    }
    words
}

/// A phrase as it is registered and compared: its words in lower case, one space between them.
///
/// Accents, apostrophes and punctuation are gone, and what was joined by case or kind is split: `Room101!` is
/// `room 101`, as the official command line sends it.
pub fn normalised(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for (at, (_, word)) in words(text).iter().enumerate() {
        joined.push_str(if at == 0 { "" } else { " " });
        joined.push_str(word);
    }
    joined
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Lower,
    Upper,
    Digit,
    /// Apostrophes: `I'm` is `im`.
    Nothing,
    Gap,
}

impl Kind {
    fn of(c: char) -> Self {
        match c {
            '\'' | '’' => Self::Nothing,
            c if c.is_uppercase() => Self::Upper,
            c if c.is_alphabetic() => Self::Lower,
            c if c.is_numeric() => Self::Digit,
            '\u{300}'..='\u{36f}' => Self::Nothing, // accents on their own
            _ => Self::Gap,
        }
    }
}

/// `3rd` stays one word.
fn ends_ordinal(words: &[(usize, String)], rest: &str) -> bool {
    let Some((_, number)) = words.last() else { return false };
    let ending = match number.bytes().last() {
        Some(b'1') => "st",
        Some(b'2') => "nd",
        Some(b'3') => "rd",
        _ => "th",
    };
    rest.strip_prefix(ending).is_some_and(|rest| !rest.starts_with(|c| Kind::of(c) == Kind::Lower))
}

/// The Latin letters of Europe without what stands above or below them.
fn without_accent(c: char, word: &mut String) {
    word.push(match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => 'c',
        'ð' | 'ď' | 'đ' => 'd',
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => 'e',
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => 'g',
        'ĥ' | 'ħ' => 'h',
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => 'i',
        'ĵ' => 'j',
        'ķ' | 'ĸ' => 'k',
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => 'l',
        'ñ' | 'ń' | 'ņ' | 'ň' | 'ŋ' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => 'o',
        'ŕ' | 'ŗ' | 'ř' => 'r',
        'ś' | 'ŝ' | 'ş' | 'š' | 'ſ' => 's',
        'ţ' | 'ť' | 'ŧ' => 't',
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => 'u',
        'ŵ' => 'w',
        'ý' | 'ÿ' | 'ŷ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'æ' => return word.push_str("ae"),
        'œ' => return word.push_str("oe"),
        'ĳ' => return word.push_str("ij"),
        'ß' => return word.push_str("ss"),
        'þ' => return word.push_str("th"),
        '\u{300}'..='\u{36f}' => return, // İ in lower case has one
        c => c,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the official command line was seen to send.
    #[test]
    fn phrases_are_written_as_the_official_command_line_writes_them() {
        for (written, sent) in [
            ("Hello World", "hello world"),
            ("I'm 911", "im 911"),
            ("Team5Go", "team 5 go"),
            ("3rd floor", "3rd floor"),
            ("WiFi status", "wi fi status"),
            ("call-the-manager", "call the manager"),
            ("número dos", "numero dos"),
            ("Room101!", "room 101"),
            ("", ""),
        ] {
            assert_eq!(normalised(written), sent);
        }
    }

    #[test]
    fn what_a_recogniser_hears_is_treated_alike() {
        assert_eq!(normalised("  Yes, I'm READY! "), "yes im ready");
        assert_eq!(normalised("HTTPPath 21st 3rdly 11th"), "http path 21st 3 rdly 11 th");
        assert_eq!(normalised("Straße nach Łódź"), "strasse nach lodz");
        assert_eq!(normalised("日本 ?!"), "日本");
    }

    #[test]
    fn words_know_where_they_begin() {
        let text = "Query  status: Álice's";
        let words = words(text);
        assert_eq!(&text[words[2].0..], "Álice's");
    }
}
