//! Sets of faults to start a server with.

use std::str::FromStr;

use serde_json::{Value, json};

use super::definition::Definition;
use crate::names;

const FALLACIES: &str = "fallacies";

/// A set of faults that are there from the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chaos {
    /// What its chances come from.
    pub seed: u64,
}

/// `fallacies`, or `fallacies:SEED`.
impl FromStr for Chaos {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, seed) = match text.split_once(':') {
            Some((name, seed)) => (name, seed.parse().ok()),
            None => (text, Some(0)),
        };
        let seed = seed.ok_or("the seed of fallacies:SEED is a whole number")?;
        if name == FALLACIES {
            return Ok(Self { seed });
        }
        let advice = names::did_you_mean(name, [FALLACIES]);
        Err(format!("it is {FALLACIES} or {FALLACIES}:SEED{advice}"))
    }
}

impl Chaos {
    /// The fallacies: that a message comes once, in order, that calls take no time and are always let through.
    pub(super) fn faults(self) -> Vec<(&'static str, Definition)> {
        // Seeds of their own: what is doubled has nothing to do with what is slow.
        let chance = |number: u64, probability: f64| json!({ "probability": probability, "seed": self.seed.wrapping_add(number) });
        let faults: [(_, Value); 4] = [
            (
                "fallacies-duplicates",
                json!({ "match": chance(0, 0.05), "effect": { "duplicate": true } }),
            ),
            (
                "fallacies-order",
                json!({ "match": chance(1, 0.1), "effect": { "reorder": 5 } }),
            ),
            (
                "fallacies-latency",
                json!({ "match": chance(2, 0.2), "effect": { "latency": "0ms", "jitter": "50ms" } }),
            ),
            (
                "fallacies-throttling",
                json!({ "match": chance(3, 0.01), "effect": { "error": "ThrottlingException" } }),
            ),
        ];
        let faults = faults.into_iter().map(|(name, source)| {
            let definition = Definition::parse(source.to_string().as_bytes());
            (name, definition.expect("a fault of ours is well-formed"))
        });
        faults.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_named_with_its_seed() {
        assert_eq!("fallacies".parse(), Ok(Chaos { seed: 0 }));
        assert_eq!("fallacies:42".parse(), Ok(Chaos { seed: 42 }));
        for (text, advice) in [
            ("falacies", "did you mean fallacies?"),
            ("on", "it is fallacies or fallacies:SEED"),
            ("fallacies:x", "a whole number"),
        ] {
            let refusal = text.parse::<Chaos>().expect_err(text);
            assert!(refusal.contains(advice), "{refusal}");
        }
    }

    #[test]
    fn its_faults_are_well_formed() {
        assert_eq!(Chaos { seed: u64::MAX }.faults().len(), 4);
    }
}
