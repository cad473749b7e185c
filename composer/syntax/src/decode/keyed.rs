//! Reading collections, which are all keyed by name.

use crate::decode::{Decode, check_unique, wrong_type};
use crate::diagnostic::Diagnostics;
use crate::span::Spanned;
use crate::value::{Value, ValueKind};

/// One entry of a [`Keyed`] map.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<T> {
    /// The key; its span includes the quotes.
    pub key: Spanned<String>,
    /// The value.
    pub value: T,
    /// The value's place.
    pub value_span: crate::Span,
}

/// A map from names to `T`, in the order of the source. No two entries share a key.
#[derive(Clone, Debug, PartialEq)]
pub struct Keyed<T> {
    entries: Vec<Entry<T>>,
    broken: Vec<Spanned<String>>,
}

impl<T> Default for Keyed<T> {
    fn default() -> Self {
        Self { entries: vec![], broken: vec![] }
    }
}

impl<T> Keyed<T> {
    /// The entries, in the order of the source.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry<T>> {
        self.entries.iter()
    }

    /// The entry with the key `name`.
    pub fn get(&self, name: &str) -> Option<&Entry<T>> {
        self.entries.iter().find(|entry| entry.key.value == name)
    }

    /// Whether the source has the key `name`, be its value readable or not. Names that refer to an
    /// unreadable entry are not unknown.
    pub fn mentions(&self, name: &str) -> bool {
        self.keys().any(|key| key == name)
    }

    /// All keys, those of unreadable entries included: the candidates for a nearest name.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let read = self.entries.iter().map(|entry| &entry.key);
        read.chain(&self.broken).map(|key| key.value.as_str())
    }

    /// How many entries could be read.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no entry could be read.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<'a, T> IntoIterator for &'a Keyed<T> {
    type Item = &'a Entry<T>;
    type IntoIter = std::slice::Iter<'a, Entry<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T> IntoIterator for Keyed<T> {
    type Item = Entry<T>;
    type IntoIter = std::vec::IntoIter<Entry<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

/// A map in braces, or `()` for one without entries.
impl<T: Decode> Decode for Keyed<T> {
    fn decode(value: &Value, found: &mut Diagnostics) -> Option<Self> {
        let pairs = match &value.kind {
            ValueKind::Map(pairs) => pairs,
            ValueKind::Tuple { name: None, items } if items.is_empty() => return Some(Self::default()),
            _ => return wrong_type(value, "a map", found),
        };
        let mut map = Self::default();
        let mut keys = Vec::new();
        for pair in pairs {
            let key = Spanned::<String>::decode(&pair.key, found);
            let decoded = T::decode(&pair.value, found);
            let Some(key) = key else { continue };
            keys.push(key.clone());
            if map.mentions(&key.value) {
                continue;
            }
            match decoded {
                Some(value) => map.entries.push(Entry { key, value, value_span: pair.value.span }),
                None => map.broken.push(key),
            }
        }
        let names = keys.iter().map(|key| Spanned::new(key.value.as_str(), key.span));
        check_unique(names, "key", found);
        Some(map)
    }
}
