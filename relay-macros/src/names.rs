//! The shape of the tables in `generated.rs`, and how a word finds its entry.

/// An event that a handler can be for.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) name: &'static str,
    pub(crate) aliases: &'static [&'static str],
    /// Its struct.
    pub(crate) ty: &'static str,
    pub(crate) keys: &'static [Key],
    pub(crate) narrow: &'static [Narrow],
}

/// A name for an event with one filter set.
#[derive(Debug)]
pub(crate) struct Narrow {
    pub(crate) name: &'static str,
    pub(crate) key: &'static str,
    pub(crate) word: &'static str,
}

/// A kind of trigger. Its name is also its constructor's.
#[derive(Debug)]
pub(crate) struct Trigger {
    pub(crate) name: &'static str,
    pub(crate) aliases: &'static [&'static str],
    pub(crate) keys: &'static [Key],
    /// What may stand in the attribute.
    pub(crate) example: &'static str,
}

/// What stands before `=`.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    /// The builder's method.
    pub(crate) method: &'static str,
    pub(crate) takes: Takes,
    /// Several values may be given in brackets.
    pub(crate) list: bool,
    /// Must be given. Its value is an argument of the constructor.
    pub(crate) required: bool,
}

/// What stands behind `=`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Takes {
    Text,
    Number,
    /// One of these words, each a variant of the enum `ty`.
    Words {
        ty: &'static str,
        words: &'static [(&'static str, &'static str)],
    },
}

impl Key {
    pub(crate) const fn text(name: &'static str) -> Self {
        Self { name, method: name, takes: Takes::Text, list: false, required: false }
    }

    pub(crate) const fn number(name: &'static str) -> Self {
        Self { takes: Takes::Number, ..Self::text(name) }
    }

    pub(crate) const fn words(
        name: &'static str,
        ty: &'static str,
        words: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { takes: Takes::Words { ty, words }, ..Self::text(name) }
    }

    pub(crate) const fn method(self, method: &'static str) -> Self {
        Self { method, ..self }
    }

    pub(crate) const fn list(self) -> Self {
        Self { list: true, ..self }
    }

    pub(crate) const fn required(self) -> Self {
        Self { required: true, ..self }
    }
}

/// `a`, `b` and `c`, each in backquotes.
pub(crate) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<_> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => "none".to_owned(),
    }
}

/// The problem, which of the words was probably meant instead of `typed`, and what there is.
pub(crate) fn unknown(problem: &str, typed: &str, words: &[&str]) -> String {
    let known = listed(words.iter().copied());
    match words.iter().map(|word| (distance(typed, word), word)).min() {
        // So near that a slip of the finger explains it.
        Some((distance, word)) if distance <= 1 + word.len() / 4 => {
            format!("{problem}, did you mean `{word}`? known: {known}")
        }
        _ => format!("{problem}; known: {known}"),
    }
}

/// How many letters must be added, dropped or replaced to make one word of the other.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.chars().enumerate() {
            let replaced = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        let taps = ["single", "double", "long"];
        let known = "known: `single`, `double` and `long`";
        assert_eq!(unknown("what", "duble", &taps), format!("what, did you mean `double`? {known}"));
        assert_eq!(unknown("what", "quadruple", &taps), format!("what; {known}"));
    }

    #[test]
    fn words_are_listed_as_in_prose() {
        assert_eq!(listed(["a"]), "`a`");
        assert_eq!(listed(["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
