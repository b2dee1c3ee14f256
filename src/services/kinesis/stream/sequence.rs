//! Sequence numbers: 47 hexadecimal digits, written in decimal.
//!
//! | Digits | Meaning |
//! |---|---|
//! | 0 | 2 |
//! | 1–9 | when the shard was created, in seconds |
//! | 10 | the last digit of the shard's number |
//! | 11–26 | the index of the record in the shard |
//! | 27–28 | 0 |
//! | 29–37 | when the record arrived, in seconds |
//! | 38–45 | the shard's number |
//! | 46 | 2, the version |

use std::fmt;

/// The first digit of every number.
const FIRST: u64 = 2;

/// The last digit: the version of this layout.
const VERSION: u128 = 2;

/// Bits of a moment in seconds.
const SECONDS: u32 = 36;

/// What decimal digits are read and written by: the largest power of ten below 2^64, and its digits.
const GROUP: (u64, usize) = (10_000_000_000_000_000_000, 19);

/// The position of a record in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// When its shard was created, in seconds.
    pub created: u64,
    /// Its shard.
    pub shard: u32,
    /// Its place in the shard. Records count from one; zero is the start of the shard.
    pub index: u64,
    /// When it arrived, in seconds.
    pub arrived: u64,
}

impl Sequence {
    /// The index at which a closed shard ends.
    pub const END: u64 = 0x7fff_ffff_ffff_ffff;

    /// The position that `text` names.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut limbs = [0; 3];
        for digits in text.as_bytes().chunks(GROUP.1) {
            let digits = std::str::from_utf8(digits).ok()?;
            let power = u32::try_from(digits.len()).ok()?;
            multiply_add(&mut limbs, 10u64.pow(power), digits.parse().ok()?)?;
        }
        let [high, middle, low] = limbs;
        Self::of_bits(high, u128::from(middle) << 64 | u128::from(low))
    }

    fn of_bits(high: u64, low: u128) -> Option<Self> {
        let bits = |shift: u32, count: u32| low >> shift & ((1 << count) - 1);
        let shard = u32::try_from(bits(4, 32)).ok()?;
        let index = (high & 0xffff) << 48 | u64::try_from(low >> 80).ok()?;
        let sequence = Self {
            created: high >> 20 & ((1 << SECONDS) - 1),
            shard,
            index,
            arrived: u64::try_from(bits(36, SECONDS)).ok()?,
        };
        // Whatever else there is must be as it is written.
        (index <= Self::END && sequence.bits() == (high, low)).then_some(sequence)
    }

    /// The upper 60 bits and the lower 128.
    fn bits(&self) -> (u64, u128) {
        let seconds = |moment: u64| moment & ((1 << SECONDS) - 1);
        let high = FIRST << 56
            | seconds(self.created) << 20
            | u64::from(self.shard & 0xf) << 16
            | self.index >> 48;
        let low = u128::from(self.index) << 80
            | u128::from(seconds(self.arrived)) << 36
            | u128::from(self.shard) << 4
            | VERSION;
        (high, low)
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (high, low) = self.bits();
        let mut limbs = [high, half(low >> 64), half(low)];
        let [low, middle, high] = [(); 3].map(|()| divide(&mut limbs));
        write!(f, "{high}{middle:019}{low:019}")
    }
}

/// The lower half of a number.
fn half(number: u128) -> u64 {
    u64::try_from(number & u128::from(u64::MAX)).expect("it is masked")
}

/// Multiplies a number, the most significant limb of which comes first, and adds to it; `None` if that is too large.
fn multiply_add(limbs: &mut [u64; 3], factor: u64, summand: u64) -> Option<()> {
    let mut carry = summand;
    for limb in limbs.iter_mut().rev() {
        let product = u128::from(*limb) * u128::from(factor) + u128::from(carry);
        *limb = half(product);
        carry = half(product >> 64);
    }
    (carry == 0).then_some(())
}

/// Divides a number by ten to the power of nineteen, and returns the remainder.
fn divide(limbs: &mut [u64; 3]) -> u64 {
    let mut remainder = 0;
    for limb in limbs {
        let dividend = u128::from(remainder) << 64 | u128::from(*limb);
        let divisor = u128::from(GROUP.0);
        *limb = half(dividend / divisor);
        remainder = half(dividend % divisor);
    }
    remainder
}
