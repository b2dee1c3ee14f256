//! RSA, as far as signatures need it: a key, and PKCS #1 v1.5 (RFC 8017).
//!
//! It is written on a big-number library because nothing else serves: of the maintained libraries those in C sign no
//! SHA-1, which SNS's first signature version is, and the one in Rust has an advisory without a patch
//! (RUSTSEC-2023-0071) and is far slower. It leaks by its timing as that one does, which matters to nobody here: the key
//! is thrown away with the process, and protects nothing but the illusion.

use std::iter;

use num_bigint::BigUint;
use rand::Rng;

/// A modulus of 2048 bits.
pub(super) const MODULUS_BYTES: usize = 256;

/// The exponent of everybody's public key.
pub(super) const PUBLIC_EXPONENT: u32 = 65_537;

/// Four primes instead of two ("multi-prime RSA", RFC 8017) make a signature four times cheaper, and verifiers, who know
/// the modulus alone, cannot tell. Primes of 512 bits are still far beyond being found.
const PRIMES: usize = 4;
const PRIME_BYTES: usize = MODULUS_BYTES / PRIMES;

/// Enough that a composite number passes for a prime in less than one of 2^100 keys (FIPS 186-4, table C.3).
const MILLER_RABIN_ROUNDS: usize = 8;

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
            let remainder = (power % prime).modpow(&factor.exponent, prime);
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
        // With their three highest bits set, the product of the primes has all its bits.
        bytes[0] |= 0b1110_0000;
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

    // A key, a text and its signatures, all of them OpenSSL's.
    const PRIMES_HEX: [&str; 2] = [
        "f09faac0840c8d094ce32097466b384544dffd17e2b0ef3f8909f761353c5c09110532af9562d2185a0d1148ed59bde8\
         be35888f950eaa2fa504dc38761762067332cc7ba0e249b674f418183bf833252a975a122e48c73374425a4c65bda007\
         50553b4fd6a9eea92321222f27619cfa0a2eb170040051d9480c2177f9826d33",
        "d05f7af9742730fc83c69734e862f3a5cc01bbde70b8acd0992cf23551cf6e75158821e6e7f231fe1d642f788b4e112a\
         484084415693dde1970bde9595a2a9d4482c961f67cb53dc06ffe6d1285cd5163d44b21e8464eb13e1fc3c6385fc8d49\
         0bb5b0e6489c884bd0145f8e78323cb239b219ed2c199c5cc47b759d21f2efd7",
    ];
    const TEXT: &str = "Message\nHello world!\n";
    const SHA1_SIGNATURE: &str = "YjIruPUEEERuLgO4KMCgItKifBFwjB6QXIiF9avsyxd2WZa8mwaSjiI0FeQv3HjD54Kc8WiIYoHnBHAHbEU8\
         RDaMJqgvWuyGkkaWRiMZOHMu9+S0XqDncBA6OFlt0xqUmanJn/77LxOsg1UFDpZdfGaImH3McWdGPW0pZigK/VaOu5nlw/7fFOSVvyD0\
         qniEFAdBjC9K3JStD5Jck2lh/HnCj3n1l17mMJ4760nh7jiOUwiLROQlp0lc5bU9Zo4Y1ape5CfG4vC/DAfWI7LDhMJqqv/fNX+F5Dkl\
         LtzdineQCaFfyT5sUVBl+Tqy4yYm7y0gV3uLVropJ17dHCOBQA==";
    const SHA256_SIGNATURE: &str = "Q4rwnjKqVUsCl0CRCyj+kJdWornRwnvIlQ/C8tyLa+GQnbLWm0d96kisklKrQl9SbGLRIwbGQ0lhMg0Ye/lD\
         LYUjbNgix5Aw31eWafvpUi1/tyOe8kOqHXgZgD304YVcLKDIwAtpCDLZQxM/WeW97UMCDzd1JRgoqz7np1vhdv5/JsfZYlWxVP0GsKW3\
         OFzXOmdHaVQ2gt7wubgpGIJfGkT878OLTv6UWUFaP9Q7yMVn6edmBv6vbqcKvuzsH6oo7Bg9e19FLVlbXbMx0+8ZijhM/FSQJMGIzRss\
         OTo3WEBILX+dXbqkYDvezw5Twx/8ARrOuFEFqb0A0WOl+wdi4Q==";

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
    fn new_keys_have_2048_bits_and_four_primes() {
        let mut random = StdRng::seed_from_u64(1);
        for _ in 0..3 {
            let key = PrivateKey::generate(&mut random);
            assert_eq!(key.modulus.bits(), 2048);
            assert_eq!(key.factors.len(), 4);
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
