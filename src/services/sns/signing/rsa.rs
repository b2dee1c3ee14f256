//! RSA, as far as signatures need it: a key, and PKCS #1 v1.5 (RFC 8017).
//!
//! It is written on a big-number library because nothing else serves: of the maintained libraries those in C sign no
//! SHA-1, which SNS's first signature version is, and the one in Rust has an advisory without a patch
//! (RUSTSEC-2023-0071) and is far slower. It leaks by its timing as that one does, which matters to nobody here: the key
//! is thrown away with the process, and protects nothing but the illusion.

use std::iter;

use num_bigint::BigUint;
use rand::Rng;

use super::montgomery::{self, Modulus};

/// A modulus of 2048 bits.
pub(super) const MODULUS_BYTES: usize = 256;

/// The exponent of everybody's public key.
pub(super) const PUBLIC_EXPONENT: u32 = 65_537;

/// Eight primes instead of two ("multi-prime RSA", RFC 8017) make a signature sixteen times cheaper, and verifiers, who
/// know the modulus alone, cannot tell. To find primes of 256 bits takes far longer than a server runs.
const PRIME_BYTES: usize = montgomery::BYTES;
const PRIMES: usize = MODULUS_BYTES / PRIME_BYTES;

/// Each lets three of four composite numbers fail at least, almost all in truth.
const MILLER_RABIN_ROUNDS: usize = 24;

/// A hash function that signatures use, as PKCS #1 names it: the DER of its `DigestInfo` up to the digest.
#[derive(Clone, Copy)]
pub(super) struct DigestPrefix(&'static [u8]);

impl DigestPrefix {
    pub(super) const SHA1: Self =
        Self(b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14");
    pub(super) const SHA256: Self =
        Self(b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20");
}

/// A private key, by its primes.
pub(super) struct PrivateKey {
    modulus: BigUint,
    factors: Vec<Factor>,
}

/// A prime of the modulus, with what the Chinese remainder theorem needs.
struct Factor {
    prime: BigUint,
    arithmetic: Modulus,
    /// The private exponent modulo `prime - 1`.
    exponent: BigUint,
    /// The product of the primes before this one.
    product_before: BigUint,
    /// The inverse of `product_before` modulo `prime`.
    inverse: BigUint,
}

impl PrivateKey {
    /// A new key; takes some ten milliseconds.
    pub(super) fn generate(random: &mut impl Rng) -> Self {
        let mut primes = Vec::with_capacity(PRIMES);
        while primes.len() < PRIMES {
            let prime = generate_prime(random);
            if !primes.contains(&prime) {
                primes.push(prime);
            }
        }
        Self::from_primes(primes)
    }

    /// The key whose modulus is the product of these distinct primes.
    fn from_primes(primes: Vec<BigUint>) -> Self {
        let mut modulus = BigUint::from(1u32);
        let mut factors = Vec::with_capacity(primes.len());
        for prime in primes {
            let exponent = BigUint::from(PUBLIC_EXPONENT).modinv(&(&prime - 1u32));
            let inverse = modulus.modinv(&prime);
            let product = &modulus * &prime;
            factors.push(Factor {
                exponent: exponent.expect("primes are chosen so that it exists"),
                inverse: inverse.expect("the primes are distinct"),
                arithmetic: Modulus::new(&prime),
                product_before: std::mem::replace(&mut modulus, product),
                prime,
            });
        }
        Self { modulus, factors }
    }

    /// The modulus, big-endian.
    pub(super) fn modulus(&self) -> Vec<u8> {
        self.modulus.to_bytes_be()
    }

    /// The signature of a text by its digest.
    pub(super) fn sign(&self, prefix: DigestPrefix, digest: &[u8]) -> [u8; MODULUS_BYTES] {
        let padded = BigUint::from_bytes_be(&pad(prefix, digest));
        let signature = self.root(&padded).to_bytes_be();
        let mut bytes = [0; MODULUS_BYTES];
        bytes[MODULUS_BYTES - signature.len()..].copy_from_slice(&signature);
        bytes
    }

    /// The number whose `PUBLIC_EXPONENT`th power is `power`: its remainder by each prime, put together by Garner's way.
    fn root(&self, power: &BigUint) -> BigUint {
        let zero = BigUint::from(0u32);
        self.factors.iter().fold(zero, |root, factor| {
            let prime = &factor.prime;
            let remainder = factor.arithmetic.power(&(power % prime), &factor.exponent);
            let missing = (remainder + prime - &root % prime) * &factor.inverse % prime;
            root + missing * &factor.product_before
        })
    }
}

/// `EMSA-PKCS1-v1_5`: what is raised to the private exponent.
fn pad(prefix: DigestPrefix, digest: &[u8]) -> [u8; MODULUS_BYTES] {
    let mut padded = [0xff; MODULUS_BYTES];
    padded[..2].copy_from_slice(&[0, 1]);
    let digest_at = MODULUS_BYTES - digest.len();
    let prefix_at = digest_at - prefix.0.len();
    padded[prefix_at - 1] = 0;
    padded[prefix_at..digest_at].copy_from_slice(prefix.0);
    padded[digest_at..].copy_from_slice(digest);
    padded
}

fn generate_prime(random: &mut impl Rng) -> BigUint {
    loop {
        let mut bytes = [0; PRIME_BYTES];
        random.fill_bytes(&mut bytes);
        // With their four highest bits set, the product of the primes has all its bits.
        bytes[0] |= 0b1111_0000;
        bytes[PRIME_BYTES - 1] |= 1;
        let candidate = BigUint::from_bytes_be(&bytes);
        let has_exponent = &candidate % PUBLIC_EXPONENT != BigUint::from(1u32);
        if has_exponent && is_prime(&candidate, random) {
            return candidate;
        }
    }
}

/// Whether an odd number is prime, by Miller and Rabin's test.
fn is_prime(number: &BigUint, random: &mut impl Rng) -> bool {
    let zero = BigUint::from(0u32);
    let has_small_factor = (3u32..500)
        .step_by(2)
        .any(|divisor| number % divisor == zero);
    if has_small_factor {
        return false;
    }
    let minus_one = number - 1u32;
    let twos = minus_one.trailing_zeros().unwrap_or_default();
    let odd = &minus_one >> twos;
    (0..MILLER_RABIN_ROUNDS).all(|_| {
        let mut base = [0; PRIME_BYTES];
        random.fill_bytes(&mut base);
        let base = BigUint::from_bytes_be(&base) % (number - 3u32) + 2u32;
        let first = base.modpow(&odd, number);
        if first == BigUint::from(1u32) {
            return true;
        }
        iter::successors(Some(first), |root| Some(root * root % number))
            .take(usize::try_from(twos).expect("a number has few bits"))
            .any(|root| root == minus_one)
    })
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD as BASE64;
    use rand::SeedableRng;
    use rand::rngs::StdRng;
    use sha1::Sha1;
    use sha2::{Digest, Sha256};

    use super::*;

    // A key, a text, and its signatures as OpenSSL makes and verifies them.
    const PRIMES_HEX: [&str; 8] = [
        "f8695edc9e6cb240635bb46c44d52f3cc7f33b04d9f44841c5b2a313a6dc0603",
        "fd67ce17c9119305705f2ab87d72b2f8ca55a4cbfa97aeb30b14a80615309545",
        "f94d3c533fa0ded4dc1b33669e544293d37c414ac561d18ab69e384219b53cd1",
        "f57fa27b0da71ad068e867d1ad56b42181b4bda60cb52e06177a0b92fb862703",
        "ff3bf5fe66202c80606344474494b9c8432b370aecab15a3e732ffa062830db9",
        "f5c79bbed4923f5333bb8b0cb6ef4bb1da94fe4156defcab5a3ed9a75ad88415",
        "fd35759f9d79419f760952705f6541d750837c4bbd931e7636a43fabafba6419",
        "fc4f723f5a60c12c18ae90bc51ff4a35427c6afba2495ec58b5034a6e6ba041b",
    ];
    const TEXT: &str = "Message\nHello world!\n";
    const SHA1_SIGNATURE: &str = "FWe0m7dZy/v1pZhokQ0DGhbxW8nJBWB5vujYWZNMp/FyjyxQ7v6MvJHVaTXyIRlLYSc30nFuefjFv8o3fpj7Jpn11q659J\
        yFVW+E82P3irEOLUSHB8OtlI0xxaPiuVfSS8cEepwcK+Ip4eRaZby2lnygNupWDWxbkWgBcxnOJvN1EOU1dB5JkTwTQPA0c2XKSJoN3usD0nPG\
        IfiGOtH/OL6VAb6IU7/zHKivO+Ze2CM6YnYVp0PBhtopW0krN9kTLLJkYZb7y9X8rt4jMYmTSdGk+eh4wd+Bd7apVYAElFdGgXIl90dwuxVc8R\
        1o5KSryatBGixD8f93jgcPZG8gqQ==";
    const SHA256_SIGNATURE: &str = "Hg6hfYdUirSZCcYF9itSLDXMGhPBI+EUnxP8mrAUbWjmIv5vNl5mQEMMpIPd2SnKg+dmiR8Ni0u3YfAfeaBJnkt8ENMM/O\
        Rf+hzOkB5O9jQN03l0FQvRTeoyrnb6vQpMcarjiMlzOJeX/L54s36hTu90xR8w6JTbs+eZQb/gUwitLAlEiX0rJG698bRSkHUXv89L5eZ97405\
        FkRZSbQP/lt2suXSoXgreh+qZFwUyJFZouBm99kmXEMkODR8OJ7MNUZ0JA369xbWg8LnFW4DBLfo9MJn8c0U9ZOj3Mx19xyfULIm+fYJdXo1uH\
        3VYlG6RQvWTk0enxdS5fi5Hb00Hg==";

    #[test]
    fn signatures_are_openssls() {
        let key = PrivateKey::from_primes(
            PRIMES_HEX
                .map(|hex| BigUint::parse_bytes(hex.as_bytes(), 16).unwrap())
                .into(),
        );
        let sha1 = key.sign(DigestPrefix::SHA1, &Sha1::digest(TEXT));
        let sha256 = key.sign(DigestPrefix::SHA256, &Sha256::digest(TEXT));
        assert_eq!(BASE64.encode(sha1), SHA1_SIGNATURE);
        assert_eq!(BASE64.encode(sha256), SHA256_SIGNATURE);
    }

    #[test]
    fn new_keys_have_2048_bits_and_eight_primes() {
        let mut random = StdRng::seed_from_u64(1);
        for _ in 0..3 {
            let key = PrivateKey::generate(&mut random);
            assert_eq!(key.modulus.bits(), 2048);
            assert_eq!(key.factors.len(), 8);
        }
    }

    #[test]
    fn a_signature_raised_to_the_public_exponent_is_the_padded_digest() {
        let key = PrivateKey::generate(&mut StdRng::seed_from_u64(2));
        let digest = Sha256::digest(TEXT);
        let signature = BigUint::from_bytes_be(&key.sign(DigestPrefix::SHA256, &digest));
        let power = signature.modpow(&PUBLIC_EXPONENT.into(), &key.modulus);
        assert_eq!(
            power,
            BigUint::from_bytes_be(&pad(DigestPrefix::SHA256, &digest))
        );
    }

    #[test]
    fn primes_are_told_from_composites() {
        let mut random = StdRng::seed_from_u64(3);
        let mersenne = |exponent: u32| (BigUint::from(1u32) << exponent) - 1u32;
        for exponent in [31, 61, 127, 521] {
            assert!(is_prime(&mersenne(exponent), &mut random), "{exponent}");
        }
        // The last two are products of two large primes; 2^67 - 1 is Cole's, 2^101 - 1 Lehmer's.
        for exponent in [11, 33, 67, 101] {
            assert!(!is_prime(&mersenne(exponent), &mut random), "{exponent}");
        }
        // Carmichael numbers without small factors fool Fermat's test, but not this one: (6k+1)(12k+1)(18k+1).
        let k = 1515u64; // 9091 * 18181 * 27271, all prime
        let carmichael = [6, 12, 18].map(|n| BigUint::from(n * k + 1));
        assert!(
            carmichael
                .iter()
                .all(|factor| is_prime(factor, &mut random))
        );
        assert!(!is_prime(&carmichael.iter().product(), &mut random));
    }
}
