//! How much the wildcards of one field cost AWS's matcher, as EventBridge measures it: the largest number of their
//! beginnings that one text can fit at the same time.
//!
//! The beginnings of a wildcard are its first byte, its first two, and so on; the quotes around it are bytes too. A
//! beginning that ends with a star fits however the text goes on.

use std::collections::{BTreeMap, HashSet, VecDeque};

use super::condition::{Condition, Exclusion, Wildcard};

/// The steps that are taken to find the score of a field, some ten nanoseconds each. What is found by then counts: wildcards
/// for which this is not enough cost no more to match here than others do.
const MOST_STEPS: usize = 1_000_000;

/// Whether a field's wildcards cost more than a limit.
pub(super) fn exceeds(conditions: &[Condition], limit: usize) -> bool {
    let mut beginnings = Beginnings::default();
    for condition in conditions {
        match condition {
            Condition::Wildcard(wildcard) => beginnings.add(std::slice::from_ref(wildcard)),
            Condition::AnythingBut(Exclusion::Wildcards(wildcards)) => beginnings.add(wildcards),
            _ => {}
        }
    }
    beginnings.score(limit + 1) > limit
}

/// The beginnings of wildcards: a tree for each condition.
#[derive(Default)]
struct Beginnings {
    nodes: Vec<Beginning>,
    /// The empty ones, which do not count.
    roots: Vec<usize>,
}

/// One beginning, and those that are longer by a byte or a star.
#[derive(Default)]
struct Beginning {
    is_star: bool,
    bytes: BTreeMap<u8, usize>,
    star: Option<usize>,
}

impl Beginnings {
    fn add(&mut self, wildcards: &[Wildcard]) {
        let root = self.push(false);
        self.roots.push(root);
        for wildcard in wildcards {
            let mut node = self.byte(root, b'"');
            for (place, part) in wildcard.parts().iter().enumerate() {
                if place > 0 {
                    node = self.star(node);
                }
                node = part.bytes().fold(node, |node, byte| self.byte(node, byte));
            }
            self.byte(node, b'"');
        }
    }

    fn push(&mut self, is_star: bool) -> usize {
        self.nodes.push(Beginning {
            is_star,
            ..Beginning::default()
        });
        self.nodes.len() - 1
    }

    fn byte(&mut self, node: usize, byte: u8) -> usize {
        if let Some(&next) = self.nodes[node].bytes.get(&byte) {
            return next;
        }
        let next = self.push(false);
        self.nodes[node].bytes.insert(byte, next);
        next
    }

    fn star(&mut self, node: usize) -> usize {
        if let Some(next) = self.nodes[node].star {
            return next;
        }
        let next = self.push(true);
        self.nodes[node].star = Some(next);
        next
    }

    /// The largest number of beginnings that a text fits; no more than `enough` are looked for.
    fn score(&self, enough: usize) -> usize {
        let mut most = 0;
        let mut steps = 0;
        let mut seen = HashSet::new();
        let mut waiting = VecDeque::from([self.roots.clone()]);
        while let Some(fitting) = waiting.pop_front() {
            for next in self.after_each_byte(&fitting) {
                most = most.max(next.len());
                steps += next.len();
                if most >= enough || steps > MOST_STEPS {
                    return most;
                }
                if !seen.contains(&next) {
                    seen.insert(next.clone());
                    waiting.push_back(next);
                }
            }
        }
        most
    }

    /// The beginnings that fit when a text goes on, for each byte that any of those that fit now waits for: any other byte
    /// only leaves those that end with a star.
    fn after_each_byte(&self, fitting: &[usize]) -> impl Iterator<Item = Vec<usize>> {
        let mut by_byte: BTreeMap<u8, Vec<usize>> = BTreeMap::new();
        for &node in fitting {
            for (&byte, &next) in &self.nodes[node].bytes {
                let nodes = by_byte.entry(byte).or_default();
                nodes.push(next);
                nodes.extend(self.nodes[next].star);
            }
        }
        let is_star = |node: &usize| self.nodes[*node].is_star;
        let stars: Vec<usize> = fitting.iter().copied().filter(is_star).collect();
        by_byte.into_values().map(move |mut nodes| {
            nodes.extend(&stars);
            nodes.sort_unstable();
            nodes.dedup();
            nodes
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(wildcards: &[&str]) -> usize {
        let mut beginnings = Beginnings::default();
        for wildcard in wildcards {
            beginnings.add(&[Wildcard::parse(wildcard).unwrap()]);
        }
        beginnings.score(usize::MAX)
    }

    #[test]
    fn scores_are_those_of_the_published_matcher() {
        for (wildcard, expected) in [
            ("a*", 2),
            ("*a", 2),
            ("a*b*c", 3),
            ("*a*a", 4),
            ("arn:aws:*:*:*:*", 7),
            ("/Users/*/dir/dir/dir/dir/dir/doc.txt", 7),
            ("*a*a*a*a*a", 10),
            ("*:*:*:*:*:event-bus/*", 11),
            ("*a*a*a*a*a*a", 12),
            ("*aaaaaaaaaaaaaaaa", 17),
        ] {
            assert_eq!(score(&[wildcard]), expected, "{wildcard}");
        }
    }

    #[test]
    fn wildcards_of_one_field_add_up() {
        assert_eq!(score(&[]), 0);
        assert_eq!(score(&["a"]), 1);
        assert_eq!(score(&["a*", "b*"]), 2);
        assert_eq!(score(&["a*", "a*"]), 4);
        assert_eq!(score(&["*a", "*b"]), 4);
        let mut list = Beginnings::default();
        let listed = ["a*b", "a*c"].map(|text| Wildcard::parse(text).unwrap());
        list.add(&listed);
        assert_eq!(list.score(usize::MAX), 2);
    }

    #[test]
    fn the_search_has_an_end() {
        let wildcards: Vec<_> = (1..200)
            .map(|number| format!("{number}*{}*x", "ab".repeat(number)))
            .collect();
        let wildcards: Vec<_> = wildcards.iter().map(String::as_str).collect();
        assert!(score(&wildcards) > 100);
    }
}
