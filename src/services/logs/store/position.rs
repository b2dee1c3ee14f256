//! Where an event stands among those of its group, and the number that stands for it in ids and tokens.

use std::fmt;

/// How many decimal digits an id has, as AWS's have.
const DIGITS: usize = 56;

/// Digits of a limb.
const LIMB_DIGITS: usize = 18;
const LIMB: u128 = 1_000_000_000_000_000_000;

/// The time of an event is its id's part above this many bits: so are AWS's ids, which begin with 3 and a time.
const BITS: [u32; 3] = [48, 48, 48];

/// An event's place: the order of a group's events is that of their times, then that of their arrival.
///
/// Displays as the 56 digits of AWS's event ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    /// Milliseconds since the Unix epoch.
    pub(crate) timestamp: u64,
    /// The number of the event among all that have arrived.
    pub(crate) serial: u64,
}

impl Position {
    /// After every event.
    pub(crate) const END: Self = Self {
        timestamp: u64::MAX,
        serial: u64::MAX,
    };

    /// Before every event of this time.
    pub(crate) const fn at(timestamp: u64) -> Self {
        Self {
            timestamp,
            serial: 0,
        }
    }

    /// Right behind this one.
    pub(crate) const fn next(self) -> Self {
        Self {
            serial: self.serial.saturating_add(1),
            ..self
        }
    }

    /// The position that these digits stand for.
    pub(crate) fn parse(digits: &str) -> Option<Self> {
        // Those of times after 2111 have more.
        let is_long_enough = (DIGITS..=4 * LIMB_DIGITS).contains(&digits.len());
        if !is_long_enough || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut rest = digits;
        let mut limbs = Vec::new();
        while !rest.is_empty() {
            let (start, limb) = rest.split_at(rest.len().saturating_sub(LIMB_DIGITS));
            limbs.push(limb.parse::<u128>().ok()?);
            rest = start;
        }
        let mut low = [0; BITS.len()];
        for (low, bits) in low.iter_mut().zip(BITS) {
            *low = divide(&mut limbs, bits);
        }
        let timestamp = limbs.iter().rev().try_fold(0_u128, |sum, limb| {
            sum.checked_mul(LIMB)?.checked_add(*limb)
        })?;
        let position = Self {
            timestamp: timestamp.try_into().ok()?,
            serial: (low[0] | low[1] << 48 | low[2] << 96).try_into().ok()?,
        };
        // Only as it is written: no further zeros.
        (position.to_string() == digits).then_some(position)
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let timestamp = u128::from(self.timestamp);
        let mut limbs = [timestamp % LIMB, timestamp / LIMB, 0, 0];
        for bits in BITS {
            let mut carry = 0;
            for limb in &mut limbs {
                let product = (*limb << bits) + carry;
                (*limb, carry) = (product % LIMB, product / LIMB);
            }
        }
        let mut carry = u128::from(self.serial);
        for limb in &mut limbs {
            let sum = *limb + carry;
            (*limb, carry) = (sum % LIMB, sum / LIMB);
        }
        let [low, middle, high, top] = limbs;
        write!(f, "{top:02}{high:018}{middle:018}{low:018}")
    }
}

/// Divides a number in limbs, the lowest first, by a power of two; returns what is left over.
fn divide(limbs: &mut [u128], bits: u32) -> u128 {
    let mut over = 0;
    for limb in limbs.iter_mut().rev() {
        let value = over * LIMB + *limb;
        (*limb, over) = (value >> bits, value & ((1 << bits) - 1));
    }
    over
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_56_digits_that_say_where_the_event_stands() {
        // 2024-05-06T07:08:09Z in milliseconds, times two to the power of 144: as AWS's ids of that day begin.
        let position = Position {
            timestamp: 1_714_979_289_000,
            serial: 7,
        };
        let id = position.to_string();
        assert_eq!(
            id,
            "38245316144746211919997872491330795162541263079604224007"
        );
        assert_eq!(Position::parse(&id), Some(position));
        for (timestamp, serial) in [(0, 0), (0, u64::MAX), (1_767_323_045_678, 1 << 60)] {
            let position = Position { timestamp, serial };
            let id = position.to_string();
            assert_eq!(id.len(), 56);
            assert_eq!(Position::parse(&id), Some(position));
        }
    }

    #[test]
    fn later_times_have_more_digits() {
        for timestamp in [4_480_000_000_000, 1_767_323_045_678_000, u64::MAX] {
            let position = Position {
                timestamp,
                serial: u64::MAX,
            };
            assert_eq!(Position::parse(&position.to_string()), Some(position));
        }
    }

    #[test]
    fn other_texts_are_none() {
        let nines = "9".repeat(56);
        for other in ["", "1", "x", &"0".repeat(57), &"-".repeat(56), &nines] {
            assert_eq!(Position::parse(other), None, "{other}");
        }
    }
}
