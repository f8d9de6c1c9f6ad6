//! Conditions: a key, and the words of which one must stand there.

use std::collections::BTreeMap;

/// One value, or several of which any will do.
#[derive(Debug, Clone)]
pub struct OneOf<T>(pub(crate) Vec<T>);

impl<T> From<T> for OneOf<T> {
    fn from(one: T) -> Self {
        Self(vec![one])
    }
}

impl<T, const N: usize> From<[T; N]> for OneOf<T> {
    fn from(several: [T; N]) -> Self {
        Self(several.into())
    }
}

impl<T> From<Vec<T>> for OneOf<T> {
    fn from(several: Vec<T>) -> Self {
        Self(several)
    }
}

impl From<&str> for OneOf<String> {
    fn from(one: &str) -> Self {
        Self(vec![one.to_owned()])
    }
}

impl<const N: usize> From<[&str; N]> for OneOf<String> {
    fn from(several: [&str; N]) -> Self {
        Self(several.map(str::to_owned).into())
    }
}

/// All of a selector's conditions.
#[derive(Debug, Clone, Default)]
pub(super) struct Terms(Vec<(&'static str, Vec<String>)>);

impl Terms {
    /// Adds a condition, or replaces that of the same key.
    pub(super) fn set(&mut self, key: &'static str, words: Vec<String>) {
        match self.0.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => *known = words,
            None => self.0.push((key, words)),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether all conditions hold.
    pub(super) fn hold(&self, mut holds: impl FnMut(&'static str, &[String]) -> bool) -> bool {
        self.0.iter().all(|(key, words)| holds(key, words))
    }

    pub(super) fn to_map(&self) -> BTreeMap<String, Vec<String>> {
        self.0.iter().map(|(key, words)| ((*key).to_owned(), words.clone())).collect()
    }
}
