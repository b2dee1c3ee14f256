//! The part of RSA that signatures need: a key, and PKCS #1 v1.5 (RFC 8017).
//!
//! The numbers are `crypto-bigint`'s and the primes `crypto-primes`'. The crate `rsa`, which builds on the same two,
//! takes fourteen times as long for a signature, and the libraries in C do not sign with SHA-1, which SNS's first
//! signature version uses. Its timing may leak the key, which does not matter: the key dies with the process and
//! protects nothing.

use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{NonZero, Odd, Random, U64, U192, U2048};
use crypto_primes::{Flavor, is_prime};
use rand::Rng;

/// A modulus of 2048 bits.
pub(super) const MODULUS_BYTES: usize = 256;

/// The public exponent that everybody uses.
const PUBLIC_EXPONENT: u32 = 65_537;

/// The bits of each prime, which add up to the modulus's. Eleven primes instead of two ("multi-prime RSA", RFC 8017)
/// make a signature far cheaper, as each fits into three digits of 64 bits, and verifiers, who know the modulus alone,
/// cannot tell. To factor the modulus into primes of this size takes far longer than a server runs.
const PRIME_BITS: [u32; 11] = [188, 186, 186, 186, 186, 186, 186, 186, 186, 186, 186];

/// The product of the odd primes up to 53, the most that fit into 64 bits.
const SMALL_PRIMES_PRODUCT: NonZero<U64> =
    NonZero::<U64>::new_unwrap(U64::from_u64(16_294_579_238_595_022_365));

/// The name that PKCS #1 gives a hash function: the DER of its `DigestInfo` up to the digest.
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
    factors: [Factor; PRIME_BITS.len()],
    public_key: Vec<u8>,
}

/// The arithmetic modulo a prime.
type Arithmetic = FixedMontyParams<{ U192::LIMBS }>;

/// One prime's part in the Chinese remainder theorem.
struct Factor {
    arithmetic: Arithmetic,
    /// The private exponent modulo `prime - 1`.
    exponent: U192,
    /// The product of the primes before this one.
    product_before: U2048,
    /// The inverse of `product_before` modulo `prime`.
    inverse: FixedMontyForm<{ U192::LIMBS }>,
}

impl PrivateKey {
    /// A new key; takes some milliseconds.
    pub(super) fn generate(random: &mut impl Rng) -> Self {
        let mut primes = [U192::ZERO; PRIME_BITS.len()];
        for (place, bits) in PRIME_BITS.into_iter().enumerate() {
            while primes[place] == U192::ZERO {
                let prime = generate_prime(bits, random);
                if !primes.contains(&prime) {
                    primes[place] = prime;
                }
            }
        }
        Self::from_primes(&primes)
    }

    /// The key whose modulus is the product of these distinct primes.
    fn from_primes(primes: &[U192; PRIME_BITS.len()]) -> Self {
        let mut modulus = U2048::ONE;
        let factors = primes.each_ref().map(|&prime| {
            let factor = Factor::new(prime, modulus);
            modulus = modulus.wrapping_mul(&prime);
            factor
        });
        Self {
            factors,
            public_key: public_key(&modulus),
        }
    }

    /// The public half: an `RSAPublicKey` of PKCS #1 in DER.
    pub(super) fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    /// Signs a text, given its digest.
    pub(super) fn sign(&self, prefix: DigestPrefix, digest: &[u8]) -> [u8; MODULUS_BYTES] {
        let padded = U2048::from_be_slice(&pad(prefix, digest));
        let mut signature = [0; MODULUS_BYTES];
        signature.copy_from_slice(self.root(&padded).to_be_bytes().as_ref());
        signature
    }

    /// The number whose `PUBLIC_EXPONENT`th power is `power`: its remainders by the primes, combined by Garner's algorithm.
    fn root(&self, power: &U2048) -> U2048 {
        self.factors.iter().fold(U2048::ZERO, |root, factor| {
            let by_prime = remainder(power, &factor.arithmetic).pow_vartime(&factor.exponent);
            let missing = (by_prime - remainder(&root, &factor.arithmetic)) * factor.inverse;
            let missing = factor.product_before.wrapping_mul(&missing.retrieve());
            root.wrapping_add(&missing)
        })
    }
}

impl Factor {
    fn new(prime: U192, product_before: U2048) -> Self {
        let odd = Odd::new(prime).expect("the primes are large");
        let arithmetic = FixedMontyParams::new_vartime(odd);
        let inverse = remainder(&product_before, &arithmetic).invert_vartime();
        Self {
            arithmetic,
            exponent: private_exponent(&prime).expect("primes are chosen so that it exists"),
            product_before,
            inverse: inverse.expect("the primes are distinct"),
        }
    }
}

fn remainder(number: &U2048, arithmetic: &Arithmetic) -> FixedMontyForm<{ U192::LIMBS }> {
    let prime = arithmetic.modulus().as_nz_ref();
    FixedMontyForm::new(&number.rem_vartime(prime), arithmetic)
}

/// The inverse of the public exponent modulo `prime - 1`, where there is one.
fn private_exponent(prime: &U192) -> Option<U192> {
    let order = NonZero::new(prime.wrapping_sub(&U192::ONE)).into_option()?;
    let exponent = U192::from_u32(PUBLIC_EXPONENT);
    exponent.invert_mod(&order).into_option()
}

fn public_key(modulus: &U2048) -> Vec<u8> {
    yasna::construct_der(|der| {
        der.write_sequence(|members| {
            let modulus = modulus.to_be_bytes();
            members.next().write_bigint_bytes(modulus.as_ref(), true);
            members.next().write_u32(PUBLIC_EXPONENT);
        });
    })
}

/// `EMSA-PKCS1-v1_5`: the number that is raised to the private exponent.
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

/// A prime of this many bits for which there is a private exponent.
fn generate_prime(bits: u32, random: &mut impl Rng) -> U192 {
    // With their five highest bits set, the product of eleven primes has all its bits.
    let fixed = (U192::from_u32(0b1_1111) << (bits - 5)) | U192::ONE;
    loop {
        let candidate = (U192::random_from_rng(random) >> (U192::BITS - bits)) | fixed;
        if !has_small_factor(&candidate)
            && is_prime(Flavor::Any, &candidate)
            && private_exponent(&candidate).is_some()
        {
            return candidate;
        }
    }
}

/// Whether an odd number has a factor up to 53: true of seven in ten, which spares them the slow test.
/// The sieve of `crypto-primes` does this too, but with 50 kB of tables.
fn has_small_factor(number: &U192) -> bool {
    let remainder = number.rem_vartime(&SMALL_PRIMES_PRODUCT);
    SMALL_PRIMES_PRODUCT.gcd_vartime(&remainder) != U64::ONE
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD as BASE64;
    use rand::SeedableRng;
    use rand::rngs::StdRng;
    use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
    use sha1::Sha1;
    use sha2::{Digest, Sha256};

    use super::*;

    // A key, a text, and its signatures as OpenSSL makes and verifies them.
    const PRIMES_HEX: [&str; 11] = [
        "0f933ba2e8961770f620171eead6d77f07cd89334da1f093",
        "03e2d2a7424f80fe34a089770e90c0d2190a85315796e8d9",
        "03e2c76ec4daa1c187c516a05db6593e0a335ecdbe462533",
        "03f9012d6279c913a87774ca98eb20cf494cc102becd8611",
        "03f764c97b4df2b9162dc8b128bf50c0ea369ee1144a870d",
        "03e3a0fa730658e65a376454f8812518756a9f0d8ebf1e43",
        "03e92cb27514f040690b1959163fe764ce9fd6b989b321ad",
        "03f8bd31729f5a9f70da0acb3bc12c35aa70969daf9f97b5",
        "03ea5e622513b1361ff486af97cb43c62d5c73cac993b479",
        "03fa16649b28e21768e6fcaebc4d4a1fca555d1ec7135ef1",
        "03f34634a6f384b9f4467bbc25ddae4ea2e875645bdd10e5",
    ];
    const TEXT: &str = "Message\nHello world!\n";
    const SHA1_SIGNATURE: &str = "Q7xvNWNaTrMAY+Y8h58BmT4frqE7wS2gDHluFYcpvcY2ekiDvX0JbIMc12N4JIBDVyeIRv0d5oXXSDFcjE4lm/s/NNm2CGqp+0OY\
        ufnz1Y5nlyVdTjl2yMLT6pEOEMbRH0uTI2x3gYHuR50OWLvDDLqAVq+vAWUzmkuHv+oOiFAxiHEs/7cvB7nu6WmlaLCax5laWjQ08VMv+O6dW6\
        8CRXU9lZxcT4SZ5Wgr/raiEHdsUEPVUherOmkJT5MnRuSlbJG+Xxhv8oLeVxCxXlvaS6v0KsqOAKXAnIKORPulXAH8ndT3Vwq7Ab1mFgrGZE+Y\
        IBk+jQqOBBflufRb4Rc+3g==";
    const SHA256_SIGNATURE: &str = "JgYAK6P5WrUfl4L2YtzvOLO5FO/XOQ3Jx6WPKyQ2Hg9oCx35j4bsJQ9UWUsIyKSFiMpcGYP5VwlWllTJw9qJFpcn3undIT5DKUdu\
        u4dH99Lqn8qR/S7ySj2CZJeZo47K0MOFi/1qDg5Dnt2677MfZbtbdpIhrzxpdtuRtQ19TrrGKMCgaDSMJkLtD8se1FCfbhRS1L35hOKM/pMW4T\
        mDYjGutHDjvFArPICiKtgoPYzg8IzYJDO/ba4WtshLe7Aiia/nsRJgi4lXP3NmSSlhuOFEkRiRMFbCsOzqzJTwFMR5VzkCq0M/sDSxoWNM4PPL\
        uCLk66VTCrC3wIACLCKH/g==";

    #[test]
    fn signatures_are_openssls() {
        let key = PrivateKey::from_primes(&PRIMES_HEX.map(U192::from_be_hex));
        let sha1 = key.sign(DigestPrefix::SHA1, &Sha1::digest(TEXT));
        let sha256 = key.sign(DigestPrefix::SHA256, &Sha256::digest(TEXT));
        assert_eq!(BASE64.encode(sha1), SHA1_SIGNATURE);
        assert_eq!(BASE64.encode(sha256), SHA256_SIGNATURE);
    }

    #[test]
    fn new_keys_have_2048_bits_and_primes_of_their_sizes() {
        let mut random = StdRng::seed_from_u64(1);
        for _ in 0..5 {
            let key = PrivateKey::generate(&mut random);
            let primes = key.factors.each_ref().map(|f| f.arithmetic.modulus());
            assert_eq!(primes.map(|prime| prime.bit_width()), PRIME_BITS);
            // A sequence of 266 bytes, and in it a whole number of 257: 256 that matter and a zero for the sign.
            let opening = [0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00];
            assert!(key.public_key().starts_with(&opening));
        }
    }

    #[test]
    fn signatures_of_new_keys_verify() {
        let mut random = StdRng::seed_from_u64(2);
        for _ in 0..5 {
            let key = PrivateKey::generate(&mut random);
            let signature = key.sign(DigestPrefix::SHA256, &Sha256::digest(TEXT));
            UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public_key())
                .verify(TEXT.as_bytes(), &signature)
                .expect("ring takes it");
        }
    }
}
