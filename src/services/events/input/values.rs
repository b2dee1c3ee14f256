//! The values of a JSON text, each as the text that it is.

use std::borrow::Cow;

use super::path::{Path, Step};

/// The values of a text that is known to be JSON, in the order of their beginnings; of an object, names and values in turn.
pub(super) struct Values<'t> {
    text: &'t str,
    entries: Vec<Entry>,
}

struct Entry {
    start: usize,
    end: usize,
    /// The first entry that does not belong to this value.
    next: usize,
}

impl<'t> Values<'t> {
    /// Goes through the text once. Of a text that is not JSON the values are some texts.
    pub(super) fn of(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let mut entries: Vec<Entry> = Vec::new();
        let mut open = Vec::new();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            let (start, index) = (at, entries.len());
            match byte {
                b'{' | b'[' => {
                    open.push(index);
                    at += 1;
                }
                b'}' | b']' => {
                    at += 1;
                    if let Some(start) = open.pop() {
                        entries[start].end = at;
                        entries[start].next = index;
                    }
                    continue;
                }
                b'"' => at = end_of_string(bytes, at),
                b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' => {
                    at += 1;
                    continue;
                }
                _ => {
                    let is_end = |byte: &u8| {
                        matches!(
                            byte,
                            b',' | b':' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r'
                        )
                    };
                    let rest = &bytes[at..];
                    at += rest.iter().position(is_end).unwrap_or(rest.len());
                }
            }
            entries.push(Entry {
                start,
                end: at,
                next: index + 1,
            });
        }
        Self { text, entries }
    }

    /// The text of what a path finds; of a path with `*`, an array of all that it finds. None if that is nothing.
    pub(super) fn find(&self, path: &Path) -> Option<Cow<'t, str>> {
        let steps = path.steps.as_ref()?;
        let mut found = vec![0];
        for step in steps {
            let mut next = Vec::new();
            for index in found {
                self.step(index, step, &mut next);
            }
            found = next;
        }
        if !steps.contains(&Step::All) {
            return self.value(*found.first()?).map(Cow::Borrowed);
        }
        let texts: Vec<_> = found
            .into_iter()
            .filter_map(|index| self.value(index))
            .collect();
        (!texts.is_empty()).then(|| Cow::Owned(format!("[{}]", texts.join(","))))
    }

    /// The text of a member of the whole.
    pub(super) fn member(&self, name: &str) -> Option<&'t str> {
        self.value(self.member_of(0, name)?)
    }

    /// The names of the whole's members, if it is an object.
    pub(super) fn names(&self) -> Vec<Cow<'t, str>> {
        self.members(0)
            .filter_map(|(name, _)| self.name(name))
            .collect()
    }

    fn step(&self, index: usize, step: &Step, found: &mut Vec<usize>) {
        match step {
            Step::Member(name) => found.extend(self.member_of(index, name)),
            Step::Element(at) => found.extend(self.elements(index).nth(*at)),
            Step::All => {
                found.extend(self.elements(index));
                found.extend(self.members(index).map(|(_, value)| value));
            }
        }
    }

    /// Of members with the same name the last one counts, as in a map.
    fn member_of(&self, index: usize, name: &str) -> Option<usize> {
        let is_named = |&(at, _): &(usize, usize)| self.name(at).is_some_and(|found| found == name);
        self.members(index)
            .filter(is_named)
            .last()
            .map(|(_, value)| value)
    }

    /// The names of an object with their values; none of anything else.
    fn members(&self, index: usize) -> impl Iterator<Item = (usize, usize)> {
        let mut inside = self.inside(index, '{');
        std::iter::from_fn(move || Some((inside.next()?, inside.next()?)))
    }

    /// The values of an array; none of anything else.
    fn elements(&self, index: usize) -> impl Iterator<Item = usize> {
        self.inside(index, '[')
    }

    fn inside(&self, index: usize, bracket: char) -> impl Iterator<Item = usize> {
        let is_it = self
            .value(index)
            .is_some_and(|text| text.starts_with(bracket));
        let end = self
            .entries
            .get(index)
            .filter(|_| is_it)
            .map_or(0, |entry| entry.next);
        let within = move |index: usize| (index < end).then_some(index);
        std::iter::successors(within(index + 1), move |&index| {
            within(self.entries[index].next)
        })
    }

    fn name(&self, index: usize) -> Option<Cow<'t, str>> {
        string(self.value(index)?)
    }

    fn value(&self, index: usize) -> Option<&'t str> {
        let entry = self.entries.get(index)?;
        self.text.get(entry.start..entry.end)
    }
}

/// The byte after a string's closing quote.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// What a JSON text means that is a string. Half a surrogate pair, which our texts cannot hold, leaves it as it is written.
pub(super) fn string(value: &str) -> Option<Cow<'_, str>> {
    let inner = value.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\')
        && let Ok(text) = serde_json::from_str(value)
    {
        return Some(Cow::Owned(text));
    }
    Some(Cow::Borrowed(inner))
}
