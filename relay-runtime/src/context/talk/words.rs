//! What people say.

use relay_protocol::types::Language;

/// Yes and no, in that order. English for a language that the protocol does not list.
pub(super) fn yes_and_no(lang: &Language) -> [&'static str; 2] {
    match lang {
        Language::German => ["ja", "nein"],
        Language::Spanish => ["sí", "no"],
        Language::French => ["oui", "non"],
        Language::Italian => ["sì", "no"],
        Language::Russian => ["да", "нет"],
        Language::Swedish | Language::Danish => ["ja", "nej"],
        Language::Turkish => ["evet", "hayır"],
        Language::Hindi => ["हाँ", "नहीं"],
        Language::Icelandic => ["já", "nei"],
        Language::Japanese => ["はい", "いいえ"],
        Language::Korean => ["네", "아니요"],
        Language::Polish => ["tak", "nie"],
        Language::Portuguese => ["sim", "não"],
        Language::Norwegian => ["ja", "nei"],
        Language::Dutch => ["ja", "nee"],
        Language::Chinese => ["是", "不是"],
        Language::Arabic => ["نعم", "لا"],
        Language::Vietnamese => ["có", "không"],
        Language::Indonesian => ["ya", "tidak"],
        Language::Filipino => ["oo", "hindi"],
        Language::Czech => ["ano", "ne"],
        Language::Gujarati => ["હા", "ના"],
        Language::Hungarian => ["igen", "nem"],
        Language::Tamil => ["ஆம்", "இல்லை"],
        Language::Ukrainian => ["так", "ні"],
        Language::Slovak => ["áno", "nie"],
        Language::Romanian => ["da", "nu"],
        Language::Punjabi => ["ਹਾਂ", "ਨਹੀਂ"],
        Language::Malay => ["ya", "tidak"],
        Language::Bengali => ["হ্যাঁ", "না"],
        Language::Greek => ["ναι", "όχι"],
        Language::Kannada => ["ಹೌದು", "ಇಲ್ಲ"],
        Language::Finnish => ["kyllä", "ei"],
        _ => ["yes", "no"],
    }
}

/// The phrase that was meant: the same words, in any case and with any punctuation; else the only phrase whose words
/// occur among them, for who says `yes please`.
pub(super) fn which(heard: &str, phrases: &[String]) -> Option<usize> {
    let heard = words(heard);
    if heard.is_empty() {
        return None;
    }
    let phrases: Vec<_> = phrases.iter().map(|phrase| words(phrase)).collect();
    if let Some(same) = phrases.iter().position(|phrase| *phrase == heard) {
        return Some(same);
    }
    let among =
        |phrase: &Vec<String>| !phrase.is_empty() && heard.windows(phrase.len()).any(|part| part == phrase);
    let mut found = phrases.iter().enumerate().filter(|(_, phrase)| among(phrase));
    let (at, _) = found.next()?;
    found.next().is_none().then_some(at)
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases<const N: usize>(phrases: [&str; N]) -> Vec<String> {
        phrases.map(str::to_owned).into()
    }

    #[test]
    fn the_same_words_are_meant_whatever_their_case_and_punctuation() {
        assert_eq!(which("Not yet!", &phrases(["yes", "not yet"])), Some(1));
    }

    #[test]
    fn a_phrase_among_other_words_is_meant_if_it_is_the_only_one() {
        let drinks = phrases(["coffee", "tea", "green tea"]);
        assert_eq!(which("a coffee please", &drinks), Some(0));
        assert_eq!(which("green tea", &drinks), Some(2));
        assert_eq!(which("some green tea", &drinks), None);
        assert_eq!(which("team", &drinks), None);
    }

    #[test]
    fn silence_and_other_words_mean_nothing() {
        for heard in ["", "...", "maybe"] {
            assert_eq!(which(heard, &phrases(["yes", "no", ""])), None, "{heard}");
        }
    }

    #[test]
    fn yes_and_no_are_told_apart_in_every_language() {
        for lang in Language::ALL {
            let [yes, no] = yes_and_no(lang);
            let words = phrases([yes, no]);
            assert_eq!((which(yes, &words), which(no, &words)), (Some(0), Some(1)), "{lang}");
        }
    }
}
