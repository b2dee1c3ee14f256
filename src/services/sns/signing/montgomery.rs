//! Powers modulo an odd number of 256 bits, by Montgomery's way: no division, and nothing on the heap.
//!
//! A general big-number library spends most of its time on numbers this small in handling them. A signature is eight such
//! powers and little else, so they are worth a screen of their own.

use num_bigint::BigUint;

const LIMBS: usize = 4;

/// Bytes of the modulus.
pub(super) const BYTES: usize = 8 * LIMBS;

/// A number by its digits of 64 bits, the lowest first.
type Number = [u64; LIMBS];

/// A modulus, with what its arithmetic needs. Numbers are held as their product with 2^256, modulo the modulus.
#[derive(Debug)]
pub(super) struct Modulus {
    value: Number,
    /// What, times the modulus, is -1 modulo 2^64.
    negative_inverse: u64,
    /// How 1 is held.
    one: Number,
    /// 2^512: multiplied by this, a number is as it is held.
    square: Number,
}

impl Modulus {
    /// The arithmetic of an odd `modulus` whose highest bit of 256 is set.
    pub(super) fn new(modulus: &BigUint) -> Self {
        let value = number(modulus);
        // Each step of Newton's doubles the bits that are right, from the three that an odd number itself has.
        let inverse = (0..5).fold(value[0], |inverse, _| {
            inverse.wrapping_mul(2u64.wrapping_sub(value[0].wrapping_mul(inverse)))
        });
        let radix = BigUint::from(1u32) << (8 * BYTES);
        Self {
            value,
            negative_inverse: inverse.wrapping_neg(),
            one: number(&(&radix % modulus)),
            square: number(&(&radix * &radix % modulus)),
        }
    }

    /// `base`, which must be below the modulus, to the power of `exponent`.
    pub(super) fn power(&self, base: &BigUint, exponent: &BigUint) -> BigUint {
        let base = self.multiply(&number(base), &self.square);
        let mut powers = [self.one; 16];
        for exponent in 1..powers.len() {
            powers[exponent] = self.multiply(&powers[exponent - 1], &base);
        }
        let mut result = self.one;
        for byte in exponent.to_bytes_be() {
            for digit in [byte >> 4, byte & 15] {
                for _ in 0..4 {
                    result = self.multiply(&result, &result);
                }
                result = self.multiply(&result, &powers[usize::from(digit)]);
            }
        }
        let bytes = self.multiply(&result, &[1, 0, 0, 0]).map(u64::to_le_bytes);
        BigUint::from_bytes_le(bytes.as_flattened())
    }

    /// The product of two numbers, over 2^256: for each digit of `b`, what is so far is made divisible by 2^64 with a
    /// multiple of the modulus, and divided.
    fn multiply(&self, a: &Number, b: &Number) -> Number {
        let mut sum = [0; LIMBS];
        // The digit above `sum`: one at most, as the sum stays below twice the modulus.
        let mut top = 0;
        for &digit in b {
            let mut carry = 0;
            for (sum, &a) in sum.iter_mut().zip(a) {
                (*sum, carry) = multiply_add(a, digit, *sum, carry);
            }
            let (above, has_carry) = carry.overflowing_add(top);
            let factor = sum[0].wrapping_mul(self.negative_inverse);
            (_, carry) = multiply_add(factor, self.value[0], sum[0], 0);
            for place in 1..LIMBS {
                (sum[place - 1], carry) =
                    multiply_add(factor, self.value[place], sum[place], carry);
            }
            let (highest, has_more) = above.overflowing_add(carry);
            sum[LIMBS - 1] = highest;
            top = u64::from(has_carry) + u64::from(has_more);
        }
        let (less, is_below) = subtract(&sum, &self.value);
        if is_below && top == 0 { sum } else { less }
    }
}

/// `a * b + c + d`, which is never too large for two digits: the lower, the higher.
fn multiply_add(a: u64, b: u64, c: u64, d: u64) -> (u64, u64) {
    let sum = u128::from(a) * u128::from(b) + u128::from(c) + u128::from(d);
    (low(sum), low(sum >> 64))
}

#[expect(clippy::cast_possible_truncation, reason = "the lower digit is wanted")]
fn low(digits: u128) -> u64 {
    digits as u64
}

/// `a - b` modulo 2^256, and whether `a` is the smaller one.
fn subtract(a: &Number, b: &Number) -> (Number, bool) {
    let mut difference = [0; LIMBS];
    let mut borrows = false;
    for ((place, &a), &b) in difference.iter_mut().zip(a).zip(b) {
        let (without, borrows_first) = a.overflowing_sub(b);
        let (value, borrows_again) = without.overflowing_sub(u64::from(borrows));
        *place = value;
        borrows = borrows_first || borrows_again;
    }
    (difference, borrows)
}

fn number(value: &BigUint) -> Number {
    let mut number = [0; LIMBS];
    for (place, digit) in number.iter_mut().zip(value.iter_u64_digits()) {
        *place = digit;
    }
    number
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{Rng, SeedableRng};

    use super::*;

    fn check(modulus: &BigUint, base: &BigUint, exponent: &BigUint) {
        let power = Modulus::new(modulus).power(base, exponent);
        assert_eq!(
            power,
            base.modpow(exponent, modulus),
            "{base} ^ {exponent} % {modulus}"
        );
    }

    #[test]
    fn powers_are_those_of_plain_arithmetic() {
        let mut random = StdRng::seed_from_u64(1);
        let mut draw = || {
            let mut bytes = [0; BYTES];
            random.fill_bytes(&mut bytes);
            BigUint::from_bytes_be(&bytes)
        };
        for _ in 0..200 {
            let mut modulus = draw();
            modulus.set_bit(0, true);
            modulus.set_bit(255, true);
            check(&modulus, &(draw() % &modulus), &draw());
        }
    }

    #[test]
    fn numbers_at_the_edges_are_as_right() {
        let one = BigUint::from(1u32);
        let greatest = (&one << 256) - &one;
        let smallest = (&one << 255) + &one;
        for modulus in [&greatest, &smallest, &(&greatest - 2u32)] {
            let below = modulus - &one;
            for base in [&BigUint::ZERO, &one, &below, &(&below - &one)] {
                for exponent in [&BigUint::ZERO, &one, &BigUint::from(16u32), &below] {
                    check(modulus, base, exponent);
                }
            }
        }
    }
}
