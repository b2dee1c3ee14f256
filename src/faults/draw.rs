//! Chance that is the same for the same seed: on every machine and in every version, so that a run can be repeated.

use std::time::Duration;

/// The chances of one thing that a fault matched. It is `SplitMix64`, whose numbers are a function of the seed and their
/// place: there is no state to keep, and a test that repeats its calls repeats the faults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Draw(u64);

/// What the generator adds for each number.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Draw {
    /// The chances of the `number`-th thing.
    pub(super) const fn new(seed: u64, number: u64) -> Self {
        // Seeds that follow each other must not give the same numbers one place further.
        Self(mixed(mixed(seed).wrapping_add(number.wrapping_mul(STEP))))
    }

    /// Other chances, for what follows from these.
    pub(super) const fn next(self) -> Self {
        Self(mixed(self.0.wrapping_add(STEP)))
    }

    /// Whether something happens that is this probable.
    #[expect(clippy::cast_precision_loss, reason = "53 bits, which a double has")]
    pub(super) fn happens(self, probability: f64) -> bool {
        const RANGE: f64 = (1_u64 << 53) as f64;
        ((self.0 >> 11) as f64) < probability * RANGE
    }

    /// A number from one to `most`; zero if that is zero.
    pub(super) fn up_to(self, most: usize) -> usize {
        let most = most as u64;
        let number = self.0.checked_rem(most).map_or(0, |number| number + 1);
        usize::try_from(number).unwrap_or(usize::MAX)
    }

    /// `least`, and up to `jitter` more.
    pub(super) fn between(self, least: Duration, jitter: Duration) -> Duration {
        let jitter = u64::try_from(jitter.as_millis()).unwrap_or(u64::MAX);
        least + Duration::from_millis(self.0 % jitter.saturating_add(1))
    }
}

const fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_much_happens_as_is_probable() {
        for (probability, expected) in [(0.0, 0..=0), (0.2, 1900..=2100), (1.0, 10_000..=10_000)] {
            let happens = |number: &u64| Draw::new(42, *number).happens(probability);
            let count = (1..=10_000).filter(happens).count();
            assert!(expected.contains(&count), "{probability}: {count}");
        }
    }

    #[test]
    fn seeds_differ_and_repeat() {
        let run = |seed| (1..=64).map(move |number| Draw::new(seed, number).happens(0.5));
        assert!(run(1).eq(run(1)));
        assert!(run(1).ne(run(2)));
        assert!(run(1).skip(1).ne(run(2)), "nor is one a part of the other");
    }

    #[test]
    fn ranges_are_kept_and_used() {
        let draws = || (1..=1000).map(|number| Draw::new(7, number));
        let numbers: std::collections::BTreeSet<_> = draws().map(|draw| draw.up_to(3)).collect();
        assert_eq!(Vec::from_iter(numbers), [1, 2, 3]);
        assert_eq!(Draw::new(7, 1).up_to(0), 0);
        let [least, jitter] = [10, 5].map(Duration::from_millis);
        let durations = draws().map(|draw| draw.between(least, jitter).as_millis());
        let durations: std::collections::BTreeSet<_> = durations.collect();
        assert!(durations.into_iter().eq(10..=15));
        assert_eq!(Draw::new(7, 1).between(least, Duration::ZERO), least);
    }
}
